"""Reports of a run, each a pure function of its RunResult: HTML, JUnit XML, terminal text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from conformance.findings.model import RunResult


def _html(run: RunResult) -> str:
    from conformance.reports.html import render_html  # noqa: PLC0415 - Jinja2 is loaded only by who asks for HTML

    return render_html(run)


def _junit(run: RunResult) -> str:
    from conformance.reports.junit import render_junit  # noqa: PLC0415 - as above

    return render_junit(run)


def _text(run: RunResult) -> str:
    from conformance.reports.text import render_text  # noqa: PLC0415 - as above

    return render_text(run, color=False)


FORMATS: Final[dict[str, Callable[[RunResult], str]]] = {"html": _html, "junit": _junit, "text": _text}
"""The formats of a run's report by name. Allure results come from the pytest run itself."""

FILE_NAMES: Final[dict[str, str]] = {"html": "report.html", "junit": "junit.xml", "text": "report.txt"}
"""The usual file name of each format."""


def render(run: RunResult, format: str) -> str:  # noqa: A002 - the word that the command line uses
    """The report of a run in one of FORMATS. Raises ValueError naming the known formats."""
    if format not in FORMATS:
        raise ValueError(f"unknown report format {format!r}; known are {', '.join(FORMATS)}")
    return FORMATS[format](run)
