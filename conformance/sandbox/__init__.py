"""An embedded Buy with Prime sandbox on loopback: stateful, deterministic, every version over one store.

Simulated in each version that has them: deliveryPreview, shopperBwPEligibility, createOrder, order, updateOrder,
cancelOrder, updateOrderPackageInformation, updateOrderDeliveryInformation, updateOrderReturns, reversalOffers,
generateReversalOffers, packageTracker. Every other operation of a contract (catalog, privacy, analytics, event
subscriptions, returns by API, orders from offers) answers with an error whose message is "not simulated yet".
"""
