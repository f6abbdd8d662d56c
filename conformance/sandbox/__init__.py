"""An embedded Buy with Prime sandbox on loopback: stateful, deterministic, every version over one store.

Simulated in each version that has them: the catalog, delivery previews and eligibility, orders with their packages,
refunds, returns and cancellations, the mutations that only a sandbox has, package tracking, reversal offers, privacy
tasks, user events and reports, event subscriptions and authorization profiles. Webhooks and their token endpoints are
called on loopback only, without a signature. An operation that is not simulated says so in its error.
"""
