"""The rules of this package: HTTP envelope (ENV), request (REQ), response shape (RSP), error model (ERR).

Ids are permanent: an id is never given another meaning, and a rule that goes away leaves its id unused.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from conformance.findings.model import Level, Rule

MUST, SHOULD, MAY = Level.MUST, Level.SHOULD, Level.MAY

OVER_HTTP: Final = "GraphQL over HTTP"
CALLING: Final = "call-the-buy-with-prime-api"
ERROR_MODEL: Final = "events-mutations-createeventsubscription"


ENVELOPE_RULES: Final = (
    Rule("ENV-001", SHOULD, "A request is sent with POST", CALLING),
    Rule("ENV-002", MUST, "A mutation is never sent with GET", f"{OVER_HTTP}: GET"),
    Rule("ENV-003", MUST, "A POST request says Content-Type: application/json", f"{OVER_HTTP}: Request"),
    Rule("ENV-004", MUST, "A request body is one JSON object in UTF-8", f"{OVER_HTTP}: POST"),
    Rule("ENV-005", MUST, "A request has the parameter query, a string", f"{OVER_HTTP}: Request parameters"),
    Rule(
        "ENV-006",
        MUST,
        "operationName is a string, variables and extensions are objects",
        f"{OVER_HTTP}: Request parameters",
    ),
    Rule("ENV-007", MAY, "A request has no parameters beyond the specified ones", f"{OVER_HTTP}: Request parameters"),
    Rule("ENV-008", SHOULD, "A request accepts JSON answers", f"{OVER_HTTP}: Media types"),
    Rule("ENV-010", MUST, "An answer says that it is JSON", f"{OVER_HTTP}: Media types"),
    Rule("ENV-011", MUST, "An answer's charset is UTF-8", f"{OVER_HTTP}: Media types"),
    Rule("ENV-012", MUST, "The status of application/graphql-response+json fits data", f"{OVER_HTTP}: Status codes"),
    Rule("ENV-013", SHOULD, "An application/json answer has the status 200", f"{OVER_HTTP}: Status codes"),
    Rule("ENV-014", SHOULD, "The target lets the caller in", f"{OVER_HTTP}: Status codes"),
    Rule("ENV-015", SHOULD, "The target is up and does not throttle", f"{OVER_HTTP}: Status codes"),
    Rule("ENV-020", MUST, "An answer's body is JSON", "RFC 8259"),
    Rule("ENV-021", MUST, "An answer's body is UTF-8 without a byte order mark", "RFC 8259, 8.1"),
    Rule("ENV-022", MUST, "An answer is an object", "GraphQL: Response format"),
    Rule("ENV-023", MUST, "An answer has no keys but data, errors and extensions", "GraphQL: Response format"),
    Rule("ENV-024", MUST, "An answer has data, errors or both", "GraphQL: Data"),
    Rule("ENV-025", MUST, "data is an object or null", "GraphQL: Data"),
    Rule("ENV-026", MUST, "extensions is an object", "GraphQL: Response format"),
    Rule("ENV-027", MUST, "An answer nests no deeper than a JSON reader can go", "RFC 8259, 9"),
    Rule("ENV-028", SHOULD, "Numbers are within what JSON readers hold", "RFC 8259, 6"),
)

REQUEST_RULES: Final = (
    Rule("REQ-001", MUST, "The document parses", "GraphQL: Language"),
    Rule("REQ-002", MUST, "The document stays within the size that is judged", "limits of this suite"),
    Rule("REQ-003", MUST, "It is clear which operation is meant", "GraphQL: Executing requests"),
    Rule("REQ-004", MUST, "The operation exists in this version", "GraphQL: Field selections"),
    Rule("REQ-010", MUST, "The document holds operations and fragments only", "GraphQL: Executable definitions"),
    Rule("REQ-011", MUST, "Operation names are unique", "GraphQL: Operation name uniqueness"),
    Rule("REQ-012", MUST, "An anonymous operation stands alone", "GraphQL: Lone anonymous operation"),
    Rule("REQ-013", MUST, "A subscription has one root field", "GraphQL: Single root field"),
    Rule("REQ-014", MUST, "The operation's kind exists", "GraphQL: Operation type existence"),
    Rule("REQ-015", MUST, "Fragments are on objects, interfaces and unions", "GraphQL: Fragments on composite types"),
    Rule("REQ-016", MUST, "Fragment names are unique", "GraphQL: Fragment name uniqueness"),
    Rule("REQ-017", MUST, "A spread fragment is defined", "GraphQL: Fragment spread target defined"),
    Rule("REQ-018", MUST, "A defined fragment is used", "GraphQL: Fragments must be used"),
    Rule("REQ-019", MUST, "Fragments form no circle", "GraphQL: Fragment spreads must not form cycles"),
    Rule("REQ-020", MUST, "Variable names are unique", "GraphQL: Variable uniqueness"),
    Rule("REQ-021", MUST, "Variables are of input types", "GraphQL: Variables are input types"),
    Rule("REQ-022", MUST, "A used variable is defined", "GraphQL: All variable uses defined"),
    Rule("REQ-023", MUST, "A defined variable is used", "GraphQL: All variables used"),
    Rule("REQ-024", MUST, "A directive exists and stands where it may", "GraphQL: Directives are defined"),
    Rule("REQ-025", MUST, "A directive stands once", "GraphQL: Directives are unique per location"),
    Rule("REQ-026", MUST, "Argument names are unique", "GraphQL: Argument uniqueness"),
    Rule("REQ-027", MUST, "Input field names are unique", "GraphQL: Input object field uniqueness"),
    Rule("REQ-028", MUST, "Fields with one response name can be merged", "GraphQL: Field selection merging"),
    Rule("REQ-029", MUST, "A directive has the arguments that it needs, and no others", "GraphQL: Arguments"),
    Rule("REQ-030", MUST, "A selected field exists", "GraphQL: Field selections"),
    Rule("REQ-031", MUST, "An argument exists", "GraphQL: Argument names"),
    Rule("REQ-032", MUST, "A required argument is given", "GraphQL: Required arguments"),
    Rule("REQ-033", MUST, "Objects have a selection, leaves have none", "GraphQL: Leaf field selections"),
    Rule("REQ-034", MUST, "A named type exists", "GraphQL: Fragment spread type existence"),
    Rule("REQ-035", MUST, "A fragment can apply where it stands", "GraphQL: Fragment spread is possible"),
    Rule("REQ-036", MUST, "A variable fits where it is used", "GraphQL: All variable usages are allowed"),
    Rule("REQ-040", MUST, "An input value is of its type", "GraphQL: Values of correct type"),
    Rule("REQ-041", MUST, "Null is not given where a value is demanded", "GraphQL: Values of correct type"),
    Rule("REQ-042", MUST, "A required variable or input field is given", "GraphQL: Input object required fields"),
    Rule("REQ-043", MUST, "An input field exists", "GraphQL: Input object field names"),
    Rule("REQ-044", MUST, "An enum value exists", "GraphQL: Values of correct type"),
    Rule("REQ-045", MUST, "A text held to a table of values is one of them", "the field's page"),
    Rule("REQ-046", MUST, "A value keeps its documented bounds", "the field's page"),
    Rule("REQ-047", MUST, "At most one of exclusive fields is given", "the type's page"),
    Rule("REQ-048", MUST, "A text has its documented format", "the field's page"),
    Rule("REQ-049", MUST, "A oneOf input has exactly one field", "GraphQL: OneOf input objects"),
    Rule("REQ-050", SHOULD, "Only declared variables are given", "GraphQL: Coercing variable values"),
    Rule("REQ-051", SHOULD, "A Decimal is written as a number", "order-mutations-createorder"),
    Rule("REQ-052", MUST, "variables is an object", "GraphQL: Coercing variable values"),
    Rule("REQ-053", MUST, "Variables stay within the depth and the faults that are judged", "limits of this suite"),
    Rule("REQ-060", SHOULD, "No deprecated field is selected", "the field's page"),
    Rule("REQ-061", SHOULD, "No deprecated argument is given", "the field's page"),
    Rule("REQ-062", SHOULD, "No deprecated input field is given", "the field's page"),
    Rule("REQ-063", SHOULD, "No deprecated enum value is given", "the field's page"),
    Rule("REQ-070", SHOULD, "What is used is documented", "the type's page"),
    Rule("REQ-071", MAY, "A value of an open table is one of the known ones", "the field's page"),
)

RESPONSE_RULES: Final = (
    Rule("RSP-001", MUST, "Every selected key is present", "GraphQL: Executing selection sets"),
    Rule("RSP-002", MUST, "No key is present that was not selected", "GraphQL: Executing selection sets"),
    Rule("RSP-003", MUST, "A leaf value is of its scalar's kind", "GraphQL: Result coercion"),
    Rule("RSP-004", MUST, "A non-null field is not null", "GraphQL: Handling execution errors"),
    Rule("RSP-005", MUST, "An object stands where an object belongs", "GraphQL: Value completion"),
    Rule("RSP-006", MUST, "A list stands where a list belongs", "GraphQL: Value completion"),
    Rule("RSP-007", MUST, "No list stands where none belongs", "GraphQL: Value completion"),
    Rule("RSP-008", MUST, "An enum value is a member of its enum", "GraphQL: Enums"),
    Rule("RSP-009", MUST, "A text held to a table of values is one of them", "the field's page"),
    Rule("RSP-010", MUST, "__typename names a possible type", "GraphQL: Type name introspection"),
    Rule("RSP-011", MUST, "An Int or Long is within its range", "GraphQL: Int"),
    Rule("RSP-012", MUST, "An ID is written as a string", "GraphQL: ID"),
    Rule("RSP-013", MUST, "A Decimal is written as a number", "order-mutations-createorder"),
    Rule("RSP-014", MUST, "A text has its documented format", "the field's page"),
    Rule("RSP-015", MUST, "A value keeps its documented bounds", "the field's page"),
    Rule("RSP-016", MAY, "Keys stand in the order of the selection", "GraphQL: Serialized map ordering"),
    Rule("RSP-017", MAY, "A value of an open table is one of the known ones", "the field's page"),
    Rule("RSP-018", SHOULD, "The findings of one answer can be counted", "limits of this suite"),
)

ERROR_RULES: Final = (
    Rule("ERR-001", MUST, "errors is a list with at least one error", "GraphQL: Errors"),
    Rule("ERR-002", MUST, "An error is an object", "GraphQL: Errors"),
    Rule("ERR-003", MUST, "An error has a message, a string", "GraphQL: Errors"),
    Rule("ERR-004", MUST, "locations is a list of line and column, from 1", "GraphQL: Errors"),
    Rule("ERR-005", MUST, "path is a list of names and indexes", "GraphQL: Errors"),
    Rule("ERR-006", MUST, "An error's extensions is an object", "GraphQL: Errors"),
    Rule("ERR-007", SHOULD, "An error has no keys beyond the specified ones", "GraphQL: Errors"),
    Rule("ERR-008", MUST, "An error's path leads along the selection", "GraphQL: Errors"),
    Rule("ERR-009", SHOULD, "Where an error's path leads, a value is null", "GraphQL: Handling execution errors"),
    Rule("ERR-010", MUST, "data is null only with errors that say why", "GraphQL: Data"),
    Rule("ERR-020", SHOULD, "An error has extensions.classification", ERROR_MODEL),
    Rule("ERR-021", SHOULD, "A classification is an object", ERROR_MODEL),
    Rule("ERR-022", SHOULD, "A classification's type is documented", ERROR_MODEL),
    Rule("ERR-023", MUST, "errorType is the one of the type", ERROR_MODEL),
    Rule("ERR-024", MUST, "errorCode is the one of the type", ERROR_MODEL),
    Rule("ERR-025", MUST, "The parts of a classification are of their documented kinds", ERROR_MODEL),
)

RULES: Final = (*ENVELOPE_RULES, *REQUEST_RULES, *RESPONSE_RULES, *ERROR_RULES)
"""Every rule of this package, in the order of the ids within a family."""

RULES_BY_ID: Final[Mapping[str, Rule]] = MappingProxyType({rule.id: rule for rule in RULES})
