"""Documented rules that are no rule of this package: no traffic shows them, or something else judges them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Unseen:
    """A documented rule, the slug of its page, and why it is not in the catalogue."""

    text: str
    source: str
    reason: str


_CONTRACT: Final = "The contract states it; REQ-046, REQ-047, REQ-048 and RSP-015 report it"
_CONTENT: Final = "Files travel outside of GraphQL; no exchange holds their content"
_LATER: Final = "Takes longer than a flow, or a clock that exchanges do not have"
_ACCOUNT: Final = "About accounts and settings outside of the API"
_SPEAKS: Final = "Describes a behaviour that any answer is in keeping with"

UNSEEN: Final = (
    Unseen("At most 5 aliases per order, cancellation and delivery", "best-practices-for-orders", _CONTRACT),
    Unseen("At most 2 aliases per return", "troubleshoot-return-errors", _CONTRACT),
    Unseen("Details or a summary of a delivery offer, never both", "order-objects-deliveryofferinput", _CONTRACT),
    Unseen("The provider of a delivery has other names before 2024-11-01", "create-a-buy-with-prime-order", _CONTRACT),
    Unseen("holdingPeriod of 0 to 180 days", "privacy-objects-startpersonaldatadeletiontaskinput", _CONTRACT),
    Unseen("clientToken of 36 to 64 characters", "privacy-objects-clienttoken", _CONTRACT),
    Unseen("subscriptionId of 1 to 50 characters", "events-queries-eventsubscription", _CONTRACT),
    Unseen("authProfileId of 1 to 50 characters", "events-mutations-deleteauthprofile", _CONTRACT),
    Unseen("fileId of at most 36 characters", "catalog-queries-downloadlink", _CONTRACT),
    Unseen("inventoryItemId of 1 to 14 characters", "catalog-queries-inventoryitem", _CONTRACT),
    Unseen("An upload of at least 1 byte", "catalog-mutations-createuploadlink", _CONTRACT),
    Unseen("At most 50 user events in a request", "analytics-interface", _CONTRACT),
    Unseen("Lengths of eventType and schemaName", "analytics-objects-userevent", _CONTRACT),
    Unseen("Package and tracker state exclude each other", "troubleshoot-sandbox-errors", _CONTRACT),
    Unseen("Report dates have the form of ISO 8601", "get-an-analytics-report", _CONTRACT),
    Unseen(
        "cancelOrder cancels the whole order", "order-objects-cancelorderinput", "The input has no field for a part"
    ),
    Unseen("A cancellation request is no guarantee", "steps-to-cancel-orders", _SPEAKS),
    Unseen("Null in updateOrder leaves a value as it is", "update-a-buy-with-prime-order", _SPEAKS),
    Unseen(
        "An order exists before it is updated", "update-a-buy-with-prime-order", "Orders of earlier flows exist too"
    ),
    Unseen("As many order and payment details as possible", "best-practices-for-orders", "Says no measure but ORD-018"),
    Unseen(
        "A product whose offer expired is previewed again",
        "create-delivery-previews",
        "FLW-029 reports an order made after expiry; what a client does next is its own affair",
    ),
    Unseen("Availability by preview, not by inventory", "best-practices-for-catalogs", "About decisions of a client"),
    Unseen("No preview for a product without Prime", "buy-with-prime-api-constraints", "Needs the store's catalog"),
    Unseen("No Blank Box per order", "buy-with-prime-api-constraints", _ACCOUNT),
    Unseen("No return offers without Prime", "buy-with-prime-api-constraints", "Needs the store's catalog"),
    Unseen("REFUND_REQUESTED is processed", "refund_requested", "A flow may end before the merchant pays"),
    Unseen("Returns begin in the console or the returns centre", "process-returns", _SPEAKS),
    Unseen("Only external returns are updated", "update-return-details", "No field of a return says where it began"),
    Unseen("Several returns of one order", "process-returns", _SPEAKS),
    Unseen("An item of a reversal offer is in the catalog", "best-practices-for-returns", "Needs the store's catalog"),
    Unseen("Without RETURN an item is not returnable", "get-reversal-offers", "Tells how to read a value"),
    Unseen("At most 15,000 products in a file, a header row first", "create-and-manage-catalogs", _CONTENT),
    Unseen("The upload has the announced size, by PUT", "troubleshoot-catalog-errors", _CONTENT),
    Unseen("An upload link lives 15 minutes", "troubleshoot-catalog-errors", _LATER),
    Unseen("One feed at a time", "catalog-mutations-createcatalogfeed", "Other clients' feeds count too"),
    Unseen("Seller Central is filled first", "create-and-manage-catalogs", _ACCOUNT),
    Unseen("Own, stable identifiers", "best-practices-for-catalogs", "Whose an identifier is cannot be told"),
    Unseen("At most 200 members of a variation group", "create-and-manage-product-variations", "No list shows a group"),
    Unseen("The price of a bundled product may differ", "create-and-manage-purchase-groups", _SPEAKS),
    Unseen("Uploaded files live 30 days", "catalog-mutations-createuploadlink", _LATER),
    Unseen("Up to 30 days of processing", "retrieve-and-delete-shopper-data", _LATER),
    Unseen("Cancelling within the holding period", "cancel-a-data-deletion-request", _LATER),
    Unseen("A retrieval cannot be cancelled", "retrieve-a-shoppers-personal-data", "No operation could ask for it"),
    Unseen("A download link lives 60 seconds", "query-privacy-requests", _LATER),
    Unseen("A partner event source is globally unique", "steps-to-subscribe-to-events", "Other accounts count too"),
    Unseen("EventBridge takes an AWS account", "subscribe-to-events", _ACCOUNT),
    Unseen("A dead letter queue", "steps-to-subscribe-to-events", _ACCOUNT),
    Unseen("Tracking numbers expire after 90 days", "track-packages", _LATER),
    Unseen("At most 5 report tasks at work", "get-an-analytics-report", "Other clients' tasks count too"),
    Unseen("No range means the last 7 days", "get-an-analytics-report", "No answer repeats the range"),
    Unseen("User events are processed within 15 minutes", "get-user-engagement-data", _LATER),
    Unseen("A malformed user event is dropped", "user-event-schema", _SPEAKS),
    Unseen(
        "sendUserEvents is called without waiting", "send-user-events-for-buy-with-prime", "Exchanges show no waiting"
    ),
    Unseen("Retries wait longer each time", "troubleshoot-order-errors", "How often and when is a client's own affair"),
    Unseen("Errors of the host that takes uploads", "troubleshoot-catalog-errors", _CONTENT),
    Unseen("What a link leads to", "upload-a-catalog", _CONTENT),
    Unseen("Accounts are set up outside of the API", "about-the-buy-with-prime-api", _ACCOUNT),
    Unseen(
        "A merchant's own system is kept up to date", "steps-to-process-refunds", "About systems outside of the API"
    ),
    Unseen("Returns by API are not of the sandbox", "test-in-a-sandbox-environment", "The sentence is cut"),
    Unseen("Minutes until the sandbox has moved", "change-the-state-of-an-outbound-package-in-the-sandbox", _LATER),
    Unseen(
        "What stands beyond the end of a page that was read in part",
        "troubleshoot-sandbox-errors",
        "Not known; error codes beyond the lists are told by the MAY rules of each operation",
    ),
    Unseen(
        "Inventory in the sandbox changes by orders only",
        "test-in-a-sandbox-environment",
        "No answer says that it is one",
    ),
)
"""By page of the order, delivery, refund, return, catalog, privacy, event and analytics guides."""
