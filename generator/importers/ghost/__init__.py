"""The reader of Ghost's exports (JSON)."""
