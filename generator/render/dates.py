"""Write dates and numbers by the CLDR rules of Babel."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from babel import Locale

Moment = date | datetime
_STYLES = ("full", "long", "medium", "short")
_FIELD = re.compile(r"%\((\w+)\)s")
_NUMBERS: dict[str, Callable[[date], int]] = {
    "d": lambda day: day.day,
    "M": lambda day: day.month,
    "L": lambda day: day.month,
    "y": lambda day: day.year,
    "E": date.weekday,
}
"""The fields of a pattern, by their letter, that are written by one number of the day and nothing else."""


def write_date(value: Moment, style: str, language: str) -> str:
    """Write the calendar date of `value`, as written in its own zone; `style` is a CLDR style or pattern."""
    return _write_day(value.date() if isinstance(value, datetime) else value, style, language)


@lru_cache(maxsize=16_384)  # forty years: listings meet the days of the posts again and again
def _write_day(day: date, style: str, language: str) -> str:
    """Write a day. Days alone are remembered: one moment, written in two zones, may be two days, yet it is equal."""
    return _writer(style, language)(day)


@lru_cache(maxsize=64)
def _writer(style: str, language: str) -> Callable[[date], str]:
    """Prepare a pattern for days: Babel would search the pattern and the names of months again for each day."""
    from babel.dates import DateTimeFormat, parse_pattern

    locale = _locale(language)
    pattern = parse_pattern(locale.date_formats[style] if style in _STYLES else style)
    text = str(pattern.format)
    names = _FIELD.findall(text)
    if any(name[0] not in _NUMBERS for name in names):
        return lambda day: pattern.apply(day, locale)
    numbers = {name: _NUMBERS[name[0]] for name in names}
    known: dict[tuple[str, int], str] = {}

    def write(day: date) -> str:
        fields = {}
        for name, number in numbers.items():
            of = (name, number(day))
            if of not in known:
                known[of] = DateTimeFormat(day, locale)[name]
            fields[name] = known[of]
        return text % fields

    return write


@lru_cache(maxsize=1024)
def write_time(moment: datetime, language: str) -> str:
    """Write a time of day, as written in its own zone: 14:00, or 2:00 PM."""
    from babel.dates import format_time

    return format_time(moment.time(), "short", locale=_locale(language))


@lru_cache(maxsize=1024)
def write_number(value: float, language: str) -> str:
    """Write a number with its language's separators: 8.5, or 8,5 in German."""
    from babel.numbers import format_decimal

    return format_decimal(value, locale=_locale(language))


@lru_cache(maxsize=64)
def write_language(language: str) -> str:
    """Write a language's name in that language: Cymraeg; its tag if Babel does not know it."""
    locale = _locale(language)
    name = locale.get_language_name(locale.language) if language.startswith(locale.language) else ""
    return name[:1].upper() + name[1:] if name else language


@lru_cache(maxsize=32)
def _locale(language: str) -> Locale:
    """Find the nearest locale of Babel: the language for an unknown region, English for an unknown language."""
    from babel import Locale, UnknownLocaleError

    for tag in (language, language.partition("-")[0]):
        try:
            return Locale.parse(tag, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    return Locale("en")
