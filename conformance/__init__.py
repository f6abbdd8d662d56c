"""Contract and conformance test suite for the Buy with Prime GraphQL API."""

__version__ = "0.1.0"
