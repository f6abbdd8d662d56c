"""One view of a run, shown by the HTML report: verdict in words, matrix, evidence, what fails, contradictions. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from conformance.findings.model import (
    CaseResult,
    ContractSummary,
    Coverage,
    Erratum,
    Finding,
    Grade,
    RuleProof,
    RunResult,
    Verdict,
)
from conformance.reports.words import headline, plural

GRADE_ORDER: Final = tuple(grade.value for grade in Grade)
_FIRM: Final = frozenset(grade.value for grade in Grade if grade.is_certain)


@dataclass(frozen=True, slots=True)
class Count:
    """How many cases came out with a verdict."""

    verdict: Verdict
    count: int


@dataclass(frozen=True, slots=True)
class Cell:
    """The cases of an interface in a version; with an empty name, of all interfaces or versions."""

    interface: str
    version: str
    counts: tuple[Count, ...]

    @property
    def total(self) -> int:
        return sum(count.count for count in self.counts)

    @property
    def worst(self) -> Verdict:
        return Verdict.worst(count.verdict for count in self.counts)


@dataclass(frozen=True, slots=True)
class Matrix:
    """Interfaces by versions. `rows` go with `interfaces`, a cell a version and one more for the whole row."""

    interfaces: tuple[str, ...]
    versions: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    totals: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class GradeShare:
    """How much rests on a grade of evidence; `start` and `width` are percents of the whole."""

    grade: str
    count: int
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a contract version rests on, and what the judged parts of it rest on."""

    version: str
    digest: str
    contract: tuple[GradeShare, ...]
    judged: tuple[GradeShare, ...]

    @property
    def firm_percent(self) -> int:
        """How much of the contract rests on evidence that can fail a case, rounded down."""
        return int(sum(share.width for share in self.contract if share.grade in _FIRM) + 1e-9)


@dataclass(frozen=True, slots=True)
class FailingCase:
    """A case that fails or could not be judged, and the findings that decide so."""

    case: CaseResult
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How many findings of a rule, in how many cases, and how bad the worst of them is."""

    rule: str
    worst: Verdict
    findings: int
    cases: int


@dataclass(frozen=True, slots=True)
class ErratumView:
    """A contradiction of the documentation and the cases that touch it."""

    erratum: Erratum
    cases: tuple[CaseResult, ...]


@dataclass(frozen=True, slots=True)
class ProofFamily:
    """The rules whose ids start alike, and what was made of their mutants."""

    name: str
    proofs: tuple[RuleProof, ...]

    @property
    def mutants(self) -> int:
        return sum(proof.mutants for proof in self.proofs)

    @property
    def killed(self) -> int:
        return sum(proof.killed for proof in self.proofs)

    @property
    def open(self) -> tuple[RuleProof, ...]:
        """The rules that let a mutant live, or that nothing proves."""
        return tuple(proof for proof in self.proofs if not is_proven(proof))


def is_proven(proof: RuleProof) -> bool:
    """Did the rule report every mutant, and were there any?"""
    return bool(proof.unprovable) or 0 < proof.mutants == proof.killed


@dataclass(frozen=True, slots=True)
class CoverageTable:
    """Coverage by kind of thing and version. A row has a place for each version, None where nothing was counted."""

    versions: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Coverage | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class RunView:
    """All that a report says about a run as a whole."""

    run: RunResult
    headline: str
    tone: Verdict
    """The verdict that the head of a report shows. A run that judged nothing is no pass."""
    counts: tuple[Count, ...]
    versions: tuple[str, ...]
    matrix: Matrix
    evidence: tuple[Evidence, ...]
    failing: tuple[FailingCase, ...]
    rules: tuple[RuleCount, ...]
    blames: tuple[tuple[str, int], ...]
    """Findings of the cases that warn, fail or are errors, by whose fault they are."""
    errata: tuple[ErratumView, ...]
    waived: int
    families: tuple[ProofFamily, ...]
    coverage: CoverageTable


def view_run(run: RunResult) -> RunView:
    """The view of a run."""
    return RunView(
        run,
        headline(run),
        _tone(run),
        _counts(run.cases),
        tuple(sorted({case.version for case in run.cases} | {contract.version for contract in run.contracts})),
        _matrix(run.cases),
        _evidence(run),
        _failing(run.cases),
        _rules(run),
        _blames(run.cases),
        _errata(run),
        sum(bool(finding.waived) for case in run.cases for finding in case.all_findings),
        _families(run.proofs),
        _coverage(run.coverage),
    )


def run_summary(view: RunView) -> str:
    """Target and amount in one sentence."""
    versions = (
        f" against {' and '.join((', '.join(view.versions[:-1]), view.versions[-1]))}" if len(view.versions) > 1 else ""
    )
    versions = versions or (f" against {view.versions[0]}" if view.versions else "")
    return f"{plural(len(view.run.cases), 'case')} on target {view.run.target}{versions}"


def _tone(run: RunResult) -> Verdict:
    if not run.complete:
        return Verdict.ERROR
    return run.verdict if run.cases else max(run.verdict, Verdict.SKIP)


def _counts(cases: Iterable[CaseResult]) -> tuple[Count, ...]:
    counter = Counter(case.verdict for case in cases)
    return tuple(Count(verdict, counter[verdict]) for verdict in Verdict if counter[verdict])


def _matrix(cases: tuple[CaseResult, ...]) -> Matrix:
    interfaces = tuple(sorted({case.interface for case in cases}))
    versions = tuple(sorted({case.version for case in cases}))
    groups: dict[tuple[str, str], list[CaseResult]] = {}
    for case in cases:
        for key in ((case.interface, case.version), (case.interface, ""), ("", case.version), ("", "")):
            groups.setdefault(key, []).append(case)

    def cell(interface: str, version: str) -> Cell:
        return Cell(interface, version, _counts(groups.get((interface, version), [])))

    columns = (*versions, "")
    rows = tuple(tuple(cell(interface, version) for version in columns) for interface in interfaces)
    return Matrix(interfaces, versions, rows, tuple(cell("", version) for version in columns))


def _evidence(run: RunResult) -> tuple[Evidence, ...]:
    contracts = {contract.version: contract for contract in run.contracts}
    judged: dict[str, Counter[str]] = {}
    for case in run.cases:
        judged.setdefault(case.version, Counter()).update(dict(case.evidence))
    evidence = []
    for version in sorted(contracts.keys() | {name for name, counter in judged.items() if counter}):
        contract = contracts.get(version, ContractSummary(version, ""))
        contract_shares, judged_shares = _shares(dict(contract.grades)), _shares(judged.get(version, Counter()))
        evidence.append(Evidence(version, contract.digest, contract_shares, judged_shares))
    return tuple(evidence)


def _shares(counts: Mapping[str, int]) -> tuple[GradeShare, ...]:
    total = sum(counts.values())
    shares: list[GradeShare] = []
    start = 0.0
    for grade in sorted(
        counts, key=lambda name: (GRADE_ORDER.index(name) if name in GRADE_ORDER else len(GRADE_ORDER), name)
    ):
        if counts[grade] > 0:
            width = 100 * counts[grade] / total
            shares.append(GradeShare(grade, counts[grade], start, width))
            start += width
    return tuple(shares)


def _failing(cases: Iterable[CaseResult]) -> tuple[FailingCase, ...]:
    failing = (
        FailingCase(case, tuple(finding for finding in case.all_findings if finding.counted >= Verdict.FAIL))
        for case in cases
        if case.verdict >= Verdict.FAIL
    )
    return tuple(sorted(failing, key=lambda item: -item.case.verdict))


def _rules(run: RunResult) -> tuple[RuleCount, ...]:
    found: dict[str, list[tuple[Verdict, str]]] = {}
    for case in run.cases:
        for finding in case.all_findings:
            found.setdefault(finding.rule, []).append((finding.counted, case.case_id))
    counts = [
        RuleCount(
            rule, Verdict.worst(verdict for verdict, _ in items), len(items), len({case_id for _, case_id in items})
        )
        for rule, items in found.items()
    ]
    return tuple(sorted(counts, key=lambda count: (-count.worst, -count.findings, count.rule)))


def _blames(cases: Iterable[CaseResult]) -> tuple[tuple[str, int], ...]:
    findings = (finding for case in cases for finding in case.all_findings if finding.counted >= Verdict.WARN)
    counter = Counter(finding.blame.value for finding in findings)
    return tuple(counter.most_common())


def _errata(run: RunResult) -> tuple[ErratumView, ...]:
    known = {erratum.id: erratum for erratum in run.errata}
    touching: dict[str, list[CaseResult]] = {}
    for case in run.cases:
        for erratum_id in case.errata:
            touching.setdefault(erratum_id, []).append(case)
    for erratum_id in touching:
        known.setdefault(erratum_id, Erratum(erratum_id, "This run holds no text of this contradiction"))
    views = [ErratumView(erratum, tuple(touching.get(erratum.id, ()))) for erratum in known.values()]
    return tuple(sorted(views, key=lambda view: (not view.cases, view.erratum.id)))


def _families(proofs: Iterable[RuleProof]) -> tuple[ProofFamily, ...]:
    groups: dict[str, list[RuleProof]] = {}
    for proof in proofs:
        groups.setdefault(proof.rule.partition("-")[0], []).append(proof)
    return tuple(ProofFamily(name, tuple(group)) for name, group in groups.items())


def _coverage(figures: Iterable[Coverage]) -> CoverageTable:
    known = {(figure.kind, figure.version): figure for figure in figures}
    kinds = tuple(dict.fromkeys(kind for kind, _ in known))
    versions = tuple(sorted({version for _, version in known}))
    return CoverageTable(
        versions, tuple((kind, tuple(known.get((kind, version)) for version in versions)) for kind in kinds)
    )
