"""`judge` on an NDJSON stream: at least 60 MB/s a core, at most 300 MB of memory, whatever its size.

The stream is judged by a process of its own, as a user does it. Speed is bytes of the file by CPU seconds of that
process, its start included; memory is its largest resident size.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.harness import Row
from benchmarks.judge_ratio import DOCUMENT as ORDER_DOCUMENT
from benchmarks.judge_ratio import answer_of

BUDGET_MB_PER_S = 60.0
BUDGET_MB = 300.0
FULL_MB, QUICK_MB = 1000, 200
"""Start and compilation count; a smaller stream would measure little else."""

_DOCUMENT = """\
mutation createOrder($input: CreateOrderInput!) {
  createOrder(input: $input) {
    order { id lineItems { amount { unit value } createdAt product { title price { currencyCode amount } } } }
  }
}
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One run of `judge` over a stream."""

    file_mb: float
    cpu_s: float
    memory_mb: float
    status: int

    @property
    def mb_per_s(self) -> float:
        return self.file_mb / self.cpu_s


def write_stream(path: Path, megabytes: float, answer_bytes: int, *, polled: bool = False) -> None:
    """Writes exchanges with clean answers of about this size; every request and answer differs from the one before.

    Each makes an order, or, `polled`, asks for one in all its detail; every order is asked for three times.
    """
    wanted = int(megabytes * 1e6)
    lines = max(1, (answer_bytes - 1100) // 750) if polled else max(1, (answer_bytes - 100) // 170)
    with path.open("w") as file:
        written = number = 0
        while written < wanted:
            written += file.write(_polled_line(number, lines) if polled else _line(number, lines))
            number += 1


def _polled_line(number: int, lines: int) -> str:
    order_id = f"322-ABC1-{number // 300 * 100 + number % 100:06d}"
    answer = answer_of(lines)
    order = answer["data"]["order"]
    order["id"] = order_id
    order["metadata"]["updatedAt"] = f"2024-12-01T{10 + number // 100 % 3}:00:00.000Z"
    variables = {"orderIdentifier": {"orderId": order_id}}
    return _exchange(number, json.dumps({"query": ORDER_DOCUMENT, "variables": variables}), json.dumps(answer))


def _line(number: int, lines: int) -> str:
    price = {"amount": 10.5 + number % 7, "currencyCode": "USD"}
    product = {"identifier": {"sku": f"sku-{number}"}, "title": "Kettle", "price": price}
    terms = {"isPrimeEligible": False, "deliverySpeed": "STANDARD"}
    offer = {"details": {"id": str(number), "deliveryProvider": "AMAZON", "deliveryTerms": terms}}
    line_input = {"product": product, "amount": {"value": 1}, "selectedDeliveryOffer": offer}
    variables = {"input": {"lineItems": [line_input], "totalPrice": {"value": price}}}
    line = {
        "amount": {"unit": "ONE", "value": 1},
        "createdAt": "2022-02-22T16:13:11.798Z",
        "product": {"title": f"Kettle {number}", "price": price},
    }
    order = {"id": f"322-ABC1-{number:06d}", "lineItems": [line] * lines}
    request = json.dumps({"query": _DOCUMENT, "variables": variables})
    return _exchange(number, request, json.dumps({"data": {"createOrder": {"order": order}}}))


def _exchange(number: int, request: str, answer: str) -> str:
    json_type = {"content-type": "application/json"}
    sent = {
        "method": "POST",
        "url": "https://api.buywithprime.amazon.com/graphql",
        "headers": {**json_type, "x-api-version": "2024-11-01"},
        "body": request,
    }
    response = {"status": 200, "headers": json_type, "body": answer}
    minute, second = divmod(number, 60)
    hour, minute = divmod(minute, 60)
    day, hour = divmod(hour, 24)
    started_at = f"2024-11-{1 + day % 30:02d}T{hour:02d}:{minute:02d}:{second:02d}Z"
    times = {"started_at": started_at, "elapsed_ms": 12.5}
    return json.dumps({"request": sent, "response": response, **times}) + "\n"


def judge(path: Path) -> Measured:
    """Runs `judge` on a file in a process of its own."""
    command = [sys.executable, "-m", "conformance", "judge", "--version", "2024-11-01", str(path)]
    silent = (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)
    process = os.posix_spawn(sys.executable, command, os.environ, file_actions=[silent])
    _, status, usage = os.wait4(process, 0)
    cpu_s = usage.ru_utime + usage.ru_stime
    return Measured(path.stat().st_size / 1e6, cpu_s, usage.ru_maxrss / 1024, os.waitstatus_to_exitcode(status))


def measure(*, quick: bool) -> Iterator[Row]:
    """The rows of the table. Quick: a sample of the stream."""
    megabytes = QUICK_MB if quick else FULL_MB
    for answer_bytes, polled in ((2_000, False), (15_000, False), (2_000, True), (15_000, True)):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "stream.ndjson"
            write_stream(path, megabytes, answer_bytes, polled=polled)
            measured = judge(path)
        kind = "orders asked for in detail" if polled else "orders made"
        what = f"judge {measured.file_mb:,.0f} MB of NDJSON, {kind}, answers of {answer_bytes / 1000:.0f} KB"
        clean = measured.status == 0
        fast = clean and measured.mb_per_s >= BUDGET_MB_PER_S
        yield Row(what, f"{measured.mb_per_s:.0f} MB/s", f"{BUDGET_MB_PER_S:.0f} MB/s", holds=fast)
        small = clean and measured.memory_mb <= BUDGET_MB
        yield Row(f"{what}: memory", f"{measured.memory_mb:.0f} MB", f"{BUDGET_MB:.0f} MB", holds=small)
