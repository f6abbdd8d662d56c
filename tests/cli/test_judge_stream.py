"""Files of any size are judged in constant memory, and show how far the judge is."""

from __future__ import annotations

import gzip
import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

MAX_MB = 300

DOCUMENT = "query order($id: ID!) { order(orderIdentifier: {orderId: $id}) { id lineItems { amount { unit value } } } }"


def _exchange(number: int, lines: int, unit: Any = "ONE") -> dict[str, Any]:
    body = {"query": DOCUMENT, "variables": {"id": str(number)}}
    answer = {"data": {"order": {"id": str(number), "lineItems": [{"amount": {"unit": unit, "value": 2}}] * lines}}}
    json_type = {"content-type": "application/json"}
    return {
        "request": {"method": "POST", "url": "https://x/graphql", "headers": json_type, "body": json.dumps(body)},
        "response": {"status": 200, "headers": json_type, "body": json.dumps(answer)},
    }


def _entry(number: int) -> dict[str, Any]:
    exchange = _exchange(number, 50)
    request = {"method": "POST", "url": "https://x/graphql", "postData": {"text": exchange["request"]["body"]}}
    return {"request": request, "response": {"status": 200, "content": {"text": exchange["response"]["body"]}}}


def _write(path: Path, megabytes: int, pieces: Iterable[str]) -> Path:
    with path.open("w") as file:
        for piece in pieces:
            file.write(piece)
            if file.tell() > megabytes * 1_000_000:
                break
    return path


def _judge(*arguments: str) -> tuple[int, float]:
    """The exit status of `judge`, and the largest size of its process in megabytes."""
    command = [sys.executable, "-m", "conformance", "judge", *arguments]
    quiet = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
    process = os.posix_spawn(sys.executable, command, os.environ, file_actions=quiet)
    _, status, usage = os.wait4(process, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_maxrss / 1024


@pytest.mark.slow
def test_a_clean_stream(tmp_path: Path) -> None:
    lines = (json.dumps(_exchange(number, 100)) + "\n" for number in range(10**9))
    status, megabytes = _judge(str(_write(tmp_path / "t.ndjson", 200, lines)))
    assert status == 0
    assert megabytes < MAX_MB


@pytest.mark.slow
@pytest.mark.parametrize("form", ["json", "text"])
def test_a_stream_of_nothing_but_findings(tmp_path: Path, form: str) -> None:
    lines = (json.dumps(_exchange(number, 30, unit=5)) + "\n" for number in range(10**9))
    path = _write(tmp_path / "t.ndjson", 5, lines)
    output = tmp_path / "out"
    status, megabytes = _judge(str(path), "--format", form, "--all", "--output", str(output))
    assert status == 1
    assert output.stat().st_size > 20_000_000
    assert megabytes < MAX_MB


@pytest.mark.slow
def test_a_har_file(tmp_path: Path) -> None:
    entries = (json.dumps(_entry(number)) + "," for number in range(10**9))
    path = _write(tmp_path / "t.har", 100, ['{"log": {"version": "1.2", "entries": ['])
    with path.open("a") as file:
        while file.tell() < 100_000_000:
            file.write(next(entries))
        file.write(json.dumps(_entry(0)) + "]}}")
    status, megabytes = _judge(str(path))
    assert status == 0
    assert megabytes < MAX_MB


@pytest.mark.slow
def test_a_line_of_any_length_is_skipped_without_being_held(tmp_path: Path) -> None:
    path = tmp_path / "t.ndjson"
    with path.open("w") as file:
        file.write(json.dumps(_exchange(0, 1)) + '\n{"request": "')
        for _ in range(300):
            file.write("x" * 1_000_000)
        file.write('"}\n' + json.dumps(_exchange(1, 1)) + "\n")
    status, megabytes = _judge(str(path))
    assert status == 2
    assert megabytes < MAX_MB


@pytest.mark.parametrize("packed", [False, True])
def test_standard_input_is_read(packed: bool) -> None:
    text = "".join(json.dumps(_exchange(number, 300)) + "\n" for number in range(200)).encode()
    command = [sys.executable, "-m", "conformance", "judge", "-"]
    done = subprocess.run(  # noqa: S603
        command, input=gzip.compress(text, mtime=0) if packed else text, capture_output=True, check=False
    )
    assert done.returncode == 0
    assert b"200 exchanges judged: 200 clean" in done.stdout


def test_faults_of_standard_input_are_placed() -> None:
    command = [sys.executable, "-m", "conformance", "judge", "-"]
    done = subprocess.run(command, input=b'{"request": {}}\n', capture_output=True, check=False)  # noqa: S603
    assert done.returncode == 2
    assert done.stderr.startswith(b"standard input:1:1: the exchange has no response")


def _terminal(command: list[str], read: Callable[[bytes], None]) -> int:
    """Runs a command whose standard error is a terminal."""
    main, side = pty.openpty()
    opened = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
    actions = [opened, (os.POSIX_SPAWN_DUP2, side, 2), (os.POSIX_SPAWN_CLOSE, side)]
    process = os.posix_spawn(sys.executable, command, {**os.environ, "TERM": "xterm"}, file_actions=actions)
    os.close(side)
    try:
        while piece := os.read(main, 1 << 16):
            read(piece)
    except OSError:
        pass  # how Linux says that the other side of a terminal is closed
    finally:
        os.close(main)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


@pytest.mark.parametrize(("megabytes", "shown"), [(10, True), (1, False)])
def test_a_terminal_shows_progress_when_there_is_something_to_wait_for(
    tmp_path: Path, megabytes: int, shown: bool
) -> None:
    lines = (json.dumps(_exchange(number, 500)) + "\n" for number in range(10**9))
    path = _write(tmp_path / "t.ndjson", megabytes, lines)
    seen: list[bytes] = []
    status = _terminal([sys.executable, "-m", "conformance", "judge", str(path)], seen.append)
    assert status == 0
    assert (b"judging" in b"".join(seen)) is shown
    assert shown or seen == []
