"""Processes: workers that convert, forks that render."""
