"""Whatever answers requests, behind one narrow seam, `Target.send`."""
