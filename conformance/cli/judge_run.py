"""Judges what the options of `judge` name, source by source: a faulty source does not take the others with it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import click

from conformance.base.errors import ExitStatus, InputError, Problem, SourcePosition
from conformance.base.garbage import rare_collections
from conformance.base.versions import DATED_VERSIONS
from conformance.cli.judge_call import Call, CallFiles, read_event
from conformance.cli.judge_output import JsonWriter, JudgementWriter, Summary, TextWriter, write_output
from conformance.cli.progress import byte_progress
from conformance.contract.load import contract_from_file, load_contract
from conformance.contract.model import Contract
from conformance.engine.flows import FlowMemory
from conformance.engine.judge import ExchangeJudgement, asked_version, judge_event, judge_exchange, judge_fault
from conformance.findings.model import Blame, Finding, Verdict
from conformance.traffic.detect import read_traffic
from conformance.traffic.files import traffic_name
from conformance.traffic.model import Event, Exchange
from conformance.traffic.stream import Fault, TrafficItem

_SHOWN_PROBLEMS = 50
_SHOWN_REMARKS = 3


@dataclass(frozen=True, slots=True)
class JudgeOptions:
    """What to judge, against what, and how to show it."""

    files: tuple[Path, ...] = ()
    events: tuple[Path, ...] = ()
    call: CallFiles | None = None
    version: str | None = None
    schema: Path | None = None
    as_json: bool = False
    output: Path | None = None
    everything: bool = False
    fail_on: str = "FAIL"


def run_judge(options: JudgeOptions) -> int:
    """Judges and prints.

    Returns the exit status. Raises InputError only when nothing can be judged, or nothing written.
    """
    contract = contract_from_file(options.schema) if options.schema is not None else None
    if options.version is not None:
        contract = load_contract(options.version)
    color = options.output is None and sys.stdout.isatty()
    writer: JudgementWriter = (
        JsonWriter() if options.as_json else TextWriter(everything=options.everything, color=color)
    )
    run = _Run(contract, writer)
    with closing(writer):
        if options.call is not None:
            with run.collect_problems():
                run.take_call(Call(options.call))
        for path in options.events:
            with run.collect_problems():
                run.take(read_event(path))
        _judge_files(run, options.files)
        write_output(writer, run.summary(), options.output)
    run.tell_problems()
    return run.exit_status(Verdict[options.fail_on])


def _judge_files(run: _Run, files: tuple[Path, ...]) -> None:
    total = sum(path.stat().st_size for path in files if path.is_file())
    with byte_progress("judging", total) as on_bytes, rare_collections():
        for path in files:
            with run.collect_problems():
                run.begin_file()
                before = run.judged
                passed_over = run.passed_over
                for item in read_traffic(path, on_bytes=on_bytes):
                    run.take(item)
                run.end_file(path, run.judged - before, run.passed_over - passed_over)


@dataclass
class _Run:
    """The state of one call of `judge`."""

    contract: Contract | None
    writer: JudgementWriter
    judged: int = 0
    passed_over: int = 0
    _base: int = 0
    _next: int = 0
    _problems: list[Problem] = field(default_factory=list)
    _problem_count: int = 0
    _worst: Verdict = Verdict.PASS
    _suite_fault: bool = False
    _versions: set[str] = field(default_factory=set)
    _unasked: int = 0
    _flows: FlowMemory = field(default_factory=FlowMemory)

    def take(self, item: TrafficItem) -> None:
        """Judges the next piece of traffic."""
        self._next = max(self._next, self._base + item.index + 1)
        if isinstance(item, Exchange):
            contract, findings = self._contract_for(item)
            judgement = judge_exchange(item, contract, self._flows)
            if findings:
                judgement = replace(judgement, findings=(*findings, *judgement.findings))
            self._add(judgement, contract.version)
        elif isinstance(item, Event):
            contract, _ = self._contract_for(item)
            self._add(judge_event(item, contract), contract.version)
        elif isinstance(item, Fault):
            self._problem(item.problem)
            self._add(judge_fault(item), self.contract.version if self.contract else "")
        else:
            self.passed_over += 1

    def take_call(self, call: Call) -> None:
        """Judges a call from files."""
        contract = self.contract or load_contract(DATED_VERSIONS[-1])
        self._next = self._base + 1
        self._add(call.judge(contract, 0), contract.version)
        self._count_version(contract.version, asked=False)

    def begin_file(self) -> None:
        """Exchanges of one file belong together, those of several do not."""
        self._flows = FlowMemory()

    def end_file(self, path: Path, judged: int, passed_over: int) -> None:
        """Numbers the pieces of the next file on. A file with nothing to judge is bad input, never a pass."""
        self._base = self._next
        if not judged:
            others = f", only {passed_over:,} calls that are no GraphQL or have no answer" if passed_over else ""
            position = SourcePosition(traffic_name(path))
            self._problem(Problem(position, f"nothing to judge{others}", "GraphQL exchanges or events"))

    @contextmanager
    def collect_problems(self) -> Iterator[None]:
        """Around one source: its faults are told at the end, and the next source is judged."""
        try:
            yield
        except InputError as error:
            for problem in error.problems:
                self._problem(problem)
        self._base = self._next

    def summary(self) -> Summary:
        """What stands above all judgements. What could not be read or judged is never a pass."""
        verdict = self._worst if self.judged else Verdict.SKIP
        if self._problem_count:
            verdict = Verdict.ERROR
        return Summary(self._contract_name(), verdict, tuple(self._notes()))

    def _contract_name(self) -> str:
        """What was judged against: one version, or several in the order of their dates."""
        if self.contract is not None:
            return self.contract.version
        return ", ".join(sorted(self._versions)) or DATED_VERSIONS[-1]

    def _notes(self) -> list[str]:
        """Remarks about the input that are no findings."""
        notes = [f"schema: {remark}" for remark in self.contract.remarks[:_SHOWN_REMARKS]] if self.contract else []
        if self._unasked and self.contract is None:
            notes.append(
                f"{self._unasked:,} without a known API version, judged as {DATED_VERSIONS[-1]}; choose with --version"
            )
        if self.passed_over:
            calls = "1 recorded call is" if self.passed_over == 1 else f"{self.passed_over:,} recorded calls are"
            notes.append(f"{calls} no GraphQL, or without an answer, and passed over")
        if self._problem_count:
            notes.append(f"{self._problem_count:,} faults of the input, told on standard error")
        return notes

    def tell_problems(self) -> None:
        """Says on standard error what could not be read."""
        for problem in self._problems:
            click.echo(str(problem), err=True)
        if self._problem_count > len(self._problems):
            click.echo(f"… and {self._problem_count - len(self._problems):,} more faults of this kind", err=True)

    def exit_status(self, fail_on: Verdict) -> ExitStatus:
        """A bug of ours before bad input before findings."""
        if self._suite_fault:
            return ExitStatus.BUG
        if self._problem_count:
            return ExitStatus.BAD_INPUT
        return ExitStatus.FINDINGS if self._worst >= fail_on else ExitStatus.CLEAN

    def _add(self, judgement: ExchangeJudgement, version: str) -> None:
        self.judged += 1
        if self._base:
            judgement = replace(judgement, index=judgement.index + self._base)
        findings = judgement.findings
        if findings:
            self._worst = max(self._worst, judgement.verdict)
            self._suite_fault = self._suite_fault or any(
                finding.blame is Blame.SUITE and finding.verdict is Verdict.ERROR for finding in findings
            )
        self.writer.add(judgement, version)

    def _contract_for(self, item: Exchange | Event) -> tuple[Contract, tuple[Finding, ...]]:
        """The contract that the options name, or the one that the piece itself asks for."""
        if self.contract is not None:
            return self.contract, ()
        asked, findings = asked_version(item)
        version = asked or DATED_VERSIONS[-1]
        self._count_version(version, asked=asked is not None)
        return load_contract(version), findings

    def _count_version(self, version: str, *, asked: bool) -> None:
        self._versions.add(version)
        self._unasked += not asked

    def _problem(self, problem: Problem) -> None:
        self._problem_count += 1
        if len(self._problems) < _SHOWN_PROBLEMS:
            self._problems.append(problem)
