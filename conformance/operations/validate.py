"""What a document says against a contract: GraphQL's validation rules, every error with rule id, line and column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from graphql import (
    ASTValidationRule,
    DocumentNode,
    ExecutableDefinitionsRule,
    FragmentsOnCompositeTypesRule,
    GraphQLError,
    KnownDirectivesRule,
    KnownFragmentNamesRule,
    LoneAnonymousOperationRule,
    NoFragmentCyclesRule,
    NoUnusedFragmentsRule,
    OverlappingFieldsCanBeMergedRule,
    ParallelVisitor,
    SingleFieldSubscriptionsRule,
    TypeInfo,
    TypeInfoVisitor,
    UniqueArgumentNamesRule,
    UniqueDirectivesPerLocationRule,
    UniqueFragmentNamesRule,
    UniqueInputFieldNamesRule,
    UniqueOperationNamesRule,
    UniqueVariableNamesRule,
    ValidationContext,
    VariablesAreInputTypesRule,
    Visitor,
    visit,
)
from graphql.validation.rules.known_argument_names import KnownArgumentNamesOnDirectivesRule
from graphql.validation.rules.known_operation_types import KnownOperationTypesRule
from graphql.validation.rules.provided_required_arguments import ProvidedRequiredArgumentsOnDirectivesRule
from graphql.validation.validate import ValidationAbortedError

from conformance.contract.model import Contract
from conformance.findings.model import Finding
from conformance.findings.wording import printable
from conformance.operations.document import ParsedDocument, document_finding
from conformance.operations.usage import ContractVisitor

MAX_FINDINGS: Final = 1000

STANDARD: Final[Mapping[type[Any], str]] = {
    ExecutableDefinitionsRule: "REQ-010",
    UniqueOperationNamesRule: "REQ-011",
    LoneAnonymousOperationRule: "REQ-012",
    SingleFieldSubscriptionsRule: "REQ-013",
    KnownOperationTypesRule: "REQ-014",
    FragmentsOnCompositeTypesRule: "REQ-015",
    UniqueFragmentNamesRule: "REQ-016",
    KnownFragmentNamesRule: "REQ-017",
    NoUnusedFragmentsRule: "REQ-018",
    NoFragmentCyclesRule: "REQ-019",
    UniqueVariableNamesRule: "REQ-020",
    VariablesAreInputTypesRule: "REQ-021",
    KnownDirectivesRule: "REQ-024",
    UniqueDirectivesPerLocationRule: "REQ-025",
    UniqueArgumentNamesRule: "REQ-026",
    UniqueInputFieldNamesRule: "REQ-027",
    OverlappingFieldsCanBeMergedRule: "REQ-028",
    KnownArgumentNamesOnDirectivesRule: "REQ-029",
    ProvidedRequiredArgumentsOnDirectivesRule: "REQ-029",
}
"""Rules of the specification that no fact of a contract can soften, and the id of each."""


class _TooManyError(Exception):
    """The document has more faults than are listed."""


class _Gatherer(list[Finding]):
    """A list of findings that stops growing."""

    def append(self, finding: Finding) -> None:
        if len(self) >= MAX_FINDINGS:
            raise _TooManyError
        super().append(finding)


def validate_document(
    parsed: ParsedDocument, tree: DocumentNode, contract: Contract
) -> tuple[tuple[Finding, ...], ContractVisitor]:
    """Every finding that the document alone gives, in the order of the document, and what the operation uses."""
    findings: list[Finding] = _Gatherer()
    type_info = TypeInfo(contract.schema)
    usage = ContractVisitor(contract, parsed, type_info, findings)
    visitors: list[Visitor] = [usage]
    for rule, rule_id in STANDARD.items():
        visitors.append(_standard(rule, rule_id, contract, tree, type_info, findings))
    extra: list[Finding] = []
    try:
        visit(tree, TypeInfoVisitor(type_info, ParallelVisitor(visitors)))
        usage.finish()
    except _TooManyError:
        extra.append(document_finding("REQ-002", f"more than {MAX_FINDINGS} faults; the rest is not listed"))
    except ValidationAbortedError:
        message = "the document repeats fields so often that they cannot all be compared"
        extra.append(document_finding("REQ-002", message, fix="Send a smaller document"))
    except RecursionError:
        extra.append(document_finding("REQ-002", "the document nests too deeply to be judged"))
    return (*sorted(findings, key=_place), *extra), usage


def _place(finding: Finding) -> tuple[int, int]:
    return (finding.position.line, finding.position.column) if finding.position else (0, 0)


def _standard(
    rule: type[ASTValidationRule],
    rule_id: str,
    contract: Contract,
    tree: DocumentNode,
    type_info: TypeInfo,
    findings: list[Finding],
) -> Visitor:
    """A rule of graphql-core whose errors become findings."""

    def report(error: GraphQLError) -> None:
        nodes = error.nodes
        node = nodes[-1 if rule.__name__.startswith("Unique") else 0] if nodes else None
        findings.append(document_finding(rule_id, printable(error.message), node))

    return rule(ValidationContext(contract.schema, tree, type_info, report))
