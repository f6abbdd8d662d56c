"""Events: publishing, subscriptions."""
