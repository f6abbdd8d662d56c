"""GraphQL execution over a store: parse and validate once a document, resolve from the store, classify errors."""

from __future__ import annotations

import logging
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Final

from graphql import (
    DocumentNode,
    ExecutionResult,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLResolveInfo,
    SelectionSetNode,
    execute_sync,
    parse,
    validate,
)

from conformance.contract.load import load_contract
from conformance.sandbox.access import admit
from conformance.sandbox.context import Context, Partial
from conformance.sandbox.errors import INTERNAL, VALIDATION, classification, not_simulated
from conformance.sandbox.operations import OPERATIONS, SHAPES
from conformance.sandbox.reading import check_limits
from conformance.sandbox.scopes import Caller
from conformance.sandbox.store import Store

MAX_TOKENS: Final = 10_000
MAX_DEPTH: Final = 40
MAX_FIELDS: Final = 2_000
MAX_CACHED: Final = 256

LOG = logging.getLogger("conformance.sandbox")


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
        result = execute_sync(
            contract.schema,
            document,
            context_value=context,
            variable_values=variables,
            operation_name=operation_name,
            field_resolver=_resolve,
        )
        if not isinstance(result, ExecutionResult):  # pragma: no cover - this schema has no incremental delivery
            raise TypeError("the execution did not end")
        body: dict[str, Any] = {}
        errors = [*(result.errors or ()), *context.partial_errors]
        if errors:
            body["errors"] = [formatted(error) for error in errors]
        if result.data is not None or not _is_request_error(result.errors):
            body["data"] = result.data
        return body


def _is_request_error(errors: list[GraphQLError] | None) -> bool:
    return bool(errors) and all(not error.path for error in errors or ())


def formatted(error: GraphQLError) -> dict[str, Any]:
    """An error as answers carry it, with a classification always; no text of an unforeseen exception gets out."""
    extensions = dict(error.extensions or {})
    message = error.message
    if "classification" not in extensions:
        if error.original_error is not None and not isinstance(error.original_error, GraphQLError):
            LOG.error(
                "unforeseen %s in %s", type(error.original_error).__name__, error.path, exc_info=error.original_error
            )
            message, extensions = "Internal server error", {"classification": classification(INTERNAL)}
        else:
            extensions["classification"] = classification(VALIDATION)
    shown: dict[str, Any] = {"message": message}
    if error.locations:
        shown["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path is not None:
        shown["path"] = error.path
    return {**shown, "extensions": extensions}


def _prepare(version: str, query: str) -> Prepared:
    try:
        document = parse(query, max_tokens=MAX_TOKENS)
        excess = _excess(document)
        if excess:
            return Prepared(None, (GraphQLError(excess),))
        errors = validate(load_contract(version).schema, document, max_errors=20)
    except GraphQLError as error:
        return Prepared(None, (error,))
    except RecursionError:
        return Prepared(None, (GraphQLError(f"the document is nested more than {MAX_DEPTH} levels deep"),))
    return Prepared(None if errors else document, tuple(errors))


def _excess(document: DocumentNode) -> str:
    """Why a document is too much to execute, fragments spread out; empty when it is not."""
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    measured: dict[str, tuple[int, int]] = {}
    for definition in document.definitions:
        selection = getattr(definition, "selection_set", None)
        if selection is None:
            continue
        depth, fields = _measure(selection, fragments, measured, 0)
        if depth > MAX_DEPTH:
            return f"the document is nested more than {MAX_DEPTH} levels deep"
        if fields > MAX_FIELDS:
            return f"the document asks for more than {MAX_FIELDS} fields"
    return ""


def _measure(
    selection: SelectionSetNode,
    fragments: dict[str, FragmentDefinitionNode],
    measured: dict[str, tuple[int, int]],
    level: int,
) -> tuple[int, int]:
    """Depth and number of fields. A fragment within itself counts as nothing: validation refuses it."""
    if level > 2 * MAX_DEPTH:
        return MAX_DEPTH + 1, 1
    depth, fields = 1, 0
    for node in selection.selections:
        below, more = 0, 0
        if isinstance(node, FragmentSpreadNode):
            name = node.name.value
            if name not in measured:
                measured[name] = (0, 0)
                if name in fragments:
                    measured[name] = _measure(fragments[name].selection_set, fragments, measured, level + 1)
            below, more = measured[name]
            below -= 1
        else:
            inner = getattr(node, "selection_set", None)
            if inner is not None:
                below, more = _measure(inner, fragments, measured, level + 1)
            more += 1
        depth, fields = max(depth, below + 1), fields + more
    return depth, fields


def _resolve(source: Any, info: GraphQLResolveInfo[Context], **arguments: Any) -> Any:
    if source is None:
        return _whole(_operate(info, arguments), info)
    context = info.context
    shape = SHAPES.get((info.parent_type.name, info.field_name))
    return _whole(shape(source, context), info) if shape else source.get(info.field_name)


def _whole(value: Any, info: GraphQLResolveInfo[Context]) -> Any:
    """The value; the error of partial data is kept for the end, with its place."""
    if not isinstance(value, Partial):
        return value
    error = value.error
    placed = GraphQLError(error.message, info.field_nodes, path=info.path.as_list(), extensions=error.extensions)
    info.context.partial_errors.append(placed)
    return value.value


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
