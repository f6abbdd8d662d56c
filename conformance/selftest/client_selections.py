"""Defects of a client's selections: fields, arguments, directives and fragments where they stand."""

from __future__ import annotations

from typing import Any, Final

from graphql import (
    ArgumentNode,
    DirectiveNode,
    FieldNode,
    NameNode,
    SelectionSetNode,
    is_composite_type,
    is_leaf_type,
    is_object_type,
    is_required_argument,
)

from conformance.contract.model import PLACEHOLDER
from conformance.selftest.client_trees import (
    ROOTS,
    Selected,
    choose,
    copied,
    example_selection,
    inline_variables,
    objects,
    operation_of,
    replaced,
    select_more,
    selected,
    selections,
    send,
    tree_of,
)
from conformance.selftest.clients import ClientFaultList, Sending

FAULTS: Final = ClientFaultList()


def _with_directives(sending: Sending, text: str) -> bool:
    """Writes directives after one of the fields."""
    tree = tree_of(sending)
    field = choose(sending, iter(selected(sending, tree)))
    node = selections(f"field {text}")[0]
    if field is None:
        return False
    more: tuple[DirectiveNode, ...] = (*(field.node.directives or ()), *(node.directives or ()))
    return send(sending, replaced(tree, field.node, copied(field.node, directives=more)))


def _with_arguments(sending: Sending, field: Selected, arguments: tuple[ArgumentNode, ...]) -> bool:
    tree = tree_of(sending)
    node = next(each.node for each in selected(sending, tree) if each.node == field.node)
    return send(sending, replaced(tree, node, copied(node, arguments=arguments)))


def _argument(text: str) -> ArgumentNode:
    node = selections(f"field({text})")[0]
    assert isinstance(node, FieldNode)  # noqa: S101 - so it was written
    return (node.arguments or ())[0]


# --- directives


@FAULTS("directive-of-nobody", "REQ-024", "A directive stands at a field that the API does not have")
def directive_of_nobody(sending: Sending) -> bool:
    return _with_directives(sending, sending.random.choice(("@cached", '@client(always: "yes")', "@defer", "@live")))


@FAULTS("directive-at-wrong-place", "REQ-024", "A directive stands where it may not")
def directive_at_wrong_place(sending: Sending) -> bool:
    tree = tree_of(sending)
    if sending.random.random() < 0.5:
        return _with_directives(
            sending, sending.random.choice(("@deprecated", '@specifiedBy(url: "https://example.com")'))
        )
    operation = operation_of(tree)
    text = sending.random.choice(("@skip(if: false)", "@include(if: true)"))
    node = selections(f"field {text}")[0]
    return send(sending, replaced(tree, operation, copied(operation, directives=node.directives)))


@FAULTS("directive-twice", "REQ-025", "A directive stands twice at one field")
def directive_twice(sending: Sending) -> bool:
    twice = ("@include(if: true) @include(if: true)", "@skip(if: false) @skip(if: false)")
    return _with_directives(sending, sending.random.choice(twice))


@FAULTS("directive-arguments-wrong", "REQ-029", "A directive lacks its argument, or has one that it does not know")
def directive_arguments_wrong(sending: Sending) -> bool:
    wrong = ("@include", "@skip", "@include(if: true, unless: false)", "@skip(if: false, always: true)")
    return _with_directives(sending, sending.random.choice(wrong))


# --- arguments


def _with_known_arguments(sending: Sending) -> Selected | None:
    tree = tree_of(sending)
    return choose(sending, (each for each in selected(sending, tree) if each.field and each.node.arguments))


@FAULTS("argument-twice", "REQ-026", "An argument is given twice")
def argument_twice(sending: Sending) -> bool:
    field = _with_known_arguments(sending)
    given = tuple(field.node.arguments or ()) if field is not None else ()
    return field is not None and _with_arguments(sending, field, (*given, sending.random.choice(given)))


@FAULTS("input-field-twice", "REQ-027", "A field of an input object is given twice")
def input_field_twice(sending: Sending) -> bool:
    if not inline_variables(sending):
        return False
    text = sending.query
    names = [name for name in _keys(sending) if text.count(f"{{ {name}: ") or text.count(f"{{{name}: ")]
    if not names:
        return False
    name = sending.random.choice(names)
    start = f"{{ {name}: " if f"{{ {name}: " in text else f"{{{name}: "
    sending.body["query"] = text.replace(start, f"{{ {name}: null, {name}: ", 1)
    return True


def _keys(sending: Sending) -> list[str]:
    """The input fields that stand first in an object of the document."""
    parts = sending.query.replace("{ ", "{").split("{")[1:]
    return sorted({part.partition(":")[0] for part in parts if part.partition(":")[0].isidentifier()})


@FAULTS("argument-not-there", "REQ-031", "A field is given an argument that it does not have")
def argument_not_there(sending: Sending) -> bool:
    tree = tree_of(sending)
    known = (each for each in selected(sending, tree) if each.field and not each.node.name.value.startswith("__"))
    field = choose(sending, known)
    if field is None:
        return False
    more = _argument(sending.random.choice(("debug: true", "limit: 5", 'locale: "en-US"')))
    return _with_arguments(sending, field, (*(field.node.arguments or ()), more))


@FAULTS("required-argument-lost", "REQ-032", "A required argument is not given")
def required_argument_lost(sending: Sending) -> bool:
    tree = tree_of(sending)
    fields = [each for each in selected(sending, tree) if each.field is not None]
    offers = [
        (each, argument)
        for each in fields
        for argument in each.node.arguments or ()
        if each.field is not None
        and argument.name.value in each.field.args
        and is_required_argument(each.field.args[argument.name.value])
    ]
    if not offers:
        return False
    field, lost = sending.random.choice(offers)
    return _with_arguments(sending, field, tuple(each for each in field.node.arguments or () if each is not lost))


@FAULTS("deprecated-argument", "REQ-061", "A deprecated argument is given")
def deprecated_argument(sending: Sending) -> bool:
    tree = tree_of(sending)
    offers = []
    for field in selected(sending, tree):
        given = {argument.name.value for argument in field.node.arguments or ()}
        for name, argument in (field.field.args if field.field else {}).items():
            if argument.deprecation_reason is not None and name not in given:
                offers.append((field, name, argument.type))
    if not offers:
        return False
    field, name, type_ = sending.random.choice(offers)
    value = f'"id-{sending.random.randrange(100)}"' if is_leaf_type(type_) else "{}"
    return _with_arguments(sending, field, (*(field.node.arguments or ()), _argument(f"{name}: {value}")))


# --- fields


@FAULTS("response-key-of-two-fields", "REQ-028", "Two different fields share one response key")
def response_key_of_two_fields(sending: Sending) -> bool:
    tree = tree_of(sending)
    field = choose(sending, objects(sending, tree))
    chosen = field.node.selection_set.selections if field is not None and field.node.selection_set else ()
    nodes = [each for each in chosen if isinstance(each, FieldNode) and each.name.value != "__typename"]
    if field is None or not nodes:
        return False
    key = (node := sending.random.choice(nodes)).alias or node.name
    return send(sending, select_more(tree, field, f"{key.value}: __typename"))


def _unknown_on(sending: Sending, *, partial: bool) -> bool:
    """Selects a field that no page has, on a type whose page was read in part, or in full."""

    def fits(field: Selected) -> bool:
        if field.node.selection_set is None or not is_composite_type(field.type) or str(field.type) in ROOTS:
            return False
        is_placeholder = PLACEHOLDER in getattr(field.type, "fields", {})
        return partial == (is_placeholder or sending.contract.is_partial(field.type.name))

    tree = tree_of(sending)
    field = choose(sending, (each for each in selected(sending, tree) if fits(each)))
    name = sending.random.choice(("neverHeardOf", "debugInfo", "etag_", "x"))
    return field is not None and send(sending, select_more(tree, field, name))


@FAULTS("field-not-there", "REQ-030", "A field is selected that the type does not have")
def field_not_there(sending: Sending) -> bool:
    return _unknown_on(sending, partial=False)


@FAULTS(
    "field-undocumented", "REQ-070", "A field is selected that no page mentions, on a type that is not known in full"
)
def field_undocumented(sending: Sending) -> bool:
    return _unknown_on(sending, partial=True)


@FAULTS("object-without-selection", "REQ-033", "An object is selected without its fields")
def object_without_selection(sending: Sending) -> bool:
    tree = tree_of(sending)
    field = choose(sending, (each for each in selected(sending, tree) if is_composite_type(each.type)))
    return field is not None and send(sending, replaced(tree, field.node, copied(field.node, selection_set=None)))


@FAULTS("leaf-with-selection", "REQ-033", "Fields are selected of a value that has none")
def leaf_with_selection(sending: Sending) -> bool:
    tree = tree_of(sending)

    def fits(field: Selected) -> bool:
        return field.field is not None and is_leaf_type(field.type) and field.type.name != "Unknown"

    field = choose(sending, (each for each in selected(sending, tree) if fits(each)))
    if field is None:
        return False
    chosen = SelectionSetNode(selections=selections(sending.random.choice(("value", "id amount", "__typename"))))
    return send(sending, replaced(tree, field.node, copied(field.node, selection_set=chosen)))


@FAULTS("deprecated-field", "REQ-060", "A deprecated field is selected")
def deprecated_field(sending: Sending) -> bool:
    tree = tree_of(sending)
    offers: list[tuple[Selected, str, Any]] = []
    for field in objects(sending, tree):
        chosen = field.node.selection_set.selections if field.node.selection_set is not None else ()
        known = {(each.alias or each.name).value for each in chosen if isinstance(each, FieldNode)}
        for name, definition in getattr(field.type, "fields", {}).items():
            if definition.deprecation_reason is not None and name not in known:
                offers.append((field, name, definition.type))
    if not offers:
        return False
    field, name, type_ = sending.random.choice(offers)
    return send(sending, select_more(tree, field, name + example_selection(type_)))


# --- fragments


@FAULTS("fragment-on-no-type", "REQ-034", "A fragment is on a type that this version does not have")
def fragment_on_no_type(sending: Sending) -> bool:
    tree = tree_of(sending)
    field = choose(sending, objects(sending, tree))
    name = sending.random.choice(("Unheard", "OrderV2", "order"))
    return field is not None and send(sending, select_more(tree, field, f"... on {name} {{ __typename }}"))


@FAULTS("fragment-never-applies", "REQ-035", "A fragment is on a type that the object never is")
def fragment_never_applies(sending: Sending) -> bool:
    tree = tree_of(sending)
    field = choose(sending, (each for each in objects(sending, tree) if is_object_type(each.type)))
    if field is None:
        return False
    types = sending.contract.schema.type_map.values()
    names = sorted(each.name for each in types if is_object_type(each) and not each.name.startswith("__"))
    name = sending.random.choice([each for each in names if each != field.type.name])
    return send(sending, select_more(tree, field, f"... on {name} {{ __typename }}"))


@FAULTS("field-of-unknown-alias", "REQ-030", "A field is misspelt, under its right name as an alias")
def field_of_unknown_alias(sending: Sending) -> bool:
    tree = tree_of(sending)

    def fits(field: Selected) -> bool:
        is_root = str(field.parent) in ROOTS
        known = field.field is not None and not field.node.name.value.startswith("__")
        return known and not is_root and not sending.contract.is_partial(field.parent.name)

    field = choose(sending, (each for each in selected(sending, tree) if fits(each)))
    if field is None:
        return False
    wrong = copied(field.node, alias=NameNode(value=field.key), name=NameNode(value=field.node.name.value + "s_"))
    return send(sending, replaced(tree, field.node, wrong))
