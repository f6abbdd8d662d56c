"""A sandbox with defects: what it answers and publishes is altered on its way out, as a faulty API would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from conformance.sandbox.faults.catalogue import FAULTS
from conformance.sandbox.faults.injector import Injector
from conformance.sandbox.serving.http import Answer, Request
from conformance.sandbox.store import Store, WebhookCall
from conformance.traffic.model import HttpResponse


def choose(names: Iterable[str], seed: int = 0, every: int = 1) -> Injector:
    """An injector of these faults. Raises ValueError naming one that there is not."""
    chosen = []
    for name in names:
        if name not in FAULTS:
            raise ValueError(f"no fault has the name {name[:60]!r}; `bwp-conformance sandbox --faults` lists them")
        chosen.append(FAULTS[name])
    return Injector(tuple(chosen), seed, every)


def listed() -> list[dict[str, str]]:
    """Every fault: its name, the rule that has to report it, what it does."""
    return [{"name": fault.name, "rule": fault.rule, "summary": fault.summary} for fault in FAULTS.values()]


@dataclass
class Faulty:
    """What goes out, with the chosen faults in it."""

    injector: Injector = field(default_factory=Injector)
    _store: Store | None = None
    _gone_out: int = 0

    def answer(self, request: Request, answer: Answer, default_version: str) -> Answer:
        """The answer to a request to /graphql."""
        if not self.injector.faults:
            return answer
        version = request.header("x-api-version") or default_version
        response = HttpResponse(answer.status, answer.headers, answer.body)
        try:
            altered = self.injector.answer(version, request.body, response)
        except ValueError:  # an unknown version, which the answer says already
            return answer
        return Answer(altered.status, altered.headers, altered.body)

    def events(self, store: Store) -> None:
        """The events that were published since the last call, in the log and on their way to webhooks."""
        since = self._gone_out if store is self._store else 0
        fresh = store.events[since:]
        if fresh and self.injector.faults:
            version = str(fresh[-1]["version"])
            bodies = self.injector.events(version, [entry["event"] for entry in fresh])
            store.events[since:] = [
                {**fresh[min(index, len(fresh) - 1)], "event": _shown(body)} for index, body in enumerate(bodies)
            ]
            store.outbox = self._outbox(store.outbox, version)
        self._store, self._gone_out = store, len(store.events)

    def _outbox(self, calls: list[WebhookCall], version: str) -> list[WebhookCall]:
        altered: list[WebhookCall] = []
        for url in dict.fromkeys(call.url for call in calls):
            own = [call for call in calls if call.url == url]
            bodies = self.injector.events(version, [call.body for call in own])
            altered += [replace(own[min(index, len(own) - 1)], body=body) for index, body in enumerate(bodies)]
        return altered


def _shown(body: Any) -> Any:
    """A body as the log, which is JSON, can show it."""
    return body.decode("utf-8", "replace") if isinstance(body, bytes) else body
