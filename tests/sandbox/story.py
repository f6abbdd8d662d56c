"""What happens to one order, told in the words of each version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.sandbox.client import IS_OLD, Client, bought

ID = "$id: OrderIdentifierInput!"


@dataclass
class Story:
    """An order of a client, and what its people do."""

    client: Client
    order: str = ""

    def __post_init__(self) -> None:
        self.order = self.order or bought(self.client, amount=2)

    @property
    def is_old(self) -> bool:
        return IS_OLD[self.client.version]

    @property
    def held(self) -> dict[str, Any]:
        """The order as the sandbox holds it."""
        return self.client.app.admin.store.orders[self.order]

    def package(self, state: str, reason: str | None = None, index: int = 0) -> dict[str, Any]:
        """Moves a package."""
        package = self.held["packages"][index]["id"]
        asked = {"state": state, "reason": reason}
        if self.is_old:
            query = """mutation move($input: UpdateOrderDeliveryInformationInput!) {
              updateOrderDeliveryInformation(input: $input) { order { id } } }"""
            entry: dict[str, Any] = {"id": package, "deliveryInformationState": asked}
            return self.client.ask(query, {"input": {"orderId": self.order, "details": [entry]}})
        return self.entry({"id": package, "packageState": {"packageInformationState": asked}})

    def entry(self, entry: dict[str, Any]) -> dict[str, Any]:
        query = f"""mutation move({ID}, $input: UpdateOrderPackageInformationInput!) {{
          updateOrderPackageInformation(orderIdentifier: $id, input: $input) {{
            order {{ packageInformation {{ details {{ state }} }} }} }} }}"""
        details = {"packageInformation": {"details": [entry]}}
        return self.client.ask(query, {"id": {"orderId": self.order}, "input": details})

    def deliver(self) -> None:
        for state in ("IN_TRANSIT", "DELIVERED"):
            assert "errors" not in self.package(state)

    def cancel(self) -> dict[str, Any]:
        fields = "{ cancellation { state requestedBy createdAt } }"
        if self.is_old:
            query = f"mutation c($input: CancelOrderInput!) {{ cancelOrder(input: $input) {fields} }}"
            return self.client.ask(query, {"input": {"orderIdentifier": {"orderId": self.order}}})
        query = f"mutation c({ID}) {{ cancelOrder(orderIdentifier: $id) {fields} }}"
        return self.client.ask(query, {"id": {"orderId": self.order}})

    def update(self, **given: Any) -> dict[str, Any]:
        if self.is_old:
            query = "mutation u($input: UpdateOrderInput!) { updateOrder(input: $input) { id } }"
            return self.client.ask(query, {"input": {"orderId": self.order, **given}})
        query = f"""mutation u({ID}, $input: UpdateOrderInput!) {{
          updateOrder(orderIdentifier: $id, input: $input) {{ id }} }}"""
        return self.client.ask(query, {"id": {"orderId": self.order}, "input": given})

    def refund(self, state: str, amount: float = 20, index: int = 0) -> dict[str, Any]:
        """What the merchant says about a refund."""
        total = {"totalAmount": {"amount": amount, "currencyCode": "USD"}}
        entry = {"id": self.held["refunds"][index]["id"], "state": state, "refundTotal": total}
        return self.update(refunds={"details": [entry]})

    def begin_return(self, **options: Any) -> str:
        started = self.client.admin("returns", orderId=self.order, version=self.client.version, **options)
        return str(started["returnId"])

    def return_package(self, return_id: str, *states: str) -> None:
        """A carrier moves the package of a return."""
        for state in states:
            options = {"orderId": self.order, "returnId": return_id, "state": state}
            self.client.admin("return-packages", version=self.client.version, **options)

    def grade(self, return_id: str, condition: str = "SELLABLE") -> None:
        options = {"orderId": self.order, "returnId": return_id, "condition": condition}
        self.client.admin("grading", version=self.client.version, **options)

    def returns(self, entry: dict[str, Any]) -> dict[str, Any]:
        """`updateOrderReturns` of 2024-11-01."""
        query = f"""mutation r({ID}, $input: UpdateOrderReturnsInput!) {{
          updateOrderReturns(orderIdentifier: $id, input: $input) {{ order {{ id }} }} }}"""
        return self.client.ask(query, {"id": {"orderId": self.order}, "input": {"returns": {"details": [entry]}}})

    def milestone(self, code: str) -> None:
        number = self.held["packages"][0]["packageTracker"]["packageTrackerIdentifier"]["trackingNumber"]
        self.client.admin("milestones", trackingNumber=number, code=code, version=self.client.version)
