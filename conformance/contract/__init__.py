"""The GraphQL contract of a version: its schema, and for each coordinate the evidence, limits, value tables and errata that the SDL states."""
