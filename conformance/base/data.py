"""Where the data folders are: beside the package in a checkout, inside the package in an installed wheel."""

from __future__ import annotations

from pathlib import Path

from conformance.base.errors import InternalError

_PACKAGE = Path(__file__).resolve().parent.parent


def data_folder(name: str) -> Path:
    """The folder `schema`, `scenarios` or `cassettes` that came with this installation."""
    installed = _PACKAGE / "_data" / name
    beside = _PACKAGE.parent / name
    if installed.is_dir():
        return installed
    if beside.is_dir():
        return beside
    raise InternalError(f"the data folder {name!r} is missing", hint="Install the package anew")


def display_path(path: Path) -> str:
    """A path as messages show it: relative to the working folder when it is below it, else as given."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
