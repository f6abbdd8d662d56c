"""`python -m tests.rules.make_page` writes docs/rules.md again from the catalogue."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from conformance.base.versions import DATED_VERSIONS
from conformance.rules.catalogue import RULES
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
HEAD = f"""# Documented rules

The business rules that the documentation states and that traffic shows: {len(RULES)} in all.

- `run` holds every step of a case against them: alone, and those of `FLW` together with the steps before it.
- `judge` does not use them yet: the walk over each answer would break the speed that recorded traffic needs.
- A MUST that stands on a reference page or an example (grade `page`, `example`) fails an exchange. One that only a
  guide states, or that is inferred, warns.
- Items of an order are counted as line items.

This page is made from the catalogue: `python -m tests.rules.make_page`.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for family, rules in groupby(RULES, key=lambda rule: rule.id[:3]):
        parts.append(
            f"\n## {FAMILIES[family]} ({family})\n\n| id | level | rule | looks at | page | grade | versions |\n"
        )
        parts.append("|---|---|---|---|---|---|---|\n")
        for rule in rules:
            versions = "all" if rule.versions == DATED_VERSIONS else ", ".join(rule.versions)
            cells = (
                rule.id,
                rule.level.value,
                rule.title,
                rule.scope.value,
                f"`{rule.source}`",
                rule.grade.value,
                versions,
            )
            parts.append(f"| {' | '.join(cells)} |\n")
    parts.append(
        "\n## Documented, but no rule here\n\n| what is documented | page | why it is not judged |\n|---|---|---|\n"
    )
    parts += [f"| {one.text} | `{one.source}` | {one.reason} |\n" for one in UNSEEN]
    return "".join(parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
