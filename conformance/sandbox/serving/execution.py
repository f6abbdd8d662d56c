"""GraphQL execution over a store: parse and validate once a document, resolve from the store, classify errors."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final, TypeGuard

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_non_null_type,
    parse,
    validate,
)

from conformance.contract.load import load_contract
from conformance.sandbox.access import admit
from conformance.sandbox.context import PARTIAL_ERROR, Context, Partial
from conformance.sandbox.errors import INTERNAL, VALIDATION, classification, not_simulated
from conformance.sandbox.operations import OPERATIONS, SHAPES
from conformance.sandbox.reading import check_limits
from conformance.sandbox.scopes import Caller
from conformance.sandbox.serving.bounds import MAX_ANSWER_FIELDS, MAX_TOKENS, TOO_DEEP, BoundedExecutor, excess
from conformance.sandbox.serving.log import LOG, where
from conformance.sandbox.store import Store

MAX_ERRORS: Final = 5
MAX_MESSAGE: Final = 2_000
MAX_CACHED: Final = 256
MAX_CACHED_CHARACTERS: Final = 20_000
"""Longer documents are read anew each time: a parsed one takes a hundred times its text."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document that was parsed and validated, or why it was refused."""

    document: DocumentNode | None
    errors: tuple[GraphQLError, ...] = ()


@dataclass
class Executor:
    """Executes requests of any version. Not to be used from two threads at once."""

    _cache: OrderedDict[tuple[str, str], Prepared] = field(default_factory=OrderedDict)

    def prepare(self, version: str, query: str) -> Prepared:
        """Parses and validates a document, or takes it from the last ones."""
        if len(query) > MAX_CACHED_CHARACTERS:
            return _prepare(version, query)
        key = (version, query)
        known = self._cache.get(key)
        if known is None:
            known = self._cache[key] = _prepare(version, query)
            if len(self._cache) > MAX_CACHED:
                self._cache.popitem(last=False)
        else:
            self._cache.move_to_end(key)
        return known

    def run(
        self,
        store: Store,
        version: str,
        document: DocumentNode,
        variables: dict[str, Any],
        operation_name: str | None,
        caller: Caller,
    ) -> dict[str, Any]:
        """The answer's body. `data` is left out when nothing was executed."""
        contract = load_contract(version)
        context = Context(store, contract, version, caller)
        executor = BoundedExecutor.build(
            contract.schema,
            document,
            context_value=context,
            raw_variable_values=variables,
            operation_name=operation_name,
            field_resolver=_resolve,
            max_coercion_errors=MAX_ERRORS,
            is_awaitable=_is_never,
            is_async_iterable=_is_never,
        )
        if isinstance(executor, list):
            return {"errors": [formatted(error) for error in executor]}
        result = executor.execute_operation()
        if not isinstance(result, ExecutionResult):  # pragma: no cover - this schema has no incremental delivery
            raise TypeError("the execution did not end")
        if isinstance(executor, BoundedExecutor) and executor.is_over:
            error = GraphQLError(f"the answer has more than {MAX_ANSWER_FIELDS} fields")
            return {"errors": [formatted(error)], "data": None}
        body: dict[str, Any] = {}
        errors = [*(result.errors or ()), *context.partial_errors]
        if errors:
            body["errors"] = [formatted(error) for error in errors]
        if result.data is not None or not _is_request_error(result.errors):
            body["data"] = result.data
        return body


def _is_never(_value: object) -> TypeGuard[Any]:
    """Resolvers are plain functions here."""
    return False


def _is_request_error(errors: list[GraphQLError] | None) -> bool:
    return bool(errors) and all(not error.path for error in errors or ())


def formatted(error: GraphQLError) -> dict[str, Any]:
    """An error as answers carry it, with a classification always; no text of an unforeseen exception gets out."""
    extensions = dict(error.extensions or {})
    message = error.message
    if "classification" not in extensions:
        if error.original_error is not None and not isinstance(error.original_error, GraphQLError):
            LOG.error("unforeseen %s", where(error.original_error))
            message, extensions = "Internal server error", {"classification": classification(INTERNAL)}
        else:
            extensions["classification"] = classification(VALIDATION)
    if len(message) > MAX_MESSAGE:
        message = f"{message[:MAX_MESSAGE]}…"
    shown: dict[str, Any] = {"message": message}
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path is not None:
        shown["path"] = error.path
    return {**shown, "extensions": extensions}


def _prepare(version: str, query: str) -> Prepared:
    try:
        document = parse(query, max_tokens=MAX_TOKENS)
        reason = excess(document)
        if reason:
            return Prepared(None, (GraphQLError(reason),))
        errors = validate(load_contract(version).schema, document, max_errors=MAX_ERRORS)
    except GraphQLError as error:
        return Prepared(None, (error,))
    except RecursionError:
        return Prepared(None, (GraphQLError(TOO_DEEP),))
    return Prepared(None if errors else document, tuple(errors))


def _resolve(source: Any, info: GraphQLResolveInfo[Context], **arguments: Any) -> Any:
    if source is None:
        return _whole(_operate(info, arguments), info)
    context = info.context
    shape = SHAPES.get((info.parent_type.name, info.field_name))
    value = _whole(shape(source, context), info) if shape else source.get(info.field_name)
    return _enough(value, info.return_type)


def _enough(value: Any, type_: GraphQLOutputType) -> Any:
    """The value without objects of which a request gave too little to show: that they are left out is our choice."""
    if isinstance(value, dict):
        return value if is_non_null_type(type_) or _is_enough(value, type_) else None
    if isinstance(value, list) and is_list_type(nullable := get_nullable_type(type_)):
        return [each for each in value if not isinstance(each, dict) or _is_enough(each, nullable.of_type)]
    return value


def _is_enough(value: dict[str, Any], type_: GraphQLOutputType) -> bool:
    return all(value.get(name) is not None for name in _demanded(get_named_type(type_)))


@lru_cache(maxsize=4096)
def _demanded(type_: GraphQLNamedType) -> tuple[str, ...]:
    """What an object of the type cannot be without, as the store holds it."""
    if not isinstance(type_, GraphQLObjectType):
        return ()
    return tuple(
        name
        for name, field in type_.fields.items()
        if is_non_null_type(field.type) and (type_.name, name) not in SHAPES
    )


def _whole(value: Any, info: GraphQLResolveInfo[Context]) -> Any:
    """The value; partial data gets its error, with its place, to take along."""
    if not isinstance(value, Partial):
        return value
    error = value.error
    placed = GraphQLError(error.message, info.field_nodes, path=info.path.as_list(), extensions=error.extensions)
    return {**value.value, PARTIAL_ERROR: placed}


def _operate(info: GraphQLResolveInfo[Context], arguments: dict[str, Any]) -> Any:
    context = info.context
    admit(context, info.parent_type.name, info.field_name)
    operation = OPERATIONS.get(info.field_name)
    if operation is None:
        raise not_simulated(info.field_name)
    kind = "query" if info.parent_type is info.schema.query_type else "mutation"
    context.store.settle()
    check_limits(context.contract, info.field_name, kind, arguments)
    return operation(context, arguments)
