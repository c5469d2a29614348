"""The blocks of a service letter: figures, changes, dates and others, as frozen values from front matter or a fence.

One value is drawn on the page, in the mail and in its text part: see `generator.render.blocks`.
"""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

NAMES = ("figures", "changes", "said_did", "thanks", "dates", "people", "tip", "ask")
"""The names of all blocks, in the order in which they are shown if `order` does not say otherwise."""
PARTS = ("lead", "stories", "brief")
"""The other parts of an issue that `order` places."""
USUAL_ORDER = ("lead", "stories", *NAMES[:-1], "brief", "ask")
STATES = ("planned", "now", "fixed", "gone")
UNFINISHED = ("planned", "now")
"""The states of a change that returns in the next issue."""
KINDS_OF_PEOPLE = ("welcome", "farewell", "spotlight")


class Figure(Struct, frozen=True):
    """A number with its trend. `better` is "higher", "lower", or "" if neither is.

    `history` are the values of up to twelve months, oldest first, the shown one included; () if they are not known.
    `months` are those months: "2026-09".
    """

    label: str
    value: float
    unit: str = ""
    before: float | None = None
    goal: float | None = None
    better: str = ""
    history: tuple[float, ...] = ()
    months: tuple[str, ...] = ()


class FigureTable(Struct, frozen=True):
    """A CSV file of figures, as its author names it, and the month to show ("2026-09", "" for the newest)."""

    file: str
    month: str = ""


class Change(Struct, frozen=True):
    """Something that changes. `state` is one of STATES; `since` is the title of the issue that first had it, or ""."""

    what: str
    state: str = "planned"
    when: str = ""
    where: str = ""
    url: str = ""
    since: str = ""


class SaidDid(Struct, frozen=True):
    """What readers said, and what was done about it."""

    said: str
    did: str
    url: str = ""


class Thanks(Struct, frozen=True):
    """Thanks that were received: the words, and whose they are ("" if that is not said)."""

    words: str
    from_: str = ""


class Event(Struct, frozen=True):
    """When and where something takes place. `end` is None if the author does not give it.

    From midnight to midnight, or at midnight without an end, means whole days; the last day is included.
    """

    start: datetime
    end: datetime | None = None
    place: str = ""

    @property
    def is_whole_day(self) -> bool:
        """Return True if it has days but no times."""
        return all(_is_midnight(moment) for moment in (self.start, self.end) if moment is not None)


class DateEntry(Struct, frozen=True):
    """A line of the block `dates`. `post` is the key of the post whose event it is; "" if it was written."""

    what: str
    event: Event
    url: str = ""
    post: str = ""


class Person(Struct, frozen=True):
    """Somebody who came, went, or is introduced. `image` is a picture's address as written, "" for none."""

    name: str
    note: str = ""
    image: str = ""
    kind: str = "welcome"


class Tip(Struct, frozen=True):
    """A piece of advice."""

    text: str
    url: str = ""


class Ask(Struct, frozen=True):
    """A question with its answers. `url` has `{answer}`, and perhaps `{issue}`, where they belong."""

    question: str
    answers: tuple[str, ...]
    url: str


class Blocks(Struct, frozen=True, omit_defaults=True):
    """The blocks of one source, or of one fence; a block without content has its default.

    `events` is False if the author does not want the events of posts among the dates.
    """

    figures: tuple[Figure, ...] = ()
    figure_table: FigureTable | None = None
    changes: tuple[Change, ...] = ()
    said_did: tuple[SaidDid, ...] = ()
    thanks: tuple[Thanks, ...] = ()
    dates: tuple[DateEntry, ...] = ()
    events: bool = True
    people: tuple[Person, ...] = ()
    tip: Tip | None = None
    ask: Ask | None = None

    def has(self, name: str) -> bool:
        """Return True if a block has content."""
        return bool(getattr(self, name)) or (name == "figures" and self.figure_table is not None)


def arrange_names(order: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of all blocks and parts: first those in `order`, then the others in their usual order."""
    return tuple(dict.fromkeys((*order, *USUAL_ORDER)))


def _is_midnight(moment: datetime) -> bool:
    return (moment.hour, moment.minute, moment.second) == (0, 0, 0)
