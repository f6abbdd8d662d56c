"""Whatever answers requests: recorded cassettes, the embedded sandbox, the live sandbox. One narrow seam, `Target.send`."""
