"""What a fault is: one named defect, made in an answer or in the events that follow it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeAlias

from graphql import DocumentNode

from conformance.contract.model import Contract
from conformance.traffic.model import Headers


@dataclass(slots=True)
class Seen:
    """One exchange as a fault sees it; what it changes in `status`, `headers`, `body` or `raw` is what goes out.

    `operation` is the first root field and `key` its response key; both are empty when the document was refused.
    `body` is the decoded answer. `raw` are bytes to send in its place; None: `body` is sent. `earlier` are the
    exchanges before this one, oldest first, as they were answered.
    """

    version: str
    contract: Contract
    operation: str
    key: str
    document: DocumentNode | None
    variables: dict[str, Any]
    status: int
    headers: Headers
    body: Any
    random: Random
    raw: bytes | None = None
    earlier: Sequence[Seen] = ()

    @property
    def answer(self) -> Any:
        """What stands under the root field; None when nothing does."""
        data = self.body.get("data") if isinstance(self.body, dict) else None
        return data.get(self.key) if isinstance(data, dict) else None


@dataclass(slots=True)
class SeenEvents:
    """The events that one request gave, oldest first, and those before. A fault changes `events` in place.

    Each is the delivered body: a webhook body or an EventBridge event. Bytes stand for a body that is no JSON.
    """

    version: str
    contract: Contract
    events: list[Any]
    random: Random
    earlier: Sequence[Any] = ()
    exchanges: Sequence[Seen] = ()
    """The exchanges before, as they were answered."""


Alter: TypeAlias = Callable[[Seen], bool]
"""Makes the defect; False when the exchange offers no place for it."""

AlterEvents: TypeAlias = Callable[[SeenEvents], bool]


@dataclass(frozen=True, slots=True)
class Fault:
    """A defect. `name` is kebab-case and permanent; `rule` the id of the check that has to report it.

    `operations` are the root fields whose answers offer a place, empty for any. `versions` likewise.
    """

    name: str
    rule: str
    summary: str
    alter: Alter | None = None
    alter_events: AlterEvents | None = None
    operations: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()

    def may_alter(self, seen: Seen) -> bool:
        """Does the fault concern exchanges like this one?"""
        if self.alter is None or (self.versions and seen.version not in self.versions):
            return False
        if seen.raw is not None or not isinstance(seen.body, dict):
            return False  # another fault has left no answer to alter
        return not self.operations or seen.operation in self.operations


@dataclass(slots=True)
class FaultList:
    """Collects the faults of a module."""

    faults: list[Fault] = field(default_factory=list)

    def answer(
        self, name: str, rule: str, summary: str, *, operations: tuple[str, ...] = (), versions: tuple[str, ...] = ()
    ) -> Callable[[Alter], Alter]:
        """Makes the decorated function a fault of answers."""

        def made(alter: Alter) -> Alter:
            self.faults.append(Fault(name, rule, summary, alter=alter, operations=operations, versions=versions))
            return alter

        return made

    def events(
        self, name: str, rule: str, summary: str, *, versions: tuple[str, ...] = ()
    ) -> Callable[[AlterEvents], AlterEvents]:
        """Makes the decorated function a fault of published events."""

        def made(alter: AlterEvents) -> AlterEvents:
            self.faults.append(Fault(name, rule, summary, alter_events=alter, versions=versions))
            return alter

        return made
