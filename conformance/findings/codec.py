"""run.jsonl, the product of a run: a header line, one line a case, a footer line.

```
{"record":"header","format":"bwp-conformance/run","format_version":1,"run_id":…,"started_at":…,"target":…}
{"record":"case","case_id":…,"scenario":…,"version":…,"interface":…,"verdict":"FAIL","steps":[…]}
{"record":"footer","finished_at":…,"verdict":"FAIL","counts":{"cases":1,"FAIL":1},"errata":[…],…}
```
What equals its default is left out. Readers ignore keys and records that they do not know; a change that they could not
read raises `format_version`. A file without a footer is an interrupted run: it is read, and marked as not complete.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from conformance.base.data import display_path
from conformance.base.errors import InputError, InternalError, Problem, SourcePosition
from conformance.base.jsonio import load_json
from conformance.base.paths import format_path
from conformance.findings.lineplaces import place_of
from conformance.findings.model import (
    CaseResult,
    ContractSummary,
    Coverage,
    Erratum,
    Finding,
    RuleProof,
    RunResult,
    Verdict,
)
from conformance.findings.shapes import (
    CASE,
    CONTRACT,
    COVERAGE,
    ERRATUM,
    FINDING,
    FOOTER,
    HEADER,
    PROOF,
    Faults,
    Shape,
    decode,
    decode_list,
    dump,
    encode,
)

FORMAT = "bwp-conformance/run"
FORMAT_VERSION = 1
MAX_LINE_BYTES = 64 * 1024 * 1024
MAX_PROBLEMS = 100


class RunWriter:
    """Writes run.jsonl while the run goes on: the header at once, each case as it ends, the footer with `finish`.

    Every line is flushed, so a run that is interrupted leaves a file that `read_run` reads as a partial one. Leaving
    the `with` block without `finish` closes the file and writes no footer.
    """

    def __init__(self, path: Path, header: RunResult) -> None:
        """Creates the folder and the file, or empties it. Of `header` only the fields known at the start are used: its
        identity, target, selection, environment, and contracts if there are any.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file: BinaryIO | None = path.open("wb")
        self._counts = dict.fromkeys(Verdict, 0)
        line = {"record": "header", "format": FORMAT, "format_version": FORMAT_VERSION, **encode(header, HEADER)}
        if header.contracts:
            line["contracts"] = [encode(contract, CONTRACT) for contract in header.contracts]
        self._write(line)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(self, case: CaseResult) -> None:
        """Writes a finished case."""
        self._counts[case.verdict] += 1
        self._write({"record": "case", **encode(case, CASE), "verdict": case.verdict.name})

    def finish(
        self,
        *,
        finished_at: str,
        elapsed_ms: float = 0.0,
        findings: Sequence[Finding] = (),
        contracts: Sequence[ContractSummary] = (),
        errata: Sequence[Erratum] = (),
        proofs: Sequence[RuleProof] = (),
        coverage: Sequence[Coverage] = (),
    ) -> None:
        """Writes the footer, which makes the run a whole one, and closes the file."""
        verdicts = [verdict for verdict, count in self._counts.items() if count]
        worst = Verdict.worst([*verdicts, *(finding.counted for finding in findings)])
        line: dict[str, Any] = {
            "record": "footer",
            "finished_at": finished_at,
            "elapsed_ms": elapsed_ms,
            "verdict": worst.name,
        }
        line["counts"] = {"cases": sum(self._counts.values())}
        line["counts"].update({verdict.name: self._counts[verdict] for verdict in verdicts})
        parts: tuple[tuple[str, Sequence[Any], Shape], ...] = (
            ("findings", findings, FINDING),
            ("contracts", contracts, CONTRACT),
            ("errata", errata, ERRATUM),
            ("proofs", proofs, PROOF),
            ("coverage", coverage, COVERAGE),
        )
        line.update({name: [encode(each, shape) for each in part] for name, part, shape in parts if part})
        self._write(line)
        self.close()

    def close(self) -> None:
        """Closes the file. Without `finish` before, the run stays a partial one."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def _write(self, line: dict[str, Any]) -> None:
        if self._file is None:
            raise InternalError("a run that is finished was written to")
        self._file.write(dump(line) + b"\n")
        self._file.flush()


def write_run(path: Path, run: RunResult) -> None:
    """Writes a finished run, or without a footer one that is not complete."""
    with RunWriter(path, run) as writer:
        for case in run.cases:
            writer.append(case)
        if run.complete:
            writer.finish(
                finished_at=run.finished_at,
                elapsed_ms=run.elapsed_ms,
                findings=run.findings,
                contracts=run.contracts,
                errata=run.errata,
                proofs=run.proofs,
                coverage=run.coverage,
            )


@dataclass
class _Parts:
    """What has been read so far."""

    header: dict[str, Any] | None = None
    footer: dict[str, Any] | None = None
    cases: list[CaseResult] | None = None


def read_run(path: Path) -> RunResult:
    """Reads a run. `complete` is False when the footer is missing; a last line cut off by the interruption is dropped.

    Raises InputError with every fault of the file, each with line and column, and when the file is missing or of a
    newer format.
    """
    file = display_path(path)
    problems: list[Problem] = []
    parts = _Parts(cases=[])
    for number, line, is_cut in _lines(path, file):
        if len(problems) >= MAX_PROBLEMS:
            break
        try:
            _take(line, number, file, parts, problems)
        except InputError as error:
            if not (is_cut and parts.header is not None and parts.footer is None):
                problems.extend(error.problems)
    if parts.header is None and not problems:
        problems.append(Problem(SourcePosition(file, 1, 1), "the file is empty", "the header line of a run"))
    if problems or parts.header is None:
        raise InputError(
            problems[:MAX_PROBLEMS], hint="A run.jsonl is written by `bwp-conformance run`; do not edit it"
        )
    return _assemble(parts.header, parts.footer, parts.cases or [])


def _lines(path: Path, file: str) -> Iterator[tuple[int, bytes, bool]]:
    """Number, bytes, and whether the line's end is missing; empty lines are passed over."""
    try:
        with path.open("rb") as stream:
            number = 0
            while line := stream.readline(MAX_LINE_BYTES + 1):
                number += 1
                if len(line) > MAX_LINE_BYTES:
                    raise InputError.at(
                        file,
                        "the line is too long",
                        line=number,
                        column=1,
                        expected=f"at most {MAX_LINE_BYTES:,} bytes",
                    )
                if line.strip():
                    yield number, line, not line.endswith(b"\n")
    except OSError as error:
        raise InputError.at(file, f"cannot be read: {error.strerror or error}") from error


def _take(line: bytes, number: int, file: str, parts: _Parts, problems: list[Problem]) -> None:
    value = _parse(line, file, number)
    faults: Faults = []
    if not isinstance(value, dict):
        faults.append(((), "not an object", "an object with the key record"))
    elif parts.footer is not None:
        faults.append(((), "a line after the footer", "the footer as the last line"))
    elif parts.header is None:
        parts.header = _header(value, faults)
    elif value.get("record") == "case":
        case = decode(value, CASE, (), faults)
        if case is not None and parts.cases is not None:
            parts.cases.append(CaseResult(**case))
    elif value.get("record") == "footer":
        parts.footer = _footer(value, None if problems else len(parts.cases or ()), faults)
    elif value.get("record") == "header":
        faults.append((("record",), "a second header", "one run a file"))
    text = line.decode("utf-8", "replace")
    for path, message, expected in faults:
        where = f"{format_path(path)}: " if path else ""
        problems.append(Problem(SourcePosition(file, number, place_of(text, path)), where + message, expected))


def _parse(line: bytes, file: str, number: int) -> Any:
    """The value of a line. The quick parser first; the strict one says what is wrong and where."""
    try:
        return json.loads(line.decode("utf-8"), parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return load_json(line, file, first_line=number)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _header(value: dict[str, Any], faults: Faults) -> dict[str, Any] | None:
    version = value.get("format_version")
    if value.get("format") != FORMAT:
        faults.append((("format",), "not the header of a run", f'"format": "{FORMAT}"'))
        return {}
    if not isinstance(version, int) or isinstance(version, bool) or version < 1:
        faults.append((("format_version",), "no format version", "a whole number"))
    elif version > FORMAT_VERSION:
        faults.append(
            (("format_version",), f"format version {version} is newer than this suite", f"at most {FORMAT_VERSION}")
        )
        return {}
    header = decode(value, HEADER, (), faults) or {}
    header["contracts"] = tuple(ContractSummary(**item) for item in decode_list(value, "contracts", CONTRACT, faults))
    return header


def _footer(value: dict[str, Any], cases: int | None, faults: Faults) -> dict[str, Any]:
    footer = decode(value, FOOTER, (), faults) or {}
    footer["findings"] = tuple(Finding(**item) for item in decode_list(value, "findings", FINDING, faults))
    footer["errata"] = tuple(Erratum(**item) for item in decode_list(value, "errata", ERRATUM, faults))
    footer["proofs"] = tuple(RuleProof(**item) for item in decode_list(value, "proofs", PROOF, faults))
    footer["coverage"] = tuple(Coverage(**item) for item in decode_list(value, "coverage", COVERAGE, faults))
    footer["contracts"] = tuple(ContractSummary(**item) for item in decode_list(value, "contracts", CONTRACT, faults))
    counts = value.get("counts")
    counted = counts.get("cases") if isinstance(counts, dict) else None
    if counted is not None and cases is not None and counted != cases:
        faults.append(
            (("counts", "cases"), f"the footer counts {counted} cases, the file has {cases}", "no line lost or added")
        )
    return footer


def _assemble(header: dict[str, Any], footer: dict[str, Any] | None, cases: list[CaseResult]) -> RunResult:
    values = {**header, **(footer or {})}
    values["contracts"] = (footer or {}).get("contracts") or header.get("contracts", ())
    return RunResult(**values, cases=tuple(cases), complete=footer is not None)
