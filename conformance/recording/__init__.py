"""Records what a target answers, as cassettes."""
