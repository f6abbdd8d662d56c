"""The GraphQL contract of a version: its schema, and what the SDL states about each coordinate."""
