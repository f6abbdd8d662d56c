"""Scenario times contract gives a case; a case against a target gives exchanges; judging them gives findings."""
