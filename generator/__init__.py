"""Openletter: one folder of Markdown becomes a web site, its feeds and a newsletter that agree."""

__version__ = "0.1.0"
