"""The operations of privacy."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Final

from conformance.sandbox.catalog.files import content_of
from conformance.sandbox.context import Context, Operation, Shape
from conformance.sandbox.privacy import tasks
from conformance.sandbox.store import Resource

LINK_LIFE: Final = timedelta(seconds=60)


def _link(source: Resource, context: Context) -> str | None:
    """A new link each time it is asked for, as long as the file is kept."""
    store, file_id = context.store, source.get("fileId", "")
    if content_of(store, file_id) is None:
        return None
    key = store.digest("download")
    links = store.files[file_id]["downloads"]
    links = store.files[file_id]["downloads"] = {known: until for known, until in links.items() if store.now < until}
    links[key] = store.now + LINK_LIFE
    return f"{store.address}/download/{file_id}/{key}"


OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {
        "cancelPersonalDataDeletionTask": tasks.cancel_deletion,
        "personalDataDeletionTask": tasks.query_deletion,
        "personalDataRetrievalTask": tasks.query_retrieval,
        "startPersonalDataDeletionTask": tasks.start_deletion,
        "startPersonalDataRetrievalTask": tasks.start_retrieval,
    }
)

SHAPES: Final[Mapping[tuple[str, str], Shape]] = MappingProxyType(
    {("PersonalDataRetrievalTask", "dataRetrievalLink"): _link}
)
