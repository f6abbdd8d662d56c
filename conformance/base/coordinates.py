"""Schema coordinates as the GraphQL specification writes them: `Type`, `Type.field`, `Type.field(argument:)`."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NAME = r"[A-Za-z_]\w*"
_COORDINATE = re.compile(rf"(?P<type>{_NAME})(?:\.(?P<member>{_NAME})(?:\((?P<argument>{_NAME}):\))?)?\Z")


@dataclass(frozen=True, slots=True, order=True)
class SchemaCoordinate:
    """A type, a member of it (field, input field or enum value), or an argument of a field."""

    type_name: str
    member: str = ""
    argument: str = ""

    def __str__(self) -> str:
        text = self.type_name
        if self.member:
            text += f".{self.member}"
        if self.argument:
            text += f"({self.argument}:)"
        return text

    def contains(self, other: SchemaCoordinate) -> bool:
        """Is `other` this one or a part of it? `Order` contains `Order.id`, `Order.id` not `Order.identifier`."""
        if self.type_name != other.type_name:
            return False
        if not self.member:
            return True
        return self.member == other.member and self.argument in ("", other.argument)

    @classmethod
    def parse(cls, text: str) -> SchemaCoordinate:
        """Reads the text form. Raises ValueError when it is none."""
        match = _COORDINATE.match(text)
        if match is None:
            raise ValueError(f"{text!r} is no schema coordinate; write Type, Type.field or Type.field(argument:)")
        return cls(match["type"], match["member"] or "", match["argument"] or "")
