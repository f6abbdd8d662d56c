"""Scenario files: model, loader, values and paths, and the choice of what to run."""
