"""Some traffic without a fault: a few scenarios against the embedded sandbox, recorded once a session."""

from __future__ import annotations

from functools import lru_cache

from conformance.base.clock import SystemClock
from conformance.base.data import data_folder
from conformance.engine.plan import plan
from conformance.scenario.load import find_scenario_files, load_scenarios
from conformance.scenario.select import Selection
from conformance.selftest.model import Recorded
from conformance.selftest.record import record
from conformance.targets.embedded import EmbeddedProvider

_CHOSEN = (
    "create.bundle-minimal",
    "create.login-with-amazon",
    "query.return-details-2024-04-01",
    "query.tax-summary-2024-01-01",
    "update.error-duplicate-alias-id",
    "update.refund-pending-2024-01-01",
    "subscription.create-eventbridge-v2024-01-01",
    "subscription.invalid-event-type",
    "subscriptions.list",
    "create-upload-link.file-extension-negative-size",
    "mapping-product.by-sku",
    "deletion.start",
)


@lru_cache(maxsize=1)
def some_traffic() -> tuple[Recorded, ...]:
    """Queries, mutations, errors and events, of all dated versions."""
    files = [file for file in find_scenario_files(data_folder("scenarios")) if file.stem in _CHOSEN]
    provider = EmbeddedProvider()
    try:
        return tuple(
            traffic for traffic, _ in record(plan(load_scenarios(files), Selection()), provider, SystemClock())
        )
    finally:
        provider.close()
