"""Sessions of `nox`: each makes its own environment. `nox -s tests` is what a contributor runs first."""

from __future__ import annotations

import nox

nox.options.sessions = ["tests", "lint", "types", "layers"]
nox.options.reuse_existing_virtualenvs = True


@nox.session
def tests(session: nox.Session) -> None:
    """Unit tests, without network, in any order."""
    session.install("-e", ".[test]")
    session.run("python", "-m", "pytest", "-n", "auto", *session.posargs)


@nox.session
def slow(session: nox.Session) -> None:
    """Slow tests and tests with a headless Chromium."""
    session.install("-e", ".[test]")
    session.run("python", "-m", "pytest", "-m", "slow or browser", *session.posargs)


@nox.session
def scenarios(session: nox.Session) -> None:
    """Every scenario against the recorded cassettes; reports below reports/."""
    session.install(".")
    session.run("bwp-conformance", "run", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Ruff: rules and format."""
    session.install("ruff>=0.15")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """mypy, strict."""
    session.install("-e", ".[test,lint,bench]", "nox")
    session.run("mypy")


@nox.session
def layers(session: nox.Session) -> None:
    """Packages import downwards only."""
    session.install("-e", ".[lint]")
    session.run("lint-imports")


@nox.session
def benchmarks(session: nox.Session) -> None:
    """The budgets of docs/architecture.md, as ratios measured in one run."""
    session.install("-e", ".[bench]")
    session.run("python", "-m", "benchmarks", *session.posargs)


@nox.session
def build(session: nox.Session) -> None:
    """A wheel, installed in a clean environment, runs outside the checkout."""
    session.install("build")
    session.run("python", "-m", "build", "--wheel", "--outdir", session.create_tmp())
