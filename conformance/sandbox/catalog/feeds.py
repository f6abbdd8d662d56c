"""Feeds: an uploaded file becomes products of the catalog, and its faulty rows a report.

Sources: upload-a-catalog, get-the-result-of-a-catalog-upload, catalog-queries-catalogfeed, limits.yaml's pages for one
feed at a time and 15,000 products. How long a feed takes, the codes of signals, and the columns of the report are ours.
"""

from __future__ import annotations

from typing import Any, Final

from conformance.sandbox.access import throttled
from conformance.sandbox.catalog.files import content_of, new_file
from conformance.sandbox.catalog.listing import Listing
from conformance.sandbox.catalog.table import TableError, read_table, write_table
from conformance.sandbox.context import Context
from conformance.sandbox.errors import NOT_FOUND, api_error, invalid_input
from conformance.sandbox.reading import part
from conformance.sandbox.store import Resource, Store

START_MIN: Final = 1.0
"""How long a feed is CREATED."""
READ_MIN: Final = 4.0
"""How long it is IN_PROGRESS."""
RUNNING: Final = frozenset({"CREATED", "IN_PROGRESS"})
REPORT_HEADER: Final = ("Row", "External ID", "SKU", "Error Code", "Error Message")
LOCALE: Final = "en-US"


def create_catalog_feed(context: Context, arguments: Resource) -> Resource:
    """`createCatalogFeed`: reads an uploaded file, one feed at a time. A file that is not there is not found: ours."""
    store = context.store
    pointer = "/createCatalogFeed/input"
    file_id = part(arguments, "input", "dataProvider", "uploadedFile", "fileId")
    if not file_id:
        raise invalid_input([f"{pointer}/dataProvider/uploadedFile/fileId must be given"])
    if any(feed["status"] in RUNNING for feed in store.feeds.values()):
        raise throttled("Another catalog feed is being processed; only one at a time is.")
    content = content_of(store, file_id)
    if content is None:
        raise api_error(NOT_FOUND, "no uploaded file has this id")
    feed = new_feed(store, store.digest("feed")[:14])
    is_overwriting = part(arguments, "input", "configuration", "overwriteExistingProducts") is True

    def read() -> None:
        _read(context, feed, content, is_overwriting=is_overwriting)

    def begin() -> None:
        feed["status"] = "IN_PROGRESS"
        store.later(READ_MIN, feed["id"], read)

    store.later(START_MIN, feed["id"], begin)
    return {"id": feed["id"]}


def new_feed(store: Store, feed_id: str) -> Resource:
    """A feed that has not begun."""
    feed: Resource = {"id": feed_id, "status": "CREATED", "result": {"signals": None, "resultReport": None}}
    store.feeds[feed_id] = feed
    return feed


def query_catalog_feed(context: Context, arguments: Resource) -> Resource:
    """`catalogFeed`. That an unknown one is not found is our choice."""
    feed = context.store.feeds.get(arguments.get("catalogFeedId") or "")
    if feed is None:
        raise api_error(NOT_FOUND, "no catalog feed has this id")
    return feed


def _read(context: Context, feed: Resource, content: bytes, *, is_overwriting: bool) -> None:
    try:
        table = read_table(content)
    except TableError as error:
        fail(feed, error.code, error.message)
        return
    listing = Listing(context, is_overwriting=is_overwriting)
    report = [REPORT_HEADER]
    for row in table.rows:
        faults = listing.take(row)
        if faults:
            codes, messages = ("; ".join(each) for each in zip(*faults, strict=True))
            values = row.values
            report.append((str(row.number), values.get("externalId", ""), values.get("sku", ""), codes, messages))
    signals = []
    if len(report) > 1:
        signals.append(
            _signal(
                "RowsNotImported",
                f"{len(report) - 1} of {len(table.rows)} rows were not imported",
                "The catalog has the products of the other rows only",
                "Correct the rows that the result file lists, and upload them again",
            )
        )
    if table.unknown:
        signals.append(
            _signal(
                "UnknownColumns",
                f"{len(table.unknown)} columns are unknown",
                "Their values were not imported",
                "Use the documented names of columns",
            )
        )
    complete(context.store, feed, write_table(report), signals)


def complete(store: Store, feed: Resource, report: bytes, signals: list[Resource] | None = None) -> None:
    """Ends a feed with its result file. Signals are null when there is nothing to say, as in the documented example."""
    file = new_file(store, len(report), report)
    shown = {"__typename": "UploadedFile", "fileId": file["fileId"]}
    feed.update(status="COMPLETED", result={"signals": signals or None, "resultReport": shown})


def fail(feed: Resource, code: str, message: str) -> None:
    """Ends a feed of which nothing was imported: signals say why, and there is no result file."""
    signal = _signal(code, message, "Nothing of the file was imported", "Correct the file, and upload it again")
    feed.update(status="FAILED", result={"signals": [signal], "resultReport": None})


def _signal(code: str, message: str, impact: str, reaction: str) -> Resource:
    def text(value: str) -> dict[str, Any]:
        return {"locale": LOCALE, "message": value}

    return {
        "code": code,
        "signalMessage": text(message),
        "impactSummary": text(impact),
        "reactionSummary": text(reaction),
    }
