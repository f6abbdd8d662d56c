"""Returns that a merchant's system makes itself (`createReturn`, `return`, `updateReturn`), and aliases of returns.

The pages have no version line; the operations are in the overlay `next` alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown
from conformance.rules.model import REQUEST, RuleCase, Scope, Violation, rule
from conformance.rules.order_requests import NOVEMBER
from conformance.rules.values import alias_rows, at, repeated, rows, text

CREATE_PAGE: Final = "returns-objects-createreturninput"
UPDATE_PAGE: Final = "returns-mutations-updatereturn"


@rule(
    "RET-011",
    Level.SHOULD,
    "A return that is not started is a DRAFT",
    CREATE_PAGE,
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    versions=(NOVEMBER,),
    operations=("createReturn",),
    types=("ReturnDetails",),
    coordinate="ReturnDetails.state",
    fix="Answer DRAFT until the return is started",
)
def new_return_is_a_draft(case: RuleCase) -> Iterator[Violation]:
    """`desiredReturnExecutionState: STARTED` starts it."""
    state = text(at(case.answer, "returnDetails", "state"))
    if at(case.arguments, "input", "desiredReturnExecutionState") is None and state and state != "DRAFT":
        yield Violation(("returnDetails", "state"), "nobody started it", "DRAFT", code_shown(state))


@rule(
    "RET-012",
    Level.MUST,
    "The return that is answered is the one asked for",
    "returns-queries-return",
    scope=Scope.ANSWER,
    grade=Grade.EXAMPLE,
    versions=(NOVEMBER,),
    operations=("return", "updateReturn"),
    types=("ReturnDetails",),
    coordinate="ReturnDetails.id",
    fix="Answer the return with this id",
)
def return_is_the_one_asked_for(case: RuleCase) -> Iterator[Violation]:
    """Where the request names it by its id."""
    answered = at(case.answer, "returnDetails", "id")
    asked = next((one for one in (at(place, "id") for place in _named(case)) if isinstance(one, str)), None)
    if asked and isinstance(answered, str) and answered != asked:
        message = "another return than asked for"
        yield Violation(("returnDetails", "id"), message, code_shown(asked), code_shown(answered))


def _named(case: RuleCase) -> tuple[Any, ...]:
    if case.operation == "return":
        return case.arguments.get("returnIdentifier"), case.arguments.get("input")
    return (at(case.arguments, "input", "returnIdentifier"),)


@rule(
    "RET-013",
    Level.MUST,
    "A request about a return names the return",
    UPDATE_PAGE,
    grade=Grade.EXAMPLE,
    versions=(NOVEMBER,),
    operations=("return", "updateReturn"),
    coordinate="ReturnIdentifierInput",
    fix="Give the return's id, or its alias",
)
def return_is_named(case: RuleCase) -> Iterator[Violation]:
    """By id or by alias."""
    if not any(at(place, name) for place in _named(case) for name in ("id", "alias", "aliases")):
        place = ("returnIdentifier",) if case.operation == "return" else ("input", "returnIdentifier")
        yield Violation(place, "no return is named", "an id or an alias", "neither", REQUEST)


@rule(
    "RET-014",
    Level.MUST,
    "The returns of an order have different aliases",
    "troubleshoot-return-errors",
    scope=Scope.ANSWER,
    versions=(NOVEMBER,),
    types=("Returns",),
    coordinate="ReturnDetails.aliases",
    fix="Answer an alias for one return only",
)
def answered_return_aliases_differ(case: RuleCase) -> Iterator[Violation]:
    """An alias of another return is refused with AliasValueAlreadyExists."""
    for path, returns in case.objects("Returns"):
        details = [place for place, _ in rows(returns, "details")]
        places = (place for one in details for place in alias_rows(returns, *one, "aliases"))
        for where, key in repeated(places):
            yield Violation((*path, *where), "the alias of another return", "each once", code_shown(key[0]))


@rule(
    "RET-015",
    Level.SHOULD,
    "A draft has no packages on their way",
    "returns-queries-return",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    versions=(NOVEMBER,),
    operations=("return",),
    types=("ReturnDetails",),
    coordinate="ReturnDetails.returnPackageDetails",
    fix="Answer packages once the return is started",
)
def draft_has_no_packages(case: RuleCase) -> Iterator[Violation]:
    """In the documented example of a return before its submission there are none."""
    details = at(case.answer, "returnDetails")
    for path, package in rows(details, "returnPackageDetails") if at(details, "state") == "DRAFT" else ():
        state = text(package.get("state"))
        if state and state != "CREATED":
            place = ("returnDetails", *path, "state")
            yield Violation(place, "the return is a DRAFT", "CREATED or no package", code_shown(state))
