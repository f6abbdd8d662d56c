"""Text of what the schema command shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from textwrap import shorten
from typing import Any

import click

_GRADES = ("page", "example", "guide", "changelog", "inferred")
_SHOWN_WEAK = 20
_LIMITS = {
    "min_items": "at least {} items",
    "max_items": "at most {} items",
    "min_length": "at least {} characters",
    "max_length": "at most {} characters",
    "min": "at least {}",
    "max": "at most {}",
    "pattern": "matches {}",
    "inferred": "inferred from {}",
}


def table(rows: Iterable[Sequence[str]], *, right: Iterable[int] = ()) -> Iterator[str]:
    """Rows as aligned columns, those in `right` aligned to the right."""
    listed = [tuple(row) for row in rows]
    widths = [max(len(row[column]) for row in listed) for column in range(len(listed[0]))] if listed else []
    to_the_right = set(right)
    for row in listed:
        cells = [
            cell.rjust(width) if column in to_the_right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def text_of_versions(summaries: Sequence[Mapping[str, Any]]) -> str:
    """One line a version."""
    head = ("version", "interfaces", "queries", "mutations", "types", "coordinates", *_GRADES)
    rows = [head]
    for summary in summaries:
        counts = [str(summary[key]) for key in ("interfaces", "queries", "mutations", "types", "coordinates")]
        rows.append((summary["version"], *counts, *_shares(summary["grades"])))
    lines = [*table(rows, right=range(1, len(head))), ""]
    lines.append("Shares are of the coordinates, by the evidence that they stand on, strongest first.")
    unread = sum(summary["names_without_facts"] for summary in summaries)
    if unread:
        lines.append(
            f"{unread} more names stand in the documentation's navigation without any facts: `schema evidence`."
        )
    return "\n".join(lines)


def text_of_interfaces(interfaces: Sequence[Mapping[str, Any]], version: str) -> str:
    """Every interface with its operations and the names of its types."""
    lines = [_bold(f"Contract {version}")]
    for entry in interfaces:
        lines += ["", _bold(entry["interface"])]
        rows = [
            (f"  {operation['kind']}", f"{operation['name']}: {operation['type']}", _evidence(operation))
            for operation in entry["operations"]
        ]
        lines += table(rows)
        names = [type_["name"] for type_ in entry.get("types", ())]
        if names:
            lines += click.wrap_text(", ".join(names), 100, "  types: ", "    ").splitlines()
    return "\n".join(lines)


def text_of_description(described: Mapping[str, Any]) -> str:
    """A type with its members, or a single member."""
    is_type = "members" in described
    title = f"{described['kind']} {described['coordinate']}"
    if described.get("type"):
        title += f": {described['type']}"
    lines = [_bold(title) + f"   ({described['version']})"]
    if described["description"]:
        lines.append(f"  {described['description']}")
    lines.append(f"  evidence: {_evidence(described)}")
    lines += [f"  {line}" for line in _details(described)]
    others = [version for version in described["versions"] if version != described["version"]]
    lines.append(f"  also in: {', '.join(others) if others else 'no other version'}")
    if is_type:
        lines += ["", *_members(described["members"], described)]
        if described["used_by"]:
            lines += ["", _bold("used by"), *(f"  {name}" for name in described["used_by"])]
    for argument in described.get("arguments", ()):
        lines += ["", f"  argument {argument['name']}: {argument['type']}"]
        lines += [f"    {line}" for line in (f"evidence: {_evidence(argument)}", *_details(argument))]
    return "\n".join(lines)


def _members(members: Sequence[Any], of: Mapping[str, Any]) -> Iterator[str]:
    """Fields, values, or the names of a union's types. Evidence is told where it is another one than the type's."""
    for member in members:
        if isinstance(member, str):
            yield f"  {member}"
            continue
        arguments = ", ".join(f"{part['name']}: {part['type']}" for part in member.get("arguments", ()))
        name = member["name"] + (f"({arguments})" if arguments else "")
        yield f"  {_bold(name)}" + (f": {member['type']}" if member["type"] else "")
        if member["description"]:
            yield f"      {member['description']}"
        if _evidence(member) != _evidence(of):
            yield f"      evidence: {_evidence(member)}"
        for line in _details(member):
            yield f"      {line}"


def _details(fact: Mapping[str, Any]) -> Iterator[str]:
    """What is known beside the evidence, one line each."""
    if fact.get("deprecated"):
        yield f"deprecated: {fact['deprecated']}"
    if fact["partial"]:
        yield f"not read to the end, more may exist: {fact['partial']}"
    if fact["name_inferred"]:
        yield "the name is ours; the documentation does not give it"
    yield from _constraints(fact)
    if fact["scopes"]:
        yield f"scopes: {', '.join(fact['scopes'])}"
    if fact["sandbox_only"]:
        yield "exists only in a sandbox"
    if fact["added"]:
        yield f"added after the release, on {fact['added']}"
    for erratum in fact["errata"]:
        yield f"the documentation contradicts itself: {erratum['title']} ({erratum['id']})"


def _constraints(fact: Mapping[str, Any]) -> Iterator[str]:
    if fact["format"]:
        yield f"format: {fact['format']}"
    if fact["limit"]:
        yield "limit: " + ", ".join(_LIMITS[key].format(value) for key, value in fact["limit"].items())
    values = fact.get("values")
    if values:
        extent = "known values" if values["open"] else "values"
        yield f"{extent} ({values['table']}): {', '.join(values['values'])}"
    if fact.get("open"):
        yield "open: other values may come"
    if fact["exclusive"]:
        yield f"at most one of: {', '.join(fact['exclusive'])}"


def text_of_evidence(facts: Mapping[str, Any], *, everything: bool) -> str:
    """The share of each grade by interface, partial types, and the weakest coordinates."""
    lines = [_bold(f"Evidence of contract {facts['version']}"), ""]
    entries = [*facts["interfaces"], {"interface": "all", "grades": facts["grades"]}]
    rows = [(entry["interface"], str(sum(entry["grades"].values())), *_shares(entry["grades"])) for entry in entries]
    lines += table([("interface", "coordinates", *_GRADES), *rows], right=range(1, 2 + len(_GRADES)))
    weak = facts["weak"]
    shown = weak if everything else list(_own_weakness(weak))[:_SHOWN_WEAK]
    if shown:
        lines += ["", _bold(f"Weakest, {len(weak)} coordinates: a violation warns and does not fail")]
        lines += table((f"  {entry['coordinate']}", entry["grade"], shorten(entry["source"], 90)) for entry in shown)
        if len(shown) < len(weak):
            lines.append(f"  … and {len(weak) - len(shown)} more: --all")
    if facts["partial"]:
        partial = facts["partial"] if everything else facts["partial"][:_SHOWN_WEAK]
        lines += ["", _bold(f"Not read to the end, {len(facts['partial'])} types: unknown fields of these only warn")]
        lines += table((f"  {entry['type']}", shorten(entry["why"], 90)) for entry in partial)
        if len(partial) < len(facts["partial"]):
            lines.append(f"  … and {len(facts['partial']) - len(partial)} more: --all")
    if facts["names_without_facts"]:
        lines += ["", _bold("Named by the documentation, nothing known")]
        rows_ = [
            (f"  {entry['name']}", entry["kind"], shorten(entry["reason"], 90))
            for entry in facts["names_without_facts"]
        ]
        lines += table(rows_)
    return "\n".join(lines)


def _own_weakness(weak: Sequence[Mapping[str, str]]) -> Iterator[Mapping[str, str]]:
    """Without the parts that are weak because their type is."""
    whole = {entry["coordinate"]: entry for entry in weak if "." not in entry["coordinate"]}
    for entry in weak:
        owner = whole.get(entry["coordinate"].partition(".")[0])
        if owner is None or owner is entry or (owner["grade"], owner["source"]) != (entry["grade"], entry["source"]):
            yield entry


def _shares(grades: Mapping[str, int]) -> Iterator[str]:
    total = sum(grades.values())
    for grade in _GRADES:
        yield f"{100 * grades[grade] / total:.0f} %" if total else "-"


def _evidence(fact: Mapping[str, Any]) -> str:
    text: str = fact["grade"] + (f", {fact['source']}" if fact["source"] else "")
    return text + (f" ({fact['note']})" if fact["note"] else "")


def _bold(text: str) -> str:
    return click.style(text, bold=True)
