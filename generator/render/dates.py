"""Dates and numbers in words, by the CLDR rules that Babel carries."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

Moment = date | datetime
_STYLES = frozenset({"full", "long", "medium", "short"})


def write_date(value: Moment, style: str, language: str) -> str:
    """Write the calendar date of `value`, as written in its own zone; `style` is a CLDR style or pattern."""
    return _write_day(value.date() if isinstance(value, datetime) else value, style, language)


@lru_cache(maxsize=16_384)  # forty years: listings meet the days of the posts again and again
def _write_day(day: date, style: str, language: str) -> str:
    """Write a day. Days alone are remembered: one moment, written in two zones, may be two days, yet it is equal."""
    from babel.dates import format_date

    return format_date(day, style, locale=_locale(language))


@lru_cache(maxsize=1024)
def write_number(value: float, language: str) -> str:
    """Write a number with its language's separators: 8.5, or 8,5 in German."""
    from babel.numbers import format_decimal

    return format_decimal(value, locale=_locale(language))


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale:
    """Find the nearest locale that Babel knows: an unknown region gives the language, an unknown language English."""
    from babel import Locale, UnknownLocaleError

    for tag in (language, language.partition("-")[0]):
        try:
            return Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return Locale("en")
