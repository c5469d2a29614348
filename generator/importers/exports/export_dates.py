"""The dates of exports: read them as they are written, and infer the zone of the old site."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_LIMIT = timedelta(hours=14)
_ZONES = """
    Europe/London Europe/Berlin Europe/Helsinki Europe/Lisbon Europe/Istanbul Europe/Moscow America/New_York
    America/Chicago America/Denver America/Phoenix America/Los_Angeles America/Anchorage America/Halifax
    America/St_Johns America/Sao_Paulo America/Argentina/Buenos_Aires America/Bogota America/Mexico_City
    Pacific/Honolulu Asia/Kolkata Asia/Karachi Asia/Dhaka Asia/Bangkok Asia/Shanghai Asia/Tokyo Asia/Singapore
    Asia/Dubai Asia/Jerusalem Asia/Tehran Asia/Kathmandu Australia/Sydney Australia/Brisbane Australia/Adelaide
    Australia/Perth Pacific/Auckland Africa/Johannesburg Africa/Lagos Africa/Nairobi Africa/Cairo"""


def read_date(written: str) -> datetime | None:
    """Read `2012-01-05 14:30:46`, ISO 8601 or RFC 2822; None for zeros and for what is no date."""
    text = written.strip()
    if not text or text.startswith(("0000", "-")) or " -0001" in text:  # so WordPress writes the date of a draft
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        try:
            found = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError):
            return None
    if not 1970 <= found.year <= 2200:
        return None
    return found.replace(microsecond=0)


def local_date(local: str, gmt: str) -> datetime | None:
    """Read a local date, with the offset that its date in GMT shows, if there is one."""
    here, there = read_date(local), read_date(gmt)
    if here is None:
        return there.replace(tzinfo=UTC) if there is not None and there.tzinfo is None else there
    if there is None or here.tzinfo or there.tzinfo:
        return here
    offset = here - there
    if abs(offset) > _LIMIT or offset % timedelta(minutes=15):
        return here
    return here.replace(tzinfo=timezone(offset))


def write_date(date: datetime) -> str:
    """Write a date as front matter has it."""
    return date.isoformat(sep=" ")


def infer_zone(dates: Iterable[datetime]) -> str:
    """Return the zone whose offsets are those of all dates, "" if it cannot be told or is UTC."""
    known = {(date.astimezone(UTC), date.utcoffset()) for date in dates if date.tzinfo is not None}
    if not known or {offset for _, offset in known} == {timedelta(0)}:
        return ""
    for name in _ZONES.split():
        try:
            zone = ZoneInfo(name)
        except ZoneInfoNotFoundError:
            continue
        if all(date.astimezone(zone).utcoffset() == offset for date, offset in known):
            return name
    return ""
