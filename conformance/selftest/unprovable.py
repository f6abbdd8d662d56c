"""Rules that no traffic of ours can break, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

UNPROVABLE: Final[Mapping[str, str]] = MappingProxyType({})
"""Rule id to reason. Nearly empty, and to be kept so: a check that cannot fail is none."""
