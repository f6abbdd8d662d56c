"""`bwp-conformance sandbox`: the address on the first line, a clean end."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from conformance.cli.entry import run


def test_prints_its_address_first_answers_and_ends_cleanly_on_ctrl_c() -> None:
    command = [sys.executable, "-m", "conformance", "sandbox", "--client", "me:mine"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own command
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:")
            connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
            form = "grant_type=client_credentials&client_id=me&client_secret=other"
            connection.request("POST", "/token", form, {"Content-Type": "application/x-www-form-urlencoded"})
            answer = connection.getresponse()
            assert (answer.status, json.loads(answer.read())["error"]) == (401, "invalid_client")
            connection.close()
            process.send_signal(signal.SIGINT)
            _, errors = process.communicate(timeout=20)
        finally:
            process.kill()
    assert process.returncode == 0
    assert errors == "WARNING POST /token: HTTP 401\n"


@pytest.mark.parametrize("option", [["--client", "me"], ["--version", "2023"], ["--port", "70000"]])
def test_refuses_options_that_mean_nothing(option: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["sandbox", *option]) == 2
    assert option[0] in capsys.readouterr().err
