"""Judges GraphQL exchanges against a contract: requests, variables, answers, and the HTTP around them."""
