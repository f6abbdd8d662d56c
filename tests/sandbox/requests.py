"""Random requests of any operation of any contract: seeded, valid in form, with values of the store or hostile ones."""

from __future__ import annotations

import random
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
    is_required_argument,
    is_required_input_field,
)

from conformance.contract.facts import Fact
from conformance.contract.model import PLACEHOLDER, Contract, Operation
from conformance.sandbox.store import Store

HOSTILE: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1e308,
    -0.0,
    10**30,
    2**63,
    "",
    " ",
    "x" * 500,
    "\u0000\u001f",
    "\U0001f3ca\u202e'\"\\<script>",
    "2025-02-30T25:61:00Z",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "-P1D",
    [],
    {},
    [None],
    [[]],
    {"a": 1},
    {"__proto__": {}},
    "PENDING",
    0.5,
    ["x"] * 300,
)
_FORMATS = {
    "date-time": "2025-01-20T12:00:00Z",
    "date": "2025-01-20",
    "email": "ada@example.org",
    "country-code": "US",
    "currency-code": "USD",
    "uuid": "123e4567-e89b-42d3-a456-426614174000",
}
_RESOURCES = ("orders", "products", "shoppers", "subscriptions", "previews", "feeds")
_MAX_DEPTH = 6
_SCALARS = frozenset(("Boolean", "Int", "Long", "Float", "Decimal"))
_ALWAYS = frozenset(("currencyCode", "countryCode", "region", "email", "token", "accountId"))


@dataclass(frozen=True, slots=True)
class RandomRequest:
    """A document with its variables."""

    operation: str
    query: str
    variables: dict[str, Any]


def known_values(store: Store) -> dict[str, list[str]]:
    """Every text of a store's resources, by the name of its field, and all together under the empty name."""
    found: dict[str, dict[str, None]] = {"": {}}
    seen: set[int] = set()
    waiting: list[tuple[str, Any]] = [(name, getattr(store, name)) for name in _RESOURCES]
    while waiting:
        name, value = waiting.pop()
        if isinstance(value, dict | list) and id(value) not in seen:
            seen.add(id(value))
            waiting += value.items() if isinstance(value, dict) else ((name, item) for item in value)
        elif isinstance(value, str) and len(value) < 100:
            found.setdefault(name, {})[value] = found[""][value] = None
    known = {name: list(values) for name, values in found.items()}
    lines = [line["id"] for order in store.orders.values() for line in order["lineItems"]]
    return known | {
        "orderId": list(store.orders),
        "lineItemId": lines,
        "value": list(store.shoppers),
        "idPToken": list(store.shoppers),
        "token": ["0123456789abcdef0123456789abcdef01234567"],
        "email": ["ada@example.org"],
        "region": ["us-east-1"],
        "accountId": ["123456789012"],
        "currencyCode": ["USD"],
        "countryCode": ["US"],
        "after": ["0"],
    }


@dataclass
class Requests:
    """Makes requests for one contract. Same seed, same requests."""

    contract: Contract
    seed: int
    known: dict[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)

    def request(self, operation: Operation) -> RandomRequest:
        """A request for one operation, all that its type wants given."""
        schema = self.contract.schema
        root = schema.query_type if operation.kind == "query" else schema.mutation_type
        assert root is not None
        declared: list[str] = []
        variables: dict[str, Any] = {}
        given = self._arguments(root, operation.name, declared, variables, is_root=True)
        selection = self._selection(root.fields[operation.name].type, 0, declared, variables)
        heads = f"({', '.join(declared)})" if declared else ""
        query = f"{operation.kind} ask{heads} {{ {operation.name}{given}{selection} }}"
        return RandomRequest(operation.name, query, variables)

    def damaged(self, request: RandomRequest) -> RandomRequest:
        """The request with hostile values at one to three places of its variables."""
        variables = deepcopy(request.variables)
        for _ in range(self._dice.randint(1, 3)):
            every = list(_places(variables))
            if not every:
                break
            *path, last = self._dice.choice(every)
            target: Any = variables
            for key in path:
                target = target[key]
            target[last] = deepcopy(self._dice.choice(HOSTILE))
        return RandomRequest(request.operation, request.query, variables)

    def _arguments(
        self, type_: GraphQLObjectType, name: str, declared: list[str], variables: dict[str, Any], *, is_root: bool
    ) -> str:
        parts = []
        for argument_name, argument in type_.fields[name].args.items():
            if not is_required_argument(argument) and not (is_root and self._dice.random() < 0.8):
                continue
            variable = f"v{len(declared)}"
            declared.append(f"${variable}: {argument.type}")
            fact = self.contract.fact(type_.name, name, argument_name)
            variables[variable] = self._value(argument.type, fact, argument_name, 0)
            parts.append(f"{argument_name}: ${variable}")
        return f"({', '.join(parts)})" if parts else ""

    def _selection(self, of: Any, depth: int, declared: list[str], variables: dict[str, Any], prefix: str = "") -> str:
        type_ = get_named_type(of)
        if not is_composite_type(type_):
            return ""
        parts = ["__typename"]
        if isinstance(type_, GraphQLInterfaceType | GraphQLUnionType):
            for member in self.contract.schema.get_possible_types(type_):
                inner = self._selection(member, depth, declared, variables, f"{member.name}_")
                parts.append(f"... on {member.name}{inner}")
        if isinstance(type_, GraphQLObjectType | GraphQLInterfaceType):
            for name, member in type_.fields.items():
                is_leaf = not is_composite_type(get_named_type(member.type))
                if name == PLACEHOLDER or (not is_leaf and (depth > _MAX_DEPTH or self._dice.random() < 0.2)):
                    continue
                arguments = ""
                if isinstance(type_, GraphQLObjectType):
                    arguments = self._arguments(type_, name, declared, variables, is_root=False)
                inner = self._selection(member.type, depth + 1, declared, variables)
                alias = f"{prefix}{name}: " if prefix else ""
                parts.append(f"{alias}{name}{arguments}{inner}")
        return f" {{ {' '.join(parts)} }}"

    def _value(self, of: Any, fact: Fact, name: str, depth: int) -> Any:
        type_ = get_nullable_type(of)
        if is_list_type(type_):
            least = max(1, (fact.limit and fact.limit.min_items) or 1)
            count = self._dice.randint(least, least + 1)
            return [self._value(type_.of_type, fact, name, depth + 1) for _ in range(count)]
        if isinstance(type_, GraphQLInputObjectType):
            return self._object(type_, depth)
        if isinstance(type_, GraphQLEnumType):
            return self._dice.choice(list(type_.values))
        return self._scalar(type_.name) if type_.name in _SCALARS else self._text(fact, name)

    def _scalar(self, type_name: str) -> bool | int | float:
        if type_name == "Boolean":
            return self._dice.random() < 0.5
        return self._dice.randint(0, 20) if type_name in ("Int", "Long") else round(self._dice.uniform(0, 50), 2)

    def _object(self, type_: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
        exclusive = list(self.contract.fact(type_.name).exclusive)
        if type_.name.endswith("IdentifierInput") and not any(map(is_required_input_field, type_.fields.values())):
            exclusive = list(type_.fields)  # one thing has one name
        kept = self._dice.choice(exclusive) if exclusive else ""
        share = 0.9 if len(type_.fields) <= 4 else 0.5
        value = {}
        for name, member in type_.fields.items():
            if name == PLACEHOLDER or (name in exclusive and name != kept):
                continue
            if name == kept or is_required_input_field(member) or (depth <= _MAX_DEPTH and self._dice.random() < share):
                value[name] = self._value(member.type, self.contract.fact(type_.name, name), name, depth + 1)
        return value

    def _text(self, fact: Fact, name: str) -> str:
        if name in _ALWAYS:
            return self._dice.choice(self.known.get(name) or ["some text"])
        if fact.values:
            return self._dice.choice(sorted(self.contract.value_table(fact.values).values))
        if fact.format in _FORMATS:
            return _FORMATS[fact.format]
        pool = self.known.get(name) or self.known.get("") or ["some text"]
        if self._dice.random() < 0.1:
            pool = self.known.get("") or pool
        return self._dice.choice(pool)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from _places(item, (*path, key))
