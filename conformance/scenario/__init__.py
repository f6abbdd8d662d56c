"""Scenario files: the model, the loader that finds every fault at once, values and paths, and the choice of what to run."""
