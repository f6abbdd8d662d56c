"""`bwp-conformance sandbox`: serve the embedded sandbox."""

from __future__ import annotations

import logging
import sys
from typing import Any
from urllib.parse import urlsplit

import click

from conformance.base.versions import DATED_VERSIONS, VERSIONS


def _client(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[str, str] | None:
    if value is None:
        return None
    name, colon, secret = value.partition(":")
    if not (name and colon and secret):
        raise click.BadParameter("ID:SECRET")
    return name, secret


def _loopback(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str:
    from conformance.sandbox.events.auth_profiles import LOOPBACK  # noqa: PLC0415 - loaded by this command alone

    try:
        parts = urlsplit(value or "")
        is_good = parts.scheme in ("http", "https") and parts.hostname in LOOPBACK and parts.port != 0
    except ValueError:
        is_good = False
    if value and not is_good:
        raise click.BadParameter("an HTTP address on this machine, such as http://127.0.0.1:8080/events")
    return value or ""


def _faults(_context: click.Context, _parameter: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    from conformance.sandbox.serving.faulty import choose  # noqa: PLC0415 - loaded by this command alone

    try:
        choose(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    return value


def _list_faults(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if not value:
        return
    from conformance.sandbox.serving.faulty import listed  # noqa: PLC0415 - loaded by this command alone

    known = listed()
    width = max(len(fault["name"]) for fault in known)
    for fault in known:
        click.echo(f"{fault['name']:{width}}  {fault['rule']}  {fault['summary']}")
    context.exit()


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, show_default=True, help="0: any free one.")
@click.option(
    "--version",
    type=click.Choice(VERSIONS),
    default=DATED_VERSIONS[-1],
    show_default=True,
    help="The contract of requests without x-api-version.",
)
@click.option(
    "--client", metavar="ID:SECRET", callback=_client, help="The only client that gets a token. [default: any client]"
)
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed and same requests: the same answers.")
@click.option(
    "--wait",
    "wait_factor",
    type=click.FloatRange(0, 1000),
    default=0.0,
    show_default=True,
    metavar="FACTOR",
    help="How long documented waits last: 1 as documented, 0.01 a hundredth of it, 0 not at all.",
)
@click.option(
    "--clock",
    type=click.Choice(["virtual", "real"]),
    default="virtual",
    show_default=True,
    help="virtual: moves on by POST /_sandbox/clock alone. real: runs with the clock of this machine.",
)
@click.option(
    "--webhook", metavar="URL", callback=_loopback, help="An address on this machine that gets every published event."
)
@click.option(
    "--fault", "faults", multiple=True, metavar="NAME", callback=_faults, help="A defect to show; may be repeated."
)
@click.option(
    "--faults",
    "list_faults",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_list_faults,
    help="List the defects.",
)
@click.option(
    "--anonymous", "is_anonymous", is_flag=True, help="Let requests without a token through, which the API refuses."
)
def sandbox(**options: Any) -> None:
    """Serve a Buy with Prime sandbox on this machine, until Ctrl-C.

    The first line is its address; below it are /graphql, /token and the admin surface /_sandbox/. One line a refused
    request goes to standard error.
    """
    from conformance.sandbox.serving.app import Settings  # noqa: PLC0415 - the server is loaded by this command alone
    from conformance.sandbox.serving.server import serve  # noqa: PLC0415 - as above

    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(message)s")
    port, has_real_clock = options.pop("port"), options.pop("clock") == "real"
    serve(Settings(**options, has_real_clock=has_real_clock), port=port, announce=click.echo)
