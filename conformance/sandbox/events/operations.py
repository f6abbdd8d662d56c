"""The operations of events."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from conformance.sandbox.context import Operation
from conformance.sandbox.events import auth_profiles, subscriptions

OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        "createAuthProfile": auth_profiles.create_auth_profile,
        "createEventSubscription": subscriptions.create_subscription,
        "deleteAuthProfile": auth_profiles.delete_auth_profile,
        "deleteEventSubscription": subscriptions.delete_subscription,
        "eventSubscription": subscriptions.query_subscription,
        "eventSubscriptions": subscriptions.list_subscriptions,
        "updateAuthProfile": auth_profiles.update_auth_profile,
    }
)
