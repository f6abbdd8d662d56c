"""`python -m tests.docs.make_flows` writes docs/flows.md again from the scenarios and schema/errors.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from conformance.base.data import data_folder
from conformance.base.versions import DATED_VERSIONS
from conformance.base.yamlio import load_yaml_file
from conformance.contract.load import load_contract
from conformance.events.reading import load_catalogue
from conformance.operations.compile import compile_operation
from conformance.scenario.load import find_scenario_files, load_scenarios
from conformance.scenario.model import Scenario, Step
from conformance.targets.embedded import SKIPPED

PAGE = Path(__file__).resolve().parents[2] / "docs" / "flows.md"
VERSIONS = (*DATED_VERSIONS, "next")
HEAD = """# Flows and errors

What integrations live through, from the first request to the last, and every error that the troubleshooting pages
list. Flows have no documented answers, so they run against the sandbox and are ready for a live target; a run of
cassettes leaves them out (`targets` in the scenario):

```sh
bwp-conformance run --target embedded --tag flow
```

What happens outside of the API is a step of its own. `outside` has a sandbox bring it about: a shopper starts a
return, a warehouse grades, time passes; a live target would wait for it. `http` calls a link that an answer gave,
without credentials: an upload or a download.

This page is made from the scenarios and `schema/errors.yaml`: `python -m tests.docs.make_flows`.
"""
NOT_PUBLISHED = {"INVENTORY_CHANGED": "the sandbox does not publish it (test-in-a-sandbox-environment)"}


class Documented(NamedTuple):
    """An error of a page. `unseen` says why no scenario provokes it."""

    page: str
    operation: str
    type: str | None
    code: str | None
    versions: tuple[str, ...]
    unseen: str

    @property
    def name(self) -> str:
        return " ".join(filter(None, (self.type, self.code)))


def scenarios() -> tuple[Scenario, ...]:
    return load_scenarios(find_scenario_files(data_folder("scenarios")))


def flows() -> tuple[Scenario, ...]:
    return tuple(scenario for scenario in scenarios() if "flow" in scenario.tags)


def documented_errors() -> tuple[Documented, ...]:
    value = load_yaml_file(data_folder("schema") / "errors.yaml", positions=False).value
    reasons = value["unseen"]
    return tuple(
        Documented(
            page,
            operation,
            entry["type"],
            entry.get("code"),
            tuple(entry.get("versions", ())),
            reasons[entry["unseen"]] if "unseen" in entry else "",
        )
        for page, operations in value["pages"].items()
        for operation, entries in operations.items()
        for entry in entries
    )


def provoked(known: tuple[Scenario, ...]) -> dict[tuple[str, str, str | None, str | None], list[str]]:
    """By version, operation, type and code: the scenarios that expect the error and can run against the sandbox."""
    found: dict[tuple[str, str, str | None, str | None], list[str]] = {}
    for scenario in known:
        for version in scenario.versions if scenario.id not in SKIPPED else ():
            for step in scenario.steps:
                for operation, type_, code in _errors_of(step, version):
                    ids = found.setdefault((version, operation, type_, code), [])
                    if scenario.id not in ids:
                        ids.append(scenario.id)
    return found


def _errors_of(step: Step, version: str) -> Iterator[tuple[str, str | None, str | None]]:
    if step.http is not None and step.http.method == "PUT":
        yield from (("PUT of an upload link", None, text) for text in step.expect.contains)
    if not step.document:
        return
    compiled = compile_operation(step.document, step.operation, load_contract(version))
    operation = compiled.root_fields[0] if compiled.root_fields else ""
    for error in step.expect.errors:
        code = error.wanted.get("code")
        yield operation, error.wanted.get("type"), code if isinstance(code, str) else None
    for matcher in step.expect.data:
        if re.search(r"errors\[\d+\]\.code$", matcher.path) and isinstance(matcher.wanted, str):
            yield f"{operation}, in the data", None, matcher.wanted


def seen_events(known: tuple[Scenario, ...], version: str) -> dict[str, list[str]]:
    """By event type: the flows of the version that expect it to be published."""
    found: dict[str, list[str]] = {}
    for scenario in known:
        if version in scenario.versions:
            for name in dict.fromkeys(name for step in scenario.steps for name in step.expect.events or ()):
                found.setdefault(name, []).append(scenario.id)
    return found


def stem(scenario: Scenario) -> str:
    """The id without its version: what the sets of the versions have in common."""
    return re.sub(r"-(2024-\d\d-\d\d|next)$", "", scenario.id)


def page() -> str:
    parts = [
        HEAD,
        "\n## Flows\n\nThe names of a version's own set end in the version; those of 2024-11-01 do not.\n\n",
        _flow_table(),
    ]
    parts += ["\n## Events\n\nWhere each event type is seen, one flow of several.\n\n", _event_table()]
    parts += ["\n## Documented errors\n\nOne scenario of several that provoke each.\n\n", _error_table()]
    return "".join(parts)


def _row(*cells: Any) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |\n"


def _count(steps: int) -> str:
    return "1 step" if steps == 1 else f"{steps} steps"


def _flow_table() -> str:
    by_stem: dict[str, list[Scenario]] = {}
    for scenario in flows():
        by_stem.setdefault(stem(scenario), []).append(scenario)
    rows = [_row("flow", "what happens", *VERSIONS), "|---" * (2 + len(VERSIONS)) + "|\n"]
    for name, group in sorted(by_stem.items()):
        newest = max(group, key=lambda scenario: VERSIONS.index(scenario.versions[-1]))
        steps = {version: len(scenario.steps) for scenario in group for version in scenario.versions}
        shown = (_count(steps[version]) if version in steps else "" for version in VERSIONS)
        rows.append(_row(f"`{name}`", newest.title, *shown))
    return "".join(rows)


def _event_table() -> str:
    known = flows()
    seen = {version: seen_events(known, version) for version in DATED_VERSIONS}
    rows = [_row("event type", *DATED_VERSIONS), "|---" * (1 + len(DATED_VERSIONS)) + "|\n"]
    for name, event in sorted(load_catalogue().events.items()):
        cells = []
        for version in DATED_VERSIONS:
            ids = [each for each in seen[version].get(name, ()) if each.startswith("events.")] or seen[version].get(
                name, []
            )
            shown = f"`{ids[0]}`" if ids else NOT_PUBLISHED.get(name, "missing")
            cells.append(shown if event.status(version) else "")
        rows.append(_row(name, *cells))
    return "".join(rows)


def _error_table() -> str:
    found = provoked(scenarios())
    rows = [_row("page", "operation", "error", "provoked by"), "|---|---|---|---|\n"]
    for error in documented_errors():
        by = [
            f"{version}: `{found.get((version, error.operation, error.type, error.code), ['missing'])[0]}`"
            for version in error.versions
        ]
        rows.append(_row(error.page, error.operation, error.name, "<br>".join(by) or f"not: {error.unseen}"))
    return "".join(rows)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
