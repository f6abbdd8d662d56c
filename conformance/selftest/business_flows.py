"""Requests that do not go with the answers before them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from conformance.selftest.clients import ClientFaultList, Sending
from conformance.selftest.reach import Given, at, given, other_text, rows

FAULTS: Final = ClientFaultList()

CREATE: Final = ("createOrder",)
MOVES: Final = ("updateOrderPackageInformation", "updateOrderDeliveryInformation")
SANDBOX_ONLY: Final = (*MOVES, "updateOrderReturns")
MOVED: Final = ("IN_TRANSIT", "DELIVERED", "CANCELLED")
AFTER: Final = {
    "PENDING": ("DELIVERED",),
    "IN_TRANSIT": ("IN_TRANSIT",),
    "DELIVERED": ("IN_TRANSIT", "DELIVERED", "CANCELLED"),
    "CANCELLED": ("IN_TRANSIT", "DELIVERED", "CANCELLED"),
}
"""By the state of a package those that the sandbox must not be asked for."""


def _answers(sending: Sending, operation: str) -> Iterator[tuple[Any, Any]]:
    """Variables and answer of the exchanges before with this operation, the latest first."""
    for body, answered in reversed(sending.earlier):
        found = at(answered, "data", operation)
        if found is not None:
            yield at(body, "variables"), found


def _previewed(sending: Sending) -> tuple[list[Given], dict[str, tuple[Any, Any]]]:
    """The lines that name a preview made before, and the previews by their ids."""
    known = {str(at(answer, "id")): (variables, answer) for variables, answer in _answers(sending, "deliveryPreview")}
    lines = [line for order in given(sending, "CreateOrderInput") for line in rows(order, "lineItems")]
    return [line for line in lines if str(_details(line).get("deliveryPreviewId")) in known], known


def _details(line: Given) -> Given:
    found = at(line, "selectedDeliveryOffer", "details")
    return found if isinstance(found, dict) else {}


@FAULTS("preview-of-nobody", "FLW-001", "An order names a preview that nobody made", operations=CREATE)
def preview_of_nobody(sending: Sending) -> bool:
    lines, _ = _previewed(sending)
    if not lines:
        return False
    details = _details(sending.random.choice(lines))
    details["deliveryPreviewId"] = other_text(sending, details["deliveryPreviewId"])
    return True


@FAULTS("offer-of-another-preview", "FLW-002", "An order names an offer of another preview", operations=CREATE)
def offer_of_another_preview(sending: Sending) -> bool:
    lines, known = _previewed(sending)
    lines = [line for line in lines if _details(line).get("id") and _offers(known, line)]
    if not lines:
        return False
    details = _details(sending.random.choice(lines))
    details["id"] = other_text(sending, details["id"])
    return True


def _offers(known: dict[str, tuple[Any, Any]], line: Given) -> list[Given]:
    _, answer = known[str(_details(line)["deliveryPreviewId"])]
    return [offer for group in rows(answer, "deliveryGroups") for offer in rows(group, "deliveryOffers")]


@FAULTS("product-of-another-preview", "FLW-003", "A line's product is not that of its preview", operations=CREATE)
def product_of_another_preview(sending: Sending) -> bool:
    lines, _ = _previewed(sending)
    identifiers = [
        at(line, *path) for line in lines for path in (("product", "identifier"), ("purchasedItem", "itemId"))
    ]
    found = [
        each for each in identifiers if isinstance(each, dict) and any(isinstance(one, str) for one in each.values())
    ]
    if not found:
        return False
    identifier = sending.random.choice(found)
    name = next(key for key, value in identifier.items() if isinstance(value, str))
    identifier[name] = other_text(sending, identifier[name])
    return True


@FAULTS("more-than-previewed", "FLW-004", "A line orders more than its preview was for", operations=CREATE)
def more_than_previewed(sending: Sending) -> bool:
    lines, _ = _previewed(sending)
    places = [(at(line, name), key) for line in lines for name, key in (("amount", "value"), ("quantity", "amount"))]
    found = [(holder, key) for holder, key in places if isinstance(holder, dict) and key in holder]
    if not found:
        return False
    holder, key = sending.random.choice(found)
    holder[key] += sending.random.randrange(1, 60)
    return True


@FAULTS("address-of-another-preview", "FLW-005", "An order goes to another address than its preview", operations=CREATE)
def address_of_another_preview(sending: Sending) -> bool:
    lines, known = _previewed(sending)
    address = at(next(iter(given(sending, "CreateOrderInput")), {}), "recipient", "deliveryAddress")
    if not lines or not isinstance(address, dict):
        return False
    variables, _ = known[str(_details(lines[0])["deliveryPreviewId"])]
    places = (at(variables, "input", *way, "location", "shippingAddress") for way in ((), ("terms",)))
    previewed = next((each for each in places if isinstance(each, dict)), {})
    names = ("streetAddress", "locality", "region", "postalCode")
    shared = [name for name in names if address.get(name) and address.get(name) == previewed.get(name)]
    if not shared:
        return False
    name = sending.random.choice(shared)
    address[name] = other_text(sending, address[name])
    return True


@FAULTS(
    "another-shopper-than-previewed", "FLW-006", "An order is for another shopper than its preview", operations=CREATE
)
def another_shopper_than_previewed(sending: Sending) -> bool:
    lines, known = _previewed(sending)
    identity = at(next(iter(given(sending, "CreateOrderInput")), {}), "shopperIdentity")
    if not lines or not isinstance(identity, dict):
        return False
    variables, _ = known[str(_details(lines[0])["deliveryPreviewId"])]
    places = (at(variables, "input", *way, "shopperIdentity") for way in ((), ("terms",)))
    previewed = next((each for each in places if isinstance(each, dict)), {})
    tokens = [identity[name] for name in identity if at(identity, name, "value") and at(previewed, name, "value")]
    if not tokens:
        return False
    token = sending.random.choice(tokens)
    token["value"] = other_text(sending, token["value"])
    return True


def _refund_updates(sending: Sending) -> list[tuple[Given, list[Given]]]:
    """The refunds of the request by their ids, each with what accepted updates before said of it, the latest first."""
    known: dict[Any, list[Given]] = {}
    for variables, _ in _answers(sending, "updateOrder"):
        for one in rows(variables, "input", "refunds", "details"):
            known.setdefault(one.get("id"), []).append(one)
    refunds = [each for each in given(sending, "RefundDetailsInput") if each.get("id")]
    return [(each, known[each["id"]]) for each in refunds if each["id"] in known]


@FAULTS("total-of-one-update", "FLW-013", "A refund's total leaves out earlier updates", operations=("updateOrder",))
def total_of_one_update(sending: Sending) -> bool:
    for refund, earlier in _refund_updates(sending):
        paid = [
            at(one, "refundTotal", "totalAmount", "amount")
            for one in earlier
            if one.get("state") in ("PARTIAL", "SUCCESS")
        ]
        total = at(refund, "refundTotal", "totalAmount")
        if paid and isinstance(total, dict) and max(paid) > 0:
            total["amount"] = round(max(paid) * sending.random.randrange(1, 100) / 100, 2)
            return True
    return False


@FAULTS("refund-updated-backwards", "FLW-015", "A refund is sent back to an earlier state", operations=("updateOrder",))
def refund_updated_backwards(sending: Sending) -> bool:
    before = {"PARTIAL": ("PENDING", "FAILURE"), "SUCCESS": ("PENDING", "PARTIAL", "FAILURE"), "FAILURE": ("PENDING",)}
    for refund, earlier in _refund_updates(sending):
        state = _last_refund_state(sending, refund["id"])
        if earlier and state in before and refund.get("state") not in before[state]:
            refund["state"] = sending.random.choice(before[state])
            return True
    return False


def _last_refund_state(sending: Sending, refund_id: str) -> str:
    """The state of a refund as it was last answered, or last sent and accepted."""
    for body, answered in reversed(sending.earlier):
        known = [*rows(answered, "data", "order", "refunds", "details")]
        known += rows(answered, "data", "updateOrder", "order", "refunds", "details")
        if at(answered, "data", "updateOrder") is not None and not at(answered, "errors"):
            known += rows(body, "variables", "input", "refunds", "details")
        for one in known:
            if one.get("id") == refund_id and one.get("state"):
                return str(one["state"])
    return ""


def _packages(sending: Sending, order_id: str = "") -> dict[str, str]:
    """The states of the packages as they were answered last: of one order, or of all."""
    states: dict[str, str] = {}
    for _, answered in sending.earlier:
        for name, found in (at(answered, "data") or {}).items():
            order = found if name == "order" else at(found, "order")
            is_other = order_id and at(order, "id") != order_id
            holders = [] if is_other else [order, *rows(order, "lineItems")]
            for holder in holders:
                for kind in ("packageInformation", "deliveryInformation"):
                    states |= {str(one.get("id")): str(one.get("state")) for one in rows(holder, kind, "details")}
    return states


@FAULTS(
    "cancelled-on-its-way",
    "FLW-018",
    "An order is cancelled although a package is on its way",
    operations=("order",),
    versions=("2024-04-01", "2024-11-01"),
)
def cancelled_on_its_way(sending: Sending) -> bool:
    order_id = at(sending.variables, "orderIdentifier", "orderId")
    moved = [state for state in _packages(sending, order_id).values() if state in MOVED] if order_id else []
    if not moved:
        return False
    reason = sending.random.choice(("CUSTOMER_REQUESTED", "PAYMENT_FAILED", "OTHER"))
    sending.variables["input"] = {"additionalComments": f"{reason} {sending.random.randrange(100)}"}
    sending.body["query"] = (
        "mutation cancelOrder($orderIdentifier: OrderIdentifierInput!, $input: CancelOrderInput) {"
        " cancelOrder(orderIdentifier: $orderIdentifier, input: $input) { cancellation { requestDetails { state } } } }"
    )
    sending.body.pop("operationName", None)
    return True


@FAULTS("move-that-is-not-documented", "FLW-019", "The sandbox is asked for another transition", operations=MOVES)
def move_that_is_not_documented(sending: Sending) -> bool:
    named = at(sending.variables, "orderIdentifier", "orderId") or at(sending.variables, "input", "orderId")
    if not named or not any(at(answered, "data", "order", "id") == named for _, answered in sending.earlier[-1:]):
        return False
    states = _packages(sending)
    details = [*given(sending, "PackageInformationDetailsInput"), *given(sending, "DeliveryInformationDetailsInput")]
    for one in details:
        holder = at(one, "packageState", "packageInformationState") or at(one, "deliveryInformationState")
        state = states.get(str(one.get("id")), "")
        if isinstance(holder, dict) and state in AFTER and holder.get("state") not in AFTER[state]:
            holder.pop("reason", None)
            holder["state"] = sending.random.choice(AFTER[state])
            if holder["state"] == "CANCELLED":
                holder["reason"] = sending.random.choice(("UNDELIVERABLE", "UNFULFILLABLE"))
            return True
    return False


@FAULTS(
    "feed-of-another-file", "FLW-023", "A feed is made of a file that nobody uploads", operations=("createCatalogFeed",)
)
def feed_of_another_file(sending: Sending) -> bool:
    links = [*_answers(sending, "createUploadLink")]
    files = [each for each in given(sending, "UploadedFileInput") if each.get("fileId")]
    if not links or not files:
        return False
    files[0]["fileId"] = other_text(sending, files[0]["fileId"])
    return True


@FAULTS(
    "return-move-that-is-not-documented", "FLW-036", "A return package is to leap", operations=("updateOrderReturns",)
)
def return_move_that_is_not_documented(sending: Sending) -> bool:
    leaps = {"CREATED": ("DELIVERED", "FAILED"), "DROPPED_OFF": ("DELIVERED", "FAILED"), "IN_TRANSIT": ("DROPPED_OFF",)}
    states: dict[Any, str] = {}
    for _, answered in sending.earlier:
        for name, found in (at(answered, "data") or {}).items():
            for one in rows(found if name == "order" else at(found, "order"), "returns", "details"):
                states |= {each.get("id"): str(each.get("state")) for each in rows(one, "returnPackageDetails")}
    details = [one for each in given(sending, "ReturnsInput", "UpdateReturnsInput") for one in rows(each, "details")]
    details = details or rows(sending.variables, "input", "returns", "details")
    packages = [each for one in details for each in rows(one, "returnPackageDetails")]
    known = [each for each in packages if states.get(each.get("id")) in leaps]
    if not known:
        return False
    package = sending.random.choice(known)
    package["state"] = sending.random.choice(leaps[states[package["id"]]])
    return True


@FAULTS("shopper-of-the-real-world", "FLW-038", "The sandbox gets the token of a real shopper", operations=CREATE)
def shopper_of_the_real_world(sending: Sending) -> bool:
    later = any(f"{name}(" in str(at(body, "query")) for body in sending.later for name in SANDBOX_ONLY)
    earlier = any(f"{name}(" in str(at(body, "query")) for body, _ in sending.earlier for name in SANDBOX_ONLY)
    identities = [at(each, "shopperIdentity") for each in given(sending, "CreateOrderInput")]
    tokens = [token for each in identities if isinstance(each, dict) for token in each.values()]
    tokens = [each for each in tokens if isinstance(each, dict) and each.get("value")]
    if not later or earlier or not tokens:
        return False
    sending.random.choice(tokens)["value"] = f"amzn1.token.{sending.random.randrange(10**6)}"
    return True


@FAULTS(
    "offer-of-another-return", "FLW-039", "A return is to be sent by an unknown offer", operations=("updateReturn",)
)
def offer_of_another_return(sending: Sending) -> bool:
    chosen = [
        at(group, "returnDeliveryOffer", "details")
        for group in rows(sending.variables, "input", "returnDeliveryGroups")
    ]
    chosen = [each for each in chosen if isinstance(each, dict) and each.get("id")]
    if not chosen or not any(True for name in ("return", "createReturn") for _ in _answers(sending, name)):
        return False
    details = sending.random.choice(chosen)
    details["id"] = other_text(sending, details["id"])
    return True
