"""Catalog, analytics, events and the sandbox, asked wrongly."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from conformance.base.clock import timestamp
from conformance.selftest.clients import ClientFaultList, Sending
from conformance.selftest.reach import given, one_given, other_text, put

FAULTS: Final = ClientFaultList()

PRODUCT: Final = ("product", "updateProduct", "deleteProduct")
REPORT: Final = ("startReportTask",)
SUBSCRIBE: Final = ("createEventSubscription",)
NOVEMBER: Final = ("2024-11-01",)
MOVES: Final = ("updateOrderPackageInformation", "updateOrderDeliveryInformation")
STATES: Final = ("UpdatePackageInformationStateInput", "DeliveryInformationStateInput")
REASONS: Final = ("UNFULFILLABLE", "CUSTOMER_REQUESTED", "UNDELIVERABLE")


@FAULTS("product-named-twice", "CAT-001", "A product is named in two ways", operations=PRODUCT)
def product_named_twice(sending: Sending) -> bool:
    identifier = one_given(sending, "ProductIdentifierInput")
    if identifier is None or all(value is None for value in identifier.values()):
        return False
    free = [name for name in ("productId", "externalId", "sku") if identifier.get(name) is None]
    identifier[sending.random.choice(free)] = f"other-{sending.random.randrange(100)}"
    return True


@FAULTS("product-unnamed", "CAT-001", "No product is named", operations=PRODUCT)
def product_unnamed(sending: Sending) -> bool:
    identifier = one_given(sending, "ProductIdentifierInput")
    if not identifier:
        return False
    empty = sending.random.choice(({}, dict.fromkeys(identifier), {"sku": None}))
    identifier.clear()
    identifier.update(empty)
    return True


@FAULTS("report-of-another-type", "ANA-001", "A report has an unknown type", operations=REPORT, versions=NOVEMBER)
def report_of_another_type(sending: Sending) -> bool:
    if any(each.get("reportType") != "USER_EVENTS" for each in given(sending, "StartReportTaskInput")):
        return False
    return put(sending, "StartReportTaskInput", "reportType", "ORDERS", "user_events", "USER-EVENTS", "SALES", "")


def _range(sending: Sending) -> dict[str, datetime] | None:
    holder = one_given(sending, "ReportTimeRangeInput", "startDate", "endDate")
    try:
        times = {key: datetime.fromisoformat(value) for key, value in holder.items()} if holder else {}
    except (TypeError, ValueError):
        return None
    return times if times and all(each.tzinfo is not None for each in times.values()) else None


@FAULTS("range-backwards", "ANA-002", "A report's range ends before it starts", operations=REPORT)
def range_backwards(sending: Sending) -> bool:
    times = _range(sending)
    if times is None or times["endDate"] < times["startDate"]:
        return False
    earlier = times["startDate"] - timedelta(hours=sending.random.randrange(1, 900))
    given(sending, "ReportTimeRangeInput")[0]["endDate"] = timestamp(earlier)
    return True


@FAULTS("range-of-another-zone", "ANA-003", "A report's range is not in UTC", operations=REPORT)
def range_of_another_zone(sending: Sending) -> bool:
    times = _range(sending)
    if times is None:
        return False
    key = sending.random.choice(("startDate", "endDate"))
    zone = sending.random.choice(("-05:00", "-08:00", "+01:00", "+05:30"))
    given(sending, "ReportTimeRangeInput")[0][key] = f"{times[key]:%Y-%m-%dT%H:%M:%S}{zone}"
    return True


@FAULTS(
    "event-id-of-another-form", "ANA-005", "A user event's id is no UUID of version 4", operations=("sendUserEvents",)
)
def event_id_of_another_form(sending: Sending) -> bool:
    other = ("1", "event-1", "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "0" * 32, "886313e1-3b8a-5372-9b90-0c9aee199e5d")
    return put(sending, "UserEvent", "eventId", *other)


@FAULTS("event-type-with-space", "SUB-001", "An event type has white space", operations=SUBSCRIBE)
def event_type_with_space(sending: Sending) -> bool:
    holder = one_given(sending, "CreateEventSubscriptionInput", "eventType")
    if holder is None:
        return False
    kind = str(holder["eventType"])
    if any(character.isspace() for character in kind):
        return False
    holder["eventType"] = sending.random.choice((f"{kind} ", f" {kind}", kind.replace("_", " "), "", f"{kind}\n"))
    return bool(holder["eventType"] != kind)


@FAULTS("webhook-without-tls", "SUB-002", "A webhook is no HTTPS endpoint", operations=SUBSCRIBE)
def webhook_without_tls(sending: Sending) -> bool:
    other = ("http://example.com/hook", "example.com/hook", "ftp://example.com", "https://", "/hook", "")
    return put(sending, "WebhookDataInput", "url", *other)


@FAULTS("two-destinations", "SUB-003", "A subscription has two destinations", operations=SUBSCRIBE)
def two_destinations(sending: Sending) -> bool:
    holder = one_given(sending, "DestinationInput")
    if holder is None:
        return False
    number = sending.random.randrange(100)
    bridge = {"awsAccountId": "000000000000", "region": "us-east-1", "partnerEventSourceName": f"Source{number}"}
    more = {"webhook": {"url": f"https://example.com/{number}"}, "eventBridge": bridge}
    holder.update({name: value for name, value in more.items() if holder.get(name) is None})
    return True


@FAULTS("no-destination", "SUB-003", "A subscription has no destination", operations=SUBSCRIBE)
def no_destination(sending: Sending) -> bool:
    holder = one_given(sending, "DestinationInput")
    if not holder:
        return False
    empty = sending.random.choice(({}, dict.fromkeys(holder)))
    holder.clear()
    holder.update(empty)
    return True


@FAULTS(
    "credentials-of-two-kinds",
    "SUB-004",
    "Credentials are of two kinds, or of none",
    operations=("createAuthProfile", "updateAuthProfile"),
    versions=NOVEMBER,
)
def credentials_of_two_kinds(sending: Sending) -> bool:
    config = one_given(sending, "AuthConfigInput")
    if not config:
        return False
    basic = {"basicAuthConfig": {"username": "shop", "password": f"secret-{sending.random.randrange(100)}"}}
    address = "https://example.com/token"
    oauth = {"oAuthConfig": {"clientId": "shop", "clientSecret": "secret", "tokenEndpoint": address}}
    both = {**basic, **oauth, **{name: value for name, value in config.items() if value is not None}}
    made = sending.random.choice((both, both, {}))
    config.clear()
    config.update(made)
    return True


@FAULTS("cancelled-for-no-reason", "SBX-001", "A package is CANCELLED for no reason", operations=MOVES)
def cancelled_for_no_reason(sending: Sending) -> bool:
    states = [each for each in given(sending, *STATES) if each.get("state") != "CANCELLED" or each.get("reason")]
    if not states:
        return False
    state = sending.random.choice(states)
    state["state"] = "CANCELLED"
    state.pop("reason", None)
    if sending.random.random() < 0.5:
        state["reason"] = None
    return True


@FAULTS("reason-for-nothing", "SBX-002", "A package that is not CANCELLED has a reason", operations=MOVES)
def reason_for_nothing(sending: Sending) -> bool:
    states = [each for each in given(sending, *STATES) if each.get("state") == "CANCELLED" or not each.get("reason")]
    if not states:
        return False
    state = sending.random.choice(states)
    if state["state"] == "CANCELLED":
        state["state"] = sending.random.choice(("IN_TRANSIT", "DELIVERED"))
    state["reason"] = state.get("reason") or sending.random.choice(REASONS)
    return True


@FAULTS("back-to-pending", "SBX-003", "A package is sent back to PENDING", operations=MOVES)
def back_to_pending(sending: Sending) -> bool:
    return put(sending, sending.random.choice(STATES), "state", "PENDING")


@FAULTS(
    "back-to-created",
    "SBX-004",
    "A return package is sent back to CREATED",
    operations=("updateOrderReturns",),
    versions=("2024-01-01",),
)
def back_to_created(sending: Sending) -> bool:
    value = sending.variables.get("input")
    found = value.get("details") if isinstance(value, dict) else None
    returns = [each for each in found or () if isinstance(each, dict) and each.get("state") not in (None, "CREATED")]
    if not returns or not isinstance(found, list):
        return False
    one = sending.random.choice(returns)
    if sending.random.random() < 0.3:
        one["state"] = "CREATED"
    else:
        found.append({"id": other_text(sending, one.get("id")), "state": "CREATED"})
    return True
