"""A client of the sandbox for tests: asks without a socket, and has every answer judged by the project's own judge."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from conformance.contract.load import load_contract
from conformance.engine.judge import judge_exchange
from conformance.findings.model import Blame, Verdict
from conformance.sandbox.fixtures import TOKENS
from conformance.sandbox.serving.app import SandboxApp, Settings
from conformance.sandbox.serving.http import Answer, Request
from conformance.traffic.model import Exchange, HttpRequest, HttpResponse

PRIME = TOKENS[2][0]
ADDRESS = {
    "streetAddress": "1 Sample St",
    "locality": "Seattle",
    "region": "WA",
    "postalCode": "98100",
    "countryCode": "US",
}
IDENTITY = {"apayCheckoutSessionId": {"value": PRIME, "externalId": "session-1"}}
CREATE = "mutation create($input: CreateOrderInput!) { createOrder(input: $input) { order { id } } }"
IS_OLD = {"2024-01-01": True, "2024-04-01": True, "2024-11-01": False, "next": False}


@dataclass
class Client:
    """Asks a sandbox of its own. `judged` counts the answers that were judged."""

    version: str = "2024-11-01"
    app: SandboxApp = field(default_factory=SandboxApp)
    token: str = ""
    judged: int = 0

    def __post_init__(self) -> None:
        self.token = self.token or self.new_token()

    def new_token(self, client: str = "me:mine") -> str:
        name, _, secret = client.partition(":")
        form = f"grant_type=client_credentials&client_id={name}&client_secret={secret}".encode()
        headers = (("content-type", "application/x-www-form-urlencoded"),)
        answer = self.app.answer(Request("POST", "/token", headers, form))
        return str(json.loads(answer.body)["access_token"])

    def send(self, body: bytes, **changed: str) -> Answer:
        """POST /graphql with these bytes; `changed` are headers, `_` for `-`, empty to leave one out."""
        headers = {"content-type": "application/json", "authorization": f"Bearer {self.token}"}
        headers["x-api-version"] = self.version
        headers.update({name.replace("_", "-"): value for name, value in changed.items()})
        kept = tuple((name, value) for name, value in headers.items() if value)
        return self.app.answer(Request("POST", "/graphql", kept, body))

    def ask(self, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        """The answer's body, after the judge found nothing in it that is the target's fault."""
        body = json.dumps({"query": query, "variables": variables or {}}).encode()
        answer = self.send(body)
        assert answer.status == 200
        headers = (("Content-Type", "application/json"), ("x-api-version", self.version))
        request = HttpRequest("POST", "http://127.0.0.1/graphql", headers, body)
        response = HttpResponse(answer.status, answer.headers, answer.body)
        findings = judge_exchange(Exchange(request, response), load_contract(self.version)).findings
        faults = [found for found in findings if found.blame is Blame.TARGET and found.verdict >= Verdict.WARN]
        assert not faults, faults
        self.judged += 1
        result: dict[str, Any] = json.loads(answer.body)
        return result

    def admin(self, what: str, **options: Any) -> dict[str, Any]:
        method = "GET" if what in ("events", "exchanges") else "POST"
        answer = self.app.answer(Request(method, f"/_sandbox/{what}", (), json.dumps(options).encode()))
        assert answer.status == 200, answer.body
        result: dict[str, Any] = json.loads(answer.body)
        return result

    def reset(self, **fixtures: Any) -> None:
        """A fresh sandbox with the resources of the documented examples."""
        self.admin("reset", fixtures=fixtures or True)
        self.token = self.new_token()

    def events(self) -> list[str]:
        return [event["eventType"] for event in self.admin("events")["events"]]

    def order(self, order_id: str, fields: str) -> dict[str, Any]:
        query = f"query ask($id: OrderIdentifierInput!) {{ order(orderIdentifier: $id) {{ id {fields} }} }}"
        result: dict[str, Any] = self.ask(query, {"id": {"orderId": order_id}})["data"]["order"]
        return result


def code(answer: dict[str, Any]) -> str:
    """The code of the only error of an answer, empty when there is none."""
    errors = answer.get("errors", [])
    if not errors:
        return ""
    assert len(errors) == 1
    part = errors[0]["extensions"]["classification"]
    return str(part.get("code") or part["type"])


def preview(client: Client, sku: str = "sku-2", amount: int = 1, **changed: Any) -> dict[str, Any]:
    """The answer to a delivery preview of one product."""
    location = {"shippingAddress": changed.get("address", ADDRESS)}
    shopper = changed.get("shopper", IDENTITY)
    if client.version == "2024-01-01":
        item = {"itemIdentifier": {"SKU": sku}, "amount": {"value": amount}}
        given: dict[str, Any] = {"items": [item], "terms": {"location": location, "shopperIdentity": shopper}}
    else:
        given = {"products": [{"productIdentifier": {"sku": sku}, "amount": {"value": amount}}]}
        given |= {"location": location, "shopperIdentity": shopper}
        if client.version == "2024-04-01":
            given = {"products": given["products"], "terms": {"location": location, "shopperIdentity": shopper}}
    query = """query preview($input: DeliveryPreviewInput!) { deliveryPreview(input: $input) {
      id deliveryGroups { deliveryOffers { id expiresAt policy { messaging { badge } } } } } }"""
    return client.ask(query, {"input": given})


def order_input(client: Client, shown: dict[str, Any], sku: str = "sku-2", amount: int = 1) -> dict[str, Any]:
    """What createOrder takes to buy what a preview showed."""
    offer = shown["deliveryGroups"][0]["deliveryOffers"][0]["id"]
    details: dict[str, Any] = {"id": offer, "deliveryPreviewId": shown["id"], "deliveryProvider": "BUY_WITH_PRIME"}
    if not IS_OLD[client.version]:
        details |= {"deliveryProvider": "AMAZON", "deliveryTerms": {"isPrimeEligible": True}}
    money = {"amount": 10, "currencyCode": "USD"}
    line: dict[str, Any] = {"selectedDeliveryOffer": {"details": details}}
    if client.version == "2024-01-01":
        item = {"itemId": {"SKU": sku}, "title": "Kettle", "price": {"currentPrice": money}}
        line |= {"purchasedItem": item, "quantity": {"amount": amount}}
    else:
        product = {"identifier": {"sku": sku}, "title": "Kettle", "price": money}
        line |= {"product": product, "amount": {"value": amount}}
    return {
        "lineItems": [line],
        "customer": {"contact": {"emailData": {"name": "Ada Example", "email": "ada@example.org"}}},
        "recipient": {"deliveryAddress": {"name": "Ada Example", **ADDRESS}},
        "totalPrice": {"value": money},
        "shopperIdentity": IDENTITY,
        "desiredExecutionState": "STARTED",
    }


def bought(client: Client, amount: int = 1) -> str:
    """The id of an order that was bought from a preview, its fulfilment started."""
    shown = preview(client, amount=amount)["data"]["deliveryPreview"]
    answer = client.ask(CREATE, {"input": order_input(client, shown, amount=amount)})
    return str(answer["data"]["createOrder"]["order"]["id"])


__all__ = ["Client", "Settings", "bought", "code", "order_input", "preview"]
