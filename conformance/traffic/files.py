"""Opening a user's file so that a caller can show how far the reading is, `.gz` files included."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from conformance.base.data import display_path
from conformance.base.errors import InputError

BUFFER_BYTES = 1 << 20
STANDARD_INPUT = Path("-")
_GZIP_MAGIC = b"\x1f\x8b"


def traffic_name(path: Path) -> str:
    """How messages call a file of traffic."""
    return "standard input" if path == STANDARD_INPUT else display_path(path)


class _Rejoined(io.RawIOBase):
    """A stream whose beginning was read already, whole again."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        piece = self._head[: len(buffer)] if self._head else memoryview(self._rest.read(len(buffer)))
        self._head = self._head[len(piece) :]
        buffer[: len(piece)] = piece
        return len(piece)


def peek_head(file: BinaryIO, size: int) -> tuple[bytes, BinaryIO]:
    """The first bytes of a stream, and a stream that still has them. A pipe can be read only once."""
    head = file.read(size)
    return head, cast(BinaryIO, io.BufferedReader(_Rejoined(head, file), BUFFER_BYTES))


class _CountedFile(io.FileIO):
    """Tells its observer how many bytes were read from the disk."""

    def __init__(self, path: Path, on_bytes: Callable[[int], None] | None) -> None:
        if path == STANDARD_INPUT:
            super().__init__(0, "rb", closefd=False)
        else:
            super().__init__(path, "rb")
        self._on_bytes = on_bytes

    def readinto(self, buffer: memoryview, /) -> int | None:  # type: ignore[override]
        count = super().readinto(buffer)
        if count and self._on_bytes is not None:
            self._on_bytes(count)
        return count


@contextmanager
def open_traffic(path: Path, *, on_bytes: Callable[[int], None] | None = None) -> Iterator[BinaryIO]:
    """The bytes of a file, unpacked when it is a gzip file; `-` is standard input.

    `on_bytes` is called with the number of bytes just read from the disk, about once a mebibyte. Raises InputError
    when the file cannot be opened or read, also while the block reads it, and when its gzip stream is damaged.
    """
    name = traffic_name(path)
    try:
        with io.BufferedReader(_CountedFile(path, on_bytes), BUFFER_BYTES) as plain:
            if plain.peek(2)[:2] == _GZIP_MAGIC:
                with gzip.GzipFile(fileobj=plain, mode="rb") as packed:
                    yield cast(BinaryIO, io.BufferedReader(packed, BUFFER_BYTES))
            else:
                yield cast(BinaryIO, plain)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError.at(
            name,
            f"the gzip stream is damaged: {error}",
            expected="a whole gzip file",
            fix="Copy or record the file anew",
        ) from error
    except OSError as error:
        raise InputError.at(name, f"cannot be read: {error.strerror or error}") from error
