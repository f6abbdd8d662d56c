"""Limits of how often a client may call.

No rate is documented, only the ThrottlingError of a client that calls too often, so the rate is given by whoever runs
the sandbox, and by default there is none. Each operation of a request and each token takes one place of a bucket per
client id, which fills up again with the virtual clock. That it is a bucket, and one per client, is our choice. No page
has a Retry-After header, so none is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

MAX_RATE: Final = 1e6


@dataclass
class Throttle:
    """A bucket per client: `burst` calls at once, then `requests_per_s`."""

    requests_per_s: float
    burst: int
    _left: dict[str, tuple[float, datetime]] = field(default_factory=dict)

    def takes(self, client: str, now: datetime) -> bool:
        """Is there a place for another call of this client? Takes it when there is."""
        left, at = self._left.get(client, (float(self.burst), now))
        left = min(float(self.burst), left + (now - at).total_seconds() * self.requests_per_s)
        has_place = left >= 1
        self._left[client] = (left - has_place, now)
        return has_place


def read_throttle(options: Mapping[str, Any]) -> Throttle | None:
    """The throttle of `{requests_per_s, burst}`, None of `{}`. Raises ValueError with what is wrong."""
    if not options:
        return None
    rate, burst = options.get("requests_per_s"), options.get("burst", 1)
    if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate <= MAX_RATE:
        raise ValueError(f"requests_per_s must be a number from 0 to {MAX_RATE:g}")
    if type(burst) is not int or not 1 <= burst <= MAX_RATE:
        raise ValueError(f"burst must be a whole number from 1 to {MAX_RATE:g}")
    return Throttle(float(rate), burst)
