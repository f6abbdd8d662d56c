"""Defects of a client's documents as a whole: text, operations, fragments, and the definitions of variables."""

from __future__ import annotations

from typing import Final

from graphql import (
    DocumentNode,
    GraphQLNonNull,
    NameNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    OperationType,
    VariableDefinitionNode,
    get_named_type,
    is_composite_type,
    is_input_type,
    is_object_type,
    parse,
    parse_type,
    print_ast,
    type_from_ast,
)

from conformance.selftest.client_trees import (
    ROOTS,
    Selected,
    choose,
    copied,
    objects,
    operation_of,
    replaced,
    select_more,
    selected,
    send,
    tree_of,
    variable_uses,
    with_definitions,
)
from conformance.selftest.clients import ClientFaultList, Sending

FAULTS: Final = ClientFaultList()


def _spread(sending: Sending, tree: DocumentNode, name: str) -> tuple[DocumentNode, str] | None:
    """The document with a fragment spread in a selection, and the type selected on there."""
    field = choose(sending, (each for each in objects(sending, tree) if is_object_type(each.type)))
    return None if field is None else (select_more(tree, field, f"...{name}"), str(field.type))


def _composite_place(sending: Sending, tree: DocumentNode) -> Selected | OperationDefinitionNode:
    """A field with a selection; the operation where there is none."""
    return choose(sending, objects(sending, tree)) or operation_of(tree)


def _definition(sending: Sending, tree: DocumentNode) -> VariableDefinitionNode | None:
    definitions = operation_of(tree).variable_definitions or ()
    return sending.random.choice(definitions) if definitions else None


def _with_type(sending: Sending, type_: str) -> bool:
    """Declares one of the variables with another type."""
    tree = tree_of(sending)
    definition = _definition(sending, tree)
    if definition is None:
        return False
    other = copied(definition, type=parse_type(type_, no_location=True))
    return send(sending, replaced(tree, definition, other))


# --- text


@FAULTS("document-cut-off", "REQ-001", "The document ends in the middle")
def document_cut_off(sending: Sending) -> bool:
    text = sending.query
    start, end = text.index("{") + 1, text.rindex("}")
    sending.body["query"] = text[: sending.random.randrange(start, end + 1)]
    return True


@FAULTS("document-with-slip", "REQ-001", "The document has a slip of the pen in it")
def document_with_slip(sending: Sending) -> bool:
    slip = sending.random.choice(("}", "{", ";", '"open', "%", "...", "$"))
    sending.body["query"] = sending.query.rstrip() + slip
    return True


@FAULTS("document-empty", "REQ-001", "The document has nothing in it")
def document_empty(sending: Sending) -> bool:
    sending.body["query"] = sending.random.choice(("", " \n", "# nothing", ","))
    return True


@FAULTS("document-too-long", "REQ-002", "The document is longer than anybody reads")
def document_too_long(sending: Sending) -> bool:
    sending.body["query"] = sending.query + "\n# padding" * sending.random.randrange(100_001, 100_100)
    return True


@FAULTS("document-with-too-many-tokens", "REQ-002", "The document repeats itself without end")
def document_with_too_many_tokens(sending: Sending) -> bool:
    tree = tree_of(sending)
    names = "__typename " * sending.random.randrange(30_001, 30_100)
    text = print_ast(tree)
    end = text.rindex("}")
    sending.body["query"] = f"{text[:end]} {names} {text[end:]}"
    return True


@FAULTS("document-nests-without-end", "REQ-002", "The document nests deeper than anybody reads")
def document_nests_without_end(sending: Sending) -> bool:
    depth = sending.random.randrange(3_000, 6_000)
    text = print_ast(tree_of(sending))
    end = text.rindex("}")
    sending.body["query"] = text[:end] + "...{" * depth + "__typename" + "}" * depth + text[end:]
    return True


# --- operations


@FAULTS("operation-name-not-there", "REQ-003", "operationName names an operation that the document does not have")
def operation_name_not_there(sending: Sending) -> bool:
    sending.body["operationName"] = sending.random.choice((f"{sending.operation}V2", "Mutation", "query"))
    return True


@FAULTS("operation-not-chosen", "REQ-003", "The document has two operations, and none is chosen")
def operation_not_chosen(sending: Sending) -> bool:
    sending.body.pop("operationName", None)
    return send(sending, with_definitions(tree_of(sending), "query another { __typename }", first=_toss(sending)))


@FAULTS("document-without-operation", "REQ-003", "The document has fragments only")
def document_without_operation(sending: Sending) -> bool:
    tree = tree_of(sending)
    root = "Query" if operation_of(tree).operation is OperationType.QUERY else "Mutation"
    sending.body["query"] = f"fragment {sending.operation or 'all'} on {root} {{ __typename }}"
    return True


@FAULTS("operation-of-no-version", "REQ-004", "The operation is none of this version")
def operation_of_no_version(sending: Sending) -> bool:
    tree = tree_of(sending)
    field = choose(sending, (each for each in selected(sending, tree) if str(each.parent) in ROOTS and each.field))
    if field is None or field.node.name.value.startswith("__"):
        return False
    name = f"{field.node.name.value}{sending.random.choice(('V2', 's', 'ById', '_'))}"
    if name in sending.contract.operations:
        return False
    return send(sending, replaced(tree, field.node, copied(field.node, name=NameNode(value=name))))


@FAULTS("operation-of-other-kind", "REQ-004", "A query is asked as a mutation, or the other way round")
def operation_of_other_kind(sending: Sending) -> bool:
    tree = tree_of(sending)
    operation = operation_of(tree)
    is_query = operation.operation is OperationType.QUERY
    other = copied(operation, operation=OperationType.MUTATION if is_query else OperationType.QUERY)
    return send(sending, replaced(tree, operation, other))


@FAULTS("definition-of-a-type", "REQ-010", "The document defines a type")
def definition_of_a_type(sending: Sending) -> bool:
    texts = ("type Extra { id: ID }", "scalar Extra", "extend type Order { extra: String }", "enum Extra { A B }")
    return send(sending, with_definitions(tree_of(sending), sending.random.choice(texts), first=_toss(sending)))


@FAULTS("operation-name-twice", "REQ-011", "Two operations have one name")
def operation_name_twice(sending: Sending) -> bool:
    tree = tree_of(sending)
    operation = operation_of(tree)
    if operation.name is None:
        return False
    sending.body["operationName"] = operation.name.value
    return send(sending, with_definitions(tree, f"query {operation.name.value} {{ __typename }}", first=_toss(sending)))


@FAULTS("anonymous-operation-beside-others", "REQ-012", "An anonymous operation stands beside another")
def anonymous_operation_beside_others(sending: Sending) -> bool:
    tree = tree_of(sending)
    name = operation_of(tree).name
    if name is not None:
        sending.body["operationName"] = name.value
    return send(sending, with_definitions(tree, "{ __typename }", first=_toss(sending)))


@FAULTS("operation-kind-not-there", "REQ-014", "A subscription is asked of an API that has none")
def operation_kind_not_there(sending: Sending) -> bool:
    tree = tree_of(sending)
    operation = operation_of(tree)
    if sending.contract.schema.subscription_type is not None:
        return False
    return send(sending, replaced(tree, operation, copied(operation, operation=OperationType.SUBSCRIPTION)))


# --- fragments


@FAULTS("fragment-on-leaf", "REQ-015", "A fragment is on a type that has no fields")
def fragment_on_leaf(sending: Sending) -> bool:
    tree = tree_of(sending)
    types = sending.contract.schema.type_map.values()
    leaves = sorted(each.name for each in types if not is_composite_type(each) and not each.name.startswith("__"))
    text = f"... on {sending.random.choice(leaves)} {{ __typename }}"
    return send(sending, select_more(tree, _composite_place(sending, tree), text))


@FAULTS("fragment-name-twice", "REQ-016", "Two fragments have one name")
def fragment_name_twice(sending: Sending) -> bool:
    spread = _spread(sending, tree_of(sending), "Part")
    if spread is None:
        return False
    tree, type_ = spread
    return send(sending, with_definitions(tree, f"fragment Part on {type_} {{ __typename }} " * 2))


@FAULTS("fragment-not-defined", "REQ-017", "A fragment is spread that nobody defined")
def fragment_not_defined(sending: Sending) -> bool:
    tree = tree_of(sending)
    name = sending.random.choice(("Part", "OrderFields", "Everything"))
    return send(sending, select_more(tree, _composite_place(sending, tree), f"...{name}"))


@FAULTS("fragment-not-used", "REQ-018", "A fragment is defined that nobody spreads")
def fragment_not_used(sending: Sending) -> bool:
    types = sending.contract.schema.type_map.values()
    names = sorted(each.name for each in types if is_object_type(each) and not each.name.startswith("__"))
    text = f"fragment Unused on {sending.random.choice(names)} {{ __typename }}"
    return send(sending, with_definitions(tree_of(sending), text, first=_toss(sending)))


@FAULTS("fragments-in-circle", "REQ-019", "A fragment spreads itself, directly or through another")
def fragments_in_circle(sending: Sending) -> bool:
    spread = _spread(sending, tree_of(sending), "First")
    if spread is None:
        return False
    tree, type_ = spread
    loop = f"fragment First on {type_} {{ ...First }}"
    circle = f"fragment First on {type_} {{ ...Second }} fragment Second on {type_} {{ ...First }}"
    return send(sending, with_definitions(tree, sending.random.choice((loop, circle))))


# --- variables


@FAULTS("variable-defined-twice", "REQ-020", "A variable is defined twice")
def variable_defined_twice(sending: Sending) -> bool:
    tree = tree_of(sending)
    operation, definition = operation_of(tree), _definition(sending, tree)
    if definition is None:
        return False
    twice = (*(operation.variable_definitions or ()), definition)
    return send(sending, replaced(tree, operation, copied(operation, variable_definitions=twice)))


@FAULTS("variable-of-output-type", "REQ-021", "A variable is of a type that only answers have")
def variable_of_output_type(sending: Sending) -> bool:
    types = sending.contract.schema.type_map.values()
    names = sorted(each.name for each in types if not is_input_type(each) and not each.name.startswith("__"))
    return _with_type(sending, sending.random.choice(names) + sending.random.choice(("", "!")))


@FAULTS("variable-not-defined", "REQ-022", "A variable is used that the operation does not define")
def variable_not_defined(sending: Sending) -> bool:
    tree = tree_of(sending)
    operation, definition = operation_of(tree), _definition(sending, tree)
    if definition is None:
        return False
    others = tuple(each for each in operation.variable_definitions or () if each is not definition)
    return send(sending, replaced(tree, operation, copied(operation, variable_definitions=others)))


@FAULTS("variable-not-used", "REQ-023", "A variable is defined and never used")
def variable_not_used(sending: Sending) -> bool:
    tree = tree_of(sending)
    operation = operation_of(tree)
    text = (
        f"query(${sending.random.choice(('unused', 'debug', 'first'))}: {sending.random.choice(('ID', 'Int'))}) {{ a }}"
    )
    more = operation_of(parse(text, no_location=True)).variable_definitions or ()
    known = {each.variable.name.value for each in operation.variable_definitions or ()}
    if known & {each.variable.name.value for each in more}:
        return False
    all_of_them = (*(operation.variable_definitions or ()), *more)
    return send(sending, replaced(tree, operation, copied(operation, variable_definitions=all_of_them)))


@FAULTS("variable-of-no-type", "REQ-034", "A variable is of a type that this version does not have")
def variable_of_no_type(sending: Sending) -> bool:
    return _with_type(sending, sending.random.choice(("UnheardInput!", "string", "Map", "[JSON!]")))


@FAULTS("variable-of-unfit-type", "REQ-036", "A variable is of another type than the place where it stands")
def variable_of_unfit_type(sending: Sending) -> bool:
    tree = tree_of(sending)
    definition = _definition(sending, tree)
    places = [
        type_ for name, type_ in variable_uses(sending, tree) if definition and name == definition.variable.name.value
    ]
    if definition is None or not places or any(get_named_type(type_).name == "Unknown" for type_ in places):
        return False
    own = type_from_ast(sending.contract.schema, definition.type)
    others = ["Boolean" if str(get_named_type(places[0])) == "String" else "String!", f"[{own}]"]
    return _with_type_of(sending, tree, definition, sending.random.choice(others))


@FAULTS("variable-may-be-null", "REQ-036", "A variable that may be null stands where null may not")
def variable_may_be_null(sending: Sending) -> bool:
    tree = tree_of(sending)
    definition = _definition(sending, tree)
    if definition is None or not isinstance(definition.type, NonNullTypeNode) or definition.default_value is not None:
        return False
    uses = [type_ for name, type_ in variable_uses(sending, tree) if name == definition.variable.name.value]
    if not any(isinstance(type_, GraphQLNonNull) for type_ in uses):
        return False
    return send(sending, replaced(tree, definition, copied(definition, type=definition.type.type)))


def _with_type_of(sending: Sending, tree: DocumentNode, definition: VariableDefinitionNode, type_: str) -> bool:
    other = copied(definition, type=parse_type(type_, no_location=True))
    return send(sending, replaced(tree, definition, other))


def _toss(sending: Sending) -> bool:
    return sending.random.random() < 0.5
