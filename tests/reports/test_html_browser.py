"""The HTML report in a real browser: by mouse, by keyboard, by screen reader, on a phone, on paper."""

import json
import shlex
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from conformance.findings.model import RunResult
from conformance.reports.html import render_html

from .browser import (
    CONTRAST_FAULTS,
    FOCUSED,
    HEADINGS,
    NAMELESS,
    OUT_OF_SIGHT,
    OpenReport,
    chromium,
    chromium_path,
    open_report,
)
from .runs import (
    DOCUMENT,
    EXPIRED_WAIVER,
    FAULTS,
    ONE_LINE_DOCUMENT,
    big_run,
    clean_run,
    create_case,
    hostile_run,
    order_answer,
    order_variables,
    realistic_run,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(chromium_path() is None, reason="no Chromium is installed; set BWP_CHROMIUM to the path of one"),
]

FAULTY = "order.create.bundle-mixed[2024-11-01]"
EVENT = "events.order-confirmed[2024-11-01]"
BROKEN = "order.create.lwa[2024-04-01]"
WAIVED = "order.create.external-details[2024-01-01]"

Opener = Callable[..., OpenReport]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def open_run(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Opens reports, and at the end of the test demands that they asked for nothing and complained about nothing."""
    opened: list[OpenReport] = []

    def opener(run: RunResult | None = None, fragment: str = "", **options: Any) -> OpenReport:
        report = open_report(browser, tmp_path, run or realistic_run(), fragment, **options)
        opened.append(report)
        return report

    yield opener
    for report in opened:
        assert report.trouble == []
        assert {url.split("#")[0] for url in report.requests} == {report.url}
        report.context.close()


@pytest.fixture(scope="module")
def big() -> RunResult:
    return big_run()


def rows(report: OpenReport) -> list[str]:
    return report.texts(".row-id")


class TestOverview:
    def test_the_verdict_is_the_heading_and_the_worst_cases_come_first(self, open_run: Opener) -> None:
        report = open_run()
        assert report.texts("h1") == [
            "17 of 20 cases conform, 1 with warnings. 2 fail. 1 could not be judged. 1 more was skipped."
        ]
        assert len(rows(report)) == 21
        assert rows(report)[:3] == [BROKEN, FAULTY, EVENT]
        assert report.texts(".row .badge")[:6] == ["Error", "Fail", "Fail", "Warning", "Skipped", "Info"]

    def test_a_cell_of_the_matrix_filters_the_list(self, open_run: Opener) -> None:
        report = open_run()
        report.page.click(".matrix tbody tr:has-text('order') td:nth-of-type(3) a")
        assert report.run("location.hash") == "#interface=order&version=2024-11-01"
        expect(report.page.locator("#count")).to_have_text("8 of 21 cases")
        assert set(report.texts(".row-side .mono")) == {"order 2024-11-01"}

    def test_a_rule_of_the_overview_filters_the_list(self, open_run: Opener) -> None:
        report = open_run()
        report.page.click(".rules a:has-text('RSP-004')")
        expect(report.page.locator("#count")).to_have_text("2 of 21 cases")
        assert report.page.locator("#f-rule").input_value() == "RSP-004"

    def test_a_partial_run_is_loud(self, open_run: Opener) -> None:
        report = open_run(replace(realistic_run(), complete=False))
        expect(report.page.get_by_role("alert")).to_contain_text("nothing here is a verdict of the whole")
        assert "conform" not in report.texts("h1")[0]
        report.go(f"#case={FAULTY}")
        expect(report.page.get_by_role("alert")).to_be_visible()

    def test_faults_of_the_run_itself_are_shown_with_their_fix(self, open_run: Opener) -> None:
        report = open_run(realistic_run(findings=(EXPIRED_WAIVER,)))
        (text,) = report.texts(".run-findings")
        assert "WVR-001" in text
        assert "waivers.yaml:8:5" in text
        assert "agree on a new day" in text


class TestFilters:
    def test_verdicts_are_toggled_and_count_what_the_other_filters_leave(self, open_run: Opener) -> None:
        report = open_run()
        chip = report.page.locator("[data-verdict=FAIL]")
        chip.click()
        report.page.locator("[data-verdict=ERROR]").click()
        assert report.run("location.hash") == "#verdict=FAIL,ERROR"
        assert rows(report) == [BROKEN, FAULTY, EVENT]
        assert chip.get_attribute("aria-pressed") == "true"
        report.page.select_option("#f-interface", "events")
        assert rows(report) == [EVENT]
        assert "Fail 1" in report.texts("[data-verdict=FAIL]")

    def test_blame_and_rule_must_meet_in_one_finding(self, open_run: Opener) -> None:
        report = open_run(fragment="#blame=CLIENT&rule=RSP-007")
        assert rows(report) == []
        assert report.texts(".empty") == ["No case passes these filters."]
        report.page.click("#clear")
        assert len(rows(report)) == 21

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("bundle-mixed", [FAULTY]),
            ("EVT-011", [EVENT]),
            ("amount.UNIT", [FAULTY]),
            ("read back", [FAULTY]),
            ("ORDER_CONFIRMED", [EVENT]),
            ("generateReversalOffers", ["returns.reversal-offers[2024-01-01]"]),
            ("lwa 2024-04", [BROKEN]),
            ("nothing at all", []),
        ],
    )
    def test_free_search(self, open_run: Opener, text: str, found: list[str]) -> None:
        report = open_run()
        report.page.fill("#q", text)
        assert rows(report) == found

    def test_the_address_keeps_every_filter(self, open_run: Opener) -> None:
        fragment = f"#verdict=FAIL&interface=order&version=2024-11-01&blame=TARGET&rule=RSP-007&q=bundle&case={FAULTY}"
        report = open_run(fragment=fragment)
        assert rows(report) == [FAULTY]
        expect(report.page.locator("#case-title")).to_contain_text("Bundle Product For Prime")
        report.page.click(".back")
        assert report.run("location.hash") == fragment.removesuffix(f"&case={FAULTY}")
        assert rows(report) == [FAULTY]
        assert report.page.input_value("#q") == "bundle"

    def test_the_number_of_results_is_announced(self, open_run: Opener) -> None:
        report = open_run()
        status = report.page.locator("#count")
        assert (status.get_attribute("role"), status.get_attribute("aria-live")) == ("status", "polite")
        report.page.fill("#q", "bundle")
        expect(status).to_have_text("4 of 21 cases")

    def test_findings_that_do_not_count_can_be_listed(self, open_run: Opener) -> None:
        report = open_run()
        report.page.click("a[href='#waived=yes']")
        assert rows(report) == [WAIVED]


class TestCase:
    def test_a_deep_link_opens_the_case_and_back_returns_to_its_row(self, open_run: Opener) -> None:
        report = open_run()
        report.page.click(f".row:has-text('{FAULTY}')")
        assert report.run("location.hash") == f"#case={FAULTY}"
        expect(report.page.locator("#case-title")).to_be_focused()
        report.page.go_back()
        expect(report.page.locator("#case")).to_be_hidden()
        assert report.run("document.activeElement.querySelector('.row-id').textContent") == FAULTY

    def test_an_unknown_case_is_named_and_not_an_empty_page(self, open_run: Opener) -> None:
        report = open_run(fragment="#case=no.such.case")
        assert report.texts("#case-title") == ["This run has no such case"]
        report.page.click(".back")
        assert len(rows(report)) == 21

    def test_each_offending_place_is_marked_where_it_is(self, open_run: Opener) -> None:
        report = open_run(fragment=f"#case={FAULTY}")
        answer = "section.pane:has(h4:text-is('Answer'))"
        marked = report.texts(f"{answer} .marked")
        assert marked == [
            '"unit": "DOZEN",',
            '"value": null',
            "currencyCode is missing here",
            '"internalNote": "left over"',
            '"id": "322-ABC1-AAAAAB",',
        ]
        assert report.texts(f"{answer} .note")[:2] == [
            "2 Finding. RSP-007 DOZEN is no documented value of AmountUnit",
            "3 Finding. RSP-004 null where the contract says Decimal!",
        ]
        assert report.texts("section.pane:has(h4:text-is('Variables')) .marked") == [
            '"aliasType": "EXTERNAL_ORDER_ID",'
        ]

    def test_a_finding_leads_to_its_mark_and_a_mark_to_its_finding(self, open_run: Opener) -> None:
        report = open_run(fragment=f"#case={FAULTY}")
        report.page.click("[data-finding='3'] .jump")
        expect(report.page.locator("[data-mark='3']")).to_be_focused()
        report.page.keyboard.press("Enter")
        expect(report.page.locator("[data-finding='3']")).to_be_focused()

    def test_a_finding_says_everything_that_a_developer_needs(self, open_run: Opener) -> None:
        report = open_run(fragment=f"#case={FAULTY}")
        (text,) = report.texts("[data-finding='2']")
        for part in (
            "Fail RSP-007 MUST DOZEN is no documented value of AmountUnit",
            "Expected one of ONE, GRAM, KILOGRAM",
            'Actual "DOZEN"',
            "Where response data.createOrder.order.lineItems[2].amount.unit",
            "Coordinate Amount.unit",
            "Evidence page: stated on a reference page",
            "Source sandbox-objects-amount",
            "Whose fault The target: what it answered breaks the contract",
            "Fix Answer a documented unit",
        ):
            assert part in text

    def test_an_event_is_shown_alone_with_its_marks(self, open_run: Opener) -> None:
        report = open_run(fragment=f"#case={EVENT}")
        assert report.texts("h4") == ["Event"]
        assert report.texts(".marked") == ['"id": 322,', '"createdAt": "yesterday"']

    def test_a_waived_finding_shows_the_reason_and_what_it_would_be(self, open_run: Opener) -> None:
        report = open_run(fragment=f"#case={WAIVED}")
        (text,) = report.texts(".finding")
        assert text.startswith("1 Info RSP-004")
        assert "Does not count (fail otherwise) The sandbox has no links before its next release (orders-team" in text

    def test_a_skipped_case_gives_its_reason_and_is_nowhere_a_pass(self, open_run: Opener) -> None:
        report = open_run(fragment="#case=returns.reversal-offers[2024-01-01]")
        assert "reversalOffers is not part of version 2024-01-01" in report.texts("#case .callout")[0]
        assert report.page.locator("#case .v-PASS").count() == 0

    def test_a_contradiction_is_told_in_the_case_and_linked_both_ways(self, open_run: Opener) -> None:
        report = open_run(fragment=f"#case={FAULTY}")
        report.page.click(".erratum-note summary")
        assert "The request sends memberAmount 2." in report.texts(".erratum-note")[0]
        report.page.click(".erratum-note a")
        focused = "document.activeElement.closest('.erratum').dataset.erratum"
        assert report.run(focused) == "bundle-member-amount"
        report.page.click("[data-erratum='bundle-member-amount'] a")
        assert rows(report) == [FAULTY]

    def test_a_document_on_one_line_is_laid_out_and_says_the_same(self, open_run: Opener) -> None:
        report = open_run(fragment=f"#case={BROKEN}")
        lines = report.page.locator("section.pane:has(h4:text-is('Document')) .ln").all_inner_texts()
        assert lines[:3] == ["mutation createOrder {", "  createOrder(", "    input: {"]

        def tokens(text: str) -> list[str]:
            return text.replace(",", " ").replace("(", " ( ").replace(")", " ) ").split()

        assert tokens(" ".join(lines)) == tokens(ONE_LINE_DOCUMENT)

    def test_a_document_of_several_lines_is_shown_as_it_was_sent(self, open_run: Opener) -> None:
        report = open_run(fragment=f"#case={FAULTY}")
        lines = report.page.locator("section.pane:has(h4:text-is('Document'))").first.locator(".ln").all_inner_texts()
        assert "\n".join(lines) == DOCUMENT.rstrip()

    @pytest.mark.parametrize("case_id", [FAULTY, BROKEN])
    def test_the_curl_line_sends_the_same_request_and_no_secret(self, open_run: Opener, case_id: str) -> None:
        report = open_run(fragment=f"#case={case_id}")
        report.page.locator(".curl summary").first.click()
        words = shlex.split(report.page.locator(".curl pre").first.inner_text().replace("\\\n", ""))
        assert words[:3] == ["curl", "-sS", "$BWP_ENDPOINT"]
        assert "Authorization: Bearer $BWP_TOKEN" in words
        assert f"x-api-version: {case_id[-11:-1]}" in words
        body = json.loads(words[words.index("--data-binary") + 1])
        if case_id == FAULTY:
            assert body == {"query": DOCUMENT, "variables": order_variables(4)}
        else:
            assert body == {"query": ONE_LINE_DOCUMENT}

    def test_copy_gives_the_answer_as_json(self, open_run: Opener) -> None:
        report = open_run(fragment=f"#case={FAULTY}")
        report.context.grant_permissions(["clipboard-read", "clipboard-write"])
        report.page.click("[aria-label='Copy variables'] >> nth=0")
        expect(report.page.locator("#announce")).to_have_text("Copied")
        assert json.loads(report.run("navigator.clipboard.readText()")) == order_variables(4)

    def test_a_huge_answer_is_folded_around_its_marks(self, open_run: Opener) -> None:
        case = create_case("huge", "A huge order")
        answer = order_answer(600)
        answer["data"]["createOrder"]["order"]["lineItems"][400]["amount"] = {"unit": "DOZEN", "value": 1}
        finding = replace(FAULTS[0], path=("data", "createOrder", "order", "lineItems", 400, "amount", "unit"))
        step = replace(case.steps[0], response=answer, findings=(finding,))
        report = open_run(replace(clean_run(), cases=(replace(case, steps=(step,)),)), f"#case={case.case_id}")
        pane = report.page.locator("section.pane:has(h4:text-is('Answer'))")
        assert report.texts("section.pane:has(h4:text-is('Answer')) .marked") == ['"unit": "DOZEN",']
        assert pane.locator(".ln").count() < 60
        before = pane.locator(".fold").count()
        while pane.locator(".fold").count():
            pane.locator(".fold").first.click()
        assert before == 2
        assert pane.locator(".ln").count() > 3000


class TestKeyboard:
    def test_slash_j_k_enter_and_escape(self, open_run: Opener) -> None:
        report = open_run()
        report.press("/")
        expect(report.page.locator("#q")).to_be_focused()
        report.press("j", "k")
        assert report.page.input_value("#q") == "jk"
        report.page.fill("#q", "")
        report.press("Escape", "j", "j", "j", "k")
        assert report.run("document.activeElement.querySelector('.row-id').textContent") == FAULTY
        report.press("Enter")
        expect(report.page.locator(".case-id .mono")).to_have_text(FAULTY)
        report.press("j")
        expect(report.page.locator(".case-id .mono")).to_have_text(EVENT)
        report.press("k", "k", "k")
        expect(report.page.locator(".case-id .mono")).to_have_text(BROKEN)
        report.press("Escape")
        expect(report.page.locator("#case")).to_be_hidden()
        assert report.run("document.activeElement.querySelector('.row-id').textContent") == BROKEN

    def test_going_back_after_many_j_leaves_the_case_at_once(self, open_run: Opener) -> None:
        report = open_run()
        report.press("j", "Enter", "j", "j", "j")
        report.page.go_back()
        expect(report.page.locator("#case")).to_be_hidden()

    def test_n_and_p_walk_through_the_findings(self, open_run: Opener) -> None:
        report = open_run(fragment=f"#case={FAULTY}")
        report.press("n", "n")
        expect(report.page.locator("[data-finding='2']")).to_be_focused()
        report.press("p")
        expect(report.page.locator("[data-finding='1']")).to_be_focused()

    def test_single_keys_can_be_switched_off(self, open_run: Opener) -> None:
        report = open_run()
        report.page.click("#keys-button")
        assert report.page.locator("#keys-button").get_attribute("aria-expanded") == "true"
        report.page.uncheck("#keys-on")
        report.press("j")
        assert report.run("document.activeElement.id") == "keys-on"
        report.page.locator("h1").click()
        report.press("j")
        assert report.run("document.activeElement.tagName") == "BODY"

    def test_everything_is_reached_by_tab_in_reading_order_and_seen(self, open_run: Opener) -> None:
        report = open_run()
        reached: list[tuple[str, bool]] = []
        for _ in range(60):
            report.press("Tab")
            name, is_outlined = report.run(FOCUSED)
            reached.append((name, is_outlined))
        names = [name for name, _ in reached]
        assert names[:4] == ["skip-link", "brand", "keys-button", "theme-button"]
        assert names.index("q") < names.index("f-interface") < names.index("chip v-ERROR") < names.index("row")
        assert all(is_outlined for _, is_outlined in reached)

    def test_the_skip_link_leads_to_the_cases(self, open_run: Opener) -> None:
        report = open_run()
        report.press("Tab", "Enter")
        assert report.run("document.activeElement.id") == "cases"


class TestScreenReader:
    @pytest.mark.parametrize("fragment", ["", f"#case={FAULTY}", f"#case={EVENT}"])
    def test_landmarks_headings_and_names(self, open_run: Opener, fragment: str) -> None:
        report = open_run(realistic_run(findings=(EXPIRED_WAIVER,)), fragment)
        assert report.run("[...document.querySelectorAll('main')].length") == 1
        expect(report.page.get_by_role("banner")).to_be_visible()
        expect(report.page.get_by_role("search")).to_be_visible()
        headings = report.run(HEADINGS)
        assert headings[0] == 1
        assert headings.count(1) == 1
        assert all(later <= earlier + 1 for earlier, later in pairwise(headings))
        assert report.run(NAMELESS) == []

    def test_verdicts_are_words_and_icons_are_hidden(self, open_run: Opener) -> None:
        report = open_run()
        assert report.run(
            "[...document.querySelectorAll('svg')].every((svg) => svg.hasAttribute('aria-hidden') || svg.ariaLabel)"
        )
        assert all(report.texts(".row .badge"))
        assert report.run("document.querySelector('.matrix td a').textContent.trim()") == "1 Warning"

    def test_the_open_case_is_marked_in_the_list(self, open_run: Opener) -> None:
        report = open_run(fragment=f"#case={FAULTY}")
        assert report.run(
            "[...document.querySelectorAll('[aria-current]')].map((row) => row.querySelector('.row-id').textContent)"
        ) == [FAULTY]

    def test_tables_have_their_headers(self, open_run: Opener) -> None:
        report = open_run()
        assert report.run("[...document.querySelectorAll('th')].every((th) => ['row', 'col'].includes(th.scope))")


class TestLook:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize(
        "fragment", ["", f"#case={FAULTY}", f"#case={EVENT}", f"#case={BROKEN}", f"#case={WAIVED}"]
    )
    def test_every_text_has_enough_contrast(self, open_run: Opener, scheme: str, fragment: str) -> None:
        run = replace(realistic_run(findings=(EXPIRED_WAIVER,)), complete=bool(fragment))
        report = open_run(run, fragment, color_scheme=scheme)
        report.run("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
        result = report.run(CONTRAST_FAULTS)
        assert result["faults"] == []
        assert result["seen"] > 60

    def test_the_theme_follows_the_system_until_it_is_chosen(self, open_run: Opener) -> None:
        report = open_run(color_scheme="dark")
        background = "getComputedStyle(document.body).backgroundColor"
        dark = report.run(background)
        report.page.click("#theme-button")
        assert report.texts("#theme-button") == ["Theme: light"]
        assert report.run(background) != dark
        report.page.reload()
        assert report.texts("#theme-button") == ["Theme: light"]
        report.page.click("#theme-button")
        assert report.run(background) == dark

    @pytest.mark.parametrize("fragment", ["", f"#case={FAULTY}", f"#case={EVENT}", f"#case={BROKEN}"])
    def test_400_pixels_are_wide_enough(self, open_run: Opener, fragment: str) -> None:
        report = open_run(realistic_run(findings=(EXPIRED_WAIVER,)), fragment, viewport={"width": 400, "height": 800})
        assert report.run("document.documentElement.scrollWidth") == 400
        assert report.run(OUT_OF_SIGHT, 400) == []

    def test_request_and_answer_stand_side_by_side_and_stack_when_narrow(self, open_run: Opener) -> None:
        report = open_run(fragment=f"#case={BROKEN}")
        tops = "[...document.querySelectorAll('.panes.two .side')].map((side) => Math.round(side.offsetTop))"
        left, right = report.run(tops)
        assert left == right
        report.page.set_viewport_size({"width": 500, "height": 800})
        left, right = report.run(tops)
        assert left < right

    def test_print_shows_the_case_and_no_controls(self, open_run: Opener) -> None:
        report = open_run(fragment=f"#case={FAULTY}")
        report.page.emulate_media(media="print")
        expect(report.page.locator("#case-title")).to_be_visible()
        expect(report.page.locator("[data-mark='3']")).to_be_visible()
        for selector in (".tools", "#filters", ".copy >> nth=0", ".case-nav"):
            expect(report.page.locator(selector)).to_be_hidden()


class TestWithoutScript:
    def test_verdict_matrix_and_failures_are_readable(self, open_run: Opener) -> None:
        report = open_run(java_script_enabled=False)
        text = report.page.inner_text("body")
        for part in (
            "17 of 20 cases conform, 1 with warnings. 2 fail.",
            "Interfaces and versions",
            "Single cases need JavaScript.",
            "null where the contract says Decimal!",
            "Where the documentation contradicts itself",
        ):
            assert part in text
        expect(report.page.locator("#filters")).to_be_hidden()


class TestHostileText:
    @pytest.mark.parametrize("opens_case", [False, True])
    def test_it_is_shown_and_does_nothing(self, open_run: Opener, opens_case: bool) -> None:
        report = open_run(hostile_run())
        if opens_case:
            report.press("j", "Enter")
            expect(report.page.locator("#case-title")).to_contain_text("</script><img src=x onerror=alert(1)>")
            report.run("document.querySelectorAll('details').forEach((box) => { box.open = true; })")
        assert report.page.locator("img").count() == 0
        assert report.page.locator("script").count() == 3
        assert "\u202e" not in report.page.inner_text("main")
        assert report.run("document.documentElement.scrollWidth") <= 1440

    def test_a_hostile_address_does_nothing_either(self, open_run: Opener) -> None:
        report = open_run(
            fragment="#case=<img src=x onerror=alert(1)>&verdict=%E0%A4%A&interface=<b>&q=%&rule=__proto__"
        )
        assert report.page.locator("img").count() == 0
        assert report.texts("#case-title") == ["This run has no such case"]

    def test_script_that_is_not_the_reports_own_is_refused(self, open_run: Opener) -> None:
        report = open_run()
        report.run(
            "document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.ran = 1' }))"
        )
        assert report.run("window.ran") is None
        assert "Content Security Policy" in report.trouble.pop()


class TestTenThousandChecks:
    def test_the_file_is_small_and_opens_within_a_second(
        self, open_run: Opener, big: RunResult, tmp_path: Path
    ) -> None:
        report = open_run(big)
        assert (tmp_path / "report.html").stat().st_size <= 10_000_000
        times = []
        for _ in range(3):
            report.page.reload()
            times.append(report.run("performance.now()"))
        assert min(times) <= 1000

    def test_filters_and_deep_links_work_at_that_size(self, open_run: Opener, big: RunResult) -> None:
        report = open_run(big, "#case=order.create.generated-7777[2024-04-01]")
        expect(report.page.locator("#case-title")).to_contain_text("Generated order number 7777")
        assert report.run("document.querySelectorAll('.row').length") < 400
        report.page.click(".back")
        assert (
            report.run("document.activeElement.querySelector('.row-id').textContent")
            == "order.create.generated-7777[2024-04-01]"
        )
        report.page.fill("#q", "number 9999")
        assert rows(report) == ["order.create.generated-9999[2024-01-01]"]
        report.page.fill("#q", "")
        expect(report.page.locator("#count")).to_have_text("10,000 cases")

    def test_the_list_grows_while_one_scrolls_and_earlier_rows_can_be_asked_for(
        self, open_run: Opener, big: RunResult
    ) -> None:
        report = open_run(big)
        before = len(rows(report))
        report.page.locator(".row").last.scroll_into_view_if_needed()
        report.page.wait_for_function("before => document.querySelectorAll('.row').length > before", arg=before)
        report.go("#case=order.create.generated-7777[2024-04-01]")
        report.page.click(".back")
        first = rows(report)[0]
        report.page.click("#earlier-button")
        assert rows(report)[120] == first


def test_the_report_of_a_clean_run_says_so(open_run: Opener) -> None:
    report = open_run(clean_run())
    assert report.texts("h1") == ["All 8 cases conform."]
    assert report.page.locator("h2:has-text('What needs a look')").count() == 0
    report.go("#case=order.create.lwa[2024-11-01]")
    expect(report.page.locator(".clean")).to_have_text("Nothing was found here.")


def test_the_report_of_nothing_opens(open_run: Opener) -> None:
    report = open_run(replace(clean_run(), cases=()))
    assert report.texts(".empty") == ["This run has no cases."]
    assert "No case was run." in render_html(replace(clean_run(), cases=()))
