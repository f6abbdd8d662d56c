"""A seeded random walk through everything that can be done with orders, good and bad, in one version."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

from conformance.contract.load import load_contract
from conformance.events.judge import judge_event
from conformance.findings.model import Verdict
from conformance.sandbox.serving.app import SandboxApp, Settings
from conformance.sandbox.serving.http import Request
from conformance.traffic.model import Event
from tests.sandbox.client import CREATE, IS_OLD, Client, order_input, preview
from tests.sandbox.machine import CODES, TYPES, Watch

STATES = ("PENDING", "IN_TRANSIT", "DELIVERED", "CANCELLED")
REASONS = (None, "UNFULFILLABLE", "CUSTOMER_REQUESTED", "UNDELIVERABLE")
ID = "$id: OrderIdentifierInput!"


class Walker:
    """Walks. `errors` counts the codes that it met, `watch` the transitions."""

    def __init__(self, version: str, seed: int, wait: float = 0.0) -> None:
        self.random = random.Random(seed)
        self.client = Client(version, SandboxApp(Settings(version, seed=seed, wait_factor=wait)))
        self.store = self.client.app.admin.store
        self.is_old = IS_OLD[version]
        self.is_first = version == "2024-01-01"
        self.watch = Watch(self.store, self.is_old)
        self.errors: Counter[str] = Counter()
        self.done: Counter[str] = Counter()
        steps = {self.create: 2, self.move: 16, self.start: 3, self.refund: 8, self.begin_return: 6, self.alias: 2}
        steps |= {self.move_return: 12, self.grade: 6, self.pass_time: 8, self.query: 4, self.external: 3}
        steps[self.shopper_cancels] = 1
        if not self.is_first:
            steps[self.cancel] = 1
        if not self.is_old:
            steps |= {self.create_mixed: 1, self.milestone: 2, self.track: 1}
        if version == "next":
            steps |= {self.offer: 1, self.draft: 4}
        self.steps, self.weights = list(steps), list(steps.values())

    def walk(self, steps: int) -> None:
        for number in range(steps):
            if number % 500 == 0:
                self.client.token = self.client.new_token()
            (step,) = self.random.choices(self.steps, self.weights)
            self.done[step.__name__] += 1
            step()
            self.watch.look(is_whole=number % 50 == 0)
        self.watch.look()

    # --- asking

    def ask(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        """Every answer is clean by the judge, and an error is a documented one."""
        answer = self.client.ask(query, variables)
        for error in answer.get("errors", ()):
            part = error["extensions"]["classification"]
            assert part["type"] in TYPES, error
            assert part.get("code", "UnspecifiedError") in CODES, error
            assert "Traceback" not in error["message"]
            self.errors[part.get("code", part["type"])] += 1
        return answer

    def admin(self, what: str, **options: Any) -> None:
        """What happens outside of the API; it may be refused."""
        options["version"] = self.client.version
        answer = self.client.app.answer(Request("POST", f"/_sandbox/{what}", (), json.dumps(options).encode()))
        assert answer.status in (200, 400)
        assert b"Traceback" not in answer.body

    def order(self) -> dict[str, Any]:
        """One of the last orders."""
        orders = list(self.store.orders.values())
        return self.random.choice(orders[-4:]) if orders else {"id": "none", "packages": [], "lineItems": []}

    def named(self, order: dict[str, Any]) -> dict[str, Any]:
        return {"orderId": self.random.choice((order["id"],) * 30 + ("none",))}

    def some(self, values: list[dict[str, Any]]) -> str:
        """An id of these, now and then one that nothing has."""
        return self.random.choice([str(value["id"]) for value in values] * 9 + ["none"])

    def part_of(self, order: dict[str, Any]) -> list[dict[str, Any]]:
        """A line of the order, or none of it, with an amount that may be too much."""
        names = [line["id"] for line in order["lineItems"]] * 9 + ["none"]
        amount = {"value": self.random.choice((1, 1, 1, 2, 3, 0, -1))}
        return [{"lineItemId": {"lineItemId": self.random.choice(names)}, "amount": amount}]

    # --- orders

    def create(self) -> None:
        sku, amount = self.random.choice(("sku-2", "sku-3", "sku-4", "none")), self.random.randint(1, 3)
        shown = preview(self.client, sku, amount)
        if "errors" in shown:
            return
        given = order_input(self.client, shown["data"]["deliveryPreview"], sku, amount)
        given["desiredExecutionState"] = self.random.choice(("STARTED", "STARTED", "NOT_STARTED"))
        given["aliases"] = [{"aliasType": "EXTERNAL_ID", "aliasId": str(self.random.randint(1, 5000))}]
        fault = self.random.randint(1, 12)
        if fault == 1:
            self.client.admin("clock", advance_s=1801)
            self.client.token = self.client.new_token()
        elif fault == 2:
            given["lineItems"][0]["selectedDeliveryOffer"]["details"]["id"] = "none"
        elif fault == 3:
            given["recipient"]["deliveryAddress"]["streetAddress"] = "2 Other St"
        self.ask(CREATE, {"input": given})

    def create_mixed(self) -> None:
        shown = preview(self.client)["data"]["deliveryPreview"]
        given = order_input(self.client, shown)
        terms = {"isPrimeEligible": False, "deliverySpeed": "STANDARD"}
        product = {"identifier": {"sku": "sku-3"}, "title": "Pot", "price": {"amount": 7.5, "currencyCode": "USD"}}
        slow = {"details": {"deliveryProvider": "AMAZON", "deliveryTerms": terms}}
        own = {"summary": {"deliveryProvider": "MERCHANT"}}
        given["lineItems"] += [
            {"product": product, "amount": {"value": 2}, "selectedDeliveryOffer": slow},
            {"amount": {"value": 1}, "selectedDeliveryOffer": own},
        ]
        self.ask(CREATE, {"input": given})

    def update(self, order: dict[str, Any], given: dict[str, Any]) -> None:
        named = self.named(order)
        if self.is_old:
            query = "mutation u($input: UpdateOrderInput!) { updateOrder(input: $input) { id } }"
            self.ask(query, {"input": {**named, **given}})
        else:
            query = f"""mutation u({ID}, $input: UpdateOrderInput!) {{
              updateOrder(orderIdentifier: $id, input: $input) {{ id }} }}"""
            self.ask(query, {"id": named, "input": given})

    def start(self) -> None:
        self.update(self.order(), {"desiredExecutionState": self.random.choice(("STARTED", "STARTED", "NOT_STARTED"))})

    def alias(self) -> None:
        alias = {"aliasType": "OMS_ORDER_ID", "aliasId": str(self.random.randint(1, 40))}
        self.update(self.order(), {"aliases": [alias]})

    def cancel(self) -> None:
        fields = "{ cancellation { state } }"
        if self.is_old:
            query = f"mutation c($input: CancelOrderInput!) {{ cancelOrder(input: $input) {fields} }}"
            self.ask(query, {"input": {"orderIdentifier": self.named(self.order())}})
        else:
            query = f"mutation c({ID}) {{ cancelOrder(orderIdentifier: $id) {fields} }}"
            self.ask(query, {"id": self.named(self.order())})

    def shopper_cancels(self) -> None:
        self.admin("cancellations", orderId=self.order()["id"])

    def query(self) -> None:
        order = self.order()
        packages = "deliveryInformation" if self.is_old else "packageInformation"
        fields = f"""id metadata {{ executionState }} refunds {{ details {{ id state }} }}
          returns {{ details {{ id state }} }} lineItems {{ id {packages} {{ details {{ id state reason }} }} }}
          cancellations {{ details {{ state refundDetails {{ id }} }} }}"""
        named: dict[str, Any] = self.named(order)
        if order.get("aliases") and self.random.random() < 0.5:
            named = {"orderAlias" if self.is_first else "alias": order["aliases"][0]}
        query = f"query q({ID}) {{ order(orderIdentifier: $id) {{ {fields} }} }}"
        found = self.ask(query, {"id": named}).get("data", {}).get("order")
        if found:
            assert found["id"] == order["id"]
            shown = {each["id"]: each["state"] for line in found["lineItems"] for each in _details(line[packages])}
            assert shown == {package["id"]: package["state"] for package in order["packages"]}

    # --- packages

    def move(self) -> None:
        order = self.order()
        asked: dict[str, Any] = {"state": self.random.choice(STATES), "reason": self.random.choice(REASONS)}
        if self.random.random() < 0.8:
            asked = {"state": self.random.choice(("IN_TRANSIT", "DELIVERED"))}
        part = self.part_of(order) if self.random.random() < 0.3 else None
        package = self.some(order["packages"])
        if self.is_old:
            entry: dict[str, Any] = {"id": package, "deliveryInformationState": asked}
            if part:
                entry["deliveryInformationDetailsFor"] = {"orderLineItems": part}
            query = """mutation m($input: UpdateOrderDeliveryInformationInput!) {
              updateOrderDeliveryInformation(input: $input) { order { id } } }"""
            self.ask(query, {"input": {**self.named(order), "details": [entry]}})
            return
        if part:
            asked["packageInformationDetailsFor"] = {"orderLineItemAmounts": part}
        self.move_entry(order, {"id": package, "packageState": {"packageInformationState": asked}})

    def move_entry(self, order: dict[str, Any], entry: dict[str, Any]) -> None:
        query = f"""mutation m({ID}, $input: UpdateOrderPackageInformationInput!) {{
          updateOrderPackageInformation(orderIdentifier: $id, input: $input) {{ order {{ id }} }} }}"""
        self.ask(query, {"id": self.named(order), "input": {"packageInformation": {"details": [entry]}}})

    def tracked(self, order: dict[str, Any]) -> dict[str, Any]:
        found = [package for package in order["packages"] if package["packageTracker"]]
        chosen = self.random.choice(found) if found else None
        number = chosen["packageTracker"]["packageTrackerIdentifier"]["trackingNumber"] if chosen else "none"
        return {"id": chosen["id"] if chosen else self.some(order["packages"]), "number": number}

    def milestone(self) -> None:
        order = self.order()
        tracked = self.tracked(order)
        if self.random.random() < 0.5:
            codes = ("OUT_FOR_DELIVERY", "DELAYED", "DELIVERED", "LOST", "none")
            self.admin("milestones", trackingNumber=tracked["number"], code=self.random.choice(codes))
        else:
            state = {"packageTrackerState": {"packageTrackerIdentifier": {"trackingNumber": tracked["number"]}}}
            self.move_entry(order, {"id": tracked["id"], "packageState": state})

    def track(self) -> None:
        query = """query t($input: PackageTrackerInput!) { packageTracker(packageTrackerInput: $input) {
          trackingUrl latestMilestone { status { code } } milestones { occurredAt status { code } } } }"""
        named = {"trackingNumber": self.tracked(self.order())["number"], "carrierCode": "SANDBOX"}
        self.ask(query, {"input": {"packageTrackerIdentifier": named}})

    # --- what comes back, in goods and in money

    def begin_return(self) -> None:
        order = self.order()
        lines = {"lines": self.part_of(order)} if self.random.random() < 0.5 else {}
        self.admin("returns", orderId=order["id"], isDropOff=self.random.random() < 0.5, **lines)

    def move_return(self) -> None:
        order = self.order()
        if not order.get("returns"):
            return
        return_ = self.random.choice(order["returns"])
        state = self.random.choice(("IN_TRANSIT", "IN_TRANSIT", "DROPPED_OFF", "DELIVERED", "DELIVERED", "FAILED"))
        if self.is_old and self.random.random() < 0.3:
            query = "mutation r($input: UpdateOrderReturnsInput) { updateOrderReturns(input: $input) { order { id } } }"
            target = self.random.choice(("COMPLETED", "COMPLETED", "CREATED"))
            self.ask(query, {"input": {**self.named(order), "details": [{"id": return_["id"], "state": target}]}})
        elif self.is_old:
            self.admin("return-packages", orderId=order["id"], returnId=return_["id"], state=state)
        else:
            package = {"id": self.some(return_["packages"]), "state": state}
            self.update_return(order, {"returnIdentifier": {"id": return_["id"]}, "returnPackageDetails": [package]})

    def update_return(self, order: dict[str, Any], entry: dict[str, Any]) -> None:
        query = f"""mutation r({ID}, $input: UpdateOrderReturnsInput!) {{
          updateOrderReturns(orderIdentifier: $id, input: $input) {{ order {{ id }} }} }}"""
        self.ask(query, {"id": self.named(order), "input": {"returns": {"details": [entry]}}})

    def grade(self) -> None:
        order = self.order()
        if not order.get("returns"):
            return
        return_ = self.random.choice(order["returns"])
        if self.is_old or self.random.random() < 0.5:
            self.admin("grading", orderId=order["id"], returnId=return_["id"], condition="SELLABLE")
            return
        units = [{"condition": self.random.choice(("DAMAGED", "SELLABLE", "none")), "amount": {"value": 1}}]
        line = {"id": self.some(return_["returnLineItems"]), "grading": {"summary": {"unitWiseCondition": units}}}
        self.update_return(order, {"returnIdentifier": {"id": return_["id"]}, "returnLineItems": [line]})

    def refund(self) -> None:
        order = self.order()
        states = ("PENDING", "PARTIAL", "FAILURE", "SUCCESS", "SUCCESS") + (() if self.is_old else ("REJECTED",))
        total = {"totalAmount": {"amount": self.random.choice((5, 10, 20)), "currencyCode": "USD"}}
        entry = {"id": self.some(order.get("refunds", [])), "state": self.random.choice(states), "refundTotal": total}
        self.update(order, {"refunds": {"details": [entry]}})

    def external(self) -> None:
        order = self.order()
        alias = {"aliasType": "EXTERNAL_REFUND_ID", "aliasId": str(self.random.randint(1, 9))}
        if self.is_old or self.random.random() < 0.5:
            if self.is_first:
                return
            total = {"totalAmount": {"amount": 5, "currencyCode": "USD"}}
            entry = {"id": f"external-{self.random.randint(1, 99)}", "aliases": [alias], "refundTotal": total}
            self.update(order, {"refunds": {"details": [{**entry, "state": "PENDING"}]}})
            return
        alias["aliasType"] = "EXTERNAL-RETURN-ID"
        known = [each for each in order.get("returns", ()) if each["isExternal"]]
        state = self.random.choice(("CREATED", "COMPLETED", "CANCELLED"))
        line = {"returnFor": {"orderLineItemAmounts": self.part_of(order)}}
        entry = {"aliases": [alias], "state": state, "returnLineItems": [line]}
        if known and self.random.random() < 0.5:
            entry = {"returnIdentifier": {"id": self.random.choice(known)["id"]}, "state": state}
        self.update(order, {"returns": {"details": [entry]}})

    # --- the pages without a version

    def offer(self) -> None:
        asked = {"product": {"sku": "sku-2"}, "amount": {"value": 1}, "deliveryTerms": {"isPrimeEligible": True}}
        query = "query o($input: OffersInput) { offers(input: $input) { edges { node { id } } } }"
        edges = self.ask(query, {"input": {"lineItems": [asked]}})["data"]["offers"]["edges"]
        given = {
            "baseOfferId": self.random.choice((edges[0]["node"]["id"], "none")),
            "desiredExecutionState": "STARTED",
        }
        query = "mutation o($input: CreateOrderFromOfferInput) { createOrderFromOffer(input: $input) { order { id } } }"
        self.ask(query, {"input": given})

    def draft(self) -> None:
        order = self.order()
        drafts = [each for each in order.get("returns", ()) if each["state"] == "DRAFT"]
        if drafts and self.random.random() < 0.5:
            self.admin("returns", orderId=order["id"], returnId=drafts[0]["id"])
            return
        given: dict[str, Any] = {"returnLineItems": [{"returnFor": {"orderLineItemAmounts": self.part_of(order)}}]}
        if self.random.random() < 0.5:
            given["desiredReturnExecutionState"] = "STARTED"
        query = """mutation r($input: CreateReturnInput) { createReturn(input: $input) { returnDetails {
          id state expiresAt returnLineItems { product { sku { value } } } } } }"""
        self.ask(query, {"input": given})

    def pass_time(self) -> None:
        self.client.admin("clock", advance_s=self.random.choice((30, 120, 600)))
        self.client.token = self.client.new_token()

    # --- afterwards

    def check_events(self) -> None:
        """Each event is as documented, has a key of its own, and stands for something that happened."""
        contract = load_contract(self.client.version)
        for entry in self.store.events:
            for form in {"event", "eventBridge"} & set(entry):
                judgement = judge_event(Event(json.dumps(entry[form]).encode()), contract)
                assert [found for found in judgement.findings if found.verdict >= Verdict.WARN] == []
        names = Counter(entry["eventType"] for entry in self.store.events)
        orders = list(self.store.orders.values())
        packages = [package["state"] for order in orders for package in order["packages"]]
        refunds = [refund for order in orders for refund in order["refunds"]]
        cancelled = "DELIVERY_CANCELLED" if self.is_old else "PACKAGE_DELIVERY_CANCELLED"
        assert names[cancelled] == packages.count("CANCELLED")
        assert names["DELIVERY_COMPLETED" if self.is_old else "PACKAGE_DELIVERED"] == packages.count("DELIVERED")
        assert names["REFUND_REQUESTED"] == len([refund for refund in refunds if not refund["isExternal"]])
        if self.is_old:
            return
        keys = [entry["event"]["idempotencyKey"] for entry in self.store.events]
        assert len(keys) == len(set(keys))
        assert names["ORDER_CONFIRMED"] == len(orders)
        assert names["REFUND_COMPLETED"] == len([refund for refund in refunds if refund["state"] == "SUCCESS"])


def _details(information: dict[str, Any] | None) -> list[dict[str, Any]]:
    return information["details"] if information else []
