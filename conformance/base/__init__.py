"""What every other package stands on: errors, positions, coordinates, versions, safe YAML and JSON."""
