"""Flows against the embedded sandbox: clean as it publishes, and each alteration of its events is found by its rule."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conformance.base.clock import FixedClock
from conformance.base.data import data_folder
from conformance.contract.model import Contract
from conformance.engine.execute import execute
from conformance.engine.plan import plan
from conformance.findings.model import CaseResult, Verdict
from conformance.scenario.load import load_scenario
from conformance.scenario.select import Selection
from conformance.targets.embedded import EmbeddedProvider, EmbeddedTarget
from conformance.traffic.model import Event

Alteration = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


class Altered:
    """The embedded target, whose events go through an alteration."""

    name = "embedded"

    def __init__(self, inner: EmbeddedProvider, alter: Alteration) -> None:
        self.inner = inner
        self.alter = alter

    def open(self, scenario: str, contract: Contract) -> EmbeddedTarget:
        target = self.inner.open(scenario, contract)
        published = target.events

        def altered() -> tuple[Event, ...]:
            bodies = [json.loads(event.body) for event in published()]
            return tuple(Event(json.dumps(body).encode()) for body in self.alter(bodies))

        target.events = altered  # type: ignore[method-assign]
        return target


@pytest.fixture(scope="module")
def provider() -> Iterator[EmbeddedProvider]:
    """One sandbox for the module; each case starts from a fresh state."""
    made = EmbeddedProvider()
    yield made
    made.close()


def run(provider: EmbeddedProvider, name: str, alter: Alteration) -> CaseResult:
    scenario = load_scenario(data_folder("scenarios") / f"{name}.yaml")
    case = plan([scenario], Selection(versions=("2024-11-01",)))[0]
    return execute(case, Altered(provider, alter), FixedClock())


def as_it_is(bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return bodies


def without(name: str) -> Alteration:
    return lambda bodies: [body for body in bodies if body["eventDescriptor"] != name]


def again(**changes: Any) -> Alteration:
    return lambda bodies: [*bodies, *({**body, **changes} for body in bodies)]


def renamed(old: str, new: str) -> Alteration:
    return lambda bodies: [
        {**body, "eventDescriptor": new} if body["eventDescriptor"] == old else body for body in bodies
    ]


def of_order(order: str) -> Alteration:
    def changed(body: dict[str, Any]) -> dict[str, Any]:
        parts = body["resources"][0].split("/")
        return {**body, "resources": ["/".join([*parts[:3], order, *parts[4:]])]}

    return lambda bodies: [changed(body) for body in bodies]


def one_key(bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**body, "idempotencyKey": "always-the-same"} for body in bodies]


DELIVERY = "order/flow.checkout-to-delivery"
CANCELLATION = "sandbox/packages.cancel-undeliverable"


@pytest.mark.parametrize("name", [DELIVERY, CANCELLATION])
def test_the_events_of_the_sandbox_are_clean(provider: EmbeddedProvider, name: str) -> None:
    result = run(provider, name, as_it_is)
    assert any(step.kind == "event" for step in result.steps)
    assert result.verdict <= Verdict.INFO, [finding.message for finding in result.all_findings]


@pytest.mark.parametrize(
    ("name", "alter", "rule"),
    [
        (DELIVERY, without("PACKAGE_DELIVERED"), "FLW-050"),
        (CANCELLATION, without("REFUND_REQUESTED"), "FLW-051"),
        (DELIVERY, again(idempotencyKey="another", eventId="another"), "EVT-065"),
        (DELIVERY, one_key, "EVT-066"),
        (DELIVERY, renamed("PACKAGE_DELIVERY_IN_TRANSIT", "PACKAGE_DELIVERED"), "FLW-043"),
        (CANCELLATION, renamed("REFUND_REQUESTED", "REFUND_COMPLETED"), "FLW-051"),
        (DELIVERY, of_order("another-order"), "FLW-041"),
        (DELIVERY, lambda bodies: [{**body, "eventTime": "soon"} for body in bodies], "EVT-007"),
    ],
)
def test_an_alteration_of_events_is_found(provider: EmbeddedProvider, name: str, alter: Alteration, rule: str) -> None:
    found = {finding.rule for finding in run(provider, name, alter).all_findings}
    assert rule in found
