"""A whole selftest: the faultless sandbox must be clean, and every rule must report its mutants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from conformance import __version__
from conformance.base.clock import Clock, IdSource, timestamp
from conformance.base.data import data_folder
from conformance.base.garbage import rare_collections
from conformance.base.versions import VERSIONS
from conformance.contract.errata import load_errata
from conformance.contract.load import load_contract
from conformance.engine.plan import plan
from conformance.findings.model import Blame, CaseResult, ContractSummary, Grade, RunResult, Verdict
from conformance.scenario.load import find_scenario_files, load_scenarios
from conformance.scenario.select import Selection
from conformance.selftest.prove import MADE, WANTED, is_proven, prove
from conformance.selftest.record import record
from conformance.selftest.runs import Workshop
from conformance.targets.cassette import CassetteProvider
from conformance.targets.embedded import EmbeddedProvider


@dataclass(frozen=True, slots=True)
class Options:
    """What is proven, and how hard. `rules` are prefixes of ids; empty: all."""

    rules: tuple[str, ...] = ()
    mutants: int = MADE
    seed: int = 0


@rare_collections()
def selftest(
    options: Options, clock: Clock, ids: IdSource, progress: Callable[[str], None] = lambda _: None
) -> RunResult:
    """Runs every scenario against the embedded sandbox, then makes and judges the mutants.

    The result holds the cases of the faultless sandbox and a proof of each chosen rule. Same options: the same proofs.
    """
    started = clock.now()
    started_s = clock.monotonic_s()
    cases = plan(load_scenarios(find_scenario_files(data_folder("scenarios"))), Selection(versions=VERSIONS))
    provider = EmbeddedProvider()
    try:
        recorded = tuple(record(cases, provider, clock))
    finally:
        provider.close()
    folder = data_folder("cassettes") / "documentation"
    workshop = Workshop(
        tuple(traffic for traffic, _ in recorded),
        CassetteProvider(folder),
        tuple(case for case in cases if (folder / case.version / f"{case.scenario.id}.yaml").is_file()),
    )
    proofs = prove(
        workshop,
        made=options.mutants,
        seed=options.seed,
        rules=lambda rule: not options.rules or rule.startswith(options.rules),
        progress=progress,
    )
    results = tuple(result for _, result in recorded)
    touched = {erratum for result in results for erratum in result.errata}
    return RunResult(
        run_id=ids.next_id(),
        started_at=timestamp(started),
        suite_version=__version__,
        target="embedded",
        cases=results,
        contracts=tuple(_summary(version) for version in VERSIONS),
        errata=tuple(erratum for key, erratum in load_errata().items() if key in touched),
        finished_at=timestamp(clock.now()),
        elapsed_ms=round((clock.monotonic_s() - started_s) * 1000, 3),
        selection=f"selftest, seed {options.seed}",
        proofs=proofs,
    )


def unclean(run: RunResult) -> tuple[CaseResult, ...]:
    """The cases in which the suite found a fault with a sandbox that has none. Faults of its own requests aside."""
    return tuple(
        case
        for case in run.cases
        if any(finding.counted >= Verdict.WARN and finding.blame is not Blame.CLIENT for finding in case.all_findings)
    )


def is_proof(run: RunResult) -> bool:
    """Was the faultless sandbox clean, and did every rule report all of its mutants, enough of them?"""
    return not unclean(run) and all(is_proven(proof, WANTED) for proof in run.proofs)


def _summary(version: str) -> ContractSummary:
    contract = load_contract(version)
    grades = contract.grades()
    shares = tuple((grade.value, grades[grade]) for grade in Grade if grades[grade])
    return ContractSummary(version, contract.digest, shares)
