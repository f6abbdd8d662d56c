"""Events against what is asked and answered around them (FLW-040 to FLW-048)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

from conformance.base.paths import JsonPath
from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown, listed
from conformance.rules.event_flow import PACKAGE_STATES, TASK_EVENTS
from conformance.rules.flow_states import PACKAGE, reachable
from conformance.rules.memory import order_id, order_view, packages, refunds, return_packages, same_order
from conformance.rules.model import RuleCase, Violation
from conformance.rules.timeline import EVENT, Look, Occurrence, Scene, timeline_rule
from conformance.rules.values import at, number, rows, text

HANDLING: Final = "subscribe-to-events"
RETURN_STEPS: Final = "steps-to-process-returns"
_ORDER: Final = ("order",)
SANDBOX_MUTATIONS: Final = ("updateOrderPackageInformation", "updateOrderDeliveryInformation", "updateOrderReturns")
_Parts = Callable[[Mapping[str, Any]], Iterator[tuple[JsonPath, Mapping[str, Any]]]]


def _returns(order: Mapping[str, Any]) -> Iterator[tuple[JsonPath, Mapping[str, Any]]]:
    yield from rows(order, "returns", "details")


_NAMED: Final[Mapping[str, tuple[str, _Parts]]] = MappingProxyType(
    {"delivery": ("package", packages), "refund": ("refund", refunds), "return": ("return", _returns)}
)


def _about(scene: Scene, order: str, *meanings: str) -> Iterator[Occurrence]:
    """The events before about an order."""
    for event in scene.events(*meanings):
        if order and event.ids.get("order") == order:
            yield event


def _answered(scene: Scene, parts: _Parts) -> Iterator[tuple[JsonPath, Mapping[str, Any], str]]:
    """Whole path and fields of each part of the order that is answered, and the order's id."""
    view = order_view(scene.case)
    if view is not None:
        for path, part in parts(view[1]):
            yield (*view[0], *path), part, order_id(scene.case)


@timeline_rule(
    "FLW-040",
    Level.MUST,
    "A subscription brings the event type that it is for",
    HANDLING,
    coordinate="CreateEventSubscriptionInput.eventType",
    fix="Publish to a subscription the event type that it was created with",
)
def subscribed_type(scene: Scene) -> Iterator[Violation]:
    """Where the subscription was created or queried before in the same flow: one event type each."""
    event = scene.event
    for case in scene.cases("createEventSubscription", "eventSubscription"):
        created = case.operation == "createEventSubscription"
        wanted = at(case.arguments, "input", "eventType") if created else at(case.answer, "eventType")
        if event.subscription and at(case.answer, "subscriptionId") == event.subscription and text(wanted):
            if wanted != event.name:
                expected, actual = code_shown(wanted), code_shown(event.name)
                yield Violation(event.name_path, "not the type of the subscription", expected, actual, EVENT)
            return


@timeline_rule(
    "FLW-041",
    Level.MUST,
    "An event is about an order that exists",
    HANDLING,
    grade=Grade.INFERRED,
    coordinate="Order.id",
    fix="Publish events about orders of the store only",
)
def known_order(scene: Scene) -> Iterator[Violation]:
    """Not one that a query did not find; in a complete timeline one that the flow asks for or answers."""
    order = scene.event.ids.get("order", "")
    if not order:
        return
    cases = list(scene.cases())
    known = {order_id(case) for case in cases if _is_about_orders(case)}
    asked = [case for case in cases if case.operation == "order" and order_id(case) == order]
    if any(_not_found(case) for case in asked[-1:]):
        yield Violation(("resources", 0), "the order was not found before", "a known order", "an unknown one", EVENT)
    elif scene.is_complete and known and "" not in known and order not in known:
        yield Violation(("resources", 0), "nobody asked for this order", "a known order", "an unknown one", EVENT)


def _is_about_orders(case: RuleCase) -> bool:
    return case.operation in ("order", "createOrder", "updateOrder", "cancelOrder", *SANDBOX_MUTATIONS)


def _not_found(case: RuleCase) -> bool:
    kinds = {text(at(error, "extensions", "classification", "type")) for error in case.errors}
    return case.answer is None and "ResourceNotFoundError" in kinds


@timeline_rule(
    "FLW-042",
    Level.MUST,
    "An order has the package, refund or return that an event names",
    HANDLING,
    look=Look.OPERATION,
    operations=_ORDER,
    coordinate="Query.order",
    fix="Answer the thing under the id that the event's resource path has",
)
def named_thing_exists(scene: Scene) -> Iterator[Violation]:
    """Where the ids of such things are answered at all."""
    for kind, (what, parts) in _NAMED.items():
        ids = [text(one.get("id")) for _, one, _ in _answered(scene, parts)]
        for event in _about(scene, order_id(scene.case)) if ids and all(ids) else ():
            if event.ids.get(kind) and event.ids[kind] not in ids:
                message = f"no {what} with the id that {code_shown(event.meaning)} names"
                yield Violation((), message, f"a {what} with this id", f"{len(ids)} of other ids")


@timeline_rule(
    "FLW-043",
    Level.MUST,
    "A package is in the state that its events tell, or in a later one",
    HANDLING,
    look=Look.OPERATION,
    operations=_ORDER,
    coordinate="PackageInformationDetails.state",
    fix="Publish an event once the state that it tells is there",
)
def package_state_agrees(scene: Scene) -> Iterator[Violation]:
    """A query after the event."""
    for path, package, order in _answered(scene, packages):
        state = text(package.get("state"))
        for event in _about(scene, order, *PACKAGE_STATES) if state in PACKAGE else ():
            may_be = reachable(PACKAGE, PACKAGE_STATES[event.meaning])
            if event.ids.get("delivery") == package.get("id") and state not in may_be:
                yield Violation((*path, "state"), f"{event.meaning} was told", listed(sorted(may_be)), state)
                break


@timeline_rule(
    "FLW-044",
    Level.MUST,
    "A refund that was told as completed has given money back",
    "refund_completed",
    look=Look.OPERATION,
    grade=Grade.INFERRED,
    operations=_ORDER,
    coordinate="RefundDetails.state",
    fix="Publish REFUND_COMPLETED once the refund was processed",
)
def refund_state_agrees(scene: Scene) -> Iterator[Violation]:
    """PENDING and FAILURE come before."""
    for path, refund, order in _answered(scene, refunds):
        state = text(refund.get("state"))
        told = [event.ids.get("refund") for event in _about(scene, order, "REFUND_COMPLETED")]
        if refund.get("id") in told and state in ("PENDING", "FAILURE"):
            yield Violation((*path, "state"), "REFUND_COMPLETED was told", "PARTIAL, SUCCESS", state)


@timeline_rule(
    "FLW-045",
    Level.MUST,
    "The amount of a refund is the same in its event and in the order",
    "refund_requested",
    look=Look.OPERATION,
    grade=Grade.INFERRED,
    operations=_ORDER,
    coordinate="RefundDetails.refundTotal",
    fix="Fill the event's data from the order",
)
def refund_amount_agrees(scene: Scene) -> Iterator[Violation]:
    """Where the event has data, the state is still the one that it told, and no update came between."""
    if any(case.operation == "updateOrder" for case in same_order(scene.case)):
        return
    for path, refund, order in _answered(scene, refunds):
        amount = _refunded(refund)
        for event in _about(scene, order, "REFUND_REQUESTED", "REFUND_COMPLETED"):
            for told in _refunds_of(event):
                same = all(told.get(key) == refund.get(key) for key in ("id", "state"))
                before = _refunded(told)
                if same and amount is not None and before is not None and amount != before:
                    place = (*path, "refundTotal", "totalAmount", "amount")
                    yield Violation(place, f"{event.meaning} told another amount", str(before), str(amount))


def _refunded(refund: Mapping[str, Any]) -> Any:
    return number(at(refund, "refundTotal", "totalAmount", "amount"))


def _refunds_of(event: Occurrence) -> Iterator[Mapping[str, Any]]:
    """The refunds in data, which pages print as an object with a list and as a list of objects."""
    found = at(event.data, "order", "refunds")
    for holder in found if isinstance(found, list) else [found]:
        details = at(holder, "details")
        for one in details if isinstance(details, list) else [details]:
            if isinstance(one, Mapping):
                yield one


_RETURN_TOLD: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "RETURN_PACKAGE_IN_TRANSIT": ("IN_TRANSIT", "DELIVERED", "FAILED"),
        "RETURN_PACKAGE_DELIVERED": ("DELIVERED",),
        "RETURN_PACKAGE_DELIVERY_FAILED": ("FAILED",),
    }
)


@timeline_rule(
    "FLW-046",
    Level.MUST,
    "A package of a return is in a state that the return's events tell",
    RETURN_STEPS,
    look=Look.OPERATION,
    versions=("2024-04-01", "2024-11-01"),
    operations=_ORDER,
    coordinate="ReturnPackageDetails.state",
    fix="Publish an event once the state that it tells is there",
)
def return_state_agrees(scene: Scene) -> Iterator[Violation]:
    """At least one package of the return: events name the return, not the package."""
    for path, one, order in _answered(scene, _returns):
        states = {text(package.get("state")) for _, package in return_packages({"returns": {"details": [one]}})}
        for event in _about(scene, order, *_RETURN_TOLD) if states and "" not in states else ():
            wanted = _RETURN_TOLD[event.meaning]
            if event.ids.get("return") == one.get("id") and states.isdisjoint(wanted):
                message = f"no package of the return is as {event.meaning} told"
                yield Violation(path, message, listed(wanted), code_shown(min(states)))
                break


@timeline_rule(
    "FLW-047",
    Level.MUST,
    "A return that was told as completed is COMPLETED",
    "return_completed",
    look=Look.OPERATION,
    grade=Grade.INFERRED,
    operations=_ORDER,
    coordinate="ReturnDetails.state",
    fix="Publish RETURN_COMPLETED once the return is COMPLETED",
)
def return_end_agrees(scene: Scene) -> Iterator[Violation]:
    """RETURN_COMPLETED and, in 2024-01-01, the arrival, which is the same there."""
    ends = ("RETURN_COMPLETED", *(("RETURN_PACKAGE_DELIVERED",) if scene.version == "2024-01-01" else ()))
    for path, one, order in _answered(scene, _returns):
        state, told = text(one.get("state")), [event.ids.get("return") for event in _about(scene, order, *ends)]
        if one.get("id") in told and state and state != "COMPLETED":
            yield Violation((*path, "state"), "the return was told as completed", "COMPLETED", code_shown(state))


@timeline_rule(
    "FLW-048",
    Level.MUST,
    "A privacy task has ended as its event told",
    "steps-to-process-privacy-requests",
    look=Look.OPERATION,
    operations=("personalDataRetrievalTask", "personalDataDeletionTask"),
    coordinate="PersonalDataRetrievalTask.status",
    fix="Publish the event once the task has ended, under the name of its end",
)
def task_end_agrees(scene: Scene) -> Iterator[Violation]:
    """A query after the event."""
    status, task = at(scene.case.answer, "status"), scene.case.arguments.get("taskId")
    for event in scene.events(*TASK_EVENTS):
        wanted = event.meaning.rpartition("_")[2]
        if isinstance(task, str) and event.ids.get(scene.case.operation) == task and isinstance(status, str):
            if status != wanted:
                yield Violation(("status",), f"an event told {wanted}", wanted, code_shown(status))
            return


QUERY_RULES: Final = (
    subscribed_type,
    known_order,
    named_thing_exists,
    package_state_agrees,
    refund_state_agrees,
    refund_amount_agrees,
    return_state_agrees,
    return_end_agrees,
    task_end_agrees,
)
