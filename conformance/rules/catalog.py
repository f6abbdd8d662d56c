"""The catalog (CAT)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown
from conformance.rules.model import REQUEST, RuleCase, Scope, Violation, rule
from conformance.rules.values import at, number, repeated, rows

FEED_ENDS: Final = ("COMPLETED", "FAILED")


@rule(
    "CAT-001",
    Level.SHOULD,
    "A product is named in one way",
    "catalog-queries-product",
    grade=Grade.EXAMPLE,
    operations=("product", "updateProduct", "deleteProduct"),
    coordinate="ProductIdentifierInput",
    fix="Give one of the identifier's fields",
)
def one_identifier(case: RuleCase) -> Iterator[Violation]:
    """Every documented example gives exactly one field."""
    identifier = case.arguments.get("identifier")
    if isinstance(identifier, Mapping):
        given = [name for name, value in identifier.items() if value is not None]
        if len(given) != 1:
            message = "a product is named in several ways" if given else "no product is named"
            yield Violation(("identifier",), message, "one identifier", ", ".join(given) or "none", REQUEST)


def _page_size(case: RuleCase) -> Iterator[Violation]:
    first = number(case.arguments.get("first"))
    edges = at(case.answer, "edges")
    if first is not None and isinstance(edges, list) and len(edges) > first:
        yield Violation(("edges",), "a page of more than asked for", f"at most {first}", f"{len(edges)} of them")


@rule(
    "CAT-002",
    Level.MUST,
    "A page of products has no more than asked for",
    "catalog-queries-products",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    operations=("products",),
    coordinate="Query.products(first:)",
    fix="Answer at most `first` edges",
)
def products_page_size(case: RuleCase) -> Iterator[Violation]:
    """`first` against the edges."""
    yield from _page_size(case)


@rule(
    "CAT-003",
    Level.MUST,
    "The SKUs of a catalog differ",
    "best-practices-for-catalogs",
    scope=Scope.ANSWER,
    operations=("products",),
    coordinate="Product.sku",
    fix="Answer each product once",
)
def skus_differ(case: RuleCase) -> Iterator[Violation]:
    """On one page."""
    skus = (
        ((*path, "node", "sku", "value"), at(edge, "node", "sku", "value")) for path, edge in rows(case.answer, "edges")
    )
    for path, sku in repeated((path, sku) for path, sku in skus if isinstance(sku, str)):
        yield Violation(path, "the SKU of another product", "each SKU once", code_shown(sku))


@rule(
    "CAT-004",
    Level.MUST,
    "The products of a page have different ids",
    "catalog-objects-product",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    operations=("products",),
    coordinate="Product.id",
    fix="Answer each product once",
)
def product_ids_differ(case: RuleCase) -> Iterator[Violation]:
    """An ID names one product."""
    ids = (((*path, "node", "id"), at(edge, "node", "id")) for path, edge in rows(case.answer, "edges"))
    for path, key in repeated((path, key) for path, key in ids if isinstance(key, str)):
        yield Violation(path, "the id of another product", "each id once", code_shown(key))


@rule(
    "CAT-005",
    Level.MUST,
    "A feed has a report only when it is through",
    "catalog-queries-catalogfeed",
    scope=Scope.ANSWER,
    grade=Grade.EXAMPLE,
    operations=("catalogFeed",),
    coordinate="CatalogFeedResult.resultReport",
    fix="Answer null until the feed is COMPLETED or FAILED",
)
def report_at_the_end(case: RuleCase) -> Iterator[Violation]:
    """While CREATED or IN_PROGRESS the documented answers have null."""
    status = at(case.answer, "status")
    if status in ("CREATED", "IN_PROGRESS") and at(case.answer, "result", "resultReport") is not None:
        place = ("result", "resultReport")
        yield Violation(place, f"a report while the feed is {status}", "null", "a report")


@rule(
    "CAT-006",
    Level.MUST,
    "The feed that is answered is the one asked for",
    "catalog-queries-catalogfeed",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    operations=("catalogFeed",),
    coordinate="CatalogFeed.id",
    fix="Answer the feed with this id",
)
def feed_is_the_one_asked_for(case: RuleCase) -> Iterator[Violation]:
    """`catalogFeedId` against `id`."""
    asked, answered = case.arguments.get("catalogFeedId"), at(case.answer, "id")
    if isinstance(asked, str) and isinstance(answered, str) and asked != answered:
        yield Violation(("id",), "another feed than asked for", code_shown(asked), code_shown(answered))
