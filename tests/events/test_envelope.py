"""Envelopes are told apart by the keys of the event alone; an object that is neither says what each one misses."""

import pytest

from conformance.events.catalogue import EnvelopeKind
from conformance.events.envelope import EVENTBRIDGE_KEYS, WEBHOOK_KEYS, EventView, Unrecognised, recognise
from conformance.events.examples import eventbridge, webhook

WEBHOOK = webhook("REFUND_REQUESTED")


def seen(body: dict[str, object], usual: EnvelopeKind = EnvelopeKind.EVENTBRIDGE) -> EventView:
    view = recognise(body, usual)
    assert isinstance(view, EventView)
    return view


def test_the_three_envelopes_are_told_apart() -> None:
    assert seen(WEBHOOK).kind is EnvelopeKind.WEBHOOK
    assert seen(eventbridge("REFUND_REQUESTED", WEBHOOK)).kind is EnvelopeKind.EVENTBRIDGE
    assert seen(eventbridge("REFUND_REQUESTED", {})).kind is EnvelopeKind.EVENTBRIDGE_THIN


@pytest.mark.parametrize("key", WEBHOOK_KEYS)
def test_a_webhook_body_that_lacks_a_key_is_still_one(key: str) -> None:
    assert seen({name: value for name, value in WEBHOOK.items() if name != key}).kind is EnvelopeKind.WEBHOOK


@pytest.mark.parametrize("key", EVENTBRIDGE_KEYS)
def test_an_eventbridge_event_that_lacks_a_key_is_still_one(key: str) -> None:
    body = {name: value for name, value in eventbridge("REFUND_REQUESTED", WEBHOOK).items() if name != key}
    assert seen(body).kind is EnvelopeKind.EVENTBRIDGE


@pytest.mark.parametrize("usual", [EnvelopeKind.EVENTBRIDGE, EnvelopeKind.EVENTBRIDGE_THIN])
def test_a_detail_that_does_not_tell_counts_as_the_version_has_it(usual: EnvelopeKind) -> None:
    assert seen(eventbridge("REFUND_REQUESTED", {"note": 1}), usual).kind is usual


def test_the_view_finds_the_webhook_body_inside_detail() -> None:
    view = seen(eventbridge("REFUND_REQUESTED", WEBHOOK))
    assert view.inner is not view.body
    assert view.inner["apiVersion"] == "2024-11-01"
    assert view.inner_path == ("detail",)
    assert [path for path, _ in view.type_places] == [("detail-type",), ("detail", "eventDescriptor")]


def test_equal_resources_are_judged_once() -> None:
    assert [path for path, _ in seen(eventbridge("REFUND_REQUESTED", WEBHOOK)).resource_places] == [("resources",)]
    other = eventbridge("REFUND_REQUESTED", {**WEBHOOK, "resources": []})
    assert [path for path, _ in seen(other).resource_places] == [("resources",), ("detail", "resources")]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({}, "the object is empty"),
        ({"data": {"order": {"id": "1"}}}, "looks like a GraphQL answer"),
        ({"query": "{ order }", "variables": {}}, "looks like GraphQL traffic"),
        ({"eventId": "1", "eventTime": "2025-01-20T12:34:56Z"}, "a webhook body lacks idempotencyKey, eventDescriptor"),
        ({"id": "1", "source": "x"}, "an EventBridge event lacks version, detail-type, account"),
    ],
)
def test_what_is_no_event_says_what_it_misses(body: dict[str, object], says: str) -> None:
    view = recognise(body)
    assert isinstance(view, Unrecognised)
    assert says in view.message
