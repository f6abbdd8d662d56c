"""The admin surface under /_sandbox/: reset, clock, events, exchanges, and what happens outside of the API."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final

from conformance.base.jsonio import load_json
from conformance.contract.load import load_contract
from conformance.sandbox.fixtures import Fixtures, fill
from conformance.sandbox.serving.faulty import Faulty, choose, listed
from conformance.sandbox.serving.http import Answer, Request
from conformance.sandbox.serving.outside import HAPPENINGS, happen
from conformance.sandbox.store import Store
from conformance.sandbox.throttle import read_throttle

MAX_EXCHANGES: Final = 200
MAX_SHOWN_BYTES: Final = 10_000
MAX_ADVANCE_S: Final = 366 * 24 * 3600.0
MAX_WAIT_FACTOR: Final = 1000.0


class AdminError(Exception):
    """An admin request that cannot be done; `message` says why."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Admin:
    """Owns the store, and what is kept about requests beside it."""

    def __init__(self, seed: int, version: str, *, wait_factor: float = 0.0, webhook: str = "") -> None:
        self._version = version
        self._seed = seed
        self._wait_factor = wait_factor
        self._webhook = webhook
        self._exchanges: deque[dict[str, Any]] = deque(maxlen=MAX_EXCHANGES)
        self.faulty = Faulty()
        self.store = Store()
        self.reset({})

    def reset(self, options: dict[str, Any]) -> None:
        """A fresh store. `seed`; `fixtures`: true, or the states of the documented examples' resources."""
        seed, asked = options.get("seed", self._seed), options.get("fixtures")
        if type(seed) is not int:
            raise AdminError("seed must be a whole number")
        fixtures = Fixtures() if asked is True else None
        if isinstance(asked, dict):
            kinds = {each.name: bool if each.default in (True, False) else str for each in fields(Fixtures)}
            if any(name not in kinds or not isinstance(value, kinds[name]) for name, value in asked.items()):
                raise AdminError(f"fixtures must be true, or an object with some of {', '.join(kinds)}")
            fixtures = Fixtures(**asked)
        self.store = Store(seed, wait_factor=self._wait_factor, webhook=self._webhook)
        fill(self.store, load_contract(self._version), fixtures)
        self._exchanges.clear()

    def note(self, request: Request, answer: Answer) -> None:
        """Keeps an exchange for the log, without its credentials."""
        entry: dict[str, Any] = {
            "method": request.method,
            "path": request.path,
            "version": request.header("x-api-version"),
            "status": answer.status,
            "at": self.store.time(),
        }
        if b"authConfig" in request.body:
            entry["request"] = "not kept: it has credentials"
        elif request.path != "/token":
            entry["request"] = request.body[:MAX_SHOWN_BYTES].decode("utf-8", "replace")
        if request.path != "/token":
            entry["response"] = answer.body[:MAX_SHOWN_BYTES].decode("utf-8", "replace")
        self._exchanges.append(entry)

    def handle(self, method: str, path: str, body: bytes) -> Any:
        """The JSON answer of an admin request. Raises AdminError or InputError."""
        options = load_json(body, "the request") if body.strip() else {}
        if not isinstance(options, dict):
            raise AdminError("the body must be a JSON object")
        what = path.removeprefix("/_sandbox/")
        if method == "GET" and what in self._shown:
            return self._shown[what]()
        if method == "POST" and what in HAPPENINGS:
            try:
                return happen(self.store, self._version, what, options)
            except ValueError as error:
                raise AdminError(str(error)) from error
        if method != "POST" or what not in self._changes:
            known = f"POST {', '.join((*self._changes, *HAPPENINGS))}"
            raise AdminError(f"{known}; GET {', '.join(self._shown)}")
        self._changes[what](options)
        return self._clock()

    @property
    def _shown(self) -> dict[str, Callable[[], Any]]:
        """What GET shows."""
        return {
            "clock": self._clock,
            "events": lambda: {"events": self.store.events},
            "exchanges": lambda: {"exchanges": list(self._exchanges)},
            "faults": lambda: {"shown": [fault.name for fault in self.faulty.injector.faults], "known": listed()},
            "user-events": lambda: {"userEvents": self.store.user_events},
        }

    @property
    def _changes(self) -> dict[str, Callable[[dict[str, Any]], None]]:
        """What POST changes."""
        return {
            "reset": self.reset,
            "clock": self._set_clock,
            "faults": self._set_faults,
            "throttle": self._set_throttle,
        }

    def _clock(self) -> dict[str, Any]:
        return {"now": self.store.time(), "wait": self.store.wait_factor, "waiting": len(self.store.waiting)}

    def _set_faults(self, options: dict[str, Any]) -> None:
        """`names` of defects to show from now on, none: no more; `every`: in each n-th answer; `seed` of the places."""
        names, every, seed = options.get("names", []), options.get("every", 1), options.get("seed", self._seed)
        if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
            raise AdminError("names must be a list of names of faults")
        if type(every) is not int or every < 1 or type(seed) is not int:
            raise AdminError("every must be a whole number from 1 on, seed a whole number")
        try:
            self.faulty.injector = choose(names, seed, every)
        except ValueError as error:
            raise AdminError(str(error)) from error

    def _set_throttle(self, options: dict[str, Any]) -> None:
        """`requests_per_s` and `burst` of each client; nothing: no limit."""
        try:
            self.store.throttle = read_throttle(options)
        except ValueError as error:
            raise AdminError(str(error)) from error

    def _set_clock(self, options: dict[str, Any]) -> None:
        """`advance_s`: seconds to move on; `wait`: how long waits last from now on, 1 as documented, 0 not at all."""
        if not {"advance_s", "wait"} & set(options):
            raise AdminError("advance_s or wait must be given")
        factor, seconds = options.get("wait", self.store.wait_factor), options.get("advance_s", 0)
        if isinstance(factor, bool) or not isinstance(factor, int | float) or not 0 <= factor <= MAX_WAIT_FACTOR:
            raise AdminError(f"wait must be a number from 0 to {MAX_WAIT_FACTOR:g}")
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 <= seconds <= MAX_ADVANCE_S:
            raise AdminError(f"advance_s must be a number from 0 to {MAX_ADVANCE_S:g}")
        self.store.wait_factor = factor
        self.store.advance(seconds)
