"""Findings beside those of a build: what a reader, an editor or an institution would object to."""
