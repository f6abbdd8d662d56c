"""A recorder writes what a case sent and got: nothing secret, nothing by halves, the same bytes each time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from conformance.base.clock import FixedClock
from conformance.base.errors import InputError, TargetError
from conformance.contract.load import load_contract
from conformance.contract.model import Contract
from conformance.recording.recorder import Recorder
from conformance.targets.protocol import NoRecordingError, Publisher, Worldly
from conformance.traffic.cassette import read_cassette
from conformance.traffic.model import Event, Headers, HttpRequest, HttpResponse

SECRET = "canary-9f2c"
ADDRESS = "http://127.0.0.1:40123"
QUERY = b'{"query":"{ __typename }"}'
SENT: Headers = (
    ("Content-Type", "application/json"),
    ("Accept", "application/json"),
    ("X-Api-Version", "2024-11-01"),
    ("Authorization", f"Bearer {SECRET}"),
    ("x-api-target-id", SECRET),
    ("Cookie", SECRET),
    ("x-anything-else", SECRET),
)
ANSWERED: Headers = (
    ("Content-Type", "application/json"),
    ("Set-Cookie", SECRET),
    ("Date", "Mon, 20 Jan 2025 12:00:00 GMT"),
    ("Server", SECRET),
)


class Answers:
    """A target that answers with the address of a file of its own."""

    origin = "embedded"

    def __init__(self, address: str) -> None:
        self.endpoint = f"{address}/graphql"
        self._address = address

    def send(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:  # noqa: ARG002 - the protocol's name
        if b"broken" in request.body:
            raise TargetError("gone")
        return HttpResponse(200, ANSWERED, f'{{"data":{{"url":"{self._address}/download/a"}}}}'.encode())

    def unused(self) -> tuple[str, ...]:
        return ("one",)


class Publishes(Answers):
    """A target that shows its events."""

    shows_all_events = False

    def events(self) -> tuple[Event, ...]:
        return (Event(b"{}"),)


class Reaches(Answers):
    """A target for which things happen outside of the API."""

    def transfer(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:  # noqa: ARG002 - as above
        return HttpResponse(201)

    def bring_about(
        self,
        what: str,
        options: Mapping[str, Any],
        *,
        deadline_s: float,  # noqa: ARG002 - as above
    ) -> Mapping[str, Any]:
        return {what: options}


class DoesAll(Publishes, Reaches):
    """A target that does both."""


class Provider:
    """Opens them."""

    name = "embedded"

    def __init__(self, address: str = ADDRESS, kind: type[Answers] = Answers) -> None:
        self._address, self._kind = address, kind

    def open(self, scenario: str, contract: Contract) -> Answers:  # noqa: ARG002 - the protocol's name
        if scenario == "none":
            raise NoRecordingError("not here")
        return self._kind(self._address)


@pytest.fixture
def contract() -> Contract:
    return load_contract("2024-11-01")


def _recorder(folder: Path, provider: Provider | None = None) -> Recorder:
    return Recorder(provider or Provider(), folder, FixedClock(), "1.2.3")


def _ask(recorder: Recorder, contract: Contract, body: bytes = QUERY) -> HttpResponse:
    target = recorder.open("order.one", contract)
    return target.send(HttpRequest("POST", target.endpoint, SENT, body), deadline_s=1)


def test_a_kept_case_is_a_cassette_that_says_what_it_is(tmp_path: Path, contract: Contract) -> None:
    recorder = _recorder(tmp_path)
    response = _ask(recorder, contract)
    assert b"127.0.0.1:40123" in response.body
    path = recorder.keep()
    assert path == tmp_path / "2024-11-01" / "order.one.yaml"
    cassette = read_cassette(path)
    assert cassette.header is not None
    header = (cassette.header.origin, cassette.header.contract, cassette.header.recorded, cassette.header.suite)
    assert header == ("embedded", "2024-11-01", "2024-11-01", "1.2.3")
    (exchange,) = cassette.exchanges
    assert (exchange.request.method, exchange.request.body, exchange.response.status) == ("POST", QUERY, 200)
    assert [file.name for file in path.parent.iterdir()] == ["order.one.yaml"]


def test_no_header_is_written_but_those_that_are_named(tmp_path: Path, contract: Contract) -> None:
    recorder = _recorder(tmp_path)
    _ask(recorder, contract)
    path = recorder.keep()
    assert path is not None
    assert SECRET not in path.read_text()
    (exchange,) = read_cassette(path).exchanges
    assert {name.lower() for name, _ in exchange.request.headers} == {"content-type", "accept", "x-api-version"}
    assert {name.lower() for name, _ in exchange.response.headers} == {"content-type"}


def test_the_port_of_this_machine_leaves_no_trace(tmp_path: Path, contract: Contract) -> None:
    texts = []
    for port in (40123, 50321):
        recorder = _recorder(tmp_path / str(port), Provider(f"http://127.0.0.1:{port}"))
        _ask(recorder, contract)
        path = recorder.keep()
        assert path is not None
        texts.append(path.read_bytes())
    assert texts[0] == texts[1]
    assert b"http://127.0.0.1/download/a" in texts[0]


def test_the_address_of_another_machine_stays(tmp_path: Path, contract: Contract) -> None:
    recorder = _recorder(tmp_path, Provider("https://example.com:8443"))
    _ask(recorder, contract)
    path = recorder.keep()
    assert path is not None
    assert read_cassette(path).exchanges[0].request.url == "https://example.com:8443/graphql"


def test_a_case_that_is_not_kept_leaves_the_old_cassette(tmp_path: Path, contract: Contract) -> None:
    recorder = _recorder(tmp_path)
    _ask(recorder, contract)
    path = recorder.keep()
    assert path is not None
    before = path.read_bytes()
    _ask(recorder, contract, b'{"query":"{ other: __typename }"}')
    with pytest.raises(NoRecordingError):
        recorder.open("none", contract)
    assert recorder.keep() is None
    assert path.read_bytes() == before


def test_a_write_that_breaks_off_leaves_the_old_cassette(
    tmp_path: Path, contract: Contract, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = _recorder(tmp_path)
    _ask(recorder, contract)
    path = recorder.keep()
    assert path is not None
    before = path.read_bytes()

    def full(self: Path, *_: object, **__: object) -> int:
        self.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    _ask(recorder, contract, b'{"query":"{ other: __typename }"}')
    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(InputError, match="cannot be written here: No space left on device"):
        recorder.keep()
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["order.one.yaml"]


def test_nothing_is_kept_of_a_case_that_got_no_answer(tmp_path: Path, contract: Contract) -> None:
    recorder = _recorder(tmp_path)
    with pytest.raises(TargetError):
        _ask(recorder, contract, b"broken")
    assert recorder.keep() is None
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("kind", "publishes", "reaches"),
    [(Answers, False, False), (Publishes, True, False), (Reaches, False, True), (DoesAll, True, True)],
)
def test_a_recorded_target_does_what_the_target_does(
    tmp_path: Path, contract: Contract, kind: type[Answers], publishes: bool, reaches: bool
) -> None:
    target = _recorder(tmp_path, Provider(kind=kind)).open("a", contract)
    assert (target.origin, target.unused()) == ("embedded", ("one",))
    assert (isinstance(target, Publisher), isinstance(target, Worldly)) == (publishes, reaches)
    if isinstance(target, Publisher):
        assert (target.shows_all_events, target.events()) == (False, (Event(b"{}"),))
    if isinstance(target, Worldly):
        assert target.transfer(HttpRequest("PUT", ADDRESS), deadline_s=1).status == 201
        assert target.bring_about("returns", {"a": 1}, deadline_s=1) == {"returns": {"a": 1}}
    assert target.exchanges == ()
