"""Defects of what the documented versions do not have, or a run does not ask for: proven beside the recorded traffic.

No version has subscriptions, oneOf inputs, or enums in answers; a schema that was pulled from a live API may. The
schema here has them all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from random import Random
from typing import Any, Final

from conformance.contract.load import contract_from_sdl
from conformance.contract.model import Contract
from conformance.engine.judge import judge_event, judge_exchange
from conformance.operations.compile import compile_operation
from conformance.operations.request import judge_variables
from conformance.operations.response import judge_response
from conformance.selftest.runs import Made, RunFaultList, Workshop, asking, exchanges_of
from conformance.traffic.model import Event, Exchange, HttpRequest, HttpResponse

FAULTS: Final = RunFaultList()

_FILE: Final = "pulled.graphql"
_SDL: Final = b"""
type Query { parcel(by: ParcelBy!): Parcel }
type Subscription { parcelMoved: Parcel parcelLost: Parcel }
type Parcel { id: ID! state: ParcelState states: [ParcelState!] }
enum ParcelState { PACKED SHIPPED DELIVERED }
input ParcelBy @oneOf { id: ID label: String code: Int }
"""
_STAGES: Final = b"type Query { order: Order } type Order { id: ID! stage: Stage } enum Stage { OPEN CLOSED }"
_JSON: Final = (("content-type", "application/json"),)
_PARCEL: Final = "query parcel($by: ParcelBy!) { parcel(by: $by) { id state states } }"


def _pulled() -> Contract:
    return contract_from_sdl(_SDL, _FILE)


def _judged(document: str, variables: Mapping[str, Any], answer: Any) -> tuple[str, ...]:
    request = HttpRequest(
        "POST", "/graphql", _JSON, json.dumps({"query": document, "variables": dict(variables)}).encode()
    )
    response = HttpResponse(200, _JSON, json.dumps(answer).encode())
    findings = judge_exchange(Exchange(request, response), _pulled()).findings
    return tuple(dict.fromkeys(finding.rule for finding in findings))


def _parcel(state: Any, states: list[Any]) -> dict[str, Any]:
    return {"data": {"parcel": {"id": "1", "state": state, "states": states}}}


@FAULTS("two-roots-of-a-subscription", "REQ-013", "A subscription asks for two things at once")
def two_roots_of_a_subscription(_workshop: Workshop, random: Random) -> Made | None:
    more = random.choice(("parcelLost { id }", "again: parcelMoved { id }", "...Lost"))
    text = f"subscription {{ parcelMoved {{ id }} {more} }}"
    if more.startswith("..."):
        text += " fragment Lost on Subscription { parcelLost { id } }"
    return _FILE, text, _judged(text, {}, {"data": {"parcelMoved": {"id": "1"}}})


@FAULTS("oneof-not-one", "REQ-049", "A oneOf input has no field, two of them, or one that is null")
def oneof_not_one(_workshop: Workshop, random: Random) -> Made | None:
    wrong: tuple[dict[str, Any], ...] = (
        {},
        {"id": "1", "label": "A"},
        {"id": "1", "label": None},
        {"code": None},
        {"id": "1", "label": "A", "code": 1},
    )
    value = random.choice(wrong)
    return _FILE, f"by: {value}", _judged(_PARCEL, {"by": value}, _parcel("PACKED", []))


@FAULTS("oneof-literal-not-one", "REQ-049", "A oneOf input in the document does not have exactly one field")
def oneof_literal_not_one(_workshop: Workshop, random: Random) -> Made | None:
    literal = random.choice(("{}", '{id: "1", code: 2}', "{label: null}", '{id: "1", label: "A", code: 3}'))
    document = f"{{ parcel(by: {literal}) {{ id state states }} }}"
    return _FILE, document, _judged(document, {}, _parcel("PACKED", []))


@FAULTS("oneof-variable-may-be-null", "REQ-049", "The one field of a oneOf input is a variable that may be null")
def oneof_variable_may_be_null(_workshop: Workshop, random: Random) -> Made | None:
    name, type_, value = random.choice((("id", "ID", "1"), ("label", "String", "A"), ("code", "Int", 1)))
    document = f"query parcel($it: {type_}) {{ parcel(by: {{{name}: $it}}) {{ id state states }} }}"
    return _FILE, document, _judged(document, {"it": value}, _parcel("PACKED", []))


@FAULTS("unknown-enum-value", "RSP-008", "An enum has a value that its type does not have")
def unknown_enum_value(_workshop: Workshop, random: Random) -> Made | None:
    wrong = random.choice(("LOST", "packed", "", "PACKED ", "ParcelState.PACKED", "0"))
    state, states = random.choice(((wrong, []), ("PACKED", [wrong]), ("SHIPPED", ["PACKED", wrong])))
    answer = _parcel(state, states)
    return _FILE, json.dumps(answer["data"]), _judged(_PARCEL, {"by": {"id": "1"}}, answer)


@FAULTS("event-enum-value-unknown", "EVT-047", "The data of an event has an enum value that its type does not have")
def event_enum_value_unknown(_workshop: Workshop, random: Random) -> Made | None:
    wrong = random.choice(("LOST", "open", "", "OPEN ", "0"))
    body = {
        "idempotencyKey": "key-1",
        "eventDescriptor": "ORDER_CONFIRMED",
        "resources": ["businessProduct/bp-1/order/o-1"],
        "eventId": "event-1",
        "apiVersion": "2024-11-01",
        "subscriptionId": "subscription-1",
        "eventTime": "2025-01-20T12:00:00Z",
        "data": {"order": {"id": "o-1", "stage": wrong}},
    }
    contract = contract_from_sdl(
        b"type Query { order: Order } type Order { id: ID! stage: Stage } enum Stage { OPEN }", _FILE
    )
    found = judge_event(Event(json.dumps(body).encode()), contract).findings
    return _FILE, f"stage {wrong!r}", tuple(each.rule for each in found)


@FAULTS("variables-of-a-file-no-object", "REQ-052", "The variables of an operation, kept in a file, are no object")
def variables_of_a_file_no_object(workshop: Workshop, random: Random) -> Made | None:
    for recorded, _, step in asking(workshop, random):
        wrong: Any = random.choice(([], ["input"], "input", 7, True))
        compiled = compile_operation(step.document, None, recorded.case.contract)
        found = judge_variables(compiled, wrong)
        return recorded.case.id, f"{step.name} with the variables {wrong!r}", tuple(each.rule for each in found)
    return None


@FAULTS("keys-in-another-order", "RSP-016", "Keys stand in another order than they were selected in")
def keys_in_another_order(workshop: Workshop, random: Random) -> Made | None:
    for recorded, index, step in asking(workshop, random):
        exchange = exchanges_of(recorded)[index]
        asked, answer = json.loads(exchange.request.body), json.loads(exchange.response.body)
        holders = [each for each in _objects(answer.get("data")) if len(each) > 1]
        if not holders:
            continue
        holder = random.choice(holders)
        items = list(holder.items())
        holder.clear()
        holder.update(reversed(items))
        compiled = compile_operation(asked["query"], asked.get("operationName"), recorded.case.contract)
        body, variables = json.dumps(answer).encode(), asked.get("variables")
        found = judge_response(compiled, body, variables=variables, key_order=True)
        keys = ", ".join(key for key, _ in items)
        return recorded.case.id, f"{step.name}: {keys}", tuple(each.rule for each in found)
    return None


def _objects(value: Any) -> list[dict[str, Any]]:
    """Every object in a JSON value."""
    found: list[dict[str, Any]] = []
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict):
            found.append(item)
            waiting += item.values()
        elif isinstance(item, list):
            waiting += item
    return found
