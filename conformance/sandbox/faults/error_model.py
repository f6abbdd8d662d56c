"""Defects of the errors in an answer: their form, where their paths lead, and how they are classified."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from conformance.sandbox.faults.model import FaultList, Seen
from conformance.sandbox.faults.places import Place, pick, places

FAULTS: Final = FaultList()

ERROR_TYPES: Final[Mapping[str, tuple[str, int]]] = {
    "ValidationError": ("ValidationException", 400),
    "AccessDeniedError": ("AccessDeniedException", 403),
    "ResourceNotFoundError": ("ResourceNotFoundException", 404),
    "ThrottlingError": ("ThrottlingException", 429),
}
"""The documented types with what goes with each (events-mutations-createeventsubscription)."""


def _error(seen: Seen) -> dict[str, Any] | None:
    """One of the answer's errors."""
    errors = seen.body.get("errors")
    found = [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
    return seen.random.choice(found) if found else None


def _classification(seen: Seen) -> dict[str, Any] | None:
    """The classification of one of the errors."""
    error = _error(seen)
    extensions = error.get("extensions") if error is not None else None
    part = extensions.get("classification") if isinstance(extensions, dict) else None
    return part if isinstance(part, dict) else None


def _put(holder: dict[str, Any] | None, key: str, value: Any) -> bool:
    if holder is None:
        return False
    holder[key] = value
    return True


def _add_error(seen: Seen, path: list[str | int]) -> bool:
    """An error, well formed and classified, beside those that are there."""
    error = {
        "message": "Internal error",
        "path": path,
        "extensions": {"classification": {"type": "InternalServerError", "errorCode": 500}},
    }
    seen.body["errors"] = [*(seen.body.get("errors") or ()), error]
    return True


# --- form


@FAULTS.answer("errors-is-empty", "ERR-001", "errors stands there with nothing in it")
def errors_is_empty(seen: Seen) -> bool:
    if seen.body.get("errors"):
        return False
    seen.body["errors"] = seen.random.choice(([], None))
    return True


@FAULTS.answer("errors-is-no-list", "ERR-001", "The error does not come in a list")
def errors_is_no_list(seen: Seen) -> bool:
    error = _error(seen)
    if error is None:
        return False
    seen.body["errors"] = seen.random.choice((error, {"0": error}, str(error.get("message"))))
    return True


@FAULTS.answer("error-is-no-object", "ERR-002", "An error is a bare value")
def error_is_no_object(seen: Seen) -> bool:
    error = _error(seen)
    if error is None:
        return False
    seen.body["errors"] = [seen.random.choice((str(error.get("message")), None, 400, [error]))]
    return True


@FAULTS.answer("error-without-message", "ERR-003", "An error does not say what went wrong")
def error_without_message(seen: Seen) -> bool:
    error = _error(seen)
    if error is None:
        return False
    if seen.random.random() < 0.5:
        error.pop("message", None)
    else:
        error["message"] = seen.random.choice((None, 400, {"text": "refused"}, ["refused"]))
    return True


@FAULTS.answer("error-locations-broken", "ERR-004", "An error's locations are no lines and columns")
def error_locations_broken(seen: Seen) -> bool:
    broken = (
        {"line": 1, "column": 1},
        "1:1",
        [{"line": 0, "column": 1}],
        [{"line": 1}],
        [{"line": "1", "column": "1"}],
        [[1, 1]],
        [{"line": 1, "column": -1}],
    )
    return _put(_error(seen), "locations", seen.random.choice(broken))


@FAULTS.answer("error-path-no-list", "ERR-005", "An error's path is written as a text")
def error_path_no_list(seen: Seen) -> bool:
    return _put(_error(seen), "path", seen.random.choice((seen.key, f"/{seen.key}/order", {"field": seen.key}, 0)))


@FAULTS.answer("error-path-part-broken", "ERR-005", "A part of an error's path is neither a name nor an index")
def error_path_part_broken(seen: Seen) -> bool:
    return _put(_error(seen), "path", [seen.key, seen.random.choice((None, -1, 1.5, True, ["order"], {"at": 0}))])


@FAULTS.answer("error-extensions-no-object", "ERR-006", "An error's extensions is no object")
def error_extensions_no_object(seen: Seen) -> bool:
    return _put(_error(seen), "extensions", seen.random.choice(("ValidationError", [], ["ValidationError"], 400)))


@FAULTS.answer("error-with-extra-key", "ERR-007", "An error has keys beside the specified ones")
def error_with_extra_key(seen: Seen) -> bool:
    key = seen.random.choice(("code", "errorType", "errorInfo", "type", "timestamp", "data"))
    return _put(_error(seen), key, seen.random.choice((None, "ValidationException", 400)))


# --- where it leads


@FAULTS.answer("error-path-off-selection", "ERR-008", "An error's path names a field that nobody selected")
def error_path_off_selection(seen: Seen) -> bool:
    paths: tuple[list[str | int], ...] = (
        [f"{seen.key}X"],
        [seen.key, "neverSelected"],
        ["data", seen.key],
        [seen.key, 0],
    )
    path = seen.random.choice(paths)
    return _put(_error(seen), "path", path)


@FAULTS.answer("error-path-past-list", "ERR-008", "An error's path leads past the end of a list")
def error_path_past_list(seen: Seen) -> bool:
    place = pick(seen, (each for each in places(seen) if isinstance(each.value, list) and each.value))
    if place is None:
        return False
    return _add_error(seen, [*place.path[1:], len(place.value) + seen.random.randrange(5)])


@FAULTS.answer("error-beside-value", "ERR-009", "An error stands beside the value that it says is missing")
def error_beside_value(seen: Seen) -> bool:
    place = pick(seen, (each for each in places(seen) if _is_whole(each)))
    return place is not None and _add_error(seen, list(place.path[1:]))


def _is_whole(place: Place) -> bool:
    """Is there no null at or below the place?"""
    waiting = [place.value]
    while waiting:
        value = waiting.pop()
        if value is None:
            return False
        waiting += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return True


@FAULTS.answer("data-null-unexplained", "ERR-010", "data is null and no error says why")
def data_null_unexplained(seen: Seen) -> bool:
    seen.body.pop("errors", None)
    seen.body["data"] = None
    return True


# --- classification


@FAULTS.answer("error-without-classification", "ERR-020", "An error is not classified")
def error_without_classification(seen: Seen) -> bool:
    error = _error(seen)
    if error is None:
        return False
    match seen.random.randrange(4):
        case 0:
            error.pop("extensions", None)
        case 1:
            error["extensions"] = None
        case 2:
            error["extensions"] = {"code": "BAD_REQUEST"}
        case _:
            error["extensions"] = {"classification": None}
    return True


@FAULTS.answer("classification-is-no-object", "ERR-021", "A classification is the bare name of the error's type")
def classification_is_no_object(seen: Seen) -> bool:
    part: Any = seen.random.choice(("ValidationError", "DataFetchingException", [], 400))
    error = _error(seen)
    return _put(error, "extensions", {"classification": part})


@FAULTS.answer("error-type-unknown", "ERR-022", "A classification's type is none of the documented ones")
def error_type_unknown(seen: Seen) -> bool:
    types = ("BadRequest", "ValidationException", "UNAUTHENTICATED", "validationError", "ServerError")
    return _put(_classification(seen), "type", seen.random.choice(types))


@FAULTS.answer("error-type-missing", "ERR-022", "A classification does not tell the error's type")
def error_type_missing(seen: Seen) -> bool:
    part = _classification(seen)
    if part is None:
        return False
    part.pop("type", None)
    if seen.random.random() < 0.5:
        part.pop("errorType", None)
    else:
        part["errorType"] = seen.random.choice(("BadRequestException", "ValidationError"))
    return True


@FAULTS.answer("error-type-of-another", "ERR-023", "errorType is the one of another type")
def error_type_of_another(seen: Seen) -> bool:
    part = _classification(seen)
    if part is None or part.get("type") not in ERROR_TYPES:
        return False
    others = [name for type_, (name, _) in ERROR_TYPES.items() if type_ != part["type"]]
    part["errorType"] = seen.random.choice((*others, "InternalServerException"))
    return True


@FAULTS.answer("error-code-of-another", "ERR-024", "errorCode is the one of another type")
def error_code_of_another(seen: Seen) -> bool:
    part = _classification(seen)
    if part is None or part.get("type") not in ERROR_TYPES:
        return False
    own = ERROR_TYPES[part["type"]][1]
    part["errorCode"] = seen.random.choice([code for code in (200, 400, 403, 404, 429, 500) if code != own])
    return True


@FAULTS.answer("classification-part-of-wrong-kind", "ERR-025", "A part of a classification is of another JSON kind")
def classification_part_of_wrong_kind(seen: Seen) -> bool:
    wrong: tuple[tuple[str, Any], ...] = (
        ("errorCode", "400"),
        ("errorCode", 400.5),
        ("errorType", 400),
        ("errorType", ["ValidationException"]),
        ("code", 17),
        ("code", {"value": "InvalidInput"}),
        ("details", "refused"),
        ("details", []),
        ("type", {"name": "ValidationError"}),
    )
    return _put(_classification(seen), *seen.random.choice(wrong))
