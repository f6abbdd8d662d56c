"""Takes the rows of a file into the catalog, each whole or not at all.

Source: upload-a-catalog: a new product needs an External ID and a SKU; a row of a known External ID re-lists that
product, and may give it another External ID. What makes a value faulty, and the codes, are ours.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from conformance.sandbox.catalog.products import new_product, patch
from conformance.sandbox.catalog.table import Row
from conformance.sandbox.context import Context
from conformance.sandbox.stock import buyability, tell_buyability
from conformance.sandbox.store import Resource

MAX_VALUE: Final = 2_048
BOOLEANS: Final = frozenset({"true", "false"})
URLS: Final = ("imageUrl", "productDetailPageUrl")

Fault = tuple[str, str]
"""A code, and what it means for this row."""


class Listing:
    """The catalog while a file is read, found by the names that have to be unique."""

    def __init__(self, context: Context, *, is_overwriting: bool) -> None:
        self._context = context
        self._is_overwriting = is_overwriting
        self._seen: set[str] = set()
        products = context.store.products
        self._by_external = {p["identifier"]["externalId"]: p for p in products if "externalId" in p["identifier"]}
        self._by_sku = {p["identifier"]["sku"]: p for p in products if "sku" in p["identifier"]}

    def take(self, row: Row) -> list[Fault]:
        """Takes a row, or says why not: every fault of it."""
        faults = _form(row)
        external_id = row.values.get("externalId", "")
        if not external_id:
            return [*faults, ("MissingExternalId", "External ID is empty")]
        if external_id in self._seen:
            faults.append(("DuplicateExternalId", "an earlier row has the same External ID"))
        self._seen.add(external_id)
        product = self._by_external.get(external_id)
        faults += self._against_catalog(row, product)
        if not faults:
            self._list(row, product)
        return faults

    def _against_catalog(self, row: Row, product: Resource | None) -> list[Fault]:
        faults = []
        sku, updated = row.values.get("sku", ""), row.values.get("updatedExternalId", "")
        if product is None:
            if not sku:
                faults.append(("MissingSku", "SKU is empty, and a new product needs one"))
            if updated:
                faults.append(("UnknownExternalId", "no product of the catalog has this External ID to be updated"))
        elif not self._is_overwriting:
            faults.append(("ProductExists", "the product exists, and overwriteExistingProducts is false"))
        if sku and self._by_sku.get(sku, product) is not product:
            faults.append(("DuplicateSku", "another product has this SKU"))
        if updated and self._by_external.get(updated, product) is not product:
            faults.append(("DuplicateExternalId", "another product has the Updated External ID"))
        return faults

    def _list(self, row: Row, product: Resource | None) -> None:
        store = self._context.store
        given = _given(row)
        if product is None:
            product = new_product(store, {"externalId": given["externalId"], "sku": given["sku"]})
            store.products.append(product)
        before, names = buyability(product), product["identifier"]
        self._by_external.pop(names.get("externalId", ""), None)
        self._by_sku.pop(names.get("sku", ""), None)
        patch(product, given)
        names = product["identifier"]
        self._by_external[names["externalId"]] = product
        if "sku" in names:
            self._by_sku[names["sku"]] = product
        tell_buyability(store, self._context.version, product, before)


def _given(row: Row) -> Resource:
    """The row as updateProduct would take it; an empty cell leaves what there is."""
    given: Resource = {"externalId": row.values.get("updatedExternalId") or row.values["externalId"]}
    for name in ("sku", "productDetailPageUrl"):
        if row.values.get(name):
            given[name] = row.values[name]
    if row.values.get("amazonSku"):
        given["amazonSku"] = {"value": row.values["amazonSku"]}
    if row.values.get("offerPrime"):
        given["offerPrime"] = row.values["offerPrime"].lower() == "true"
    if row.values.get("imageUrl"):
        given["image"] = {"sourceUrl": row.values["imageUrl"]}
    return given


def _form(row: Row) -> list[Fault]:
    faults = []
    if row.has_too_many_cells:
        faults.append(("TooManyCells", "the row has more cells than the header"))
    if any(len(value) > MAX_VALUE for value in row.values.values()):
        faults.append(("ValueTooLong", f"a value has more than {MAX_VALUE} characters"))
    elif not all(value.isprintable() for value in row.values.values()):
        faults.append(("InvalidCharacter", "a value has control characters"))
    if row.values.get("offerPrime", "").lower() not in {"", *BOOLEANS}:
        faults.append(("InvalidOfferPrime", "Offer Prime is neither true nor false"))
    faults += [("InvalidUrl", f"{name} is not an http address") for name in URLS if not _is_url(row.values.get(name))]
    return faults


def _is_url(value: str | None) -> bool:
    if not value:
        return True
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
