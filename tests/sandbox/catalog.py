"""What tests of the catalog ask for, over a `Client`."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from conformance.sandbox.serving.http import Answer, Request
from tests.sandbox.client import Client

HEADER = "External ID,Updated External ID,SKU,Amazon SKU,Offer Prime,Image URL,Product Detail Page URL"
PRODUCT = """id sku { value } externalId { value } amazonSku { value marketplaceId } offerPrime productDetailPageUrl
  image { sourceUrl displayReadyUrl } buyability { status }
  inventoryItem { inventoryItemId buyableQuantity { amount } }"""


def put(client: Client, url: str, content: bytes, method: str = "PUT") -> Answer:
    """Sends a file to a link."""
    return client.app.answer(Request(method, urlsplit(url).path, (), content))


def get(client: Client, url: str, method: str = "GET") -> Answer:
    """Fetches a file from a link."""
    return client.app.answer(Request(method, urlsplit(url).path))


def upload_link(client: Client, size: int) -> dict[str, Any]:
    """The answer of createUploadLink, whatever the version calls its parts."""
    if client.version == "2024-01-01":
        query = "mutation m($i: UploadLinkInput!) { createUploadLink(input: $i) { uploadUrl fileId } }"
        return client.ask(query, {"i": {"fileExtension": "CSV", "size": size}})
    query = "mutation m($i: CreateUploadLinkInput!) { createUploadLink(input: $i) { payload { uploadUrl fileId } } }"
    return client.ask(query, {"i": {"fileType": "CSV", "size": size}})


def link_of(answer: dict[str, Any]) -> dict[str, str]:
    """`uploadUrl` and `fileId` of such an answer."""
    found = answer["data"]["createUploadLink"]
    result: dict[str, str] = found.get("payload") or found
    return result


def upload(client: Client, content: bytes) -> str:
    """The id of a file that was uploaded."""
    link = link_of(upload_link(client, len(content)))
    assert put(client, link["uploadUrl"], content).status == 200
    return link["fileId"]


def start_feed(client: Client, file_id: str, *, is_overwriting: bool = False) -> dict[str, Any]:
    """The answer of createCatalogFeed."""
    configuration = {"overwriteExistingProducts": is_overwriting}
    given = {"dataProvider": {"uploadedFile": {"fileId": file_id}}, "configuration": configuration}
    query = "mutation m($i: CreateCatalogFeedInput!) { createCatalogFeed(input: $i) { id } }"
    return client.ask(query, {"i": given})


def feed(client: Client, feed_id: str) -> dict[str, Any]:
    """The feed, and with `fileId` its report's."""
    query = """query q($id: String!) { catalogFeed(catalogFeedId: $id) { id status result {
      signals { code signalMessage { locale message } impactSummary { message } reactionSummary { message } }
      resultReport { ... on UploadedFile { fileId } } } } }"""
    result: dict[str, Any] = client.ask(query, {"id": feed_id})["data"]["catalogFeed"]
    return result


def run_feed(client: Client, content: bytes, *, is_overwriting: bool = False) -> dict[str, Any]:
    """The feed of a file, at its end."""
    started = start_feed(client, upload(client, content), is_overwriting=is_overwriting)
    return feed(client, started["data"]["createCatalogFeed"]["id"])


def csv_file(*rows: str, header: str = HEADER) -> bytes:
    """A file of these lines."""
    return "\r\n".join((header, *rows, "")).encode()


def download(client: Client, file_id: str) -> str:
    """The text of a file."""
    url = client.ask("query q($id: String!) { downloadLink(fileId: $id) { downloadUrl } }", {"id": file_id})
    answer = get(client, url["data"]["downloadLink"]["downloadUrl"])
    assert answer.status == 200
    return answer.body.decode()


def product(client: Client, identifier: dict[str, Any], fields: str = PRODUCT) -> dict[str, Any]:
    """The answer of product."""
    query = f"query q($id: ProductIdentifierInput!) {{ product(identifier: $id) {{ {fields} }} }}"
    return client.ask(query, {"id": identifier})


def create(client: Client, **given: Any) -> dict[str, Any]:
    """The answer of createProduct."""
    return client.ask("mutation m($i: CreateProductInput!) { createProduct(input: $i) { id } }", {"i": given})


def update(client: Client, identifier: dict[str, Any], **given: Any) -> dict[str, Any]:
    """The answer of updateProduct."""
    query = """mutation m($id: ProductIdentifierInput!, $i: UpdateProductInput!) {
      updateProduct(identifier: $id, input: $i) { id } }"""
    return client.ask(query, {"id": identifier, "i": given})


def delete(client: Client, identifier: dict[str, Any]) -> dict[str, Any]:
    """The answer of deleteProduct."""
    query = "mutation m($id: ProductIdentifierInput!) { deleteProduct(identifier: $id) { id } }"
    return client.ask(query, {"id": identifier})


def kind(answer: dict[str, Any]) -> tuple[Any, Any]:
    """Type and code of the only error of an answer."""
    (error,) = answer["errors"]
    part = error["extensions"]["classification"]
    return part.get("type"), part.get("code")
