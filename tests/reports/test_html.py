"""The HTML report as a file: what it says without a browser's help, and that nothing in it can act."""

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from conformance.findings.model import Coverage, RunResult
from conformance.reports import FORMATS, render
from conformance.reports.html import render_html

from .runs import EXPIRED_WAIVER, HOSTILE, clean_run, hostile_run, realistic_run


class Page(HTMLParser):
    """Elements, their attributes, and the text outside of style and script."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._hidden = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in ("script", "style"):
            self._hidden = tag

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.texts.append(" ".join(data.split()))

    @property
    def text(self) -> str:
        return " ".join(self.texts)


def page(run: RunResult) -> Page:
    return Page(render_html(run))


def test_the_verdict_stands_at_the_top_in_words() -> None:
    text = page(realistic_run(findings=(EXPIRED_WAIVER,))).text
    verdict = "17 of 20 cases conform, 1 with warnings. 2 fail. 1 could not be judged. 1 more was skipped."
    assert f"{verdict} The run itself has 1 fault." in text
    assert text.index("17 of 20") < text.index("Interfaces and versions")


def test_without_a_script_verdict_matrix_and_failures_are_there() -> None:
    text = page(realistic_run()).text
    for part in (
        "Interfaces and versions",
        "RSP-007",
        "DOZEN is no documented value of AmountUnit",
        "one of ONE, GRAM, KILOGRAM",
        "sandbox-objects-amount",
        "The target: what it answered breaks the contract",
        "21 November 2024, 14:02:11 UTC",
        "What the contracts rest on",
        "Where the documentation contradicts itself",
        "The request sends memberAmount 2.",
    ):
        assert part in text


def test_a_partial_run_is_loud_and_has_no_verdict() -> None:
    text = page(replace(clean_run(), complete=False)).text
    assert "Partial run." in text
    assert "nothing here is a verdict of the whole" in text
    assert "conform." not in text.split("How to read")[0]


def test_a_run_of_nothing_is_no_pass() -> None:
    html = render_html(replace(clean_run(), cases=()))
    assert "No case was run." in html
    assert 'class="hero tone-SKIP"' in html


def test_one_file_that_asks_for_nothing() -> None:
    elements = page(realistic_run()).elements
    links = [attrs.get("href") or "" for tag, attrs in elements if tag in ("a", "link", "use")]
    assert all(link.startswith(("#", "data:image/svg+xml,")) for link in links)
    assert not [tag for tag, attrs in elements if "src" in attrs or tag in ("iframe", "object", "img", "base")]
    assert "url(" not in render_html(realistic_run()).split("</style>")[0].split("<style>")[1]


def test_the_policy_allows_only_the_digests_of_what_is_there() -> None:
    html = render_html(realistic_run())
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', html)
    policy = policy.replace("&#39;", "'")
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert policy.count("sha256-") == 3
    assert not re.search(
        r"\s(style|on[a-z]+)=", re.sub(r"<script.*?</script>|<style.*?</style>", "", html, flags=re.DOTALL)
    )


def test_hostile_text_stays_text() -> None:
    html = render_html(hostile_run())
    html.encode("utf-8")
    hostile = Page(html)
    assert [tag for tag, _ in hostile.elements].count("script") == 3
    assert not [tag for tag, attrs in hostile.elements if tag == "img" or any(name.startswith("on") for name in attrs)]
    assert "\u202e" not in html.split('<script type="application/json"')[0]
    assert "\x00" not in html
    assert HOSTILE.split("\u202e")[0] in hostile.text


def test_every_string_field_is_tried_with_hostile_text() -> None:
    """Guards the test above: no field of the hostile run holds harmless text."""

    def strings(value: object) -> list[str]:
        if isinstance(value, str):
            return [value]
        if isinstance(value, dict):
            return [text for item in value.items() for text in strings(item)]
        if isinstance(value, tuple | list):
            return [text for item in value for text in strings(item)]
        fields = getattr(type(value), "__dataclass_fields__", {})
        return [text for name in fields for text in strings(getattr(value, name))]

    harmless = {text for text in strings(hostile_run()) if text and HOSTILE not in text}
    assert harmless <= {"response", "data", "x", "text", "operation"}


def test_the_same_run_gives_the_same_bytes() -> None:
    assert render_html(realistic_run()) == render_html(realistic_run())


def test_the_formats_by_name() -> None:
    run = clean_run()
    assert set(FORMATS) == {"html", "junit", "text"}
    assert render(run, "html") == render_html(run)
    assert render(run, "junit").startswith("<?xml")
    assert render(run, "text").endswith("All 8 cases conform.\n")
    with pytest.raises(ValueError, match="html, junit, text"):
        render(run, "pdf")


def test_what_was_covered_is_told_by_kind_and_version_and_what_was_not_by_name() -> None:
    figures = (
        Coverage("fields", "2024-11-01", 10, 4, 3, ("Order.id", "Order.refunds", "Amount.value")),
        Coverage("event types", "2024-04-01", 0, 0, 0),
    )
    text = page(replace(clean_run(), coverage=figures)).text
    assert "fields \N{EN DASH} nothing to cover 70 % 4 + 3 of 10 4 asserted, 3 passed, of 10" in text
    assert "fields not seen: 3 of 2024-11-01" in text
    assert "Order.id, Order.refunds, Amount.value" in text
    assert "event types 0 % 0 of 0" in text
    assert "event types not seen" not in text
    assert "What was covered" not in page(clean_run()).text
