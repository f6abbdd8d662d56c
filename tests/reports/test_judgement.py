"""What `judge` prints."""

import json

import pytest

from conformance.findings.model import Verdict
from conformance.reports.judgement import Judged, Tally, judgement_json, judgement_json_chunks, judgement_text

from .runs import EXPIRED_WAIVER, FAULTS, HOSTILE, hostile_run

EXCHANGES = [(0, "createOrder", FAULTS[:2]), (1, "", ()), (2, "ORDER_CONFIRMED", FAULTS[4:], "event")]


def test_one_object_with_the_documented_keys() -> None:
    judgement = judgement_json("2024-11-01", EXCHANGES)
    assert {key: value for key, value in judgement.items() if key != "exchanges"} == {
        "format": "bwp-conformance/judgement",
        "format_version": 1,
        "contract": "2024-11-01",
        "verdict": "FAIL",
    }
    assert [entry["index"] for entry in judgement["exchanges"]] == [0, 1, 2]
    assert [entry["verdict"] for entry in judgement["exchanges"]] == ["FAIL", "PASS", "WARN"]
    assert [entry.get("kind") for entry in judgement["exchanges"]] == [None, None, "event"]
    assert judgement["exchanges"][1] == {"index": 1, "verdict": "PASS", "findings": []}


def test_a_finding_with_all_its_parts() -> None:
    finding = judgement_json("2024-11-01", EXCHANGES)["exchanges"][0]["findings"][1]
    assert finding == {
        "rule": "RSP-004",
        "level": "MUST",
        "verdict": "FAIL",
        "blame": "TARGET",
        "path": ["data", "createOrder", "order", "lineItems", 3, "amount", "value"],
        "coordinate": "Amount.value",
        "message": "null where the contract says Decimal!",
        "expected": "Decimal!",
        "actual": "null",
        "grade": "page",
        "source": "sandbox-objects-amount",
        "fix": "Answer a value; a null here must make the nearest nullable parent null and stand in errors",
        "origin": "response",
    }


def test_a_position_is_there_when_it_is_known() -> None:
    finding = judgement_json("v", [(0, "", (EXPIRED_WAIVER,))])["exchanges"][0]["findings"][0]
    assert finding["position"] == {"file": "waivers.yaml", "line": 8, "column": 5}


def test_of_nothing_the_verdict_is_pass_and_the_list_empty() -> None:
    assert judgement_json("v", [])["exchanges"] == []
    assert judgement_json("v", [])["verdict"] == "PASS"


@pytest.mark.parametrize("exchanges", [EXCHANGES, [], [(0, HOSTILE, hostile_run().findings)]])
def test_the_streamed_text_is_the_same_object(exchanges: list[tuple[object, ...]]) -> None:
    text = "".join(judgement_json_chunks("2024-11-01", exchanges))
    text.encode("utf-8")
    assert json.loads(text) == judgement_json("2024-11-01", exchanges)


def test_it_streams() -> None:
    def endless() -> object:
        for number in range(3):
            taken.append(number)
            yield (number, "", ())

    taken: list[int] = []
    chunks = judgement_json_chunks("v", endless())  # type: ignore[arg-type]
    next(chunks)
    next(chunks)
    assert taken == [0]


def test_text_of_an_exchange_names_it_and_its_worst_finding_first() -> None:
    lines = judgement_text(Judged(4, "createOrder", (FAULTS[4], FAULTS[0]))).splitlines()
    assert lines[0] == "exchange 4 createOrder: FAIL"
    assert lines[1].startswith("  FAIL RSP-007")


def test_a_clean_exchange_is_silent_unless_asked() -> None:
    assert judgement_text((0, "order", ())) == ""
    assert judgement_text((0, "order", ()), verbose=True) == "exchange 0 order: PASS\n"


def test_the_tally_closes_the_text() -> None:
    tally = Tally()
    assert tally.summary("2024-11-01") == "Nothing was judged against 2024-11-01.\n"
    for item in EXCHANGES:
        tally.add(item)
    assert tally.summary("2024-11-01") == "3 judged against 2024-11-01: 1 fail, 1 warning, 1 pass. 3 findings.\n"
    assert tally.verdict is Verdict.FAIL
