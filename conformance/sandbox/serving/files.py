"""The links of the catalog: PUT /upload/{file}/{key}, GET /download/{file}/{key}.

Both are called without an access token: the link is the permission. A link that is not good answers as object stores
do, with an XML error; its codes for an expired link (AccessDenied) and for another size than was said
(SignatureDoesNotMatch) are documented in troubleshoot-catalog-errors, the others and the statuses are ours.
"""

from __future__ import annotations

import hmac
import re
from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape

from conformance.sandbox.catalog.files import FILE_LIFE, content_of, has_room
from conformance.sandbox.serving.http import UPLOADS, Answer, Request
from conformance.sandbox.store import Resource, Store

DOWNLOADS: Final = "/download/"

_HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?")


def address(request: Request) -> str:
    """Where the caller reaches the sandbox, from its Host header; no other host than loopback gets into a link."""
    host = request.header("host")
    return f"http://{host}" if _HOST.fullmatch(host) else "http://127.0.0.1"


def is_file(path: str) -> bool:
    """Is this the path of a link to a file?"""
    return path.startswith((UPLOADS, DOWNLOADS))


def answer(request: Request, store: Store) -> Answer:
    """The answer to an upload or a download."""
    is_upload = request.path.startswith(UPLOADS)
    method = "PUT" if is_upload else "GET"
    if request.method != method:
        return _error(405, "MethodNotAllowed", f"only {method} is allowed here", (("allow", method),))
    file_id, _, key = request.path.removeprefix(UPLOADS if is_upload else DOWNLOADS).partition("/")
    file = store.files.get(file_id)
    if file is None:
        return _error(404, "NoSuchKey", "no file has this id")
    return _upload(request, store, file, key) if is_upload else _download(store, file, key)


def _upload(request: Request, store: Store, file: Resource, key: str) -> Answer:
    if not _is_good(key, file["key"], file["uploadUntil"], store):
        return _error(403, "AccessDenied", "the link is not good, or has expired")
    if len(request.body) != file["size"]:
        return _error(403, "SignatureDoesNotMatch", "the file does not have the size that the link was made for")
    if not has_room(store, file, len(request.body)):
        return _error(503, "SlowDown", "the files of this sandbox take too much room")
    file["content"] = request.body
    file["keptUntil"] = store.now + FILE_LIFE
    return Answer(200, (), b"")


def _download(store: Store, file: Resource, key: str) -> Answer:
    good = [until for known, until in file["downloads"].items() if _is_good(key, known, until, store)]
    if not good:
        return _error(403, "AccessDenied", "the link is not good, or has expired")
    content = content_of(store, file["fileId"])
    if content is None:
        return _error(404, "NoSuchKey", "the file was deleted")
    headers = (
        ("content-type", file.get("mediaType", "text/csv; charset=utf-8")),
        ("content-disposition", f'attachment; filename="{file.get("name", file["fileId"] + ".csv")}"'),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
    )
    return Answer(200, headers, content)


def _is_good(key: str, known: str, until: datetime, store: Store) -> bool:
    return hmac.compare_digest(key.encode("utf-8", "replace"), known.encode()) and store.now < until


def _error(status: int, code: str, message: str, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    error = f"<Error><Code>{code}</Code><Message>{escape(message)}</Message></Error>"
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n{error}'
    return Answer(status, (("content-type", "application/xml"), *headers), body.encode())
