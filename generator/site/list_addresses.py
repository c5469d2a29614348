"""The addresses of lists, without the folder of a language."""

from __future__ import annotations


def tag_address(slug: str) -> str:
    """Return the address of a tag's listing."""
    return f"/tags/{slug}/"


def series_address(slug: str) -> str:
    """Return the address of a series' page."""
    return f"/series/{slug}/"


def author_address(slug: str) -> str:
    """Return the address of an author's page."""
    return f"/authors/{slug}/"


def year_address(year: int) -> str:
    """Return the address of a year's archive."""
    return f"/{year:04}/"


def month_address(year: int, month: int) -> str:
    """Return the address of a month's archive."""
    return f"/{year:04}/{month:02}/"
