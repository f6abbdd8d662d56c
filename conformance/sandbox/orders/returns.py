"""External returns, which updateOrder adds and changes. Sources: update-return-details, troubleshoot-return-errors."""

from __future__ import annotations

from typing import Any, Final

from conformance.sandbox.context import Context
from conformance.sandbox.errors import UNSPECIFIED, invalid
from conformance.sandbox.orders.lines import line_amounts
from conformance.sandbox.reading import items, part
from conformance.sandbox.store import Resource, alias_key

MAX_ALIASES: Final = 2


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
        given = [
            each
            for line in items(entry.get("returnLineItems"))
            for each in items(part(line, "returnFor", "orderLineItemAmounts"))
        ]
        plans.append((entry, known, line_amounts(order, given, "/updateOrder/input/returns")))
    return plans


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


def new_return(context: Context, amounts: list[Resource], *, is_drop_off: bool) -> Resource:
    """A return in the state CREATED, with one package that waits."""
    store = context.store
    for_ = {"orderLineItemAmounts": amounts}
    return {
        "id": store.new_id("return"),
        "aliases": [],
        "state": "CREATED",
        "createdAt": store.time(),
        "updatedAt": store.time(),
        "returnFor": for_,
        "returnLineItems": [
            {"id": store.new_id("return-line"), "returnFor": {"orderLineItemAmounts": [each]}} for each in amounts
        ],
        "packages": [
            {"id": store.new_id("return-package"), "state": "CREATED", "reason": None, "returnPackageFor": for_}
        ],
        "isDropOff": is_drop_off,
        "isExternal": False,
        "isRefundRequested": False,
    }
