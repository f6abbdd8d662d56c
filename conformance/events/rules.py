"""The rules about events (family EVT).

Ids are permanent: an id is never given another meaning, and a rule that goes away leaves its id unused.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from conformance.findings.model import Level, Rule

MUST, SHOULD, MAY = Level.MUST, Level.SHOULD, Level.MAY

_GUIDE: Final = "subscribe-to-events"
_PAGES: Final = "buyability_changed"
_TYPES: Final = "event-types"

ENVELOPE_RULES: Final = (
    Rule("EVT-001", MUST, "An event is JSON in UTF-8, with each key once", "RFC 8259"),
    Rule("EVT-002", MUST, "An event is a JSON object", _PAGES),
    Rule("EVT-003", MUST, "An event is a webhook body or an EventBridge event", _PAGES),
    Rule("EVT-004", MUST, "The envelope has every documented key", _PAGES),
    Rule("EVT-005", MUST, "The values of the envelope are of the documented JSON kinds", _PAGES),
    Rule("EVT-006", MUST, "Ids and names in the envelope are not empty", _PAGES),
    Rule("EVT-007", MUST, "Times are ISO 8601 date-times", _PAGES),
    Rule("EVT-008", SHOULD, "Times are in UTC", _PAGES),
    Rule("EVT-009", MUST, "From 2024-11-01 on, the detail of an EventBridge event is the webhook body", _PAGES),
    Rule("EVT-010", SHOULD, "Webhooks, and events with a filled detail, belong to 2024-11-01 and later", _PAGES),
    Rule("EVT-011", MUST, "The detail of a thin event is an empty object", _GUIDE),
    Rule("EVT-012", MUST, "apiVersion is a dated version", _PAGES),
    Rule("EVT-013", SHOULD, "apiVersion is the version that the event is judged by", _PAGES),
    Rule("EVT-014", MUST, "source names a partner event source of Buy with Prime", _GUIDE),
    Rule("EVT-015", SHOULD, "account is an AWS account id", "events-mutations-createeventsubscription"),
    Rule("EVT-016", SHOULD, "region is an AWS region", "events-mutations-createeventsubscription"),
    Rule("EVT-017", MAY, "The version of the EventBridge format is 0", _GUIDE),
    Rule("EVT-018", MAY, "The id that EventBridge gives is a UUID", _GUIDE),
    Rule("EVT-019", MAY, "The envelope has no keys beyond the documented ones", _PAGES),
)

TYPE_RULES: Final = (
    Rule("EVT-020", MUST, "The event type exists in this version", _TYPES),
    Rule("EVT-021", MUST, "The event type is spelled as documented", _TYPES),
    Rule("EVT-022", SHOULD, "The event type is not deprecated", "changelog-for-the-buy-with-prime-api-v2024-11-01"),
    Rule("EVT-023", MAY, "Of two event types with one meaning the recommended one is used", _TYPES),
    Rule("EVT-024", MUST, "detail-type and detail.eventDescriptor are the same", _PAGES),
    Rule("EVT-025", MUST, "resources and detail.resources are the same", _PAGES),
)

RESOURCE_RULES: Final = (
    Rule("EVT-030", MUST, "An event names the resource concerned", _PAGES),
    Rule("EVT-031", MAY, "An event names one resource", _PAGES),
    Rule("EVT-032", MUST, "A resource path is businessProduct/{id}, followed by pairs of a type and an id", _PAGES),
    Rule("EVT-033", MUST, "The resource path is the one of the event type", _PAGES),
    Rule("EVT-034", SHOULD, "The order in data is the one that the resource path names", _GUIDE),
    Rule("EVT-035", SHOULD, "data has the refund, return or package that the resource path names", "refund_requested"),
)

DATA_RULES: Final = (
    Rule("EVT-040", MUST, "A filled data holds the resource of the event type", "the event's page"),
    Rule("EVT-041", MUST, "An object stands where an object belongs", "the type's page"),
    Rule("EVT-042", MUST, "A list stands where a list belongs", "the type's page"),
    Rule("EVT-043", MUST, "A value is of the JSON kind of its type", "the type's page"),
    Rule("EVT-044", MUST, "A non-null field is not null", "the type's page"),
    Rule("EVT-045", MUST, "A non-null field that the event page shows is there", "the event's page"),
    Rule("EVT-046", MAY, "A field that the event page shows is there", "the event's page"),
    Rule("EVT-047", MUST, "An enum value is a member of its enum", "the type's page"),
    Rule("EVT-048", MUST, "A text that is held to a table of values is one of them", "the field's page"),
    Rule("EVT-049", MAY, "A value of an open table is one of the known ones", "the field's page"),
    Rule("EVT-050", MUST, "A text has its documented format", "the field's page"),
    Rule("EVT-051", MAY, "data has no fields beyond the contract", "the type's page"),
    Rule("EVT-052", MAY, "data can be judged", "the event's page"),
    Rule("EVT-053", SHOULD, "The findings of one event can be counted", "limits of this suite"),
)

RULES: Final = (*ENVELOPE_RULES, *TYPE_RULES, *RESOURCE_RULES, *DATA_RULES)
"""Every rule about events, in the order of their ids."""

RULES_BY_ID: Final[Mapping[str, Rule]] = MappingProxyType({rule.id: rule for rule in RULES})
