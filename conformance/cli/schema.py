"""`bwp-conformance schema`: read the contracts, and see on what evidence they stand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import click

from conformance.base.versions import DATED_VERSIONS, VERSIONS

_version = click.option(
    "--version",
    type=click.Choice(VERSIONS),
    default=DATED_VERSIONS[-1],
    show_default=True,
    help="Of which API version.",
)
_format = click.option(
    "--format", "shown", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print."
)


@click.group()
def schema() -> None:
    """Read the contracts and the evidence that they stand on."""


@schema.command("list")
@_format
def list_versions(shown: str) -> None:
    """List the versions: operations, types, and how much rests on which evidence."""
    from conformance.cli.schema_facts import version_summaries  # noqa: PLC0415 - `--help` needs no contract
    from conformance.cli.schema_text import text_of_versions  # noqa: PLC0415 - as above

    summaries = version_summaries()
    _print({"versions": summaries}, "schema-list", text_of_versions(summaries), shown)


@schema.command()
@click.argument("name", required=False)
@_version
@click.option("--sdl", is_flag=True, help="Print SDL with its evidence directives.")
@_format
def show(name: str | None, version: str, sdl: bool, shown: str) -> None:
    """Show a type, a field or an operation.

    NAME is an operation, a type, Type.field or Type.field(argument:). Without it: every operation and type by
    interface.
    """
    from conformance.cli.schema_facts import describe, describe_interfaces  # noqa: PLC0415 - `--help` needs no contract
    from conformance.cli.schema_sdl import sdl_of  # noqa: PLC0415 - as above
    from conformance.cli.schema_text import text_of_description, text_of_interfaces  # noqa: PLC0415 - as above
    from conformance.contract.load import load_contract  # noqa: PLC0415 - as above

    contract = load_contract(version)
    if sdl:
        click.echo(sdl_of(contract, name).rstrip())
    elif name is None:
        interfaces = describe_interfaces(contract)
        _print({"version": version, "interfaces": interfaces}, "schema", text_of_interfaces(interfaces, version), shown)
    else:
        described = describe(contract, name)
        _print(described, "schema-description", text_of_description(described), shown)


@schema.command()
@_version
@click.option("--all", "everything", is_flag=True, help="List every weak coordinate, not only the first of each type.")
@_format
def evidence(version: str, everything: bool, shown: str) -> None:
    """Show how much of a contract rests on which evidence, by interface, and what is weakest."""
    from conformance.cli.schema_facts import evidence_of  # noqa: PLC0415 - `--help` needs no contract
    from conformance.cli.schema_text import text_of_evidence  # noqa: PLC0415 - as above
    from conformance.contract.load import load_contract  # noqa: PLC0415 - as above

    facts = evidence_of(load_contract(version))
    _print(facts, "schema-evidence", text_of_evidence(facts, everything=everything), shown)


def _print(value: Mapping[str, Any], kind: str, text: str, shown: str) -> None:
    if shown == "json":
        document = {"format": f"bwp-conformance/{kind}", "format_version": 1, **value}
        click.echo(json.dumps(document, indent=2, ensure_ascii=False))
    else:
        click.echo(text.rstrip())
