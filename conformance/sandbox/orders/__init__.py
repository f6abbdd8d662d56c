"""Orders and what belongs to them: previews, packages, tracking, returns, refunds."""
