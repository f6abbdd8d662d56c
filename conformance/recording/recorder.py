"""A recorder around whatever opens targets: what a case sends and gets becomes a cassette, when its owner keeps it.

Nothing secret gets on the disk: of the headers only those are written that say what kind of body follows, and which
version was asked. Where a target listens on this machine changes from run to run, so the port is left out of addresses.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from conformance.base.clock import Clock
from conformance.base.errors import InputError
from conformance.contract.model import Contract
from conformance.targets.protocol import Publisher, Target, TargetProvider, Worldly
from conformance.traffic.cassette import CassetteHeader
from conformance.traffic.cassette_writer import write_cassette
from conformance.traffic.model import Event, Exchange, Headers, HttpRequest, HttpResponse

REQUEST_HEADERS: Final = frozenset(("accept", "content-type", "x-api-version"))
RESPONSE_HEADERS: Final = frozenset(("content-type",))
_LOOPBACK: Final = frozenset(("127.0.0.1", "localhost", "::1"))


class RecordingTarget:
    """A target that remembers its exchanges, as they may be written."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._exchanges: list[Exchange] = []
        self.origin = target.origin
        self.endpoint = target.endpoint

    @property
    def exchanges(self) -> tuple[Exchange, ...]:
        """What was asked and answered so far, without addresses and headers that must not be written."""
        return tuple(self._exchanges)

    def send(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:
        """The target's answer. What raises is not remembered."""
        response = self._target.send(request, deadline_s=deadline_s)
        parts = urlsplit(self.endpoint)
        port = f"{parts.hostname}:{parts.port}".encode() if parts.hostname in _LOOPBACK and parts.port else b""
        self._exchanges.append(
            Exchange(
                HttpRequest(
                    request.method,
                    _without(request.url.encode(), port).decode(),
                    _kept(request.headers, REQUEST_HEADERS),
                    _without(request.body, port),
                ),
                HttpResponse(response.status, _kept(response.headers, RESPONSE_HEADERS), _without(response.body, port)),
                index=len(self._exchanges),
            )
        )
        return response

    def unused(self) -> tuple[str, ...]:
        """As the target says."""
        return self._target.unused()


class _Publishing:
    """What a target adds that shows its events. They are not recorded."""

    _publisher: Publisher

    @property
    def shows_all_events(self) -> bool:
        """As the target says."""
        return self._publisher.shows_all_events

    def events(self) -> tuple[Event, ...]:
        """As the target says."""
        return self._publisher.events()


class _Outside:
    """What a target adds for which things happen outside of the API. They are not recorded."""

    _world: Worldly

    def transfer(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:
        """As the target does."""
        return self._world.transfer(request, deadline_s=deadline_s)

    def bring_about(self, what: str, options: Mapping[str, Any], *, deadline_s: float) -> Mapping[str, Any]:
        """As the target does."""
        return self._world.bring_about(what, options, deadline_s=deadline_s)


class _RecordingPublisher(_Publishing, RecordingTarget):
    def __init__(self, target: Target, publisher: Publisher) -> None:
        super().__init__(target)
        self._publisher = publisher


class _RecordingWorld(_Outside, RecordingTarget):
    def __init__(self, target: Target, world: Worldly) -> None:
        super().__init__(target)
        self._world = world


class _RecordingAll(_Publishing, _Outside, RecordingTarget):
    def __init__(self, target: Target, publisher: Publisher, world: Worldly) -> None:
        super().__init__(target)
        self._publisher, self._world = publisher, world


def _recording(target: Target) -> RecordingTarget:
    """The target, recorded, with as much as it can do."""
    publisher = target if isinstance(target, Publisher) else None
    world = target if isinstance(target, Worldly) else None
    if publisher is not None and world is not None:
        return _RecordingAll(target, publisher, world)
    if publisher is not None:
        return _RecordingPublisher(target, publisher)
    return _RecordingWorld(target, world) if world is not None else RecordingTarget(target)


class Recorder:
    """Opens targets as another provider does. After each case, `keep` writes what it sent and got.

    What is not kept is forgotten when the next case opens: an interrupted case leaves the old cassette as it was.
    """

    def __init__(self, provider: TargetProvider, folder: Path, clock: Clock, suite: str) -> None:
        self.name = provider.name
        self._provider = provider
        self._folder = folder
        self._clock = clock
        self._suite = suite
        self._open: tuple[str, str, RecordingTarget] | None = None

    def open(self, scenario: str, contract: Contract) -> RecordingTarget:
        """The provider's target. Raises what the provider raises."""
        self._open = None
        recording = _recording(self._provider.open(scenario, contract))
        self._open = scenario, contract.version, recording
        return recording

    def keep(self) -> Path | None:
        """Writes the case that was opened last to `<folder>/<version>/<scenario>.yaml`, whole or not at all.

        Returns the file; None when nothing was answered. Raises InputError when it cannot be written.
        """
        if self._open is None or not self._open[2].exchanges:
            return None
        scenario, version, target = self._open
        self._open = None
        path = self._folder / version / f"{scenario}.yaml"
        day = self._clock.now().date().isoformat()
        header = CassetteHeader(target.origin, version, recorded=day, suite=self._suite)
        try:
            write_cassette(path, target.exchanges, header)
        except OSError as error:
            raise InputError.at(str(path), f"a cassette cannot be written here: {error.strerror or error}") from error
        return path


def _kept(headers: Headers, names: frozenset[str]) -> Headers:
    return tuple((name, value) for name, value in headers if name.lower() in names)


def _without(text: bytes, port: bytes) -> bytes:
    """The text with a host and its port as the host alone."""
    return text.replace(port, port.rpartition(b":")[0]) if port else text
