"""The operations of events."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from conformance.sandbox.context import Operation
from conformance.sandbox.events import subscriptions

OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        "createEventSubscription": subscriptions.create_subscription,
        "deleteEventSubscription": subscriptions.delete_subscription,
        "eventSubscription": subscriptions.query_subscription,
        "eventSubscriptions": subscriptions.list_subscriptions,
    }
)
