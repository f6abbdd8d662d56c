"""Contracts: each builds, is closed, states its evidence; a user's own faulty SDL is refused with a place."""

import pytest
from graphql import GraphQLEnumType, assert_valid_schema, build_ast_schema, parse
from graphql.validation.validate import validate_sdl

from conformance.base.data import data_folder
from conformance.base.errors import InputError
from conformance.base.versions import DATED_VERSIONS, NEXT, VERSIONS
from conformance.contract.errata import load_errata
from conformance.contract.load import contract_from_sdl, load_contract, versions_with_operation
from conformance.contract.model import PLACEHOLDER, Contract
from conformance.findings.model import Grade


@pytest.fixture(params=VERSIONS)
def contract(request: pytest.FixtureRequest) -> Contract:
    return load_contract(request.param)


def test_every_contract_is_a_valid_schema(contract: Contract) -> None:
    assert_valid_schema(contract.schema)


@pytest.mark.parametrize("version", VERSIONS)
def test_the_sdl_of_every_version_is_valid_directives_and_all(version: str) -> None:
    folder = data_folder("schema")
    parts = [DATED_VERSIONS[-1], NEXT] if version == NEXT else [version]
    files = [folder / "directives.graphql", *(f for part in parts for f in sorted((folder / part).glob("*.graphql")))]
    document = parse("type Query type Mutation\n" + "\n".join(file.read_text() for file in files))
    assert validate_sdl(document) == []
    assert_valid_schema(build_ast_schema(document))


def test_every_type_and_operation_states_its_evidence(contract: Contract) -> None:
    for type_ in contract.named_types():
        fact = contract.fact(type_.name)
        if type_.name not in ("Query", "Mutation", "Decimal", "Long", "Unknown"):
            assert fact.source, f"{type_.name} names neither a page nor a reason"
    for operation in contract.operations.values():
        assert operation.fact.source, f"{operation.name} names neither a page nor a reason"
        assert operation.interface


def test_what_is_required_was_read_on_a_page(contract: Contract) -> None:
    """Undocumented nullability is nullable: a `!` on weak evidence would be a false alarm."""
    for coordinate in contract.coordinates():
        if not coordinate.member or coordinate.type_name in ("Query", "Mutation"):
            continue
        type_ = contract.schema.type_map[coordinate.type_name]
        if isinstance(type_, GraphQLEnumType) or coordinate.argument:
            continue
        field = type_.fields[coordinate.member]  # type: ignore[attr-defined]
        if str(field.type).endswith("!"):
            fact = contract.fact(coordinate.type_name, coordinate.member)
            assert fact.grade is Grade.PAGE, f"{coordinate}: {field.type} on grade {fact.grade.value}"


def test_every_named_table_and_erratum_exists(contract: Contract) -> None:
    errata = load_errata()
    for coordinate in contract.coordinates():
        fact = contract.fact(coordinate.type_name, coordinate.member, coordinate.argument)
        if fact.values:
            assert contract.value_table(fact.values).values, coordinate
            assert contract.is_value_table(fact.values), f"{coordinate}: {fact.values} is no table"
        for erratum in fact.errata:
            assert erratum in errata, f"{coordinate}: {erratum}"


def test_a_type_without_known_fields_is_partial(contract: Contract) -> None:
    for type_ in contract.named_types():
        if PLACEHOLDER in getattr(type_, "fields", {}):
            assert contract.is_partial(type_.name), type_.name


def test_next_has_all_of_the_newest_version_and_more() -> None:
    newest, overlay = load_contract(DATED_VERSIONS[-1]), load_contract(NEXT)
    assert set(newest.operations) < set(overlay.operations)


def test_an_operation_knows_its_versions() -> None:
    assert versions_with_operation("mappingProduct") == ("2024-01-01",)
    assert versions_with_operation("packageTracker") == ("2024-11-01", "next")
    assert versions_with_operation("noSuchOperation") == ()


def test_facts_come_from_the_directives_where_they_stand() -> None:
    contract = contract_from_sdl(
        b"""
        directive @page(slug: String!) on OBJECT
        directive @inferred(why: String!) on FIELD_DEFINITION
        directive @partial(why: String!) on OBJECT
        directive @limit(maxItems: Int) on FIELD_DEFINITION
        type Query { a: A }
        type A @page(slug: "p") @partial(why: "cut") { x: Int  y: [Int] @inferred(why: "twin") @limit(maxItems: 5) }
        """,
        "s.graphql",
    )
    assert (contract.fact("A").grade, contract.fact("A").source) == (Grade.PAGE, "p")
    assert contract.is_partial("A")
    assert contract.fact("A", "x").grade is Grade.PAGE
    y = contract.fact("A", "y")
    assert (y.grade, y.source) == (Grade.INFERRED, "twin")
    assert y.limit is not None
    assert y.limit.max_items == 5


@pytest.mark.parametrize(
    ("sdl", "expected"),
    [
        (b"type Query {", "s.graphql:1:13"),
        (b"type Query { a: Nope }", "Unknown type 'Nope'"),
        (b"type Query { a: Int a: Int }", "Field 'Query.a' can only be defined once"),
        (b"type A { a: Int }", "Query root type must be provided"),
        (b"type Query { a: Int }\n\xff", "s.graphql:2:1: not UTF-8"),
        (b"{" * 20_000, "s.graphql"),
        (b"query { a }", "not executable"),
    ],
)
def test_a_faulty_sdl_is_refused_with_its_place(sdl: bytes, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        contract_from_sdl(sdl, "s.graphql")
    assert "s.graphql" in str(caught.value)
    if "executable" not in expected:
        assert expected in str(caught.value)


def test_a_deprecation_that_the_interface_lacks_is_a_remark() -> None:
    contract = contract_from_sdl(
        b"""type Query { n: Node }
        interface Node { id: ID }
        type A implements Node { id: ID @deprecated }""",
        "s.graphql",
    )
    (remark,) = contract.remarks
    assert str(remark.position) == "s.graphql:3:41"
