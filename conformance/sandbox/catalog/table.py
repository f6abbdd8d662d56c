"""Reads an uploaded CSV file: a header row, then products. Whatever comes, the file is read within bounds or refused.

Source: upload-a-catalog, and the console's page of the same import for what is not imported. The codes are ours: no
page lists those of a failed feed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

MAX_PRODUCTS: Final = 15_000
MAX_COLUMNS: Final = 100
MAX_LINE: Final = 200_000
"""Characters of a line; with it the cells of a row are bounded before they are split."""
MAX_LINES: Final = 200_000

COLUMNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "externalid": "externalId",
        "updatedexternalid": "updatedExternalId",
        "sku": "sku",
        "amazonsku": "amazonSku",
        "msku": "amazonSku",
        "offerprime": "offerPrime",
        "isprimeintended": "offerPrime",
        "imageurl": "imageUrl",
        "productdetailpageurl": "productDetailPageUrl",
        "url": "productDetailPageUrl",
    }
)
"""Header cells, without case, blanks and punctuation: those of the documented file, and the names of 2024-01-01."""

_NOT_WORD = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True, slots=True)
class Row:
    """A product of the file. `number` counts its line as spreadsheets do, the header being 1."""

    number: int
    values: Mapping[str, str]
    has_too_many_cells: bool


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a file. `unknown` are columns that are not imported."""

    rows: tuple[Row, ...]
    unknown: tuple[str, ...]


class TableError(Exception):
    """The file as a whole cannot be imported."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def read_table(content: bytes) -> Table:
    """The rows of a CSV file. Raises TableError when none of it can be imported."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError("InvalidEncoding", "the file is not UTF-8") from error
    if "\0" in text:
        raise TableError("InvalidEncoding", "the file has NUL characters")
    reader = csv.reader(_lines(text), strict=True)
    try:
        header = next((cells for cells in reader if any(cells)), [])
        columns = _columns(header)
        rows: list[Row] = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) == MAX_PRODUCTS:
                raise TableError("TooManyProducts", f"the file has more than {MAX_PRODUCTS} products")
            named = {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}
            rows.append(Row(reader.line_num, named, len(cells) > len(columns)))
    except csv.Error as error:
        raise TableError("InvalidCsv", f"line {reader.line_num} is not CSV") from error
    return Table(tuple(rows), tuple(cell for cell, name in zip(header, columns, strict=True) if not name and cell))


def _lines(text: str) -> Iterator[str]:
    for number, line in enumerate(io.StringIO(text, newline=""), 1):
        if len(line) > MAX_LINE:
            raise TableError("InvalidCsv", f"line {number} has more than {MAX_LINE} characters")
        if number > MAX_LINES:
            raise TableError("TooManyProducts", f"the file has more than {MAX_LINES} lines")
        yield line


def _columns(header: list[str]) -> list[str]:
    """What each column is, empty for one that is not imported."""
    if len(header) > MAX_COLUMNS:
        raise TableError("InvalidHeaderRow", f"the header row has more than {MAX_COLUMNS} columns")
    columns = [COLUMNS.get(_NOT_WORD.sub("", cell.lower()), "") for cell in header]
    if "externalId" not in columns:
        raise TableError("MissingHeaderRow", "the first row does not name the columns: External ID is not among them")
    known = [name for name in columns if name]
    if len(known) != len(set(known)):
        raise TableError("InvalidHeaderRow", "the header row names a column twice")
    return columns


def write_table(rows: Sequence[tuple[str, ...]]) -> bytes:
    """A CSV file. A cell that a spreadsheet would take for a formula begins with an apostrophe instead."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([_inert(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def _inert(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
