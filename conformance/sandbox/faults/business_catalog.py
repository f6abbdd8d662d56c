"""A catalog that is answered wrongly: pages, feeds."""

from __future__ import annotations

import copy
from typing import Any, Final

from conformance.sandbox.faults.model import FaultList, Seen
from conformance.sandbox.faults.reach import Holder, other_id

FAULTS: Final = FaultList()


def edges(seen: Seen) -> list[Holder]:
    """The edges of an answered page."""
    found = seen.answer.get("edges") if isinstance(seen.answer, dict) else None
    return found if isinstance(found, list) else []


def overfull(seen: Seen) -> bool:
    """Answers more edges than `first` asks for."""
    first, page = seen.variables.get("first"), edges(seen)
    if not isinstance(first, int) or not page:
        return False
    more = seen.random.randrange(1, 9)
    while len(page) < first + more:
        page.append(_renewed(seen, page[0]))
    return True


def _renewed(seen: Seen, value: Any) -> Any:
    """A copy with other texts: another object of the same form."""
    if isinstance(value, dict):
        return {key: _renewed(seen, each) for key, each in value.items()}
    return other_id(seen, value) if isinstance(value, str) else copy.deepcopy(value)


@FAULTS.answer("products-page-overfull", "CAT-002", "A page has more products than asked for", operations=("products",))
def products_page_overfull(seen: Seen) -> bool:
    return overfull(seen)


@FAULTS.answer("sku-twice", "CAT-003", "Two products of a page have one SKU", operations=("products",))
def sku_twice(seen: Seen) -> bool:
    nodes = [each["node"] for each in edges(seen) if isinstance(each.get("node"), dict)]
    nodes = [each for each in nodes if isinstance(each.get("sku"), dict) and each["sku"].get("value")]
    if not nodes:
        return False
    other = copy.deepcopy(seen.random.choice(nodes))
    if other.get("id"):
        other["id"] = other_id(seen, other["id"])
    edges(seen).append({**edges(seen)[0], "node": other})
    return True


@FAULTS.answer("product-twice", "CAT-004", "A product stands twice on a page", operations=("products",))
def product_twice(seen: Seen) -> bool:
    page = [each for each in edges(seen) if isinstance(each.get("node"), dict) and each["node"].get("id")]
    if not page:
        return False
    edges(seen).insert(seen.random.randrange(len(page) + 1), copy.deepcopy(seen.random.choice(page)))
    return True


@FAULTS.answer("report-too-early", "CAT-005", "A feed at work has a report already", operations=("catalogFeed",))
def report_too_early(seen: Seen) -> bool:
    feed = seen.answer
    result = feed.get("result") if isinstance(feed, dict) else None
    report = result.get("resultReport") if isinstance(result, dict) else None
    if not isinstance(feed, dict) or "status" not in feed or not isinstance(report, dict):
        return False
    feed["status"] = seen.random.choice(("CREATED", "IN_PROGRESS"))
    return True


@FAULTS.answer(
    "another-feed", "CAT-006", "Another feed than the one asked for is answered", operations=("catalogFeed",)
)
def another_feed(seen: Seen) -> bool:
    if not isinstance(seen.answer, dict) or not seen.answer.get("id"):
        return False
    seen.answer["id"] = other_id(seen, seen.answer["id"])
    return True
