"""An embedded Buy with Prime sandbox on loopback: stateful, deterministic, every version over one store.

Simulated in each version that has them: deliveryPreview, shopperBwPEligibility, createOrder, order, updateOrder,
cancelOrder, updateOrderPackageInformation, updateOrderDeliveryInformation, updateOrderReturns, reversalOffers,
generateReversalOffers, packageTracker, createEventSubscription, deleteEventSubscription, eventSubscription,
eventSubscriptions. Webhooks are called on loopback only, without signature and authorization profile.

Every other operation of a contract (catalog, privacy, analytics, authorization profiles, returns by API, orders from
offers) answers with an error whose message is "not simulated yet", and so do two parts of the sandbox mutations that no
page shows in full: milestones of a package's tracker, and the grading of returned items.
"""
