"""What each figure of coverage means: with a case that asserts, one that only lets pass, and what is missing."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import pytest

from conformance.base.clock import FixedClock
from conformance.base.errors import InputError
from conformance.base.versions import VERSIONS
from conformance.contract.model import Contract
from conformance.engine.coverage import Covered, Tally, pack, scenarios_of, tally, unpack
from conformance.engine.coverage_lock import compare, grown, lock_text, locked_of, read_lock
from conformance.engine.execute import execute
from conformance.engine.inventory import Kind, Mark, inventory
from conformance.engine.plan import plan
from conformance.engine.sighting import Sightings, sight
from conformance.findings.model import CaseResult, Coverage
from conformance.scenario.load import parse_scenario
from conformance.scenario.model import Scenario
from conformance.scenario.select import Selection
from conformance.traffic.model import HttpRequest, HttpResponse

VERSION = "2024-11-01"
ORDER = """\
scenario: order.query.once
title: Query an order
interface: order
documented: {page: order-queries-order, example: Get Order With Single Field}
versions: ["2024-11-01"]
steps:
  - step: ask
    document: |
      query ($which: OrderIdentifierInput!) {
        order(orderIdentifier: $which) {
          id
          customer { bwpCustomerId }
          metadata { executionState createdAt }
          lineItems { id amount { unit value } }
        }
      }
    variables: {which: {alias: {aliasType: EXTERNAL_ID, aliasId: a-1}}}
"""
ANSWER = {
    "data": {
        "order": {
            "id": "o-1",
            "customer": None,
            "metadata": {"executionState": "STARTED", "createdAt": "2024-11-01T10:00:00Z"},
            "lineItems": [{"id": "l-1", "amount": {"unit": None, "value": 1}}],
        }
    }
}
CANCEL = """\
scenario: order.cancel.once
title: Cancel an order
interface: order
versions: ["2024-11-01"]
steps:
  - step: ask
    document: |
      mutation ($input: CancelOrderInput) {
        cancelOrder(orderIdentifier: {orderId: "o-1"}, input: $input) { __typename }
      }
    variables: {input: {reason: ORDERED_BY_MISTAKE, additionalComments: late}}
"""
UPDATE = """\
scenario: order.update.once
title: Update an order
interface: order
versions: ["2024-11-01"]
steps:
  - step: ask
    document: |
      mutation ($input: UpdateOrderInput) { updateOrder(orderIdentifier: {orderId: "o-1"}, input: $input) { id } }
    variables: {input: {}}
"""
SUBSCRIPTION = """\
scenario: events.subscription.once
title: Query a subscription
interface: events
versions: ["2024-11-01"]
steps:
  - step: ask
    document: |
      query {
        eventSubscription(subscriptionId: "s-1") {
          eventSubscriptionDetails { destination { __typename ... on EventBridgeData { arn } } }
        }
      }
"""
SUBSCRIBE = """\
scenario: events.subscribe.once
title: Subscribe
interface: events
versions: ["2024-11-01"]
steps:
  - step: ask
    document: |
      mutation { createEventSubscription(input: {eventType: "VALUE"}) { subscriptionId } }
"""
DESTINATION = {"__typename": "EventBridgeData", "arn": "arn:1"}
SUBSCRIBED = {"data": {"eventSubscription": {"eventSubscriptionDetails": {"destination": DESTINATION}}}}
EVENT = """\
scenario: events.payload.once
title: An order was placed
interface: events
versions: ["2024-11-01"]
steps:
  - step: webhook
    event:
      idempotencyKey: k-1
      eventDescriptor: ORDER_CONFIRMED
      resources: [businessProduct/bp-1/order/o-1]
      eventId: e-1
      apiVersion: "2024-11-01"
      subscriptionId: s-1
      eventTime: "2025-01-20T12:34:56Z"
      data: {order: {id: o-1, metadata: [{executionState: STARTED}]}}
"""


@dataclass
class FakeTarget:
    """Gives one answer to everything. Plays a provider and its target."""

    answer: Any
    name: str = "cassettes"
    origin: str = "embedded"
    endpoint: str = "https://sandbox.example/graphql"
    asked: list[HttpRequest] = field(default_factory=list)

    def open(self, scenario: str, contract: Contract) -> FakeTarget:
        assert scenario
        assert contract.version in VERSIONS
        return self

    def send(self, request: HttpRequest, *, deadline_s: float) -> HttpResponse:
        assert deadline_s > 0
        self.asked.append(request)
        return HttpResponse(200, (("Content-Type", "application/json"),), json.dumps(self.answer).encode())

    def unused(self) -> tuple[str, ...]:
        return ()


def ran(text: str, answer: Any = None) -> tuple[CaseResult, Scenario]:
    (case,) = plan([parse_scenario(text, Path("s.yaml"))], Selection())
    return execute(case, FakeTarget(answer), FixedClock()), case.scenario


def covered(text: str, answer: Any = None, expect: str = "") -> Covered:
    """What a scenario covers whose last step has these expectations."""
    result, scenario = ran(text + (f"    expect: {expect}\n" if expect else ""), answer)
    made = Tally()
    made.add(VERSION, sight(result, scenario))
    (one,) = made.covered()
    return one


def how(one: Covered, kind: Kind, name: str) -> str:
    """How a thing is covered: `asserted`, `passed` or `missing`. Its figure must agree."""
    assert name in inventory(one.version).names[kind], f"{name} is no {kind.value}"
    figure = next(figure for figure in one.figures() if figure.kind == kind.value)
    assert figure.asserted + figure.passed + len(figure.missing) == figure.total
    if (kind, name) in one.asserted:
        assert (kind, name) not in one.passed
        return "asserted"
    assert ((kind, name) in one.passed) is (name not in figure.missing)
    return "passed" if (kind, name) in one.passed else "missing"


EXAMPLE = "order-queries-order: Get Order With Single Field"


@pytest.mark.parametrize(
    ("kind", "name", "expectation"),
    [
        (Kind.EXAMPLES, EXAMPLE, "{data: {order.id: o-1}}"),
        (Kind.OPERATIONS, "order", "{data: {order.id: {present: true}}}"),
        (Kind.FIELDS, "Order.id", "{data: {order.id: {present: true}}}"),
        (Kind.FIELDS, "Order.lineItems", "{data: {order.lineItems: {length: 1}}}"),
        (Kind.FIELDS, "Amount.value", '{data: {"order.lineItems[*].amount.value": 1}}'),
        (Kind.FIELDS, "LineItem.amount", '{data: {"order.lineItems[*].amount.value": 1}}'),
        (Kind.FIELDS, "Amount.value", "{data: {order.lineItems: [{id: l-1, amount: {unit: null, value: 1}}]}}"),
        (Kind.TABLE_VALUES, "OrderExecutionState.STARTED", "{data: {order.metadata.executionState: STARTED}}"),
        (Kind.ARGUMENTS, "Query.order(orderIdentifier:)", "{echoes: {order.id: which.alias.aliasId}}"),
        (Kind.INPUT_FIELDS, "AliasInput.aliasId", "{echoes: {order.id: which.alias.aliasId}}"),
        (Kind.INPUT_FIELDS, "OrderIdentifierInput.alias", "{echoes: {order.id: which.alias.aliasId}}"),
    ],
)
def test_what_an_expectation_looks_at_is_asserted_and_else_it_passed(kind: Kind, name: str, expectation: str) -> None:
    assert how(covered(ORDER, ANSWER, expectation), kind, name) == "asserted"
    assert how(covered(ORDER, ANSWER), kind, name) == "passed"
    assert how(covered(EVENT), kind, name) == "missing" or name in ("Order.id", "OrderExecutionState.STARTED")


@pytest.mark.parametrize(
    ("kind", "name", "expectation"),
    [
        (Kind.FIELDS, "Amount.value", "{data: {order.lineItems: {length: 1}}}"),
        (Kind.TABLE_VALUES, "OrderExecutionState.STARTED", "{data: {order.metadata.executionState: {present: true}}}"),
        (Kind.FIELDS, "Order.id", "{data: {order.customer: null}}"),
        (Kind.INPUT_FIELDS, "AliasInput.aliasType", "{echoes: {order.id: which.alias.aliasId}}"),
    ],
)
def test_what_an_expectation_passes_by_is_not_asserted(kind: Kind, name: str, expectation: str) -> None:
    assert how(covered(ORDER, ANSWER, expectation), kind, name) == "passed"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Kind.EXAMPLES, "order-queries-order: Get Order With Specified Alias"),
        (Kind.OPERATIONS, "cancelOrder"),
        (Kind.FIELDS, "Order.refunds"),
        (Kind.TABLE_VALUES, "OrderExecutionState.NOT_STARTED"),
        (Kind.ARGUMENTS, "Mutation.cancelOrder(input:)"),
        (Kind.INPUT_FIELDS, "OrderIdentifierInput.orderId"),
        (Kind.ENUM_VALUES, "CancellationReasonInput.ORDERED_BY_MISTAKE"),
        (Kind.MEMBERS, "DestinationData: EventBridgeData"),
        (Kind.ERROR_TYPES, "ValidationError"),
        (Kind.ERRORS, "updateOrder: AccessDeniedError"),
        (Kind.EVENTS, "ORDER_CONFIRMED"),
        (Kind.RULES, "ERR-001"),
    ],
)
def test_what_was_neither_sent_nor_answered_is_missing(kind: Kind, name: str) -> None:
    assert how(covered(ORDER, ANSWER), kind, name) == "missing"


def test_a_selected_field_of_an_object_that_is_null_was_not_seen() -> None:
    assert how(covered(ORDER, ANSWER), Kind.FIELDS, "Order.customer") == "passed"
    assert how(covered(ORDER, ANSWER), Kind.FIELDS, "Customer.bwpCustomerId") == "missing"


class TestNullAndValue:
    """A nullable field counts when both were seen; the cases that show them may be two."""

    NAME = "Order.customer"
    PRESENT: ClassVar = {"data": {"order": {**ANSWER["data"]["order"], "customer": {"bwpCustomerId": "c-1"}}}}

    def both(self, first: str, second: str) -> str:
        made = Tally()
        for answer, expect in ((ANSWER, first), (self.PRESENT, second)):
            made.add(VERSION, sight(*ran(ORDER + f"    expect: {expect}\n", answer)))
        return how(made.covered()[0], Kind.NULLS, self.NAME)

    def test_one_of_both_is_missing(self) -> None:
        assert how(covered(ORDER, ANSWER, "{data: {order.customer: null}}"), Kind.NULLS, self.NAME) == "missing"
        assert how(covered(ORDER, self.PRESENT), Kind.NULLS, self.NAME) == "missing"

    def test_both_seen_have_passed(self) -> None:
        assert self.both("{}", "{}") == "passed"
        assert self.both("{data: {order.customer: null}}", "{}") == "passed"

    def test_both_looked_at_are_asserted(self) -> None:
        assert self.both("{data: {order.customer: null}}", "{data: {order.customer.bwpCustomerId: c-1}}") == "asserted"

    def test_a_field_that_may_not_be_null_is_no_matter(self) -> None:
        assert "Order.id" not in inventory(VERSION).names[Kind.NULLS]


def test_values_sent_in_variables_and_in_the_document_have_passed() -> None:
    one = covered(CANCEL, {"data": {"cancelOrder": {"__typename": "CancelOrderResponse"}}})
    assert how(one, Kind.ENUM_VALUES, "CancellationReasonInput.ORDERED_BY_MISTAKE") == "passed"
    assert how(one, Kind.INPUT_FIELDS, "OrderIdentifierInput.orderId") == "passed"
    assert how(one, Kind.ENUM_VALUES, "CancellationReasonInput.OTHER") == "missing"
    assert how(one, Kind.INPUT_FIELDS, "CancelOrderInput.aliases") == "missing"


def test_documents_that_differ_in_a_literal_alone_are_told_apart() -> None:
    """They share one compiled operation, and its syntax tree."""
    for value, other in (("ORDER_CONFIRMED", "REFUND_REQUESTED"), ("REFUND_REQUESTED", "ORDER_CONFIRMED")):
        one = covered(SUBSCRIBE.replace("VALUE", value), {"data": {"createEventSubscription": {"subscriptionId": "s"}}})
        assert how(one, Kind.TABLE_VALUES, f"EventDescriptor.{value}") == "passed"
        assert how(one, Kind.TABLE_VALUES, f"EventDescriptor.{other}") == "missing"


def test_an_enum_value_that_comes_back_as_sent_is_asserted() -> None:
    text = ORDER.replace("id\n          customer", "id aliases { aliasId aliasType }\n          customer")
    alias = {"aliasId": "a-1", "aliasType": "EXTERNAL_ID"}
    answer = {"data": {"order": {**ANSWER["data"]["order"], "aliases": [alias]}}}
    one = covered(text, answer, '{echoes: {"order.aliases[0].aliasType": which.alias.aliasType}}')
    assert how(one, Kind.INPUT_FIELDS, "AliasInput.aliasType") == "asserted"
    assert how(one, Kind.FIELDS, "Alias.aliasType") == "asserted"
    assert how(one, Kind.FIELDS, "Alias.aliasId") == "passed"


def test_a_member_of_a_union_is_asserted_by_who_looks_at_its_type() -> None:
    name, at = "DestinationData: EventBridgeData", "eventSubscription.eventSubscriptionDetails.destination"
    assert how(covered(SUBSCRIPTION, SUBSCRIBED), Kind.MEMBERS, name) == "passed"
    for expectation in (f"{{{at}.__typename: EventBridgeData}}", f"{{{at}.arn: {{present: true}}}}"):
        assert how(covered(SUBSCRIPTION, SUBSCRIBED, f"{{data: {expectation}}}"), Kind.MEMBERS, name) == "asserted"
    nobody = f"{{data: {{{at}: {{present: true}}}}}}"
    assert how(covered(SUBSCRIPTION, SUBSCRIBED, nobody), Kind.MEMBERS, name) == "passed"


def refused(operation: str, type_: str, code: str) -> dict[str, Any]:
    classification = {"type": type_, "code": code}
    error = {"message": "no", "path": [operation], "extensions": {"classification": classification}}
    return {"data": {operation: None}, "errors": [error]}


def test_an_error_is_asserted_by_what_its_expectation_names() -> None:
    answer, error = refused("updateOrder", "ValidationError", "AliasLimitExceeded"), "updateOrder: AliasLimitExceeded"
    passed = covered(UPDATE, answer)
    assert how(passed, Kind.ERROR_TYPES, "ValidationError") == "passed"
    assert how(passed, Kind.ERRORS, error) == "passed"
    assert how(passed, Kind.OPERATIONS, "updateOrder") == "passed"
    assert how(passed, Kind.RULES, "ERR-001") in ("passed", "asserted")
    by_type = covered(UPDATE, answer, "{errors: [{type: ValidationError}]}")
    assert how(by_type, Kind.ERROR_TYPES, "ValidationError") == "asserted"
    assert how(by_type, Kind.ERRORS, error) == "passed"
    assert how(by_type, Kind.OPERATIONS, "updateOrder") == "asserted"
    by_code = covered(UPDATE, answer, "{errors: [{code: AliasLimitExceeded}]}")
    assert how(by_code, Kind.ERRORS, error) == "asserted"
    other = covered(UPDATE, answer, "{errors: [{type: ConflictError, code: AliasValueAlreadyExists}]}")
    assert how(other, Kind.ERROR_TYPES, "ConflictError") == "missing"
    assert how(other, Kind.ERRORS, "updateOrder: AliasValueAlreadyExists") == "missing"


def test_an_error_without_a_documented_code_goes_by_its_type() -> None:
    answer, error = refused("updateOrder", "AccessDeniedError", "Whatever"), "updateOrder: AccessDeniedError"
    assert how(covered(UPDATE, answer, "{errors: [{type: AccessDeniedError}]}"), Kind.ERRORS, error) == "asserted"
    assert how(covered(UPDATE, answer), Kind.ERRORS, error) == "passed"
    assert how(covered(UPDATE, {"data": {"updateOrder": {"id": "o-1"}}}), Kind.ERRORS, error) == "missing"


def test_an_event_type_and_what_its_data_shows() -> None:
    passed = covered(EVENT)
    assert how(passed, Kind.EVENTS, "ORDER_CONFIRMED") == "passed"
    assert how(passed, Kind.FIELDS, "Order.id") == "passed"
    assert how(passed, Kind.FIELDS, "OrderMetadata.executionState") == "passed"
    assert how(passed, Kind.OPERATIONS, "order") == "missing"
    asserted = covered(EVENT, expect="{event_type: ORDER_CONFIRMED, body: {data.order.id: o-1}}")
    assert how(asserted, Kind.EVENTS, "ORDER_CONFIRMED") == "asserted"
    assert how(asserted, Kind.FIELDS, "Order.id") == "asserted"
    assert how(asserted, Kind.FIELDS, "OrderMetadata.executionState") == "passed"
    assert how(asserted, Kind.EVENTS, "REFUND_REQUESTED") == "missing"


class TestRules:
    """Applied to traffic: passed. Foreseen and found, or applied and proven by a defect: asserted."""

    PROVOKING = CANCEL.replace("mutation ($input", "mutation ($nobody: Int, $input") + (
        "    provokes:\n      - {rule: REQ-023}\n"
    )

    @pytest.fixture(autouse=True)
    def nothing_is_proven(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("conformance.engine.coverage._proven_rules", lambda: frozenset(("RSP-001", "EVT-001")))

    def test_a_rule_that_was_applied_has_passed(self) -> None:
        one = covered(ORDER, ANSWER)
        assert how(one, Kind.RULES, "REQ-023") == "passed"
        assert how(one, Kind.RULES, "ORD-031") == "passed"

    def test_a_rule_of_other_operations_is_missing(self) -> None:
        assert how(covered(ORDER, ANSWER), Kind.RULES, "ANA-001") == "missing"

    def test_a_rule_that_defects_prove_is_asserted_where_it_was_applied(self) -> None:
        one = covered(ORDER, ANSWER)
        assert how(one, Kind.RULES, "RSP-001") == "asserted"
        assert how(one, Kind.RULES, "EVT-001") == "missing"

    def test_a_rule_that_the_scenario_provokes_is_asserted(self) -> None:
        assert (
            how(covered(self.PROVOKING, refused("cancelOrder", "ValidationError", "X")), Kind.RULES, "REQ-023")
            == "asserted"
        )


def test_a_skipped_case_covers_nothing() -> None:
    result, scenario = ran(ORDER, ANSWER)
    skipped = CaseResult(
        **{name: getattr(result, name) for name in ("case_id", "scenario", "version", "interface")},
        skipped="no recording",
        example=result.example,
        source=result.source,
    )
    assert sight(skipped, scenario) == Sightings()


def test_without_its_scenario_a_case_asserts_nothing() -> None:
    result, scenario = ran(ORDER + "    expect: {data: {order.id: o-1}}\n", ANSWER)
    assert sight(result, scenario).asserted
    assert not sight(result, None).asserted
    assert (Kind.FIELDS, "Order.id") in sight(result, None).passed


def test_answers_of_any_shape_are_looked_at() -> None:
    strange: list[Any] = [[], 1, {"order": [[1]]}, {"order": {"lineItems": [[[{"id": 1}]], 3], "metadata": [None]}}]
    for data in strange:
        covered(ORDER, {"data": data, "errors": [{"path": [1], "extensions": {"classification": 3}}, 4]})


def test_sightings_travel_as_places_in_the_inventory() -> None:
    result, scenario = ran(ORDER + "    expect: {data: {order.customer: null}}\n", ANSWER)
    seen = sight(result, scenario)
    back = unpack(VERSION, json.loads(json.dumps(pack(VERSION, seen))))
    known = set(inventory(VERSION).marks)
    assert back == Sightings(seen.asserted & known, seen.passed & known)


def test_the_scenarios_of_a_run_are_found_by_file_and_by_id(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(ORDER, encoding="utf-8")
    cases = [
        CaseResult("a", "order.query.once", VERSION, "order", file=str(file)),
        CaseResult("b", "catalog.product.by-sku", VERSION, "catalog", file="/nowhere/by-sku.yaml"),
    ]
    found = scenarios_of(cases)
    assert found["order.query.once"].title == "Query an order"
    assert found["catalog.product.by-sku"].interface == "catalog"
    assert tally(cases, found).covered()[0].asserted == frozenset()


class TestInventory:
    @pytest.mark.parametrize("version", VERSIONS)
    def test_names_are_sorted_and_stand_once(self, version: str) -> None:
        for names in inventory(version).names.values():
            assert list(names) == sorted(set(names))

    def test_next_has_what_it_adds(self) -> None:
        names = inventory("next").names
        assert "createReturn" in names[Kind.OPERATIONS]
        assert "createOrder" not in names[Kind.OPERATIONS]
        assert "RSP-001" not in names[Kind.RULES]

    def test_a_rule_belongs_to_the_versions_that_have_its_operation(self) -> None:
        """RET-011 is about createReturn."""
        assert "RET-011" in inventory("next").names[Kind.RULES]
        assert "RET-011" not in inventory(VERSION).names[Kind.RULES]

    def test_what_no_traffic_can_hold_is_left_out(self) -> None:
        assert not [name for name in inventory(VERSION).names[Kind.FIELDS] if name.startswith("VariationSelection.")]

    def test_figures_leave_out_what_a_version_has_none_of(self) -> None:
        made = Tally()
        made.add("next", Sightings())
        assert "event types" not in {figure.kind for figure in made.figures()}


class TestFigures:
    def test_they_add_up_and_name_what_is_missing(self) -> None:
        one = covered(ORDER, ANSWER, "{data: {order.id: o-1}}")
        figure = next(each for each in one.figures() if each.kind == "operations")
        total = len(inventory(VERSION).names[Kind.OPERATIONS])
        assert figure == Coverage("operations", VERSION, total, 1, 0, figure.missing)
        assert "createOrder" in figure.missing
        assert len(figure.missing) == total - 1

    def test_the_names_can_be_left_out(self) -> None:
        made = Tally()
        made.add(VERSION, Sightings())
        assert not any(figure.missing for figure in made.figures(with_missing=False))


class TestLock:
    """Nothing that is in it may get lost; what is new is told."""

    ID: Mark = (Kind.FIELDS, "Order.id")
    REFUNDS: Mark = (Kind.FIELDS, "Order.refunds")

    def now(self, asserted: set[Mark], passed: set[Mark]) -> list[Covered]:
        return [Covered(VERSION, frozenset(asserted), frozenset(passed))]

    def test_equal_is_neither_lost_nor_new(self) -> None:
        now = self.now({self.ID}, {self.REFUNDS})
        result = compare(locked_of(now), now, VERSIONS)
        assert (result.lost, result.added) == ((), ())

    def test_what_is_not_covered_any_more_is_lost(self) -> None:
        result = compare(locked_of(self.now({self.ID}, {self.REFUNDS})), self.now({self.ID}, set()), VERSIONS)
        assert result.lost == (((VERSION, *self.REFUNDS), "passed"),)

    def test_what_was_asserted_and_only_passes_is_lost(self) -> None:
        result = compare(locked_of(self.now({self.ID}, set())), self.now(set(), {self.ID}), VERSIONS)
        assert result.lost == (((VERSION, *self.ID), "asserted"),)

    def test_what_passed_and_is_asserted_now_is_new(self) -> None:
        result = compare(locked_of(self.now(set(), {self.ID})), self.now({self.ID}, {self.REFUNDS}), VERSIONS)
        assert not result.lost
        assert result.added == (((VERSION, *self.ID), "asserted"), ((VERSION, *self.REFUNDS), "passed"))

    def test_other_versions_are_left_alone(self) -> None:
        locked = locked_of(self.now({self.ID}, set()))
        assert not compare(locked, [], ["2024-01-01"]).lost
        assert compare(locked, [], [VERSION]).lost

    def test_growing_takes_nothing_away(self) -> None:
        before = locked_of(self.now({self.ID}, set()))
        after = grown(before, self.now({self.REFUNDS}, {self.ID}))
        assert after == {(VERSION, *self.ID): "asserted", (VERSION, *self.REFUNDS): "asserted"}

    def test_a_file_holds_a_name_a_line_in_order(self, tmp_path: Path) -> None:
        example: Mark = (Kind.EXAMPLES, EXAMPLE)
        locked = locked_of(self.now({self.REFUNDS, example}, {self.ID}))
        file = tmp_path / "coverage.lock"
        file.write_text(lock_text(locked), encoding="utf-8")
        assert file.read_text(encoding="utf-8").splitlines()[2:] == [
            f"2024-11-01 documented-examples asserted {EXAMPLE}",
            "2024-11-01 fields passed Order.id",
            "2024-11-01 fields asserted Order.refunds",
        ]
        assert read_lock(file) == locked

    def test_a_faulty_line_is_named(self, tmp_path: Path) -> None:
        file = tmp_path / "coverage.lock"
        file.write_text("# head\n2024-11-01 fields seen Order.id\n2024-11-01 colours passed red\n", encoding="utf-8")
        with pytest.raises(InputError) as caught:
            read_lock(file)
        assert [problem.position.line for problem in caught.value.problems] == [2, 3]
