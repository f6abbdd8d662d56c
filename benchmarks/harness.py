"""What every benchmark shares: a row of the table, and the best of several rounds."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measured budget. `holds` is None for a figure that has no budget."""

    what: str
    figure: str
    budget: str = ""
    holds: bool | None = None


def best_s(work: Callable[[], object], *, rounds: int = 7, least_s: float = 0.05) -> float:
    """CPU seconds of one call: the best round, each round repeated until it takes `least_s`."""
    calls = 1
    while True:
        elapsed = _timed_s(work, calls)
        if elapsed >= least_s:
            break
        calls = max(calls * 2, int(calls * least_s / max(elapsed, 1e-9)))
    return min(_timed_s(work, calls) for _ in range(rounds)) / calls


def _timed_s(work: Callable[[], object], calls: int) -> float:
    gc.collect()
    gc.disable()
    try:
        started = time.process_time()
        for _ in range(calls):
            work()
        return time.process_time() - started
    finally:
        gc.enable()
