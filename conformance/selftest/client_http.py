"""Defects of a client around its document: method, headers, and the parameters of the request."""

from __future__ import annotations

import json
from typing import Any, Final
from urllib.parse import urlencode

from conformance.selftest.client_trees import operation_of, tree_of
from conformance.selftest.clients import ClientFaultList, Sending

FAULTS: Final = ClientFaultList()


def set_header(sending: Sending, name: str, value: str | None) -> None:
    """Gives a header field its one value; None takes it away."""
    kept = tuple(each for each in sending.headers if each[0].lower() != name.lower())
    sending.headers = kept if value is None else (*kept, (name, value))


def _by_get(sending: Sending) -> bool:
    parameters = {name: value if name == "query" else json.dumps(value) for name, value in sending.body.items()}
    sending.method = "GET"
    sending.url = f"{sending.url}?{urlencode(parameters)}"
    sending.raw = b""
    return True


def _is_mutation(sending: Sending) -> bool:
    return operation_of(tree_of(sending)).operation.value == "mutation"


@FAULTS("query-by-get", "ENV-001", "A query is sent with GET")
def query_by_get(sending: Sending) -> bool:
    return not _is_mutation(sending) and _by_get(sending)


@FAULTS("sent-with-put", "ENV-001", "A request is sent with a method that is not POST")
def sent_with_put(sending: Sending) -> bool:
    sending.method = sending.random.choice(("PUT", "PATCH", "DELETE"))
    return True


@FAULTS("mutation-by-get", "ENV-002", "A mutation is sent with GET")
def mutation_by_get(sending: Sending) -> bool:
    return _is_mutation(sending) and _by_get(sending)


@FAULTS("request-media-type-not-json", "ENV-003", "The request says that it is no JSON, or does not say what it is")
def request_media_type_not_json(sending: Sending) -> bool:
    kinds = ("text/plain", "application/x-www-form-urlencoded", "application/graphql+json", "text/json", None)
    set_header(sending, "Content-Type", sending.random.choice(kinds))
    return bool(sending.headers)


@FAULTS("request-body-cut-off", "ENV-004", "The request's body ends in the middle")
def request_body_cut_off(sending: Sending) -> bool:
    whole = json.dumps(sending.body).encode()
    sending.raw = whole[: sending.random.randrange(len(whole))]
    return True


@FAULTS("request-body-no-json-object", "ENV-004", "The request's body is a form, a batch or a bare document")
def request_body_no_json_object(sending: Sending) -> bool:
    forms = (
        urlencode({"query": sending.query}),
        json.dumps([sending.body]),
        sending.query,
        json.dumps(sending.query),
        "null",
    )
    sending.raw = sending.random.choice(forms).encode()
    return True


@FAULTS("request-body-not-utf8", "ENV-004", "The request's body is in another encoding than UTF-8")
def request_body_not_utf8(sending: Sending) -> bool:
    encoding = sending.random.choice(("utf-16", "utf-16-be", "utf-8-sig", "utf-32"))
    sending.raw = json.dumps(sending.body).encode(encoding)
    return True


@FAULTS("document-by-another-name", "ENV-005", "The document is not sent as query")
def document_by_another_name(sending: Sending) -> bool:
    sending.body[sending.random.choice(("document", "mutation", "Query"))] = sending.body.pop("query")
    return True


@FAULTS("document-no-text", "ENV-005", "The parameter query is no text")
def document_no_text(sending: Sending) -> bool:
    sending.body["query"] = sending.random.choice((None, {"text": sending.query}, [sending.query], 1))
    return True


@FAULTS("variables-in-quotes", "ENV-006", "The variables are sent as a text that holds JSON")
def variables_in_quotes(sending: Sending) -> bool:
    sending.body["variables"] = json.dumps(sending.variables)
    return True


@FAULTS("parameter-of-wrong-kind", "ENV-006", "operationName, variables or extensions are of another JSON kind")
def parameter_of_wrong_kind(sending: Sending) -> bool:
    wrong: tuple[tuple[str, Any], ...] = (
        ("operationName", 1),
        ("operationName", [sending.operation]),
        ("variables", [sending.variables]),
        ("variables", True),
        ("extensions", []),
        ("extensions", "none"),
    )
    name, value = sending.random.choice(wrong)
    sending.body[name] = value
    return True


@FAULTS("extra-parameter", "ENV-007", "The request has a parameter that GraphQL over HTTP does not know")
def extra_parameter(sending: Sending) -> bool:
    name = sending.random.choice(("id", "hash", "version", "operation", "doc_id", "query "))
    sending.body[name] = sending.random.choice(("1", None, {}))
    return True


@FAULTS("json-not-accepted", "ENV-008", "The request accepts no JSON")
def json_not_accepted(sending: Sending) -> bool:
    kinds = ("text/html", "application/xml", "text/*", "application/json-seq", "image/png, text/plain;q=0.5")
    set_header(sending, "Accept", sending.random.choice(kinds))
    return True
