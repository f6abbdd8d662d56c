"""Bodies that are no JSON, no UTF-8, cut off, too deep: findings with a place, never a traceback."""

from __future__ import annotations

import codecs
import json
import random

import pytest

from conformance.findings.model import Blame
from tests.operations.harness import brief, compiled, judge

DOCUMENT = "{ order(id: 1) { id state } }"
CLEAN = '{"data": {"order": {"id": "é1", "state": "OPEN"}}}'


@pytest.mark.parametrize(
    ("body", "rule", "message"),
    [
        (b"", "ENV-020", "the body is empty"),
        (b" \r\n\t", "ENV-020", "the body is empty"),
        (b"null", "ENV-022", "the answer is null"),
        (b"[]", "ENV-022", "the answer is empty list"),
        (b'"text"', "ENV-022", "the answer is string"),
        (b'{"data": {"order": ', "ENV-020", "the body is cut off: it ends at line 1, column 20 inside a value"),
        (
            b'{"data": {\n  "order": {"id": "1',
            "ENV-020",
            "the body is cut off: it ends at line 2, column 19 inside a value",
        ),
        (b'{"data": {}} tail', "ENV-020", "the body is not JSON: Extra data at line 1, column 14"),
        (
            b"{'data': null}",
            "ENV-020",
            "the body is not JSON: Expecting property name enclosed in double quotes at line 1, column 2",
        ),
        (b'{"data": {},}', "ENV-020", "the body is not JSON"),
        (
            b"<html><head><title>502 Bad\n Gateway</title></head></html>",
            "ENV-020",
            'the body is an HTML or XML page titled "502 Bad Gateway"',
        ),
        (b"<?xml version='1.0'?><a/>", "ENV-020", "the body is an HTML or XML page"),
        (b"upstream connect error", "ENV-020", "the body is not JSON: Expecting value at line 1, column 1"),
        (b'{"data": {"order": {"id": "\xff", "state": "OPEN"}}}', "ENV-021", "byte 0xff at line 1, column 28"),
        (b'{"data": {"order": {"id": "\\ud800", "state": "OPEN"}}}', "ENV-021", "half of a surrogate pair"),
        (codecs.BOM_UTF8 + CLEAN.encode(), "ENV-021", "UTF-8 with a byte order mark"),
        (CLEAN.encode("utf-16"), "ENV-021", "UTF-16"),
        (CLEAN.encode("utf-16-be"), "ENV-021", "UTF-16-BE"),
        (CLEAN.encode("utf-32-le"), "ENV-021", "UTF-32-LE"),
        (CLEAN.encode("latin-1"), "ENV-021", "byte 0xe9"),
        (b"[" * 100_000, "ENV-027", "levels deep"),
        (b'{"data":' * 5000 + b"1" + b"}" * 5000, "ENV-027", "levels deep"),
        (
            b'{"data": {"order": {"id": "1", "state": "OPEN"}}, "extensions": {"a": NaN}}',
            "ENV-020",
            "NaN is no JSON value",
        ),
        (
            b'{"data": {"order": {"id": "1", "state": "OPEN"}}, "extensions": {"a": 1e999}}',
            "ENV-028",
            "a number is beyond",
        ),
        (b'{"data": null, "extensions": {"a": ' + b"9" * 5000 + b"}}", "ENV-028", "more digits than can be read"),
    ],
)
def test_each_kind_of_body(body: bytes, rule: str, message: str) -> None:
    findings = judge(DOCUMENT, body)
    assert [finding.rule for finding in findings] == [rule]
    assert message in findings[0].message
    repr(findings).encode()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_a_body_in_another_encoding_is_judged_all_the_same(encoding: str) -> None:
    body = json.dumps({"data": {"order": {"id": 7, "state": "OPEN"}}}).encode(encoding)
    assert [finding.rule for finding in judge(DOCUMENT, body)] == ["ENV-021", "RSP-012"]


@pytest.mark.parametrize(
    ("status", "blame"),
    [
        (200, Blame.TARGET),
        (500, Blame.TARGET),
        (502, Blame.ENVIRONMENT),
        (503, Blame.ENVIRONMENT),
        (429, Blame.ENVIRONMENT),
        (401, Blame.CONFIGURATION),
        (403, Blame.CONFIGURATION),
    ],
)
def test_the_status_says_whose_fault_a_page_is(status: int, blame: Blame) -> None:
    [finding] = judge(DOCUMENT, b"<html>no</html>", status=status)
    assert finding.blame is blame
    assert status == 200 or str(status) in finding.message


def test_duplicate_keys_last_one_counts() -> None:
    body = b'{"data": {"order": {"id": 1, "state": "OPEN", "id": "1"}}}'
    assert judge(DOCUMENT, body) == ()
    assert brief(judge(DOCUMENT, body.replace(b'"1"', b"2"))) == [("RSP-012", "FAIL", ("data", "order", "id"))]


def test_keys_of_strangers_are_shown_short_and_printable() -> None:
    body = json.dumps(
        {"data": {"order": {"id": "1", "state": "OPEN", "k\u0000\ud800" + "x" * 5000: "s" * 5000}}}
    ).encode()
    for finding in judge(DOCUMENT, body):
        assert len(repr(finding)) < 3000
        repr(finding).encode()


def test_nul_and_unicode_are_text() -> None:
    assert judge(DOCUMENT, {"data": {"order": {"id": "a\u0000☃𝄞", "state": "OPEN"}}}) == ()


def test_arbitrary_bytes_give_findings_and_nothing_else() -> None:
    chance = random.Random(5)
    operation = compiled(DOCUMENT)
    clean = CLEAN.encode()
    for _ in range(3000):
        body = bytearray(clean)
        for _ in range(chance.randrange(1, 4)):
            body[chance.randrange(len(body))] = chance.randrange(256)
        made = judge(DOCUMENT, bytes(body[: chance.randrange(len(body) + 1)]))
        repr(made).encode()
    assert operation.request_findings == ()
