"""Content written for other programs, brought in: one module a kind of source."""
