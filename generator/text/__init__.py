"""Read mappings that people wrote, with the place of each value, and report their mistakes."""
