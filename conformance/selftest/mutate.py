"""Makes mutants: one defect in one place of recorded traffic, and what the suite says about it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from random import Random
from typing import Any, Final

import msgspec

from conformance.sandbox.faults.injector import see, sent
from conformance.sandbox.faults.model import Fault, Seen, SeenEvents
from conformance.selftest.clients import ClientFault, Sending
from conformance.selftest.evidence import offers
from conformance.selftest.judging import judge_items, mark_of
from conformance.selftest.model import Mutant, Recorded
from conformance.traffic.model import Event, Exchange, HttpRequest

MAX_TRIES: Final = 60
"""So often the places that one fault has are tried again before it counts as having no more mutants."""

_REMEMBERED: Final = 8192


def mutants(
    fault: Fault | ClientFault, traffic: Sequence[Recorded], *, wanted: int, seed: int = 0
) -> tuple[Mutant, ...]:
    """Up to `wanted` different mutants with this defect, each judged. The same seed makes the same ones."""
    random = Random(f"{seed}:{fault.name}")
    places = [(recorded, index) for recorded in traffic for index in range(len(recorded.items))]
    random.shuffle(places)
    made: list[Mutant] = []
    known: set[bytes] = set()
    fruitful: list[tuple[Recorded, int]] = []
    for number, (recorded, index) in enumerate(_rounds(places, fruitful)):
        if len(made) >= wanted or number >= len(places) + MAX_TRIES:
            break
        if not _concerns(fault, recorded, index):
            continue
        items = alter(fault, recorded, index, Random(f"{seed}:{fault.name}:{number}"))
        if items is None:
            continue
        if number < len(places):
            fruitful.append((recorded, index))
        digest = _bytes(items)
        if digest in known:
            continue
        known.add(digest)
        found = _new_rules(recorded, items)
        place = f"item {index}"
        made.append(Mutant(fault.rule, fault.name, recorded.case.id, place, number, fault.rule in found, found))
    return tuple(made)


def alter(
    fault: Fault | ClientFault, recorded: Recorded, index: int, random: Random
) -> tuple[Exchange | Event, ...] | None:
    """The traffic with the defect in one item; None when that item offers no place for it."""
    if not _concerns(fault, recorded, index):
        return None
    item = recorded.items[index]
    before, after = recorded.items[:index], recorded.items[index + 1 :]
    if isinstance(item, Event):
        if isinstance(fault, ClientFault) or not offers(fault.rule, recorded, index):
            return None
        events = _altered_events(fault, recorded, item, before, random)
        return None if events is None else (*before, *events, *after)
    if isinstance(fault, ClientFault):
        changed = _altered_request(fault, recorded, item, before, random)
        return None if changed is None else (*before, replace(item, request=changed), *after)
    seen = see(recorded.case.version, item.request.body, item.response)
    if seen is None or fault.alter is None:
        return None
    seen.random, seen.earlier = random, _seen_before(recorded, before)
    return (*before, replace(item, response=sent(seen)), *after) if fault.alter(seen) else None


def _concerns(fault: Fault | ClientFault, recorded: Recorded, index: int) -> bool:
    """May an item offer a place for the fault, as far as its operation and its version tell?"""
    item, version = recorded.items[index], recorded.case.version
    if fault.versions and version not in fault.versions:
        return False
    if isinstance(item, Event):
        return not isinstance(fault, ClientFault) and fault.alter_events is not None
    seen = _as_recorded(version, item)
    if seen is None:
        return False
    if isinstance(fault, ClientFault):
        return not fault.operations or seen.operation in fault.operations
    return fault.may_alter(seen)


@lru_cache(maxsize=_REMEMBERED)
def _as_recorded(version: str, item: Exchange) -> Seen | None:
    """An exchange as it was recorded, to look at: what a fault alters is read anew."""
    return see(version, item.request.body, item.response)


def _seen_before(recorded: Recorded, before: Sequence[Exchange | Event]) -> tuple[Seen, ...]:
    version = recorded.case.version
    earlier = (_as_recorded(version, each) for each in before if isinstance(each, Exchange))
    return tuple(each for each in earlier if each is not None)


def _altered_request(
    fault: ClientFault, recorded: Recorded, item: Exchange, before: Sequence[Exchange | Event], random: Random
) -> HttpRequest | None:
    request, case = item.request, recorded.case
    seen = _as_recorded(case.version, item)
    if seen is None:
        return None
    earlier = [
        (json.loads(each.request.body), json.loads(each.response.body)) for each in before if isinstance(each, Exchange)
    ]
    after = recorded.items[len(before) + 1 :]
    sending = Sending(
        case.version,
        case.contract,
        seen.operation,
        request.method,
        request.url,
        request.headers,
        json.loads(request.body),
        random,
        earlier=earlier,
        later=[json.loads(each.request.body) for each in after if isinstance(each, Exchange)],
    )
    if not fault.may_alter(sending) or not fault.alter(sending):
        return None
    body = sending.raw if sending.raw is not None else json.dumps(sending.body, ensure_ascii=False).encode()
    return HttpRequest(sending.method, sending.url, sending.headers, body)


def _altered_events(
    fault: Fault, recorded: Recorded, item: Event, before: Sequence[Exchange | Event], random: Random
) -> tuple[Event, ...] | None:
    if fault.alter_events is None or (fault.versions and recorded.case.version not in fault.versions):
        return None
    earlier = [json.loads(each.body) for each in before if isinstance(each, Event)]
    exchanges = _seen_before(recorded, before)
    body = [json.loads(item.body)]
    seen = SeenEvents(recorded.case.version, recorded.case.contract, body, random, earlier, exchanges)
    if not fault.alter_events(seen):
        return None
    return tuple(
        replace(item, body=each if isinstance(each, bytes) else msgspec.json.encode(each)) for each in seen.events
    )


def _rounds(offers: list[tuple[Recorded, int]], fruitful: list[tuple[Recorded, int]]) -> Iterator[tuple[Recorded, int]]:
    """Every offer once, then again and again those that had a place: it may hold several mutants."""
    yield from offers
    while fruitful:
        yield from tuple(fruitful)


def _bytes(items: Sequence[Exchange | Event]) -> bytes:
    parts: list[Any] = []
    for item in items:
        if isinstance(item, Event):
            parts.append(item.body)
        else:
            request, response = item.request, item.response
            head = repr((request.method, request.url, request.headers, response.status, response.headers))
            parts += [head.encode(), request.body, response.body]
    return b"\x00".join(parts)


def _new_rules(recorded: Recorded, items: Sequence[Exchange | Event]) -> tuple[str, ...]:
    """The rules that found something which they did not find in the traffic without the defect."""
    found = Counter(
        mark_of(finding)
        for finding in judge_items(items, recorded.case.contract, is_complete=recorded.is_complete, like=recorded.items)
    )
    return tuple(dict.fromkeys(rule for rule, *_ in found - Counter(recorded.known)))
