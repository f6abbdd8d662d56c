"""The `errors` of an answer: well formed as GraphQL demands, and classified as the API documents it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from conformance.base.paths import JsonPath, format_path
from conformance.findings.model import Blame, Finding, Grade
from conformance.findings.wording import key_for_path
from conformance.operations.finding import found, kind_of, kind_shown, listed, shown

MAX_ERRORS: Final = 1000


@dataclass(frozen=True, slots=True)
class Classification:
    """What the documentation says goes with an error type. None: not known."""

    type: str
    error_type: str | None
    error_code: int | None
    grade: Grade
    blame: Blame


CLASSIFICATIONS: Final[Mapping[str, Classification]] = MappingProxyType(
    {
        entry.type: entry
        for entry in (
            Classification("ValidationError", "ValidationException", 400, Grade.PAGE, Blame.CLIENT),
            Classification("AccessDeniedError", "AccessDeniedException", 403, Grade.PAGE, Blame.CONFIGURATION),
            Classification("ResourceNotFoundError", "ResourceNotFoundException", 404, Grade.PAGE, Blame.CLIENT),
            Classification("ThrottlingError", "ThrottlingException", 429, Grade.PAGE, Blame.ENVIRONMENT),
            Classification("ConflictError", None, 409, Grade.INFERRED, Blame.CLIENT),
            Classification("InternalServerError", None, 500, Grade.INFERRED, Blame.TARGET),
            # The sandbox troubleshooting page writes the type like this.
            Classification("ConflictException", None, 409, Grade.INFERRED, Blame.CLIENT),
        )
    }
)
"""The documented error types."""

_BY_ERROR_TYPE: Final = {entry.error_type: entry for entry in CLASSIFICATIONS.values() if entry.error_type}
_ERROR_KEYS: Final = frozenset(("message", "locations", "path", "extensions"))
_PART_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "type": ("string",),
    "code": ("string", "null"),
    "details": ("object", "null"),
    "errorType": ("string", "null"),
    "errorCode": ("number", "null"),
}


def blame_of(errors: Any) -> Blame:
    """Whose fault the errors of an answer are, as their classification says: the caller's unless it names another."""
    blames = []
    for error in errors if isinstance(errors, list) else ():
        extensions = error.get("extensions") if isinstance(error, dict) else None
        part = extensions.get("classification") if isinstance(extensions, dict) else None
        entry = _entry(part) if isinstance(part, dict) else None
        blames.append(entry.blame if entry else Blame.TARGET)
    return blames[0] if blames else Blame.TARGET


def _entry(classification: dict[str, Any]) -> Classification | None:
    type_, error_type = classification.get("type"), classification.get("errorType")
    if isinstance(type_, str) and type_ in CLASSIFICATIONS:
        return CLASSIFICATIONS[type_]
    return _BY_ERROR_TYPE.get(error_type) if isinstance(error_type, str) else None


def judge_errors(errors: Any) -> list[Finding]:
    """Judges the value under `errors`: form and classification of each error, not where the paths lead."""
    if not isinstance(errors, list) or not errors:
        message = "errors is an empty list" if errors == [] else f"errors is {kind_shown(errors)}"
        return [
            found(
                "ERR-001",
                message,
                path=("errors",),
                expected="a list with at least one error, or no errors at all",
                actual=kind_shown(errors),
                fix="Leave errors out when there are none",
            )
        ]
    findings: list[Finding] = []
    for index, error in enumerate(errors[:MAX_ERRORS]):
        path: JsonPath = ("errors", index)
        if not isinstance(error, dict):
            findings.append(_kind("ERR-002", "the error", error, path, "object"))
            continue
        _form(error, path, findings)
        extensions = error.get("extensions")
        if extensions is None or isinstance(extensions, dict):
            _classification(extensions or {}, path, findings)
    return findings


def _form(error: dict[str, Any], path: JsonPath, findings: list[Finding]) -> None:
    if not isinstance(error.get("message"), str):
        findings.append(
            _kind("ERR-003", "message", error.get("message", "missing"), (*path, "message"), "string", error)
        )
    if "locations" in error:
        _locations(error["locations"], (*path, "locations"), findings)
    if "path" in error:
        _error_path(error["path"], (*path, "path"), findings)
    if error.get("extensions") is not None and not isinstance(error["extensions"], dict):
        findings.append(_kind("ERR-006", "extensions", error["extensions"], (*path, "extensions"), "object"))
    findings += [
        found(
            "ERR-007",
            f"the error has the key {key_for_path(key)}",
            path=(*path, key_for_path(key)),
            expected=listed(sorted(_ERROR_KEYS)),
            actual=key_for_path(key),
            fix="Put it under extensions",
        )
        for key in error
        if key not in _ERROR_KEYS
    ]


def _locations(value: Any, path: JsonPath, findings: list[Finding]) -> None:
    # Java servers write null where they know no location.
    if value is None:
        return
    if not isinstance(value, list):
        findings.append(_kind("ERR-004", "locations", value, path, "list"))
        return
    for index, place in enumerate(value):
        if not isinstance(place, dict):
            findings.append(_kind("ERR-004", "the location", place, (*path, index), "object"))
            continue
        for key in ("line", "column"):
            number = place.get(key, "missing")
            if type(number) is not int or number < 1:
                findings.append(
                    found(
                        "ERR-004",
                        f"{key} is {kind_shown(number) if key in place else 'missing'}",
                        path=(*path, index, key),
                        expected="a whole number from 1",
                        actual=kind_shown(number) if key in place else "missing",
                    )
                )


def _error_path(value: Any, path: JsonPath, findings: list[Finding]) -> None:
    if value is None:
        return
    if not isinstance(value, list):
        findings.append(_kind("ERR-005", "path", value, path, "list"))
        return
    for index, part in enumerate(value):
        if not isinstance(part, str) and (type(part) is not int or part < 0):
            findings.append(
                found(
                    "ERR-005",
                    f"a part of the path is {kind_shown(part)}",
                    path=(*path, index),
                    expected="a name, or an index from 0",
                    actual=kind_shown(part),
                )
            )


def _classification(extensions: dict[str, Any], path: JsonPath, findings: list[Finding]) -> None:
    at = (*path, "extensions", "classification")
    part = extensions.get("classification")
    if part is None:
        findings.append(
            found(
                "ERR-020",
                "the error has no extensions.classification",
                path=at,
                expected="an object with type, code, details, errorType, errorCode",
                actual="missing" if "classification" not in extensions else "null",
                grade=Grade.PAGE,
            )
        )
        return
    if not isinstance(part, dict):
        findings.append(
            found(
                "ERR-021",
                f"classification is {kind_shown(part)}",
                path=at,
                expected="object",
                actual=kind_shown(part),
                grade=Grade.PAGE,
            )
        )
        return
    for key, kinds in _PART_KINDS.items():
        if key in part and (kind_of(part[key]) not in kinds or (key == "errorCode" and isinstance(part[key], float))):
            findings.append(
                found(
                    "ERR-025",
                    f"{key} is {kind_shown(part[key])}",
                    path=(*at, key),
                    expected="a whole number" if key == "errorCode" else " or ".join(kinds),
                    actual=kind_shown(part[key]),
                    grade=Grade.PAGE,
                )
            )
    _consistency(part, at, findings)


def _consistency(part: dict[str, Any], at: JsonPath, findings: list[Finding]) -> None:
    type_, error_type, error_code = part.get("type"), part.get("errorType"), part.get("errorCode")
    known = CLASSIFICATIONS.get(type_) if isinstance(type_, str) else None
    if isinstance(type_, str) and known is None:
        findings.append(
            found(
                "ERR-022",
                f"{shown(type_)} is no documented error type",
                path=(*at, "type"),
                expected=f"one of {listed(CLASSIFICATIONS)}",
                actual=shown(type_),
                grade=Grade.GUIDE,
            )
        )
        return
    if type_ is None and error_type is None:
        findings.append(
            found(
                "ERR-022",
                "the classification has neither type nor errorType",
                path=(*at, "type"),
                expected=f"one of {listed(CLASSIFICATIONS)}",
                actual="missing",
                grade=Grade.GUIDE,
            )
        )
        return
    if known is not None and known.error_type and isinstance(error_type, str) and error_type != known.error_type:
        findings.append(_mismatch("ERR-023", "errorType", error_type, known.error_type, known, at))
    entry = known or (_BY_ERROR_TYPE.get(error_type) if isinstance(error_type, str) else None)
    if entry is None and isinstance(error_type, str):
        findings.append(
            found(
                "ERR-022",
                f"{shown(error_type)} is no documented errorType",
                path=(*at, "errorType"),
                expected=f"one of {listed(_BY_ERROR_TYPE)}",
                actual=shown(error_type),
                grade=Grade.GUIDE,
            )
        )
    elif entry is not None and type(error_code) is int and entry.error_code and error_code != entry.error_code:
        findings.append(_mismatch("ERR-024", "errorCode", error_code, entry.error_code, entry, at))


def _mismatch(rule: str, key: str, actual: Any, expected: Any, entry: Classification, at: JsonPath) -> Finding:
    return found(
        rule,
        f"{key} is {shown(actual)}, but {entry.type} goes with {shown(expected)}",
        path=(*at, key),
        expected=shown(expected),
        actual=shown(actual),
        grade=entry.grade,
    )


def _kind(
    rule: str, what: str, value: Any, path: JsonPath, expected: str, parent: dict[str, Any] | None = None
) -> Finding:
    missing = parent is not None and path[-1] not in parent
    actual = "missing" if missing else kind_shown(value)
    return found(rule, f"{what} is {actual}", path=path, expected=expected, actual=actual)


def error_paths(errors: Any) -> list[tuple[int, JsonPath]]:
    """The well-formed, non-empty paths of the errors, each with the error's index."""
    paths = []
    for index, error in enumerate(errors[:MAX_ERRORS] if isinstance(errors, list) else ()):
        path = error.get("path") if isinstance(error, dict) else None
        if isinstance(path, list) and path and all(isinstance(part, str) or type(part) is int for part in path):
            paths.append((index, tuple(path)))
    return paths


def path_text(path: JsonPath) -> str:
    """An error's path as messages show it."""
    return format_path(tuple(key_for_path(part) if isinstance(part, str) else part for part in path[:50]))
