"""Contracts from the SDL of this installation, or from a schema of the user's.

A version is the folder `schema/<version>/`, one file an interface, read with `schema/directives.graphql`; `next` lies
over the newest dated version.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from graphql import (
    DefinitionNode,
    DocumentNode,
    GraphQLError,
    NameNode,
    ObjectTypeExtensionNode,
    Source,
    build_ast_schema,
    parse,
    validate_schema,
)
from graphql.validation.validate import validate_sdl

from conformance.base.canonical import digest_bytes
from conformance.base.data import data_folder, display_path
from conformance.base.errors import InputError, Problem, SourcePosition
from conformance.base.jsonio import decode_utf8, read_input
from conformance.base.versions import DATED_VERSIONS, NEXT, VERSIONS, check_version
from conformance.contract.model import Contract

MAX_SDL_BYTES = 16 * 1024 * 1024
MAX_SDL_TOKENS = 600_000
_HARMLESS = "must not be deprecated"
"""A rule that GraphQL made after many schemas were published that break it."""


@lru_cache(maxsize=8)
def load_contract(version: str) -> Contract:
    """The contract of a version. Raises ValueError for an unknown one. Loaded once a process."""
    check_version(version)
    folder = data_folder("schema")
    folders = [folder / DATED_VERSIONS[-1], folder / NEXT] if version == NEXT else [folder / version]
    files = [folder / "directives.graphql", *(file for part in folders for file in sorted(part.glob("*.graphql")))]
    return _build(version, files)


def contract_from_sdl(content: bytes, file: str, *, version: str = "custom") -> Contract:
    """A contract from a schema of the user's: every fact of it counts as read on a page.

    Slips that published schemas have, and that judging can bear, are the contract's `remarks`. Raises InputError with
    line and column when the SDL does not parse, or is no valid schema.
    """
    text = decode_utf8(content, file)
    if len(content) > MAX_SDL_BYTES:
        raise InputError.at(file, f"{len(content):,} bytes of SDL", expected=f"at most {MAX_SDL_BYTES:,}")
    try:
        document = parse(Source(text, file), max_tokens=MAX_SDL_TOKENS)
        errors = validate_sdl(document)
        _refuse(errors, file)
        schema = build_ast_schema(document, assume_valid_sdl=True)
    except GraphQLError as error:
        raise InputError([_problem(error, file)]) from error
    except RecursionError as error:
        raise InputError.at(file, "nested too deeply", line=1, column=1) from error
    except TypeError as error:
        raise InputError.at(file, str(error), line=1, column=1) from error
    errors += validate_schema(schema)
    _refuse(errors, file)
    remarks = tuple(_problem(error, file) for error in errors)
    return Contract(version, schema, {}, digest_bytes(content), remarks)


def _refuse(errors: Iterable[GraphQLError], file: str) -> None:
    """Raises what makes a schema unfit to judge by: everything but a deprecation that only the implementation has."""
    grave = [_problem(error, file) for error in errors if _HARMLESS not in error.message]
    if grave:
        raise InputError(grave)


def contract_from_file(path: Path) -> Contract:
    """As `contract_from_sdl`, from a file."""
    return contract_from_sdl(read_input(path, max_bytes=MAX_SDL_BYTES), display_path(path))


def versions_with_operation(name: str) -> tuple[str, ...]:
    """The versions whose contract has this query or mutation."""
    return tuple(version for version in VERSIONS if name in load_contract(version).operations)


def _build(version: str, files: list[Path]) -> Contract:
    definitions = list(parse("type Query type Mutation", no_location=True).definitions)
    interfaces: dict[str, str] = {}
    contents = []
    for file in files:
        content = file.read_bytes()
        contents.append(content)
        parsed = parse(Source(content.decode(), file.name), no_location=True).definitions
        for definition in parsed:
            _note_interface(definition, file.stem, interfaces)
        definitions += parsed
    schema = build_ast_schema(DocumentNode(definitions=tuple(definitions)), assume_valid=True, assume_valid_sdl=True)
    return Contract(version, schema, interfaces, digest_bytes(b"\n".join(contents)))


def _note_interface(definition: DefinitionNode, interface: str, interfaces: dict[str, str]) -> None:
    """Remembers which file brings a type, and a root field."""
    name = getattr(definition, "name", None)
    if not isinstance(name, NameNode):
        return
    if isinstance(definition, ObjectTypeExtensionNode) and name.value in ("Query", "Mutation"):
        for field in definition.fields or ():
            interfaces[f"{name.value}.{field.name.value}"] = interface
    else:
        interfaces.setdefault(name.value, interface)


def _problem(error: GraphQLError, file: str) -> Problem:
    location = error.locations[0] if error.locations else None
    position = SourcePosition(file, location.line, location.column) if location else SourcePosition(file)
    return Problem(position, error.message)
