"""Thousands of random operations: no transition that the documentation forbids, no answer that is not as documented."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.sandbox.client import Client, bought
from tests.sandbox.machine import Watch
from tests.sandbox.walker import Walker

VERSIONS = ("2024-01-01", "2024-04-01", "2024-11-01", "next")


@pytest.mark.parametrize("wait", [0.0, 1.0])
@pytest.mark.parametrize("version", VERSIONS)
def test_a_random_walk_keeps_to_the_documentation(version: str, wait: float) -> None:
    walker = Walker(version, seed=1, wait=wait)
    walker.walk(400)
    walker.check_events()
    assert {("package", "PENDING", "IN_TRANSIT"), ("package", "IN_TRANSIT", "DELIVERED")} <= set(walker.watch.moves)
    assert walker.client.judged > 150


@pytest.mark.parametrize("version", VERSIONS)
def test_the_same_walk_leaves_the_same_bytes(version: str) -> None:
    def record(seed: int) -> bytes:
        walker = Walker(version, seed, wait=1.0)
        walker.walk(60)
        admin = walker.client.admin
        return json.dumps([admin("exchanges"), admin("events")]).encode()

    assert record(3) == record(3)
    assert record(3) != record(4)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 7))
@pytest.mark.parametrize("wait", [0.0, 1.0])
@pytest.mark.parametrize("version", VERSIONS)
def test_a_long_walk_keeps_to_the_documentation(version: str, wait: float, seed: int) -> None:
    walker = Walker(version, seed, wait)
    walker.walk(2000)
    walker.check_events()


def _spoil_package(order: dict[str, Any]) -> None:
    order["packages"][0]["state"] = "DELIVERED"


def _spoil_reason(order: dict[str, Any]) -> None:
    order["packages"][0].update(state="CANCELLED", reason="UNDELIVERABLE")


def _spoil_amount(order: dict[str, Any]) -> None:
    order["packages"].clear()


def _spoil_execution(order: dict[str, Any]) -> None:
    order["metadata"]["executionState"] = "NOT_STARTED"


@pytest.mark.parametrize("spoil", [_spoil_package, _spoil_reason, _spoil_amount, _spoil_execution])
def test_the_watch_sees_what_is_not_documented(client: Client, spoil: Any) -> None:
    watch = Watch(client.app.admin.store, is_old=False)
    order = client.app.admin.store.orders[bought(client)]
    watch.look()
    spoil(order)
    with pytest.raises(AssertionError):
        watch.look()


def test_the_watch_sees_stock_that_nobody_took(client: Client) -> None:
    watch = Watch(client.app.admin.store, is_old=False)
    client.app.admin.store.products[1]["stock"] -= 1
    with pytest.raises(AssertionError):
        watch.look()
