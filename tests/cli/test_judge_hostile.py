"""Whatever bytes the files of `judge` hold: status 0, 1 or 2, never a traceback, never a fault of the suite."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.cli.entry import run

DOCUMENT = "query order($id: ID!) { order(orderIdentifier: {orderId: $id}) { id lineItems { amount { unit value } } } }"

_SETTINGS = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], database=None
)
_PIECES = [
    DOCUMENT.encode(),
    b'{"data": {"order": {"id": "1", "lineItems": [{"amount": {"unit": "ONE", "value": 2}}]}}}',
    json.dumps({"query": DOCUMENT, "variables": {"id": 1}}).encode(),
    b'{"eventDescriptor": "ORDER_CONFIRMED", "resources": ["businessProduct/x/order/y"], "data": {}}',
    b'{"detail-type": "ORDER_CONFIRMED", "detail": {}}',
    b"query { order",
    b"fragment F on Order { ...F } { ...F }",
    b'{"errors": [{"message": 5, "path": [0.5]}]}',
    b'"\\ud800"',
    *(b"{", b"}", b"[", b"]", b'"', b",", b":", b"\n", b"\xff", b"\xef\xbb\xbf", b"1e999", b"null", b"$x: [Int!]! = "),
]
_KEYS = ["data", "order", "id", "lineItems", "amount", "unit", "value", "errors", "path", "message", "extensions"]
_BYTES = st.binary(max_size=80) | st.lists(st.sampled_from(_PIECES) | st.binary(max_size=2), max_size=6).map(b"".join)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(_KEYS) | st.text(max_size=2), inner),
    max_leaves=10,
)


def _judge(*arguments: object) -> None:
    out = io.TextIOWrapper(io.BytesIO())
    err = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = run(["judge", "--format", "json", *(str(argument) for argument in arguments)])
    out.seek(0)
    assert "Traceback" not in err.getvalue()
    assert status in (0, 1, 2), err.getvalue()
    text = out.read()
    assert status == 2 or json.loads(text)["exchanges"]


@pytest.mark.parametrize("option", ["--operation", "--response", "--variables", "--event", "file"])
@given(content=_BYTES)
@_SETTINGS
def test_any_bytes(option: str, tmp_path: Path, content: bytes) -> None:
    path, document, answer = tmp_path / "x.yaml", tmp_path / "o.graphql", tmp_path / "r.json"
    path.write_bytes(content)
    document.write_text(DOCUMENT)
    answer.write_bytes(_PIECES[1])
    if option in ("--event", "file"):
        _judge(*([option] if option == "--event" else []), path)
    else:
        files: dict[str, Path] = {"--operation": document, "--response": answer, option: path}
        _judge(*(part for pair in files.items() for part in pair))


@given(answer=_JSON)
@_SETTINGS
def test_any_json_answer(tmp_path: Path, answer: Any) -> None:
    document, response = tmp_path / "o.graphql", tmp_path / "r.json"
    document.write_text(DOCUMENT)
    response.write_text(json.dumps(answer))
    _judge("--operation", document, "--response", response)
