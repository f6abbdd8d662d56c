"""What a traffic file yields, piece by piece: exchanges, events, and the pieces that are neither."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from conformance.base.errors import Problem, SourcePosition
from conformance.traffic.model import Event, Exchange


@dataclass(frozen=True, slots=True)
class Fault:
    """A piece of a file that could not be read; the pieces after it can."""

    index: int
    problem: Problem


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An exchange that is not judged: a page, an image, a call of the token endpoint, or a call without an answer."""

    index: int
    url: str
    position: SourcePosition | None = None


TrafficItem: TypeAlias = Exchange | Event | Fault | PassedOver
"""`index` counts the pieces of one file from 0, whatever they are."""
