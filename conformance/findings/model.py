"""Finding, CaseResult, RunResult: frozen values. Reports and exit statuses are functions of these alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any

from conformance.base.errors import SourcePosition
from conformance.base.paths import JsonPath
from conformance.base.records import Record, record


class Verdict(IntEnum):
    """How a check, a step, a case or a run came out; a whole is as bad as its worst part."""

    PASS = 0
    INFO = 1
    SKIP = 2
    WARN = 3
    FAIL = 4
    ERROR = 5

    @classmethod
    def worst(cls, verdicts: Iterable[Verdict]) -> Verdict:
        """The roll-up. Of nothing: PASS."""
        return max(verdicts, default=cls.PASS)


class Level(Enum):
    """The requirement word of a rule (RFC 2119)."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    MAY = "MAY"


class Blame(Enum):
    """Whose fault a finding is."""

    TARGET = "TARGET"
    CLIENT = "CLIENT"
    CONFIGURATION = "CONFIGURATION"
    ENVIRONMENT = "ENVIRONMENT"
    SUITE = "SUITE"


class Grade(Enum):
    """On what evidence a fact stands, strongest first. SPECIFICATION: what GraphQL or HTTP itself demands."""

    SPECIFICATION = "specification"
    PAGE = "page"
    EXAMPLE = "example"
    GUIDE = "guide"
    CHANGELOG = "changelog"
    INFERRED = "inferred"

    @property
    def is_certain(self) -> bool:
        """May a violation of a fact of this grade fail a user?"""
        return self in (Grade.SPECIFICATION, Grade.PAGE, Grade.EXAMPLE)


def weigh(level: Level, grade: Grade) -> Verdict:
    """The verdict of a violated rule: weak evidence warns, and only a MUST fails."""
    if level is Level.MUST:
        return Verdict.FAIL if grade.is_certain else Verdict.WARN
    return Verdict.WARN if level is Level.SHOULD else Verdict.INFO


@record
class Finding(Record, frozen=True, gc=False):
    """One thing that judging found.

    `path` leads into what `origin` names: `response`, `request`, `variables`, `document`, `event`, `http`, `scenario`.
    `coordinate` is the schema coordinate concerned, `grade` the evidence it stands on, `source` the slug of the
    documentation page or a section of a specification. `expected` and `actual` are short texts that hold no secrets:
    kinds and known names, or a shortened value.
    """

    rule: str
    verdict: Verdict
    message: str
    level: Level = Level.MUST
    blame: Blame = Blame.TARGET
    origin: str = "response"
    path: JsonPath = ()
    coordinate: str = ""
    expected: str = ""
    actual: str = ""
    grade: Grade = Grade.SPECIFICATION
    source: str = ""
    position: SourcePosition | None = None
    fix: str = ""
    waived: str = ""
    """The reason of the waiver that applies; the verdict then counts as INFO."""

    @property
    def counted(self) -> Verdict:
        """The verdict after waivers."""
        return min(self.verdict, Verdict.INFO) if self.waived else self.verdict


@dataclass(frozen=True, slots=True)
class StepResult:
    """One step of a case: what was sent, what came back, what was found."""

    step: str
    findings: tuple[Finding, ...] = ()
    operation: str = ""
    document: str = ""
    variables: Any = None
    response: Any = None
    status: int | None = None
    elapsed_ms: float = 0.0
    kind: str = "operation"
    skipped: str = ""

    @property
    def verdict(self) -> Verdict:
        worst = Verdict.worst(finding.counted for finding in self.findings)
        return max(worst, Verdict.SKIP) if self.skipped else worst


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One scenario against one contract version and one target."""

    case_id: str
    scenario: str
    version: str
    interface: str
    title: str = ""
    target: str = ""
    profiles: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    source: str = ""
    """Slug of the documentation page that the scenario encodes."""
    example: str = ""
    """Title of the documented example, where there is one."""
    file: str = ""
    steps: tuple[StepResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Findings about the case as a whole: across steps, or about the scenario itself."""
    errata: tuple[str, ...] = ()
    """Contradictions of the documentation that this case touches."""
    evidence: tuple[tuple[str, int], ...] = ()
    """How many judged coordinates rest on which grade."""
    skipped: str = ""
    elapsed_ms: float = 0.0

    @property
    def all_findings(self) -> tuple[Finding, ...]:
        return (*self.findings, *(finding for step in self.steps for finding in step.findings))

    @property
    def verdict(self) -> Verdict:
        parts = [step.verdict for step in self.steps] + [finding.counted for finding in self.findings]
        worst = Verdict.worst(parts)
        return max(worst, Verdict.SKIP) if self.skipped else worst


@dataclass(frozen=True, slots=True)
class Erratum:
    """A contradiction of the documentation, as reports show it."""

    id: str
    title: str
    statements: tuple[tuple[str, str], ...] = ()
    """(page slug, what it says)."""
    choice: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class ContractSummary:
    """A contract that took part in a run: its digest and how many coordinates rest on which grade."""

    version: str
    digest: str
    grades: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class RuleProof:
    """How a rule was proven: so many different mutants were made of its named faults, so many did it report."""

    rule: str
    title: str
    level: Level = Level.MUST
    mutants: int = 0
    killed: int = 0
    faults: tuple[str, ...] = ()
    unprovable: str = ""
    """Why nothing can break the rule; empty for nearly all."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of a kind of thing was seen: operations, fields, error codes, …

    `asserted` were held against an expectation of a scenario, `passed` only went by and were judged by the contract;
    what is in neither is in `missing`, by name, unless the run was narrowed to some scenarios: then nothing is listed.
    `version` is empty for what belongs to no version.
    """

    kind: str
    version: str
    total: int
    asserted: int
    passed: int
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunResult:
    """A whole run. `complete` is False for a run whose footer is missing: no report takes it for whole."""

    run_id: str
    started_at: str
    suite_version: str
    target: str
    cases: tuple[CaseResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    """Findings about the run as a whole: unused waivers, unused cassettes."""
    contracts: tuple[ContractSummary, ...] = ()
    errata: tuple[Erratum, ...] = ()
    finished_at: str = ""
    elapsed_ms: float = 0.0
    complete: bool = True
    selection: str = ""
    environment: tuple[tuple[str, str], ...] = field(default=())
    proofs: tuple[RuleProof, ...] = ()
    """How the rules of the suite were proven; not by this run, unless it is a selftest."""
    coverage: tuple[Coverage, ...] = ()

    @property
    def verdict(self) -> Verdict:
        parts = [case.verdict for case in self.cases] + [finding.counted for finding in self.findings]
        return Verdict.worst(parts)

    def counts(self) -> dict[Verdict, int]:
        """How many cases came out how."""
        result = dict.fromkeys(Verdict, 0)
        for case in self.cases:
            result[case.verdict] += 1
        return result


@dataclass(frozen=True, slots=True)
class Rule:
    """A check with a permanent id. `source` is a documentation page's slug or a section of a specification."""

    id: str
    level: Level
    title: str
    source: str
