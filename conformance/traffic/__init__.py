"""Exchanges and events as they cross the wire, and the files they are recorded in: vcrpy cassettes, HAR 1.2, NDJSON."""
