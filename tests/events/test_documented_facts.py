"""The data beside the contracts: errata, changelog, requirements. Their shape, and that what they name exists."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from conformance.base.coordinates import SchemaCoordinate
from conformance.base.data import data_folder
from conformance.base.versions import DATED_VERSIONS, NEXT, VERSIONS
from conformance.base.yamlio import load_yaml_file
from conformance.contract.errata import load_errata
from conformance.contract.load import load_contract

SLUG = {"type": "string", "pattern": "^[a-z][a-z0-9_/-]*$"}
TEXT = {"type": "string", "minLength": 1}
VERSION = {"enum": list(DATED_VERSIONS)}
DATE = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}


def strict(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def many(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items, "uniqueItems": True}


ERRATA = strict(
    ["errata"],
    errata=many(
        strict(
            ["id", "title", "versions", "coordinates", "statements", "choice", "why"],
            id={"type": "string", "pattern": "^[a-z][a-z0-9-]*$"},
            title=TEXT,
            versions={**many({"enum": list(VERSIONS)}), "minItems": 1},
            coordinates=many(TEXT),
            statements={**many(strict(["page", "says"], page=SLUG, says=TEXT)), "minItems": 1},
            choice=TEXT,
            why=TEXT,
        )
    ),
)

KIND = {"enum": ["operation", "type", "field", "enum_value", "event", "argument"]}
EVIDENCE = {
    "since": VERSION,
    "date": DATE,
    "source": SLUG,
    "grade": {"enum": ["page", "guide", "inferred"]},
    "disputed": {"enum": sorted(load_errata())},
    "note": TEXT,
}
FORMER = {"enum": ["deprecated", "kept", "recommended-instead"]}
CHANGELOG = strict(
    ["format", "format_version", "releases", "renames", "added", "removed", "changed"],
    format={"const": "bwp-conformance/changelog"},
    format_version={"const": 1},
    releases=many(
        strict(
            ["version", "published", "complete", "why"],
            version=VERSION,
            published={"anyOf": [DATE, {"type": "null"}]},
            complete={"type": "boolean"},
            source=SLUG,
            why=TEXT,
        )
    ),
    renames=many(
        strict(
            ["kind", "from", "to", "since", "source"], kind=KIND, to=TEXT, former=FORMER, **{"from": TEXT}, **EVIDENCE
        )
    ),
    added=many(strict(["kind", "name", "since", "source"], kind=KIND, name=TEXT, **EVIDENCE)),
    removed=many(strict(["kind", "name", "since", "use", "source"], kind=KIND, name=TEXT, use=TEXT, **EVIDENCE)),
    changed=many(strict(["kind", "name", "since", "what", "source"], kind=KIND, name=TEXT, what=TEXT, **EVIDENCE)),
)

REQUIREMENTS = strict(
    ["version", "frozen_on", "rules"],
    version=VERSION,
    frozen_on=DATE,
    rules=many({"type": "string", "pattern": "^[A-Z]{3}-[0-9]{3}$"}),
)


def read(name: str) -> Any:
    return load_yaml_file(data_folder("schema") / name, positions=False).value


def faults(schema: dict[str, Any], value: Any) -> list[str]:
    validator = jsonschema_rs.validator_for(schema)
    return [f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in validator.iter_errors(value)]


def exists(kind: str, name: str, version: str) -> bool:
    contract = load_contract(version)
    if kind == "operation":
        return name in contract.operations
    if kind == "event":
        return name in contract.value_table("EventDescriptor").values
    coordinate = SchemaCoordinate.parse(name)
    try:
        contract.fact(coordinate.type_name, coordinate.member, coordinate.argument)
    except KeyError:
        return False
    return True


# --- errata


def test_the_errata_have_their_shape() -> None:
    assert faults(ERRATA, read("errata.yaml")) == []


def test_a_faulty_erratum_is_refused() -> None:
    assert faults(ERRATA, {"errata": [{"id": "Bad Id", "title": "", "versions": ["2023-01-01"]}]}) != []


def test_errata_ids_are_unique() -> None:
    ids = [entry["id"] for entry in read("errata.yaml")["errata"]]
    assert len(set(ids)) == len(ids) == len(load_errata())


@pytest.mark.parametrize("entry", read("errata.yaml")["errata"], ids=lambda entry: entry["id"])
def test_an_erratum_names_coordinates_that_one_of_its_versions_has(entry: dict[str, Any]) -> None:
    for coordinate in entry["coordinates"]:
        assert any(exists("field", coordinate, version) for version in entry["versions"]), coordinate


@pytest.mark.parametrize("version", VERSIONS)
def test_every_erratum_that_a_contract_names_is_stated(version: str) -> None:
    contract = load_contract(version)
    named = {
        erratum
        for coordinate in contract.coordinates()
        for erratum in contract.fact(coordinate.type_name, coordinate.member, coordinate.argument).errata
    }
    assert named
    assert named <= set(load_errata())


# --- changelog


def test_the_changelog_has_its_shape() -> None:
    assert faults(CHANGELOG, read("changelog.yaml")) == []


@pytest.mark.parametrize(
    "entry", read("changelog.yaml")["renames"], ids=lambda entry: f"{entry['from']} to {entry['to']}"
)
def test_a_renamed_thing_has_its_old_name_before_and_its_new_name_after(entry: dict[str, Any]) -> None:
    old = [version for version in DATED_VERSIONS if exists(entry["kind"], entry["from"], version)]
    new = [version for version in DATED_VERSIONS if exists(entry["kind"], entry["to"], version)]
    assert entry["since"] in new
    assert old
    if "former" not in entry:
        assert all(version < entry["since"] for version in old)


@pytest.mark.parametrize("entry", read("changelog.yaml")["added"], ids=lambda entry: entry["name"])
def test_an_added_thing_is_there_from_its_version_on(entry: dict[str, Any]) -> None:
    has = [version for version in DATED_VERSIONS if exists(entry["kind"], entry["name"], version)]
    assert has
    assert has[0] == entry["since"]


def test_a_removed_thing_is_gone() -> None:
    for entry in read("changelog.yaml")["removed"]:
        after = [version for version in DATED_VERSIONS if version >= entry["since"]]
        assert [version for version in after if exists(entry["kind"], entry["name"], version)] == []


def test_a_changed_thing_exists() -> None:
    for entry in read("changelog.yaml")["changed"]:
        assert exists(entry["kind"], entry["name"], entry["since"]), entry["name"]


# --- requirements


@pytest.mark.parametrize("version", DATED_VERSIONS)
def test_requirements_are_a_sorted_list_of_rule_ids(version: str) -> None:
    requirements = read(f"{version}/requirements.yaml")
    assert faults(REQUIREMENTS, requirements) == []
    assert requirements["version"] == version
    assert requirements["rules"] == sorted(requirements["rules"])


def test_the_overlay_has_no_requirements_of_its_own() -> None:
    assert not (data_folder("schema") / NEXT / "requirements.yaml").exists()
