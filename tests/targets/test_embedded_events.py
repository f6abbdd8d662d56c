"""The embedded sandbox shows what it published: each event once, a case's own alone."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from conformance.contract.load import load_contract
from conformance.targets.embedded import EmbeddedProvider, EmbeddedTarget
from conformance.targets.protocol import Publisher
from conformance.traffic.model import HttpRequest

CANCEL = 'mutation c { cancelOrder(orderIdentifier: {orderId: "o-1"}) { cancellation { state } } }'


@pytest.fixture
def provider() -> Iterator[EmbeddedProvider]:
    """A provider that is closed."""
    made = EmbeddedProvider()
    yield made
    made.close()


def _cancel(target: EmbeddedTarget) -> None:
    headers = (("Content-Type", "application/json"), ("x-api-version", "2024-11-01"))
    request = HttpRequest("POST", target.endpoint, headers, json.dumps({"query": CANCEL}).encode())
    assert target.send(request, deadline_s=10).status == 200


def test_shows_each_event_once_and_only_those_of_the_case(provider: EmbeddedProvider) -> None:
    target = provider.open("order.cancel.by-alias", load_contract("2024-11-01"))
    assert isinstance(target, Publisher)
    assert target.events() == ()
    _cancel(target)
    names = [json.loads(event.body)["eventDescriptor"] for event in target.events()]
    assert "PACKAGE_DELIVERY_CANCELLED" in names
    assert names.index("PACKAGE_DELIVERY_CANCELLED") < names.index("REFUND_REQUESTED")
    assert target.events() == ()
    again = provider.open("order.cancel.by-alias", load_contract("2024-11-01"))
    assert again.events() == ()
