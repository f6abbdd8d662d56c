"""The pace of a sandbox's clock: still until it is told to move on, or with the clock of this machine."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Final

TICK_S: Final = 0.1
"""How often what has come due is looked for while no request comes."""


class Pace:
    """How much time has passed. With a clock that stands still: none."""

    def __init__(self, *, is_real: bool) -> None:
        self._is_real = is_real
        self._last_s = time.monotonic()
        self._ticking: asyncio.Task[None] | None = None

    def passed_s(self) -> float:
        """Seconds since the last call."""
        if not self._is_real:
            return 0.0
        last_s, self._last_s = self._last_s, time.monotonic()
        return self._last_s - last_s

    def keep(self, tick: Callable[[], None]) -> None:
        """Calls `tick` from now on, again and again, in the running event loop. Nothing for a clock that stands."""
        if self._is_real and (self._ticking is None or self._ticking.done()):
            self._ticking = asyncio.get_running_loop().create_task(_tick(tick))


async def _tick(tick: Callable[[], None]) -> None:
    while True:
        await asyncio.sleep(TICK_S)
        tick()
