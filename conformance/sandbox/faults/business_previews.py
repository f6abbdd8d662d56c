"""Delivery previews that are answered wrongly."""

from __future__ import annotations

from typing import Any, Final

from conformance.sandbox.faults.model import FaultList, Seen
from conformance.sandbox.faults.places import pick, places
from conformance.sandbox.faults.reach import fields, objects, one_of, other_id, turned_round

FAULTS: Final = FaultList()

PREVIEW: Final = ("deliveryPreview",)
WHOLE: Final = ("streetAddress", "locality", "region", "postalCode")


def is_estimate(variables: Any) -> bool:
    """Does the request of a preview lack a shopper, or a part of the address?"""
    given = variables.get("input") if isinstance(variables, dict) else None
    terms = given.get("terms") if isinstance(given, dict) else None
    both = [each for each in (given, terms) if isinstance(each, dict)]
    locations = [each["location"] for each in both if isinstance(each.get("location"), dict)]
    addresses = [each.get("shippingAddress") for each in locations]
    whole = any(isinstance(one, dict) and all(one.get(name) for name in WHOLE) for one in addresses)
    return not whole or not any(each.get("shopperIdentity") for each in both)


@FAULTS.answer("estimate-that-expires", "DLV-004", "An estimate says when it expires", operations=PREVIEW)
def estimate_that_expires(seen: Seen) -> bool:
    offers = [each for each in objects(seen, "DeliveryOffer") if "expiresAt" in each]
    if not offers or not is_estimate(seen.variables):
        return False
    seen.random.choice(offers)["expiresAt"] = f"2025-01-{seen.random.randrange(10, 32)}T12:00:00Z"
    return True


@FAULTS.answer("latest-before-earliest", "DLV-005", "A delivery comes at the latest before the earliest day")
def latest_before_earliest(seen: Seen) -> bool:
    return turned_round(seen, ("DeliveryDateRange",), "earliest", "latest")


@FAULTS.answer("dates-swapped", "DLV-005", "The earliest and the latest day of a delivery change their places")
def dates_swapped(seen: Seen) -> bool:
    ranges = (each for each in objects(seen, "DeliveryDateRange") if each.get("earliest") != each.get("latest"))
    dates = one_of(seen, ranges, "earliest", "latest")
    if dates is None:
        return False
    dates["earliest"], dates["latest"] = dates["latest"], dates["earliest"]
    return True


@FAULTS.answer("offer-twice", "DLV-006", "A delivery offer is answered twice", operations=PREVIEW)
def offer_twice(seen: Seen) -> bool:
    place = pick(seen, (each for each in fields(seen, "DeliveryGroup.deliveryOffers") if each.value))
    if place is None or not place.value[0].get("id"):
        return False
    place.value.insert(0, {**seen.random.choice(place.value)})
    return True


@FAULTS.answer("offer-with-the-id-of-another", "DLV-006", "An offer has the id of another", operations=PREVIEW)
def offer_with_the_id_of_another(seen: Seen) -> bool:
    offers = [each for each in objects(seen, "DeliveryOffer") if each.get("id")]
    if len({each["id"] for each in offers}) < 2:
        return False
    first, second = seen.random.sample(offers, 2)
    if first["id"] == second["id"]:
        return False
    first["id"] = second["id"]
    return True


@FAULTS.answer("preview-of-another-product", "DLV-007", "A preview answers about another product", operations=PREVIEW)
def preview_of_another_product(seen: Seen) -> bool:
    inside = ("productIdentifier", "itemIdentifier")
    texts = (each for each in places(seen) if isinstance(each.value, str) and not set(inside).isdisjoint(each.path))
    place = pick(seen, (each for each in texts if each.key in ("value", "sku", "productId", "externalId")))
    return place is not None and place.put(other_id(seen, place.value))
