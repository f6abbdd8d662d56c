"""The rules worked out once for an operation: what its decoder proves of an answer, and what is left to ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from conformance.contract.model import Contract
from conformance.operations.compile import AnswerJudge
from conformance.operations.fast import AnswerDecoder, ProvingDecoder, proving_decoder
from conformance.operations.parts import Parts
from conformance.operations.proofs import Reader, UnprovableError, attribute, reader_of
from conformance.operations.selection import FieldPlan, ObjectPlan
from conformance.rules.catalogue import RULES
from conformance.rules.courses import CourseReader, course_reader
from conformance.rules.judge import rules_for
from conformance.rules.memory import ANSWER_IDS
from conformance.rules.model import BusinessRule, RuleCase, Scope
from conformance.rules.proofs import PROOFS, PROVED, ROOT_PROOFS
from conformance.rules.reading import has_alias
from conformance.rules.request_proofs import REQUEST_PROOFS

_TYPES_PROVED: Final = {
    proof.about: frozenset().union(*(one.types for one in PROOFS if one.about == proof.about)) for proof in PROOFS
}
SETTLED: Final = frozenset(
    rule.id for rule in RULES if rule.types and _TYPES_PROVED.get(rule.id, frozenset()).issuperset(rule.types)
)
"""The rules about objects of some types, each by itself, of which such an object proves that it keeps them."""

_OF_ANSWERS: Final = (Scope.ANSWER, Scope.ERRORS)
_KEY: Final = "rules.prepared"


@dataclass(frozen=True, slots=True)
class _Root:
    """A root field: where the decoded answer has it, what is still to be proved of it, what no proof is about."""

    key: str
    attribute: str
    proofs: tuple[tuple[tuple[Reader, ...], Callable[..., bool]], ...]
    unproved: tuple[BusinessRule, ...]


@dataclass(frozen=True, slots=True, eq=False)
class PreparedAnswer:
    """Judges answers to one selection. `decode` refuses an answer whose shape, or a proved rule, is broken."""

    decode: AnswerDecoder
    parts: Parts
    rules: Mapping[str, tuple[BusinessRule, ...]]
    """By root field the rules that may have something to report: what they look at is selected."""
    settled: frozenset[str]
    """Those that have nothing to report of an object that passes as clean, nor of anything below it."""
    settled_types: frozenset[str]
    """The types that the settled rules look at."""
    _roots: tuple[_Root, ...]
    _id: tuple[str, Reader] | None = None
    course: CourseReader | None = None

    def answer_id(self, decoded: Any) -> Any:
        """The id of the order or preview that a decoded answer is about; None when it does not tell."""
        if self._id is None:
            return None
        value = getattr(decoded.data, self._id[0])
        return None if value is None else self._id[1](value)

    def suspects(self, decoded: Any, cases: tuple[RuleCase, ...]) -> tuple[BusinessRule, ...] | None:
        """The rules that have to be asked about a decoded answer; None for all of them. Empty: it keeps every rule."""
        data = decoded.data
        by_key: Mapping[str, RuleCase] | None = None
        suspects: tuple[BusinessRule, ...] = ()
        for root in self._roots:
            value = getattr(data, root.attribute)
            if value is None:
                continue
            suspects += root.unproved
            if root.proofs:
                if by_key is None:
                    by_key = {case.key: case for case in cases}
                case = by_key.get(root.key)
                if case is None:
                    continue
                for readers, holds in root.proofs:
                    if not holds(case, *[read(value) for read in readers]):
                        return None
        return suspects


def prepared_answer(judge: AnswerJudge, contract: Contract) -> PreparedAnswer | None:
    """What judges answers to a selection, made at its first use. None when the selection makes no decoder."""
    known = judge.cache.get(_KEY, judge)
    if known is judge:
        known = judge.cache[_KEY] = _prepare(judge, contract)
    made: PreparedAnswer | None = known
    return made


def _prepare(judge: AnswerJudge, contract: Contract) -> PreparedAnswer | None:
    plan = judge.plan
    fields = plan.variants[0].fields if not plan.is_abstract else ()
    rules = {field.key: _rules_of(field, contract) for field in fields}
    wanted = {rule.id for some in rules.values() for rule in some}
    decoder = proving_decoder(plan, tuple(proof for proof in PROOFS if proof.about in wanted))
    if decoder is None:
        return None
    roots: list[_Root] = []
    for index, field in enumerate(fields):
        root, rules[field.key] = _root(index, field, rules[field.key], decoder)
        if root.proofs or root.unproved:
            roots.append(root)
    settled = frozenset() if _is_intricate(plan) else SETTLED - decoder.unproved
    return PreparedAnswer(
        decoder.decode,
        decoder.parts,
        rules,
        settled,
        frozenset(name for some in rules.values() for rule in some if rule.id in settled for name in rule.types),
        tuple(roots),
        _id_reader(judge),
        course_reader(plan),
    )


def _is_intricate(plan: ObjectPlan) -> bool:
    """Do rules see answers otherwise than they are selected: with aliases, or as one of several types?"""
    return has_alias(plan) or _has_choices(plan, set())


def _has_choices(plan: ObjectPlan, seen: set[ObjectPlan]) -> bool:
    if plan in seen:
        return False
    seen.add(plan)
    return plan.is_abstract or any(
        field.child is not None and _has_choices(field.child, seen) for field in plan.variants[0].fields
    )


def _id_reader(judge: AnswerJudge) -> tuple[str, Reader] | None:
    """Of an operation with one root field: the attribute of the field, and the reader of the id below it."""
    plan = judge.plan
    fields = plan.variants[0].fields
    if plan.is_abstract or len(fields) != 1:
        return None
    path = ANSWER_IDS.get(fields[0].name)
    child = fields[0].child
    if not path or child is None or len(fields[0].nullable) > 1:
        return None
    try:
        reader = reader_of(child, path)
    except UnprovableError:
        return None
    return (attribute(0), reader) if reader is not None else None


def _rules_of(field: FieldPlan, contract: Contract) -> tuple[BusinessRule, ...]:
    if field.name not in contract.operations:
        return ()
    return tuple(rule for rule in rules_for(field.name, contract, field) if rule.scope in _OF_ANSWERS)


def _root(
    index: int, field: FieldPlan, rules: tuple[BusinessRule, ...], decoder: ProvingDecoder
) -> tuple[_Root, tuple[BusinessRule, ...]]:
    """A root field, and which of its rules may have something to report."""
    proofs: list[tuple[tuple[Reader, ...], Callable[..., bool]]] = []
    left: list[BusinessRule] = []
    possible: list[BusinessRule] = []
    for rule in rules:
        if rule.scope is Scope.ERRORS:
            possible.append(rule)
            continue
        made: list[tuple[tuple[Reader, ...], Callable[..., bool]]] = []
        is_left = rule.id not in PROVED or rule.id in decoder.unproved
        if not is_left:
            try:
                made = _root_proofs(field, rule.id)
            except UnprovableError:
                is_left = True
        proofs += made
        left += [rule] if is_left else []
        possible += [rule] if is_left or made or rule.id in decoder.proved else []
    return _Root(field.key, attribute(index), tuple(proofs), tuple(left)), tuple(possible)


def _root_proofs(field: FieldPlan, rule_id: str) -> list[tuple[tuple[Reader, ...], Callable[..., bool]]]:
    made: list[tuple[tuple[Reader, ...], Callable[..., bool]]] = []
    for proof in ROOT_PROOFS.get(rule_id, ()):
        if field.child is None or len(field.nullable) > 1:
            raise UnprovableError
        readers = [reader_of(field.child, path) for path in proof.paths]
        known = tuple(reader for reader in readers if reader is not None)
        if len(known) == len(readers):
            made.append((known, proof.holds))
    return made


def keeps_request_rules(case: RuleCase) -> bool:
    """Is nothing to report about a request for certain? Its values have the kinds that the contract gives them."""
    rules, proof = _request_rules(case.operation, case.contract, case.field_plan)
    if proof is not None and not proof(case):
        return False
    return all(not any(True for _ in rule.check(case)) for rule in rules)


@lru_cache(maxsize=4096)
def _request_rules(
    operation: str, contract: Contract, plan: FieldPlan | None
) -> tuple[tuple[BusinessRule, ...], Callable[[RuleCase], bool] | None]:
    """The rules of a request that no proof is about, and the proof of the others."""
    rules = tuple(rule for rule in rules_for(operation, contract, plan) if rule.scope is Scope.REQUEST)
    proof = REQUEST_PROOFS.get(operation)
    if proof is None or proof.about.isdisjoint(rule.id for rule in rules):
        return rules, None
    return tuple(rule for rule in rules if rule.id not in proof.about), proof.holds
