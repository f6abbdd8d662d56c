"""A file becomes products; what cannot be one is in the report; whatever the file holds, the sandbox lives on."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from conformance.sandbox.catalog.table import MAX_PRODUCTS
from conformance.sandbox.serving.app import SandboxApp, Settings
from tests.sandbox.catalog import HEADER, csv_file, download, feed, kind, product, run_feed, start_feed, upload
from tests.sandbox.client import CREATE, Client, order_input, preview

KETTLE = "ext-kettle,,kettle,amz-kettle,true,https://shop.example/k.jpg,https://shop.example/k"
POT = "ext-pot,,pot,,false,,"


def _report(client: Client, ended: dict[str, Any]) -> list[dict[str, str]]:
    text = download(client, ended["result"]["resultReport"]["fileId"])
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _shown(client: Client, identifier: dict[str, Any]) -> dict[str, Any]:
    """A product of any version, asked for in the newest one."""
    newest = Client("2024-11-01", client.app)
    return product(newest, identifier)


def test_rows_become_products_that_can_be_ordered(every: Client) -> None:
    ended = run_feed(every, csv_file(KETTLE, POT))
    assert ended["status"] == "COMPLETED"
    assert ended["result"]["signals"] is None
    assert _report(every, ended) == []
    shown = _shown(every, {"externalId": "ext-kettle"})["data"]["product"]
    assert shown["sku"] == {"value": "kettle"}
    assert shown["amazonSku"]["value"] == "amz-kettle"
    assert shown["offerPrime"] is True
    assert shown["image"]["sourceUrl"] == "https://shop.example/k.jpg"
    assert shown["buyability"] == {"status": "BUYABLE"}
    assert _shown(every, {"sku": "pot"})["data"]["product"]["offerPrime"] is False
    offered = preview(every, sku="kettle")["data"]["deliveryPreview"]
    assert "errors" not in every.ask(CREATE, {"input": order_input(every, offered, sku="kettle")})


def test_the_names_of_the_first_version_are_known_columns(every: Client) -> None:
    ended = run_feed(
        every, csv_file("e,s,m,true,https://shop.example", header="externalId,sku,mSku,isPrimeIntended,url")
    )
    assert ended["result"]["signals"] is None
    shown = _shown(every, {"sku": "s"})["data"]["product"]
    assert (shown["amazonSku"]["value"], shown["offerPrime"]) == ("m", True)
    assert shown["productDetailPageUrl"] == "https://shop.example"


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (",,s,,,,", "MissingExternalId"),
        ("e,,,,,,", "MissingSku"),
        ("e,new,s,,,,", "UnknownExternalId"),
        ("e,,sku-2,,,,", "DuplicateSku"),
        ("ext-2,,,,,,", "ProductExists"),
        ("e,,s,,maybe,,", "InvalidOfferPrime"),
        ("e,,s,,,ftp://x/y,", "InvalidUrl"),
        ("e,,s,,,,javascript:alert(1)", "InvalidUrl"),
        ("e,,s,,,http://[,", "InvalidUrl"),
        ("e,,s,,,,,more", "TooManyCells"),
        ("e,,s\x07,,,,", "InvalidCharacter"),
        (f"e,,{'s' * 2_049},,,,", "ValueTooLong"),
        ("ext-kettle,,other,,,,", "DuplicateExternalId; ProductExists; DuplicateSku"),
        (",,,,maybe,,", "InvalidOfferPrime; MissingExternalId"),
    ],
)
def test_each_faulty_row_has_one_row_in_the_report(client: Client, row: str, codes: str) -> None:
    rows = (KETTLE, "ext-spoon,,other,,,,", row) if "ext-kettle" in row else (KETTLE, row)
    ended = run_feed(client, csv_file(*rows))
    assert ended["status"] == "COMPLETED"
    (reported,) = _report(client, ended)
    assert reported["Row"] == str(len(rows) + 1)
    assert reported["Error Code"] == codes
    assert reported["Error Message"].count("; ") == codes.count("; ")
    (signal,) = ended["result"]["signals"]
    assert signal["code"] == "RowsNotImported"
    assert signal["signalMessage"] == {"locale": "en-US", "message": f"1 of {len(rows)} rows were not imported"}
    assert signal["impactSummary"]["message"]
    assert signal["reactionSummary"]["message"]
    assert "errors" not in product(client, {"sku": "kettle"}, "id")


def test_a_faulty_row_changes_nothing(client: Client) -> None:
    before = product(client, {"sku": "sku-2"})
    run_feed(client, csv_file("ext-2,,sku-2,other,maybe,,"), is_overwriting=True)
    assert product(client, {"sku": "sku-2"}) == before


def test_existing_products_change_only_when_they_may_be_overwritten(every: Client) -> None:
    before = _shown(every, {"sku": "sku-2"})["data"]["product"]
    assert len(_report(every, run_feed(every, csv_file("ext-2,,,,false,,")))) == 1
    assert _shown(every, {"sku": "sku-2"})["data"]["product"] == before
    assert _report(every, run_feed(every, csv_file("ext-2,,,,false,,"), is_overwriting=True)) == []
    after = _shown(every, {"sku": "sku-2"})["data"]["product"]
    assert after == before | {"offerPrime": False, "buyability": {"status": "NOT_BUYABLE"}}


def test_re_listing_may_change_the_external_id(client: Client) -> None:
    rows = csv_file("ext-2,ext-two,,,,,", "ext-3,ext-1,,,,,")
    (reported,) = _report(client, run_feed(client, rows, is_overwriting=True))
    assert (reported["External ID"], reported["Error Code"]) == ("ext-3", "DuplicateExternalId")
    assert product(client, {"externalId": "ext-two"})["data"]["product"]["sku"] == {"value": "sku-2"}
    assert kind(product(client, {"externalId": "ext-2"})) == ("ResourceNotFoundError", None)


def test_unknown_columns_are_not_imported_and_said(client: Client) -> None:
    ended = run_feed(client, csv_file("e,s,Kettle,12", header="External ID,SKU,Title,Price"))
    (signal,) = ended["result"]["signals"]
    assert signal["code"] == "UnknownColumns"
    assert signal["signalMessage"]["message"] == "2 columns are unknown"
    assert "errors" not in product(client, {"sku": "s"}, "id")


def test_a_report_has_no_formulas(client: Client) -> None:
    rows = ['"=HYPERLINK(""http://evil.example"")",,sku-2,,,,', "@SUM(A1),,+1,,maybe,,", "-2,,=1,,maybe,,"]
    reported = _report(client, run_feed(client, csv_file(*rows)))
    cells = [row[name] for row in reported for name in ("External ID", "SKU")]
    assert cells == ['\'=HYPERLINK("http://evil.example")', "sku-2", "'@SUM(A1)", "'+1", "'-2", "'=1"]


FAILED: list[tuple[str, bytes, str]] = [
    ("no header", csv_file(KETTLE, header="ext-1,,sku-1,,,,"), "MissingHeaderRow"),
    ("empty lines", b"\r\n\r\n", "MissingHeaderRow"),
    ("semicolons", HEADER.replace(",", ";").encode(), "MissingHeaderRow"),
    ("a column twice", csv_file("a,b,c", header="External ID,SKU,sku"), "InvalidHeaderRow"),
    ("too many columns", csv_file(header="External ID," + ",".join(map(str, range(100)))), "InvalidHeaderRow"),
    ("100,000 columns", ",".join(f"c{n}" for n in range(100_000)).encode(), "InvalidCsv"),
    ("nothing but commas", b"," * 5_000_000, "InvalidCsv"),
    ("100,000 cells", csv_file("," * 100_000 + "x" * 150_000), "InvalidCsv"),
    ("an open quote", csv_file('"e,,s'), "InvalidCsv"),
    ("text after a quote", csv_file('"e"x,,s'), "InvalidCsv"),
    ("a cell too large", csv_file("e," + "\r\n".join(['"' + "x" * 100_000, "x" * 100_000 + '"'])), "InvalidCsv"),
    ("Latin-1", csv_file("é,,s,,,,").decode().encode("latin-1"), "InvalidEncoding"),
    ("UTF-16", csv_file(KETTLE).decode().encode("utf-16"), "InvalidEncoding"),
    ("NUL", csv_file("e\x00,,s,,,,"), "InvalidEncoding"),
    ("a picture", bytes(range(256)) * 100, "InvalidEncoding"),
    ("too many products", csv_file(*(f"e{n},,s{n}" for n in range(MAX_PRODUCTS + 1))), "TooManyProducts"),
    ("blank lines", csv_file() + b"\n" * 3_000_000, "TooManyProducts"),
]


@pytest.mark.parametrize(("content", "code"), [pytest.param(*each[1:], id=each[0]) for each in FAILED])
def test_a_file_that_cannot_be_read_fails_as_a_whole(client: Client, content: bytes, code: str) -> None:
    ended = run_feed(client, content)
    assert ended["status"] == "FAILED"
    assert ended["result"]["resultReport"] is None
    (signal,) = ended["result"]["signals"]
    assert signal["code"] == code
    assert signal["signalMessage"]["message"]
    assert kind(product(client, {"sku": "kettle"})) == ("ResourceNotFoundError", None)


def test_fifteen_thousand_products_are_taken(client: Client) -> None:
    ended = run_feed(client, csv_file(*(f"e{n},,s{n}" for n in range(MAX_PRODUCTS))))
    assert (ended["status"], ended["result"]["signals"]) == ("COMPLETED", None)
    assert "errors" not in product(client, {"sku": f"s{MAX_PRODUCTS - 1}"}, "id")


def test_a_byte_order_mark_blank_lines_and_quotes_are_fine(client: Client) -> None:
    content = b"\xef\xbb\xbf" + csv_file('"ext ""k""\u00e9",,"a,b",,TRUE,,', "", ",,,,,,")
    assert run_feed(client, content)["result"]["signals"] is None
    shown = product(client, {"sku": "a,b"})["data"]["product"]
    assert (shown["externalId"]["value"], shown["offerPrime"]) == ('ext "k"é', True)


def _slow(version: str) -> Client:
    return Client(version, SandboxApp(Settings(wait_factor=1.0)))


def test_one_feed_at_a_time_and_each_state_on_the_way(every: Client) -> None:
    client = _slow(every.version)
    file_id = upload(client, csv_file(KETTLE))
    first = start_feed(client, file_id)["data"]["createCatalogFeed"]["id"]
    assert feed(client, first) == {"id": first, "status": "CREATED", "result": {"signals": None, "resultReport": None}}
    refused = start_feed(client, file_id)
    assert refused["data"] == {"createCatalogFeed": None}
    assert refused["errors"][0]["extensions"]["classification"] == {
        "type": "ThrottlingError",
        "errorType": "ThrottlingException",
        "errorCode": 429,
    }
    client.admin("clock", advance_s=60)
    assert feed(client, first)["status"] == "IN_PROGRESS"
    assert kind(start_feed(client, file_id)) == ("ThrottlingError", None)
    assert kind(_shown(client, {"sku": "kettle"})) == ("ResourceNotFoundError", None)
    client.admin("clock", advance_s=240)
    assert feed(client, first)["status"] == "COMPLETED"
    assert "errors" not in _shown(client, {"sku": "kettle"})
    assert "errors" not in start_feed(client, file_id)


def test_a_feed_reads_the_file_as_it_was_when_it_began() -> None:
    client = _slow("2024-11-01")
    file_id = upload(client, csv_file(KETTLE))
    started = start_feed(client, file_id)["data"]["createCatalogFeed"]["id"]
    client.app.store.files[file_id]["content"] = b""
    client.admin("clock", advance_s=300)
    assert feed(client, started)["status"] == "COMPLETED"


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ("ValidationError", "UnspecifiedError")),
        ({"dataProvider": {"uploadedFile": {}}}, ("ValidationError", "UnspecifiedError")),
        ({"dataProvider": {"uploadedFile": {"fileId": "none"}}}, ("ResourceNotFoundError", None)),
    ],
)
def test_refuses_a_feed_without_a_file(every: Client, given: dict[str, Any], expected: tuple[str, str | None]) -> None:
    query = "mutation m($i: CreateCatalogFeedInput!) { createCatalogFeed(input: $i) { id } }"
    assert kind(every.ask(query, {"i": given})) == expected


def test_an_unknown_feed_is_not_found(every: Client) -> None:
    query = 'query { catalogFeed(catalogFeedId: "none") { id } }'
    assert kind(every.ask(query)) == ("ResourceNotFoundError", None)


def test_same_file_same_bytes(client: Client) -> None:
    def report(asked: Client) -> Any:
        ended = run_feed(asked, csv_file(KETTLE, "e,,,,,,"))
        return ended, download(asked, ended["result"]["resultReport"]["fileId"])

    assert report(client) == report(Client())
