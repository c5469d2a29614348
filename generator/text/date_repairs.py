"""Suggest how to write a date that people understand and `parse_moment` refuses."""

from __future__ import annotations

import re
from datetime import UTC

from generator.patterns import lazy_pattern
from generator.text.dates import parse_moment

_DAY_AND_CLOCK = lazy_pattern(
    r"(?P<day>.*?[0-9]{4}(?:-[0-9]{1,2}-[0-9]{1,2})?)"
    r"(?:[,\s]\s*(?:at\s+)?(?P<hour>[0-9]{1,2})(?:[.:h ]?(?P<minute>[0-9]{2}))?\s*(?P<half>[ap]\.?\s?m\.?)?)?",
    re.IGNORECASE,
)
_THREE_NUMBERS = lazy_pattern(r"(?P<first>[0-9]{1,2})[/.-](?P<second>[0-9]{1,2})[/.-](?P<year>[0-9]{4})")


def suggest_moment(text: str) -> str:
    """Rewrite a date such as `2026-12-01 9am` or `28/11/2026` as `2026-12-01 09:00`; "" if its meaning is not certain.

    Of three numbers, one above 12 can only be the day; 1/12/2026 stays uncertain.
    """
    match = _DAY_AND_CLOCK.fullmatch(text.strip())
    if match is None:
        return ""
    day, hour, minute, half = match.group("day", "hour", "minute", "half")
    if numbers := _THREE_NUMBERS.fullmatch(day):
        day = _in_order(int(numbers["first"]), int(numbers["second"]), numbers["year"])
    if hour is not None and minute is None and half is None:
        return ""
    clock = "" if hour is None else f" {hour}:{minute or '00'}{f' {half[0]}m' if half else ''}"
    try:
        moment = parse_moment(day + clock, UTC)
    except ValueError:
        return ""
    return f"{moment:%Y-%m-%d %H:%M}" if clock else f"{moment:%Y-%m-%d}"


def _in_order(first: int, second: int, year: str) -> str:
    """Write two numbers and a year as a date; "" if either number can be the month."""
    if first != second and first <= 12 and second <= 12:
        return ""
    month, day = (second, first) if first > 12 else (first, second)
    return f"{year}-{month}-{day}"
