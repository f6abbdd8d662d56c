"""Random requests, seeded: every operation of every contract, and every request of the scenarios, whole and damaged.

Whatever is sent, no answer is a fault of the sandbox, and the suite's own judge has nothing to say about any of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from conformance.base.data import data_folder
from conformance.base.versions import VERSIONS
from conformance.contract.load import load_contract
from conformance.engine.judge import judge_exchange
from conformance.findings.model import Blame, Verdict
from conformance.sandbox.serving.http import Answer
from conformance.scenario.load import find_scenario_files, load_scenarios
from conformance.scenario.values import Scope, references
from conformance.traffic.model import Exchange, HttpRequest, HttpResponse
from tests.sandbox.client import Client
from tests.sandbox.requests import RandomRequest, Requests, known_values

NOT_SIMULATED = b"not simulated yet: "
ANSWERED_OTHERWISE = "Answer the documented code"
"""What rules about error codes say. A random request has several faults, and may get the error of any of them."""


def _check(client: Client, request: RandomRequest) -> Answer:
    """Sends a request, and has its answer judged."""
    body = json.dumps({"query": request.query, "variables": request.variables}).encode()
    answer = client.send(body)
    assert answer.status == 200, request
    assert NOT_SIMULATED in answer.body or b"InternalServerError" not in answer.body, request
    assert b"Traceback" not in answer.body, request
    headers = (("Content-Type", "application/json"), ("x-api-version", client.version))
    sent = HttpRequest("POST", "http://127.0.0.1/graphql", headers, body)
    exchange = Exchange(sent, HttpResponse(answer.status, answer.headers, answer.body))
    findings = judge_exchange(exchange, load_contract(client.version)).findings
    faults = [
        each
        for each in findings
        if each.blame is not Blame.CLIENT and each.verdict >= Verdict.WARN and each.fix != ANSWERED_OTHERWISE
    ]
    assert not faults, (faults, request)
    return answer


def _fresh(client: Client, seed: int) -> Requests:
    client.reset()
    return Requests(load_contract(client.version), seed, known_values(client.app.admin.store))


def _is_done(answer: Answer) -> bool:
    data = json.loads(answer.body).get("data")
    return bool(data) and all(value is not None for value in data.values())


def _ask_everything(version: str, seeds: range) -> set[str]:
    """Every operation, once a seed, and once more damaged. Returns the operations that were done at least once."""
    client, done = Client(version), set()
    for seed in seeds:
        requests = _fresh(client, seed)
        for operation in load_contract(version).operations.values():
            made = requests.request(operation)
            if _is_done(_check(client, made)):
                done.add(operation.name)
            _check(client, requests.damaged(made))
    return done


def _documented(version: str) -> Iterator[RandomRequest]:
    """The requests of the scenarios that need no earlier answer."""
    for scenario in load_scenarios(find_scenario_files(data_folder("scenarios"))):
        for step in scenario.steps if version in scenario.versions else ():
            if step.document and not any(kind == "$capture" for kind, _, _ in references(step.variables)):
                yield RandomRequest(scenario.id, step.document, Scope(scenario.inputs, {}).resolve(step.variables))


def _damage_everything(version: str, seeds: range, every: int) -> int:
    """Every documented request, or one in so many, whole and then damaged. Returns how many were done."""
    client, documented, done = Client(version), list(_documented(version))[::every], 0
    for seed in seeds:
        requests = _fresh(client, seed)
        for request in documented:
            done += _is_done(_check(client, request)) + _is_done(_check(client, requests.damaged(request)))
    return done


@pytest.mark.parametrize("version", VERSIONS)
def test_random_requests_of_every_operation_get_clean_answers(version: str) -> None:
    assert len(_ask_everything(version, range(1)))


@pytest.mark.parametrize("version", VERSIONS)
def test_damaged_documented_requests_get_clean_answers(version: str) -> None:
    assert _damage_everything(version, range(1), 4)


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
def test_many_random_requests_get_clean_answers(version: str) -> None:
    _ask_everything(version, range(1, 25))


@pytest.mark.slow
@pytest.mark.parametrize("version", VERSIONS)
def test_many_damaged_documented_requests_get_clean_answers(version: str) -> None:
    _damage_everything(version, range(1, 25), 1)


def test_the_same_seed_makes_the_same_requests() -> None:
    operation = load_contract("2024-11-01").operations["createOrder"]
    made = [_fresh(Client(), seed).request(operation) for seed in (1, 1, 2)]
    assert made[0] == made[1] != made[2]
