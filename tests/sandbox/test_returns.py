"""What comes back: returns of shoppers, grading, completion, trackers, external returns, and returns by API."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.client import Client, code
from tests.sandbox.story import Story

RETURNS = """returns { details { id state returnPackageDetails { id state reason packageTracker {
  latestMilestone { status { code } } } } returnLineItems { id grading { summary { gradedAmount { value }
  unitWiseCondition { condition amount { value } } } } } } }"""


def _delivered(client: Client) -> Story:
    story = Story(client)
    story.deliver()
    return story


def _line(story: Story, value: float = 1) -> dict[str, Any]:
    return {"lineItemId": {"lineItemId": story.held["lineItems"][0]["id"]}, "amount": {"value": value}}


def _return(story: Story, return_id: str) -> dict[str, Any]:
    details = story.client.order(story.order, RETURNS)["returns"]["details"]
    return next(each for each in details if each["id"] == return_id)


def _graded(return_: dict[str, Any], *units: tuple[str, float]) -> dict[str, Any]:
    """An entry of updateOrderReturns that grades the first line of a return."""
    conditions = [{"condition": condition, "amount": {"value": value}} for condition, value in units]
    line = {"id": return_["returnLineItems"][0]["id"], "grading": {"summary": {"unitWiseCondition": conditions}}}
    return {"returnIdentifier": {"id": return_["id"]}, "returnLineItems": [line]}


# --- returns of shoppers


def test_an_order_may_have_several_returns_but_nothing_is_returned_twice(every: Client) -> None:
    story = _delivered(every)
    first, second = (story.begin_return(lines=[_line(story)]) for _ in range(2))
    assert first != second
    with pytest.raises(AssertionError, match="nothing was delivered that is not returned yet"):
        story.begin_return()


def test_nothing_is_returned_before_it_was_delivered(every: Client) -> None:
    story = Story(every)
    story.package("IN_TRANSIT")
    with pytest.raises(AssertionError, match="nothing was delivered"):
        story.begin_return()
    with pytest.raises(AssertionError, match="not so much"):
        story.begin_return(lines=[_line(story)])


def test_what_has_no_return_offer_cannot_be_returned(client: Client) -> None:
    story = _delivered(client)
    product = client.app.admin.store.product({"sku": "sku-2"})
    assert product is not None
    product["returnDays"] = 0
    with pytest.raises(AssertionError, match="not returnable"):
        story.begin_return(lines=[_line(story)])


def test_a_return_is_refunded_once_when_it_is_dropped_off_and_arrives(client: Client) -> None:
    story = _delivered(client)
    return_id = story.begin_return(isDropOff=True)
    story.return_package(return_id, "DROPPED_OFF", "IN_TRANSIT", "DELIVERED")
    assert client.events().count("REFUND_REQUESTED") == 1
    assert story.held["refunds"][0]["refundRequestReason"] == "RETURN_RECEIVED"


def test_a_return_package_has_a_tracker_once_it_is_under_way(client: Client) -> None:
    story = _delivered(client)
    return_id = story.begin_return()
    (waiting,) = _return(story, return_id)["returnPackageDetails"]
    assert waiting["packageTracker"] is None
    story.return_package(return_id, "IN_TRANSIT")
    (moving,) = _return(story, return_id)["returnPackageDetails"]
    assert moving["packageTracker"]["latestMilestone"]["status"]["code"] == "IN_TRANSIT"


# --- grading


def test_grading_is_shown_with_the_conditions_of_the_units(client: Client) -> None:
    story = _delivered(client)
    return_ = _return(story, story.begin_return())
    assert "errors" not in story.returns(_graded(return_, ("SELLABLE", 1), ("DAMAGED", 1)))
    summary = _return(story, return_["id"])["returnLineItems"][0]["grading"]["summary"]
    assert summary["gradedAmount"] == {"value": 2}
    units = [(unit["condition"], unit["amount"]["value"]) for unit in summary["unitWiseCondition"]]
    assert units == [("SELLABLE", 1), ("DAMAGED", 1)]
    assert client.events()[-1] == "RETURN_ITEM_GRADED"


@pytest.mark.parametrize("units", [[("SELLABLE", 3)], [("SELLABLE", 0)], [("BROKEN", 1)], []])
def test_grading_is_of_units_that_were_returned_in_a_documented_condition(client: Client, units: Any) -> None:
    story = _delivered(client)
    return_ = _return(story, story.begin_return())
    assert code(story.returns(_graded(return_, *units))) == "UnspecifiedError"
    assert _return(story, return_["id"])["returnLineItems"][0]["grading"] is None


def test_grading_of_a_line_that_the_return_does_not_have_changes_nothing(client: Client) -> None:
    story = _delivered(client)
    return_ = _return(story, story.begin_return())
    entry = _graded(return_, ("SELLABLE", 1))
    entry["returnLineItems"].append({"id": "none"})
    assert code(story.returns(entry)) == "UnspecifiedError"
    assert "RETURN_ITEM_GRADED" not in client.events()


def test_a_return_is_completed_once_it_is_back_graded_and_refunded(every: Client) -> None:
    story = _delivered(every)
    return_id = story.begin_return()
    story.return_package(return_id, "IN_TRANSIT", "DELIVERED")
    story.grade(return_id)
    assert story.held["returns"][0]["state"] == "CREATED"
    story.refund("PARTIAL", 5)
    assert story.held["returns"][0]["state"] == "CREATED"
    story.refund("SUCCESS", 20)
    assert story.held["returns"][0]["state"] == "COMPLETED"
    assert every.events()[-1] == "RETURN_COMPLETED"


def test_a_return_that_is_being_updated_is_in_conflict(client: Client) -> None:
    story = _delivered(client)
    return_ = _return(story, story.begin_return())
    client.admin("clock", wait=1)
    assert "errors" not in story.returns(_graded(return_, ("SELLABLE", 1)))
    assert code(story.returns(_graded(return_, ("SELLABLE", 1)))) == "ConflictError"
    client.admin("clock", advance_s=121)
    assert "errors" not in story.returns(_graded(return_, ("SELLABLE", 2)))


@pytest.mark.parametrize("lines", [["x"], [1], [{"id": []}], [{"grading": "x"}]])
def test_grading_in_another_form_is_refused(client: Client, lines: Any) -> None:
    story = _delivered(client)
    return_ = _return(story, story.begin_return())
    entry = {"returnIdentifier": {"id": return_["id"]}, "returnLineItems": lines}
    assert code(story.returns(entry)) == "UnspecifiedError"


def test_units_in_another_form_are_refused(client: Client) -> None:
    story = _delivered(client)
    return_ = _return(story, story.begin_return())
    entry = _graded(return_, ("SELLABLE", 1))
    faulty: tuple[Any, ...] = ([{"condition": "SELLABLE", "amount": "x"}], [{"condition": {}}], ["x"], "x")
    for units in faulty:
        entry["returnLineItems"][0]["grading"]["summary"]["unitWiseCondition"] = units
        assert code(story.returns(entry)) == "UnspecifiedError"


def test_a_line_says_how_it_can_be_given_back(client: Client) -> None:
    story = Story(client)
    fields = "lineItems { reversalOffers { details { resolutionType window { duration { value unit } endDate } } } }"

    def offers() -> Any:
        (line,) = client.order(story.order, fields)["lineItems"]
        return line["reversalOffers"]["details"]

    window = {"duration": {"value": 30, "unit": "DAY"}, "endDate": None}
    later = {"resolutionType": "RETURN", "window": window}
    assert offers() == [{"resolutionType": "CANCEL", "window": None}, later]
    story.package("IN_TRANSIT")
    assert offers() == [later]
    story.package("DELIVERED")
    (until,) = offers()
    assert until["window"]["duration"] is None
    assert until["window"]["endDate"].startswith("2025-02-19")


def test_a_product_without_prime_has_no_return_offer(every: Client) -> None:
    name = "generateReversalOffers" if every.version == "2024-01-01" else "reversalOffers"
    held = "reversalOfferGroups { summary { title } }"
    if every.version != "2024-01-01":
        held = "reversalOfferCollection { summary { resolutionTypes } }"
    query = f"query r($input: ReversalOffersInput!) {{ {name}(reversalOffersInput: $input) {{ {held} }} }}"
    answer = every.ask(query, {"input": {"items": [{"id": {"SKU": "sku-5"}}, {"id": {"SKU": "sku-2"}}]}})
    (none, some) = next(iter(answer["data"][name].values()))
    if every.version == "2024-01-01":
        assert (none["summary"]["title"], some["summary"]["title"]) == ("Not returnable", "Free returns within 30 days")
    else:
        assert (none["summary"]["resolutionTypes"], some["summary"]["resolutionTypes"]) == ([], ["RETURN"])


# --- trackers


TRACK = """query t($input: PackageTrackerInput!) { packageTracker(packageTrackerInput: $input) {
  packageTrackerIdentifier { trackingNumber carrierCode } latestMilestone { status { code } } milestones {
  status { code } address { locality country } } estimatedDeliveryDate { earliest latest } trackingUrl } }"""


def _tracked(story: Story) -> dict[str, Any]:
    named: dict[str, Any] = story.held["packages"][0]["packageTracker"]["packageTrackerIdentifier"]
    return named


def test_a_tracker_reaches_milestones_until_one_ends_the_way_of_its_package(client: Client) -> None:
    story = Story(client)
    story.package("IN_TRANSIT")
    for reached in ("OUT_FOR_DELIVERY", "DELIVERY_ATTEMPTED", "DELIVERED"):
        story.milestone(reached)
    shown = client.ask(TRACK, {"input": {"packageTrackerIdentifier": _tracked(story)}})["data"]["packageTracker"]
    codes = [milestone["status"]["code"] for milestone in shown["milestones"]]
    assert codes == ["IN_TRANSIT", "OUT_FOR_DELIVERY", "DELIVERY_ATTEMPTED", "DELIVERED"]
    assert story.held["packages"][0]["state"] == "DELIVERED"
    assert client.events()[-2:] == ["PACKAGE_TRACKER_MILESTONE_CHANGED", "PACKAGE_DELIVERED"]
    with pytest.raises(AssertionError, match="has ended"):
        story.milestone("DELAYED")


def test_a_lost_package_is_cancelled_as_undeliverable(client: Client) -> None:
    story = Story(client)
    story.package("IN_TRANSIT")
    story.milestone("LOST")
    package = story.held["packages"][0]
    assert (package["state"], package["reason"]) == ("CANCELLED", "UNDELIVERABLE")
    names = ["PACKAGE_TRACKER_MILESTONE_CHANGED", "PACKAGE_DELIVERY_CANCELLED", "REFUND_REQUESTED"]
    assert client.events()[-3:] == names


def test_no_carrier_moves_a_package_that_was_cancelled(client: Client) -> None:
    story = Story(client)
    story.package("IN_TRANSIT")
    story.package("CANCELLED", "UNDELIVERABLE")
    with pytest.raises(AssertionError, match="has ended"):
        story.milestone("DELIVERED")


def test_a_package_is_delivered_by_its_tracker(client: Client) -> None:
    story = Story(client)
    package = story.held["packages"][0]["id"]

    def update(number: str) -> str:
        state = {"packageTrackerState": {"packageTrackerIdentifier": {"trackingNumber": number}}}
        return code(story.entry({"id": package, "packageState": state}))

    assert update("none") == "PackageTrackerNotAvailableForUpdate"
    story.package("IN_TRANSIT")
    assert update("none") == "PackageTrackerNotFound"
    number = _tracked(story)["trackingNumber"]
    assert update(number) == ""
    assert story.held["packages"][0]["state"] == "DELIVERED"
    assert update(number) == "InvalidPackageDeliveryDetailStateTransition"


def test_a_tracker_is_updated_a_bounded_number_of_times(client: Client) -> None:
    story = Story(client)
    story.package("IN_TRANSIT")
    for _ in range(49):
        story.milestone("DELAYED")
    with pytest.raises(AssertionError, match="at most 50 milestones"):
        story.milestone("DELAYED")
    assert code(story.package("DELIVERED")) == ""


def test_a_tracking_number_is_forgotten_after_90_days(client: Client) -> None:
    story = Story(client)
    story.package("IN_TRANSIT")
    named = {"input": {"packageTrackerIdentifier": _tracked(story)}}
    assert code(client.ask(TRACK, named)) == ""
    client.admin("clock", advance_s=91 * 24 * 3600)
    client.token = client.new_token()
    assert code(client.ask(TRACK, named)) == "ResourceNotFoundError"


# --- external returns


def _external(story: Story, **entry: Any) -> str:
    return code(story.update(returns={"details": [entry]}))


def test_an_external_return_begins_as_created_and_stays_as_it_ended(client: Client) -> None:
    story = Story(client)
    alias = {"aliasType": "EXTERNAL-RETURN-ID", "aliasId": "1"}
    lines = [{"returnFor": {"orderLineItemAmounts": [_line(story)]}}]
    assert _external(story, aliases=[alias], returnLineItems=lines, state="COMPLETED") == "UnspecifiedError"
    assert _external(story, aliases=[alias], returnLineItems=lines, state="CREATED") == ""
    named = {"alias": alias}
    assert _external(story, returnIdentifier=named, state="CANCELLED") == ""
    assert _external(story, returnIdentifier=named, state="COMPLETED") == "UnspecifiedError"
    assert _external(story, returnIdentifier=named, state="CANCELLED") == ""


def test_no_more_is_returned_elsewhere_than_was_ordered(client: Client) -> None:
    story = Story(client)
    alias = {"aliasType": "EXTERNAL-RETURN-ID", "aliasId": "1"}
    lines = [{"returnFor": {"orderLineItemAmounts": [_line(story, 3)]}}]
    assert _external(story, aliases=[alias], returnLineItems=lines, state="CREATED") == "UnspecifiedError"


# --- refunds


def test_the_total_of_a_refund_is_cumulative(every: Client) -> None:
    story = Story(every)
    story.package("CANCELLED", "UNFULFILLABLE")
    assert code(story.refund("PARTIAL", 8)) == ""
    assert code(story.refund("PARTIAL", 7)) == "UnspecifiedError"
    assert code(story.refund("FAILURE", 8)) == "InvalidRefundStateTransition"
    assert code(story.refund("SUCCESS", 18)) == ""
    assert code(story.refund("SUCCESS", 17)) == "UnspecifiedError"


# --- returns by API, in the pages without a version


CREATE = """mutation r($input: CreateReturnInput) { createReturn(input: $input) { returnDetails {
  id state expiresAt returnPackageDetails { id state rma labels { type } } refundTerm { estimatedRefundTotal {
  totalAmount { amount } } } returnLineItems { product { sku { value } offerPrime } returnReasonTermOptions {
  reasonCode } } returnDeliveryGroups { returnDeliveryOffer { details { id } } } } } }"""
UPDATE = """mutation r($input: UpdateReturnInput) { updateReturn(input: $input) { returnDetails {
  state aliases { aliasId } returnDeliveryGroups { returnDeliveryOffer { details { id } } } } } }"""
QUERY = "query r($id: ReturnIdentifierInput) { return(returnIdentifier: $id) { returnDetails { id state } } }"


def _created(story: Story, value: float = 1, **given: Any) -> dict[str, Any]:
    lines = [{"returnFor": {"orderLineItemAmounts": [_line(story, value)]}}]
    return story.client.ask(CREATE, {"input": {"returnLineItems": lines, **given}})


def test_a_return_by_api_is_a_draft_that_can_be_looked_at_and_submitted() -> None:
    story = _delivered(Client("next"))
    draft = _created(story)["data"]["createReturn"]["returnDetails"]
    assert (draft["state"], draft["returnPackageDetails"]) == ("DRAFT", [])
    assert draft["refundTerm"]["estimatedRefundTotal"]["totalAmount"] == {"amount": 10}
    assert draft["returnLineItems"][0]["product"] == {"sku": {"value": "sku-2"}, "offerPrime": True}
    found = story.client.ask(QUERY, {"id": {"id": draft["id"]}})["data"]["return"]["returnDetails"]
    assert found == {"id": draft["id"], "state": "DRAFT"}
    assert "RETURN_STARTED" not in story.client.events()
    story.begin_return(returnId=draft["id"])
    assert story.held["returns"][0]["state"] == "CREATED"
    assert story.client.events()[-1] == "RETURN_STARTED"
    with pytest.raises(AssertionError, match="no draft"):
        story.begin_return(returnId=draft["id"])


def test_a_return_by_api_starts_at_once_when_that_is_asked_for() -> None:
    story = _delivered(Client("next"))
    started = _created(story, desiredReturnExecutionState="STARTED")["data"]["createReturn"]["returnDetails"]
    (package,) = started["returnPackageDetails"]
    labels = [{"type": "Shipping"}, {"type": "RMA"}]
    assert (started["state"], package["state"], package["labels"]) == ("CREATED", "CREATED", labels)
    story.return_package(started["id"], "IN_TRANSIT", "DELIVERED")
    assert story.client.events()[-1] == "REFUND_REQUESTED"


def test_a_draft_takes_aliases_and_one_of_its_delivery_offers() -> None:
    story = _delivered(Client("next"))
    draft = _created(story)["data"]["createReturn"]["returnDetails"]
    offer = draft["returnDeliveryGroups"][0]["returnDeliveryOffer"]["details"]["id"]

    def update(**given: Any) -> str:
        return code(story.client.ask(UPDATE, {"input": {"returnIdentifier": {"id": draft["id"]}, **given}}))

    def chosen(offer_id: str) -> list[Any]:
        return [{"returnDeliveryOffer": {"details": {"id": offer_id}}}]

    assert update(aliases=[{"aliasType": "EXTERNAL-RETURN-ID", "aliasId": "1"}]) == ""
    assert update(returnDeliveryGroups=chosen(offer)) == ""
    assert update(returnDeliveryGroups=chosen("foreign")) == "UnspecifiedError"
    more = [{"aliasType": "EXTERNAL-RETURN-ID", "aliasId": name} for name in ("2", "3")]
    assert update(aliases=more) == "AliasLimitExceeded"
    story.client.admin("clock", advance_s=8 * 24 * 3600)
    story.client.token = story.client.new_token()
    assert update(returnDeliveryGroups=chosen(offer)) == "UnspecifiedError"


def test_a_return_by_api_is_of_what_was_delivered() -> None:
    story = Story(Client("next"))
    assert code(_created(story)) == "UnspecifiedError"
    story.deliver()
    assert code(_created(story, 3)) == "UnspecifiedError"
    assert code(story.client.ask(CREATE, {"input": {"returnLineItems": []}})) == "UnspecifiedError"
    assert code(story.client.ask(QUERY, {"id": {"id": "none"}})) == "ResourceNotFoundError"


@pytest.mark.parametrize(
    ("what", "options"),
    [
        ("returns", {"orderId": "none"}),
        ("returns", {"lines": ["x"]}),
        ("returns", {"lines": [{"amount": "x"}]}),
        ("returns", {"version": "2020-01-01"}),
        ("return-packages", {"returnId": "none", "state": "DELIVERED"}),
        ("grading", {"returnId": "none"}),
        ("milestones", {"trackingNumber": "none", "code": "DELIVERED"}),
        ("milestones", {"trackingNumber": "none", "code": "NONE"}),
    ],
)
def test_what_cannot_happen_is_refused(client: Client, what: str, options: dict[str, Any]) -> None:
    story = _delivered(client)
    with pytest.raises(AssertionError, match="error"):
        client.admin(what, **{"orderId": story.order, **options})


def test_a_carrier_may_have_another_reason_than_the_sandbox_mutation(client: Client) -> None:
    story = _delivered(client)
    started = story.begin_return()
    story.return_package(started, "IN_TRANSIT")
    asked = {"orderId": story.order, "returnId": started, "state": "FAILED"}
    with pytest.raises(AssertionError, match="reason must be one of"):
        client.admin("return-packages", **asked, reason="LAZINESS")
    client.admin("return-packages", **asked, reason="SHIPMENT_LOST")
    (package,) = _return(story, started)["returnPackageDetails"]
    assert (package["state"], package["reason"]) == ("FAILED", "SHIPMENT_LOST")
