"""`bwp-conformance selftest`: prove that every check catches what it claims to catch."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from conformance.base.errors import ExitStatus, InputError

if TYPE_CHECKING:
    from conformance.findings.model import RunResult

_MAX_UNCLEAN = 20


@click.command()
@click.option("--rule", "rules", multiple=True, metavar="PREFIX", help="Only rules whose id starts so, such as RSP.")
@click.option(
    "--mutants", type=click.IntRange(3, 100), default=5, show_default=True, help="So many of each defect, at most."
)
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed: the same mutants.")
@click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("reports/selftest"),
    show_default=True,
    help="Folder of run.jsonl and report.html.",
)
@click.option("--write", type=click.Path(path_type=Path, dir_okay=False), help="Write the proofs of all rules here.")
@click.option(
    "--format", "shown", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print."
)
def selftest(rules: tuple[str, ...], mutants: int, seed: int, output: Path, write: Path | None, shown: str) -> None:
    """Prove the checks: put named defects, and mutants of them, into traffic that has none, and see who reports them.

    First every scenario runs against the embedded sandbox, where nothing may be found. Then each rule has to report
    every mutant that breaks it. Exit status: 0 when all of it holds, 1 when a rule is not proven or the sandbox is not
    clean.
    """
    from conformance.base.clock import RandomIds, SystemClock  # noqa: PLC0415 - `--help` stays quick
    from conformance.contract.proven import proofs_text  # noqa: PLC0415 - as above
    from conformance.selftest.session import Options, is_proof  # noqa: PLC0415 - as above
    from conformance.selftest.session import selftest as run_selftest  # noqa: PLC0415 - as above

    if write is not None and rules:
        raise InputError.at(
            "--write", "the proofs of all rules are written, never those of some", fix="Leave out --rule"
        )
    run = run_selftest(Options(rules, mutants, seed), SystemClock(), RandomIds(), _progress)
    _progress("")
    if not run.proofs:
        raise InputError.at("--rule", "no rule has such an id", fix="See docs/rules.md")
    _write(run, output)
    if write is not None:
        write.write_text(proofs_text(run.proofs), encoding="utf-8")
    click.echo(_json(run) if shown == "json" else "\n".join(_lines(run)))
    if not is_proof(run):
        raise SystemExit(ExitStatus.FINDINGS)


def _progress(rule: str) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{rule:60}\r", nl=False, err=True)


def _write(run: RunResult, output: Path) -> None:
    from conformance.findings.codec import write_run  # noqa: PLC0415 - `--help` stays quick
    from conformance.reports import render  # noqa: PLC0415 - as above

    try:
        output.mkdir(parents=True, exist_ok=True)
        write_run(output / "run.jsonl", run)
        (output / "report.html").write_text(render(run, "html"), encoding="utf-8")
    except OSError as error:
        raise InputError.at(str(output), f"reports cannot be written here: {error.strerror}") from error


def _lines(run: RunResult) -> list[str]:
    from conformance.selftest.prove import is_proven  # noqa: PLC0415 - `--help` stays quick
    from conformance.selftest.session import unclean  # noqa: PLC0415 - as above

    lines = []
    for proof in run.proofs:
        rate = f"{proof.killed}/{proof.mutants}" if proof.mutants else "-"
        mark = "" if is_proven(proof) else "NOT PROVEN  "
        lines.append(f"{proof.rule}  {rate:>7}  {mark}{proof.unprovable or ', '.join(proof.faults) or 'no defect'}")
    faulty = unclean(run)
    for case in faulty[:_MAX_UNCLEAN]:
        rules = ", ".join(dict.fromkeys(each.rule for each in case.all_findings))
        lines.append(f"not clean without a fault: {case.case_id}: {rules}")
    open_ = [proof for proof in run.proofs if not is_proven(proof)]
    killed, made = sum(proof.killed for proof in run.proofs), sum(proof.mutants for proof in run.proofs)
    lines.append(
        f"{len(run.proofs) - len(open_)} of {len(run.proofs)} rules proven, {killed:,} of {made:,} mutants reported, "
        f"{len(run.cases) - len(faulty)} of {len(run.cases)} cases clean without a fault"
    )
    return lines


def _json(run: RunResult) -> str:
    from conformance.selftest.prove import is_proven  # noqa: PLC0415 - `--help` stays quick
    from conformance.selftest.session import is_proof, unclean  # noqa: PLC0415 - as above

    rules = [
        {
            "rule": proof.rule,
            "mutants": proof.mutants,
            "killed": proof.killed,
            "proven": is_proven(proof),
            "faults": list(proof.faults),
            "unprovable": proof.unprovable,
        }
        for proof in run.proofs
    ]
    return json.dumps(
        {
            "format": "bwp-conformance/selftest",
            "format_version": 1,
            "proven": is_proof(run),
            "cases": len(run.cases),
            "unclean": [case.case_id for case in unclean(run)],
            "rules": rules,
        },
        indent=2,
    )
