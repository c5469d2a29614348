"""Texts that people wrote, read with their places: mappings, their values, and what is wrong with either."""
