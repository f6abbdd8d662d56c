"""Orders that a client sends wrongly."""

from __future__ import annotations

import copy
from typing import Any, Final

from conformance.selftest.clients import ClientFaultList, Sending
from conformance.selftest.reach import Given, at, given, left_out, one_given, repeated, rows, without

FAULTS: Final = ClientFaultList()

CREATE: Final = ("createOrder",)
NOVEMBER: Final = ("2024-11-01",)
SINCE_APRIL: Final = ("2024-04-01", "2024-11-01")
MONEY: Final = {"amount": 1, "currencyCode": "USD"}


def _order(sending: Sending) -> Given:
    return next(iter(given(sending, "CreateOrderInput")), {})


def _details(line: Given) -> Given:
    found = at(line, "selectedDeliveryOffer", "details")
    return found if isinstance(found, dict) else {}


def _is_prime(line: Given) -> bool:
    details = _details(line)
    return details.get("deliveryProvider") == "BUY_WITH_PRIME" or (
        at(details, "deliveryTerms", "isPrimeEligible") is True
    )


def _many_lines(sending: Sending, *, prime: bool) -> bool:
    lines = _order(sending).get("lineItems")
    wanted = [each for each in lines if _is_prime(each) is prime] if isinstance(lines, list) else []
    if not wanted or not isinstance(lines, list):
        return False
    for _ in range(sending.random.randrange(21, 40) - len(wanted)):
        line = copy.deepcopy(sending.random.choice(wanted))
        line.pop("aliases", None)
        lines.append(line)
    return True


@FAULTS(
    "too-many-prime-lines", "ORD-001", "An order has 21 Prime items or more", operations=CREATE, versions=SINCE_APRIL
)
def too_many_prime_lines(sending: Sending) -> bool:
    return _many_lines(sending, prime=True)


@FAULTS("too-many-other-lines", "ORD-002", "An order has 21 other items or more", operations=CREATE, versions=NOVEMBER)
def too_many_other_lines(sending: Sending) -> bool:
    return _many_lines(sending, prime=False)


def _amazon_details(sending: Sending, *, prime: bool) -> list[Given]:
    lines = rows(_order(sending), "lineItems")
    details = [_details(line) for line in lines if _is_prime(line) is prime]
    return [each for each in details if each.get("deliveryProvider") == "AMAZON"]


def _prime_without(sending: Sending, key: str) -> bool:
    details = [each for each in _amazon_details(sending, prime=True) if each.get(key)]
    if not details:
        return False
    without(sending, sending.random.choice(details), key)
    return True


@FAULTS(
    "prime-without-offer", "ORD-003", "Prime delivery comes without its offer", operations=CREATE, versions=NOVEMBER
)
def prime_without_offer(sending: Sending) -> bool:
    return _prime_without(sending, "id")


@FAULTS(
    "prime-without-preview", "ORD-004", "Prime delivery comes without preview", operations=CREATE, versions=NOVEMBER
)
def prime_without_preview(sending: Sending) -> bool:
    return _prime_without(sending, "deliveryPreviewId")


@FAULTS(
    "prime-unsaid",
    "ORD-005",
    "Amazon delivers, and nobody knows whether it is Prime",
    operations=CREATE,
    versions=NOVEMBER,
)
def prime_unsaid(sending: Sending) -> bool:
    details = [*_amazon_details(sending, prime=True), *_amazon_details(sending, prime=False)]
    details = [each for each in details if isinstance(each.get("deliveryTerms"), dict)]
    if not details:
        return False
    one = sending.random.choice(details)
    holder, key = sending.random.choice(((one, "deliveryTerms"), (one["deliveryTerms"], "isPrimeEligible")))
    without(sending, holder, key)
    return True


@FAULTS("speed-left-out", "ORD-006", "Delivery without Prime has no speed", operations=CREATE, versions=NOVEMBER)
def speed_left_out(sending: Sending) -> bool:
    terms = [each.get("deliveryTerms") for each in _amazon_details(sending, prime=False)]
    told = [each for each in terms if isinstance(each, dict) and each.get("isPrimeEligible") is False]
    if not told:
        return False
    without(sending, sending.random.choice(told), "deliverySpeed")
    return True


@FAULTS("merchant-with-prime", "ORD-007", "The merchant delivers with Prime", operations=CREATE, versions=NOVEMBER)
def merchant_with_prime(sending: Sending) -> bool:
    details = [_details(line) for line in rows(_order(sending), "lineItems")]
    details = [each for each in details if each.get("deliveryProvider") == "MERCHANT" or _is_named_prime(each)]
    if not details:
        return False
    one = sending.random.choice(details)
    one["deliveryProvider"], one["deliveryTerms"] = "MERCHANT", {"isPrimeEligible": True}
    return True


def _is_named_prime(details: Given) -> bool:
    return at(details, "deliveryTerms", "isPrimeEligible") is True


@FAULTS("prime-for-nobody", "ORD-008", "Prime delivery is for an unknown shopper", operations=CREATE, versions=NOVEMBER)
def prime_for_nobody(sending: Sending) -> bool:
    is_prime = any(_is_prime(line) for line in rows(_order(sending), "lineItems"))
    return is_prime and left_out(sending, "CreateOrderInput", "shopperIdentity")


@FAULTS("prime-to-nowhere", "ORD-009", "Prime delivery has no address", operations=CREATE, versions=NOVEMBER)
def prime_to_nowhere(sending: Sending) -> bool:
    if not any(_is_prime(line) for line in rows(_order(sending), "lineItems")):
        return False
    inside = sending.random.random() < 0.5
    return left_out(sending, *(("RecipientInput", "deliveryAddress") if inside else ("CreateOrderInput", "recipient")))


def _alias(sending: Sending) -> Given:
    return {"aliasType": "EXTERNAL_ID", "aliasId": f"shop-{sending.random.randrange(1000)}"}


@FAULTS("order-alias-twice", "ORD-010", "An order has an alias twice", operations=("createOrder", "updateOrder"))
def order_alias_twice(sending: Sending) -> bool:
    holder = next(iter(given(sending, "CreateOrderInput", "UpdateOrderInput")), None)
    if holder is None:
        return False
    key = "orderAliases" if sending.version == "2024-01-01" else "aliases"
    if not isinstance(holder.get(key), list) or not holder[key]:
        holder[key] = [_alias(sending)]
    repeated(sending, holder[key])
    return True


@FAULTS("line-alias-of-another-line", "ORD-011", "Two lines have one alias", operations=CREATE, versions=SINCE_APRIL)
def line_alias_of_another_line(sending: Sending) -> bool:
    lines = rows(_order(sending), "lineItems")
    if len(lines) < 2:
        return False
    alias = next((one["aliases"][0] for one in lines if one.get("aliases")), _alias(sending))
    for line in sending.random.sample(lines, 2):
        line["aliases"] = [dict(alias)]
    return True


@FAULTS(
    "cancellation-alias-twice",
    "ORD-012",
    "A cancellation has an alias twice",
    operations=("cancelOrder",),
    versions=SINCE_APRIL,
)
def cancellation_alias_twice(sending: Sending) -> bool:
    holder = one_given(sending, "CancelOrderInput")
    if holder is None:
        return False
    if not isinstance(holder.get("aliases"), list):
        holder["aliases"] = [holder.get("aliases") or _alias(sending)]
    repeated(sending, holder["aliases"])
    return True


@FAULTS(
    "order-named-in-both-ways",
    "ORD-013",
    "A query names its order by both arguments",
    operations=("order",),
    versions=("2024-01-01",),
)
def order_named_in_both_ways(sending: Sending) -> bool:
    order_id = f"322-ABC{sending.random.randrange(10)}-AAAAAA"
    head, found, rest = sending.query.partition("order(orderIdentifier:")
    if found:
        sending.body["query"] = f'{head}order(orderId: "{order_id}", orderIdentifier:{rest}'
    return bool(found)


@FAULTS("order-unnamed", "ORD-014", "No order is named", operations=("order", "updateOrder", "cancelOrder"))
def order_unnamed(sending: Sending) -> bool:
    names = [each for each in given(sending, "OrderIdentifierInput") if each]
    if len(names) != 1:
        return False
    (name,) = names
    empty = sending.random.choice(({}, {"orderId": None}, {"alias": None}, dict.fromkeys(name)))
    name.clear()
    name.update(empty)
    return True


def _amounts(sending: Sending) -> list[tuple[Given, str]]:
    lines = rows(_order(sending), "lineItems")
    found = [(at(line, name), key) for line in lines for name, key in (("amount", "value"), ("quantity", "amount"))]
    return [(holder, key) for holder, key in found if isinstance(holder, dict) and key in holder]


@FAULTS("line-of-nothing", "ORD-015", "A line orders nothing, or less", operations=CREATE)
def line_of_nothing(sending: Sending) -> bool:
    amounts = _amounts(sending)
    if not amounts:
        return False
    holder, key = sending.random.choice(amounts)
    holder[key] = sending.random.choice((0, -1, -2, -10))
    return True


@FAULTS(
    "money-of-the-whole-order",
    "ORD-016",
    "Taxes or discounts stand on no line",
    operations=CREATE,
    versions=SINCE_APRIL,
)
def money_of_the_whole_order(sending: Sending) -> bool:
    order = _order(sending)
    name, value = sending.random.choice(
        (
            ("taxes", {"summary": {"collectableTaxAmount": _money(sending)}}),
            ("discounts", {"summary": {"amount": _money(sending)}}),
        )
    )
    if not rows(order, "lineItems"):
        return False
    order[name] = order.get(name) or value
    for line in rows(order, "lineItems"):
        line.pop(name, None)
    return True


def _money(sending: Sending) -> Given:
    return {**MONEY, "amount": sending.random.randrange(1, 100)}


@FAULTS("payment-id-twice", "ORD-017", "Two payments have one id", operations=("createOrder", "updateOrder"))
def payment_id_twice(sending: Sending) -> bool:
    lists: list[Any] = [each.get("details") for each in given(sending, "PaymentsInput")]
    lists += [each.get("paymentDetails") for each in given(sending, "RefundDetailsInput")]
    whole = [each for each in lists if each and isinstance(each, list) and all(one.get("id") for one in each)]
    if not whole:
        return False
    payments = sending.random.choice(whole)
    payments.append({**sending.random.choice(payments), "amount": _money(sending)})
    return True


@FAULTS(
    "order-without-total", "ORD-018", "An order does not say what it costs", operations=CREATE, versions=SINCE_APRIL
)
def order_without_total(sending: Sending) -> bool:
    return left_out(sending, "CreateOrderInput", "totalPrice")


@FAULTS(
    "paid-before-anything-ships", "ORD-019", "Payment of a Prime order is collected with the order", operations=CREATE
)
def paid_before_anything_ships(sending: Sending) -> bool:
    order = _order(sending)
    if not any(_is_prime(line) for line in rows(order, "lineItems")):
        return False
    payments = rows(order, "payments", "details")
    if payments:
        sending.random.choice(payments)["state"] = "CAPTURED"
    else:
        method = {"displayString": "Card ending 0000", "type": "AMAZON_PAY"}
        payment = {"id": f"payment-{sending.random.randrange(100)}", "amount": _money(sending), "state": "CAPTURED"}
        order["payments"] = {"details": [{**payment, "paymentMethod": method}]}
    return True
