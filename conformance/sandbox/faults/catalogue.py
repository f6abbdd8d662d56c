"""Every fault by its name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from conformance.sandbox.faults import (
    business_catalog,
    business_errors,
    business_orders,
    business_previews,
    business_refusals,
    business_returns,
    business_tasks,
    error_model,
    event_data,
    event_envelope,
    event_flows,
    flow_updates,
    flows,
    http,
    kept,
    shape,
)
from conformance.sandbox.faults.model import Fault

_MODULES: Final = (
    http,
    shape,
    error_model,
    business_orders,
    business_returns,
    business_previews,
    business_catalog,
    business_tasks,
    business_errors,
    flows,
    flow_updates,
    kept,
    business_refusals,
    event_envelope,
    event_data,
    event_flows,
)

FAULTS: Final[Mapping[str, Fault]] = MappingProxyType(
    {fault.name: fault for module in _MODULES for fault in module.FAULTS.faults}
)
"""In the order of the modules, which is the order of what they break."""
