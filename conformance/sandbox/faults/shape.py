"""Defects of an answer's shape: what a GraphQL server must never do."""

from __future__ import annotations

from typing import Final

from conformance.sandbox.faults.model import FaultList, Seen
from conformance.sandbox.faults.places import pick, places

FAULTS: Final = FaultList()


@FAULTS.answer("lost-field", "RSP-001", "A selected key is left out")
def lost_field(seen: Seen) -> bool:
    place = pick(seen, (each for each in places(seen) if not each.is_item))
    if place is None:
        return False
    del place.holder[place.key]
    return True


@FAULTS.answer("extra-field", "RSP-002", "A key comes that nobody selected")
def extra_field(seen: Seen) -> bool:
    place = pick(seen, (each for each in places(seen) if isinstance(each.value, dict)))
    if place is None:
        return False
    place.value[f"debug{seen.random.randrange(100)}"] = True
    return True


@FAULTS.answer("null-in-required-field", "RSP-004", "null stands where the contract promises a value")
def null_in_required_field(seen: Seen) -> bool:
    place = pick(seen, (each for each in places(seen) if each.is_required and each.value is not None))
    return place is not None and place.put(None)
