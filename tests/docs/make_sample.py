"""`python -m tests.docs.make_sample` makes the sample run, its report and the README's picture again.

Needs a Chromium, as the tests of the report do. Look at the picture before you commit it.
"""

from __future__ import annotations

import os

from playwright.sync_api import FloatRect

from conformance.base.errors import ExitStatus
from conformance.cli.entry import run
from tests.docs.pages import ROOT
from tests.reports.browser import chromium

CASE = "shop.order.read@2024-11-01"
WIDTH, HEIGHT = 1500, 990


def main() -> None:
    """Runs the sample and takes the picture of its failing case."""
    os.chdir(ROOT)  # reports show paths as seen from the working folder
    folders = ("--scenarios", "docs/sample/scenarios", "--cassettes", "docs/sample/cassettes")
    waivers = ("--waivers", "docs/sample/waivers.yaml")
    status = run(["run", *folders, *waivers, "--report", "html", "--output", "docs/sample"])
    if status != ExitStatus.FINDINGS:
        raise SystemExit(f"the sample is faulty on purpose, but the run ended with status {status}")
    with chromium() as browser:
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.goto((ROOT / "docs" / "sample" / "report.html").as_uri() + f"#case={CASE}")
        page.wait_for_selector("html[data-ready]")
        page.screenshot(path=ROOT / "docs" / "report.png", clip=FloatRect(x=0, y=0, width=WIDTH, height=HEIGHT))


if __name__ == "__main__":
    main()
