"""Money that a client sends wrongly."""

from __future__ import annotations

from typing import Final

from conformance.selftest.clients import ClientFaultList, Sending
from conformance.selftest.reach import Given, given

FAULTS: Final = ClientFaultList()

OPERATIONS: Final = ("createOrder", "updateOrder")


def _money(sending: Sending) -> list[Given]:
    """Amounts of money, but the totals of refunds and roll-up charges, which have rules of their own."""
    apart = [each.get("totalAmount") for each in given(sending, "RefundTotalInput")]
    apart += [each.get(name) for each in given(sending, "RollupChargeInput") for name in each]
    found = given(sending, "MoneyInput")
    return [each for each in found if "currencyCode" in each and not any(each is one for one in apart)]


@FAULTS("money-sent-with-a-minus", "ORD-038", "Money is sent with a minus", operations=OPERATIONS)
def money_sent_with_a_minus(sending: Sending) -> bool:
    found = [each for each in _money(sending) if isinstance(each.get("amount"), int | float)]
    if not found:
        return False
    sending.random.choice(found)["amount"] = -sending.random.randrange(1, 10_000) / 100
    return True


@FAULTS("currency-sent-that-is-none", "ORD-039", "A currency is sent that is none", operations=OPERATIONS)
def currency_sent_that_is_none(sending: Sending) -> bool:
    found = _money(sending)
    if not found:
        return False
    sending.random.choice(found)["currencyCode"] = sending.random.choice(("US$", "usd", "EUX", "", "Dollar", "XQQ"))
    return True
