"""What every other package stands on: errors, data folders, positions, coordinates, versions, canonical JSON, safe YAML and JSON."""
