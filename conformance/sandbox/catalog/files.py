"""Files of the catalog: upload links, what was uploaded, reports of feeds, download links.

Sources: catalog-objects-uploadlink, catalog-objects-downloadlink, troubleshoot-catalog-errors. Links lead to the
sandbox itself. That a link is good for any number of requests until it expires is our choice, as with the presigned
links that the documented examples show.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, Final

from graphql import GraphQLError

from conformance.base.versions import DATED_VERSIONS
from conformance.sandbox.context import Context
from conformance.sandbox.errors import NOT_FOUND, api_error, generic_invalid, invalid_input
from conformance.sandbox.reading import has_generic_errors
from conformance.sandbox.store import Resource, Store

UPLOAD_LIFE: Final = timedelta(minutes=15)
DOWNLOAD_LIFE: Final = timedelta(seconds=5)
FILE_LIFE: Final = timedelta(days=30)
MAX_FILE_BYTES: Final = 50 * 1024 * 1024
MAX_KEPT_BYTES: Final = 4 * MAX_FILE_BYTES
"""Ours: how much all files of a sandbox may have together."""

_FILE_ID = re.compile(r"[0-9A-Za-z-]{1,36}")


def create_upload_link(context: Context, arguments: Resource) -> Resource:
    """`createUploadLink`: a link for a file of exactly the given size, which has no content before it is uploaded."""
    given = arguments.get("input") or {}
    pointer = "/createUploadLink/input"
    size: Any = given.get("size")
    kind = "fileExtension" if context.version == DATED_VERSIONS[0] else "fileType"
    missing = [f"{pointer}/{name} must be given" for name in (kind, "size") if given.get(name) is None]
    if missing:
        raise _invalid(context, missing)
    if not isinstance(size, int) and not float(size).is_integer():
        raise _invalid(context, [f"{pointer}/size must be a whole number"])
    if size > MAX_FILE_BYTES:
        raise _invalid(context, [f"{pointer}/size must be less than or equal to {MAX_FILE_BYTES}"])
    file = new_file(context.store, int(size))
    link = {"fileId": file["fileId"], "uploadUrl": f"{context.store.address}/upload/{file['fileId']}/{file['key']}"}
    return link if context.version == DATED_VERSIONS[0] else {"payload": link}


def _invalid(context: Context, issues: list[str]) -> GraphQLError:
    is_generic = has_generic_errors("createUploadLink", context.version)
    return generic_invalid() if is_generic else invalid_input(issues)


def new_file(store: Store, size: int, content: bytes | None = None, file_id: str = "") -> Resource:
    """A file of the store, kept for 30 days from its upload on."""
    file: Resource = {
        "fileId": file_id or store.new_uuid("file"),
        "key": store.digest("upload"),
        "size": size,
        "content": content,
        "uploadUntil": store.now + UPLOAD_LIFE,
        "keptUntil": store.now + FILE_LIFE,
        "downloads": {},
    }
    store.files[file["fileId"]] = file
    return file


def content_of(store: Store, file_id: str) -> bytes | None:
    """What a file holds; None when it does not exist, was not uploaded yet, or is older than 30 days."""
    file = store.files.get(file_id)
    if file is None or store.now >= file["keptUntil"]:
        return None
    content: bytes | None = file["content"]
    return content


def has_room(store: Store, file: Resource, size: int) -> bool:
    """Do all files together stay within bounds when this one gets so many bytes?"""
    kept = sum(len(each["content"] or b"") for each in store.files.values() if each is not file)
    return kept + size <= MAX_KEPT_BYTES


def download_link(context: Context, arguments: Resource) -> Resource:
    """`downloadLink`: a link of five seconds to a file that is there. That an unknown id is not found is our choice."""
    store = context.store
    file_id = arguments.get("fileId") or ""
    if not _FILE_ID.fullmatch(file_id):
        raise generic_invalid()
    if content_of(store, file_id) is None:
        raise api_error(NOT_FOUND, "no file has this id")
    file = store.files[file_id]
    file["downloads"] = {key: until for key, until in file["downloads"].items() if store.now < until}
    key = store.digest("download")
    file["downloads"][key] = store.now + DOWNLOAD_LIFE
    return {"downloadUrl": f"{store.address}/download/{file_id}/{key}"}
