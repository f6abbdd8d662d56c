"""Privacy tasks, report tasks and event subscriptions that are answered wrongly."""

from __future__ import annotations

import copy
from typing import Any, Final

from conformance.sandbox.faults.business_catalog import edges, overfull
from conformance.sandbox.faults.model import FaultList, Seen
from conformance.sandbox.faults.reach import other_id, shifted

FAULTS: Final = FaultList()

RETRIEVAL: Final = ("personalDataRetrievalTask",)
DELETION: Final = ("personalDataDeletionTask",)
OPEN: Final = ("SUBMITTED", "IN_PROGRESS", "CREATED")


def _answer_with(seen: Seen, *keys: str) -> dict[str, Any] | None:
    """The answer when it has all these keys."""
    answer = seen.answer
    return answer if isinstance(answer, dict) and all(key in answer for key in keys) else None


def _another(seen: Seen, key: str) -> bool:
    answer = _answer_with(seen, key)
    if answer is None or not answer[key]:
        return False
    answer[key] = other_id(seen, answer[key])
    return True


@FAULTS.answer(
    "another-privacy-task",
    "PRV-001",
    "Another task than the one asked for is answered",
    operations=(*RETRIEVAL, *DELETION, "cancelPersonalDataDeletionTask"),
)
def another_privacy_task(seen: Seen) -> bool:
    return _another(seen, "taskId")


@FAULTS.answer("link-too-early", "PRV-002", "A link to personal data comes before the end", operations=RETRIEVAL)
def link_too_early(seen: Seen) -> bool:
    answer = _answer_with(seen, "status", "dataRetrievalLink")
    if answer is None:
        return False
    if answer["status"] == "COMPLETED":
        answer["status"] = seen.random.choice((*OPEN, "FAILED"))
    if not answer["dataRetrievalLink"]:
        answer["dataRetrievalLink"] = f"https://example.com/{seen.random.randrange(100)}"
    return True


@FAULTS.answer(
    "failed-for-no-reason", "PRV-003", "A task FAILED, and no error says why", operations=RETRIEVAL + DELETION
)
def failed_for_no_reason(seen: Seen) -> bool:
    answer = _answer_with(seen, "status", "errors")
    if answer is None:
        return False
    answer["status"], answer["errors"] = "FAILED", seen.random.choice(([], None))
    return True


@FAULTS.answer(
    "errors-of-a-task-at-work", "PRV-003", "A task that did not fail has errors", operations=RETRIEVAL + DELETION
)
def errors_of_a_task_at_work(seen: Seen) -> bool:
    answer = _answer_with(seen, "status", "errors")
    if answer is None:
        return False
    answer["errors"] = answer["errors"] or [{"code": "INTERNAL_ERROR", "message": "failed"}]
    answer["status"] = seen.random.choice(("COMPLETED", *OPEN))
    return True


@FAULTS.answer(
    "task-updated-before-submitted", "PRV-004", "A task is older than its submission", operations=RETRIEVAL + DELETION
)
def task_updated_before_submitted(seen: Seen) -> bool:
    return _turned_round(seen, "submissionDate", "lastUpdatedDate")


def _turned_round(seen: Seen, first: str, second: str) -> bool:
    answer = _answer_with(seen, first, second)
    before = shifted(seen, answer[first], -1) if answer is not None else None
    if answer is None or before is None:
        return False
    answer[second] = before
    return True


@FAULTS.answer("open-orders-and-a-retrieval", "PRV-005", "Open orders let a retrieval fail", operations=RETRIEVAL)
def open_orders_and_a_retrieval(seen: Seen) -> bool:
    answer = _answer_with(seen, "errors")
    if answer is None:
        return False
    errors = answer["errors"] = answer["errors"] or [{"code": "", "message": f"orders {seen.random.randrange(100)}"}]
    errors[0]["code"] = "ORDERS_NOT_CLOSED"
    return True


@FAULTS.answer("holding-period-out-of-bounds", "PRV-006", "A deletion waits for too long, or less than not at all")
def holding_period_out_of_bounds(seen: Seen) -> bool:
    answer = _answer_with(seen, "holdingPeriod")
    if answer is None or seen.operation not in DELETION:
        return False
    answer["holdingPeriod"] = seen.random.choice((-1, -10, 181, 200, 365, 1000))
    return True


@FAULTS.answer(
    "report-task-id-of-another-form", "ANA-004", "The id of a report task has no type", operations=("startReportTask",)
)
def report_task_id_of_another_form(seen: Seen) -> bool:
    answer = _answer_with(seen, "taskId")
    task = answer["taskId"] if answer is not None else None
    if answer is None or not isinstance(task, str) or ":" not in task:
        return False
    kind, _, own = task.partition(":")
    answer["taskId"] = seen.random.choice((own, f"{kind}-{own}", f"{kind}:{own[:8]}", f"ORDERS:{own}", "report-1"))
    return True


@FAULTS.answer(
    "another-report-task", "ANA-006", "Another task than the one asked for is answered", operations=("reportTask",)
)
def another_report_task(seen: Seen) -> bool:
    return _another(seen, "taskId")


@FAULTS.answer(
    "report-updated-before-requested", "ANA-007", "A report is older than its request", operations=("reportTask",)
)
def report_updated_before_requested(seen: Seen) -> bool:
    return _turned_round(seen, "requestTime", "lastUpdatedTime")


@FAULTS.answer(
    "subscription-twice", "SUB-005", "A subscription stands twice on a page", operations=("eventSubscriptions",)
)
def subscription_twice(seen: Seen) -> bool:
    page = [each for each in edges(seen) if isinstance(each.get("node"), dict) and each["node"].get("id")]
    for _ in range(seen.random.randrange(1, 4) if page else 0):
        edges(seen).append(copy.deepcopy(seen.random.choice(page)))
    return bool(page)


@FAULTS.answer(
    "subscriptions-page-overfull",
    "SUB-006",
    "A page has more subscriptions than asked for",
    operations=("eventSubscriptions",),
)
def subscriptions_page_overfull(seen: Seen) -> bool:
    return overfull(seen)


@FAULTS.answer(
    "another-subscription",
    "SUB-007",
    "Another subscription than the one asked for is answered",
    operations=("eventSubscription", "deleteEventSubscription"),
)
def another_subscription(seen: Seen) -> bool:
    return _another(seen, "subscriptionId")
