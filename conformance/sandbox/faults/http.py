"""Defects around an answer's data: status, headers, bytes, and the keys at the top."""

from __future__ import annotations

import json
from typing import Any, Final

import msgspec

from conformance.sandbox.faults.model import FaultList, Seen
from conformance.sandbox.faults.places import Place, pick, places

FAULTS: Final = FaultList()

JSON: Final = "application/json"
GRAPHQL_JSON: Final = "application/graphql-response+json"

_MARK: Final = "\x00here\x00"


def set_header(seen: Seen, name: str, value: str | None) -> None:
    """Gives a header field its one value; None takes it away."""
    kept = tuple(each for each in seen.headers if each[0].lower() != name)
    seen.headers = kept if value is None else (*kept, (name, value))


def with_literal(seen: Seen, holder: Any, key: str | int, literal: bytes) -> bool:
    """Sends the body with bytes of our own where `holder[key]` stands."""
    is_new = isinstance(holder, dict) and key not in holder
    kept = None if is_new else holder[key]
    holder[key] = _MARK
    seen.raw = msgspec.json.encode(seen.body).replace(msgspec.json.encode(_MARK), literal)
    if is_new:
        del holder[key]
    else:
        holder[key] = kept
    return True


def _any_place(seen: Seen) -> Place | None:
    return pick(seen, (each for each in places(seen) if not each.is_item))


def _text_place(seen: Seen) -> Place | None:
    return pick(seen, (each for each in places(seen) if each.scalar == "String" and isinstance(each.value, str)))


def _refuse(seen: Seen, status: int, body: Any) -> bool:
    seen.status = status
    seen.body = body
    set_header(seen, "content-type", JSON)
    return True


def _page(seen: Seen, status: int, title: str) -> bool:
    seen.status = status
    seen.raw = f"<!DOCTYPE html><html><head><title>{title}</title></head><body>{title}</body></html>".encode()
    set_header(seen, "content-type", "text/html")
    return True


# --- headers


@FAULTS.answer("answer-media-type-not-json", "ENV-010", "The answer says that it is no JSON")
def answer_media_type_not_json(seen: Seen) -> bool:
    kinds = (
        "text/html",
        "text/plain; charset=utf-8",
        "application/octet-stream",
        "application/xml",
        "application/graphql",
    )
    set_header(seen, "content-type", seen.random.choice(kinds))
    return True


@FAULTS.answer("answer-without-media-type", "ENV-010", "The answer does not say what it is")
def answer_without_media_type(seen: Seen) -> bool:
    set_header(seen, "content-type", None)
    return bool(seen.headers)


@FAULTS.answer("answer-charset-not-utf8", "ENV-011", "The answer names a charset that JSON may not have")
def answer_charset_not_utf8(seen: Seen) -> bool:
    charset = seen.random.choice(("iso-8859-1", "utf-16", "windows-1252", "us-ascii", '"shift_jis"'))
    set_header(seen, "content-type", f"{seen.random.choice((JSON, GRAPHQL_JSON))}; charset={charset}")
    return True


# --- status


@FAULTS.answer("data-with-error-status", "ENV-012", "Data comes with a status that says there is none")
def data_with_error_status(seen: Seen) -> bool:
    if not isinstance(seen.body.get("data"), dict):
        return False
    set_header(seen, "content-type", GRAPHQL_JSON)
    seen.status = seen.random.choice((400, 404, 409, 422, 500, 503))
    return True


@FAULTS.answer("no-data-with-success-status", "ENV-012", "A refused request is answered with 200")
def no_data_with_success_status(seen: Seen) -> bool:
    if "errors" not in seen.body:
        return False
    del seen.body["data"]
    set_header(seen, "content-type", GRAPHQL_JSON)
    seen.status = seen.random.choice((200, 202))
    return True


@FAULTS.answer("plain-json-with-error-status", "ENV-013", "An application/json answer has another status than 200")
def plain_json_with_error_status(seen: Seen) -> bool:
    set_header(seen, "content-type", JSON)
    seen.status = seen.random.choice((201, 202, 400, 409, 422))
    return True


@FAULTS.answer("endpoint-redirects", "ENV-013", "The endpoint sends its callers elsewhere")
def endpoint_redirects(seen: Seen) -> bool:
    set_header(seen, "location", "https://example.com/graphql/")
    return _page(seen, seen.random.choice((301, 302, 307, 308)), "Moved")


@FAULTS.answer("endpoint-not-found", "ENV-013", "Nothing answers at the endpoint's address")
def endpoint_not_found(seen: Seen) -> bool:
    return _page(seen, 404, "Not Found")


@FAULTS.answer("caller-turned-away", "ENV-014", "The way to the API is barred by a status, without a GraphQL error")
def caller_turned_away(seen: Seen) -> bool:
    status, message = seen.random.choice(((401, "Unauthorized"), (403, "Forbidden"), (407, "Proxy login required")))
    return _refuse(seen, status, {"message": message})


@FAULTS.answer("throttled-by-status", "ENV-015", "Too many calls are answered by a status, without a GraphQL error")
def throttled_by_status(seen: Seen) -> bool:
    return _refuse(seen, 429, {"message": "Too Many Requests"})


@FAULTS.answer("gateway-failure", "ENV-015", "A gateway answers in the place of the API")
def gateway_failure(seen: Seen) -> bool:
    status, title = seen.random.choice(((502, "Bad Gateway"), (503, "Service Unavailable"), (504, "Gateway Timeout")))
    return _page(seen, status, title)


@FAULTS.answer("server-breaks-off", "ENV-015", "The server fails and says so in a status only")
def server_breaks_off(seen: Seen) -> bool:
    return _refuse(seen, 500, {"message": "Internal Server Error", "requestId": f"r-{seen.random.randrange(1000)}"})


# --- bytes


@FAULTS.answer("body-cut-off", "ENV-020", "The body ends in the middle")
def body_cut_off(seen: Seen) -> bool:
    whole = msgspec.json.encode(seen.body)
    seen.raw = whole[: seen.random.randrange(1, len(whole))]
    return True


@FAULTS.answer("body-empty", "ENV-020", "The answer has no body")
def body_empty(seen: Seen) -> bool:
    seen.raw = b""
    return True


@FAULTS.answer("body-is-a-page", "ENV-020", "A page of HTML comes where JSON is promised")
def body_is_a_page(seen: Seen) -> bool:
    media_type = next((value for name, value in seen.headers if name.lower() == "content-type"), JSON)
    _page(seen, seen.status, "Welcome")
    set_header(seen, "content-type", media_type)
    return True


@FAULTS.answer("body-with-nan", "ENV-020", "NaN or Infinity stands where a value belongs")
def body_with_nan(seen: Seen) -> bool:
    place = _any_place(seen)
    literal = seen.random.choice((b"NaN", b"Infinity", b"-Infinity"))
    return place is not None and with_literal(seen, place.holder, place.key, literal)


@FAULTS.answer("body-not-strict-json", "ENV-020", "The body is what a programming language prints, not JSON")
def body_not_strict_json(seen: Seen) -> bool:
    text = json.dumps(seen.body)
    seen.raw = seen.random.choice((text[:-1] + ",}", repr(seen.body), text + text, text + ";")).encode()
    return True


@FAULTS.answer("body-with-byte-order-mark", "ENV-021", "A byte order mark stands before the body")
def body_with_byte_order_mark(seen: Seen) -> bool:
    seen.raw = b"\xef\xbb\xbf" + msgspec.json.encode(seen.body)
    return True


@FAULTS.answer("body-in-utf16", "ENV-021", "The body is in UTF-16")
def body_in_utf16(seen: Seen) -> bool:
    seen.raw = json.dumps(seen.body).encode(seen.random.choice(("utf-16", "utf-16-le", "utf-16-be")))
    return True


@FAULTS.answer("body-in-latin1", "ENV-021", "A letter is encoded as Latin-1")
def body_in_latin1(seen: Seen) -> bool:
    place = _text_place(seen)
    return place is not None and with_literal(seen, place.holder, place.key, b'"caf\xe9"')


@FAULTS.answer("half-a-surrogate-pair", "ENV-021", "A text holds half of a character")
def half_a_surrogate_pair(seen: Seen) -> bool:
    place = _text_place(seen)
    half = seen.random.choice((b'"\\ud83d"', b'"x\\udc00"'))
    return place is not None and with_literal(seen, place.holder, place.key, half)


@FAULTS.answer("body-nests-without-end", "ENV-027", "A value nests deeper than readers can go")
def body_nests_without_end(seen: Seen) -> bool:
    depth = seen.random.randrange(2_000, 20_000)
    literal = b"[" * depth + b"]" * depth if seen.random.random() < 0.5 else b'{"a":' * depth + b"1" + b"}" * depth
    place = _any_place(seen)
    if place is None or seen.random.random() < 0.5:
        return with_literal(seen, seen.body, "extensions", literal)
    return with_literal(seen, place.holder, place.key, literal)


@FAULTS.answer("number-beyond-double", "ENV-028", "A number is larger than JSON readers hold")
def number_beyond_double(seen: Seen) -> bool:
    literal = seen.random.choice((b"1e999", b"-1e400", b"9" * 5000))
    place = pick(seen, (each for each in places(seen) if each.scalar in ("Int", "Long", "Float", "Decimal")))
    if place is None:
        return with_literal(seen, seen.body, "extensions", b'{"cost":' + literal + b"}")
    return with_literal(seen, place.holder, place.key, literal)


# --- the keys at the top


@FAULTS.answer("answers-in-a-batch", "ENV-022", "The answer comes in a list")
def answers_in_a_batch(seen: Seen) -> bool:
    seen.body = [seen.body]
    return True


@FAULTS.answer("answer-is-no-object", "ENV-022", "The answer is a bare value")
def answer_is_no_object(seen: Seen) -> bool:
    seen.body = seen.random.choice((None, "ok", 0, True, json.dumps(seen.body)))
    return True


@FAULTS.answer("extra-top-level-key", "ENV-023", "Something stands beside data and errors that has no place there")
def extra_top_level_key(seen: Seen) -> bool:
    key = seen.random.choice(("message", "status", "requestId", "warnings", "error", "meta"))
    seen.body[key] = seen.random.choice(("ok", 200, [], {"code": 1}))
    return True


@FAULTS.answer("neither-data-nor-errors", "ENV-024", "The answer has neither data nor errors")
def neither_data_nor_errors(seen: Seen) -> bool:
    seen.body = seen.random.choice(({}, {"extensions": {}}, {"extensions": {"cost": 1}}))
    return True


@FAULTS.answer("data-is-no-object", "ENV-025", "data is something else than an object")
def data_is_no_object(seen: Seen) -> bool:
    seen.body["data"] = seen.random.choice(([], [seen.body.get("data")], "", "null", 1, False))
    return True


@FAULTS.answer("extensions-is-no-object", "ENV-026", "extensions is something else than an object")
def extensions_is_no_object(seen: Seen) -> bool:
    seen.body["extensions"] = seen.random.choice((None, [], "none", 1, [{"cost": 1}]))
    return True
