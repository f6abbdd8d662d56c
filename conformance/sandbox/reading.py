"""Arguments of every version in the names of 2024-11-01; what documented bounds refuse."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeGuard

from graphql import (
    GraphQLArgument,
    GraphQLInputObjectType,
    get_named_type,
    get_nullable_type,
    is_list_type,
)

from conformance.base.versions import DATED_VERSIONS
from conformance.contract.facts import Limit
from conformance.contract.leaves import items_broken, limit_broken
from conformance.contract.model import Contract
from conformance.sandbox.errors import UNSPECIFIED, VALIDATION, generic_invalid, invalid_input
from conformance.sandbox.store import Resource

MAX_ISSUES = 20

_NUMBERS = frozenset({"Decimal", "Long"})
_CURRENCY = re.compile("[A-Z]{3}")
_RETURN_ALIASES = re.compile(r"/updateOrder/input/returns/details/\d+/aliases ")
"""The one bound whose violation has a documented code of its own."""


def number(value: Any, pointer: str) -> float | int:
    """A Decimal of the request. Anything but a finite number is an issue of the input."""
    if not _is_number(value):
        raise invalid_input([f"{pointer} must be a number"])
    return value


def part(value: Any, *names: str) -> Any:
    """What lies below an object, None as soon as something is missing."""
    for name in names:
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def items(value: Any) -> list[Any]:
    """The items of a list that are not null."""
    return [item for item in value if item is not None] if isinstance(value, list) else []


def amount(given: Any, pointer: str) -> Resource:
    """An amount or a quantity; one unit when nothing is given, ONE when no unit is."""
    given = given or {}
    if not isinstance(given, Mapping):
        raise invalid_input([f"{pointer} must be an amount"])
    value = given.get("value", given.get("amount"))
    value = 1 if value is None else number(value, f"{pointer}/value")
    if value <= 0:
        raise invalid_input([f"{pointer}/value must be greater than or equal to 1"])
    return {"value": value, "unit": given.get("unit") or "ONE"}


def identifier(given: Any) -> Resource:
    """A product's identifier: `{productId | sku | externalId | amazonSku}`."""
    given = given or {}
    asked = {
        "productId": given.get("productId") or given.get("ID"),
        "sku": given.get("sku") or given.get("SKU"),
        "externalId": given.get("externalId") or given.get("ExternalId"),
        "amazonSku": part(given.get("amazonSku") or given.get("mSKU"), "value"),
    }
    return {key: value for key, value in asked.items() if value}


def order_identifier(arguments: Resource) -> Resource:
    """Which order is asked for: `{orderId}` or `{alias}`, wherever the version puts it."""
    given = arguments.get("input") or {}
    found = arguments.get("orderIdentifier") or given.get("orderIdentifier") or given.get("id") or {}
    if not isinstance(found, Mapping):
        found = {}
    result = {
        "orderId": found.get("orderId") or arguments.get("orderId") or given.get("orderId"),
        "alias": found.get("alias") or found.get("orderAlias"),
    }
    return {key: value for key, value in result.items() if value}


def line_id(given: Any) -> str:
    """The line that an item of a refund, a return or a package names."""
    named = part(given, "lineItemId") or {}
    return str(part(named, "lineItemId") or part(named, "id") or "")


def identity(given: Any) -> str | None:
    """The value of a shopper's identity token, None when there is none."""
    for path in (("apayCheckoutSessionId", "value"), ("lwaAccessToken", "value"), ("idPToken",)):
        value = part(given, *path)
        if isinstance(value, str):
            return value
    return None


def has_generic_errors(operation: str, version: str) -> bool:
    """Does the operation's page show input errors without type and code?"""
    return operation == "downloadLink" or (operation == "createUploadLink" and version == DATED_VERSIONS[0])


def check_limits(contract: Contract, operation: str, kind: str, arguments: Resource) -> None:
    """Raises the documented input error when a value is outside its documented bounds, or fields exclude each other."""
    root = contract.schema.query_type if kind == "query" else contract.schema.mutation_type
    if root is None:
        return
    issues: list[str] = []
    for name, argument in root.fields[operation].args.items():
        limit = contract.fact(root.name, operation, name).limit
        _check(contract, argument, arguments.get(name), f"/{operation}/{name}", limit, issues)
    if issues and has_generic_errors(operation, contract.version):
        raise generic_invalid()
    if issues:
        code = "AliasLimitExceeded" if _RETURN_ALIASES.match(issues[0]) else UNSPECIFIED
        if operation == "createEventSubscription":
            code = VALIDATION
        raise invalid_input(issues[:MAX_ISSUES], code)


def _check(
    contract: Contract, holder: GraphQLArgument | Any, value: Any, pointer: str, limit: Any, issues: list[str]
) -> None:
    if value is None or len(issues) >= MAX_ISSUES:
        return
    type_ = get_nullable_type(holder.type)
    if is_list_type(type_):
        values = value if isinstance(value, list) else [value]
        broken = items_broken(limit, len(values)) if limit else ""
        if broken:
            issues.append(f"{pointer} must have {broken}")
            return
        for index, item in enumerate(values):
            _object(contract, holder, item, f"{pointer}/{index}", issues)
        return
    if limit and not isinstance(value, dict):
        broken = _rule(limit, value)
        if broken:
            issues.append(f"{pointer} {broken}")
    _object(contract, holder, value, pointer, issues)


def _is_number(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and -1e15 <= value <= 1e15


def _rule(limit: Limit, value: Any) -> str:
    """The broken bound in the documented words, where words are documented."""
    broken = limit_broken(limit, value)
    if not broken:
        return ""
    if limit.pattern and isinstance(value, str) and broken.startswith("a text"):
        return f'must match "{limit.pattern}"'
    if isinstance(value, str):
        return f"must have {broken}"
    if limit.min is not None and value < limit.min:
        return f"must be greater than or equal to {limit.min:g}"
    return f"must be less than or equal to {limit.max:g}"


def _object(contract: Contract, holder: Any, value: Any, pointer: str, issues: list[str]) -> None:
    named = get_named_type(holder.type)
    if named.name in _NUMBERS and value is not None and not _is_number(value):
        issues.append(f"{pointer} must be a number")
    if not isinstance(named, GraphQLInputObjectType) or not isinstance(value, dict):
        return
    given = [name for name in contract.fact(named.name).exclusive if value.get(name) is not None]
    if len(given) > 1 and "packageTrackerState" not in given:
        issues.append(f"{pointer} must have only one of {', '.join(given)}")
    if named.name == "AliasInput":
        issues += [f"{pointer}/{name} must be given" for name in ("aliasId", "aliasType") if value.get(name) is None]
    if named.name == "MoneyInput" and _is_number(value.get("amount")) and value["amount"] < 0:
        issues.append(f"{pointer}/amount must be greater than or equal to 0")
    currency = value.get("currencyCode")
    if currency is not None and not _CURRENCY.fullmatch(currency):
        issues.append(f'{pointer}/currencyCode must match "{_CURRENCY.pattern}"')
    for name, field in named.fields.items():
        if name in value:
            _check(contract, field, value[name], f"{pointer}/{name}", contract.fact(named.name, name).limit, issues)
