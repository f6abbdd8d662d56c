"""The lock of what is covered: a file that may only grow, so that nothing covered once is lost unnoticed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

from conformance.base.data import display_path
from conformance.base.errors import InputError, Problem, SourcePosition
from conformance.base.jsonio import decode_utf8, read_input
from conformance.engine.coverage import Covered
from conformance.engine.inventory import Kind

MAX_BYTES: Final = 16 * 1024 * 1024
ASSERTED, PASSED = "asserted", "passed"
_HEAD: Final = """\
# What the suite's own scenarios cover, by version and kind: asserted by an expectation, or only passed by.
# It may only grow: `bwp-conformance coverage --lock FILE` names what got lost, `--write-lock FILE` adds what is new.
"""
_LINE: Final = re.compile(r"(?P<version>\S+) (?P<kind>\S+) (?P<how>asserted|passed) (?P<name>\S.*)")
_KINDS: Final[Mapping[str, Kind]] = {kind.slug: kind for kind in Kind}

Key: TypeAlias = tuple[str, Kind, str]
"""Version, kind and name."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the lock and the coverage of today do not have in common.

    `lost`: in the lock and not covered now, or only passed where it was asserted; each with what the lock says.
    `added`: covered now and not in the lock, or asserted where the lock says passed; each with how it is covered.
    """

    lost: tuple[tuple[Key, str], ...]
    added: tuple[tuple[Key, str], ...]


def read_lock(path: Path) -> Mapping[Key, str]:
    """The lock of a file. Raises InputError with every line that is none."""
    file = display_path(path)
    locked: dict[Key, str] = {}
    problems: list[Problem] = []
    for number, line in enumerate(decode_utf8(read_input(path, max_bytes=MAX_BYTES), file).splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None or match["kind"] not in _KINDS:
            expected = f"VERSION KIND asserted|passed NAME, with a kind of {', '.join(_KINDS)}"
            problems.append(Problem(SourcePosition(file, number, 1), "no line of a lock", expected))
            continue
        key = (match["version"], _KINDS[match["kind"]], match["name"])
        locked[key] = _better(locked.get(key), match["how"])
    if problems:
        raise InputError(problems[:20])
    return locked


def lock_text(locked: Mapping[Key, str]) -> str:
    """The file's text. Equal locks give equal text."""
    order = {kind: place for place, kind in enumerate(Kind)}
    keys = sorted(locked, key=lambda key: (key[0], order[key[1]], key[2]))
    lines = (f"{version} {kind.slug} {locked[version, kind, name]} {name}\n" for version, kind, name in keys)
    return _HEAD + "".join(lines)


def locked_of(covered: Iterable[Covered]) -> Mapping[Key, str]:
    """The lock that holds what is covered, and nothing else."""
    return {
        (one.version, kind, name): how
        for one in covered
        for how, marks in ((PASSED, one.passed), (ASSERTED, one.asserted))
        for kind, name in marks
    }


def compare(locked: Mapping[Key, str], covered: Iterable[Covered], versions: Iterable[str]) -> Comparison:
    """The lock of some versions against what is covered now."""
    chosen, now = set(versions), locked_of(covered)
    lost = [
        (key, how) for key, how in locked.items() if key[0] in chosen and _better(now.get(key), how) != now.get(key)
    ]
    added = [
        (key, how) for key, how in now.items() if key[0] in chosen and _better(locked.get(key), how) != locked.get(key)
    ]
    return Comparison(tuple(sorted(lost)), tuple(sorted(added)))


def grown(locked: Mapping[Key, str], covered: Iterable[Covered]) -> Mapping[Key, str]:
    """The lock with what is covered on top; nothing of it goes away."""
    more = dict(locked)
    for key, how in locked_of(covered).items():
        more[key] = _better(more.get(key), how)
    return more


def _better(one: str | None, other: str) -> str:
    return ASSERTED if ASSERTED in (one, other) else other
