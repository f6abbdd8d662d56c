"""`python -m benchmarks [--quick] [NAME…]`: the budgets as a table. `--strict`: exit status 1 when one is broken."""

from __future__ import annotations

import argparse
import importlib
import sys

from rich.console import Console
from rich.table import Table

NAMES = ("contract_load", "judge_ratio", "scenario_runs", "ndjson_stream", "sandbox_load")


def main() -> int:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer rounds and smaller inputs")
    parser.add_argument("--strict", action="store_true", help="exit status 1 when a budget does not hold")
    parser.add_argument("names", nargs="*", choices=[*NAMES, []], help="only these")
    options = parser.parse_args()
    table = Table("what", "figure", "budget", "holds")
    broken = False
    for name in options.names or NAMES:
        for row in importlib.import_module(f"benchmarks.{name}").measure(quick=options.quick):
            table.add_row(row.what, row.figure, row.budget, {None: "", True: "yes", False: "NO"}[row.holds])
            broken = broken or row.holds is False
    Console(width=140).print(table)
    return 1 if broken and options.strict else 0


if __name__ == "__main__":
    sys.exit(main())
