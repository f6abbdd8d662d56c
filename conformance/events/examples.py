"""The documented events with values of our own: one for each event type, version and envelope.

For tests, for scenarios, and for whoever wants to see what an event looks like.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from types import MappingProxyType
from typing import Any, Final

from conformance.events.catalogue import EnvelopeKind
from conformance.events.reading import load_catalogue

IDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "businessProductId": "bp-3f0c8c1e-2b7d-4a55-9c0e-6d1f2a3b4c5d",
        "itemId": "ypdg9qn0i2k4m6",
        "inventoryItemId": "d6kv5mssad1234",
        "orderId": "322-ABC1-AAAAAA",
        "deliveryId": "delivery-7f3a",
        "refundId": "refund-51c2",
        "returnId": "return-90d4",
        "taskId": "6f1c2a34-9b8d-4e57-8a21-0c5d7e9f1b23",
        "carrierCode": "ups",
        "trackingNumber": "1Z999AA10123456784",
    }
)
"""The ids in the resource paths and in the data."""

_ALIASES = [{"aliasId": "shop-order-1001", "aliasType": "EXTERNAL_ID"}]
_REFUND = {
    "id": IDS["refundId"],
    "createdAt": "2025-01-20T12:30:00.000Z",
    "updatedAt": "2025-01-20T12:34:00.000Z",
    "state": "PENDING",
}
_REFUND_TOTAL = {"totalAmount": {"amount": 10.0, "currencyCode": "USD"}}
_REFUND_FOR = {"orderLineItems": [{"lineItem": {"id": "1a2b3c4d5e-6f7a8b9c0d"}}]}
_COMPLETED_REFUND = {
    **_REFUND,
    "state": "SUCCESS",
    "refundRequestReason": "DAMAGED_DEFECTIVE_ITEM",
    "refundStatusReason": "OTHERS",
    "refundTotal": _REFUND_TOTAL,
    "refundFor": _REFUND_FOR,
}

_DATA: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "BUYABILITY_CHANGED": {
            "product": {
                "externalId": {"value": "external-1001"},
                "id": IDS["itemId"],
                "amazonSku": {"value": "AMZ-SKU-1001"},
                "sku": {"value": "SKU-1001"},
                "buyability": {"status": "BUYABLE"},
            }
        },
        "ORDER_CONFIRMED": {
            "order": {
                "id": IDS["orderId"],
                "metadata": [{"createdAt": "2025-01-20T12:30:00.000Z", "executionState": "STARTED"}],
                "aliases": _ALIASES,
                "orderLinks": [
                    {
                        "destinationType": "EXTERNAL_ORDER_MANAGEMENT",
                        "displayMessage": "Your order",
                        "url": "https://shop.example/orders/1001",
                    }
                ],
                "customer": [
                    {
                        "bwpCustomerId": "amzn.customer-1",
                        "contact": {"email": "ada@example.org", "id": "contact-1", "name": "Ada Example"},
                    }
                ],
                "lineItems": [
                    {
                        "id": "1a2b3c4d5e-6f7a8b9c0d",
                        "aliases": {"aliasId": "shop-line-1", "aliasType": "EXTERNAL_ITEM_ID"},
                        "amount": {"unit": "ONE", "value": "2"},
                        "product": {
                            "amazonSku": {"marketplaceId": "ATVPDKIKX0DER", "value": "AMZ-SKU-1001"},
                            "externalId": {"value": "external-1001"},
                            "image": {"displayReadyUrl": "https://shop.example/kettle.jpg"},
                        },
                    }
                ],
            }
        },
        "PACKAGE_DELIVERED": {
            "order": {
                "id": IDS["orderId"],
                "aliases": _ALIASES,
                "packageInformation": {"details": [{"id": IDS["deliveryId"], "state": "DELIVERED"}]},
            }
        },
        "PACKAGE_DELIVERY_CANCELLED": {
            "order": {
                "id": IDS["orderId"],
                "aliases": _ALIASES,
                "packageInformation": {
                    "details": [{"id": IDS["deliveryId"], "state": "CANCELLED", "reason": "CUSTOMER_REQUESTED"}]
                },
            }
        },
        "PACKAGE_DELIVERY_IN_TRANSIT": {
            "order": {
                "id": IDS["orderId"],
                "aliases": _ALIASES,
                "packageInformation": {"details": [{"id": IDS["deliveryId"], "state": "IN_TRANSIT"}]},
            }
        },
        "REFUND_COMPLETED": {
            "order": {"id": IDS["orderId"], "aliases": _ALIASES, "refunds": [{"details": _COMPLETED_REFUND}]}
        },
        "REFUND_REQUESTED": {
            "order": {
                "id": IDS["orderId"],
                "aliases": _ALIASES,
                "refunds": {"details": [{**_REFUND, "refundTotal": _REFUND_TOTAL, "refundFor": _REFUND_FOR}]},
            }
        },
        "RETURN_COMPLETED": {
            "order": {
                "id": IDS["orderId"],
                "aliases": _ALIASES,
                "returns": {"details": [{"id": IDS["returnId"], "createdAt": "2025-01-10T08:00:00.000Z"}]},
            }
        },
        "RETURN_STARTED": {
            "order": {
                "id": IDS["orderId"],
                "aliases": _ALIASES,
                "returns": {"details": [{"id": IDS["returnId"], "createdAt": "2025-01-20T12:34:00.000Z"}]},
            }
        },
    }
)
"""What a filled event carries, by event type."""


def resource_of(event_type: str) -> str:
    """The resource path of an event type, with our ids."""
    pattern = load_catalogue().events[event_type].resource.pattern
    return "/".join(f"{word}/{IDS[name]}" for word, name in pattern.pairs)


def webhook(event_type: str, *, filled: bool = True) -> dict[str, Any]:
    """The body of a webhook call as the 2024-11-01 pages print it."""
    return {
        "idempotencyKey": "5b8e7c1a-0f4d-4e0a-9a37-2f1c6d8b9e10",
        "eventDescriptor": event_type,
        "resources": [resource_of(event_type)],
        "eventId": "c2a1f0de-7b64-4d53-8e92-1a0b3c5d7f91",
        "apiVersion": "2024-11-01",
        "subscriptionId": "0e9d8c7b-6a5f-4e3d-8c2b-1a0f9e8d7c6b",
        "eventTime": "2025-01-20T12:34:56Z",
        "data": deepcopy(_DATA.get(event_type, {})) if filled else {},
    }


def eventbridge(event_type: str, detail: dict[str, Any]) -> dict[str, Any]:
    """An EventBridge event around a detail."""
    return {
        "version": "0",
        "id": "8f7e6d5c-4b3a-4291-8807-f6e5d4c3b2a1",
        "detail-type": event_type,
        "source": "aws.partner/buywithprime/MyEventSource",
        "account": "123456789012",
        "time": "2025-01-20T12:34:57Z",
        "region": "us-east-1",
        "resources": [resource_of(event_type)],
        "detail": detail,
    }


def documented_example(event_type: str, version: str, kind: str, *, filled: bool = True) -> dict[str, Any]:
    """The body of an event as the documentation of a version prints it. `filled`: with the resource, if a page has it.

    Raises ValueError when the version does not document the event type or the envelope.
    """
    catalogue = load_catalogue()
    facts = catalogue.version_facts(version)
    if EnvelopeKind(kind) not in facts.envelopes or catalogue.events[event_type].status(facts.version) is None:
        raise ValueError(f"{event_type} as {kind} is not documented for {version}")
    if kind == EnvelopeKind.WEBHOOK:
        return webhook(event_type, filled=filled)
    return eventbridge(event_type, {} if kind == EnvelopeKind.EVENTBRIDGE_THIN else webhook(event_type, filled=filled))


def documented_examples(*, filled: bool = True) -> list[tuple[str, str, str, dict[str, Any]]]:
    """Every documented combination: event type, version, envelope, body."""
    catalogue = load_catalogue()
    return [
        (event.name, version, kind.value, documented_example(event.name, version, kind, filled=filled))
        for version, facts in catalogue.versions.items()
        for kind in facts.envelopes
        for event in catalogue.in_version(version)
    ]
