"""Calendar files (RFC 5545): the dates of a document beside its page, and all events of posts in one feed.

They are written by the library icalendar. Every stamp comes from the content, so equal dates give equal bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from generator.blocks import DateEntry
from generator.model import Target
from generator.render.calendar_links import calendar_path
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.kinds import OutputKind, Phase
from generator.site.blocks import own_dates
from generator.site.index_model import Card
from generator.site.listings import CALENDAR

if TYPE_CHECKING:
    from icalendar import Calendar, Event

_PRODUCT = "-//Openletter//Openletter//EN"


def plan(context: RenderContext) -> Iterable[Target]:
    """Plan a file for each document with dates, and one for the whole site if posts have events."""
    index = context.queries.index
    for key, made in index.blocks.items():
        if made.event is not None or own_dates(made):
            yield Target(calendar_path(index.addresses[key]), "calendar", (key,))
    if any(made.event for made in index.blocks.values()):
        yield Target(CALENDAR, "calendar-feed")


def render(target: Target, site: Site) -> bytes:
    """Write a calendar file."""
    if target.kind == "calendar-feed":
        cards = site.cards(site.events())
        found = [(card, entry, 0) for card in cards for entry in _entries(site, card) if entry.post]
        return _write(site, site.title, found)
    card = site.card(target.args[0])
    return _write(site, card.title, [(card, entry, n) for n, entry in enumerate(_entries(site, card))])


def _entries(site: Site, card: Card) -> list[DateEntry]:
    """List the dates of a document: its own event first, then those that it lists itself."""
    made = site.document_blocks(card.key)
    if made is None:
        return []
    own = [DateEntry(card.title, made.event, card.url, card.key)] if made.event else []
    return [*own, *own_dates(made)]


def _write(site: Site, name: str, found: Iterable[tuple[Card, DateEntry, int]]) -> bytes:
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for card, entry, number in found:
        _add(site, calendar, card, entry, number)
    written: bytes = calendar.to_ical()
    return written


def _add(site: Site, calendar: Calendar, card: Card, entry: DateEntry, number: int) -> None:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{card.id}{f'-{number}' if number else ''}@{site.context.config.host}")
    event.add("dtstamp", _utc(card.updated or card.date or entry.event.start))
    event.add("summary", entry.what)
    _add_times(event, entry)
    if entry.event.place:
        event.add("location", entry.event.place)
    event.add("url", site.absolute(entry.url or card.url))
    calendar.add_component(event)


def _add_times(event: Event, entry: DateEntry) -> None:
    """Add the beginning and the end: instants in UTC, or days; the day in DTEND is the first that is free again."""
    start, end = entry.event.start, entry.event.end
    if entry.event.is_whole_day:
        event.add("dtstart", start.date())
        event.add("dtend", (end or start).date() + timedelta(days=1))
        return
    event.add("dtstart", _utc(start))
    if end is not None:
        event.add("dtend", _utc(end))


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(microsecond=0)


CALENDARS = OutputKind(
    {"calendar": "the calendar file of a page", "calendar-feed": "the calendar of all events"},
    "ADDRESS/dates.ics",
    Phase.FILES,
    plan,
    render,
)
