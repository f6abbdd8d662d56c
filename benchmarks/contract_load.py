"""Loading a contract, and the start of the command line, each in a process of its own."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from benchmarks.harness import Row
from conformance.base.versions import DATED_VERSIONS

LOAD = """
import time
from conformance.contract.load import load_contract
started = time.perf_counter()
load_contract({version!r})
print(time.perf_counter() - started)
"""


def measure(*, quick: bool) -> list[Row]:
    """Median of several processes."""
    runs = 3 if quick else 9
    rows = []
    for version in DATED_VERSIONS:
        load_ms = statistics.median(_inner_s(LOAD.format(version=version)) for _ in range(runs)) * 1000
        rows.append(Row(f"load the contract of {version}", f"{load_ms:.0f} ms", "100 ms", load_ms <= 100))
    help_ms = statistics.median(_outer_s("-m", "conformance", "--help") for _ in range(runs)) * 1000
    rows.append(Row("bwp-conformance --help, whole process", f"{help_ms:.0f} ms", "250 ms", help_ms <= 250))
    return rows


def _inner_s(code: str) -> float:
    return float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)  # noqa: S603 - our own code


def _outer_s(*arguments: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True)  # noqa: S603 - our own code
    return time.perf_counter() - started
