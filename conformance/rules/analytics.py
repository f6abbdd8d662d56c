"""Reports and user events (ANA)."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from typing import Final

from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown
from conformance.rules.asked import other_than_asked
from conformance.rules.model import REQUEST, RuleCase, Scope, Violation, rule
from conformance.rules.values import at, instant, rows, text

REPORT_TYPES: Final = ("USER_EVENTS",)
_GUIDE: Final = "get-an-analytics-report"
_UUID: Final = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}"
_TASK_ID: Final = re.compile(rf"[A-Z_]+:{_UUID}")
_UUID_4: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", re.IGNORECASE)


@rule(
    "ANA-001",
    Level.MUST,
    "The type of a report is a documented one",
    _GUIDE,
    versions=("2024-11-01",),
    operations=("startReportTask",),
    coordinate="StartReportTaskInput.reportType",
    fix="Give USER_EVENTS",
)
def report_type(case: RuleCase) -> Iterator[Violation]:
    """There is one. Else the documented error is InvalidReportType."""
    kind = at(case.arguments, "input", "reportType")
    if isinstance(kind, str) and kind not in REPORT_TYPES:
        place = ("input", "reportType")
        yield Violation(place, "no documented report type", REPORT_TYPES[0], code_shown(kind), REQUEST)


@rule(
    "ANA-002",
    Level.MUST,
    "A report's range does not end before it starts",
    "troubleshoot-analytics-errors",
    operations=("startReportTask",),
    coordinate="ReportTimeRangeInput.endDate",
    fix="Give an endDate after the startDate",
)
def range_in_order(case: RuleCase) -> Iterator[Violation]:
    """Else the documented error is InvalidDateRange."""
    times = at(case.arguments, "input", "timeRange")
    start, end = instant(at(times, "startDate")), instant(at(times, "endDate"))
    if start and end and end < start:
        place = ("input", "timeRange", "endDate")
        yield Violation(
            place, "the range ends before it starts", "startDate or later", code_shown(times["endDate"]), REQUEST
        )


@rule(
    "ANA-003",
    Level.MUST,
    "A report's range is given in UTC",
    _GUIDE,
    operations=("startReportTask",),
    coordinate="ReportTimeRangeInput",
    fix="Write the time in UTC, like 2024-11-01T00:00:00Z",
)
def range_in_utc(case: RuleCase) -> Iterator[Violation]:
    """ISO 8601 in UTC; the form itself is the contract's affair."""
    for name in ("startDate", "endDate"):
        value = at(case.arguments, "input", "timeRange", name)
        moment = instant(value)
        if moment is not None and moment.utcoffset() != datetime.timedelta(0):
            place = ("input", "timeRange", name)
            yield Violation(place, "a time of another zone", "a time in UTC", code_shown(value), REQUEST)


@rule(
    "ANA-004",
    Level.SHOULD,
    "The id of a report task is its type and a UUID",
    "analytics-mutations-startreporttask",
    scope=Scope.ANSWER,
    grade=Grade.EXAMPLE,
    operations=("startReportTask",),
    coordinate="StartReportTaskResponse.taskId",
    fix="Answer an id like USER_EVENTS:<uuid>",
)
def task_id_form(case: RuleCase) -> Iterator[Violation]:
    """A colon stands between the two."""
    task, kind = at(case.answer, "taskId"), text(at(case.arguments, "input", "reportType"))
    if isinstance(task, str) and not (_TASK_ID.fullmatch(task) and task.startswith(f"{kind}:" if kind else "")):
        yield Violation(("taskId",), "another form of task id", f"{kind or 'USER_EVENTS'}:<uuid>", code_shown(task))


@rule(
    "ANA-005",
    Level.SHOULD,
    "The id of a user event is a version 4 UUID",
    "user-event-schema",
    operations=("sendUserEvents",),
    coordinate="UserEvent.eventId",
    fix="Make the id with a generator of version 4 UUIDs",
)
def event_id_form(case: RuleCase) -> Iterator[Violation]:
    """Of every event sent."""
    for path, event in rows(case.arguments, "input", "events"):
        event_id = event.get("eventId")
        if isinstance(event_id, str) and not _UUID_4.fullmatch(event_id):
            yield Violation((*path, "eventId"), "no version 4 UUID", "a version 4 UUID", code_shown(event_id), REQUEST)


@rule(
    "ANA-006",
    Level.MUST,
    "The report task that is answered is the one asked for",
    "analytics-queries-reporttask",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    operations=("reportTask",),
    coordinate="ReportTask.taskId",
    fix="Answer the task with this id",
)
def task_is_the_one_asked_for(case: RuleCase) -> Iterator[Violation]:
    """`taskId` against `taskId`."""
    yield from other_than_asked(case, "taskId", "task")


@rule(
    "ANA-007",
    Level.SHOULD,
    "A report task is not updated before it is requested",
    "analytics-queries-reporttask",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    operations=("reportTask",),
    coordinate="ReportTask.lastUpdatedTime",
    fix="Answer lastUpdatedTime at or after requestTime",
)
def updated_after_requested(case: RuleCase) -> Iterator[Violation]:
    """`requestTime` and `lastUpdatedTime`."""
    requested, updated = instant(at(case.answer, "requestTime")), instant(at(case.answer, "lastUpdatedTime"))
    if requested and updated and updated < requested:
        yield Violation(("lastUpdatedTime",), "before the request", "requestTime or later", "an earlier time")
