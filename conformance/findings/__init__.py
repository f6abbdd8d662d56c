"""What judging yields: findings, verdicts and their roll-up, waivers, and run.jsonl, the product of a run."""
