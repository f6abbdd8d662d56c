"""The HTML report: one file that needs no network and opens from disk."""

from __future__ import annotations

import base64
import hashlib
import re
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Final
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from conformance.base.errors import SourcePosition
from conformance.base.paths import JsonPath, format_path
from conformance.findings.model import Grade, RunResult, Verdict
from conformance.reports.intern import well_formed
from conformance.reports.lines import spell_out
from conformance.reports.payload import build_payload
from conformance.reports.view import RunView, run_summary, view_run
from conformance.reports.words import BLAME_WORDS, GRADE_WORDS, VERDICT_MEANINGS, VERDICT_WORDS, plural

_SCRIPTS: Final = ("code.js", "state.js", "case.js", "report.js")
_MAX_FAILING: Final = 8
_MAX_STATIC: Final = 300
_MAX_RULES: Final = 12
_ICON_COLORS: Final = {
    Verdict.PASS: "#1a7f4b",
    Verdict.INFO: "#1a7f4b",
    Verdict.SKIP: "#6b7280",
    Verdict.WARN: "#b7791f",
    Verdict.FAIL: "#c62828",
    Verdict.ERROR: "#8e24aa",
}


def render_html(run: RunResult) -> str:
    """The report of a run as one HTML document.

    Everything in the run is treated as hostile text. A content security policy lets only the report's own script and
    style run, by their digests, and forbids every request. Without JavaScript the verdict, the matrix and what fails
    are readable.
    """
    view = view_run(run)
    payload = build_payload(run)
    css, theme, script = _part("report.css"), _part("theme.js"), _script()
    html = (
        _environment()
        .get_template("report.html")
        .render(
            run=run,
            view=view,
            summary=run_summary(view),
            started=_moment(run.started_at),
            took=_duration(run.elapsed_ms),
            words=VERDICT_WORDS,
            meanings=VERDICT_MEANINGS,
            grade_words=GRADE_WORDS,
            grades=tuple(grade.value for grade in Grade),
            blames=BLAME_WORDS,
            plural=plural,
            path_markup=_path_markup,
            link=_link,
            max_failing=_MAX_FAILING,
            max_static=_MAX_STATIC,
            max_rules=_MAX_RULES,
            left_out=payload.left_out,
            favicon=_favicon(view),
            script_hashes=_ours(f"{_csp_hash(theme)} {_csp_hash(script)}"),
            style_hash=_ours(_csp_hash(css)),
            css=_ours(css),
            theme_js=_ours(theme),
            js=_ours(script),
            payload=_ours(payload.text),
        )
    )
    return well_formed(html)


def _link(**state: str) -> str:
    """The address of a view of the report, as its script reads it."""
    return "#" + "&".join(f"{name}={quote(well_formed(value), safe='[],:@')}" for name, value in state.items() if value)


def _path_markup(path: JsonPath) -> Markup:
    """A path that may be broken before each of its parts."""
    return Markup("<wbr>").join(re.split(r"(?=[.\[])", spell_out(format_path(path))))


def _ours(text: str) -> Markup:
    """Text of this package, or made safe by `payload.script_safe`: it is put into the page as it is."""
    return Markup(text)  # noqa: S704 - never called with a text of the run


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("conformance.reports"),
        autoescape=True,
        finalize=_shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _shown(value: object) -> object:
    """Text with invisible characters and those that turn the reading order spelt out, as everywhere in the report."""
    if isinstance(value, SourcePosition):
        return spell_out(str(value))
    return spell_out(value) if isinstance(value, str) and not isinstance(value, Markup) else value


@cache
def _part(name: str) -> str:
    """A file of the templates folder, which is ours and needs no escaping."""
    return files("conformance.reports").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _script() -> str:
    return "(() => {\n'use strict';\n" + "\n".join(_part(name) for name in _SCRIPTS) + "\n})();\n"


def _csp_hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _favicon(view: RunView) -> str:
    """A dot in the colour of the verdict, so that a browser tab shows it."""
    color = _ICON_COLORS[view.tone]
    shape = f'<circle cx="8" cy="8" r="7" fill="{color}"/>'
    if not view.run.complete:
        shape = f'<circle cx="8" cy="8" r="5.5" fill="none" stroke="{color}" stroke-width="3" stroke-dasharray="4 3"/>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{shape}</svg>'
    return "data:image/svg+xml," + quote(svg)


def _moment(text: str) -> str:
    """A timestamp in words, or the text itself when it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is None:
        return text
    moment = moment.astimezone(UTC)
    return f"{moment.day} {moment:%B %Y, %H:%M:%S} UTC"


def _duration(elapsed_ms: float) -> str:
    if elapsed_ms < 1000:
        return f"{elapsed_ms:.0f} ms"
    seconds = elapsed_ms / 1000
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds // 60)} min {int(seconds % 60)} s"
