"""Requests a second of the sandbox over loopback, and their latency: budget 500 a second on one core, p99 20 ms."""

from __future__ import annotations

import http.client
import json
import multiprocessing
import time
from urllib.parse import urlsplit

from benchmarks.harness import Row
from conformance.sandbox.serving.server import SandboxServer

QUERY = """query order($id: OrderIdentifierInput!) { order(orderIdentifier: $id) {
  id aliases { aliasId aliasType }
  lineItems { id amount { value unit } product { title price { amount currencyCode } } }
  packageInformation { summary { state } details { id state } } refunds { details { id state } } } }"""


def _load(address: str, requests: int, results: multiprocessing.Queue[list[float]]) -> None:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)

    def post(path: str, body: bytes, **headers: str) -> bytes:
        connection.request("POST", path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        return connection.getresponse().read()

    post("/_sandbox/reset", b'{"fixtures": true}')
    form = b"grant_type=client_credentials&client_id=a&client_secret=b"
    token = json.loads(post("/token", form, content_type="application/x-www-form-urlencoded"))["access_token"]
    body = json.dumps({"query": QUERY, "variables": {"id": {"orderId": "o-1"}}}).encode()
    times = []
    for _ in range(requests):
        started = time.perf_counter()
        post("/graphql", body, content_type="application/json", authorization=f"Bearer {token}")
        times.append(time.perf_counter() - started)
    results.put(times)


def measure(*, quick: bool) -> list[Row]:
    """Loads a sandbox of this process from another one, one request after the other."""
    with SandboxServer() as server:
        context = multiprocessing.get_context("spawn")
        results: multiprocessing.Queue[list[float]] = context.Queue()
        client = context.Process(target=_load, args=(server.address, 500 if quick else 3000, results))
        client.start()
        times = sorted(results.get(timeout=120))
        client.join()
    rate, p99 = len(times) / sum(times), times[int(len(times) * 0.99)] * 1000
    return [
        Row("sandbox, order queries over loopback", f"{rate:,.0f}/s", "500/s", rate >= 500),
        Row("sandbox, 99th percentile", f"{p99:.1f} ms", "20 ms", p99 <= 20),
    ]
