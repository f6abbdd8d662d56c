"""The sandbox moves packages after a wait: what was asked for since the last look may have happened, or not yet."""

from __future__ import annotations

from tests.rules.harness import Call, assert_violations
from tests.rules.test_extras import sending_back
from tests.rules.test_flows import STATE, moving, package, return_package


def test_a_package_may_have_moved_as_it_was_asked_to() -> None:
    sent = moving(state="IN_TRANSIT")
    assert_violations("FLW-019", [package("PENDING"), sent, moving(state="DELIVERED")])
    assert_violations("FLW-019", [package("PENDING"), sent, moving(state="CANCELLED", reason="UNDELIVERABLE")])
    assert_violations("FLW-019", [package("PENDING"), sent, moving(state="CANCELLED", reason="UNFULFILLABLE")])


def test_what_was_asked_for_before_the_last_look_is_over() -> None:
    calls = [package("PENDING"), moving(state="IN_TRANSIT"), package("IN_TRANSIT"), moving(state="IN_TRANSIT")]
    assert_violations("FLW-019", calls, f"{STATE}.state")


def test_no_way_leads_from_either_state() -> None:
    calls = [package("IN_TRANSIT"), moving(state="DELIVERED"), moving(state="IN_TRANSIT")]
    assert_violations("FLW-019", calls, f"{STATE}.state")


def test_a_request_that_was_refused_moved_nothing() -> None:
    refused = Call(*_parts(moving(state="IN_TRANSIT")), None, ({"message": "no"},))
    assert_violations("FLW-019", [package("PENDING"), refused, moving(state="DELIVERED")], f"{STATE}.state")


def test_a_return_package_may_have_moved_as_it_was_asked_to() -> None:
    calls = [return_package("CREATED"), sending_back("IN_TRANSIT"), sending_back("DELIVERED")]
    assert_violations("FLW-036", calls)


def _parts(call: Call) -> tuple[str, dict[str, object]]:
    return call.operation, call.arguments
