"""`bwp-conformance sandbox`: serve the embedded sandbox."""

from __future__ import annotations

import logging
import sys

import click

from conformance.base.versions import DATED_VERSIONS, VERSIONS


def _client(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[str, str] | None:
    if value is None:
        return None
    name, colon, secret = value.partition(":")
    if not (name and colon and secret):
        raise click.BadParameter("ID:SECRET")
    return name, secret


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
def sandbox(port: int, version: str, client: tuple[str, str] | None, seed: int) -> None:
    """Serve a Buy with Prime sandbox on this machine, until Ctrl-C.

    The first line is its address; below it are /graphql, /token and the admin surface /_sandbox/. One line a refused
    request goes to standard error.
    """
    from conformance.sandbox.serving.app import Settings  # noqa: PLC0415 - the server is loaded by this command alone
    from conformance.sandbox.serving.server import serve  # noqa: PLC0415 - as above

    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(message)s")
    serve(Settings(version, client, seed), port=port, announce=click.echo)
