"""A headless Chromium that opens reports from disk and remembers every request, dialog and message of the console."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from conformance.findings.model import RunResult
from conformance.reports.html import render_html

ARGUMENTS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def chromium_path() -> str | None:
    """The browser to test with: BWP_CHROMIUM, or one that is installed."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("BWP_CHROMIUM") or next((path for name in names if (path := shutil.which(name))), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(ARGUMENTS))
        yield browser
        browser.close()


@dataclass
class OpenReport:
    """A report in a page, and what happened while it was open."""

    page: Page
    context: BrowserContext
    url: str
    requests: list[str] = field(default_factory=list)
    trouble: list[str] = field(default_factory=list)

    def go(self, fragment: str) -> None:
        """Follows a link to another view of the report."""
        self.page.evaluate("fragment => { location.hash = fragment; }", fragment)
        self.page.wait_for_function("fragment => location.hash === fragment || !fragment", arg=fragment)

    def run(self, script: str, argument: Any = None) -> Any:
        return self.page.evaluate(script, argument)

    def texts(self, selector: str) -> list[str]:
        """The visible texts of the elements that a selector finds, white space collapsed."""
        return [" ".join(text.split()) for text in self.page.locator(selector).all_inner_texts()]

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)


def open_report(browser: Browser, folder: Path, run: RunResult, fragment: str = "", **options: Any) -> OpenReport:
    """Writes the report of a run, opens it from disk at a fragment, and waits until it is ready."""
    file = folder / "report.html"
    file.write_text(render_html(run), encoding="utf-8")
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
    page = context.new_page()
    report = OpenReport(page, context, file.as_uri())
    page.on("request", lambda request: report.requests.append(request.url))
    page.on("console", lambda message: report.trouble.append(message.text))
    page.on("pageerror", lambda error: report.trouble.append(str(error)))
    page.on("dialog", lambda dialog: report.trouble.append(f"dialog: {dialog.message}"))
    page.goto(report.url + fragment)
    if options.get("java_script_enabled", True):
        page.wait_for_selector("html[data-ready]")
    return report


CONTRAST_FAULTS: Final = """() => {
  const parse = (color) => {
    const parts = color.match(/[\\d.]+/g).map(Number);
    return parts.length > 3 ? parts : [...parts, 1];
  };
  const luminance = (rgb) => {
    const linear = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = rgb.slice(0, 3).map((value) => linear(value / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const background = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = parse(getComputedStyle(at).backgroundColor);
      if (color[3] === 1) return color;
      if (color[3] !== 0) throw new Error('half transparent background');
    }
    return [255, 255, 255, 1];
  };
  const faults = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let seen = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest('script, style, .sr, .skip-link, noscript, option')) continue;
    seen += 1;
    const one = luminance(parse(getComputedStyle(element).color));
    const other = luminance(background(element));
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    const text = walker.currentNode.data.trim().slice(0, 40);
    if (ratio < 4.5) faults.push(`${ratio.toFixed(2)} ${element.className || element.tagName}: ${text}`);
  }
  return { seen, faults: [...new Set(faults)] };
}"""

_OPERABLE: Final = "a, button, input, select, summary, [tabindex='0'], [role=img]"
NAMELESS: Final = f"""() => [...document.querySelectorAll("{_OPERABLE}")]
  .filter((element) => element.checkVisibility())
  .filter((element) => !element.getAttribute('aria-label') && !element.textContent.trim())
  .filter((element) => !(element.labels && element.labels.length))
  .filter((element) => !document.getElementById(element.getAttribute('aria-labelledby')))
  .map((element) => element.outerHTML.slice(0, 120))"""

OUT_OF_SIGHT: Final = """(width) => [...document.querySelectorAll('main *')]
  .filter((element) => element.checkVisibility() && !element.closest('.scroll, .sr, svg, select'))
  .filter((element) => element.getBoundingClientRect().right > width + 1)
  .map((element) => element.outerHTML.slice(0, 80))"""

FOCUSED: Final = """() => {
  const at = document.activeElement;
  return [at.className || at.id || at.tagName, getComputedStyle(at).outlineStyle !== 'none'];
}"""

HEADINGS: Final = """() => [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')]
  .filter((element) => element.checkVisibility()).map((element) => Number(element.tagName[1]))"""
