"""Makes exchanges of every operation: documents with variables, values for them, answers that mostly keep the rules."""

from __future__ import annotations

import json
import random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_composite_type,
)

from conformance.contract.model import PLACEHOLDER, Contract
from conformance.operations.selection import TYPENAME, FieldPlan
from conformance.traffic.model import Exchange, HttpRequest, HttpResponse
from tests.operations.harness import Answers

JSON_TYPE = (("Content-Type", "application/json"),)
MOMENTS = ("2024-11-01T10:00:00Z", "2024-11-01T10:00:00.250+01:00", "2024-11-02T10:00:00Z", "2024-11-03T10:00:00Z")
USUAL: dict[str, tuple[Any, ...]] = {
    "currencyCode": ("USD", "USD", "USD", "USD", "USD", "USD", "USD", "USD", "EUR", "QQQ"),
    "countryCode": ("US", "US", "US", "US", "US", "US", "US", "US", "CA", "QQ"),
    "reason": (None, None, "CUSTOMER_REQUESTED"),
    "status": ("COMPLETED", "FAILED", "IN_PROGRESS"),
    "requestedBy": ("MERCHANT", "SHOPPER"),
    "expiresAt": (None, MOMENTS[0]),
    "unit": ("ONE",),
}


class Values(Answers):
    """Answers and inputs whose values are as they usually are: ids differ, money is positive, now and then not."""

    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self.chance = random.Random(seed)
        self._count = 0

    def _item(self, field: FieldPlan) -> Any:
        if field.child is None and field.leaf is not None:
            value = self.usual(field.name, field.leaf.kind, sorted(field.leaf.members or ()))
            if value is not ...:
                return value
        return super()._item(field)

    def usual(self, name: str, kind: str, members: list[str]) -> Any:
        """A value for a name; `...` when the name says nothing."""
        if members:
            return self.chance.choice(members)
        if name in USUAL and kind in ("string", "id"):
            return self.chance.choice(USUAL[name])
        if name.lower().endswith("id") and kind in ("string", "id"):
            self._count += self.chance.random() < 0.97
            return f"{name}-{self._count}"
        if name.endswith(("At", "Date", "Time")) or name in ("earliest", "latest"):
            return sorted(MOMENTS)[min(3, self.chance.randrange(5) // (2 if name[0] in "ce" else 1))]
        if kind in ("float", "decimal", "int", "long"):
            return self.chance.choice((0, 1, 2, 5, 12, 20, -1 if self.chance.random() < 0.1 else 3))
        return ...


def document_for(contract: Contract, operation: str, chance: random.Random) -> tuple[str, dict[str, Any]]:
    """A document that asks for an operation with variables, and the types of these."""
    kind = contract.operations[operation].kind
    root = contract.schema.query_type if kind == "query" else contract.schema.mutation_type
    assert root is not None
    field = root.fields[operation]
    types = {name: one.type for name, one in field.args.items()}
    declared = ", ".join(f"${name}: {type_}" for name, type_ in types.items())
    given = ", ".join(f"{name}: ${name}" for name in types)
    text = f"{kind}{f'({declared})' if declared else ''} {{ {operation}{f'({given})' if given else ''}"
    return f"{text}{selection(contract, field, chance, 6)} }}", types


def selection(contract: Contract, field: GraphQLField, chance: random.Random, depth: int) -> str:
    """What is selected below a field: most of it, under an alias now and then."""
    type_ = get_named_type(field.type)
    if not is_composite_type(type_):
        return ""
    if isinstance(type_, GraphQLUnionType):
        return f" {{ {TYPENAME} }}"
    parts = []
    for name, one in type_.fields.items():
        inner = get_named_type(one.type)
        if name == PLACEHOLDER or chance.random() < 0.25 or (is_composite_type(inner) and depth == 0):
            continue
        alias = f"{name}_: " if chance.random() < 0.02 else ""
        parts.append(f"{alias}{name}{selection(contract, one, chance, depth - 1)}")
        if chance.random() < 0.02:
            parts.append(f"again_{name}: {name}{selection(contract, one, chance, depth - 1)}")
    if not isinstance(type_, GraphQLObjectType):
        parts += [TYPENAME] if chance.random() < 0.5 else []
    return f" {{ {' '.join(parts) or TYPENAME} }}"


def input_value(type_: Any, values: Values, name: str, depth: int = 8) -> Any:
    """A value for an input type; mostly one that fits."""
    if isinstance(type_, GraphQLNonNull):
        return input_value(type_.of_type, values, name, depth)
    if isinstance(type_, GraphQLList):
        return [
            input_value(type_.of_type, values, name, depth) for _ in range(values.chance.choice((0, 1, 1, 2, 2, 3)))
        ]
    if isinstance(type_, GraphQLInputObjectType):
        made = {}
        for key, field in type_.fields.items():
            needed = isinstance(field.type, GraphQLNonNull)
            if key != PLACEHOLDER and (needed or (depth > 0 and values.chance.random() < 0.6)):
                made[key] = input_value(field.type, values, key, depth - 1)
        return made
    return _input_leaf(type_, values, name)


def _input_leaf(type_: Any, values: Values, name: str) -> Any:
    if isinstance(type_, GraphQLEnumType):
        return values.chance.choice(sorted(type_.values))
    kinds = {"Int": "int", "Long": "long", "Float": "float", "Decimal": "decimal", "Boolean": "boolean", "ID": "id"}
    kind = kinds.get(type_.name, "string")
    if kind == "boolean":
        return values.chance.random() < 0.5
    found = values.usual(name, kind, [])
    if found is not ... and found is not None:
        return found
    return values.chance.choice(("AMAZON", "MERCHANT", "STANDARD", "CAPTURED", "EXTERNAL_ID", "https://a.example"))


def exchange_of(document: str, variables: Any, answer: Any, **more: Any) -> Exchange:
    """An exchange over HTTP. `answer` is a value, or the bytes of a body."""
    body = json.dumps({"query": document, "variables": variables}).encode()
    content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    headers = more.pop("headers", ())
    request = HttpRequest("POST", more.pop("url", "https://x.example/graphql"), (*headers, *JSON_TYPE), body)
    return Exchange(request, HttpResponse(200, JSON_TYPE, content), **more)
