"""External returns, which updateOrder adds and changes. Sources: update-return-details, troubleshoot-return-errors."""

from __future__ import annotations

from typing import Any, Final

from conformance.sandbox.context import Context
from conformance.sandbox.errors import UNSPECIFIED, invalid
from conformance.sandbox.orders.announce import return_event
from conformance.sandbox.orders.lines import line_amounts
from conformance.sandbox.orders.previews import return_days
from conformance.sandbox.reading import items, part
from conformance.sandbox.store import Resource, alias_key, item_amounts

MAX_ALIASES: Final = 2

_SETTLED: Final = frozenset({"SUCCESS", "REJECTED"})
_EXTERNAL_MOVES: Final = frozenset({("CREATED", "CANCELLED"), ("CREATED", "COMPLETED")})
"""No page has a table for external returns: one that has ended stays as it ended (our choice)."""


def find_return(order: Resource, wanted: Any) -> Resource | None:
    """The return that a returnIdentifier names, by id or alias."""
    wanted = wanted or {}
    alias = wanted.get("alias") or next(iter(items(wanted.get("aliases"))), None)
    for return_ in order["returns"]:
        names = {alias_key(known) for known in return_["aliases"]}
        if wanted.get("id") == return_["id"] or (alias and alias_key(alias) in names):
            return return_  # type: ignore[no-any-return]
    return None


def check_external(order: Resource, entries: list[Resource]) -> list[tuple[Resource, Resource | None, list[Resource]]]:
    """What `returns.details` asks for: the entry, the return that it changes or None for a new one, its lines."""
    taken = {alias_key(alias): return_ for return_ in order["returns"] for alias in return_["aliases"]}
    plans = []
    for entry in entries:
        aliases = items(entry.get("aliases"))
        if len(aliases) > MAX_ALIASES:
            raise invalid("AliasLimitExceeded", f"a return has at most {MAX_ALIASES} aliases")
        known = None
        if entry.get("returnIdentifier"):
            known = find_return(order, entry["returnIdentifier"])
            if known is None:
                raise invalid(UNSPECIFIED, "no return of the order has this identifier")
            if not known["isExternal"]:
                raise invalid(UNSPECIFIED, "only external returns can be changed")
        elif not aliases:
            raise invalid(UNSPECIFIED, "a new external return needs an alias")
        for alias in aliases:
            if alias_key(alias) in taken and taken[alias_key(alias)] is not known:
                raise invalid("AliasValueAlreadyExists", "the aliasId belongs to another return of the order")
            taken[alias_key(alias)] = known or {}
        state = entry.get("state")
        was = known["state"] if known else "CREATED"
        if state and state != was and (known is None or (was, state) not in _EXTERNAL_MOVES):
            raise invalid(UNSPECIFIED, f"an external return in {was if known else 'no state'} cannot become {state}")
        given = [
            each
            for line in items(entry.get("returnLineItems"))
            for each in items(part(line, "returnFor", "orderLineItemAmounts"))
        ]
        amounts = line_amounts(order, given, "/updateOrder/input/returns")
        if any(each["amount"]["value"] > each["lineItem"]["amount"]["value"] for each in amounts):
            raise invalid(UNSPECIFIED, "more is returned than was ordered")
        plans.append((entry, known, amounts))
    return plans


def returnable(context: Context, order: Resource, asked: list[Resource] | None = None) -> list[Resource]:
    """What of an order can be given back: delivered, and in no return that is still good. All of it, or what is asked
    for; raises when there is not so much, or when a product is not returnable."""
    left: dict[str, float] = {}
    for package in order["packages"]:
        if package["state"] == "DELIVERED":
            for each in item_amounts(package, "packageInformationDetailsFor"):
                left[each["lineItem"]["id"]] = left.get(each["lineItem"]["id"], 0) + each["amount"]["value"]
    for return_ in order["returns"]:
        if return_["state"] not in ("CANCELLED", "DRAFT"):
            for each in item_amounts(return_, "returnFor"):
                left[each["lineItem"]["id"]] = left.get(each["lineItem"]["id"], 0) - each["amount"]["value"]
    if asked is None:
        asked = [
            {"lineItem": line, "amount": {"value": left[line["id"]], "unit": line["amount"]["unit"]}}
            for line in order["lineItems"]
            if left.get(line["id"], 0) > 0 and _is_returnable(context, line)
        ]
    for each in asked:
        name = each["lineItem"]["id"]
        left[name] = left.get(name, 0) - each["amount"]["value"]
        if not _is_returnable(context, each["lineItem"]):
            raise invalid(UNSPECIFIED, f"the product of the line {name!r} is not returnable")
        if left[name] < 0:
            raise invalid(UNSPECIFIED, f"not so much of the line {name!r} was delivered and is not returned yet")
    if not asked:
        raise invalid(UNSPECIFIED, "nothing was delivered that is not returned yet")
    return asked


def apply_external(
    context: Context, order: Resource, plans: list[tuple[Resource, Resource | None, list[Resource]]]
) -> None:
    """Carries out what `check_external` found."""
    for entry, known, amounts in plans:
        return_ = known
        if return_ is None:
            return_ = new_return(context, amounts, is_drop_off=False)
            return_.update(isExternal=True, packages=[])
            order["returns"].append(return_)
        new = [alias for alias in items(entry.get("aliases")) if alias not in return_["aliases"]]
        return_["aliases"] = [*return_["aliases"], *new]
        if entry.get("state"):
            return_["state"] = entry["state"]
        return_["updatedAt"] = context.store.time()


def _is_returnable(context: Context, line: Resource) -> bool:
    product = context.store.product(part(line, "product", "identifier") or {})
    return product is None or bool(return_days(product))


def returned_amount(line: Resource) -> float:
    """How much a line of a return is for."""
    return float(sum(each["amount"]["value"] for each in item_amounts(line, "returnFor")))


def close_return(context: Context, order: Resource, return_: Resource) -> None:
    """Completes a return that has arrived, is graded and whose refund is done: our choice, no page says when."""
    states = {package["state"] for package in return_["packages"]}
    refund = next((known for known in order["refunds"] if known["id"] == return_["refundId"]), None)
    is_graded = all(
        (part(line, "grading", "summary", "gradedAmount", "value") or 0) >= returned_amount(line)
        for line in return_["returnLineItems"]
    )
    is_back = "DELIVERED" in states and states <= {"DELIVERED", "FAILED"} and is_graded
    if return_["state"] == "CREATED" and is_back and refund is not None and refund["state"] in _SETTLED:
        return_["state"] = "COMPLETED"
        return_["updatedAt"] = context.store.time()
        return_event(context, order, return_, "RETURN_COMPLETED")


def new_return(context: Context, amounts: list[Resource], *, is_drop_off: bool) -> Resource:
    """A return in the state CREATED, with one package that waits."""
    store = context.store
    for_: Resource = {"orderLineItemAmounts": amounts}
    lines = [{"id": store.new_id("return-line"), "returnFor": {"orderLineItemAmounts": [each]}} for each in amounts]
    for_["returnLineItemAmounts"] = [
        {"amount": each["amount"], "returnLineItem": line} for each, line in zip(amounts, lines, strict=True)
    ]
    return {
        "id": store.new_id("return"),
        "aliases": [],
        "state": "CREATED",
        "createdAt": store.time(),
        "updatedAt": store.time(),
        "returnFor": for_ if amounts else None,
        "returnLineItems": lines,
        "packages": [return_package(context, for_)],
        "isDropOff": is_drop_off,
        "isExternal": False,
        "refundId": None,
    }


def return_package(context: Context, for_: Resource) -> Resource:
    """A package of a return, that waits."""
    package_id = context.store.new_id("return-package")
    return {"id": package_id, "state": "CREATED", "reason": None, "returnPackageFor": for_}
