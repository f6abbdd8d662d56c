"""Delivery previews that a client asks for wrongly."""

from __future__ import annotations

from typing import Final

from conformance.selftest.clients import ClientFaultList, Sending
from conformance.selftest.reach import Given, at, given, one_given, put, without

FAULTS: Final = ClientFaultList()

PREVIEW: Final = ("deliveryPreview",)
TERRITORIES: Final = ("PR", "GU", "VI", "AS", "MP", "AE", "AP", "AA", "FM", "MH", "PW")
PARTS: Final = ("streetAddress", "locality", "region", "postalCode")


@FAULTS("preview-for-another-country", "DLV-001", "A preview is for a country that is not served", operations=PREVIEW)
def preview_for_another_country(sending: Sending) -> bool:
    return put(sending, "ShippingAddressInput", "countryCode", "CA", "MX", "DE", "JP", "GB")


@FAULTS("preview-for-a-territory", "DLV-001", "A preview is for a territory off the continent", operations=PREVIEW)
def preview_for_a_territory(sending: Sending) -> bool:
    addresses = [each for each in given(sending, "ShippingAddressInput") if each.get("countryCode") in (None, "US")]
    if not addresses or any(each.get("region") in TERRITORIES for each in addresses):
        return False
    sending.random.choice(addresses)["region"] = sending.random.choice(TERRITORIES)
    return True


@FAULTS("half-an-address", "DLV-002", "A known shopper has half an address", operations=PREVIEW)
def half_an_address(sending: Sending) -> bool:
    address = one_given(sending, "ShippingAddressInput")
    inputs = given(sending, "DeliveryPreviewInput", "DeliveryTermsInput")
    if address is None or not any(each.get("shopperIdentity") for each in inputs):
        return False
    for name in sending.random.sample(PARTS, sending.random.randrange(1, 4)):
        without(sending, address, name)
    return True


@FAULTS("preview-of-nothing", "DLV-003", "A preview is for nothing", operations=PREVIEW)
def preview_of_nothing(sending: Sending) -> bool:
    amounts: list[Given] = []
    for given_input in given(sending, "DeliveryPreviewInput"):
        for name in ("products", "items"):
            listed = given_input.get(name)
            amounts += [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
    places = [(at(each, name), key) for each in amounts for name, key in (("amount", "value"), ("quantity", "amount"))]
    told = [(holder, key) for holder, key in places if isinstance(holder, dict) and key in holder]
    if not told:
        return False
    holder, key = sending.random.choice(told)
    holder[key] = sending.random.choice((0, -1, -3, -20))
    return True


@FAULTS(
    "country-without-a-code",
    "DLV-008",
    "An address has a country that is none",
    operations=("deliveryPreview", "createOrder"),
)
def country_without_a_code(sending: Sending) -> bool:
    wrong = sending.random.choice(("USA", "us", "U.S.", "XX", "United States"))
    if sending.operation == "deliveryPreview":
        return put(sending, "ShippingAddressInput", "countryCode", wrong)
    address = at(sending.variables, "input", "recipient", "deliveryAddress")
    if not isinstance(address, dict) or "countryCode" not in address:
        return False
    address["countryCode"] = wrong
    return True
