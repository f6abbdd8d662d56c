"""Requests that mean harm, each just within a bound or far beyond it: name, body, status, and a part of the answer."""

from __future__ import annotations

import json
from typing import Any, Final

from graphql import get_introspection_query

CREATE: Final = "mutation create($input: CreateOrderInput!) { createOrder(input: $input) { order { id } } }"
ORDER: Final = 'order(orderIdentifier: {orderId: "o-1"})'
MEBIBYTE: Final = 1024 * 1024


def body(query: str, variables: Any = None) -> bytes:
    """A request's JSON."""
    return json.dumps({"query": query} if variables is None else {"query": query, "variables": variables}).encode()


def _fields(name: str, count: int, rest: str = "") -> str:
    return " ".join(f"a{number}: {name}{rest}" for number in range(count))


def _fragments(count: int, text: str) -> str:
    return " ".join(text.format(number=number, next=number + 1) for number in range(count))


TYPENAME: Final = body("{ __typename }")
_RAW: Final[tuple[tuple[str, bytes, int, bytes], ...]] = (
    ("empty", b"", 400, b"not JSON"),
    ("broken", b'{"query": "{ __typename }"', 400, b"not JSON"),
    ("not UTF-8", b'{"query": "\xff\xfe"}', 400, b"not UTF-8"),
    ("UTF-16", TYPENAME.decode().encode("utf-16"), 400, b"not UTF-8"),
    ("NaN", b'{"query": "{ __typename }", "variables": {"a": NaN}}', 400, b"NaN"),
    ("Infinity", b'{"query": "{ __typename }", "variables": {"a": -Infinity}}', 400, b"-Infinity"),
    ("a number beyond doubles", b'{"query": "{ __typename }", "variables": {"a": 1e999}}', 400, b"too large"),
    ("a number of a million digits", b'{"query": "", "variables": {"a": ' + b"9" * 900_000 + b"}}", 400, b"limit"),
    ("half a surrogate pair", b'{"query": "{ __typename }", "variables": {"a": "\\udfff"}}', 400, b"surrogate"),
    ("half a surrogate pair in a key", b'{"query": "{ __typename }", "variables": {"\\ud800": 1}}', 400, b"surrogate"),
    ("half a surrogate pair in a document", b'{"query": "{ a(b: \\"\\ud800\\") }"}', 400, b"surrogate"),
    ("a key twice", b'{"query": "{ __typename }", "query": "{ __typename }"}', 400, b"stands twice"),
    ("a batch", b"[" + TYPENAME + b"]", 400, b"must be a JSON object"),
    ("a string", b'"{ __typename }"', 400, b"must be a JSON object"),
    ("no query", b'{"qeury": "{ __typename }"}', 400, b"query must be a string"),
    ("deep JSON", b"[" * 500_000 + b"]" * 500_000, 400, b"parts"),
    ("deep JSON within the parts", b"[" * 25_000 + b"]" * 25_000, 400, b"levels deep"),
    ("wide JSON", b'{"query": "{ __typename }", "variables": {"a": [' + b"1," * 300_000 + b"1]}}", 400, b"parts"),
    ("a string without end", b"[" * 250 + b'"' + b'\\"' * 400_000, 400, b"levels deep"),
    ("NUL in a document", b'{"query": "{ __typename \\u0000 }"}', 200, b"Syntax Error"),
)
_DOUBLING: Final = (
    f"{{ ...f0 }} {_fragments(30, 'fragment f{number} on Query {{ ...f{next} ...f{next} }}')} "
    "fragment f30 on Query { __typename }"
)
_EVERY_OTHER: Final = "{ ...f0 } " + " ".join(
    f"fragment f{number} on Query {{ x {' '.join(f'...f{other}' for other in range(40))} }}" for number in range(40)
)
_IN_A_ROW: Final = (
    f"{{ ...f0 }} {_fragments(90, 'fragment f{number} on Query {{ a{number}: __typename ...f{next} }}')} "
    "fragment f90 on Query { __typename }"
)
_DOCUMENTS: Final[tuple[tuple[str, str, bytes], ...]] = (
    ("no document", "", b"Syntax Error"),
    ("a comment", "# nothing", b"Syntax Error"),
    ("an unknown field", "{ nothing }", b"Cannot query field"),
    ("a subscription", "subscription { orders { id } }", b"errors"),
    ("a schema", "type Query { a: Int }", b"not executable"),
    ("10,000 aliases", f"{{ {_fields('__typename', 10_000)} }}", b"tokens"),
    ("1,900 aliases", f"{{ {_fields('__typename', 1_900)} }}", b"at its root"),
    ("100 aliases of an order", f"{{ {_fields(ORDER, 100, ' { id lineItems { id } }')} }}", b'"a99"'),
    ("aliases within an order", f"{{ {ORDER} {{ {_fields('lineItems', 400, ' { id }')} }} }}", b'"a399"'),
    ("one field 1,900 times", f"{{ {'__typename ' * 1_900}}}", b"same fields too often"),
    ("one field 200 times", f"{{ {'__typename ' * 200}}}", b'"__typename"'),
    ("one tree 60 times", f"{{ {(ORDER + ' { lineItems { id amount { value } } } ') * 60}}}", b'"lineItems"'),
    ("a field with a long argument", f"{{ {(ORDER.replace('o-1', 'x' * 3_000) + ' { id } ') * 190}}}", b"too often"),
    ("too many fields", f"{{ {ORDER} {{ {_fields('id', 1_900, ' ...a')} }} }}", b"tokens"),
    ("a deep document", "{ a" * 4_000, b"nested too deeply"),
    ("41 levels", f"{{ __schema {{ {'types { fields { type { ' * 13}name{' } } }' * 13} }} }}", b"levels deep"),
    ("a deep list", "{ order(orderIdentifier: " + "[" * 300 + "]" * 300 + ") { id } }", b"nested too deeply"),
    ("a list of 59 levels", "{ order(orderIdentifier: " + "[" * 55 + "]" * 55 + ") { id } }", b"to be an object"),
    ("a deep type", f"query a($a: {'[' * 300}Int{']' * 300}) {{ __typename }}", b"errors"),
    ("1,900 members", f"{{ order(orderIdentifier: {{ {_fields('', 1_900, '1')} }}) {{ id }} }}", b"unknown field"),
    ("1,900 unknown directives", f"{{ __typename {' '.join(f'@d{n}' for n in range(1_900))} }}", b"Unknown directive"),
    ("800 times include", f"{{ __typename {'@include(if: true) ' * 800}}}", b"only be used once"),
    ("1,400 variables", f"query a({' '.join(f'$v{n}: Int' for n in range(1_400))}) {{ __typename }}", b"never used"),
    ("a fragment within itself", "{ ...a } fragment a on Query { ...a }", b"within itself"),
    ("fragments in a circle", "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", b"within itself"),
    ("fragments that double", _DOUBLING, b"too often"),
    ("fragments in every other one", _EVERY_OTHER, b"errors"),
    ("fragments in a row", _IN_A_ROW, b'"a89"'),
    ("fragments that nobody uses", f"{{ a }} {_fragments(300, 'fragment f{number} on Query {{ a }}')}", b"definitions"),
    (
        "190 operations",
        _fragments(190, "query q{number} {{ ...f }}") + " fragment f on Query { a: __typename }",
        b"name",
    ),
    ("introspection", get_introspection_query(), b'"__schema"'),
    ("introspection ten times", f"{{ {_fields('__schema', 10, ' { types { fields { type { name } } } }')} }}", b"data"),
    ("the types 900 times", f"{{ __schema {{ {_fields('types', 900, ' { name }')} }} }}", b"more than 20000 fields"),
    (
        "ofType 100 times",
        "{ __schema { types { fields { type { " + "ofType { " * 100 + "name" + " }" * 105,
        b"levels deep",
    ),
    ("ofType 30 times", "{ __schema { types { fields { type { " + "ofType { " * 30 + "name" + " }" * 35, b'"ofType"'),
    (
        "fields of fields",
        "{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }",
        b"introspection depth",
    ),
    ("a name of a megabyte", "{ " + "a" * 900_000 + " }", b"Cannot query field"),
    ("a text of a megabyte", f"{{ {ORDER.replace('o-1', 'a' * 900_000)} {{ id }} }}", b"no order"),
    ("a block of a megabyte", '{ order(orderIdentifier: {orderId: """' + "\n a" * 200_000 + '"""}) { id } }', b"order"),
    ("an integer of a megabyte", "{ order(orderIdentifier: {orderId: " + "9" * 900_000 + "}) { id } }", b"no order"),
    ("a comment of a megabyte", "#" * 900_000 + "\n{ __typename }", b'"__typename"'),
    ("half a surrogate pair as an escape", '{ order(orderIdentifier: {orderId: "\\ud800"}) { id } }', b"Syntax Error"),
)
_INPUTS: Final[tuple[tuple[str, Any, bytes], ...]] = (
    ("16,000 empty lines", {"lineItems": [{}] * 16_000}, b"invalid value"),
    ("40,000 numbers as lines", {"lineItems": [1] * 40_000}, b"invalid value"),
    ("40,000 nulls as lines", {"lineItems": [None] * 40_000}, b"errors"),
    ("8,000 aliases", {"lineItems": [], "aliases": [{"aliasId": "a", "aliasType": "E"}] * 8_000}, b"at most 5"),
    ("40,000 unknown keys", {f"k{number}": 1 for number in range(40_000)}, b"unknown field"),
    ("a list for an object", json.loads("[" * 150 + "]" * 150), b"invalid value"),
    ("a megabyte for a state", {"lineItems": [], "desiredExecutionState": "x" * 1_000_000}, b"errors"),
    (
        "an address that a pattern stumbles over",
        {"lineItems": [], "customer": {"contact": {"emailData": {"name": "a", "email": "a@" + "a." * 400_000 + "!"}}}},
        b"errors",
    ),
)
CASES: Final[tuple[tuple[str, bytes, int, bytes], ...]] = (
    *_RAW,
    *((name, body(query), 200, part) for name, query, part in _DOCUMENTS),
    *((name, body(CREATE, {"input": value}), 200, part) for name, value, part in _INPUTS),
)
