"""Records are used as dataclasses are."""

from __future__ import annotations

import pickle
from dataclasses import fields, is_dataclass, replace

import pytest

from conformance.base.records import Record, record
from conformance.findings.model import Finding, Verdict


@record
class Place(Record, frozen=True):
    name: str
    line: int = 0


def test_a_record_can_be_replaced_and_tells_its_fields() -> None:
    assert replace(Place("a", 1), line=2) == Place("a", 2)
    assert [field.name for field in fields(Place)] == ["name", "line"]
    assert is_dataclass(Place)


def test_a_record_is_frozen_and_is_told_by_its_values() -> None:
    place = Place("a")
    with pytest.raises(AttributeError):
        place.line = 3  # type: ignore[misc]
    assert {place, Place("a")} == {place}
    assert place != Place("b")


def test_each_class_has_its_own_fields() -> None:
    assert {field.name for field in fields(Finding)}.isdisjoint({"name", "line"})


def test_a_record_travels_between_processes() -> None:
    finding = Finding("RSP-001", Verdict.FAIL, "missing", path=("data", 0))
    assert pickle.loads(pickle.dumps(finding)) == finding  # noqa: S301 - our own bytes
