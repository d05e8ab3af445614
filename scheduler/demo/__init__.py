"""The demonstration: real hospitals and zones, invented people and numbers."""
