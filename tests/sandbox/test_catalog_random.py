"""Random files and random changes, seeded: the catalog never breaks, and its names stay unique."""

from __future__ import annotations

import random
from typing import Any

import pytest

from conformance.sandbox.catalog.table import TableError, read_table
from tests.sandbox.catalog import HEADER, create, delete, download, run_feed, update
from tests.sandbox.client import Client

PIECES = ("ext-1", "ext-2", "sku-1", "sku-2", "a", "", "true", "TRUE", "no", "=1+1", "é", "\u202e", "\x00", "\t", " ")
MARKS = (",", ",", ",", ",", '"', '""', "\r\n", "\n", "\r", "'", ";", "https://shop.example/x")


def _text(rng: random.Random) -> str:
    return "".join(rng.choice(PIECES + MARKS) for _ in range(rng.randrange(120)))


@pytest.mark.parametrize("seed", range(20))
def test_any_file_is_read_or_refused(seed: int) -> None:
    rng = random.Random(seed)
    client = Client()
    for _ in range(10):
        content = f"{HEADER}\r\n{_text(rng)}".encode() if rng.random() < 0.8 else rng.randbytes(200)
        ended = run_feed(client, content or b"x", is_overwriting=rng.random() < 0.5)
        assert ended["status"] in ("COMPLETED", "FAILED")
        if ended["status"] == "COMPLETED":
            report = download(client, ended["result"]["resultReport"]["fileId"])
            assert report.startswith("Row,External ID,SKU,Error Code,Error Message\r\n")
        _check(client)


def _check(client: Client) -> None:
    names = [product["identifier"] for product in client.app.store.products]
    for name in ("productId", "sku", "externalId"):
        values = [each[name] for each in names if name in each]
        assert len(values) == len(set(values)), name
    assert all("sku" in each or "externalId" in each for each in names)
    assert all(product["stock"] >= 0 for product in client.app.store.products)


@pytest.mark.parametrize("seed", range(10))
def test_names_stay_unique_whatever_is_done(seed: int) -> None:
    rng = random.Random(seed)
    client = Client(rng.choice(["2024-04-01", "2024-11-01", "next"]))

    def given() -> dict[str, Any]:
        values = {"sku": f"sku-{rng.randrange(12)}", "externalId": f"ext-{rng.randrange(12)}", "offerPrime": True}
        return {name: rng.choice((value, value, value, None)) for name, value in values.items() if rng.random() < 0.7}

    for _ in range(60):
        names = {name: value for name, value in given().items() if name != "offerPrime"}
        match rng.randrange(3):
            case 0:
                create(client, **given())
            case 1:
                update(client, names, **given())
            case _:
                delete(client, names)
        _check(client)


@pytest.mark.parametrize("seed", range(5))
def test_any_bytes_are_a_table_or_none(seed: int) -> None:
    rng = random.Random(seed)
    rows: list[int] = []
    refused: set[str] = set()
    for _ in range(500):
        content = bytearray(f'{HEADER}\r\n"e","","s","a",true,"",""\r\n'.encode())
        for _ in range(rng.randrange(1, 6)):
            content[rng.randrange(len(content))] = rng.choice(b'",\r\n\x00\xff\xc3\xa9ab\x1a')
        try:
            rows.append(len(read_table(bytes(content)).rows))
        except TableError as error:
            refused.add(error.code)
    assert rows
    assert max(rows) <= 10
    assert refused >= {"InvalidEncoding", "InvalidCsv", "MissingHeaderRow"}
