"""Privacy tasks: their states on the sandbox's clock, open orders, client tokens, the file of a retrieval."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any
from urllib.parse import urlsplit

import pytest

from conformance.sandbox.serving.http import Answer, Request
from tests.sandbox.client import Client, bought, code

DAY_S = 24 * 3600
ADA = {"type": "SHOPPER", "email": "ada@example.org"}
NOBODY = {"type": "SHOPPER", "email": "nobody@example.org"}
START = """mutation start($input: StartPersonalDataDeletionTaskInput!) {
  startPersonalDataDeletionTask(input: $input) { taskId } }"""
RETRIEVE = """mutation start($input: StartPersonalDataRetrievalTaskInput!) {
  startPersonalDataRetrievalTask(input: $input) { taskId } }"""
CANCEL = "mutation cancel($id: String!) { cancelPersonalDataDeletionTask(taskId: $id) { taskId } }"
DELETION = """query ask($id: String!) { personalDataDeletionTask(taskId: $id) {
  taskId status holdingPeriod dataSubject { type email } errors { code message } submissionDate lastUpdatedDate } }"""
RETRIEVAL = """query ask($id: String!) { personalDataRetrievalTask(taskId: $id) {
  taskId status dataSubject { type email } dataRetrievalLink errors { code message } submissionDate } }"""
TOKEN = {"token": "0f8fad5b-d9cb-469f-a165-70867728950e"}


def _start(client: Client, query: str = START, **given: Any) -> dict[str, Any]:
    return client.ask(query, {"input": {"dataSubject": ADA, **given}})


def _id(answer: dict[str, Any]) -> str:
    (part,) = answer["data"].values()
    return str(part["taskId"])


def _deletion(client: Client, task_id: str) -> dict[str, Any]:
    task: dict[str, Any] = client.ask(DELETION, {"id": task_id})["data"]["personalDataDeletionTask"]
    return task


def _retrieval(client: Client, task_id: str) -> dict[str, Any]:
    task: dict[str, Any] = client.ask(RETRIEVAL, {"id": task_id})["data"]["personalDataRetrievalTask"]
    return task


def _close_all_orders(client: Client) -> None:
    """As if everything had arrived."""
    for order in client.app.admin.store.orders.values():
        order["metadata"]["executionState"] = "STARTED"
        order["refunds"], order["returns"] = [], []
        for package in order["packages"]:
            package["state"] = "DELIVERED"


def _download(client: Client, link: str) -> Answer:
    return client.app.answer(Request("GET", urlsplit(link).path))


def test_a_deletion_is_held_then_done(every: Client) -> None:
    bought(every)
    _close_all_orders(every)
    task_id = _id(_start(every, holdingPeriod=5))
    every.admin("clock", advance_s=5 * DAY_S - 10)
    assert _deletion(Client(every.version, every.app), task_id)["status"] == "ON_HOLD"
    every.admin("clock", advance_s=10)
    every.token = every.new_token()
    task = _deletion(every, task_id)
    assert (task["status"], task["errors"], task["holdingPeriod"]) == ("COMPLETED", [], 5)
    assert task["lastUpdatedDate"] > task["submissionDate"]
    assert every.events()[-1] == "PERSONAL_DATA_DELETION_TASK_COMPLETED"


def test_processing_takes_the_documented_30_days_when_waits_are_asked_for(client: Client) -> None:
    bought(client)
    _close_all_orders(client)
    client.admin("clock", wait=1)
    task_id = _id(_start(client, holdingPeriod=0))
    assert _deletion(client, task_id)["status"] == "IN_PROGRESS"
    client.admin("clock", advance_s=30 * DAY_S)
    client.token = client.new_token()
    assert _deletion(client, task_id)["status"] == "COMPLETED"


def test_a_holding_period_is_10_days_unless_given_and_at_most_180(client: Client) -> None:
    assert _deletion(client, _id(_start(client)))["holdingPeriod"] == 10
    assert _deletion(client, _id(_start(client, holdingPeriod=180)))["holdingPeriod"] == 180
    for days in (-1, 181):
        answer = _start(client, holdingPeriod=days)
        assert code(answer) == "UnspecifiedError"
        assert "/startPersonalDataDeletionTask/input/holdingPeriod must be" in answer["errors"][0]["message"]


def test_open_orders_stand_in_the_way_of_a_deletion(client: Client) -> None:
    order_id = bought(client)
    task_id = _id(_start(client, holdingPeriod=0))
    task = _deletion(client, task_id)
    assert (task["status"], [error["code"] for error in task["errors"]]) == ("FAILED", ["ORDERS_NOT_CLOSED"])
    assert task_id in task["errors"][0]["message"]
    assert client.events()[-1] == "PERSONAL_DATA_DELETION_TASK_FAILED"
    assert client.order(order_id, "customer { contact { email } }")["customer"]["contact"]["email"] == ADA["email"]
    _close_all_orders(client)
    assert _deletion(client, _id(_start(client, holdingPeriod=0)))["status"] == "COMPLETED"


def test_an_order_that_closes_while_the_task_is_held_does_not_stand_in_the_way(client: Client) -> None:
    bought(client)
    task_id = _id(_start(client, holdingPeriod=1))
    _close_all_orders(client)
    client.admin("clock", advance_s=DAY_S)
    client.token = client.new_token()
    assert _deletion(client, task_id)["status"] == "COMPLETED"


def test_a_cancelled_order_does_not_stand_in_the_way(client: Client) -> None:
    order_id = bought(client)
    client.app.admin.store.orders[order_id].update(packages=[])
    client.app.admin.store.orders[order_id]["metadata"]["executionState"] = "NOT_STARTED"
    assert _deletion(client, _id(_start(client, holdingPeriod=0)))["status"] == "FAILED"
    client.ask(f'mutation {{ cancelOrder(orderIdentifier: {{orderId: "{order_id}"}}) {{ cancellation {{ state }} }} }}')
    assert _deletion(client, _id(_start(client, holdingPeriod=0)))["status"] == "COMPLETED"


def test_a_deletion_takes_the_shopper_out_of_the_orders(client: Client) -> None:
    order_id = bought(client)
    _close_all_orders(client)
    _start(client, holdingPeriod=0)
    fields = "customer { contact { name email } } recipient { deliveryAddress { name streetAddress locality } }"
    order = client.order(order_id, fields)
    assert order["customer"]["contact"] == {"name": None, "email": None}
    assert order["recipient"]["deliveryAddress"] == {"name": None, "streetAddress": None, "locality": "Seattle"}
    retrieval = _retrieval(client, _id(_start(client, RETRIEVE)))
    assert [error["code"] for error in retrieval["errors"]] == ["DATA_SUBJECT_NOT_FOUND"]


@pytest.mark.parametrize(("query", "ask"), [(START, _deletion), (RETRIEVE, _retrieval)])
def test_a_task_about_nobody_fails(client: Client, query: str, ask: Any) -> None:
    given = {"holdingPeriod": 0} if query is START else {}
    task = ask(client, _id(_start(client, query, dataSubject=NOBODY, **given)))
    assert (task["status"], task["errors"][0]["code"]) == ("FAILED", "DATA_SUBJECT_NOT_FOUND")
    assert client.events()[-1].endswith("_FAILED")


def test_a_deletion_can_be_cancelled_while_it_is_held(client: Client) -> None:
    task_id = _id(_start(client, holdingPeriod=1))
    assert _id(client.ask(CANCEL, {"id": task_id})) == task_id
    assert code(client.ask(DELETION, {"id": task_id})) == "ResourceNotFoundError"
    client.admin("clock", advance_s=2 * DAY_S)
    assert client.events() == []


def test_the_guide_of_2024_04_01_cancels_by_an_input_object() -> None:
    client = Client("2024-04-01")
    task_id = _id(_start(client))
    query = """mutation cancel($input: CancelPersonalDataDeletionTaskInput!) {
      cancelPersonalDataDeletionTask(input: $input) { taskId } }"""
    assert _id(client.ask(query, {"input": {"taskId": task_id}})) == task_id


@pytest.mark.parametrize("status", ["IN_PROGRESS", "COMPLETED", "FAILED"])
def test_a_deletion_that_is_not_held_cannot_be_cancelled(client: Client, status: str) -> None:
    client.reset(deletion=status)
    answer = client.ask(CANCEL, {"id": "3f0b9a52-6c1d-4d8e-8f27-5b6a7c8d9e0f"})
    assert code(answer) == "CannotCancelPersonalDataDeletionTask"
    assert f"cannot be cancelled with a status of {status}" in answer["errors"][0]["message"]


def test_tasks_of_one_kind_are_not_found_as_tasks_of_the_other(client: Client) -> None:
    held, retrieved = _id(_start(client)), _id(_start(client, RETRIEVE))
    for query, task_id in ((DELETION, retrieved), (RETRIEVAL, held), (CANCEL, retrieved), (DELETION, "none")):
        answer = client.ask(query, {"id": task_id})
        assert code(answer) == "ResourceNotFoundError"
        assert answer["errors"][0]["message"] == "Request references a resource which does not exist."


@pytest.mark.parametrize("subject", [{"type": "SHOPPER"}, {"type": "SHOPPER", "email": "nobody"}])
@pytest.mark.parametrize("query", [START, RETRIEVE])
def test_refuses_a_subject_without_a_good_address(client: Client, query: str, subject: dict[str, str]) -> None:
    assert code(_start(client, query, dataSubject=subject)) == "UnspecifiedError"


def test_a_client_token_makes_a_request_count_once_in_8_hours(client: Client) -> None:
    first = _id(_start(client, clientToken=TOKEN))
    client.admin("clock", advance_s=8 * 3600 - 1)
    client.token = client.new_token()
    assert _id(_start(client, clientToken=TOKEN)) == first
    client.admin("clock", advance_s=1)
    assert _id(_start(client, clientToken=TOKEN)) != first


def test_without_a_client_token_each_request_counts(client: Client) -> None:
    assert _id(_start(client)) != _id(_start(client))


def test_another_request_with_the_client_token_is_a_conflict(client: Client) -> None:
    _start(client, clientToken=TOKEN)
    assert code(_start(client, clientToken=TOKEN, holdingPeriod=7)) == "ConflictError"
    assert code(_start(client, RETRIEVE, clientToken=TOKEN)) == "ConflictError"
    assert code(_start(client, clientToken={"token": "too short"})) == "UnspecifiedError"
    other = Client(client.version, client.app, client.new_token("other:secret"))
    assert code(_start(other, RETRIEVE, clientToken=TOKEN)) == ""


def test_a_retrieval_gives_a_link_of_a_minute_to_the_shoppers_data(client: Client) -> None:
    order_id = bought(client)
    task_id = _id(_start(client, RETRIEVE))
    task = _retrieval(client, task_id)
    assert (task["status"], task["errors"]) == ("COMPLETED", [])
    assert client.events()[-1] == "PERSONAL_DATA_RETRIEVAL_TASK_COMPLETED"
    answer = _download(client, task["dataRetrievalLink"])
    assert ("content-type", "application/zip") in answer.headers
    with zipfile.ZipFile(io.BytesIO(answer.body)) as file:
        assert [each["orderId"] for each in json.loads(file.read("orders.json"))] == [order_id]
    client.admin("clock", advance_s=60)
    assert _download(client, task["dataRetrievalLink"]).status == 403
    assert _download(client, _retrieval(client, task_id)["dataRetrievalLink"]).status == 200


def test_there_is_no_link_before_a_retrieval_is_done(client: Client) -> None:
    bought(client)
    client.admin("clock", wait=1)
    task_id = _id(_start(client, RETRIEVE))
    task = _retrieval(client, task_id)
    assert (task["status"], task["dataRetrievalLink"]) == ("IN_PROGRESS", None)
