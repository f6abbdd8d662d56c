"""Shared by the tests of this package: a schema with every feature, clean answers to any selection, and faults."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from conformance.base.data import data_folder
from conformance.base.paths import JsonPath
from conformance.contract.leaves import Leaf, accepts
from conformance.contract.load import contract_from_sdl
from conformance.contract.model import Contract
from conformance.findings.model import Finding
from conformance.operations.compile import CompiledOperation, compile_operation
from conformance.operations.response import judge_precisely, judge_response
from conformance.operations.selection import TYPENAME, FieldPlan, ObjectPlan, Variant

SDL = """
type Query {
  order(id: ID!, first: Int @limit(min: 0, max: 20)): Order
  orders(filter: OrderFilter, after: String @deprecated(reason: "Use cursor")): [Order!]!
  node(id: ID!): Node
  item: Item
  owner: Owned
  lonely: Lonely
  secret: Hidden
  matrix: [[Int!]!]!
  loose: [[Float]]
  guess: Guess @inferred(why: "a guess")
  old: String @deprecated(reason: "Use order")
  any: Unknown
  required: String!
}

type Mutation {
  createOrder(input: CreateOrderInput!): CreateOrderResponse @page(slug: "order-mutations-createorder")
  choose(by: Choice!): Boolean
  rate(
    value: Float!, exact: Decimal, big: Long, at: String @format(as: "date-time"), tags: [String!] @limit(maxItems: 2)
  ): Boolean
}

type CreateOrderResponse { order: Order }

"Read in full."
type Order implements Node & Owned @page(slug: "order-objects-order") {
  id: ID!
  state: OrderState!
  kind: String @values(of: "OrderKind")
  channel: String @values(of: "Channel")
  speed: String @values(of: "Speed")
  guessed: OrderState @inferred(why: "a guess")
  color: Color
  total: Money!
  lines: [Line!]!
  notes: [String] @limit(maxItems: 3)
  createdAt: String! @format(as: "date-time")
  day: String @format(as: "date")
  token: ID @format(as: "uuid")
  country: String @format(as: "country-code")
  email: String @format(as: "email") @limit(maxLength: 30)
  code: String @limit(minLength: 2, maxLength: 4, pattern: "^[A-Z]+$")
  priority: Int! @limit(min: 1, max: 9)
  size: Long
  weight: Float
  gift: Boolean
  owner: String
  legacy: String @deprecated(reason: "Use kind")
  items: [Item!]
  parent: Order
}

type Line implements Node { id: ID! quantity: Int! price: Decimal product: Product }
type Money @page(slug: "money") { amount: Decimal! currencyCode: String @format(as: "currency-code") }
type Product implements Node @page(slug: "product") { id: ID! title: String! variants: [[Variant!]!] }
type Variant { sku: String! stock: Int }

interface Node { id: ID! }
interface Owned { owner: String }
"Nothing is known that implements it."
interface Lonely { name: String! }

union Item = Book | Toy
type Book { title: String! pages: Int! }
type Toy { title: String minimumAge: Int }

"Its page was read in part."
type Hidden @partial(why: "the page is cut") { name: String! holder: Holder mystery: Mystery }
type Mystery @partial(why: "nothing is known") { _: Unknown }
union Holder @partial(why: "one member is not known") = Person | Company
type Person @nameInferred { name: String! }
type Company { name: String! number: Int }

type Guess @inferred(why: "a guess") { name: String! state: OrderState count: Int! }

enum OrderState { OPEN CLOSED @deprecated(reason: "Use DONE") DONE }
enum Color @partial(why: "the list is cut") { RED GREEN }
enum OrderKind @valueTable { NORMAL BUNDLE SET @deprecated(reason: "Use BUNDLE") }
enum Channel @valueTable(open: true) { WEB STORE }
enum Speed @valueTable @inferred(why: "a guess") { SLOW FAST }

input OrderFilter {
  states: [OrderState!]
  kind: String @values(of: "OrderKind")
  channel: String @values(of: "Channel")
  minimum: Decimal
  nested: OrderFilter
  legacy: String @deprecated(reason: "Use kind")
}

input CreateOrderInput @page(slug: "order-objects-createorderinput") {
  lineItems: [LineItemInput!]! @limit(minItems: 1, maxItems: 5)
  identifier: IdentifierInput
  email: String @format(as: "email")
  note: String @limit(maxLength: 10)
  state: OrderState = OPEN
  extra: Unknown
  partial: PartialInput
}
input LineItemInput { sku: String! quantity: Int! price: Decimal gift: Boolean aliases: [String!] }
input IdentifierInput @exclusive(fields: ["sku", "externalId"]) { sku: ID externalId: String place: String }
input PartialInput @partial(why: "the page is cut") { name: String! }
input Choice @oneOf { id: ID name: String }
"""


@lru_cache(maxsize=1)
def contract() -> Contract:
    """The contract of `SDL`."""
    directives = (data_folder("schema") / "directives.graphql").read_text()
    return contract_from_sdl((directives + SDL).encode(), "test.graphql")


def contract_of(sdl: str) -> Contract:
    """A contract of another schema, with this project's directives."""
    directives = (data_folder("schema") / "directives.graphql").read_text()
    return contract_from_sdl((directives + sdl).encode(), "other.graphql")


def compiled(document: str, name: str | None = None) -> CompiledOperation:
    """A document against the contract of `SDL`."""
    return compile_operation(document, name, contract())


def judge(document: str, answer: Any, **more: Any) -> tuple[Finding, ...]:
    """Judges an answer given as a value, as bytes or as text."""
    body = answer if isinstance(answer, bytes) else answer.encode() if isinstance(answer, str) else to_json(answer)
    return judge_response(compiled(document), body, **more)


def to_json(answer: Any) -> bytes:
    """The bytes of an answer."""
    return json.dumps(answer).encode()


def brief(findings: Any) -> list[tuple[str, str, JsonPath]]:
    """Rule, verdict and path of each finding."""
    return [(finding.rule, finding.verdict.name, finding.path) for finding in findings]


def is_accepted(operation: CompiledOperation, body: bytes, variables: Any = None) -> bool:
    """Does the fast path prove the answer clean?"""
    judge_ = operation.judge_for(variables)
    assert judge_ is not None
    decoder = judge_.decoder
    assert decoder is not None, "the selection has no decoder"
    try:
        decoder(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def assert_agreement(operation: CompiledOperation, body: bytes, variables: Any = None) -> tuple[Finding, ...]:
    """The fast path accepts an answer if and only if the precise path has nothing to report. Gives its findings."""
    precise = judge_precisely(operation, body, variables=variables)
    assert is_accepted(operation, body, variables) == (not precise), (body, brief(precise))
    assert judge_response(operation, body, variables=variables) == precise
    return precise


class Answers:
    """Makes clean answers to a plan."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def answer(self, plan: ObjectPlan) -> dict[str, Any]:
        """A whole answer."""
        return {"data": self.object(plan)}

    def object(self, plan: ObjectPlan) -> dict[str, Any]:
        """An object of one of the types that may stand there."""
        variant = self._random.choice(plan.variants)
        return {field.key: self.field(field, variant) for field in variant.fields}

    def field(self, field: FieldPlan, variant: Variant) -> Any:
        """A value for a key."""
        if field.name == TYPENAME:
            return "Whatever" if variant.any_name else variant.type_name
        return self._level(field, 0)

    def _level(self, field: FieldPlan, level: int) -> Any:
        if field.nullable[level] and self._random.random() < 0.15:
            return None
        if level == len(field.nullable) - 1:
            return self._item(field)
        limit = field.fact.limit if level == 0 else None
        low = (limit.min_items if limit else None) or 0
        high = limit.max_items if limit and limit.max_items is not None else low + 2
        return [self._level(field, level + 1) for _ in range(self._random.randint(low, high))]

    def _item(self, field: FieldPlan) -> Any:
        if field.child is not None:
            return self.object(field.child)
        if field.leaf is None:
            return self._random.choice([{"anything": [1, None]}, "text", 3, [[]]])
        return self.leaf(field.leaf)

    def leaf(self, leaf: Leaf) -> Any:
        """A value that the leaf accepts."""
        for _ in range(200):
            value = self._candidate(leaf)
            if accepts(leaf, value):
                return value
        raise AssertionError(f"no value found for {leaf}")

    def _candidate(self, leaf: Leaf) -> Any:
        low = leaf.limit.min if leaf.limit and leaf.limit.min is not None else -5
        high = leaf.limit.max if leaf.limit and leaf.limit.max is not None else low + 50
        choices: dict[str, list[Any]] = {
            "int": [self._random.randint(int(low), int(high)), -(2**31), 2**31 - 1],
            "long": [self._random.randint(-(2**63), 2**63 - 1), 0],
            "boolean": [True, False],
            "any": [1, "x", [None], {"a": {}}],
            "float": [0, 1, 2.99, -0.5, 1e300, 12345678901234567890, self._random.uniform(low, high)],
        }
        choices["decimal"] = choices["float"]
        texts = sorted(leaf.members) if leaf.members is not None else _TEXTS.get(leaf.format, _PLAIN_TEXTS)
        return self._random.choice(choices.get(leaf.kind, texts))


_PLAIN_TEXTS = ["", "a", "AB", "ABCD", "tailoring", "ünïcödé ☃", "a\u0000b", "1", "null", "x" * 300]
_TEXTS = {
    "date-time": ["2024-11-01T10:00:00Z", "2024-11-01T10:00:00.123456+01:00"],
    "date": ["2024-11-01"],
    "uuid": ["6f1d9b9e-0000-4000-8000-00000000abcd"],
    "email": ["ada@example.org"],
    "uri": ["https://shop.example/1"],
    "country-code": ["US"],
    "currency-code": ["USD"],
}


@dataclass(frozen=True)
class Fault:
    """One fault put into a clean answer: what was done, the whole answer, where a finding belongs and of which rule."""

    kind: str
    answer: dict[str, Any]
    path: JsonPath
    rule: str


def faults(plan: ObjectPlan, answer: dict[str, Any]) -> Iterator[Fault]:
    """Every fault of every kind at every place of a clean answer, one at a time."""
    yield from _object_faults(plan, answer, ("data",))


def _changed(answer: dict[str, Any], path: JsonPath, value: Any) -> dict[str, Any]:
    made = copy.deepcopy(answer)
    place: Any = made
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = value
    return made


def _at(answer: Any, path: JsonPath) -> Any:
    for part in path:
        answer = answer[part]
    return answer


def variant_of(plan: ObjectPlan, value: dict[str, Any]) -> Variant | None:
    """The variant that an object was made of, None when its keys do not tell."""
    if len(plan.variants) == 1:
        return plan.variants[0]
    if plan.typename_key:
        return next(one for one in plan.variants if one.type_name == value[plan.typename_key])
    return None


def _object_faults(plan: ObjectPlan, answer: dict[str, Any], path: JsonPath) -> Iterator[Fault]:
    value = _at(answer, path)
    variant = variant_of(plan, value)
    if variant is None:
        return
    yield Fault("extra", _changed(answer, (*path, "surplus_"), 1), (*path, "surplus_"), "RSP-002")
    for field in variant.fields:
        at = (*path, field.key)
        made = copy.deepcopy(answer)
        del _at(made, path)[field.key]
        if field.key != plan.typename_key or len(plan.variants) == 1:
            yield Fault("missing", made, at, "RSP-001")
            made = copy.deepcopy(answer)
            _at(made, path)["renamed_"] = _at(made, path).pop(field.key)
            yield Fault("renamed", made, at, "RSP-001")
        if field.name == TYPENAME:
            if not variant.any_name:
                yield Fault("typename", _changed(answer, at, "Nonsense"), at, "RSP-010")
            continue
        yield from _level_faults(field, answer, at, 0)


def _level_faults(field: FieldPlan, answer: dict[str, Any], path: JsonPath, level: int) -> Iterator[Fault]:
    value = _at(answer, path)
    if not field.nullable[level]:
        yield Fault("null", _changed(answer, path, None), path, "RSP-004")
    if level < len(field.nullable) - 1:
        yield Fault("no list", _changed(answer, path, {}), path, "RSP-006")
        yield Fault("no list", _changed(answer, path, "text"), path, "RSP-006")
        if value:
            yield (
                Fault("flat list", _changed(answer, path, value[0]), path, "RSP-006")
                if not isinstance(value[0], list | None)
                else Fault("no list", _changed(answer, path, 0), path, "RSP-006")
            )
        for index in range(len(value or ())):
            yield from _level_faults(field, answer, (*path, index), level + 1)
        return
    if field.child is not None:
        yield Fault("text for object", _changed(answer, path, "text"), path, "RSP-005")
        yield Fault("list for object", _changed(answer, path, [value]), path, "RSP-007")
        if value is not None:
            yield from _object_faults(field.child, answer, path)
    elif field.leaf is not None and field.leaf.kind != "any":
        yield from _leaf_faults(field.leaf, answer, path, value)


def _leaf_faults(leaf: Leaf, answer: dict[str, Any], path: JsonPath, value: Any) -> Iterator[Fault]:
    yield Fault("list for leaf", _changed(answer, path, [value]), path, "RSP-007")
    kind = "RSP-012" if leaf.kind == "id" else "RSP-003"
    yield Fault("object for leaf", _changed(answer, path, {}), path, kind)
    yield Fault("kind", _changed(answer, path, 0 if leaf.kind == "boolean" else True), path, kind)
    wrong: Any = 7 if leaf.is_string else "text"
    yield Fault("kind", _changed(answer, path, wrong), path, "RSP-013" if leaf.kind == "decimal" else kind)
    if leaf.kind == "int":
        yield Fault("range", _changed(answer, path, 2**31), path, "RSP-011")
        yield Fault("fraction", _changed(answer, path, 1.5), path, "RSP-003")
    if leaf.kind == "long":
        yield Fault("range", _changed(answer, path, 2**63), path, "RSP-011")
    if leaf.members is not None:
        rule = "RSP-008" if not leaf.table else "RSP-017" if leaf.is_open else "RSP-009"
        yield Fault("member", _changed(answer, path, "NEVER_HEARD_OF"), path, rule)
        yield Fault("member", _changed(answer, path, min(leaf.members).lower()), path, rule)
    elif leaf.format:
        yield Fault("format", _changed(answer, path, "tomorrow"), path, "RSP-014")
    elif leaf.limit is not None and leaf.limit.max is not None:
        yield Fault("bounds", _changed(answer, path, int(leaf.limit.max) + 1), path, "RSP-015")
    elif leaf.limit is not None and leaf.limit.max_length is not None:
        yield Fault("bounds", _changed(answer, path, "A" * (leaf.limit.max_length + 1)), path, "RSP-015")
