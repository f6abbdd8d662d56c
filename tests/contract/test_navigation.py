"""Every name of the 2024-01-01 navigation is in the contract, or listed as unread, with the reason."""

from pathlib import Path

from conformance.base.data import data_folder
from conformance.base.yamlio import load_yaml_file
from conformance.contract.load import load_contract

NAVIGATION = Path(__file__).with_name("navigation_2024_01_01.txt")


def names() -> list[tuple[str, str, str]]:
    lines = [line.split() for line in NAVIGATION.read_text().splitlines() if not line.startswith("#")]
    return [(interface, kind, name) for interface, kind, name in lines]


def unread() -> dict[str, str]:
    document = load_yaml_file(data_folder("schema") / "2024-01-01" / "unread.yaml")
    return {entry["name"]: entry["reason"] for entry in document.value["names"]}


def test_the_navigation_is_whole() -> None:
    assert len(names()) > 300
    assert {interface for interface, _, _ in names()} == {
        "catalog", "delivery_preview", "order", "privacy", "returns", "analytics", "events", "sandbox",
    }  # fmt: skip


def test_every_operation_is_in_the_contract() -> None:
    contract = load_contract("2024-01-01")
    for interface, kind, name in names():
        if kind != "objects":
            assert name in contract.operations, name
            assert contract.operations[name].kind == {"queries": "query", "mutations": "mutation"}[kind]
            assert contract.operations[name].interface == interface


def test_every_object_is_in_the_contract_or_said_to_be_unread() -> None:
    contract, missing = load_contract("2024-01-01"), unread()
    for _, kind, name in names():
        if kind == "objects" and name not in contract.schema.type_map:
            assert missing.get(name), f"{name} is neither in the contract nor in unread.yaml"


def test_nothing_is_said_to_be_unread_that_stands_in_the_contract() -> None:
    contract = load_contract("2024-01-01")
    assert [name for name in unread() if name in contract.schema.type_map] == []
