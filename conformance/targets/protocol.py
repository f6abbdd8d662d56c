"""The seam between the engine and whatever answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, runtime_checkable

from conformance.base.errors import ConformanceError, ExitStatus
from conformance.contract.model import Contract
from conformance.traffic.model import Event, HttpRequest, HttpResponse


class NoRecordingError(ConformanceError):
    """The target has nothing for this scenario in this version: the case is skipped, with this reason."""

    code = "no-recording"
    exit_status = ExitStatus.FINDINGS


class NotRecordedError(ConformanceError):
    """The cassette does not hold this request. The message names the nearest recording and the first difference."""

    code = "not-recorded"
    exit_status = ExitStatus.FINDINGS


class Target(Protocol):
    """Answers the requests of one case."""

    origin: str
    """Where its answers come from: `documentation`, `embedded` or `live`."""

    endpoint: str
    """The URL that requests are sent to."""

    def send(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:
        """The answer. Raises NotRecordedError, or TargetError when it cannot be reached in time."""
        ...

    def unused(self) -> tuple[str, ...]:
        """What the target holds for this case and was never asked for, in words."""
        ...


@runtime_checkable
class Publisher(Protocol):
    """A target that shows the events which it published. A target need not be one."""

    shows_all_events: bool
    """Does `events` miss none, and are all of them of this case? Then an event that is missing is a fault."""

    def events(self) -> tuple[Event, ...]:
        """The events published since the last call, in order, each once. Raises TargetError when it cannot say."""
        ...


@runtime_checkable
class Worldly(Protocol):
    """A target for which things happen outside of the API, and whose links can be called. A target need not be one."""

    def transfer(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:
        """The answer to an upload or a download, sent without credentials. Raises TargetError when there is none, or
        when the link leads to where this target does not send anything."""
        ...

    def bring_about(self, what: str, options: Mapping[str, Any], *, deadline_s: float) -> Mapping[str, Any]:
        """What came of it, such as the id of a return. A sandbox makes it happen, a live target waits until it did.
        Raises TargetError when it does not."""
        ...


class TargetProvider(Protocol):
    """Opens a target for each case."""

    name: str
    """What is judged, as reports name it: `cassettes`, `embedded`, `live`."""

    def open(self, scenario: str, contract: Contract) -> Target:
        """The target of one case. Raises NoRecordingError when there is none, InputError for a faulty recording."""
        ...
