"""What a sandbox remembers, in no version's names: the only mutable state of the suite.

Resources are dicts in the names of 2024-11-01; `shapes` shows them under those of other versions. An order holds its
lines, packages, refunds, returns and cancellations, and they refer to lines as objects.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from conformance.base.clock import timestamp
from conformance.sandbox.scopes import Caller
from conformance.sandbox.throttle import Throttle

Resource: TypeAlias = dict[str, Any]

START = datetime(2025, 1, 20, 12, tzinfo=UTC)
TICK = timedelta(milliseconds=1)
"""How far the clock moves on with each request, so that times tell an order of things."""


@dataclass(frozen=True, slots=True, order=True)
class Waiting:
    """Something that happens when the clock reaches `at`; of two at once the one that was planned first."""

    at: datetime
    number: int
    action: Callable[[], None] = field(compare=False)
    about: str = field(compare=False)
    """The id of the order, task or feed that it will change."""


@dataclass(frozen=True, slots=True)
class WebhookCall:
    """An event on its way to a webhook."""

    url: str
    body: Resource | bytes
    """Bytes are sent as they are: what a faulty sandbox makes of an event may be no JSON."""
    auth: Resource | None = None
    """The credentials to call with, as `events.auth_profiles` keeps them."""


@dataclass
class Store:
    """The state of one sandbox. Same seed and same requests: the same ids and times.

    Time is the sandbox's own: it stands still but for a millisecond a request, and moves on when it is told to.
    """

    seed: int = 0
    now: datetime = START
    wait_factor: float = 0.0
    """How long documented waits last, as a multiple of their documented length; 0: they pass at once."""
    waiting: list[Waiting] = field(default_factory=list)
    """A heap: what happens later."""
    orders: dict[str, Resource] = field(default_factory=dict)
    order_of_alias: dict[tuple[str, str], str] = field(default_factory=dict)
    previews: dict[str, Resource] = field(default_factory=dict)
    offers: dict[str, Resource] = field(default_factory=dict)
    products: list[Resource] = field(default_factory=list)
    files: dict[str, Resource] = field(default_factory=dict)
    """What was uploaded, or will be, and the reports of feeds."""
    feeds: dict[str, Resource] = field(default_factory=dict)
    address: str = "http://127.0.0.1"
    """Where the caller reaches the sandbox: links to files begin with it."""
    shoppers: dict[str, Resource] = field(default_factory=dict)
    """By the value of the identity token."""
    tokens: dict[str, tuple[datetime, Caller]] = field(default_factory=dict)
    """When each access token expires, and who has it."""
    privacy_tasks: dict[str, Resource] = field(default_factory=dict)
    client_tokens: dict[tuple[str, str], Resource] = field(default_factory=dict)
    """By client id and token: the privacy request that had it, its task, and when it may have another."""
    user_events: list[Resource] = field(default_factory=list)
    reports: dict[str, Resource] = field(default_factory=dict)
    auth_profiles: dict[str, Resource] = field(default_factory=dict)
    throttle: Throttle | None = None
    """None: nobody calls too often."""
    events: list[Resource] = field(default_factory=list)
    subscriptions: dict[str, Resource] = field(default_factory=dict)
    taken_sources: dict[str, set[str]] = field(default_factory=dict)
    """Names of partner event sources that others have, each with their accounts."""
    outbox: list[WebhookCall] = field(default_factory=list)
    """Webhook calls that wait to be sent."""
    webhook: str = ""
    """An address that gets every event, without a subscription."""
    _counts: dict[str, int] = field(default_factory=dict)

    def time(self) -> str:
        """Now, as the API writes it."""
        return timestamp(self.now)

    def advance(self, seconds: float) -> None:
        """Moves the clock on; what was to happen until then happens, each at its time."""
        until = self.now + timedelta(seconds=seconds)
        self.settle(until)
        self.now = until

    def tick(self) -> None:
        self.now += TICK

    def later(self, minutes: float, about: str, action: Callable[[], None]) -> None:
        """Plans something for after a wait of so many documented minutes. It happens at the next `settle` at the
        earliest, so that an answer shows what is there before it."""
        self.plan(self.now + timedelta(minutes=minutes * self.wait_factor), about, action)

    def plan(self, at: datetime, about: str, action: Callable[[], None]) -> None:
        """Plans something for a time that the caller has chosen, so that it is no wait to be shortened."""
        heapq.heappush(self.waiting, Waiting(at, self._count("waiting"), action, about))

    def is_awaited(self, about: str) -> bool:
        """Will something happen to this order, task or feed?"""
        return any(each.about == about for each in self.waiting)

    def settle(self, until: datetime | None = None) -> None:
        """Lets everything happen whose time has come."""
        until = until or self.now
        while self.waiting and self.waiting[0].at <= until:
            due = heapq.heappop(self.waiting)
            self.now = max(self.now, due.at)
            due.action()

    def digest(self, kind: str) -> str:
        """64 hexadecimal digits that this kind did not have before."""
        return hashlib.sha256(f"{self.seed}:{kind}:{self._count(kind)}".encode()).hexdigest()

    def _count(self, kind: str) -> int:
        count = self._counts[kind] = self._counts.get(kind, 0) + 1
        return count

    def new_id(self, kind: str) -> str:
        """An id such as `refund-0f3c…`; kinds never share ids."""
        return f"{kind}-{self.digest(kind)[:12]}"

    def new_uuid(self, kind: str) -> str:
        text = self.digest(kind)
        return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-8{text[17:20]}-{text[20:32]}"

    def new_order_id(self) -> str:
        """An order's id in the form of the documented examples, `322-ABC1-AAAAAA`."""
        text = self.digest("order").upper()
        return f"{int(text[:6], 16) % 1000:03d}-{text[6:10]}-{text[10:16]}"

    def add_order(self, order: Resource) -> None:
        """Keeps an order, to be found by its id and its aliases."""
        self.orders[order["id"]] = order
        self.index_aliases(order)

    def index_aliases(self, order: Resource) -> None:
        for alias in order["aliases"]:
            self.order_of_alias[alias_key(alias)] = order["id"]

    def product(self, identifier: Resource) -> Resource | None:
        """The product that an identifier names, in the names of 2024-11-01."""
        for product in self.products:
            if any(value and product["identifier"].get(key) == value for key, value in identifier.items()):
                return product
        return None


def alias_key(alias: Resource) -> tuple[str, str]:
    return str(alias.get("aliasType") or ""), str(alias.get("aliasId") or "")


def item_amounts(holder: Resource, key: str) -> list[Resource]:
    """The lines and amounts that a package, a refund or a return is for."""
    part = holder.get(key) or {}
    return list(part.get("orderLineItemAmounts") or ())
