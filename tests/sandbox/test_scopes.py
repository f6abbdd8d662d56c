"""Scopes of tokens, and the target that a request is for."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import pytest

from conformance.base.versions import VERSIONS
from conformance.contract.load import load_contract
from conformance.events.reading import load_catalogue
from conformance.sandbox.scopes import SCOPES, event_permission, read_scopes
from conformance.sandbox.serving.app import SandboxApp, Settings
from conformance.sandbox.serving.http import Answer, Request
from tests.sandbox.client import Client, code

CREATE = """mutation subscribe($input: CreateEventSubscriptionInput!) {
  createEventSubscription(input: $input) { subscriptionId } }"""
TARGET = "bp-2c4e6a80-1b3d-4f5a-8c7e-9d0b1a2c3e4f"


def _token(app: SandboxApp, scope: str | None) -> Answer:
    form = {"grant_type": "client_credentials", "client_id": "me", "client_secret": "mine"}
    form |= {} if scope is None else {"scope": scope}
    headers = (("content-type", "application/x-www-form-urlencoded"),)
    return app.answer(Request("POST", "/token", headers, urlencode(form).encode()))


def _client(*scopes: str, version: str = "2024-11-01") -> Client:
    app = SandboxApp()
    return Client(version, app, json.loads(_token(app, " ".join(scopes)).body)["access_token"])


def test_the_scopes_are_those_of_the_contracts_and_of_the_events() -> None:
    of_operations = {
        scope
        for version in VERSIONS
        for operation in load_contract(version).operations.values()
        for scope in operation.fact.scopes
    }
    of_events = {event_permission(name) for name in load_catalogue().events}
    assert set(SCOPES) == of_operations | of_events


def test_each_event_needs_the_permission_that_its_page_names() -> None:
    for name, event in load_catalogue().events.items():
        assert event_permission(name) == event.permission.name


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("", SCOPES),
        ("Edit Order Data", ("Edit Order Data",)),
        ("View Catalog Data View & Edit Catalog Data", ("View Catalog Data", "View & Edit Catalog Data")),
        ("View Order Data, Read Order", ("View Order Data", "Read Order")),
        ("Read Order Read Order", ("Read Order",)),
        ("Read Orders", None),
        ("everything", None),
    ],
)
def test_reads_the_scopes_of_a_token_request(text: str, scopes: tuple[str, ...] | None) -> None:
    assert read_scopes(text) == scopes


def test_a_token_says_which_scopes_it_has() -> None:
    app = SandboxApp()
    assert json.loads(_token(app, "Edit Order Data").body)["scope"] == "Edit Order Data"
    assert json.loads(_token(app, None).body)["scope"] == " ".join(SCOPES)


def test_an_undocumented_scope_gets_no_token() -> None:
    answer = _token(SandboxApp(), "Delete Everything")
    assert (answer.status, json.loads(answer.body)["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize("version", VERSIONS)
def test_every_operation_is_refused_without_its_scopes_and_with_one_too_few(version: str) -> None:
    contract = load_contract(version)
    for name, operation in contract.operations.items():
        for missing in operation.fact.scopes:
            client = _client(*(scope for scope in SCOPES if scope != missing), version=version)
            root = contract.schema.query_type if operation.kind == "query" else contract.schema.mutation_type
            assert root is not None
            if any(str(argument.type).endswith("!") for argument in root.fields[name].args.values()):
                continue
            body = json.dumps({"query": f"{operation.kind} {{ {name} {{ __typename }} }}"}).encode()
            answer = json.loads(client.send(body).body)
            assert answer["data"] == {name: None}
            assert answer["errors"][0]["message"] == "You do not have sufficient access to perform this action."
            assert code(answer) == "AccessDeniedError"


def test_a_scope_is_enough_for_its_operation_alone() -> None:
    client = _client("Edit Order Data")
    cancel = 'mutation { cancelPersonalDataDeletionTask(taskId: "a") { taskId } }'
    update = 'mutation { updateOrder(orderIdentifier: {orderId: "a"}, input: {}) { order { id } } }'
    assert code(client.ask(cancel)) == "AccessDeniedError"
    assert code(client.ask(update)) == "ResourceNotFoundError"


def test_one_refused_operation_leaves_the_others_of_the_request() -> None:
    client = _client("Edit Order Data")
    query = """{ task: personalDataDeletionTask(taskId: "a") { taskId } report: reportTask(taskId: "b") { taskId } }"""
    errors = client.ask(query)["errors"]
    assert {error["path"][0]: error["extensions"]["classification"]["type"] for error in errors} == {
        "task": "AccessDeniedError",
        "report": "ResourceNotFoundError",
    }


def test_a_subscription_needs_the_permission_of_its_event() -> None:
    client = _client("Read Buyability")
    destination = {"eventBridge": {"partnerEventSource": {"account": "0" * 12, "name": "mine"}, "region": "us-east-1"}}
    answers = {
        name: code(client.ask(CREATE, {"input": {"destination": destination, "eventType": name}}))
        for name in ("BUYABILITY_CHANGED", "REFUND_REQUESTED", "PERSONAL_DATA_DELETION_TASK_FAILED")
    }
    assert answers == {
        "BUYABILITY_CHANGED": "",
        "REFUND_REQUESTED": "AccessDeniedError",
        "PERSONAL_DATA_DELETION_TASK_FAILED": "AccessDeniedError",
    }


def test_any_target_is_good_unless_the_sandbox_is_given_one() -> None:
    ask = b'{"query": "{ __typename }"}'
    assert [Client().send(ask, x_api_target_id=target).status for target in ("", TARGET)] == [200, 200]
    client = Client(app=SandboxApp(Settings(target_id=TARGET)))
    assert client.send(ask, x_api_target_id=TARGET).status == 200
    for target in ("", "bp-other"):
        answer = client.send(ask, x_api_target_id=target)
        assert (answer.status, code(json.loads(answer.body))) == (403, "AccessDeniedError")
