"""Documents that differ in literal values alone: compiled once, judged each."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conformance.operations.compile import CompiledOperation
from conformance.operations.templates import take_apart
from tests.operations.harness import compiled, contract

DOCUMENTS = (
    """mutation { createOrder(input: {lineItems: [{sku: "a", quantity: 1, price: 2.5, aliases: "x"}], note: "n",
      email: "a@b.co", identifier: {sku: 7}, extra: [{deep: "x", n: 1}]}) { order { id } } }""",
    'mutation { rate(value: 1, exact: 2, big: 3, at: "2024-11-01T10:00:00Z", tags: ["a", "b"]) }',
    """query q($f: Int = 3, $k: String = "BUNDLE") { order(id: 1, first: $f) { id }
      orders(filter: {kind: $k, channel: "WEB"}) { id } }""",
    '{ orders(filter: {kind: "NORMAL", minimum: 1.5, nested: {kind: "BUNDLE"}}) { id } } # "comment" 1',
)
VALUES = [
    "0", "1", "-1", "21", "2147483648", "9223372036854775808", "01", "1.5", "1e3", "1e999", "1.", "1a", "9" * 50,
    '""', '"a"', '"BUNDLE"', '"SET"', '"FAX"', '"PAIR"', '"a@b.co"', '"2024-11-01T10:00:00Z"', '"too long for a note"',
    '"\\u0041"', '"\\q"', '"a\\"b"', '"tab\there"', '"\u0000"', '"""block"""', '"""a "quoted" one"""',
    '"open', "null", "OPEN", "true", "$f",
]  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(st.integers(0, len(DOCUMENTS) - 1), st.integers(0, 10**9))
def test_a_document_of_a_known_kind_is_judged_as_a_new_one(which: int, seed: int) -> None:
    chance = random.Random(seed)
    document = DOCUMENTS[which]
    compiled(document)
    literals = take_apart(document)
    for offset, token in reversed(list(zip(literals.offsets, literals.tokens, strict=True))):
        if chance.random() < 0.3:
            document = document[:offset] + chance.choice(VALUES) + document[offset + len(token) :]
    made = compiled(document)
    fresh = CompiledOperation(document, None, contract())
    assert made.request_findings == fresh.request_findings
    assert (made.document, made.root_fields, made.coordinates) == (document, fresh.root_fields, fresh.coordinates)


def test_documents_of_one_kind_share_their_decoder() -> None:
    first, second = compiled('{ order(id: "first") { id } }'), compiled('{ order(id: "second") { id } }')
    assert first.document != second.document
    assert first.judge_for(None) is second.judge_for(None)


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ('{ a1(b: 1, c: -2.5e3, d: "x y") }', "{ a1(b: §I, c: §F, d: §S) }"),
        ('{ a(b: """1 "2" 3""", c: "") # 4 "5"\n d }', '{ a(b: """1 "2" 3""", c: §S) # 4 "5"\n d }'),
        ("{ a(b: 01, c: 1a, d: [1,2]) }", "{ a(b: 01, c: 1a, d: [§I,§I]) }"),
    ],
)
def test_what_is_taken_out(document: str, text: str) -> None:
    assert take_apart(document).text == text
