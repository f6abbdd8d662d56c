"""Judging events: documented events give no finding, every rule has a case that breaks it, and no input raises."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.base.errors import SourcePosition
from conformance.base.paths import JsonPath, format_path, parse_path
from conformance.contract.load import load_contract
from conformance.events.data_checks import MAX_PATH
from conformance.events.examples import documented_example, documented_examples, eventbridge, webhook
from conformance.events.judge import MAX_EVENT_BYTES, MAX_FINDINGS, EventJudgement, judge_event
from conformance.events.rules import RULES
from conformance.findings.model import Blame, Finding, Grade, Verdict
from conformance.traffic.model import Event

NEWEST = "2024-11-01"
OLDEST = "2024-01-01"
SECRET = "jo.canary@secret.example"

Change = Callable[[dict[str, Any]], Any]


def judged(body: Any, version: str = NEWEST) -> EventJudgement:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return judge_event(Event(content), load_contract(version))


def changed(body: dict[str, Any], change: Change) -> dict[str, Any]:
    body = deepcopy(body)
    change(body)
    return body


def put(*path: str | int, value: Any) -> Change:
    def change(body: dict[str, Any]) -> None:
        holder: Any = body
        for part in path[:-1]:
            holder = holder[part]
        holder[path[-1]] = value

    return change


def drop(*path: str | int) -> Change:
    def change(body: dict[str, Any]) -> None:
        holder: Any = body
        for part in path[:-1]:
            holder = holder[part]
        del holder[path[-1]]

    return change


def only(judgement: EventJudgement, rule: str) -> Finding:
    found = [finding for finding in judgement.findings if finding.rule == rule]
    assert len(found) == 1, [str(finding) for finding in judgement.findings]
    return found[0]


# --- clean events


@pytest.mark.parametrize(
    ("event_type", "version", "kind", "body"),
    [*documented_examples(), *documented_examples(filled=False)],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_documented_events_are_clean(event_type: str, version: str, kind: str, body: dict[str, Any]) -> None:
    """But for the advice to leave deprecated names behind."""
    judgement = judged(body, version)
    assert (judgement.event_type, judgement.kind) == (event_type, kind)
    assert [finding for finding in judgement.findings if finding.rule not in ("EVT-022", "EVT-023")] == []


def test_every_event_type_has_a_documented_example() -> None:
    assert len({event_type for event_type, *_ in documented_examples()}) == 28
    with pytest.raises(ValueError, match="not documented"):
        documented_example("ORDER_CONFIRMED", OLDEST, "eventbridge_thin")
    with pytest.raises(ValueError, match="not documented"):
        documented_example("RETURN_STARTED", OLDEST, "webhook")


def test_the_overlay_judges_as_the_newest_version() -> None:
    assert judged(webhook("ORDER_CONFIRMED"), "next").findings == ()


@pytest.mark.parametrize("event_type", ["REFUND_REQUESTED", "REFUND_COMPLETED"])
@pytest.mark.parametrize("outer", [lambda refunds: refunds, lambda refunds: [refunds]], ids=["object", "list"])
@pytest.mark.parametrize("inner", [lambda details: details, lambda details: [details]], ids=["object", "list"])
def test_refunds_are_accepted_in_both_documented_forms(
    event_type: str, outer: Callable[[Any], Any], inner: Callable[[Any], Any]
) -> None:
    details = {"id": "refund-51c2", "createdAt": "2025-01-20T12:30:00Z", "updatedAt": "2025-01-20T12:30:00Z"}
    details |= {"state": "PENDING", "refundRequestReason": "ITEM_MISSING", "refundStatusReason": "OTHERS"}
    details |= {"refundTotal": {"totalAmount": {"amount": 1, "currencyCode": "USD"}}, "refundFor": None}  # type: ignore[dict-item]
    body = changed(webhook(event_type), put("data", "order", "refunds", value=outer({"details": inner(details)})))
    assert judged(body).findings == ()


def test_an_order_is_accepted_as_the_graphql_type_has_it() -> None:
    body = webhook("ORDER_CONFIRMED")
    order = body["data"]["order"]
    order["metadata"], order["customer"] = order["metadata"][0], order["customer"][0]
    order["lineItems"][0]["aliases"] = [order["lineItems"][0]["aliases"]]
    order["lineItems"][0]["amount"]["value"] = 2
    order["packageInformation"] = {"summary": {"state": "PENDING"}, "details": None}
    assert judged(body).findings == ()


@pytest.mark.parametrize(
    "time", ["2025-01-20T12:34:56Z", "2025-01-20T12:34:56.789Z", "2025-01-20T12:34:56+00:00", "2016-12-31T23:59:60Z"]
)
def test_utc_times_are_accepted_in_every_form(time: str) -> None:
    assert judged(changed(webhook("RETURN_STARTED"), put("eventTime", value=time))).findings == ()


# --- one case for each rule, at least

BUYABILITY, CONFIRMED = webhook("BUYABILITY_CHANGED"), webhook("ORDER_CONFIRMED")
REFUND, REFUNDED = webhook("REFUND_REQUESTED"), webhook("REFUND_COMPLETED")
RETURNED, GRADED = webhook("RETURN_COMPLETED"), webhook("RETURN_ITEM_GRADED")
INVENTORY = webhook("INVENTORY_CHANGED")
BRIDGE = eventbridge("REFUND_REQUESTED", webhook("REFUND_REQUESTED"))
THIN = eventbridge("REFUND_REQUESTED", {})
PATH = "businessProduct/bp-1/order/322-ABC1-AAAAAA/refund/refund-51c2"
WHOLE, ABSENT = object(), object()
FAIL, WARN, INFO = Verdict.FAIL, Verdict.WARN, Verdict.INFO


def case(
    rule: str,
    body: Any,
    at: str = "",
    value: Any = WHOLE,
    verdict: Verdict = FAIL,
    *,
    found: str | None = None,
    by: str = NEWEST,
) -> Any:
    """An event with a value put to `at`; the finding has to lead there, or to `found`."""
    path = parse_path(at)
    if value is ABSENT:
        body = changed(body, drop(*path))
    elif value is not WHOLE:
        body = changed(body, put(*path, value=value))
    leads_to = path if found is None else parse_path(found)
    return pytest.param(rule, body, leads_to, verdict, by, id=f"{rule} {format_path(leads_to)}")


VIOLATIONS = [
    case("EVT-001", b'{"eventDescriptor": }'),
    case("EVT-001", b'{"eventId": "1", "eventId": "2"}'),
    case("EVT-001", b'{"eventId": "\xff"}'),
    case("EVT-001", b"[" * 10_000),
    case("EVT-001", b" " * (MAX_EVENT_BYTES + 1)),
    case("EVT-002", []),
    case("EVT-002", "REFUND_REQUESTED"),
    case("EVT-003", {"event": "REFUND_REQUESTED"}),
    case("EVT-004", REFUND, "subscriptionId", ABSENT),
    case("EVT-004", REFUND, "eventDescriptor", ABSENT),
    case("EVT-004", BRIDGE, "detail", ABSENT),
    case("EVT-004", BRIDGE, "detail.eventId", ABSENT),
    case("EVT-004", THIN, "region", ABSENT, by=OLDEST),
    case("EVT-005", REFUND, "eventId", 7),
    case("EVT-005", REFUND, "data", None),
    case("EVT-005", REFUND, "data", []),
    case("EVT-005", REFUND, "resources", PATH),
    case("EVT-005", REFUND, "resources", [PATH, 1], found="resources[1]"),
    case("EVT-005", BRIDGE, "detail", "{}"),
    case("EVT-006", REFUND, "idempotencyKey", " "),
    case("EVT-007", REFUND, "eventTime", "20 January 2025"),
    case("EVT-007", REFUND, "eventTime", "2025-13-20T12:34:56Z"),
    case("EVT-007", BRIDGE, "time", "2025-01-20"),
    case("EVT-008", REFUND, "eventTime", "2025-01-20T12:34:56+02:00", WARN),
    case("EVT-008", REFUND, "eventTime", "2025-01-20T12:34:56", WARN),
    case("EVT-009", eventbridge("RETURN_ITEM_GRADED", {}), "detail"),
    case("EVT-009", eventbridge("RETURN_STARTED", {}), "detail", verdict=WARN),
    case("EVT-010", webhook("RETURN_STARTED"), verdict=WARN, by=OLDEST),
    case("EVT-010", eventbridge("RETURN_STARTED", webhook("RETURN_STARTED")), "detail", verdict=WARN, by="2024-04-01"),
    case("EVT-011", THIN, "detail", {"note": 1}, by=OLDEST),
    case("EVT-012", REFUND, "apiVersion", "v2"),
    case("EVT-013", REFUND, "apiVersion", "2024-04-01", WARN),
    case("EVT-013", BRIDGE, "detail.apiVersion", "2031-01-01", WARN),
    case("EVT-014", BRIDGE, "source", "aws.partner/other/x"),
    case("EVT-014", THIN, "source", "aws.partner/buywithprime/", by=OLDEST),
    case("EVT-015", BRIDGE, "account", "12345678901", WARN),
    case("EVT-016", BRIDGE, "region", "us_east_1", WARN),
    case("EVT-017", BRIDGE, "version", "1", INFO),
    case("EVT-018", BRIDGE, "id", "event-1", INFO),
    case("EVT-019", REFUND, "traceId", "1", INFO),
    case("EVT-019", BRIDGE, "replay-name", "r", INFO),
    case("EVT-020", REFUND, "eventDescriptor", "ORDER_EXPLODED", WARN),
    case("EVT-020", webhook("ITEM_DELIVERED"), "eventDescriptor", verdict=WARN),
    case("EVT-020", eventbridge("PACKAGE_DELIVERED", {}), "detail-type", verdict=WARN, by=OLDEST),
    case("EVT-021", REFUND, "eventDescriptor", "refund_requested"),
    case("EVT-021", REFUND, "eventDescriptor", "REFUND_REQUESTED "),
    case("EVT-022", webhook("RETURN_DELIVERY_FAILED"), "eventDescriptor", verdict=WARN),
    case("EVT-023", eventbridge("ITEM_IN_TRANSIT", {}), "detail-type", verdict=INFO, by=OLDEST),
    case("EVT-023", eventbridge("INVENTORY_CHANGED", {}), "detail-type", "PRODUCT_INVENTORY_CHANGED", INFO, by=OLDEST),
    case("EVT-024", BRIDGE, "detail-type", "RETURN_STARTED"),
    case("EVT-024", BRIDGE, "detail.eventDescriptor", "RETURN_STARTED"),
    case("EVT-025", BRIDGE, "detail.resources", [PATH], found="resources"),
    case("EVT-030", REFUND, "resources", []),
    case("EVT-031", REFUND, "resources", [PATH, PATH], INFO),
    case("EVT-032", REFUND, "resources[0]", "order/1"),
    case("EVT-032", BRIDGE, "detail.resources[0]", "x"),
    case("EVT-033", REFUND, "resources[0]", "businessProduct/b/order/o"),
    case("EVT-033", INVENTORY, "resources[0]", "businessProduct/b/items/i", WARN),
    case("EVT-034", REFUND, "data.order.id", "another", WARN),
    case("EVT-035", REFUND, "data.order.refunds.details[0].id", "x", WARN, found="data.order.refunds.details"),
    case("EVT-035", REFUNDED, "data.order.refunds[0].details.id", "x", WARN, found="data.order.refunds"),
    case("EVT-035", RETURNED, "data.order.returns.details[0].id", "x", WARN, found="data.order.returns.details"),
    case("EVT-040", REFUND, "data", {"refund": {}}, found="data.order"),
    case("EVT-040", REFUND, "data.order", None),
    case("EVT-040", webhook("RETURN_STARTED"), "data", {"return": {}}, WARN, found="data.order"),
    case("EVT-041", REFUND, "data.order", "322"),
    case("EVT-041", BRIDGE, "detail.data.order.refunds.details[0]", "r"),
    case("EVT-041", BUYABILITY, "data.product", [{}]),
    case("EVT-042", REFUND, "data.order.aliases", {}),
    case("EVT-042", RETURNED, "data.order.returns.details", {}),
    case("EVT-043", REFUND, "data.order.id", 322),
    case("EVT-043", REFUND, "data.order.refunds.details[0].state", ["PENDING"]),
    case("EVT-043", REFUND, "data.order.refunds.details[0].refundTotal.totalAmount.amount", "10", WARN),
    case("EVT-043", CONFIRMED, "data.order.lineItems[0].amount.value", "two"),
    case("EVT-044", REFUND, "data.order.refunds.details[0].id", None),
    case("EVT-044", CONFIRMED, "data.order.metadata[0]", None),
    case("EVT-045", REFUND, "data.order.id", ABSENT),
    case("EVT-045", CONFIRMED, "data.order.orderLinks[0].url", ABSENT),
    case("EVT-045", webhook("PACKAGE_DELIVERY_CANCELLED"), "data.order.id", ABSENT, WARN),
    case("EVT-046", REFUND, "data.order.aliases", ABSENT, INFO),
    case("EVT-048", CONFIRMED, "data.order.metadata[0].executionState", "PAUSED"),
    case("EVT-049", REFUND, "data.order.refunds.details[0].state", "LOST", INFO),
    case("EVT-050", REFUND, "data.order.refunds.details[0].createdAt", "today"),
    case("EVT-051", REFUND, "data.order.mood", "good", INFO),
    case("EVT-051", REFUND, "data.note", "good", INFO),
    case("EVT-052", GRADED, "data", {"grading": {}}, INFO),
    case("EVT-053", REFUND, "resources", ["x"] * (MAX_FINDINGS + 1), WARN, found=""),
]


@pytest.mark.parametrize(("rule", "body", "path", "verdict", "version"), VIOLATIONS)
def test_a_violation_is_found_where_it_is(rule: str, body: Any, path: JsonPath, verdict: Verdict, version: str) -> None:
    judgement = judged(body, version)
    found = [finding for finding in judgement.findings if (finding.rule, finding.path) == (rule, path)]
    assert found, [(finding.rule, finding.path, finding.message) for finding in judgement.findings]
    for finding in found:
        assert finding.verdict is verdict
        assert finding.origin == "event"
        assert finding.expected
        assert finding.source
        assert finding.message
    assert judgement.verdict >= verdict


def test_every_rule_has_a_violation() -> None:
    """All but EVT-047: no event type that was read carries an enum; its case is in test_leaves."""
    assert {rule.id for rule in RULES} - {violation.values[0] for violation in VIOLATIONS} == {"EVT-047"}


# --- what findings say


def test_malformed_json_has_its_line_and_column() -> None:
    position = SourcePosition("traffic.ndjson", 40)
    body = b'{\n  "eventId": "1",\n}'
    finding = only(judge_event(Event(body, position=position), load_contract(NEWEST)), "EVT-001")
    assert (finding.position, finding.message.endswith("(line 42, column 1)")) == (
        SourcePosition("traffic.ndjson", 42, 1),
        True,
    )
    assert "comma" in finding.fix


def test_every_finding_knows_the_place_of_its_event() -> None:
    position = SourcePosition("traffic.ndjson", 40, 1)
    body = json.dumps(changed(REFUND, drop("eventId"))).encode()
    assert only(judge_event(Event(body, position=position), load_contract(NEWEST)), "EVT-004").position == position


def test_an_event_type_of_another_version_names_the_versions_and_the_replacement() -> None:
    finding = only(judged(webhook("ITEM_DELIVERED")), "EVT-020")
    assert finding.message.startswith("ITEM_DELIVERED is documented for 2024-01-01, not for 2024-11-01")
    assert finding.expected == "PACKAGE_DELIVERED"
    backwards = only(judged(eventbridge("RETURN_PACKAGE_DELIVERED", {}), "2024-04-01"), "EVT-020")
    assert backwards.fix == "In 2024-04-01 the event type is RETURN_DELIVERY_COMPLETED"
    without = only(judged(eventbridge("ORDER_CONFIRMED", {}), "2024-04-01"), "EVT-020")
    assert (without.expected, without.fix) == ("an event type of 2024-04-01", "")


def test_a_deprecated_event_type_is_the_subscribers_affair() -> None:
    finding = only(judged(webhook("DELIVERY_COMPLETED")), "EVT-022")
    assert (finding.expected, finding.fix) == ("PACKAGE_DELIVERED", "Subscribe to PACKAGE_DELIVERED")
    assert (finding.blame, finding.grade) == (Blame.CLIENT, Grade.CHANGELOG)


def test_a_similar_name_is_offered() -> None:
    finding = only(judged(changed(REFUND, put("eventDescriptor", value="REFUND_REQUEST"))), "EVT-020")
    assert (finding.expected, finding.fix) == ("REFUND_REQUESTED", "Is REFUND_REQUESTED meant?")


def test_an_event_of_another_version_says_how_to_judge_it() -> None:
    finding = only(judged(changed(REFUND, put("apiVersion", value="2024-04-01"))), "EVT-013")
    assert (finding.blame, finding.fix) == (Blame.CONFIGURATION, "Judge it with --version 2024-04-01")


def test_data_is_not_judged_by_a_version_whose_events_have_none() -> None:
    body = changed(REFUND, put("data", "order", value=7))
    assert {finding.rule for finding in judged(body, OLDEST).findings} == {"EVT-010", "EVT-013"}


def test_weak_evidence_warns_and_says_so() -> None:
    finding = only(judged(changed(webhook("RETURN_STARTED"), put("data", "order", value=7))), "EVT-041")
    assert (finding.verdict, finding.grade) == (Verdict.WARN, Grade.INFERRED)
    assert finding.message.endswith("(unconfirmed: it is inferred)")


def test_fields_of_the_contract_beyond_the_page_are_judged_as_inferred() -> None:
    body = changed(REFUND, put("data", "order", "totalPrice", value={"value": {"amount": "ten"}}))
    finding = only(judged(body), "EVT-043")
    assert (finding.path, finding.coordinate) == (("data", "order", "totalPrice", "value", "amount"), "Money.amount")
    assert finding.verdict is Verdict.WARN


def test_data_of_an_event_whose_page_shows_none_is_judged_by_the_query_of_that_name() -> None:
    body = changed(GRADED, put("data", value={"order": {"id": 7, "returns": {"details": [{"id": "return-90d4"}]}}}))
    finding = only(judged(body), "EVT-043")
    assert (finding.path, finding.coordinate, finding.verdict) == (("data", "order", "id"), "Order.id", Verdict.WARN)


def test_nobody_misses_what_no_page_shows() -> None:
    body = webhook("REFUND_REQUESTED")
    details = body["data"]["order"]["refunds"]["details"][0]
    del details["refundTotal"], details["refundFor"]
    assert judged(body).findings == ()
    cut = changed(webhook("PACKAGE_DELIVERED"), put("data", "order", "packageInformation", "details", value=[{}]))
    assert judged(cut).findings == ()


def test_what_the_contract_knows_nothing_about_is_not_judged() -> None:
    body = changed(BUYABILITY, put("data", "product", "metadata", value={"a": 1, "b": {"c": []}}))
    assert judged(body).findings == ()


def test_a_finding_shows_no_personal_data() -> None:
    body = webhook("ORDER_CONFIRMED")
    order = body["data"]["order"]
    order["customer"] = SECRET
    order["orderLinks"] = [{"destinationType": 1, "displayMessage": {"text": SECRET}, "url": None}]
    order["lineItems"][0]["amount"]["value"] = SECRET
    order["metadata"][0]["createdAt"] = SECRET
    order["note"] = SECRET
    body["resources"] = [f"businessProduct/{SECRET}/order/{SECRET}/{SECRET}/x"]
    body["eventId"] = {"email": SECRET}
    findings = judged(body).findings
    assert len(findings) >= 8
    shown = [part for f in findings for part in (f.message, f.expected, f.actual, f.fix)]
    assert [text for text in shown if "canary" in text] == []


def test_texts_of_strangers_are_shortened_and_printable() -> None:
    name = "X\ud800\n" + "y" * 500
    judgement = judged(changed(REFUND, put("eventDescriptor", value=name)))
    finding = only(judgement, "EVT-020")
    assert len(finding.actual) < 60
    for text in (judgement.event_type, finding.actual, finding.message):
        assert text.isprintable()
        text.encode()


def test_a_key_of_strangers_can_be_written_in_a_path() -> None:
    finding = only(judged(changed(REFUND, put("\ud800key", value=1))), "EVT-019")
    format_path(finding.path).encode()


def test_data_that_nests_without_end_is_judged_as_deep_as_it_makes_sense() -> None:
    product: dict[str, Any] = {"id": 7}
    for _ in range(90):
        product = {"representativeOfPurchaseGroup": {"representativeProduct": product}}
    judgement = judged(changed(BUYABILITY, put("data", value={"product": product})))
    assert len(only(judgement, "EVT-052").path) == MAX_PATH + 1


def test_findings_of_a_flood_are_counted_and_cut() -> None:
    judgement = judged(changed(REFUND, put("resources", value=["x"] * 5_000)))
    assert len(judgement.findings) == MAX_FINDINGS + 1
    assert judgement.findings[-1].rule == "EVT-053"


# --- any input at all

QUIET = settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@QUIET
@given(content=st.binary(max_size=200), version=st.sampled_from([OLDEST, NEWEST]))
def test_arbitrary_bytes_never_raise(content: bytes, version: str) -> None:
    assert judged(content, version).findings


@QUIET
@given(value=JSON)
def test_arbitrary_json_never_raises(value: Any) -> None:
    assert judged(json.dumps(value).encode()).findings


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    below: list[tuple[str | int, ...]] = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        below += places(item, (*path, key))
    return below


@QUIET
@given(data=st.data(), value=JSON)
def test_arbitrary_values_anywhere_in_an_event_never_raise(data: st.DataObject, value: Any) -> None:
    event_type, version, _, body = data.draw(st.sampled_from(documented_examples()))
    path = data.draw(st.sampled_from(places(body)))
    body = changed(body, put(*path, value=value))
    assert isinstance(judged(body, version), EventJudgement), event_type


@pytest.mark.parametrize("wrong", [None, 7, True, [], {}, [[]]], ids=repr)
@pytest.mark.parametrize("body", [REFUND, BRIDGE, CONFIRMED, BUYABILITY], ids=["refund", "bridge", "order", "product"])
def test_a_wrong_kind_anywhere_in_the_envelope_is_found_there(body: dict[str, Any], wrong: Any) -> None:
    for path in places(body):
        is_envelope = "data" not in path[:-1] and path[-1] != "data"
        if is_envelope and isinstance(path[-1], str) and path[-1] not in ("detail", "resources"):
            findings = judged(changed(body, put(*path, value=wrong))).findings
            assert [f for f in findings if f.rule == "EVT-005" and f.path == path], (path, findings)


@pytest.mark.parametrize(
    "body", [BUYABILITY, CONFIRMED, webhook("REFUND_COMPLETED")], ids=["product", "order", "refund"]
)
def test_a_container_in_place_of_a_leaf_is_found_there(body: dict[str, Any]) -> None:
    leaves = [path for path in places(body["data"]) if isinstance(path[-1], str)]
    for path in leaves:
        value: Any = body["data"]
        for part in path:
            value = value[part]
        if isinstance(value, str):
            findings = judged(changed(body, put("data", *path, value={"nested": [1]}))).findings
            assert [f for f in findings if f.path == ("data", *path)], path
