"""Named defects of a client: requests that break a documented rule, each with the check that has to report it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from random import Random
from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLObjectType,
    OperationDefinitionNode,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
    parse,
    type_from_ast,
)

from conformance.base.paths import JsonPath
from conformance.contract.facts import Fact
from conformance.contract.model import Contract
from conformance.traffic.model import Headers


@dataclass(slots=True)
class Sending:
    """A request as a client would send it; what a fault changes goes out.

    `body` is the JSON object of the request: query, variables, operationName. `raw` are bytes to send in its place.
    `earlier` are the exchanges before it: (the request's body, the decoded answer), oldest first. `later` are the
    bodies of the requests that follow it.
    """

    version: str
    contract: Contract
    operation: str
    method: str
    url: str
    headers: Headers
    body: dict[str, Any]
    random: Random
    raw: bytes | None = None
    earlier: Sequence[tuple[Any, Any]] = ()
    later: Sequence[Any] = ()

    @property
    def variables(self) -> dict[str, Any]:
        value = self.body.get("variables")
        return value if isinstance(value, dict) else {}

    @property
    def query(self) -> str:
        return str(self.body.get("query") or "")


Send: TypeAlias = Callable[[Sending], bool]
"""Makes the defect; False when the request offers no place for it."""


@dataclass(frozen=True, slots=True)
class ClientFault:
    """A defect. `name` is kebab-case and permanent; `rule` the id of the check that has to report it."""

    name: str
    rule: str
    summary: str
    alter: Send
    operations: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()

    def may_alter(self, sending: Sending) -> bool:
        """Does the fault concern requests like this one?"""
        if self.versions and sending.version not in self.versions:
            return False
        return not self.operations or sending.operation in self.operations


@dataclass(slots=True)
class ClientFaultList:
    """Collects the faults of a module."""

    faults: list[ClientFault] = field(default_factory=list)

    def __call__(
        self, name: str, rule: str, summary: str, *, operations: tuple[str, ...] = (), versions: tuple[str, ...] = ()
    ) -> Callable[[Send], Send]:
        """Makes the decorated function a fault."""

        def made(alter: Send) -> Send:
            self.faults.append(ClientFault(name, rule, summary, alter, operations, versions))
            return alter

        return made


@dataclass(frozen=True, slots=True)
class InputPlace:
    """A value among the variables: `holder[key]`, with its type and what the contract knows of its field."""

    holder: Any
    key: str | int
    path: JsonPath
    type: GraphQLInputType
    fact: Fact | None
    is_item: bool = False

    @property
    def value(self) -> Any:
        return self.holder[self.key]

    def put(self, value: Any) -> bool:
        """Replaces the value; True, so that a fault can end with it."""
        self.holder[self.key] = value
        return True

    @property
    def is_required(self) -> bool:
        return is_non_null_type(self.type)

    @property
    def named(self) -> str:
        """The name of the innermost type."""
        return get_named_type(self.type).name

    @property
    def is_list(self) -> bool:
        return is_list_type(get_nullable_type(self.type))


@lru_cache(maxsize=1024)
def _parsed(query: str) -> DocumentNode:
    return parse(query)


def input_places(sending: Sending) -> Iterator[InputPlace]:
    """Every value of the variables, parents before children."""
    document = _parsed(sending.query)
    schema = sending.contract.schema
    operation = next(each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    for definition in operation.variable_definitions or ():
        name = definition.variable.name.value
        type_: Any = type_from_ast(schema, definition.type)
        if type_ is not None and name in sending.variables:
            place = InputPlace(sending.variables, name, ("variables", name), type_, _argument_fact(sending))
            yield from _below(sending.contract, place)


def pick(sending: Sending, candidates: Iterator[InputPlace]) -> InputPlace | None:
    """One of the places, by the seed; None when there is none."""
    found = list(candidates)
    return sending.random.choice(found) if found else None


def _argument_fact(sending: Sending) -> Fact | None:
    """What is known of the root field's argument, when there is just one."""
    operation = sending.contract.operations.get(sending.operation)
    root: GraphQLObjectType | None = None
    if operation is not None:
        schema = sending.contract.schema
        root = schema.query_type if operation.kind == "query" else schema.mutation_type
    if root is None or len(root.fields[sending.operation].args) != 1:
        return None
    return sending.contract.fact(root.name, sending.operation, next(iter(root.fields[sending.operation].args)))


def _below(contract: Contract, place: InputPlace) -> Iterator[InputPlace]:
    yield place
    nullable = get_nullable_type(place.type)
    value = place.value
    if is_list_type(nullable) and isinstance(value, list):
        for index in range(len(value)):
            item = InputPlace(value, index, (*place.path, index), nullable.of_type, place.fact, is_item=True)
            yield from _below(contract, item)
    elif isinstance(value, dict):
        named = get_named_type(nullable)
        if isinstance(named, GraphQLInputObjectType):
            for name, member in named.fields.items():
                if name in value:
                    fact = contract.fact(named.name, name)
                    yield from _below(contract, InputPlace(value, name, (*place.path, name), member.type, fact))
