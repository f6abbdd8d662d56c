"""The command line `bwp-conformance`: one command a module, loaded when it is called."""

from conformance.cli.entry import main

__all__ = ["main"]
