"""Event subscriptions and credentials for webhooks (SUB)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from conformance.findings.model import Grade, Level
from conformance.operations.finding import code_shown
from conformance.rules.asked import other_than_asked
from conformance.rules.model import REQUEST, RuleCase, Scope, Violation, rule
from conformance.rules.values import at, number, repeated, rows


@rule(
    "SUB-001",
    Level.MUST,
    "An event type has no white space",
    "troubleshoot-events",
    operations=("createEventSubscription",),
    coordinate="CreateEventSubscriptionInput.eventType",
    fix="Write the event type as it is listed",
)
def no_white_space(case: RuleCase) -> Iterator[Violation]:
    """Else the documented error is AccessDeniedError. Whether the type exists is the contract's affair."""
    kind = at(case.arguments, "input", "eventType")
    if isinstance(kind, str) and (not kind or any(character.isspace() for character in kind)):
        message = "an event type with white space" if kind else "an empty event type"
        yield Violation(("input", "eventType"), message, "an event type", code_shown(kind), REQUEST)


def _is_https(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme.lower() == "https" and bool(parts.netloc)


@rule(
    "SUB-002",
    Level.MUST,
    "A webhook is an HTTPS endpoint",
    "subscribe-to-events",
    operations=("createEventSubscription",),
    coordinate="WebhookDataInput.url",
    fix="Give an https:// address",
)
def webhook_is_https(case: RuleCase) -> Iterator[Violation]:
    """The address is not repeated in the finding."""
    url = at(case.arguments, "input", "destination", "webhook", "url")
    if isinstance(url, str) and not _is_https(url):
        place = ("input", "destination", "webhook", "url")
        yield Violation(place, "no HTTPS endpoint", "https://…", "another address", REQUEST)


@rule(
    "SUB-003",
    Level.MUST,
    "A subscription has one destination",
    "events-mutations-createeventsubscription",
    grade=Grade.INFERRED,
    operations=("createEventSubscription",),
    coordinate="DestinationInput",
    fix="Give eventBridge or webhook",
)
def one_destination(case: RuleCase) -> Iterator[Violation]:
    """Every documented example gives exactly one."""
    destination = at(case.arguments, "input", "destination")
    if isinstance(destination, Mapping):
        given = [name for name, value in destination.items() if value is not None]
        if len(given) != 1:
            message = "several destinations" if given else "no destination"
            yield Violation(("input", "destination"), message, "one", ", ".join(given) or "none", REQUEST)


@rule(
    "SUB-004",
    Level.MUST,
    "Credentials are of one kind",
    "events-mutations-createauthprofile",
    grade=Grade.INFERRED,
    versions=("2024-11-01",),
    operations=("createAuthProfile", "updateAuthProfile"),
    coordinate="AuthConfigInput",
    fix="Give oAuthConfig or basicAuthConfig",
)
def one_kind_of_credentials(case: RuleCase) -> Iterator[Violation]:
    """Every documented example gives one of the two."""
    config = at(case.arguments, "input", "authConfig")
    if isinstance(config, Mapping):
        given = [name for name, value in config.items() if value is not None]
        if len(given) != 1:
            message = "credentials of several kinds" if given else "no credentials"
            yield Violation(("input", "authConfig"), message, "one kind", ", ".join(given) or "none", REQUEST)


@rule(
    "SUB-005",
    Level.MUST,
    "The subscriptions of a page have different ids",
    "events-queries-eventsubscriptions",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    operations=("eventSubscriptions",),
    coordinate="EventSubscriptionId.id",
    fix="Answer each subscription once",
)
def subscription_ids_differ(case: RuleCase) -> Iterator[Violation]:
    """An ID names one subscription."""
    ids = (((*path, "node", "id"), at(edge, "node", "id")) for path, edge in rows(case.answer, "edges"))
    for path, key in repeated((path, key) for path, key in ids if isinstance(key, str)):
        yield Violation(path, "the id of another subscription", "each id once", code_shown(key))


@rule(
    "SUB-006",
    Level.MUST,
    "A page of subscriptions has no more than asked for",
    "events-queries-eventsubscriptions",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    operations=("eventSubscriptions",),
    coordinate="Query.eventSubscriptions(first:)",
    fix="Answer at most `first` edges",
)
def page_size(case: RuleCase) -> Iterator[Violation]:
    """`first` against the edges."""
    first, edges = number(case.arguments.get("first")), at(case.answer, "edges")
    if first is not None and isinstance(edges, list) and len(edges) > first:
        yield Violation(("edges",), "a page of more than asked for", f"at most {first}", f"{len(edges)} of them")


@rule(
    "SUB-007",
    Level.MUST,
    "The subscription that is answered is the one asked for",
    "events-queries-eventsubscription",
    scope=Scope.ANSWER,
    grade=Grade.INFERRED,
    operations=("eventSubscription", "deleteEventSubscription"),
    coordinate="EventSubscription.subscriptionId",
    fix="Answer the subscription with this id",
)
def subscription_is_the_one_asked_for(case: RuleCase) -> Iterator[Violation]:
    """`subscriptionId` against `subscriptionId`."""
    yield from other_than_asked(case, "subscriptionId", "subscription")
