"""Privacy tasks (PRV)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown
from conformance.rules.asked import other_than_asked
from conformance.rules.model import RuleCase, Scope, Violation, rule
from conformance.rules.values import at, instant, number, rows

TASKS: Final = ("personalDataRetrievalTask", "personalDataDeletionTask")


@rule(
    "PRV-001",
    Level.MUST,
    "The task that is answered is the one asked for",
    "query-privacy-requests",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    operations=(*TASKS, "cancelPersonalDataDeletionTask"),
    coordinate="PersonalDataRetrievalTask.taskId",
    fix="Answer the task with this id",
)
def task_is_the_one_asked_for(case: RuleCase) -> Iterator[Violation]:
    """`taskId` against `taskId`."""
    yield from other_than_asked(case, "taskId", "task")


@rule(
    "PRV-002",
    Level.MUST,
    "A link to personal data comes with a COMPLETED task only",
    "retrieve-a-shoppers-personal-data",
    scope=Scope.ANSWER,
    operations=TASKS[:1],
    coordinate="PersonalDataRetrievalTask.dataRetrievalLink",
    fix="Answer null until the task is COMPLETED",
)
def link_when_completed(case: RuleCase) -> Iterator[Violation]:
    """Judged where status and link are selected."""
    status = at(case.answer, "status")
    if isinstance(status, str) and status != "COMPLETED" and at(case.answer, "dataRetrievalLink") is not None:
        message = f"a link while the task is {code_shown(status)}"
        yield Violation(("dataRetrievalLink",), message, "null", "a link")


@rule(
    "PRV-003",
    Level.MUST,
    "A task has errors when it FAILED, and only then",
    "query-privacy-requests",
    scope=Scope.ANSWER,
    operations=TASKS,
    coordinate="PersonalDataRetrievalTask.errors",
    fix="Say in errors why the task FAILED",
)
def errors_when_failed(case: RuleCase) -> Iterator[Violation]:
    """Judged where status and errors are selected."""
    status, errors = at(case.answer, "status"), at(case.answer, "errors")
    if not isinstance(status, str) or not isinstance(case.answer, dict) or "errors" not in case.answer:
        return
    if (status == "FAILED") is not bool(errors):
        expected = "at least one error" if status == "FAILED" else "none"
        actual = "errors" if errors else "none"
        yield Violation(("errors",), f"{actual} with the status {code_shown(status)}", expected, actual)


@rule(
    "PRV-004",
    Level.SHOULD,
    "A task is not updated before it is submitted",
    "privacy-objects-personaldataretrievaltask",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    operations=TASKS,
    coordinate="PersonalDataRetrievalTask.lastUpdatedDate",
    fix="Answer lastUpdatedDate at or after submissionDate",
)
def updated_after_submitted(case: RuleCase) -> Iterator[Violation]:
    """`submissionDate` and `lastUpdatedDate`."""
    submitted, updated = instant(at(case.answer, "submissionDate")), instant(at(case.answer, "lastUpdatedDate"))
    if submitted and updated and updated < submitted:
        yield Violation(("lastUpdatedDate",), "before the submission", "submissionDate or later", "an earlier time")


@rule(
    "PRV-005",
    Level.MUST,
    "Open orders stand in the way of a deletion only",
    "privacy-objects-personaldatataskerror",
    scope=Scope.ANSWER,
    operations=TASKS[:1],
    coordinate="PersonalDataTaskError.code",
    fix="Answer another code for a retrieval",
)
def open_orders_and_deletion(case: RuleCase) -> Iterator[Violation]:
    """ORDERS_NOT_CLOSED is a reason why a deletion fails."""
    for path, error in rows(case.answer, "errors"):
        if error.get("code") == "ORDERS_NOT_CLOSED":
            message = "open orders do not stand in the way of a retrieval"
            yield Violation((*path, "code"), message, "another code", "ORDERS_NOT_CLOSED")


@rule(
    "PRV-006",
    Level.MUST,
    "A holding period is 0 to 180 days",
    "delete-a-shoppers-personal-data",
    scope=Scope.ANSWER,
    operations=TASKS[1:],
    coordinate="PersonalDataDeletionTask.holdingPeriod",
    fix="Answer the period that was asked for, or 10",
)
def holding_period(case: RuleCase) -> Iterator[Violation]:
    """Of the answered task; that of the request is the contract's affair."""
    days = number(at(case.answer, "holdingPeriod"))
    if days is not None and not 0 <= days <= 180:
        yield Violation(("holdingPeriod",), "a holding period out of bounds", "0 to 180", str(days))
