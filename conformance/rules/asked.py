"""What several rules ask alike: is the thing that is answered the one that was asked for?"""

from __future__ import annotations

from collections.abc import Iterator

from conformance.operations.finding import code_shown
from conformance.rules.model import RuleCase, Violation
from conformance.rules.values import at


def other_than_asked(case: RuleCase, key: str, what: str) -> Iterator[Violation]:
    """The argument `key`, or that of the input object, against the answer's field of that name; both are texts."""
    given = case.arguments.get(key)
    asked, answered = given if given is not None else at(case.arguments, "input", key), at(case.answer, key)
    if isinstance(asked, str) and isinstance(answered, str) and asked != answered:
        yield Violation((key,), f"another {what} than asked for", code_shown(asked), code_shown(answered))
