"""The HTML report: one file, no network, opens from disk."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, select_autoescape

from conformance.base.paths import format_path
from conformance.findings.model import RunResult
from conformance.reports.words import headline


def render_html(run: RunResult) -> str:
    """The report of a run as one HTML document."""
    environment = Environment(loader=PackageLoader("conformance.reports"), autoescape=select_autoescape(default=True))
    return environment.get_template("report.html").render(run=run, headline=headline(run), format_path=format_path)
