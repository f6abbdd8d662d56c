"""Scenario files to scenarios: YAML with positions, JSON Schema, then what it cannot say; all faults at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from graphql import GraphQLError, OperationDefinitionNode, parse

from conformance.base.errors import InputError, Problem, SourcePosition
from conformance.base.paths import JsonPath, parse_path
from conformance.base.yamlio import YamlDocument, load_yaml, load_yaml_file
from conformance.contract.errata import load_errata
from conformance.events.reading import load_catalogue
from conformance.scenario.model import (
    Echo,
    Expectation,
    ExpectedError,
    FindingPattern,
    Happening,
    HttpCall,
    Matcher,
    Scenario,
    Step,
)
from conformance.scenario.shape import shape_problems
from conformance.scenario.values import parse_pattern, references

SUFFIXES = (".yaml", ".yml")
MAX_DOCUMENT_TOKENS = 50_000


def find_scenario_files(folder: Path) -> list[Path]:
    """Every scenario file below a folder, in the order of their paths."""
    return sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES and path.is_file())


def load_scenarios(files: Iterable[Path]) -> tuple[Scenario, ...]:
    """Every scenario of the files. Raises InputError with all faults of all files; ids must be unique."""
    scenarios: list[Scenario] = []
    problems: list[Problem] = []
    places: dict[str, SourcePosition] = {}
    for file in files:
        try:
            scenario = load_scenario(file)
        except InputError as error:
            problems += error.problems
            continue
        if scenario.id in places:
            problems.append(
                Problem(
                    scenario.position, f"the id {scenario.id!r} is taken by {places[scenario.id]}", "an id of its own"
                )
            )
        places.setdefault(scenario.id, scenario.position)
        scenarios.append(scenario)
    if problems:
        raise InputError(problems)
    return tuple(scenarios)


def load_scenario(file: Path) -> Scenario:
    """The scenario of a file. Raises InputError with every fault found."""
    return _scenario(load_yaml_file(file), file)


def parse_scenario(content: bytes | str, file: Path) -> Scenario:
    """As `load_scenario`, from text that stands in `file`."""
    return _scenario(load_yaml(content, str(file)), file)


def _scenario(document: YamlDocument, file: Path) -> Scenario:
    problems = list(shape_problems(document))
    if problems:
        raise InputError(problems)
    reader = _Reader(document)
    scenario = reader.scenario(file)
    if reader.problems:
        raise InputError(sorted(reader.problems, key=lambda problem: problem.position))
    return scenario


class _Reader:
    """Turns a document of the right shape into a Scenario, and gathers what is wrong with it beyond its shape."""

    def __init__(self, document: YamlDocument) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def problem(self, path: JsonPath, message: str, expected: str = "", fix: str = "") -> None:
        self.problems.append(Problem(self.document.position(path), message, expected, fix))

    def scenario(self, file: Path) -> Scenario:
        value: dict[str, Any] = self.document.value
        documented = value.get("documented", {})
        inputs = {name: entry["default"] for name, entry in value.get("inputs", {}).items()}
        errata = tuple(value.get("errata", ()))
        for index, erratum in enumerate(errata):
            self._known_erratum(erratum, ("errata", index))
        steps = []
        captured: set[str] = set()
        used: set[str] = set()
        names: set[str] = set()
        for index, raw in enumerate(value["steps"]):
            at: JsonPath = ("steps", index)
            if raw["step"] in names:
                self.problem((*at, "step"), f"two steps are called {raw['step']!r}", "a name of its own")
            names.add(raw["step"])
            used |= self._references(raw, at, inputs, captured)
            steps.append(self._step(raw, at, errata))
            captured |= set(raw.get("capture", {}))
        for name in inputs.keys() - used:
            self.problem(
                ("inputs", name), f"the input {name!r} is never used", fix="Remove it, or use {$input: " + name + "}"
            )
        return Scenario(
            id=value["scenario"],
            title=value["title"],
            interface=value["interface"],
            versions=tuple(value["versions"]),
            steps=tuple(steps),
            file=file,
            position=self.document.position(("scenario",)),
            description=value.get("description", ""),
            page=documented.get("page", ""),
            example=documented.get("example", ""),
            profiles=tuple(value.get("profiles", ())),
            tags=tuple(value.get("tags", ())),
            targets=tuple(value.get("targets", ())),
            errata=errata,
            inputs=inputs,
        )

    def _references(self, raw: Any, at: JsonPath, inputs: Mapping[str, Any], captured: set[str]) -> set[str]:
        used = set()
        for kind, name, where in references(raw, at):
            if kind == "$input":
                used.add(name)
            known = set(inputs) if kind == "$input" else captured
            if name not in known:
                near = difflib.get_close_matches(name, known, 1)
                what = "no input" if kind == "$input" else "no capture of an earlier step"
                self.problem(where, f"{what} is called {name!r}", fix=f"Did you mean {near[0]!r}?" if near else "")
        return used

    def _step(self, raw: dict[str, Any], at: JsonPath, errata: tuple[str, ...]) -> Step:
        if "document" in raw:
            self._document(raw, at)
        for name, path in raw.get("capture", {}).items():
            self._path(path, (*at, "capture", name))
        return Step(
            name=raw["step"],
            position=self.document.position((*at, "step")),
            document=raw.get("document", ""),
            document_position=self.document.position((*at, "document")) if "document" in raw else None,
            operation=raw.get("operation"),
            variables=raw.get("variables", {}),
            event=raw.get("event"),
            http=HttpCall(**raw["http"]) if "http" in raw else None,
            outside=next((Happening(*each) for each in raw.get("outside", {}).items()), None),
            expect=self._expect(raw.get("expect", {}), (*at, "expect")),
            capture=raw.get("capture", {}),
            provokes=self._patterns(raw, "provokes", at, ()),
            contradicts=self._patterns(raw, "contradicts", at, errata),
        )

    def _expect(self, raw: dict[str, Any], at: JsonPath) -> Expectation:
        return Expectation(
            status=raw.get("status"),
            data=self._matchers(raw, "data", at),
            echoes=tuple(
                Echo(
                    self._path(answer, (*at, "echoes", answer)),
                    self._path(sent, (*at, "echoes", answer)),
                    self.document.position((*at, "echoes", answer)),
                )
                for answer, sent in raw.get("echoes", {}).items()
            ),
            errors=tuple(
                ExpectedError(error, self.document.position((*at, "errors", index)))
                for index, error in enumerate(raw.get("errors", ()))
            ),
            contains=tuple(raw.get("contains", ())),
            contains_position=self.document.position((*at, "contains")) if "contains" in raw else None,
            event_type=raw.get("event_type", ""),
            envelope=raw.get("envelope", ""),
            body=self._matchers(raw, "body", at),
            events=self._events(raw["events"], (*at, "events")) if "events" in raw else None,
            events_position=self.document.position((*at, "events")) if "events" in raw else None,
        )

    def _events(self, names: list[str], at: JsonPath) -> tuple[str, ...]:
        known = load_catalogue().events
        for index, name in enumerate(names):
            if name not in known:
                near = difflib.get_close_matches(name, known, 1)
                fix = f"Did you mean {near[0]!r}?" if near else ""
                self.problem((*at, index), f"no event type is called {name!r}", fix=fix)
        return tuple(names)

    def _matchers(self, raw: dict[str, Any], key: str, at: JsonPath) -> tuple[Matcher, ...]:
        return tuple(
            Matcher(self._path(path, (*at, key, path)), wanted, self.document.position((*at, key, path)))
            for path, wanted in raw.get(key, {}).items()
        )

    def _path(self, text: str, at: JsonPath) -> str:
        try:
            parse_pattern(text)
        except ValueError as error:
            self.problem(at, str(error))
        return text

    def _patterns(
        self, raw: dict[str, Any], key: str, at: JsonPath, errata: tuple[str, ...]
    ) -> tuple[FindingPattern, ...]:
        found = []
        for index, entry in enumerate(raw.get(key, ())):
            here = (*at, key, index)
            path: JsonPath | None = None
            if "path" in entry:
                try:
                    path = parse_path(entry["path"])
                except ValueError as error:
                    self.problem((*here, "path"), str(error))
            erratum = entry.get("erratum", "")
            if erratum and erratum not in errata:
                self.problem(
                    (*here, "erratum"), f"{erratum!r} is not among the errata of the scenario", fix="Add it to `errata`"
                )
            found.append(FindingPattern(entry["rule"], path, erratum, self.document.position(here)))
        return tuple(found)

    def _known_erratum(self, erratum: str, at: JsonPath) -> None:
        known = load_errata()
        if erratum not in known:
            near = difflib.get_close_matches(erratum, known, 1)
            self.problem(at, f"no erratum is called {erratum!r}", fix=f"Did you mean {near[0]!r}?" if near else "")

    def _document(self, raw: dict[str, Any], at: JsonPath) -> None:
        try:
            parsed = parse(raw["document"], no_location=True, max_tokens=MAX_DOCUMENT_TOKENS)
        except GraphQLError as error:
            location = error.locations[0] if error.locations else None
            place = self.document.position_within((*at, "document"), *(location or (1, 1)))
            self.problems.append(Problem(place, error.message))
            return
        except RecursionError:
            self.problem((*at, "document"), "the document is nested too deeply")
            return
        names = [
            node.name.value if node.name else ""
            for node in parsed.definitions
            if isinstance(node, OperationDefinitionNode)
        ]
        wanted = raw.get("operation")
        if not names:
            self.problem((*at, "document"), "the document has no operation")
        elif wanted is None and len(names) > 1:
            self.problem(
                (*at, "document"),
                f"the document has {len(names)} operations",
                "the key `operation` with the name of one",
            )
        elif wanted is not None and wanted not in names:
            self.problem(
                (*at, "operation"),
                f"the document has no operation {wanted!r}",
                f"one of {', '.join(filter(None, names))}",
            )
