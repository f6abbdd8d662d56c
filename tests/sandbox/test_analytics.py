"""User events and report tasks."""

from __future__ import annotations

import json
from typing import Any

import pytest

from conformance.sandbox.serving.http import Request
from tests.sandbox.client import Client, code

SEND = "mutation send($input: SendUserEventInput!) { sendUserEvents(input: $input) { status } }"
START = "mutation start($input: StartReportTaskInput!) { startReportTask(input: $input) { taskId } }"
REPORT = "query ask($id: String!) { reportTask(taskId: $id) { taskId status reportType requestTime lastUpdatedTime } }"
EVENT = {
    "eventType": "page-load",
    "eventId": "0f8fad5b-d9cb-469f-a165-70867728950e",
    "eventTime": "2023-12-03T10:15:30Z",
    "clientType": "SERVER_CLIENT",
    "clientVersion": "1.0",
}


def _send(client: Client, *events: dict[str, Any]) -> dict[str, Any]:
    return client.ask(SEND, {"input": {"events": list(events)}})


def _kept(client: Client) -> list[dict[str, Any]]:
    answer = client.app.answer(Request("GET", "/_sandbox/user-events"))
    kept: list[dict[str, Any]] = json.loads(answer.body)["userEvents"]
    return kept


def _start(client: Client, **given: Any) -> dict[str, Any]:
    return client.ask(START, {"input": {"reportType": "USER_EVENTS", **given}})


def _report(client: Client, task_id: str) -> dict[str, Any]:
    task: dict[str, Any] = client.ask(REPORT, {"id": task_id})["data"]["reportTask"]
    return task


def test_keeps_user_events(every: Client) -> None:
    answer = _send(every, EVENT, {**EVENT, "eventType": "click"})
    assert answer["data"]["sendUserEvents"]["status"] == "successful"
    assert [event["eventType"] for event in _kept(every)] == ["page-load", "click"]


@pytest.mark.parametrize("time", ["2023", "2023-12-03", "2023-12-03T10:15:30", "2023-12-03T10:15:30+01:00", "now"])
def test_drops_the_user_events_whose_time_is_not_in_utc_and_keeps_the_others(client: Client, time: str) -> None:
    answer = _send(client, {**EVENT, "eventTime": time}, {**EVENT, "eventType": "click"})
    assert code(answer) == "UnspecifiedError"
    (error,) = answer["errors"]
    assert f"[eventTime {time} is invalid local ISO 8601 UTC time format.]" in error["message"]
    assert error["extensions"]["classification"]["details"] == {}
    assert answer["data"] == {"sendUserEvents": None}
    assert [event["eventType"] for event in _kept(client)] == ["click"]


@pytest.mark.parametrize("name", list(EVENT))
def test_drops_user_events_without_a_required_field(client: Client, name: str) -> None:
    answer = _send(client, {key: value for key, value in EVENT.items() if key != name})
    assert f"/sendUserEvents/input/events/0/{name} must be given" in answer["errors"][0]["message"]
    assert _kept(client) == []


@pytest.mark.parametrize("events", [[], [EVENT] * 51, [{**EVENT, "eventType": "ab"}]])
def test_refuses_calls_outside_the_documented_bounds_as_a_whole(client: Client, events: list[dict[str, Any]]) -> None:
    assert code(_send(client, *events)) == "UnspecifiedError"
    assert _kept(client) == []


def test_fifty_user_events_a_call_are_taken(client: Client) -> None:
    assert code(_send(client, *[EVENT] * 50)) == ""
    assert len(_kept(client)) == 50


def test_a_report_passes_from_started_over_running_to_its_end(client: Client) -> None:
    client.admin("clock", wait=1)
    task_id = _start(client)["data"]["startReportTask"]["taskId"]
    started = _report(client, task_id)
    assert (started["status"], started["reportType"], started["taskId"]) == ("STARTED", "USER_EVENTS", task_id)
    client.admin("clock", advance_s=5 * 60)
    running = _report(client, task_id)
    assert (running["status"], running["requestTime"]) == ("RUNNING", started["requestTime"])
    assert running["lastUpdatedTime"] > running["requestTime"]
    client.admin("clock", advance_s=10 * 60)
    client.token = client.new_token()
    assert _report(client, task_id)["status"] == "COMPLETED"


def test_a_report_is_made_at_once_unless_waits_are_asked_for(client: Client) -> None:
    task_id = _start(client)["data"]["startReportTask"]["taskId"]
    assert _report(client, task_id)["status"] == "COMPLETED"


def test_at_most_five_report_tasks_are_in_work(client: Client) -> None:
    client.admin("clock", wait=1)
    assert [code(_start(client)) for _ in range(5)] == [""] * 5
    answer = _start(client)
    part = {"type": "ThrottlingError", "errorType": "ThrottlingException", "errorCode": 429}
    assert answer["errors"][0]["extensions"]["classification"] == part
    assert answer["data"] == {"startReportTask": None}
    client.admin("clock", advance_s=5 * 60)
    assert code(_start(client)) == "ThrottlingError"
    client.admin("clock", advance_s=9 * 60 + 59)
    client.admin("clock", advance_s=1)
    client.token = client.new_token()
    assert code(_start(client)) == ""


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"reportType": "ORDERS"}, "InvalidReportType"),
        ({"reportType": None}, "InvalidReportType"),
        ({"timeRange": {"startDate": "11/01/2024"}}, "InvalidDateFormat"),
        ({"timeRange": {"endDate": "2024-11-01T00:00:00+02:00"}}, "InvalidDateFormat"),
        ({"timeRange": {"startDate": "2024-11-30T00:00:00Z", "endDate": "2024-11-01T00:00:00Z"}}, "InvalidDateRange"),
        ({"timeRange": {"startDate": "2030-01-01T00:00:00Z"}}, "InvalidDateRange"),
        ({"timeRange": {"startDate": "2024-11-01T00:00:00Z", "endDate": "2024-11-01T00:00:00Z"}}, ""),
        ({"timeRange": {"endDate": "2024-11-01T00:00:00Z"}}, ""),
    ],
)
def test_refuses_reports_with_the_documented_codes(client: Client, given: dict[str, Any], expected: str) -> None:
    assert code(_start(client, **given)) == expected


def test_a_report_task_that_is_unknown_or_too_old_is_not_found(client: Client) -> None:
    task_id = _start(client)["data"]["startReportTask"]["taskId"]
    client.admin("clock", advance_s=30 * 24 * 3600)
    client.token = client.new_token()
    for unknown in (task_id, "USER_EVENTS:none"):
        answer = client.ask(REPORT, {"id": unknown})
        assert code(answer) == "ResourceNotFoundError"
        assert answer["errors"][0]["message"] == "Querying for an invalid or expired taskId"


@pytest.mark.parametrize("start", [{}, {"startDate": "0001-01-01T00:00:00Z"}, {"startDate": "2025-01-13T00:00:00Z"}])
def test_a_range_at_the_beginning_of_time_is_no_fault_of_the_sandbox(client: Client, start: dict[str, str]) -> None:
    answer = _start(client, timeRange={**start, "endDate": "0001-01-01T00:00:00Z"})
    assert "InternalServerError" not in str(answer)
