"""Rules about events together with what was before them: each accepts a documented course, and finds its fault."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from conformance.base.paths import format_path
from conformance.contract.load import load_contract
from conformance.events.reading import load_catalogue
from conformance.findings.model import Blame, Finding, Verdict
from conformance.rules.catalogue import TIMELINE_RULES
from conformance.rules.timeline import Item, judge_timeline, meaning_of, read_occurrence
from conformance.traffic.model import Event
from tests.rules.harness import NOVEMBER, Call, answering, case_of
from tests.rules.test_flows import bought, moving, package, read, refunded, return_package, updated

PRODUCT = "businessProduct/bp-1"
PACKAGE = f"{PRODUCT}/order/o-1/delivery/p-1"
REFUND = f"{PRODUCT}/order/o-1/refund/r-1"
RETURN = f"{PRODUCT}/order/o-1/return/ret"
TASK = f"{PRODUCT}/personalDataDeletionTask/t-1"
ITEM = f"{PRODUCT}/items/i-1"
RULE = {rule.id: rule for rule in TIMELINE_RULES}


def told(name: str, resource: str = PACKAGE, second: int = 0, **more: Any) -> Event:
    """A webhook body. Its ids are those of its type and resource, unless given."""
    body = {
        "idempotencyKey": f"key of {name} {resource}",
        "eventDescriptor": name,
        "resources": [resource],
        "eventId": f"id of {name} {resource}",
        "apiVersion": NOVEMBER,
        "subscriptionId": f"subscription to {name}",
        "eventTime": f"2025-01-20T12:34:{second:02}Z",
        "data": {},
    }
    return Event(json.dumps({**body, **more}).encode())


def thin(name: str, resource: str = RETURN) -> Event:
    """An EventBridge event as before 2024-11-01."""
    body = {"version": "0", "id": f"id of {name}", "detail-type": name, "source": "s", "resources": [resource]}
    return Event(json.dumps({**body, "time": "2023-10-27T12:34:56Z", "detail": {}}).encode())


def piece(one: Call | Event, version: str) -> Item:
    if isinstance(one, Call):
        return case_of(one, version)
    found = read_occurrence(one)
    assert found is not None
    return found


def judged(
    rule_id: str, course: list[Any], version: str = NOVEMBER, *, is_complete: bool = True
) -> tuple[Finding, ...]:
    items = [piece(one, version) for one in course]
    return judge_timeline(items, load_contract(version), (RULE[rule_id],), is_complete=is_complete)


IN_TRANSIT, DELIVERED = told("PACKAGE_DELIVERY_IN_TRANSIT"), told("PACKAGE_DELIVERED", second=1)
CANCELLED = told("PACKAGE_DELIVERY_CANCELLED")
REQUESTED, COMPLETED = told("REFUND_REQUESTED", REFUND), told("REFUND_COMPLETED", REFUND)
STARTED, RETURNED = told("RETURN_STARTED", RETURN), told("RETURN_COMPLETED", RETURN)
SENT_BACK, ARRIVED = told("RETURN_PACKAGE_IN_TRANSIT", RETURN), told("RETURN_PACKAGE_DELIVERED", RETURN)
ENDED, FAILED = (told(f"PERSONAL_DATA_DELETION_TASK_{end}", TASK) for end in ("COMPLETED", "FAILED"))
CONFIRMED = told("ORDER_CONFIRMED", f"{PRODUCT}/order/o-1")
STOCK = told("INVENTORY_CHANGED", f"{PRODUCT}/item-quantities/i-1")
SUBSCRIBED = Call(
    "createEventSubscription",
    {"input": {"destination": {"webhook": {"url": "https://shop.example"}}, "eventType": "REFUND_REQUESTED"}},
    {"subscriptionId": "s-1"},
)
NOT_FOUND = replace(
    answering(read(), "id", "o-1"),
    answer=None,
    errors=({"message": "no", "extensions": {"classification": {"type": "ResourceNotFoundError"}}},),
)
SHIPPED = moving(state="IN_TRANSIT")


def amount_told(amount: int) -> Event:
    money = {"totalAmount": {"amount": amount, "currencyCode": "USD"}}
    refunds = {"details": [{"id": "r-1", "state": "PENDING", "refundTotal": money}]}
    return told("REFUND_REQUESTED", REFUND, data={"order": {"id": "o-1", "refunds": refunds}})


def return_now(state: str) -> Call:
    return read(returns={"details": [{"id": "ret", "state": state}]})


def task(status: str) -> Call:
    return Call("personalDataDeletionTask", {"taskId": "t-1"}, {"taskId": "t-1", "status": status})


CASES: list[tuple[str, list[Any], list[Any], str]] = [
    ("EVT-060", [IN_TRANSIT, DELIVERED], [DELIVERED, told("PACKAGE_DELIVERY_CANCELLED", second=2)], "eventDescriptor"),
    ("EVT-060", [DELIVERED, IN_TRANSIT], [told("DELIVERY_CANCELLED"), DELIVERED], "eventDescriptor"),
    ("EVT-061", [STARTED, SENT_BACK, ARRIVED, RETURNED, ARRIVED], [STARTED, RETURNED, SENT_BACK], "eventDescriptor"),
    ("EVT-062", [REQUESTED, COMPLETED], [COMPLETED, REQUESTED], "eventDescriptor"),
    ("EVT-063", [ENDED, ENDED], [ENDED, FAILED], "eventDescriptor"),
    ("EVT-064", [CONFIRMED, IN_TRANSIT], [IN_TRANSIT, CONFIRMED], "eventDescriptor"),
    (
        "EVT-065",
        [REQUESTED, REQUESTED],
        [REQUESTED, told("REFUND_REQUESTED", REFUND, idempotencyKey="k")],
        "idempotencyKey",
    ),
    (
        "EVT-066",
        [REQUESTED, COMPLETED, REQUESTED],
        [told("REFUND_REQUESTED", REFUND, idempotencyKey="k"), told("REFUND_COMPLETED", REFUND, idempotencyKey="k")],
        "idempotencyKey",
    ),
    (
        "EVT-066",
        [told("BUYABILITY_CHANGED", ITEM, idempotencyKey="k"), told("BUYABILITY_CHANGED", ITEM, idempotencyKey="k")],
        [told("BUYABILITY_CHANGED", ITEM, idempotencyKey="k"), told("BUYABILITY_CHANGED", ITEM, 7, idempotencyKey="k")],
        "idempotencyKey",
    ),
    (
        "EVT-067",
        [IN_TRANSIT, IN_TRANSIT],
        [told("REFUND_REQUESTED", REFUND, eventId="e"), told("REFUND_REQUESTED", f"{REFUND}2", eventId="e")],
        "eventId",
    ),
    ("EVT-068", [IN_TRANSIT, DELIVERED], [DELIVERED, IN_TRANSIT], "eventTime"),
    (
        "EVT-069",
        [IN_TRANSIT, told("DELIVERY_IN_TRANSIT")],
        [told("DELIVERY_IN_TRANSIT", subscriptionId="s"), told("PACKAGE_DELIVERY_IN_TRANSIT", subscriptionId="s")],
        "eventDescriptor",
    ),
    (
        "FLW-040",
        [SUBSCRIBED, told("REFUND_REQUESTED", REFUND, subscriptionId="s-1"), IN_TRANSIT],
        [SUBSCRIBED, told("REFUND_COMPLETED", REFUND, subscriptionId="s-1")],
        "eventDescriptor",
    ),
    ("FLW-041", [read(), IN_TRANSIT], [NOT_FOUND, IN_TRANSIT], "resources[0]"),
    (
        "FLW-041",
        [read(), IN_TRANSIT],
        [read(), told("REFUND_REQUESTED", f"{PRODUCT}/order/o-2/refund/r-1")],
        "resources[0]",
    ),
    ("FLW-042", [REQUESTED, refunded(1)], [told("REFUND_REQUESTED", f"{REFUND}2"), refunded(1)], "data.order"),
    (
        "FLW-043",
        [IN_TRANSIT, package("DELIVERED")],
        [IN_TRANSIT, package("PENDING")],
        "data.order.packageInformation.details[0].state",
    ),
    ("FLW-044", [COMPLETED, refunded(1)], [COMPLETED, refunded(1, "PENDING")], "data.order.refunds.details[0].state"),
    (
        "FLW-045",
        [amount_told(5), refunded(5, "PENDING")],
        [amount_told(5), refunded(6, "PENDING")],
        "data.order.refunds.details[0].refundTotal.totalAmount.amount",
    ),
    (
        "FLW-046",
        [ARRIVED, return_package("DELIVERED")],
        [ARRIVED, return_package("IN_TRANSIT")],
        "data.order.returns.details[0]",
    ),
    (
        "FLW-047",
        [RETURNED, return_now("COMPLETED")],
        [RETURNED, return_now("CREATED")],
        "data.order.returns.details[0].state",
    ),
    ("FLW-048", [ENDED, task("COMPLETED")], [ENDED, task("FAILED")], "data.personalDataDeletionTask.status"),
    (
        "FLW-049",
        [package("IN_TRANSIT"), SHIPPED, DELIVERED],
        [package("CANCELLED"), SHIPPED, DELIVERED],
        "eventDescriptor",
    ),
    (
        "FLW-050",
        [package("PENDING"), IN_TRANSIT, package("IN_TRANSIT")],
        [package("PENDING"), package("IN_TRANSIT")],
        "",
    ),
    ("FLW-051", [CANCELLED, REQUESTED], [REQUESTED, CANCELLED], ""),
    ("FLW-052", [bought(), REQUESTED, updated(1)], [bought(), updated(1)], "variables.input.refunds.details[0].id"),
    ("FLW-053", [STOCK, SHIPPED], [SHIPPED, STOCK], "eventDescriptor"),
]


@pytest.mark.parametrize(("rule_id", "accepted", "violating", "path"), CASES, ids=lambda value: str(value)[:12])
def test_a_rule_tells_a_faulty_course_from_a_good_one(
    rule_id: str, accepted: list[Any], violating: list[Any], path: str
) -> None:
    assert judged(rule_id, accepted) == ()
    found = judged(rule_id, violating)
    assert [format_path(finding.path) for finding in found] == [path], found
    rule = RULE[rule_id]
    assert (found[0].rule, found[0].level, found[0].source, found[0].fix) == (
        rule.id,
        rule.level,
        rule.source,
        rule.fix,
    )
    assert found[0].expected


def test_every_rule_has_an_accepted_and_a_violating_case() -> None:
    assert {case[0] for case in CASES} == set(RULE)


def test_what_is_missing_counts_only_where_a_target_shows_all_its_events() -> None:
    silent = [rule.id for rule in TIMELINE_RULES if rule.needs_all]
    assert silent == ["FLW-049", "FLW-050", "FLW-051", "FLW-052"]
    for rule_id, _, violating, _ in CASES:
        if rule_id in silent:
            assert judged(rule_id, violating, is_complete=False) == ()
    other = [read(), told("REFUND_REQUESTED", f"{PRODUCT}/order/o-2/refund/r-1")]
    assert judged("FLW-041", other, is_complete=False) == ()


def test_order_is_that_of_times_and_of_arrival_where_these_are_equal() -> None:
    late = told("PACKAGE_DELIVERY_IN_TRANSIT", second=5)
    assert judged("EVT-060", [late, DELIVERED])
    assert not judged("EVT-060", [DELIVERED, IN_TRANSIT])
    assert judged("EVT-060", [told("PACKAGE_DELIVERED"), IN_TRANSIT])


def test_older_versions_tell_under_older_names() -> None:
    catalogue = load_catalogue()
    for old, new in (
        ("ITEM_DELIVERED", "PACKAGE_DELIVERED"),
        ("RETURN_DELIVERY_FAILED", "RETURN_PACKAGE_DELIVERY_FAILED"),
    ):
        assert meaning_of(old, catalogue) == new
        assert meaning_of(new, catalogue) == new
    assert meaning_of("MOON_LANDED", catalogue) == "MOON_LANDED"
    completed = Call(
        "order", {"orderId": "o-1"}, {"id": "o-1", "returns": {"details": [{"id": "ret", "state": "CREATED"}]}}
    )
    (found,) = judged("FLW-047", [thin("RETURN_DELIVERY_COMPLETED"), completed], "2024-01-01")
    assert (found.verdict, found.blame) == (Verdict.WARN, Blame.TARGET)


def test_an_event_that_cannot_be_read_is_no_piece_of_a_course() -> None:
    for body in (b"", b"[]", b"{}", b'{"data": {"order": null}}', b"\xff", b"[" * 5000):
        assert read_occurrence(Event(body)) is None
    strange = read_occurrence(told("PACKAGE_DELIVERED", resources=[7], eventTime=3, data=[], idempotencyKey=None))
    assert strange is not None
    assert (strange.ids, strange.moment, strange.key, strange.data) == ({}, None, "", {})


def test_values_of_any_kind_break_no_rule() -> None:
    events = [
        told(name, resource) for name in load_catalogue().events for resource in (PACKAGE, REFUND, RETURN, TASK, "x")
    ]
    answers: tuple[Any, ...] = (None, {"id": "o-1", "refunds": {"details": [None, 3]}}, {"id": "o-1", "returns": 4})
    for version in ("2024-01-01", "2024-04-01", NOVEMBER, "next"):
        contract = load_contract(version)
        calls = [replace(case_of(Call("order", {}, {"id": "o-1"}), version), answer=answer) for answer in answers]
        items = [*calls, *(piece(event, version) for event in events), *calls]
        found = judge_timeline(items, contract, TIMELINE_RULES, is_complete=True)
        assert not [finding for finding in found if finding.blame is Blame.SUITE]


def test_a_rule_that_raises_is_a_fault_of_the_suite() -> None:
    def broken(_: object) -> list[Any]:
        raise KeyError("order")

    rule = replace(RULE["EVT-060"], check=broken)
    (found,) = judge_timeline([piece(IN_TRANSIT, NOVEMBER)], load_contract(NOVEMBER), (rule,))
    assert (found.rule, found.verdict, found.blame) == ("EVT-060", Verdict.ERROR, Blame.SUITE)
