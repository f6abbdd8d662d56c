"""A GraphQL document of a stranger, parsed within caps, and the operation that is meant in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    Node,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

from conformance.base.errors import SourcePosition
from conformance.findings.model import Blame, Finding
from conformance.findings.wording import printable
from conformance.operations.finding import found, listed, shown

DOCUMENT: Final = "document"
"""The file name of positions within a document that came without a file."""

MAX_DOCUMENT_CHARACTERS: Final = 1_000_000
MAX_TOKENS: Final = 30_000


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """A document and the operation that is meant. `operation` is None when none can be told; `findings` say why."""

    tree: DocumentNode | None = None
    operation: OperationDefinitionNode | None = None
    fragments: tuple[tuple[str, FragmentDefinitionNode], ...] = ()
    findings: tuple[Finding, ...] = ()


def document_finding(rule: str, message: str, node: Node | None = None, **more: object) -> Finding:
    """A finding about a document, placed at a node of it."""
    more.setdefault("origin", DOCUMENT)
    return found(rule, message, position=position_of(node), blame=Blame.CLIENT, **more)  # type: ignore[arg-type]


def position_of(node: Node | None) -> SourcePosition | None:
    """Line and column of a node within its document."""
    if node is None or node.loc is None:
        return None
    token = node.loc.start_token
    return SourcePosition(DOCUMENT, token.line, token.column)


def parse_document(document: str, operation_name: str | None) -> ParsedDocument:
    """Parses a document and finds the operation. Never raises on a document's account."""
    if len(document) > MAX_DOCUMENT_CHARACTERS:
        return _refused(
            f"the document has {len(document):,} characters; at most {MAX_DOCUMENT_CHARACTERS:,} are judged"
        )
    try:
        tree = parse(document, max_tokens=MAX_TOKENS)
    except GraphQLError as error:
        return ParsedDocument(findings=(_syntax_finding(document, error),))
    except RecursionError:
        return ParsedDocument(findings=(_too_deep(),))
    fragments = {node.name.value: node for node in tree.definitions if isinstance(node, FragmentDefinitionNode)}
    operation, findings = _choose(tree, operation_name)
    return ParsedDocument(tree, operation, tuple(fragments.items()), findings)


def reachable_fragments(
    operation: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]
) -> dict[str, FragmentDefinitionNode]:
    """The fragments that an operation uses, directly or through others."""
    reached: dict[str, FragmentDefinitionNode] = {}
    waiting: list[SelectionSetNode] = [operation.selection_set]
    while waiting:
        for selection in waiting.pop().selections:
            if isinstance(selection, FragmentSpreadNode):
                name = selection.name.value
                if name in fragments and name not in reached:
                    reached[name] = fragments[name]
                    waiting.append(fragments[name].selection_set)
            else:
                nested = getattr(selection, "selection_set", None)
                if nested is not None:
                    waiting.append(nested)
    return reached


def _refused(message: str) -> ParsedDocument:
    return ParsedDocument(findings=(document_finding("REQ-002", message, fix="Send a smaller document"),))


def _too_deep() -> Finding:
    return document_finding("REQ-002", "the document nests too deeply to be judged", fix="Send a flatter one")


def _syntax_finding(document: str, error: GraphQLError) -> Finding:
    if "token limit" in error.message or "tokens" in error.message:
        return document_finding(
            "REQ-002", f"the document has more than {MAX_TOKENS:,} tokens", fix="Send a smaller one"
        )
    if "nested too deeply" in error.message:
        return _too_deep()
    location = error.locations[0] if error.locations else None
    position = SourcePosition(DOCUMENT, location.line, location.column) if location else SourcePosition(DOCUMENT, 1, 1)
    message = printable(error.message.removeprefix("Syntax Error: "))
    if not document.strip():
        message = "the document is empty"
    return found(
        "REQ-001",
        f"the document does not parse: {message}",
        origin=DOCUMENT,
        position=position,
        actual=shown(_line(document, position.line).strip()),
        blame=Blame.CLIENT,
    )


def _line(document: str, number: int) -> str:
    lines = document.splitlines()
    return lines[number - 1] if 0 < number <= len(lines) else ""


def _choose(tree: DocumentNode, name: str | None) -> tuple[OperationDefinitionNode | None, tuple[Finding, ...]]:
    operations = [node for node in tree.definitions if isinstance(node, OperationDefinitionNode)]
    names = [node.name.value for node in operations if node.name]
    if not operations:
        return None, (document_finding("REQ-003", "the document has no operation"),)
    if name:
        for node in operations:
            if node.name and node.name.value == name:
                return node, ()
        finding = document_finding(
            "REQ-003",
            f"the document has no operation {shown(name)}",
            operations[0],
            expected=listed(names) or "no operation name, as the operation is anonymous",
            actual=shown(name),
            fix="Send the operation's own name as operationName, or none",
        )
        return (operations[0] if len(operations) == 1 else None), (finding,)
    if len(operations) > 1:
        finding = document_finding(
            "REQ-003",
            f"the document has {len(operations)} operations and the request does not say which is meant",
            operations[1],
            expected=f"operationName, one of {listed(names)}",
            fix="Send operationName",
        )
        return None, (finding,)
    return operations[0], ()
