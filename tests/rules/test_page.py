"""The page about the rules says what the catalogue says."""

from __future__ import annotations

from conformance.rules.unseen import UNSEEN
from tests.rules.make_page import PAGE, page


def test_the_page_is_the_catalogues() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "make it again: python -m tests.rules.make_page"


def test_what_is_not_judged_has_a_reason() -> None:
    assert len({one.text for one in UNSEEN}) == len(UNSEEN)
    assert all(one.source and one.reason for one in UNSEEN)
