"""What a document uses of a contract: does it exist, is it deprecated, do literal values fit, on what evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from graphql import (
    ArgumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNonNull,
    InlineFragmentNode,
    NamedTypeNode,
    Node,
    OperationDefinitionNode,
    TypeInfo,
    ValueNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    get_named_type,
    is_composite_type,
    is_input_type,
    is_interface_type,
    is_leaf_type,
    is_object_type,
    is_required_argument,
    type_from_ast,
)
from graphql.utilities import do_types_overlap

from conformance.base.coordinates import SchemaCoordinate
from conformance.base.errors import SourcePosition
from conformance.base.paths import JsonPath
from conformance.contract.facts import Fact
from conformance.contract.model import PLACEHOLDER, Contract
from conformance.findings.model import Finding, Grade
from conformance.operations.document import (
    DOCUMENT,
    ParsedDocument,
    document_finding,
    position_of,
    reachable_fragments,
)
from conformance.operations.elsewhere import hint, hint_for_operation, versions_with_root_field
from conformance.operations.finding import listed, near
from conformance.operations.inputs import InputJudge
from conformance.operations.literals import literal_value, node_at
from conformance.operations.positions import Usage, VariablePositions
from conformance.operations.selection import fact_of, is_placeholder, is_unknown_scalar
from conformance.operations.templates import Slot, slots_of


class ContractVisitor(Visitor):
    """Walks a document with type information. Gathers findings, and the coordinates that the meant operation uses."""

    def __init__(
        self, contract: Contract, parsed: ParsedDocument, type_info: TypeInfo, findings: list[Finding]
    ) -> None:
        super().__init__()
        self._contract = contract
        self._schema = contract.schema
        self._parsed = parsed
        self._info = type_info
        self._findings = findings
        self._fragments = dict(parsed.fragments)
        used = reachable_fragments(parsed.operation, self._fragments) if parsed.operation else {}
        self._active_nodes: set[int] = {id(node) for node in used.values()}
        if parsed.operation:
            self._active_nodes.add(id(parsed.operation))
        self._active = False
        self._keys: list[str] = []
        self._names: list[str] = []
        self._place: Callable[[JsonPath], SourcePosition | None] = lambda _: None
        self._unconfirmed_types: set[str] = set()
        self._positions = VariablePositions(contract, parsed, findings)
        self.coordinates: dict[SchemaCoordinate, Fact] = {}
        self.slots: dict[int, Slot] = {}
        self.variable_facts: Mapping[str, tuple[Fact, ...]] = {}

    def finish(self) -> None:
        """To be called after the walk: what can only be judged when every use of a variable is known."""
        self._positions.judge()
        self.variable_facts = self._positions.facts

    # --- definitions

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        self._active = id(node) in self._active_nodes
        self._keys.clear()
        self._positions.enter(node)

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: Any) -> None:
        self._active = id(node) in self._active_nodes
        self._keys.clear()
        self._positions.enter(node)

    def enter_variable_definition(self, node: VariableDefinitionNode, *_: Any) -> None:
        if node.default_value is None:
            return
        type_ = type_from_ast(self._schema, node.type)
        if type_ is not None and is_input_type(type_):
            name = node.variable.name.value
            fact = Fact(SchemaCoordinate(get_named_type(type_).name), Grade.SPECIFICATION)
            self._literal(type_, node.default_value, (f"${name}",), fact)

    # --- fields

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        self._keys.append((node.alias or node.name).value)
        self._names.append(node.name.value)
        parent = self._info.get_parent_type()
        if parent is None:
            return
        definition = self._info.get_field_def()
        name = node.name.value
        if definition is None or name == PLACEHOLDER:
            self._unknown_field(parent, node)
            return
        fact = fact_of(self._contract, parent.name, name)
        self.use(fact)
        type_ = get_named_type(definition.type)
        if definition.deprecation_reason is not None and self._active:
            self._add("REQ-060", f"{parent.name}.{name} is deprecated", node, fact, fix=definition.deprecation_reason)
        self._leaf_or_selection(node, type_, str(definition.type), fact)
        given = {argument.name.value for argument in node.arguments or ()}
        for argument_name, argument in definition.args.items():
            if argument_name not in given and is_required_argument(argument):
                argument_fact = fact_of(self._contract, parent.name, name, argument_name)
                self._add(
                    "REQ-032",
                    f"{parent.name}.{name} needs the argument {argument_name}",
                    node,
                    argument_fact,
                    expected=f"{argument_name}: {argument.type}",
                    actual="missing",
                    fix=f"Give {argument_name}",
                )

    def leave_field(self, *_: Any) -> None:
        self._keys.pop()
        self._names.pop()

    def _leaf_or_selection(self, node: FieldNode, type_: Any, text: str, fact: Fact) -> None:
        if is_leaf_type(type_) and node.selection_set:
            if is_unknown_scalar(type_):
                self._unconfirmed(
                    fact, node, f"{fact.coordinate}: no page states its type, so nothing below it is judged"
                )
            else:
                self._add(
                    "REQ-033",
                    f"{fact.coordinate} is of type {text} and has no fields to select",
                    node,
                    fact,
                    fix="Leave the selection { … } out",
                )
        elif is_composite_type(type_) and not (node.selection_set and node.selection_set.selections):
            self._add(
                "REQ-033",
                f"{fact.coordinate} is of type {text} and needs a selection",
                node,
                fact,
                fix=f"Write {node.name.value} {{ … }}",
            )

    def _unknown_field(self, parent: Any, node: FieldNode) -> None:
        name = node.name.value
        fact = fact_of(self._contract, parent.name)
        if parent in (self._schema.query_type, self._schema.mutation_type, self._schema.subscription_type):
            self._unknown_operation(parent, node, fact)
            return
        if is_placeholder(parent):
            self._unconfirmed(fact, node, f"no field of {parent.name} is documented, so nothing below it is judged")
            return
        if fact.partial:
            self._add(
                "REQ-070",
                f"{parent.name} has no documented field {name}, but its documentation was not read in full; "
                "nothing below it is judged",
                node,
                fact,
                fix=hint(self._contract, parent.name, name) or "Check the field's name",
            )
            return
        self._add(
            "REQ-030",
            f"{parent.name} has no field {name} in version {self._contract.version}",
            node,
            fact,
            expected=f"a field of {parent.name}: {listed(getattr(parent, 'fields', {}))}",
            actual=name,
            fix=hint(self._contract, parent.name, name) or self._similar(parent, name),
        )

    def _similar(self, parent: Any, name: str) -> str:
        fields = list(getattr(parent, "fields", {}))
        if not is_object_type(parent):
            owners = [type_.name for type_ in self._schema.get_possible_types(parent) if name in type_.fields]
            if owners:
                return f"Select it within ... on {listed(owners)}"
        return near(name, fields)

    def _unknown_operation(self, parent: Any, node: FieldNode, fact: Fact) -> None:
        name = node.name.value
        versions = versions_with_root_field(self._contract, name)
        where = f"; it exists in {listed(versions)}" if versions else "; no version known to this suite has it"
        fix = hint_for_operation(self._contract, name) or near(name, list(parent.fields))
        other = self._contract.operations.get(name)
        if other is not None:
            where, fix = "", f"{name} is a {other.kind}: write {other.kind} {{ {name} … }}"
        self._add(
            "REQ-004",
            f"there is no {parent.name.lower()} {name} in version {self._contract.version}{where}",
            node,
            Fact(SchemaCoordinate(parent.name, name), Grade.SPECIFICATION, partial=fact.partial),
            expected=f"a {parent.name.lower()} of version {self._contract.version}",
            actual=name,
            fix=fix,
        )

    # --- arguments and values

    def enter_argument(self, node: ArgumentNode, *_: Any) -> None:
        name = node.name.value
        directive = self._info.get_directive()
        argument = self._info.get_argument()
        if directive is not None:
            if argument is not None:
                fact = Fact(SchemaCoordinate(directive.name, "", name), Grade.SPECIFICATION)
                self._literal(argument.type, node.value, (*self._keys, f"@{directive.name}", name), fact)
            return
        parent, field = self._info.get_parent_type(), self._info.get_field_def()
        if parent is None or field is None:
            return
        field_name = self._names[-1]
        if argument is None:
            fact = fact_of(self._contract, parent.name, field_name)
            fix = hint(self._contract, parent.name, field_name, name) or near(name, list(field.args))
            self._add(
                "REQ-031",
                f"{parent.name}.{field_name} has no argument {name}",
                node,
                fact,
                expected=f"an argument of it: {listed(field.args)}" if field.args else "no argument",
                actual=name,
                fix=fix or f"Leave {name} out",
            )
            return
        fact = fact_of(self._contract, parent.name, field_name, name)
        self.use(fact)
        if argument.deprecation_reason is not None and self._active:
            self._add(
                "REQ-061", f"the argument {fact.coordinate} is deprecated", node, fact, fix=argument.deprecation_reason
            )
        has_default = isinstance(argument.type, GraphQLNonNull) and not is_required_argument(argument)
        self._literal(argument.type, node.value, (*self._keys, name), fact, has_default=has_default)

    def _literal(self, type_: Any, node: ValueNode, path: JsonPath, fact: Fact, *, has_default: bool = False) -> None:
        """Judges a value that stands in the document, and notes where variables are used in it."""
        base = len(path)
        self._place = lambda at: position_of(node_at(node, at[base:]))
        judge = InputJudge(self._contract, DOCUMENT, in_document=True, place=self._place, watch=self)
        judge.judge(type_, literal_value(node), path, fact, has_default=has_default)
        self.slots.update(slots_of(self._contract, type_, node, fact))
        for finding in judge.findings:
            if self._active or not finding.rule.startswith("REQ-06"):
                self._findings.append(finding)

    def enter_variable(self, node: VariableNode, _key: Any, parent: Any, *_: Any) -> None:
        if not isinstance(parent, VariableDefinitionNode):
            self._positions.name(node)

    def variable(self, name: str, type_: Any, path: JsonPath, fact: Fact, has_default: bool, one_of: str) -> None:
        """Part of InputWatch."""
        self._positions.note(Usage(name, type_, has_default, one_of, fact, self._place(path)))

    def use(self, fact: Fact) -> None:
        """Part of InputWatch."""
        if self._active:
            self.coordinates[fact.coordinate] = fact

    # --- types and fragments

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: Any) -> None:
        if node.type_condition is not None:
            self._possible(node.type_condition, self._info.get_parent_type(), node)

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        fragment = self._fragments.get(node.name.value)
        if fragment is not None:
            self._possible(fragment.type_condition, self._info.get_parent_type(), node, spread=True)

    def _possible(self, condition: NamedTypeNode, parent: Any, node: Node, *, spread: bool = False) -> None:
        wanted = self._schema.type_map.get(condition.name.value)
        if wanted is None:
            if not spread:
                self._unknown_type(condition, parent)
            return
        if not (is_composite_type(wanted) and is_composite_type(parent)):
            return
        if do_types_overlap(self._schema, wanted, parent):
            return
        fact = fact_of(self._contract, parent.name)
        self._add(
            "REQ-035",
            f"an object of type {parent.name} is never a {wanted.name}",
            node,
            fact,
            expected=listed(type_.name for type_ in self._possible_types(parent)),
            actual=wanted.name,
            unconfirmed="other members may exist" if fact.partial and not is_object_type(parent) else "",
        )

    def enter_named_type(self, node: NamedTypeNode, _key: Any, parent: Any, *_: Any) -> None:
        name = node.name.value
        if name in self._schema.type_map or isinstance(parent, InlineFragmentNode):
            return
        if isinstance(parent, FragmentDefinitionNode):
            self._unknown_type(node, None)

    def _unknown_type(self, node: NamedTypeNode, parent: Any) -> None:
        name = node.name.value
        own = fact_of(self._contract, parent.name) if parent is not None else None
        names_are_ours = own is not None and (
            own.partial or any(self._name_inferred(type_.name) for type_ in self._possible_types(parent))
        )
        known = [
            type_.name for type_ in self._schema.type_map.values() if is_object_type(type_) or is_interface_type(type_)
        ]
        self._add(
            "REQ-034",
            f"there is no type {name} in version {self._contract.version}",
            node,
            Fact(SchemaCoordinate(name), Grade.SPECIFICATION),
            expected=f"one of {listed(type_.name for type_ in self._possible_types(parent))}"
            if parent is not None
            else "",
            actual=name,
            fix=hint(self._contract, name) or near(name, known),
            unconfirmed="not all types that may stand here are known" if names_are_ours else "",
        )

    def _possible_types(self, parent: Any) -> Any:
        return (parent,) if is_object_type(parent) else self._schema.get_possible_types(parent)

    def _name_inferred(self, name: str) -> bool:
        return fact_of(self._contract, name).name_inferred

    # --- notes

    def _unconfirmed(self, fact: Fact, node: Node, message: str) -> None:
        """One warning for each coordinate, however often a document uses it."""
        key = str(fact.coordinate)
        if key not in self._unconfirmed_types:
            self._unconfirmed_types.add(key)
            self._add("REQ-070", message, node, fact)

    def _add(self, rule: str, message: str, node: Node, fact: Fact, **more: str) -> None:
        path = tuple(self._keys)
        self._findings.append(
            document_finding(
                rule,
                message,
                node,
                path=path,
                coordinate=str(fact.coordinate),
                grade=fact.grade,
                source=fact.source,
                **more,
            )
        )
