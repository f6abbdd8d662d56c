"""Links to files: real addresses of the sandbox, good for as long as documented, and never more than a refusal."""

from __future__ import annotations

import http.client
import json
from urllib.parse import urlsplit

import pytest

from conformance.sandbox.catalog.files import MAX_FILE_BYTES, MAX_KEPT_BYTES
from conformance.sandbox.serving.http import Request
from conformance.sandbox.serving.server import SandboxServer
from tests.sandbox.catalog import download, get, kind, link_of, put, upload, upload_link
from tests.sandbox.client import Client

LINK = "query q($id: String!) { downloadLink(fileId: $id) { downloadUrl } }"
UNKNOWN = "11111111-2222-4333-8444-000000000000"


def _download_url(client: Client, file_id: str) -> str:
    return str(client.ask(LINK, {"id": file_id})["data"]["downloadLink"]["downloadUrl"])


def _later(client: Client, seconds: float) -> None:
    client.admin("clock", advance_s=seconds)
    client.token = client.new_token()


def test_what_was_uploaded_can_be_downloaded(every: Client) -> None:
    assert download(every, upload(every, "a,ä\r\n".encode())) == "a,ä\r\n"


def test_a_download_is_a_file_that_no_browser_takes_for_a_page(client: Client) -> None:
    file_id = upload(client, b"<script>")
    answer = get(client, _download_url(client, file_id))
    headers = dict(answer.headers)
    assert headers["content-type"] == "text/csv; charset=utf-8"
    assert headers["content-disposition"] == f'attachment; filename="{file_id}.csv"'
    assert headers["x-content-type-options"] == "nosniff"


def test_refuses_a_file_of_another_size_than_was_said(every: Client) -> None:
    link = link_of(upload_link(every, 3))
    for content in (b"", b"ab", b"abcd"):
        answer = put(every, link["uploadUrl"], content)
        assert answer.status == 403
        assert b"<Code>SignatureDoesNotMatch</Code>" in answer.body
    assert kind(every.ask(LINK, {"id": link["fileId"]})) == ("ResourceNotFoundError", None)
    assert put(every, link["uploadUrl"], b"abc").status == 200


def test_an_upload_link_ends_after_fifteen_minutes(every: Client) -> None:
    link = link_of(upload_link(every, 3))
    _later(every, 14 * 60)
    assert put(every, link["uploadUrl"], b"abc").status == 200
    _later(every, 60)
    answer = put(every, link["uploadUrl"], b"abc")
    assert answer.status == 403
    assert b"<Code>AccessDenied</Code>" in answer.body


def test_a_download_link_ends_after_five_seconds_and_another_one_is_had(every: Client) -> None:
    file_id = upload(every, b"abc")
    url = _download_url(every, file_id)
    every.admin("clock", advance_s=4)
    assert get(every, url).status == 200
    every.admin("clock", advance_s=1)
    answer = get(every, url)
    assert answer.status == 403
    assert b"<Code>AccessDenied</Code>" in answer.body
    assert get(every, _download_url(every, file_id)).status == 200


def test_a_file_is_deleted_after_thirty_days(every: Client) -> None:
    file_id = upload(every, b"abc")
    _later(every, 30 * 24 * 3600 - 2)
    url = _download_url(every, file_id)
    assert get(every, url).status == 200
    _later(every, 3)
    assert get(every, url).status == 404
    assert kind(every.ask(LINK, {"id": file_id})) == ("ResourceNotFoundError", None)


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "HEAD", "OPTIONS"])
def test_an_upload_link_takes_put_alone(client: Client, method: str) -> None:
    answer = put(client, link_of(upload_link(client, 3))["uploadUrl"], b"abc", method)
    assert answer.status == 405
    assert ("allow", "PUT") in answer.headers


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_a_download_link_takes_get_alone(client: Client, method: str) -> None:
    answer = get(client, _download_url(client, upload(client, b"abc")), method)
    assert answer.status == 405
    assert ("allow", "GET") in answer.headers


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/upload/", 404),
        ("/upload//", 404),
        (f"/upload/{UNKNOWN}/key", 404),
        ("/upload/../../etc/passwd", 404),
        ("/upload/\ud800/\ud800", 404),
        ("/upload/FILE", 403),
        ("/upload/FILE/", 403),
        ("/upload/FILE/KEY/more", 403),
        ("/upload/FILE/" + "k" * 100_000, 403),
        ("/upload/FILE/\ud800é", 403),
    ],
)
def test_a_link_that_nobody_made_is_refused(client: Client, path: str, status: int) -> None:
    link = link_of(upload_link(client, 3))
    key = link["uploadUrl"].rpartition("/")[2]
    path = path.replace("FILE", link["fileId"]).replace("KEY", key)
    answer = client.app.answer(Request("PUT", path, (), b"abc"))
    assert answer.status == status
    assert answer.body.startswith(b"<?xml")
    assert client.app.answer(Request("GET", path.replace("/upload/", "/download/"))).status == status


def test_the_key_of_an_upload_is_none_of_a_download(client: Client) -> None:
    url = link_of(upload_link(client, 3))["uploadUrl"]
    put(client, url, b"abc")
    assert get(client, url.replace("/upload/", "/download/")).status == 403


def test_files_together_stay_within_bounds(client: Client) -> None:
    half = bytes(MAX_KEPT_BYTES // 2)
    for _ in range(2):
        file_id = link_of(upload_link(client, 1))["fileId"]
        client.app.store.files[file_id]["content"] = half
    link = link_of(upload_link(client, 1))
    answer = put(client, link["uploadUrl"], b"a")
    assert answer.status == 503
    assert b"<Code>SlowDown</Code>" in answer.body


@pytest.mark.parametrize("size", [0, -123, 1.5, MAX_FILE_BYTES + 1, 1e15])
def test_refuses_a_size_out_of_bounds(every: Client, size: float) -> None:
    answer = upload_link(every, size)  # type: ignore[arg-type]  # what a faulty client sends
    part = answer["errors"][0]["extensions"]["classification"]
    assert answer["data"] == {"createUploadLink": None}
    assert part["errorType"] == "ValidationException"
    assert part["errorCode"] == 400
    # The first version's page shows the generic form, without type and code.
    assert ("code" in part) == (every.version != "2024-01-01")


def test_names_the_bound_that_a_size_breaks(client: Client) -> None:
    message = upload_link(client, -123)["errors"][0]["message"]
    assert message.endswith("[/createUploadLink/input/size must be greater than or equal to 1]")


def test_refuses_a_link_without_size_or_type(client: Client) -> None:
    answer = client.ask("mutation { createUploadLink(input: {}) { payload { fileId } } }")
    assert "fileType must be given" in answer["errors"][0]["message"]
    assert "size must be given" in answer["errors"][0]["message"]


@pytest.mark.parametrize("file_id", ["", " invalid id ", "a" * 37, "../x", "é"])
def test_an_id_that_no_file_can_have_is_a_generic_error(client: Client, file_id: str) -> None:
    answer = client.ask(LINK, {"id": file_id})
    classification = {"errorType": "ValidationException", "errorCode": 400}
    assert answer["errors"][0]["extensions"] == {"classification": classification}


def test_a_file_that_was_not_uploaded_has_no_link(every: Client) -> None:
    assert kind(every.ask(LINK, {"id": UNKNOWN})) == ("ResourceNotFoundError", None)
    file_id = link_of(upload_link(every, 3))["fileId"]
    assert kind(every.ask(LINK, {"id": file_id})) == ("ResourceNotFoundError", None)


def _url_for(client: Client, host: str) -> str:
    query = "mutation { createUploadLink(input: {fileType: CSV, size: 3}) { payload { uploadUrl } } }"
    answer = client.send(json.dumps({"query": query}).encode(), host=host)
    return str(json.loads(answer.body)["data"]["createUploadLink"]["payload"]["uploadUrl"])


@pytest.mark.parametrize("host", ["127.0.0.1:8123", "localhost:8123", "[::1]:8123", "localhost"])
def test_a_link_leads_where_the_caller_came(client: Client, host: str) -> None:
    assert _url_for(client, host).startswith(f"http://{host}/upload/")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "127.0.0.1/x", "127.0.0.1:99999999", "a b"])
def test_no_other_host_gets_into_a_link(client: Client, host: str) -> None:
    assert _url_for(client, host).startswith("http://127.0.0.1/upload/")


def test_over_a_socket_without_a_token() -> None:
    content = b"External ID,SKU\r\n" + b"x" * (2 * 1024 * 1024)
    with SandboxServer() as server:
        host = urlsplit(server.address).netloc
        client = Client(app=server.app)
        given = f"{{fileType: CSV, size: {len(content)}}}"
        query = f"mutation {{ createUploadLink(input: {given}) {{ payload {{ fileId uploadUrl }} }} }}"
        answer = client.send(json.dumps({"query": query}).encode(), host=host)
        link = json.loads(answer.body)["data"]["createUploadLink"]["payload"]
        assert link["uploadUrl"].startswith(server.address)
        connection = http.client.HTTPConnection(host, timeout=10)
        connection.request("PUT", urlsplit(link["uploadUrl"]).path, content)
        assert connection.getresponse().read() == b""
        connection.request("GET", urlsplit(_download_url(client, link["fileId"])).path)
        assert connection.getresponse().read() == content
        connection.close()
