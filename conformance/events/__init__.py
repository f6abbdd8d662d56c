"""Events: the catalogue of event types per version, and the judge of webhook bodies and EventBridge events."""
