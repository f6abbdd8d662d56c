"""Analytics: user events, and tasks that make a report of them.

Sources: analytics-mutations-senduserevents, user-event-schema, analytics-mutations-startreporttask,
analytics-queries-reporttask, get-an-analytics-report, troubleshoot-analytics-errors. How a finished report is
downloaded is in no page, so there is no link to it; GET /_sandbox/user-events shows what was kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from graphql import GraphQLError

from conformance.sandbox.access import throttled
from conformance.sandbox.context import Context, Operation
from conformance.sandbox.errors import (
    NOT_FOUND,
    UNSPECIFIED,
    VALIDATION,
    api_error,
    classification,
    invalid,
    invalid_input,
)
from conformance.sandbox.reading import MAX_ISSUES, items
from conformance.sandbox.store import Resource, Store

USER_EVENTS: Final = "USER_EVENTS"
MAX_TASKS: Final = 5
MAX_KEPT_EVENTS: Final = 10_000
"""Ours: later events push out the first ones."""
STARTED_MINUTES: Final = 5
RUNNING_MINUTES: Final = 10
"""Ours: no page says how long a report takes."""
TASK_LIFE: Final = timedelta(days=30)
"""Ours, as long as a file is kept: a task expires, no page says when."""
DEFAULT_RANGE: Final = timedelta(days=7)

_REQUIRED: Final = ("eventType", "eventId", "eventTime", "clientType", "clientVersion")


def send_user_events(context: Context, arguments: Resource) -> Resource:
    """`sendUserEvents`: keeps the events that have the documented form.

    One that has not is dropped and named in the documented error. That the others of the call are kept is our reading
    of "dropped"; a bound of the contract that is broken refuses the whole call.
    """
    events = items((arguments.get("input") or {}).get("events"))
    if not events:
        raise invalid_input(["/sendUserEvents/input/events must have at least 1 items"])
    kept, issues = [], []
    for index, event in enumerate(events):
        found = _issues(event, f"/sendUserEvents/input/events/{index}")
        issues += found
        if not found:
            kept.append({**event, "receivedAt": context.store.time()})
    context.store.user_events = [*context.store.user_events, *kept][-MAX_KEPT_EVENTS:]
    if issues:
        raise _dropped(issues[:MAX_ISSUES])
    return {"status": "successful"}


def start_report(context: Context, arguments: Resource) -> Resource:
    """`startReportTask`. A sixth task that is STARTED or RUNNING is refused: the stricter of two pages counts both."""
    store, given = context.store, arguments.get("input") or {}
    kind = given.get("reportType")
    if kind != USER_EVENTS:
        raise invalid("InvalidReportType", f"The report type must be {USER_EVENTS}.")
    _check_range(given.get("timeRange") or {}, store.now)
    if sum(task["status"] in ("STARTED", "RUNNING") for task in store.reports.values()) >= MAX_TASKS:
        raise throttled(f"At most {MAX_TASKS} report tasks can be in work, retry with exponential backoff.")
    task = put_report(store, f"{kind}:{store.new_uuid('report')}", "STARTED")
    store.later(STARTED_MINUTES, task["taskId"], lambda: _run(store, task))
    return {"taskId": task["taskId"]}


def query_report(context: Context, arguments: Resource) -> Resource:
    """`reportTask`."""
    task: Resource | None = context.store.reports.get(str(arguments.get("taskId")))
    if task is None or context.store.now >= task["keptUntil"]:
        raise api_error(NOT_FOUND, "Querying for an invalid or expired taskId")
    return task


def put_report(store: Store, task_id: str, status: str) -> Resource:
    """A report task in this state, which it stays in."""
    task: Resource = {
        "taskId": task_id,
        "status": status,
        "reportType": USER_EVENTS,
        "requestTime": store.time(),
        "lastUpdatedTime": store.time(),
        "keptUntil": store.now + TASK_LIFE,
    }
    store.reports[task_id] = task
    return task


def _run(store: Store, task: Resource) -> None:
    task.update(status="RUNNING", lastUpdatedTime=store.time())
    store.later(RUNNING_MINUTES, task["taskId"], lambda: _complete(store, task))


def _complete(store: Store, task: Resource) -> None:
    """The status of a finished task is in no page; COMPLETED is our choice, as privacy tasks and feeds have it."""
    task.update(status="COMPLETED", lastUpdatedTime=store.time())


def _check_range(given: Resource, now: datetime) -> None:
    """Without a range the last seven days are meant; of half a range the other half follows from that."""
    end = _date(given.get("endDate"), now)
    earliest = datetime.min.replace(tzinfo=UTC) + DEFAULT_RANGE
    start = _date(given.get("startDate"), max(end, earliest) - DEFAULT_RANGE)
    if end < start:
        raise invalid("InvalidDateRange", "The endDate is before the startDate.")


def _date(value: Any, default: datetime) -> datetime:
    if value is None:
        return default
    moment = _utc(value)
    if moment is None:
        raise invalid("InvalidDateFormat", "Dates must be ISO 8601 UTC date-times.")
    return moment


def _issues(event: Resource, pointer: str) -> list[str]:
    missing = [f"{pointer}/{name} must be given" for name in _REQUIRED if event.get(name) is None]
    time = event.get("eventTime")
    if time is not None and _utc(time) is None:
        missing.append(f"eventTime {str(time)[:50]} is invalid local ISO 8601 UTC time format.")
    return missing


def _utc(value: Any) -> datetime | None:
    """A date-time of ISO 8601 in UTC, None for anything else."""
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.utcoffset() == timedelta(0) else None


def _dropped(issues: list[str]) -> GraphQLError:
    """The documented error of user events, whose details are empty."""
    message = f"Input request is not valid, the following issues were encountered: [{', '.join(issues)}]"
    return GraphQLError(message, extensions={"classification": classification(VALIDATION, UNSPECIFIED)})


OPERATIONS: Final[Mapping[str, Operation]] = MappingProxyType(
    {"reportTask": query_report, "sendUserEvents": send_user_events, "startReportTask": start_report}
)
