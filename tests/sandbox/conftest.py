"""A sandbox for each test."""

from __future__ import annotations

import pytest

from tests.sandbox.client import Client


@pytest.fixture(params=["2024-01-01", "2024-04-01", "2024-11-01", "next"])
def every(request: pytest.FixtureRequest) -> Client:
    """A client of each version."""
    return Client(request.param)


@pytest.fixture
def client() -> Client:
    """A client of the newest dated version."""
    return Client()
