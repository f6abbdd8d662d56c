"""Waits and clocks: what is documented to take its time takes none, or as much as was asked for."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from click.testing import CliRunner

from conformance.cli.sandbox import sandbox
from conformance.sandbox.serving.app import SandboxApp, Settings
from conformance.sandbox.serving.clock import Pace
from conformance.sandbox.store import Store
from tests.sandbox.client import CREATE, Client, code, order_input, preview
from tests.sandbox.story import Story


def _waiting(version: str = "2024-11-01", factor: float = 1.0) -> Client:
    return Client(version, SandboxApp(Settings(version, wait_factor=factor)))


def _pass(client: Client, minutes: float) -> None:
    client.admin("clock", advance_s=minutes * 60)
    client.token = client.new_token()


def _states(story: Story) -> list[str]:
    return [package["state"] for package in story.held["packages"]]


def test_by_default_a_wait_is_over_with_the_request_whose_answer_shows_the_order_as_it_was(client: Client) -> None:
    story = Story(client)
    answer = story.package("IN_TRANSIT")
    shown = answer["data"]["updateOrderPackageInformation"]["order"]["packageInformation"]["details"]
    assert shown == [{"state": "PENDING"}]
    assert _states(story) == ["IN_TRANSIT"]


def test_a_package_moves_after_the_documented_wait() -> None:
    client = _waiting()
    story = Story(client)
    story.package("IN_TRANSIT")
    _pass(client, 7.9)
    assert _states(story) == ["PENDING"]
    _pass(client, 0.2)
    assert _states(story) == ["IN_TRANSIT"]
    story.package("DELIVERED")
    _pass(client, 1.9)
    assert _states(story) == ["IN_TRANSIT"]
    _pass(client, 0.2)
    assert _states(story) == ["DELIVERED"]


def test_waits_are_as_long_as_asked_for() -> None:
    client = _waiting(factor=0.5)
    story = Story(client)
    story.package("IN_TRANSIT")
    _pass(client, 4.1)
    assert _states(story) == ["IN_TRANSIT"]
    client.admin("clock", wait=0)
    story.package("DELIVERED")
    assert _states(story) == ["DELIVERED"]


@pytest.mark.parametrize("version", ["2024-01-01", "2024-04-01", "2024-11-01", "next"])
def test_an_order_that_is_being_updated_is_in_conflict(version: str) -> None:
    story = Story(_waiting(version))
    assert "errors" not in story.package("IN_TRANSIT")
    assert code(story.package("IN_TRANSIT")) == "ConflictError"


def test_events_carry_the_time_at_which_they_happened() -> None:
    client = _waiting()
    story = Story(client)
    story.package("IN_TRANSIT")
    _pass(client, 60)
    event = client.admin("events")["events"][-1]["event"]
    assert event["eventDescriptor"] == "PACKAGE_DELIVERY_IN_TRANSIT"
    assert event["eventTime"] == "2025-01-20T12:08:00Z"


def test_a_cancellation_waits_and_comes_too_late_for_what_was_shipped() -> None:
    client = _waiting()
    late, good = Story(client), Story(client)
    late.package("IN_TRANSIT")
    for story in (late, good):
        assert story.cancel()["data"]["cancelOrder"]["cancellation"]["state"] == "PENDING"
    _pass(client, 9)
    assert (late.held["cancellations"][0]["state"], _states(late)) == ("REJECTED", ["IN_TRANSIT"])
    assert (good.held["cancellations"][0]["state"], _states(good)) == ("SUCCESS", ["CANCELLED"])


def test_a_move_that_waited_too_long_is_dropped() -> None:
    client = _waiting()
    story = Story(client)
    story.cancel()
    story.package("IN_TRANSIT")
    _pass(client, 9)
    assert _states(story) == ["CANCELLED"]
    assert story.held["cancellations"][0]["state"] == "SUCCESS"


def test_a_token_lives_for_15_minutes_of_the_clock(client: Client) -> None:
    client.admin("clock", advance_s=14 * 60)
    assert client.send(b'{"query": "{ __typename }"}').status == 200
    client.admin("clock", advance_s=61)
    assert client.send(b'{"query": "{ __typename }"}').status == 401


def test_an_offer_that_has_expired_buys_nothing(every: Client) -> None:
    shown = preview(every)["data"]["deliveryPreview"]
    _pass(every, 31)
    assert code(every.ask(CREATE, {"input": order_input(every, shown)})) == "UnspecifiedError"


def test_the_clock_tells_what_waits() -> None:
    client = _waiting()
    Story(client).package("IN_TRANSIT")
    assert client.admin("clock", advance_s=0) == {"now": "2025-01-20T12:00:00.004Z", "wait": 1.0, "waiting": 1}


@pytest.mark.parametrize(
    "options", [{}, {"wait": -1}, {"wait": "1"}, {"wait": True}, {"wait": 1001}, {"advance_s": -1}, {"advance_s": 1e12}]
)
def test_the_clock_refuses_what_is_no_time(client: Client, options: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match="must be"):
        client.admin("clock", **options)


def test_what_is_planned_for_one_moment_happens_in_the_order_of_planning() -> None:
    store, told = Store(wait_factor=1.0), []
    store.later(2, "b", lambda: told.append("second"))
    store.later(2, "a", lambda: told.append("third"))
    store.later(1, "a", lambda: told.append("first"))
    assert store.is_awaited("b")
    store.advance(119)
    assert told == ["first"]
    store.advance(1)
    assert told == ["first", "second", "third"]
    assert not store.is_awaited("b")


def test_a_clock_that_stands_has_nothing_passed_and_a_real_one_has() -> None:
    assert Pace(is_real=False).passed_s() == 0
    pace = Pace(is_real=True)
    assert pace.passed_s() > 0


def test_a_real_clock_brings_about_what_is_due() -> None:
    app = SandboxApp(Settings(wait_factor=0.0001, has_real_clock=True))
    story = Story(Client(app=app))
    story.package("IN_TRANSIT")
    deadline_s = time.monotonic() + 10
    while _states(story) != ["IN_TRANSIT"] and time.monotonic() < deadline_s:
        app.move_on()
    assert _states(story) == ["IN_TRANSIT"]


def test_a_real_clock_ticks_without_a_request() -> None:
    async def wait() -> None:
        ticked = asyncio.Event()
        Pace(is_real=True).keep(ticked.set)
        await asyncio.wait_for(ticked.wait(), 10)

    asyncio.run(wait())


@pytest.mark.parametrize(
    "options", [["--wait", "-1"], ["--wait", "long"], ["--clock", "fast"], ["--webhook", "http://example.com/"]]
)
def test_the_command_line_refuses_what_is_no_wait_clock_or_loopback_address(options: list[str]) -> None:
    assert CliRunner().invoke(sandbox, options).exit_code == 2
