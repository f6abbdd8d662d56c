"""`python -m tests.rules.make_page` writes docs/rules.md again from the catalogue."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from conformance.base.versions import DATED_VERSIONS
from conformance.engine.flows import UNCERTAIN
from conformance.rules.catalogue import RULES, TIMELINE_RULES
from conformance.rules.model import BusinessRule
from conformance.rules.timeline import TimelineRule
from conformance.rules.unseen import UNSEEN

PAGE = Path(__file__).resolve().parents[2] / "docs" / "rules.md"
FAMILIES = {
    "ORD": "Orders",
    "RFD": "Refunds",
    "RET": "Returns and reversal offers",
    "DLV": "Delivery previews",
    "CAT": "Catalog",
    "PRV": "Privacy",
    "ANA": "Analytics",
    "SUB": "Event subscriptions",
    "SBX": "Sandbox",
    "FLW": "Across exchanges",
}
EVENT_FAMILIES = {"EVT": "Events among themselves", "FLW": "Events and what is answered around them"}
HEAD = f"""# Documented rules

The business rules that the documentation states and that traffic shows: {len(RULES) + len(TIMELINE_RULES)} in all.

- `run` holds every step of a case against them: alone, and those of `FLW` together with the steps before it.
- `judge` applies them to recorded traffic. Of `FLW` it judges those that a recording is evidence enough for, among the
  exchanges of one file that are about the same order, preview or task of one endpoint, shop (`x-api-target-id`) and
  version. Exchanges that overlap, or stand in another order than their times, are not held against each other.
- A MUST that stands on a reference page or an example (grade `page`, `example`) fails an exchange. One that only a
  guide states, or that is inferred, warns.
- Rules about events look at those that a target shows, and at the event steps of a scenario, in the order in which
  they happened. What is missing counts only where a target shows all its events.
- Items of an order are counted as line items.

This page is made from the catalogue: `python -m tests.rules.make_page`.
"""


LEFT_TO_RUN = """
## Across exchanges, judged by `run` alone

A recording may begin late, miss exchanges and mix clients, so `judge` leaves these out.

| rule | why a recording is no evidence |
|---|---|
"""
HEADER = "| id | level | rule | looks at | page | grade | versions |\n|---|---|---|---|---|---|---|\n"
UNSEEN_HEADER = "| what is documented | page | why it is not judged |\n|---|---|---|\n"


def _row(rule: BusinessRule | TimelineRule) -> str:
    versions = "all" if rule.versions == DATED_VERSIONS else ", ".join(rule.versions)
    looks_at = rule.scope.value if isinstance(rule, BusinessRule) else rule.look.value
    cells = (rule.id, rule.level.value, rule.title, looks_at, f"`{rule.source}`", rule.grade.value, versions)
    return f"| {' | '.join(cells)} |\n"


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for family, rules in groupby(RULES, key=lambda rule: rule.id[:3]):
        parts += [f"\n## {FAMILIES[family]} ({family})\n\n", HEADER, *map(_row, rules)]
    for family, rules_of_events in groupby(TIMELINE_RULES, key=lambda rule: rule.id[:3]):
        parts += [f"\n## {EVENT_FAMILIES[family]} ({family})\n\n", HEADER, *map(_row, rules_of_events)]
    parts += [LEFT_TO_RUN, *(f"| {rule_id} | {reason} |\n" for rule_id, reason in UNCERTAIN.items())]
    parts += ["\n## Documented, but no rule here\n\n", UNSEEN_HEADER]
    parts += [f"| {one.text} | `{one.source}` | {one.reason} |\n" for one in UNSEEN]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
