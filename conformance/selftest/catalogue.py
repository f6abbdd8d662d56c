"""Every fault of clients by its name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from conformance.selftest import (
    business_flows,
    business_money,
    business_orders,
    business_others,
    business_previews,
    business_returns,
    client_documents,
    client_http,
    client_selections,
    client_variables,
)
from conformance.selftest.clients import ClientFault

_MODULES: Final = (
    client_http,
    client_documents,
    client_selections,
    client_variables,
    business_orders,
    business_money,
    business_returns,
    business_previews,
    business_others,
    business_flows,
)

CLIENT_FAULTS: Final[Mapping[str, ClientFault]] = MappingProxyType(
    {fault.name: fault for module in _MODULES for fault in module.FAULTS.faults}
)
"""In the order of the modules, which is the order of what they break."""
