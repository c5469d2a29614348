"""Read dates: one function for every form people write, and the date at the start of a file name."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from generator.patterns import lazy_pattern

_CLOCK = (
    r"(?:(?:[Tt]|,?[ ]+(?:at[ ]+)?)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<part>[0-9]{1,12}))?)?"
    r"(?:[ ]*(?P<half>[AaPp])\.?[Mm]\.?(?![A-Za-z]))?"
    r"[ ]*(?P<zone>[Zz]|UTC|GMT|[ECMP][SD]T|[+-][0-9]{1,2}(?::?[0-9]{2})?)?)?"
)
_NUMBERS = lazy_pattern(r"(?P<year>[0-9]{4,})(?P<sep>[-/])(?P<month>[0-9]{1,2})(?P=sep)(?P<day>[0-9]{1,2})" + _CLOCK)
_USUAL = lazy_pattern(r"(?:19[89]|20[0-9])[0-9]-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z")
_WEEKDAY = r"(?:[^\W\d_]{2,9}\.?,?[ ]+)?"
# Patterns with names of months are compiled only when a date has one.
_DAY_FIRST = (
    _WEEKDAY + r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?[ ]+(?P<month>[A-Za-z]{3,9})\.?,?[ ]+(?P<year>[0-9]{4,})" + _CLOCK
)
_MONTH_FIRST = (
    _WEEKDAY + r"(?P<month>[A-Za-z]{3,9})\.?[ ]+(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?,?[ ]+(?P<year>[0-9]{4,})" + _CLOCK
)
_NAME = lazy_pattern(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[-_ .]+(.*))?", re.DOTALL)
_AMBIGUOUS = lazy_pattern(r"[0-9]{1,2}[/.-][0-9]{1,2}(?:[/.-][0-9]{2,4})?(?:[ T,].*)?")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_ZONES = {"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7}
_MAX_CHARS = 60
_MAX_OFFSET = timedelta(hours=14)  # the largest in use (Kiribati)


def parse_moment(text: str, zone: tzinfo) -> datetime:
    """Read a date, with or without a time, as an aware datetime whose calendar date is the one written.

    A date alone is midnight in `zone`; a time without an offset is local there, and one that a change to summer
    time skips is read with the offset before the change. Fractions of a second are cut to microseconds. The offset
    is in whole minutes, as feeds write it, also where a zone had its local mean time then.
    Raises ValueError with a sentence for the author if the text is not a date.
    Source: RFC 3339 and ISO 8601 for the numeric form, RFC 5322 §3.3 and §4.3 for months' and zones' names.
    """
    text = text.strip()
    if len(text) > _MAX_CHARS:
        raise ValueError(f"This is not a date: it is {len(text)} characters long.")
    if _USUAL.fullmatch(text):
        with suppress(ValueError):  # 30 February is reported below
            return datetime.fromisoformat(text)
    match = _NUMBERS.fullmatch(text) or re.fullmatch(_DAY_FIRST, text) or re.fullmatch(_MONTH_FIRST, text)
    if match is None:
        raise ValueError(_why_not(text))
    field = match.groupdict()
    written = field["month"]
    month = int(written) if written.isdigit() else _month(text, written)
    year, day = int(field["year"]), int(field["day"])
    _check_day(text, year, month, day)
    if field["hour"] is None:
        return _within_time(text, datetime(year, month, day, tzinfo=zone))
    clock = (_hour(text, field), int(field["minute"]), int(field["second"] or 0))
    if clock > (23, 59, 59) or clock[1] > 59 or clock[2] > 59:
        raise ValueError(f'"{text}" is not a time of day: hours go to 23, minutes and seconds to 59.')
    fraction = int((field["part"] or "0").ljust(6, "0")[:6])
    where = zone if field["zone"] is None else _offset(field["zone"].upper())
    return _within_time(text, datetime(year, month, day, *clock, fraction, tzinfo=where))


def in_zone(moment: datetime, zone: tzinfo) -> datetime:
    """Convert an aware time to a zone; the last hours of the year 9999, which some zones lack, stay as they are."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return moment


def date_from_name(name: str) -> tuple[date | None, str]:
    """Split the date off the start of a file's or folder's name (no suffix): `2014-10-06-day-12` → `day-12`.

    The rest may be empty. If the name does not start with an existing date, returns the whole name and None.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        return None, name
    try:
        return date(int(match[1]), int(match[2]), int(match[3])), match[4] or ""
    except ValueError:
        return None, name


def _hour(text: str, field: dict[str, str | None]) -> int:
    """Read the hour, from 24 or, with am and pm, from 12."""
    hour = int(field["hour"] or 0)
    if field["half"] is None:
        return hour
    if not 1 <= hour <= 12:
        raise ValueError(f'"{text}" is not a time of day: with am and pm, hours go from 1 to 12.')
    return hour % 12 + (12 if field["half"] in "Pp" else 0)


def _month(text: str, name: str) -> int:
    wanted = name.lower()
    for number, month in enumerate(_MONTHS, 1):
        if month == wanted or (len(wanted) in (3, 4) and month.startswith(wanted)):
            return number
    raise ValueError(f'"{text}" is not a date: "{name}" is not an English name of a month.')


def _check_day(text: str, year: int, month: int, day: int) -> None:
    """Describe what is wrong with a calendar date."""
    if not 1000 <= year <= 9999:
        raise ValueError(f'"{text}" is not a date we can use: the year must be between 1000 and 9999.')
    if not 1 <= month <= 12:
        raise ValueError(f'"{text}" is not a date: there is no month {month}.')
    try:
        date(year, month, day)
    except ValueError:
        raise ValueError(f'"{text}" is not a date: {_MONTHS[month - 1].title()} {year} has no day {day}.') from None


@lru_cache(maxsize=256)
def _offset(written: str) -> tzinfo:
    """Turn `Z`, `-4`, `-04`, `-0400`, `-04:00` into a fixed offset from UTC."""
    if written in ("Z", "UTC", "GMT"):
        return UTC
    if written in _ZONES:
        return timezone(timedelta(hours=_ZONES[written]))
    digits = written[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "0")
    size = timedelta(hours=int(hours), minutes=int(minutes))
    if size > _MAX_OFFSET or int(minutes) > 59:
        raise ValueError(f'"{written}" is not an offset from UTC: offsets go from -12:00 to +14:00.')
    return timezone(-size if written[0] == "-" else size)


def _within_time(text: str, moment: datetime) -> datetime:
    """Refuse moments near the year 9999 that Python cannot convert to UTC; round offsets to whole minutes."""
    if moment.year < 1975 and (offset := moment.utcoffset()) and offset % timedelta(minutes=1):  # Liberia was the last
        moment = moment.replace(tzinfo=timezone(timedelta(minutes=round(offset / timedelta(minutes=1)))))
    if moment.year == 9999 and (moment.month, moment.day) == (12, 31) and moment.utcoffset() != timedelta(0):
        try:
            moment.astimezone(UTC)
        except OverflowError:
            raise ValueError(f'"{text}" is not a date we can use: it is too far in the future.') from None
    return moment


def _why_not(text: str) -> str:
    if not text:
        return "There is no date here."
    if _AMBIGUOUS.fullmatch(text):
        return f'"{text}" is not a date: it can be read in two ways, or does not begin with its year.'
    if text.isascii() and text.isdigit():
        return f'"{text}" is not a date: it needs hyphens between year, month and day.'
    if re.fullmatch(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}[ T].*", text):
        return f'"{text}" is not a date: what follows the day is not a time such as 14:30 or 14:30:00 +02:00.'
    return f'"{text}" is not a date.'
