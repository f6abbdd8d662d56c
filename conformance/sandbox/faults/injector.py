"""Puts faults into the answers of a sandbox, as a defective API would give them."""

from __future__ import annotations

import copy
from collections import deque
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import Any, Final

import msgspec
from graphql import DocumentNode, FieldNode, GraphQLError, OperationDefinitionNode, parse

from conformance.contract.load import load_contract
from conformance.sandbox.faults.model import Fault, Seen, SeenEvents
from conformance.traffic.model import Headers, HttpResponse

MAX_EARLIER: Final = 50
MAX_EARLIER_EVENTS: Final = 200


@dataclass
class Injector:
    """Alters what leaves the sandbox. `every`: of the places that a fault could alter, each n-th is altered."""

    faults: tuple[Fault, ...] = ()
    seed: int = 0
    every: int = 1
    _earlier: deque[Seen] = field(default_factory=lambda: deque(maxlen=MAX_EARLIER))
    _events: deque[Any] = field(default_factory=lambda: deque(maxlen=MAX_EARLIER_EVENTS))
    _count: int = 0

    def answer(self, version: str, request_body: bytes, response: HttpResponse) -> HttpResponse:
        """The answer with the faults in it."""
        if not self.faults:
            return response
        seen = see(version, request_body, response)
        if seen is None:
            return response
        self._count += 1
        seen.random = Random(self.seed * 1_000_003 + self._count)
        seen.earlier = tuple(self._earlier)
        if self._count % self.every == 0:
            for fault in self.faults:
                if fault.may_alter(seen) and fault.alter is not None:
                    fault.alter(seen)
        self._earlier.append(seen)
        return sent(seen)

    def events(self, version: str, events: list[Any]) -> list[Any]:
        """The events with the faults in them."""
        if not self.faults or not events:
            return events
        seen = SeenEvents(
            version,
            load_contract(version),
            copy.deepcopy(events),
            Random(self.seed * 1_000_003 + self._count),
            tuple(self._events),
            tuple(self._earlier),
        )
        for fault in self.faults:
            if fault.alter_events is not None and (not fault.versions or version in fault.versions):
                fault.alter_events(seen)
        self._events.extend(seen.events)
        return seen.events


def see(version: str, request_body: bytes, response: HttpResponse) -> Seen | None:
    """An exchange as faults see it; None when its request or its answer is no JSON object."""
    try:
        asked, body = msgspec.json.decode(request_body), msgspec.json.decode(response.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if not isinstance(asked, dict) or not isinstance(body, dict):
        return None
    document, operation, key = _document(str(asked.get("query") or ""), str(asked.get("operationName") or ""))
    variables = asked.get("variables")
    return Seen(
        version,
        load_contract(version),
        operation,
        key,
        document,
        variables if isinstance(variables, dict) else {},
        response.status,
        response.headers,
        body,
        Random(0),
    )


def sent(seen: Seen) -> HttpResponse:
    """What goes out."""
    raw = seen.raw if seen.raw is not None else msgspec.json.encode(seen.body)
    headers: Headers = tuple(each for each in seen.headers if each[0].lower() != "content-length")
    return HttpResponse(seen.status, headers, raw)


@lru_cache(maxsize=1024)
def _document(query: str, name: str) -> tuple[DocumentNode | None, str, str]:
    """The document with the meant operation first, its first root field, and the key of that."""
    try:
        document: DocumentNode | None = parse(query, max_tokens=10_000)
    except (GraphQLError, RecursionError):
        document = None
    operations = (
        [each for each in document.definitions if isinstance(each, OperationDefinitionNode)] if document else []
    )
    meant = next((each for each in operations if each.name and each.name.value == name), None)
    meant = meant or (operations[0] if operations else None)
    if document is None or meant is None:
        return None, "", ""
    rest = tuple(each for each in document.definitions if not isinstance(each, OperationDefinitionNode))
    field_ = next((each for each in meant.selection_set.selections if isinstance(each, FieldNode)), None)
    operation = field_.name.value if field_ else ""
    key = field_.alias.value if field_ and field_.alias else operation
    return DocumentNode(definitions=(meant, *rest)), operation, key
