"""What the calendar promises for a period in which nothing is published: it will happen later than it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from generator.engine.tools.built_site import BuiltSite
from generator.errors import Problem, note

_EVENTS = {"date": "go live on", "expires": "expire on"}


def events_in_holds(site: BuiltSite) -> Iterator[Problem]:
    """Find what is to go live or to expire in a period of `[[publish.hold]]` that has not ended."""
    holds = [hold for hold in site.config.publish.hold if hold.end > site.now]
    for path, document in site.documents.items() if holds else ():
        meta = document.meta
        for field, moment in (("date", meta.date), ("expires", meta.expires)):
            if meta.draft or moment is None or moment <= site.now:
                continue
            for hold in holds:
                if hold.start <= moment < hold.end:
                    line, column = site.locate(path, f"{moment:%Y-%m-%d}", field)
                    message = (
                        f"This is to {_EVENTS[field]} {_day(moment)}, but nothing is published then: {hold.reason}."
                    )
                    hint = f"Choose a day outside the period, which ends on {_day(hold.end)}, or publish that day."
                    yield note(path, "in-hold", message, hint, line=line, column=column)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y} at {moment:%H:%M}"
