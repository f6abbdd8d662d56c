"""`bwp-conformance record`: cassettes of the embedded sandbox, to be replayed by `run --cassettes`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from conformance.targets import embedded
from conformance.traffic.model import HttpRequest, HttpResponse
from tests.cli.conftest import Called

Call = Callable[..., Called]
CASE = "order.create.minimum-fulfillable"


def test_what_is_recorded_can_be_run(call: Call, tmp_path: Path) -> None:
    recorded = call("record", CASE, "--version", "2024-11-01", "--output", tmp_path / "tape")
    assert recorded.status == 0
    assert recorded.out.startswith("1 of 1 cases recorded to ")
    assert (tmp_path / "tape" / "2024-11-01" / f"{CASE}.yaml").is_file()
    options = ("--cassettes", tmp_path / "tape", "--output", tmp_path / "out", "--report", "none", "--format", "json")
    replayed = call("run", CASE, "--version", "2024-11-01", *options)
    assert replayed.status == 0
    assert json.loads(replayed.out)["counts"] == {"PASS": 1}


def test_a_case_that_fails_is_shown_and_not_kept(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(*_: object, **__: object) -> HttpResponse:
        return HttpResponse(200, (("content-type", "application/json"),), b'{"data": {"createOrder": 1}}')

    monkeypatch.setattr(embedded.EmbeddedTarget, "send", answer)
    recorded = call("record", CASE, "--version", "2024-11-01", "--output", tmp_path)
    assert recorded.status == 1
    assert f"{CASE}@2024-11-01" in recorded.out
    assert recorded.out.endswith("1 failed\n")
    assert not any(tmp_path.iterdir())


def test_an_interrupted_recording_keeps_what_was_there(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("record", CASE, "--version", "2024-11-01", "--output", tmp_path)
    path = tmp_path / "2024-11-01" / f"{CASE}.yaml"
    before = path.read_bytes()

    def interrupt(self: object, request: HttpRequest, **_: object) -> HttpResponse:
        raise KeyboardInterrupt

    monkeypatch.setattr(embedded.EmbeddedTarget, "send", interrupt)
    assert call("record", CASE, "--version", "2024-11-01", "--output", tmp_path).status == 130
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_bad_input_is_told(call: Call, tmp_path: Path) -> None:
    nothing = call("record", "no.such.case", "--output", tmp_path)
    assert (nothing.status, "no scenario matches" in nothing.err) == (2, True)
    file = tmp_path / "file"
    file.touch()
    blocked = call("record", CASE, "--version", "2024-11-01", "--output", file / "below")
    assert (blocked.status, "cannot be written here" in blocked.err) == (2, True)
    assert call("record", CASE).status == 2
