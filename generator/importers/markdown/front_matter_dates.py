"""Read when a source was published, changed and expired."""

from __future__ import annotations

from datetime import date

from generator.errors import ContentError, Problem, error
from generator.importers.import_model import Origin, Topic
from generator.importers.markdown.dates import WrittenDate, find_day_in_path, parse_date, write_day
from generator.importers.markdown.front_matter_keys import FrontMatterKeys
from generator.text.tree import Text

UNDATED = date(2000, 1, 1)
"""The date of a draft without one: a date is required, and this one is obviously not real."""
_DATES = ("date", "publishdate", "pubdate", "published_at", "created_at", "created")
_UPDATED = ("updated", "lastmod", "modified", "last_modified_at", "last_modified", "updated_at", "lastupdated")
_EXPIRY = ("expirydate", "expiry", "unpublishdate")


def read_date(
    keys: FrontMatterKeys, name_day: date | None, paths: tuple[str, ...]
) -> tuple[WrittenDate | None, Problem | None]:
    """Find the date; return it with what is wrong if a written date cannot be read."""
    wrong = None
    for name, value in keys.take(*_DATES):
        try:
            moment = parse_date(value.text) if isinstance(value, Text) else None
        except ValueError as reason:
            day = name_day or find_day_in_path(*paths)
            used = f"Openletter uses the date in its {'file name' if name_day else 'address'}, {day}." if day else ""
            keys.note(Topic.DATE, f"{reason} {used}".strip(), value)
            moment = write_day(day) if day else None
            hint = "Write it as 2026-12-31 or 2026-12-31 14:30:00 +02:00."
            wrong = wrong or error(keys.path, "date", f"{name}: {reason}", hint, line=value.line)
        if moment:
            return moment, None
        keys.put_back(name, value)
    day = name_day or find_day_in_path(*paths)
    return (write_day(day), None) if day else (None, wrong)


def date_undated(keys: FrontMatterKeys, origin: Origin, wrong: Problem | None, *, drafted: bool) -> WrittenDate:
    """Give a draft without a date a placeholder date. Raises: ContentError for a public source."""
    if drafted:
        keys.note(Topic.DATE, f"The draft has no date. Replace the placeholder {UNDATED} with the real date.")
        return write_day(UNDATED)
    if wrong is not None:
        raise ContentError(wrong)
    hint = "Add date: 2026-12-31, begin the file name with 2026-12-31-, or move it to a folder called pages."
    raise ContentError(error(origin.path, "no-date", "The post has no date.", hint, line=1))


def read_update(keys: FrontMatterKeys) -> str | None:
    """Read when a source was last changed, None if there is no such date."""
    for name, value in keys.take(*_UPDATED):
        try:
            return parse_date(value.text if isinstance(value, Text) else "").text
        except ValueError as reason:
            keys.note(Topic.DATE, f"{name}: {reason} The value is kept in extra.", value)
            keys.put_back(name, value)
    return None


def read_end(keys: FrontMatterKeys) -> str | None:
    """Read `expires`, None if there is none; note the end dates of other generators."""
    for name in _EXPIRY:
        if value := keys.look(name):
            words_ = (
                "Its end date (such as Hugo's expiryDate) is kept in extra, without effect. To use it, write expires:."
            )
            keys.note(Topic.EXPIRY, words_, value)
    for name, value in keys.take("expires"):
        try:
            return parse_date(value.text if isinstance(value, Text) else "").text
        except ValueError as reason:
            keys.note(Topic.EXPIRY, f"{reason} The value is kept in extra.", value)
            keys.put_back(name, value)
    return None
