"""What a target that shows all its events should have told, and did not, or told too late (FLW-049 to FLW-053)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from conformance.findings.model import Grade, Level
from conformance.operations.finding import listed
from conformance.rules.event_flow import PACKAGE_STATES
from conformance.rules.event_queries import RETURN_STEPS, SANDBOX_MUTATIONS
from conformance.rules.flow_states import PACKAGE, reachable
from conformance.rules.memory import order_id, order_view, packages, refunds
from conformance.rules.model import REQUEST, RuleCase, Violation
from conformance.rules.refunds import EXTERNAL_REFUND
from conformance.rules.timeline import EVENT, Look, Occurrence, Scene, timeline_rule
from conformance.rules.values import alias_rows, rows, text


@timeline_rule(
    "FLW-049",
    Level.MUST,
    "An event does not tell of a state that a package had left before",
    "change-the-state-of-an-outbound-package-in-the-sandbox",
    meanings=tuple(PACKAGE_STATES),
    needs_all=True,
    coordinate="PackageInformationDetails.state",
    fix="Publish nothing about a package after its end state",
)
def no_event_after_the_end(scene: Scene) -> Iterator[Violation]:
    """Against the answers before the last one, which may show the end of several steps at once."""
    event, state = scene.event, PACKAGE_STATES[scene.event.meaning]
    for case in reversed(list(scene.cases())[:-1]):
        view = order_view(case)
        for _, package in packages(view[1]) if view else ():
            before = text(package.get("state"))
            if package.get("id") == event.ids.get("delivery") and before in PACKAGE:
                if state not in reachable(PACKAGE, before):
                    expected = listed(sorted(reachable(PACKAGE, before)))
                    yield Violation(event.name_path, f"the package was {before} before", expected, state, EVENT)
                return


@timeline_rule(
    "FLW-050",
    Level.MUST,
    "A package that moves on is told by an event",
    "change-the-state-of-an-outbound-package-in-the-sandbox",
    look=Look.END,
    needs_all=True,
    coordinate="PackageInformationDetails.state",
    fix="Publish the documented event with each transition",
)
def moves_are_told(scene: Scene) -> Iterator[Violation]:
    """A package that was answered in one state, and later in another, without the event of the later state."""
    last: dict[str, str] = {}
    told = {(event.ids.get("delivery"), PACKAGE_STATES[event.meaning]) for event in scene.events(*PACKAGE_STATES)}
    for case in scene.cases():
        view = order_view(case)
        for _, package in packages(view[1]) if view else ():
            name, state = text(package.get("id")), text(package.get("state"))
            moved = name in last and state != last[name] and state in PACKAGE and state != "PENDING"
            if moved and (name, state) not in told:
                yield Violation((), f"a package became {state}, and no event told so", "an event", "none", EVENT)
            if name and state:
                last[name] = state


@timeline_rule(
    "FLW-051",
    Level.MUST,
    "A refund is requested after a package was cancelled",
    "package_delivery_cancelled",
    look=Look.END,
    grade=Grade.PAGE,
    needs_all=True,
    coordinate="RefundDetails.state",
    fix="Publish REFUND_REQUESTED after PACKAGE_DELIVERY_CANCELLED",
)
def cancelled_is_refunded(scene: Scene) -> Iterator[Violation]:
    """For the same order, anywhere after the cancellation."""
    for index, item in enumerate(scene.earlier):
        if isinstance(item, Occurrence) and item.meaning == "PACKAGE_DELIVERY_CANCELLED":
            after = Scene(scene.contract, None, scene.earlier[index + 1 :])
            if not any(event.is_of(item, "order") for event in after.events("REFUND_REQUESTED")):
                message = "a package was cancelled, and no refund was requested"
                yield Violation((), message, "REFUND_REQUESTED", "none", EVENT)


@timeline_rule(
    "FLW-052",
    Level.MUST,
    "A refund is worked off after REFUND_REQUESTED",
    RETURN_STEPS,
    look=Look.OPERATION,
    operations=("updateOrder",),
    needs_all=True,
    coordinate="RefundDetailsInput.id",
    fix="Wait for REFUND_REQUESTED; a return event asks for no refund",
)
def refund_was_requested(scene: Scene) -> Iterator[Violation]:
    """For orders of this flow, in which no external refund was added; one with an alias of the merchant's may be one,
    as long as no answer has shown it.
    """
    order = order_id(scene.case)
    created = any(order_id(case) == order and order for case in scene.cases("createOrder"))
    requested = {event.ids.get("refund") for event in scene.events("REFUND_REQUESTED")}
    external = any(_adds_external(case) for case in scene.cases("updateOrder"))
    shown = {text(one.get("id")) for case in scene.cases("order") for _, one in refunds(case.answer or {})}
    for path, refund in rows(scene.case.arguments, "input", "refunds", "details") if created and not external else ():
        may_be_added = not {key[0] for _, key in alias_rows(refund, "aliases")}.isdisjoint(EXTERNAL_REFUND)
        if text(refund.get("id")) in ("", *requested) or (may_be_added and refund["id"] not in shown):
            continue
        yield Violation((*path, "id"), "nobody asked for this refund", "REFUND_REQUESTED before", "none", REQUEST)


def _adds_external(case: RuleCase) -> bool:
    return any(not refund.get("id") for _, refund in rows(case.arguments, "input", "refunds", "details"))


@timeline_rule(
    "FLW-053",
    Level.MUST,
    "The sandbox does not publish INVENTORY_CHANGED",
    "test-in-a-sandbox-environment",
    meanings=("INVENTORY_CHANGED",),
    coordinate="CreateEventSubscriptionInput.eventType",
    fix="Leave the event out in the sandbox, where inventory stays as it is",
)
def no_inventory_events(scene: Scene) -> Iterator[Violation]:
    """Where a mutation that only the sandbox has was accepted before."""
    if any(case.accepted for case in scene.cases(*SANDBOX_MUTATIONS)):
        yield Violation(scene.event.name_path, "an event of a sandbox", "no such event", "INVENTORY_CHANGED", EVENT)


GAP_RULES: Final = (
    no_event_after_the_end,
    moves_are_told,
    cancelled_is_refunded,
    refund_was_requested,
    no_inventory_events,
)
