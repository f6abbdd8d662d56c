"""The same expectations in the words of others: a JSON Schema and pydantic models made of a selection."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import pydantic

from conformance.operations.selection import TYPENAME, FieldPlan, ObjectPlan


def json_schema(plan: ObjectPlan) -> dict[str, Any]:
    """A JSON Schema (2020-12) of whole answers to a selection without interfaces and unions."""
    return _closed({"data": _object_schema(plan), "extensions": {"type": "object"}}, ["data"])


def _closed(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _object_schema(plan: ObjectPlan) -> dict[str, Any]:
    fields = plan.variants[0].fields
    return _closed({field.key: _field_schema(field) for field in fields}, [field.key for field in fields])


def _field_schema(field: FieldPlan) -> dict[str, Any]:
    schema = _object_schema(field.child) if field.child else _leaf_schema(field)
    schema = _or_null(schema, nullable=field.nullable[-1])
    for nullable in reversed(field.nullable[:-1]):
        schema = _or_null({"type": "array", "items": schema}, nullable=nullable)
    return schema


def _or_null(schema: dict[str, Any], *, nullable: bool) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]} if nullable and schema else schema


def _leaf_schema(field: FieldPlan) -> dict[str, Any]:
    leaf = field.leaf
    if leaf is None or leaf.kind == "any":
        return {}
    if leaf.members is not None:
        return {"enum": sorted(leaf.members)}
    kinds = {"int": "integer", "long": "integer", "float": "number", "decimal": "number", "boolean": "boolean"}
    schema: dict[str, Any] = {"type": kinds.get(leaf.kind, "string")}
    if leaf.format == "date-time":
        schema["format"] = "date-time"
    return schema


def pydantic_model(plan: ObjectPlan) -> type[pydantic.BaseModel]:
    """A pydantic model of whole answers to a selection without interfaces and unions."""
    data = _object_model(plan)
    return pydantic.create_model(
        "Answer", __config__=_CONFIG, data=(data, ...), extensions=(dict[str, Any] | None, None)
    )


_CONFIG = pydantic.ConfigDict(extra="forbid")


def _object_model(plan: ObjectPlan) -> type[pydantic.BaseModel]:
    fields: dict[str, Any] = {}
    for index, field in enumerate(plan.variants[0].fields):
        fields[f"f{index}"] = (Annotated[_field_type(field), pydantic.Field(alias=field.key)], ...)
    model: type[pydantic.BaseModel] = pydantic.create_model("Object", __config__=_CONFIG, **fields)
    return model


def _field_type(field: FieldPlan) -> Any:
    type_: Any = _object_model(field.child) if field.child else _leaf_type(field)
    type_ = type_ | None if field.nullable[-1] else type_
    for nullable in reversed(field.nullable[:-1]):
        type_ = list[type_]
        type_ = type_ | None if nullable else type_
    return type_


def _leaf_type(field: FieldPlan) -> Any:
    leaf = field.leaf
    if leaf is None or leaf.kind == "any" or field.name == TYPENAME:
        return Any
    if leaf.members is not None:
        return Literal[tuple(sorted(leaf.members))]
    if leaf.format == "date-time":
        return datetime
    kinds: dict[str, Any] = {
        "int": pydantic.StrictInt,
        "long": pydantic.StrictInt,
        "float": float,
        "decimal": float,
        "boolean": pydantic.StrictBool,
    }
    return kinds.get(leaf.kind, pydantic.StrictStr)
