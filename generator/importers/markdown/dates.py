"""Read dates from front matter, else from the file name, else from the address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from generator.text.dates import date_from_name, parse_moment

_CLOCK = re.compile(r"\d:\d\d")
_IN_PATH = re.compile(r"(?:^|/)(\d{4})/(\d{1,2})(?:/(\d{1,2}))?(?=/|$)")


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """A date as it will be written, and its calendar day."""

    text: str
    day: date


class _Nowhere(tzinfo):
    """The zone of a date without one."""

    def utcoffset(self, _moment: datetime | None) -> None:
        return None

    def dst(self, _moment: datetime | None) -> None:
        return None

    def tzname(self, _moment: datetime | None) -> None:
        return None


_NOWHERE = _Nowhere()


def parse_date(text: str) -> WrittenDate:
    """Parse a date in any known form, and write it in ours without changing its meaning.

    Raises: ValueError with a sentence for the user.
    """
    moment = parse_moment(text, _NOWHERE)
    written = f"{moment.year:04}-{moment.month:02}-{moment.day:02}"
    if _CLOCK.search(text):
        written += f" {moment.hour:02}:{moment.minute:02}"
        if moment.second or moment.microsecond:
            written += f":{moment.second:02}"
        if moment.microsecond:
            written += f".{moment.microsecond:06}"
        if moment.tzinfo is not _NOWHERE:
            written += f" {_offset(moment)}"
    return WrittenDate(written, moment.date())


def write_day(day: date) -> WrittenDate:
    """Convert a day without a time."""
    return WrittenDate(f"{day.year:04}-{day.month:02}-{day.day:02}", day)


def find_day_in_name(stem: str) -> date | None:
    """Return the day at the start of a file or folder name."""
    day, _ = date_from_name(stem)
    return day if day and day.year >= 1000 else None


def find_day_in_path(*paths: str) -> date | None:
    """Find a day in an address or path: `2020/07/27/x`; without a day, the first of the month."""
    for path in paths:
        for match in _IN_PATH.finditer(path):
            try:
                return date(int(match[1]), int(match[2]), int(match[3] or 1))
            except ValueError:
                continue
    return None


def _offset(moment: datetime) -> str:
    offset = moment.utcoffset()
    assert offset is not None
    minutes = round(offset.total_seconds() / 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
