"""Time and identity as things that are handed in, so that runs can be repeated to the byte."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time of day and measures durations."""

    def now(self) -> datetime:
        """The time in UTC."""
        ...

    def monotonic_s(self) -> float:
        """Seconds from some fixed moment; only differences mean something."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        return time.monotonic()


@dataclass
class FixedClock:
    """A clock that stands still until it is moved."""

    at: datetime = field(default_factory=lambda: datetime(2024, 11, 1, tzinfo=UTC))

    def now(self) -> datetime:
        return self.at

    def monotonic_s(self) -> float:
        return self.at.timestamp()

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class IdSource(Protocol):
    """Gives identifiers that were not given before."""

    def next_id(self) -> str: ...


class RandomIds:
    """Random UUIDs."""

    def next_id(self) -> str:
        return str(uuid.uuid4())


def timestamp(moment: datetime) -> str:
    """ISO 8601 in UTC with milliseconds, as run.jsonl writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
