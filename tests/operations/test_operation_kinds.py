"""Anonymous operations stand alone; a subscription has one root field."""

from conformance.contract.load import contract_from_sdl
from conformance.operations.compile import compile_operation

CONTRACT = contract_from_sdl(b"type Query { a: Int } type Subscription { a: Int b: Int }", "s.graphql")


def rules(document: str, operation: str | None = None) -> list[tuple[str, str]]:
    found = compile_operation(document, operation, CONTRACT).request_findings
    return [(finding.rule, finding.verdict.name) for finding in found]


def test_an_anonymous_operation_beside_another_is_a_fault() -> None:
    assert ("REQ-012", "FAIL") in rules("query named { a } { a }", "named")
    assert rules("{ a }") == []


def test_a_subscription_with_two_root_fields_is_a_fault() -> None:
    assert ("REQ-013", "FAIL") in rules("subscription { a b }")
    assert rules("subscription { a }") == []
