"""Holds exchanges of a recording against those before them, in memory that does not grow with the recording.

A recording is no scenario: it may begin late, miss exchanges, mix shops and shoppers, and hold answers in another order
than they were given. So the rules across exchanges see only what belongs to the same order, preview or task of the same
endpoint, shop and version, and what was certainly over before; and rules that would take silence for evidence are left
to `run`.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final

import msgspec

from conformance.base.canonical import canonical_json
from conformance.contract.model import Contract
from conformance.engine.asked import Asked, ask
from conformance.findings.model import Finding
from conformance.rules.catalogue import RULES
from conformance.rules.judge import judge_case
from conformance.rules.memory import ANSWER_IDS, order_view
from conformance.rules.model import BusinessRule, RuleCase, Scope
from conformance.rules.order_requests import order_names
from conformance.rules.prepared import PreparedAnswer
from conformance.rules.values import alias_rows, at, instant, text
from conformance.traffic.model import Exchange, Headers, HttpRequest, header

_CERTAIN: Final = """
    FLW-002 FLW-003 FLW-004 FLW-005 FLW-007 FLW-008 FLW-009 FLW-010 FLW-011 FLW-012 FLW-013 FLW-014 FLW-015 FLW-016
    FLW-017 FLW-018 FLW-020 FLW-021 FLW-022 FLW-024 FLW-026 FLW-027 FLW-028 FLW-029 FLW-034 FLW-035 FLW-037
    FLW-056 FLW-057 FLW-058 FLW-059
"""
CERTAIN: Final = frozenset(_CERTAIN.split())
"""Rules across exchanges that what a recording shows is enough for."""

UNCERTAIN: Final[Mapping[str, str]] = MappingProxyType(
    {
        "FLW-001": "the preview may be older than the recording",
        "FLW-006": "a token may have been renewed, or hidden by who recorded it",
        "FLW-019": "the package may have moved on unseen",
        "FLW-023": "the link may be older than the recording",
        "FLW-025": "another client may have given the refund another alias",
        "FLW-030": "another client may have updated the refund",
        "FLW-031": "another client may have updated the return",
        "FLW-032": "the request may have been taken back unseen",
        "FLW-033": "another client may have updated the order",
        "FLW-036": "the return package may have moved on unseen",
        "FLW-038": "a token may have been hidden by who recorded it",
        "FLW-039": "the offer may have been answered unseen",
        "FLW-054": "the request to start may be missing",
        "FLW-055": "what became of the shopper's orders may be missing",
        "SUB-011": "the first subscription may have been deleted unseen",
    }
)
"""Rules across exchanges that only `run` judges, and why a recording is no evidence for them."""

FLOW_RULES: Final = tuple(rule for rule in RULES if rule.scope is Scope.FLOW and rule.id in CERTAIN)

_TASKS: Final = frozenset(("personalDataRetrievalTask", "personalDataDeletionTask", "catalogFeed", "reportTask"))
_STARTS: Final = frozenset(("startPersonalDataRetrievalTask", "startPersonalDataDeletionTask"))
_CONCERNED: Final = frozenset(ANSWER_IDS) | _TASKS | _STARTS
_TOKEN_LIFE: Final = datetime.timedelta(hours=8)


class CleanAnswer(msgspec.Struct, gc=False):
    """A decoded answer, and what decoded it."""

    prepared: PreparedAnswer
    decoded: Any


class _Seen(msgspec.Struct, gc=False):
    """An exchange that others may be held against, and the one before it about the same thing.

    It holds bytes, and is read when another exchange about the thing comes, which most never meet. `size` counts the
    bytes of all before it too, `length` the exchanges.
    """

    number: int
    contract: Contract
    request: HttpRequest
    body: bytes
    index: int
    started_at: str
    elapsed_ms: float
    before: _Seen | None = None
    size: int = 0
    length: int = 1
    known: RuleCase | None = None
    course: object = None
    prepared: PreparedAnswer | None = None

    @property
    def case(self) -> RuleCase:
        """What the rules see of it."""
        if self.known is None:
            self.known = ask(self.request, self.contract).answered(self.body)[self.index]
        return self.known

    @property
    def placed(self) -> RuleCase:
        """As `case`, with the places of the values in the request, which findings tell."""
        return ask(self.request, self.contract).placed_answers(self.body)[self.index]

    def history(self) -> Iterator[_Seen]:
        """The exchanges about the thing, the latest first."""
        one: _Seen | None = self
        while one is not None:
            yield one
            one = one.before


class FlowMemory:
    """What the exchanges of one recording have shown so far. The longest unseen goes first when there is no room.

    `max_things` orders, previews and tasks, `max_bytes` of requests and answers, `max_history` exchanges about each.
    """

    def __init__(self, *, max_things: int = 4096, max_bytes: int = 16_000_000, max_history: int = 8) -> None:
        self._max_things = max_things
        self._max_bytes = max_bytes
        self._max_history = max_history
        self._things: dict[str, _Seen] = {}
        self._aliases: dict[str, str] = {}
        self._bytes = 0
        self._number = 0

    def judge(self, exchange: Exchange, asked: Asked, clean: CleanAnswer | None = None) -> tuple[Finding, ...]:
        """What an exchange shows together with those before it; it is remembered for those after it.

        `clean` is its answer where that was decoded already.
        """
        findings: tuple[Finding, ...] = ()
        for index, case in enumerate(asked.cases):
            if case.operation in _CONCERNED:
                self._number += 1
                seen = _Seen(
                    self._number,
                    case.contract,
                    exchange.request,
                    exchange.response.body,
                    index,
                    exchange.started_at,
                    exchange.elapsed_ms or 0.0,
                )
                if clean is not None:
                    seen.prepared = clean.prepared
                findings += self._judge(seen, case, clean)
        return findings

    def _judge(self, seen: _Seen, request: RuleCase, clean: CleanAnswer | None) -> tuple[Finding, ...]:
        operation, things = request.operation, self._things
        answer_id = clean.prepared.answer_id(clean.decoded) if clean is not None else None
        is_read = answer_id is not None
        if not is_read and operation in ANSWER_IDS:
            answer_id = _answered_id(seen.case)
        scope, shop = _scope(seen)
        key, others = self._keys(scope, shop, request, text(answer_id))
        last = things.get(key)
        if last is not None:
            if operation == "createOrder" and answer_id:
                self._forget(key)  # an id that is given again begins another life
                last = None
            elif all(other == key for other in others) and _shows_the_same(last, seen, clean):
                things[key] = things.pop(key)
                return ()
        findings: tuple[Finding, ...] = ()
        if last is not None or others:
            found = (last, *(things.get(other) for other in others if other != key))
            known = [one for thing in found if thing is not None for one in thing.history()]
            findings = _against(seen, known) if known else ()
        if key and (is_read or ((answer_id or operation not in ANSWER_IDS) and seen.case.accepted)):
            self._remember(key, seen, last)
            if shop and operation == "createOrder":
                for alias in _alias_keys(scope, request):
                    self._aliases.pop(alias, None)
                    self._aliases[alias] = key
        return findings

    def _keys(self, scope: str, shop: str, case: RuleCase, answer_id: str) -> tuple[str, list[str]]:
        """Under what an exchange is remembered, and what else it may be held against. Empty: under nothing."""
        operation = case.operation
        if operation in _TASKS:
            task = text(case.arguments.get("taskId")) or text(case.arguments.get("catalogFeedId"))
            return (f"{scope}\n{operation}\n{canonical_json(case.arguments)}" if task else ""), []
        if operation in _STARTS:
            token = text(at(case.arguments, "input", "clientToken", "token"))
            return (f"{scope}\n{operation}\n{token}" if token else ""), []
        if operation == "deliveryPreview":
            return (f"{scope}\npreview\n{answer_id}" if answer_id else ""), []
        others: list[str] = []
        if operation == "createOrder":
            others = [f"{scope}\npreview\n{name}" for name in _named_previews(case)]
        if shop:
            others += [self._aliases[alias] for alias in _alias_keys(scope, case) if alias in self._aliases]
        name = answer_id or _named_id(case)
        return (f"{scope}\norder\n{name}" if name else ""), others

    def _remember(self, key: str, seen: _Seen, last: _Seen | None) -> None:
        things = self._things
        own = len(seen.request.body) + len(seen.body)
        seen.size = own
        if last is not None:
            del things[key]
            seen.before, seen.size, seen.length = last, last.size + own, last.length + 1
            if seen.length > self._max_history:
                _shorten(seen)
            self._bytes -= last.size
        things[key] = seen
        self._bytes += seen.size
        while len(things) > self._max_things or (self._bytes > self._max_bytes and len(things) > 1):
            self._forget(next(iter(things)))
        while len(self._aliases) > self._max_things:
            del self._aliases[next(iter(self._aliases))]

    def _forget(self, key: str) -> None:
        self._bytes -= self._things.pop(key).size


def _shorten(seen: _Seen) -> None:
    """Drops the second exchange: the first may be the order's creation, which later ones are held against."""
    *later, second, first = seen.history()
    gone = second.size - first.size
    later[-1].before = first
    for one in later:
        one.size -= gone
        one.length -= 1


def _scope(seen: _Seen) -> tuple[str, str]:
    """What keeps exchanges apart that have nothing to do with each other, and the shop, empty when nobody names it."""
    return _scope_of(seen.contract.version, seen.request.url, seen.request.headers)


@lru_cache(maxsize=1024)
def _scope_of(version: str, url: str, headers: Headers) -> tuple[str, str]:
    shop = header(headers, "x-api-target-id") or ""
    return f"{version}\n{url.partition('?')[0]}\n{shop}", shop


def _shows_the_same(last: _Seen, seen: _Seen, clean: CleanAnswer | None) -> bool:
    """Is it the same exchange again, or the course of the order what it was? Then all that there is to say was said."""
    if last.body == seen.body and last.request.body == seen.request.body:
        return True
    if clean is None:
        return False
    read = clean.prepared.course
    if read is None or last.prepared is not clean.prepared:
        return False
    if last.course is None:
        last.course = read(last.body)
    seen.course = read(seen.body)
    return seen.course is not None and bool(last.course == seen.course)


def _against(seen: _Seen, known: list[_Seen]) -> tuple[Finding, ...]:
    known.sort(key=lambda one: one.number)
    earlier = tuple([one.case for one in known if _certainly_before(one, seen)])
    if not earlier:
        return ()
    whole = replace(seen.case, earlier=earlier)
    rules = _flow_rules(whole.operation, whole.version)
    if not any(True for rule in rules for _ in rule.check(whole)):
        return ()
    return judge_case(replace(seen.placed, earlier=earlier), rules=rules, scopes=(Scope.FLOW,))


@lru_cache(maxsize=256)
def _flow_rules(operation: str, version: str) -> tuple[BusinessRule, ...]:
    return tuple(rule for rule in FLOW_RULES if version in rule.versions and operation in rule.operations)


def _named_previews(case: RuleCase) -> Iterator[str]:
    """The previews that the lines of a new order name."""
    order = case.arguments.get("input")
    lines = order.get("lineItems") if type(order) is dict else None
    for line in lines if type(lines) is list else ():
        offer = line.get("selectedDeliveryOffer") if type(line) is dict else None
        details = offer.get("details") if type(offer) is dict else None
        name = details.get("deliveryPreviewId") if type(details) is dict else None
        if type(name) is str:
            yield name


def _answered_id(case: RuleCase) -> str:
    return text(at(case.answer, *ANSWER_IDS[case.operation])) if ANSWER_IDS[case.operation] else ""


def _named_id(case: RuleCase) -> str:
    """The id by which a request names its order; empty when it names it by an alias."""
    return next((name for name in order_names(case) if name and "/" not in name), "")


def _alias_keys(scope: str, case: RuleCase) -> Iterator[str]:
    """The aliases of a request for an order: those it names the order by, or gives a new one."""
    if case.operation == "createOrder":
        for name in ("aliases", "orderAliases"):
            for _, alias in alias_rows(case.arguments, "input", name):
                yield f"{scope}\nalias\n{'/'.join(alias)}"
    else:
        for name in order_names(case):
            if "/" in name:
                yield f"{scope}\nalias\n{name}"


def _certainly_before(one: _Seen, other: _Seen) -> bool:
    """Was an exchange over before the other began? Their times tell, and those of the orders that they answer."""
    began, later = instant(one.started_at), instant(other.started_at)
    if began and later:
        over = began + datetime.timedelta(milliseconds=one.elapsed_ms)
        if over > later or (one.case.operation in _STARTS and later - began >= _TOKEN_LIFE):
            return False
    elif one.case.operation in _STARTS:
        return False
    first, second = _updated(one.case), _updated(other.case)
    return first is None or second is None or first <= second


def _updated(case: RuleCase) -> datetime.datetime | None:
    view = order_view(case)
    return instant(at(view[1], "metadata", "updatedAt")) if view else None
