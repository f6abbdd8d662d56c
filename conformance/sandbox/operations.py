"""Which operations are simulated, each by one function, and how versions show what the store holds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from conformance.sandbox.analytics import OPERATIONS as ANALYTICS
from conformance.sandbox.catalog.operations import OPERATIONS as CATALOG
from conformance.sandbox.catalog.shapes import SHAPES as CATALOG_SHAPES
from conformance.sandbox.context import Operation, Shape
from conformance.sandbox.events.operations import OPERATIONS as EVENTS
from conformance.sandbox.orders.operations import OPERATIONS as ORDERS
from conformance.sandbox.orders.shapes import SHAPES as ORDER_SHAPES
from conformance.sandbox.privacy.operations import OPERATIONS as PRIVACY
from conformance.sandbox.privacy.operations import SHAPES as PRIVACY_SHAPES

OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType({**CATALOG, **ORDERS, **EVENTS, **PRIVACY, **ANALYTICS})
"""The simulated operations, whatever versions have them."""

SHAPES: Final[Mapping[tuple[str, str], Shape]] = MappingProxyType({**CATALOG_SHAPES, **ORDER_SHAPES, **PRIVACY_SHAPES})
"""(type, field) to what the field shows."""
