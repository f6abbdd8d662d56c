"""Orders: create, query, update.

Sources: create-a-buy-with-prime-order, update-a-buy-with-prime-order, best-practices-for-orders,
troubleshoot-order-errors, troubleshoot-return-errors.
"""

from __future__ import annotations

from typing import Final

from conformance.sandbox.context import Context
from conformance.sandbox.errors import NOT_FOUND, UNSPECIFIED, api_error, invalid, invalid_input
from conformance.sandbox.orders import returns
from conformance.sandbox.orders.announce import order_confirmed
from conformance.sandbox.orders.lines import check_offers, line_from, provider_of, take
from conformance.sandbox.orders.people import customer_from, payments_from, recipient_from
from conformance.sandbox.orders.refunds import update_refunds
from conformance.sandbox.reading import items, order_identifier, part
from conformance.sandbox.store import Resource, Store, alias_key

MAX_ALIASES: Final = 5
MAX_PRIME_LINES: Final = 20
MAX_OTHER_LINES: Final = 20


def find_order(store: Store, arguments: Resource) -> Resource | None:
    """The order that the arguments name, by id or alias. Raises when they name none, or two ways at once."""
    wanted = order_identifier(arguments)
    if not wanted:
        raise invalid(UNSPECIFIED, "orderIdentifier has neither an id nor an alias")
    if len(wanted) > 1 or (arguments.get("orderId") and arguments.get("orderIdentifier")):
        raise invalid_input(["/orderIdentifier must have only one of orderId, alias"])
    order_id = wanted.get("orderId") or store.order_of_alias.get(alias_key(wanted["alias"]))
    return store.orders.get(str(order_id))


def query_order(context: Context, arguments: Resource) -> Resource:
    """`order`."""
    return existing_order(context, arguments)


def create_order(context: Context, arguments: Resource) -> Resource:
    """`createOrder`."""
    given = arguments.get("input") or {}
    _check_new_aliases(context.store, [*items(given.get("aliases")), *items(given.get("orderAliases"))], [])
    _check_lines(given)
    check_offers(context, given)
    return place_order(context, given)


def place_order(context: Context, given: Resource) -> Resource:
    """Places an order whose offers were checked: takes stock, and begins fulfilment when that is asked for."""
    store = context.store
    aliases = [*items(given.get("aliases")), *items(given.get("orderAliases"))]
    _check_new_aliases(store, aliases, [])
    _check_lines(given)
    order: Resource = {
        "id": store.new_order_id(),
        "aliases": aliases,
        "lineItems": [],
        "customer": customer_from(context, given),
        "metadata": {"executionState": "NOT_STARTED", "createdAt": store.time(), "updatedAt": store.time()},
        "orderLinks": items(given.get("orderLinks")),
        "discounts": given.get("discounts"),
        "payments": payments_from(given.get("payments")),
        "recipient": recipient_from(given.get("recipient")),
        "taxes": given.get("taxes"),
        "totalPrice": given.get("totalPrice"),
        "packages": [],
        "refunds": [],
        "returns": [],
        "cancellations": [],
    }
    order["lineItems"] = [
        line_from(context, order, line, index) for index, line in enumerate(items(given["lineItems"]))
    ]
    take(context, order)
    store.add_order(order)
    if given.get("desiredExecutionState") == "STARTED":
        start(store, order)
    order_confirmed(context, order)
    return {"order": order}


def update_order(context: Context, arguments: Resource) -> Resource:
    """`updateOrder`: what is given is appended or replaced, what is left out stays."""
    store, given = context.store, arguments.get("input") or {}
    order = existing_order(context, arguments)
    aliases = [alias for alias in items(given.get("aliases")) if alias not in order["aliases"]]
    _check_new_aliases(store, aliases, order["aliases"])
    if given.get("desiredExecutionState") == "NOT_STARTED" and order["metadata"]["executionState"] == "STARTED":
        raise invalid(UNSPECIFIED, "an order whose fulfilment has started cannot be stopped by updateOrder")
    if given.get("desiredExecutionState") == "STARTED" and is_cancelled(order):
        raise invalid(UNSPECIFIED, "the order is cancelled")
    planned_returns = returns.check_external(order, items(part(given, "returns", "details")))
    update_refunds(context, order, items(part(given, "refunds", "details")))
    returns.apply_external(context, order, planned_returns)
    order["aliases"] = [*order["aliases"], *aliases]
    store.index_aliases(order)
    for name in ("taxes", "totalPrice", "discounts"):
        if given.get(name) is not None:
            order[name] = given[name]
    if given.get("customer") is not None:
        order["customer"] = customer_from(context, given)
    order["orderLinks"] = [*order["orderLinks"], *items(given.get("orderLinks"))]
    if given.get("desiredExecutionState") == "STARTED":
        start(store, order)
    order["metadata"]["updatedAt"] = store.time()
    return {"order": order, "id": order["id"]}


def is_cancelled(order: Resource) -> bool:
    """Was the whole order cancelled?"""
    return any(cancellation["state"] == "SUCCESS" for cancellation in order["cancellations"])


def start(store: Store, order: Resource) -> None:
    """Begins fulfilment: what Amazon delivers becomes a PENDING package. Merchants' own packages are not known."""
    if order["metadata"]["executionState"] == "STARTED":
        return
    order["metadata"]["executionState"] = "STARTED"
    lines = [line for line in order["lineItems"] if provider_of(line) == "AMAZON"]
    if lines:
        order["packages"].append(new_package(store.new_id("package"), lines))


def new_package(package_id: str, lines: list[Resource], state: str = "PENDING") -> Resource:
    return {
        "id": package_id,
        "aliases": [],
        "state": state,
        "reason": None,
        "packageInformationDetailsFor": {
            "orderLineItemAmounts": [{"lineItem": line, "amount": dict(line["amount"])} for line in lines]
        },
        "packageTracker": None,
        "deliverFromAddress": None,
    }


def existing_order(context: Context, arguments: Resource) -> Resource:
    """The order that the arguments name. Raises the documented error when there is none."""
    order = find_order(context.store, arguments)
    if order is None:
        raise api_error(NOT_FOUND, "no order has this identifier")
    return order


def _check_new_aliases(store: Store, aliases: list[Resource], known: list[Resource]) -> None:
    if len(aliases) + len(known) > MAX_ALIASES:
        raise invalid_input([f"/input/aliases must have at most {MAX_ALIASES} items"])
    keys = [alias_key(alias) for alias in aliases]
    if len(keys) != len(set(keys)) or any(key in store.order_of_alias for key in keys):
        raise invalid("AliasValueAlreadyExists", "an order of the store has this alias")


def _check_lines(given: Resource) -> None:
    lines = items(given.get("lineItems"))
    if not lines:
        raise invalid_input(["/createOrder/input/lineItems must have at least 1 items"])
    prime = sum(1 for line in lines if _is_prime(line))
    if prime > MAX_PRIME_LINES or len(lines) - prime > MAX_OTHER_LINES:
        raise invalid_input(
            [f"/createOrder/input/lineItems must have at most {MAX_PRIME_LINES} Prime, {MAX_OTHER_LINES} other items"]
        )


def _is_prime(line: Resource) -> bool:
    details = part(line, "selectedDeliveryOffer", "details") or {}
    return (
        part(details, "deliveryTerms", "isPrimeEligible") is True or details.get("deliveryProvider") == "BUY_WITH_PRIME"
    )
