"""What happens outside of the API: shoppers cancel orders and start returns, carriers report, warehouses grade.

The admin surface lets a test bring it about in every version, also where the version has no sandbox mutation for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from conformance.contract.load import load_contract
from conformance.sandbox.context import Context
from conformance.sandbox.errors import UNSPECIFIED, invalid
from conformance.sandbox.orders.cancellations import REASONS as CANCELLATION_REASONS
from conformance.sandbox.orders.cancellations import REQUESTERS, request_cancellation
from conformance.sandbox.orders.draft_returns import submit
from conformance.sandbox.orders.packages import report_milestone
from conformance.sandbox.orders.return_packages import (
    CONDITIONS,
    FAILED_BECAUSE,
    FAILURES,
    check_return_move,
    grade,
    graded_as,
    move_return_package,
    package_of,
    return_of,
    start_return,
)
from conformance.sandbox.orders.tracking import MILESTONES
from conformance.sandbox.reading import items
from conformance.sandbox.store import Resource, Store

Happening: TypeAlias = Callable[[Context, Resource], Any]


def happen(store: Store, version: str, what: str, options: Resource) -> Any:
    """Brings it about, in the names of a version: `options` may name one. Raises GraphQLError or ValueError when it
    cannot be; the answer is a JSON object."""
    version = str(options.get("version") or version)
    return HAPPENINGS[what](Context(store, load_contract(version), version), options)


def _cancellation(context: Context, options: Resource) -> Any:
    """`{orderId, requestedBy?, reason?}`: somebody asks for the cancellation of an order; the shopper by default."""
    requested_by, reason = options.get("requestedBy", "SHOPPER"), options.get("reason")
    if requested_by not in REQUESTERS or reason not in (None, *CANCELLATION_REASONS):
        raise invalid(UNSPECIFIED, f"requestedBy must be one of {', '.join(REQUESTERS)}, reason a documented one")
    asked = request_cancellation(context, _order(context, options), {"reason": reason}, requested_by)
    return {"state": asked["state"]}


def _return(context: Context, options: Resource) -> Any:
    """`{orderId, isDropOff?, lines?: [{lineItemId: {lineItemId}, amount}]}`: a shopper starts a return.
    `{orderId, returnId}`: the merchant submits a draft of createReturn, for which no page shows an operation."""
    order = _order(context, options)
    if "returnId" in options:
        draft = return_of(context, order, {"id": options["returnId"]})
        submit(context, order, draft)
        return _shown(draft)
    lines = items(options.get("lines"))
    if any(not isinstance(line, Mapping) for line in lines):
        raise invalid(UNSPECIFIED, "lines must be objects")
    return_ = start_return(context, order, is_drop_off=options.get("isDropOff") is True, given=lines)
    return _shown(return_)


def _return_package(context: Context, options: Resource) -> Any:
    """`{orderId, returnId, packageId?, state, reason?}`: a carrier moves a package of a return, and may say why it
    failed."""
    order = _order(context, options)
    return_ = return_of(context, order, {"id": options.get("returnId")})
    ids = [package["id"] for package in return_["packages"]]
    package = package_of(return_, options.get("packageId") or next(iter(ids), None))
    check_return_move(return_, package["state"], str(options.get("state")))
    reason = options.get("reason", FAILED_BECAUSE)
    if reason not in FAILURES:
        raise invalid(UNSPECIFIED, f"reason must be one of {', '.join(FAILURES)}")
    move_return_package(context, order, return_, package, str(options["state"]), str(reason))
    return _shown(return_)


def _grading(context: Context, options: Resource) -> Any:
    """`{orderId, returnId, condition?}`: a warehouse grades all of a return; SELLABLE when no condition is given."""
    order = _order(context, options)
    return_ = return_of(context, order, {"id": options.get("returnId")})
    condition = options.get("condition", "SELLABLE")
    if condition not in CONDITIONS:
        raise invalid(UNSPECIFIED, f"condition must be one of {', '.join(CONDITIONS)}")
    for line in return_["returnLineItems"]:
        grade(context, order, return_, line, graded_as(line, condition))
    return _shown(return_)


def _milestone(context: Context, options: Resource) -> Any:
    """`{trackingNumber, code}`: a carrier reports how far a package is."""
    code = options.get("code")
    if code not in MILESTONES:
        raise invalid(UNSPECIFIED, f"code must be one of {', '.join(MILESTONES)}")
    report_milestone(context, str(options.get("trackingNumber")), str(code))
    return {"code": code}


def _order(context: Context, options: Resource) -> Resource:
    order = context.store.orders.get(str(options.get("orderId")))
    if order is None:
        raise invalid(UNSPECIFIED, "no order has this orderId")
    return order


def _shown(return_: Resource) -> Resource:
    packages = [package["id"] for package in return_["packages"]]
    return {"returnId": return_["id"], "state": return_["state"], "packageIds": packages}


HAPPENINGS: Final[Mapping[str, Happening]] = MappingProxyType(
    {
        "cancellations": _cancellation,
        "returns": _return,
        "return-packages": _return_package,
        "grading": _grading,
        "milestones": _milestone,
    }
)
"""What can happen, by the last part of the admin surface's path."""
