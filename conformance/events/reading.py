"""Reads schema/events.yaml into the catalogue. The file is ours, so a fault of it is a bug."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from conformance.base.data import data_folder
from conformance.base.errors import InternalError
from conformance.base.yamlio import load_yaml_file
from conformance.events.catalogue import (
    Envelope,
    EnvelopeKey,
    EnvelopeKind,
    EventCatalogue,
    EventType,
    EventVersion,
    FollowUp,
    PathId,
    Permission,
    ResourceFact,
    Status,
    ValueForm,
    VersionFacts,
)
from conformance.events.paths import PathPattern
from conformance.events.shape import DataShape, parse_selection
from conformance.findings.model import Grade

FORMAT = "bwp-conformance/events"
FORMAT_VERSION = 1


@lru_cache(maxsize=1)
def load_catalogue() -> EventCatalogue:
    """The catalogue of this installation, read once a process."""
    return read_catalogue(data_folder("schema") / "events.yaml")


def read_catalogue(path: Path) -> EventCatalogue:
    """The catalogue that a file states. Raises InputError when it is no YAML, InternalError when it is no catalogue."""
    raw = load_yaml_file(path, positions=False).value
    try:
        return _catalogue(raw)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InternalError(f"{path.name} is no event catalogue: {error!r}") from error


def _catalogue(raw: Any) -> EventCatalogue:
    if raw["format"] != FORMAT or raw["format_version"] != FORMAT_VERSION:
        raise ValueError(f"not {FORMAT} {FORMAT_VERSION}")
    paths = raw["resource_paths"]
    patterns = {name: PathPattern.parse(name, template) for name, template in paths["patterns"].items()}
    return EventCatalogue(
        events=MappingProxyType({name: _event(name, entry, patterns) for name, entry in raw["events"].items()}),
        envelopes=MappingProxyType(
            {EnvelopeKind(kind): _envelope(kind, entry) for kind, entry in raw["envelopes"].items()}
        ),
        versions=MappingProxyType({version: _version(version, entry) for version, entry in raw["versions"].items()}),
        patterns=MappingProxyType(patterns),
        forms=MappingProxyType({name: _form(name, entry) for name, entry in raw["patterns"].items()}),
        path_ids=tuple(_path_id(entry) for entry in raw["path_ids"]),
        path_grade=Grade(paths["grade"]),
        path_source=paths["source"],
    )


def _version(version: str, raw: Mapping[str, Any]) -> VersionFacts:
    return VersionFacts(
        version=version,
        envelopes=tuple(EnvelopeKind(kind) for kind in raw["envelopes"]),
        has_data=raw["data"],
        list_grade=Grade(raw["list"]["grade"]),
        list_source=raw["list"]["source"],
        list_why=raw["list"]["why"],
    )


def _envelope(kind: str, raw: Mapping[str, Any]) -> Envelope:
    keys = (
        EnvelopeKey(name, key["kind"], key.get("format", ""), key.get("same_as", ""), key.get("about", ""))
        for name, key in raw["keys"].items()
    )
    return Envelope(
        EnvelopeKind(kind), raw["title"], tuple(raw["versions"]), tuple(keys), Grade(raw["grade"]), raw["source"]
    )


def _form(name: str, raw: Mapping[str, Any]) -> ValueForm:
    return ValueForm(name, re.compile(raw["pattern"], re.ASCII), raw["means"], Grade(raw["grade"]), raw["source"])


def _path_id(raw: Mapping[str, Any]) -> PathId:
    return PathId(raw["id"], tuple(raw["at"]), raw.get("list", False), Grade(raw["grade"]), raw["source"])


def _event(name: str, raw: Mapping[str, Any], patterns: Mapping[str, PathPattern]) -> EventType:
    return EventType(
        name=name,
        published_when=raw["published_when"],
        permission=Permission(raw["permission"]["name"], Grade(raw["permission"]["grade"])),
        resource=_resource(raw["resource"], patterns),
        envelopes=frozenset(EnvelopeKind(kind) for kind in raw["envelopes"]),
        versions=tuple(_event_version(version, entry) for version, entry in raw["versions"].items()),
        data=_data(raw["data"]) if "data" in raw else None,
        follow_up=_follow_up(raw["follow_up"]) if "follow_up" in raw else None,
        must_process=raw.get("must_process", False),
        formerly=raw.get("formerly", ""),
        also_printed=tuple(raw.get("also_printed", ())),
        errata=tuple(raw.get("errata", ())),
        sources=tuple(raw["sources"]),
    )


def _event_version(version: str, raw: Mapping[str, Any]) -> EventVersion:
    return EventVersion(
        version=version,
        status=Status(raw["status"]),
        grade=Grade(raw["grade"]),
        source=raw["source"],
        instead=raw.get("instead", ""),
        since=raw.get("since", ""),
        why=raw.get("why", ""),
    )


def _resource(raw: Mapping[str, Any], patterns: Mapping[str, PathPattern]) -> ResourceFact:
    return ResourceFact(
        patterns[raw["path"]],
        Grade(raw["grade"]),
        raw.get("source", ""),
        raw.get("why", ""),
        tuple(raw.get("only", ())),
    )


def _data(raw: Mapping[str, Any]) -> DataShape:
    grade = Grade(raw["grade"])
    selection = raw["selection"].strip()
    return DataShape(
        grade, raw["source"], raw["complete"], raw.get("why", ""), selection, parse_selection(selection, grade)
    )


def _follow_up(raw: Mapping[str, Any]) -> FollowUp:
    return FollowUp(raw["query"], tuple(raw["ids"]), raw["look_at"], Grade(raw["grade"]), raw["source"])
