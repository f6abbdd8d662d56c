"""Privacy tasks: start, cancel, query.

Sources: the pages of the privacy operations, delete-a-shoppers-personal-data, retrieve-a-shoppers-personal-data,
cancel-a-data-deletion-request, query-privacy-requests. A holding period passes on the sandbox's clock; the documented
30 days of processing are a wait, so by default they pass at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from conformance.sandbox.catalog.files import new_file
from conformance.sandbox.context import Context
from conformance.sandbox.errors import CONFLICT, NOT_FOUND, api_error, invalid, invalid_input
from conformance.sandbox.events.publish import publish
from conformance.sandbox.privacy.subjects import archive, forget, is_open, orders_of
from conformance.sandbox.reading import part
from conformance.sandbox.store import Resource, Store

DELETION: Final = "personalDataDeletionTask"
RETRIEVAL: Final = "personalDataRetrievalTask"

HOLDING_DAYS: Final = 10
PROCESSING_MINUTES: Final = 30 * 24 * 60
CLIENT_TOKEN_LIFE: Final = timedelta(hours=8)

_EVENTS: Final[Mapping[str, str]] = MappingProxyType(
    {DELETION: "PERSONAL_DATA_DELETION_TASK", RETRIEVAL: "PERSONAL_DATA_RETRIEVAL_TASK"}
)
_REASONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "DATA_SUBJECT_NOT_FOUND": "the data subject was not found",
        "ORDERS_NOT_CLOSED": "the data subject has orders that are not closed",
    }
)


def start_deletion(context: Context, arguments: Resource) -> Resource:
    """`startPersonalDataDeletionTask`: deletes after the holding period, unless an order is open then."""
    given, subject = _read(arguments)
    days = given.get("holdingPeriod")
    days = HOLDING_DAYS if days is None else days
    return _once(context, DELETION, arguments, lambda: _new_deletion(context, subject, days))


def start_retrieval(context: Context, arguments: Resource) -> Resource:
    """`startPersonalDataRetrievalTask`: begins at once."""
    _, subject = _read(arguments)
    return _once(context, RETRIEVAL, arguments, lambda: _new_retrieval(context, subject))


def cancel_deletion(context: Context, arguments: Resource) -> Resource:
    """`cancelPersonalDataDeletionTask`: during the holding period only.

    No status of a cancelled task is documented, so afterwards there is no such task; this is our choice.
    """
    task_id = arguments.get("taskId") or part(arguments.get("input"), "taskId")
    task = _find(context.store, DELETION, task_id)
    if task["status"] != "ON_HOLD":
        message = f"The personalDataDeletionTask cannot be cancelled with a status of {task['status']}."
        raise invalid("CannotCancelPersonalDataDeletionTask", message)
    del context.store.privacy_tasks[task["taskId"]]
    return {"taskId": task["taskId"]}


def query_deletion(context: Context, arguments: Resource) -> Resource:
    """`personalDataDeletionTask`."""
    return _find(context.store, DELETION, arguments.get("taskId"))


def query_retrieval(context: Context, arguments: Resource) -> Resource:
    """`personalDataRetrievalTask`."""
    return _find(context.store, RETRIEVAL, arguments.get("taskId"))


def put_deletion(context: Context, task_id: str, subject: Resource, status: str) -> Resource:
    """A deletion task in this state, with the default holding period. Only one on hold goes on by itself."""
    task = _new_task(context.store, DELETION, task_id, subject, status)
    task["holdingPeriod"] = HOLDING_DAYS
    if status == "ON_HOLD":
        _hold(context, task)
    elif status == "FAILED":
        _explain(task, "ORDERS_NOT_CLOSED")
    return task


def put_retrieval(context: Context, task_id: str, subject: Resource, status: str) -> Resource:
    """A retrieval task in this state, which it stays in."""
    task = _new_task(context.store, RETRIEVAL, task_id, subject, status)
    if status == "COMPLETED":
        _attach(context, task)
    elif status == "FAILED":
        _explain(task, "DATA_SUBJECT_NOT_FOUND")
    return task


def _new_deletion(context: Context, subject: Resource, days: int) -> Resource:
    status = "ON_HOLD" if days else "IN_PROGRESS"
    task = _new_task(context.store, DELETION, context.store.new_uuid("privacy-task"), subject, status)
    task["holdingPeriod"] = days
    _hold(context, task)
    return task


def _new_retrieval(context: Context, subject: Resource) -> Resource:
    task = _new_task(context.store, RETRIEVAL, context.store.new_uuid("privacy-task"), subject, "IN_PROGRESS")
    context.store.later(PROCESSING_MINUTES, task["taskId"], lambda: _end_retrieval(context, task))
    return task


def _hold(context: Context, task: Resource) -> None:
    at = context.store.now + timedelta(days=task["holdingPeriod"])
    context.store.plan(at, task["taskId"], lambda: _begin_deletion(context, task))


def _read(arguments: Resource) -> tuple[Resource, Resource]:
    given = arguments.get("input") or {}
    subject = given.get("dataSubject") or {}
    if not subject.get("email"):
        raise invalid_input(["The dataSubject must have an email"])
    return given, {"type": subject.get("type") or "SHOPPER", "email": subject["email"]}


def _once(context: Context, kind: str, arguments: Resource, start: Callable[[], Resource]) -> Resource:
    """The task of the same request with the same client token in the last 8 hours, else a new one.

    Another request with the token is a conflict. That it is one, and that tokens belong to a client, is our choice.
    """
    given = dict(arguments["input"])
    token = part(given.pop("clientToken", None), "token")
    if token is None:
        return {"taskId": start()["taskId"]}
    store, key = context.store, (context.caller.client, str(token))
    known = store.client_tokens.get(key)
    if known is None or store.now >= known["expires"]:
        known = store.client_tokens[key] = {
            "expires": store.now + CLIENT_TOKEN_LIFE,
            "request": (kind, given),
            "taskId": start()["taskId"],
        }
    if known["request"] != (kind, given):
        raise api_error(CONFLICT, "another request had this client token within the last 8 hours")
    return {"taskId": known["taskId"]}


def _new_task(store: Store, kind: str, task_id: str, subject: Resource, status: str) -> Resource:
    task: Resource = {
        "kind": kind,
        "taskId": task_id,
        "status": status,
        "dataSubject": subject,
        "errors": [],
        "submissionDate": store.time(),
        "lastUpdatedDate": store.time(),
    }
    store.privacy_tasks[task["taskId"]] = task
    return task


def _find(store: Store, kind: str, task_id: Any) -> Resource:
    task = store.privacy_tasks.get(str(task_id))
    if task is None or task["kind"] != kind:
        raise api_error(NOT_FOUND, "Request references a resource which does not exist.")
    return task


def _begin_deletion(context: Context, task: Resource) -> None:
    """The holding period is over. That orders are looked at now is our choice."""
    store = context.store
    if store.privacy_tasks.get(task["taskId"]) is not task:
        return
    orders = orders_of(store, task["dataSubject"]["email"])
    if not orders:
        _fail(context, task, "DATA_SUBJECT_NOT_FOUND")
    elif any(is_open(order) for order in orders):
        _fail(context, task, "ORDERS_NOT_CLOSED")
    else:
        task.update(status="IN_PROGRESS", lastUpdatedDate=store.time())
        store.later(PROCESSING_MINUTES, task["taskId"], lambda: _end_deletion(context, task))


def _end_deletion(context: Context, task: Resource) -> None:
    forget(orders_of(context.store, task["dataSubject"]["email"]))
    _finish(context, task, "COMPLETED")


def _end_retrieval(context: Context, task: Resource) -> None:
    if orders_of(context.store, task["dataSubject"]["email"]):
        _attach(context, task)
        _finish(context, task, "COMPLETED")
    else:
        _fail(context, task, "DATA_SUBJECT_NOT_FOUND")


def _attach(context: Context, task: Resource) -> None:
    content = archive(orders_of(context.store, task["dataSubject"]["email"]))
    file = new_file(context.store, len(content), content)
    file.update(name="data_retrieval.zip", mediaType="application/zip")
    task["fileId"] = file["fileId"]


def _fail(context: Context, task: Resource, code: str) -> None:
    _explain(task, code)
    _finish(context, task, "FAILED")


def _explain(task: Resource, code: str) -> None:
    task["errors"] = [{"code": code, "message": f"Task {task['taskId']} failed: {_REASONS[code]}."}]


def _finish(context: Context, task: Resource, status: str) -> None:
    task.update(status=status, lastUpdatedDate=context.store.time())
    publish(context.store, context.version, f"{_EVENTS[task['kind']]}_{status}", task["kind"], task["taskId"])
