"""What a token allows: the documented scopes, and who calls.

Sources: "Required scope(s)" of the operation pages, and the permissions that event pages name. Which operation needs
which scope is in the contracts (`@scope`); an operation without one needs none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

_READ_ORDER: Final = "Read Order"

_PERMISSIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "BUYABILITY_CHANGED": "Read Buyability",
        "INVENTORY_CHANGED": "Read Inventory",
        "PACKAGE_TRACKER_MILESTONE_CHANGED": "View Package Tracker Data",
        "PERSONAL_DATA_DELETION_TASK_COMPLETED": "Manage Shopper Privacy Requests",
        "PERSONAL_DATA_DELETION_TASK_FAILED": "Manage Shopper Privacy Requests",
        "PERSONAL_DATA_RETRIEVAL_TASK_COMPLETED": "Manage Shopper Privacy Requests",
        "PERSONAL_DATA_RETRIEVAL_TASK_FAILED": "Manage Shopper Privacy Requests",
    }
)

SCOPES: Final = (
    "Create and View Catalog Batches",
    "Edit Order Data",
    "Manage Shopper Privacy Requests",
    "Read Buyability",
    "Read Inventory",
    _READ_ORDER,
    "View & Edit Catalog Data",
    "View Catalog Data",
    "View Delivery Preview",
    "View Order Data",
    "View Package Tracker Data",
    "View Package Tracking Milestone Changes",
    "View Product Return Policy",
    "View Shopper Buy with Prime Eligibility",
    "View inventory data",
    "View product media and csv files",
)
"""Every documented scope, in the order of the alphabet."""


@dataclass(frozen=True, slots=True)
class Caller:
    """The client that a token was given to, and the scopes of the token."""

    client: str = ""
    scopes: frozenset[str] = frozenset(SCOPES)


def event_permission(event_type: str) -> str:
    """The permission that a subscription to this event type needs. Every other event is one of an order."""
    return _PERMISSIONS.get(event_type, _READ_ORDER)


def read_scopes(text: str) -> tuple[str, ...] | None:
    """The documented scopes that a token request asks for, all when it names none; None when one is not documented.

    Scopes are separated by spaces (RFC 6749, section 3.3) or commas. The documented names have spaces themselves, so
    the longest name that fits is taken each time; how a real token request writes them is not documented.
    """
    rest = " ".join(text.replace(",", " ").split())
    found = []
    while rest:
        names = (each for each in SCOPES if rest == each or rest.startswith(f"{each} "))
        name = max(names, key=len, default=None)
        if name is None:
            return None
        found.append(name)
        rest = rest[len(name) :].lstrip()
    return tuple(dict.fromkeys(found)) or SCOPES
