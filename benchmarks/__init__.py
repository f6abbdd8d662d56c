"""The budgets of the project, measured: ratios within one run, or whole processes. Nothing here is a test."""
