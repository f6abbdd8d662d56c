"""The rules of the engine itself: a scenario's own expectations, recordings, and scenarios that are wrong."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from conformance.findings.model import Level, Rule

RULES: tuple[Rule, ...] = (
    Rule("EXP-001", Level.MUST, "The HTTP status is the expected one", "scenario"),
    Rule("EXP-002", Level.MUST, "The answer holds the expected values", "scenario"),
    Rule("EXP-003", Level.MUST, "What was sent comes back", "scenario"),
    Rule("EXP-004", Level.MUST, "The answer has the expected error", "scenario"),
    Rule("EXP-005", Level.MUST, "The answer has no error that nobody expects", "scenario"),
    Rule("EXP-006", Level.MUST, "A value that a later step needs is there", "scenario"),
    Rule("EXP-007", Level.MUST, "The event has the expected type and envelope", "scenario"),
    Rule("EXP-008", Level.MUST, "The event holds the expected values", "scenario"),
    Rule("EXP-009", Level.MUST, "A foreseen fault or contradiction shows", "scenario"),
    Rule("EXP-010", Level.MUST, "The target publishes the expected events", "scenario"),
    Rule("CAS-001", Level.MUST, "The cassette holds the request", "cassette"),
    Rule("CAS-002", Level.MUST, "Every recording of a cassette is used", "cassette"),
    Rule("CAS-003", Level.MUST, "Every cassette belongs to a scenario", "cassette"),
    Rule("SCN-001", Level.MUST, "The requests of a scenario conform to every contract that it names", "scenario"),
    Rule("SCN-002", Level.MUST, "Judging ends without a fault of the suite", "suite"),
    Rule("TGT-001", Level.MUST, "The target answers", "target"),
)

RULE: Mapping[str, Rule] = MappingProxyType({rule.id: rule for rule in RULES})
