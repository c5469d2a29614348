"""The blocks of a document as templates see them: words, dates and numbers in its language, addresses resolved.

The page, the mail and its text part are drawn from the same values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from markupsafe import Markup
from msgspec import Struct

from generator.blocks import Ask, Blocks, Change, DateEntry, Person, arrange_names
from generator.errors import warning
from generator.markup.bare_addresses import link_text
from generator.markup.links import encode_url
from generator.markup.placeholders import Context
from generator.render.calendar_links import calendar_url
from generator.render.dates import write_time
from generator.render.figure_table import read_figures
from generator.render.figures import FigureView, view_figure
from generator.render.link_problems import describe_link
from generator.render.links import resolve_address, resolve_picture
from generator.site.index_model import Card, DocumentBlocks
from generator.words import choose_formats

if TYPE_CHECKING:
    from generator.render.facade import Site

NOTHING = DocumentBlocks()


class BlockView(Struct, frozen=True):
    """A block: its name, its title, and its items; `tip` and `ask` have one."""

    name: str
    title: str
    items: tuple[Any, ...]


class ChangeView(Struct, frozen=True):
    """A change, with the word of its state. `since` is the title of the issue that first had it, "" if it is this."""

    what: str
    state: str
    word: str
    when: str
    where: str
    url: str
    since: str


class LineView(Struct, frozen=True):
    """A line of `said_did`, `thanks` or `tip`: its words, what belongs to them, and where it leads."""

    text: str
    more: str
    url: str


class DateView(Struct, frozen=True):
    """A date: the number of its day, its weekday and month, when exactly, and the address of its calendar file."""

    what: str
    day: str
    month: str
    when: str
    iso: str
    place: str
    url: str
    calendar: str


class PersonView(Struct, frozen=True):
    """A person: `image` is the written address, `picture` the root-relative URL, "" for none."""

    name: str
    note: str
    word: str
    image: str
    picture: str


class AskView(Struct, frozen=True):
    """A question: each answer with its words and its address."""

    question: str
    answers: tuple[tuple[str, str], ...]


class BlockViews:
    """Makes the views of one document's blocks for one context; mails and feeds have absolute addresses."""

    def __init__(self, site: Site, doc: Card, context: Context) -> None:
        self.site, self.doc, self.context = site, doc, context
        self._found = site.document_blocks(doc.key) or NOTHING
        self._words = site.words_of(doc.lang)
        self._language = choose_formats(doc.lang, site.language, self._words.language)

    @property
    def count(self) -> int:
        """The number of fenced blocks."""
        return len(self._found.fenced)

    def in_order(self) -> tuple[BlockView, ...]:
        """Return the blocks of the front matter that have content, in their order."""
        views = (self.view(self._found.blocks, name) for name in self.order)
        return tuple(view for view in views if view)

    @property
    def order(self) -> tuple[str, ...]:
        """The names of all blocks and parts, in their order."""
        return arrange_names(self._found.order)

    def fenced(self, number: int) -> BlockView | None:
        """Return the block of a fence in the text; None if it has no content."""
        blocks = self._found.fenced[number]
        views = (self.view(blocks, name) for name in self.order)
        return next((view for view in views if view), None)

    def event(self) -> DateView | None:
        """Return when and where the event of a post is; None if it has none."""
        event = self._found.event
        return self._dates(DateEntry(self.doc.title, event, self.doc.url, self.doc.key)) if event else None

    def view(self, blocks: Blocks, name: str) -> BlockView | None:
        """Make the view of one block; None if it is empty or is no block."""
        if name not in _TITLES or not blocks.has(name):
            return None
        title = _TITLES[name](self._words.gettext)
        if name == "figures":
            figures, month = read_figures(self.site, self.doc, blocks)
            if month:
                shown = self._date(month, "LLLL")
                title = self._words.gettext("%(month)s in figures", month=shown[:1].upper() + shown[1:])
            items: tuple[Any, ...] = tuple(self._figure(figure) for figure in figures)
        else:
            value = getattr(blocks, name)
            items = tuple(map(getattr(self, f"_{name}"), value if isinstance(value, tuple) else (value,)))
        return BlockView(name, title, items) if items else None

    def _figure(self, figure: Any) -> FigureView:
        return view_figure(figure, self._language, self._words)

    def _changes(self, change: Change) -> ChangeView:
        word = _STATES[change.state](self._words.gettext)
        return ChangeView(
            change.what, change.state, word, change.when, change.where, self._url("changes", change.url), change.since
        )

    def _said_did(self, line: Any) -> LineView:
        return LineView(line.said, line.did, self._url("said_did", line.url))

    def _thanks(self, line: Any) -> LineView:
        return LineView(line.words, line.from_, "")

    def _tip(self, tip: Any) -> LineView:
        return LineView(tip.text, "", self._url("tip", tip.url))

    def _dates(self, entry: DateEntry) -> DateView:
        event = entry.event
        url = self._url("" if entry.post else "dates", entry.url)
        return DateView(
            what=entry.what,
            day=self._date(event.start, "d"),
            month=self._date(event.start, "EEE, MMM"),
            when=self._when(entry),
            iso=event.start.date().isoformat() if event.is_whole_day else event.start.isoformat(),
            place=event.place,
            url=url,
            calendar=self._absolute(calendar_url(self.site, entry.post or self.doc.key)),
        )

    def _when(self, entry: DateEntry) -> str:
        """Write when it is: "Monday, 5 October 2026, 08:00–10:00"."""
        event = entry.event
        start, end = event.start, event.end
        day = self._date(start, "full")
        if event.is_whole_day:
            return f"{day} – {self._date(end, 'full')}" if end and end.date() != start.date() else day
        begin = write_time(start, self._language)
        if end is None:
            return f"{day}, {begin}"
        close = write_time(end, self._language)
        return (
            f"{day}, {begin}–{close}"
            if end.date() == start.date()
            else f"{day}, {begin} – {self._date(end, 'full')}, {close}"
        )

    def _people(self, person: Person) -> PersonView:
        word = _PEOPLE[person.kind](self._words.gettext)
        key = resolve_picture(self.site, self.doc, person.image) if person.image else ""
        if person.image and not (key and self.site.picture_size(key)):
            line, column = self.site.locate_field(self.doc.key, person.image, "people")
            message = f'There is no picture "{person.image}".'
            hint = "Check its name, including capital letters."
            self.site.problems.append(warning(self.doc.key, "dead-picture", message, hint, line=line, column=column))
            key = ""
        return PersonView(person.name, person.note, word, person.image, self.site.url_of(key) if key else "")

    def _ask(self, ask: Ask) -> AskView:
        issue = quote(self.doc.title, safe="")
        answers = (
            (answer, encode_url(ask.url.replace("{issue}", issue).replace("{answer}", quote(answer, safe=""))))
            for answer in ask.answers
        )
        return AskView(ask.question, tuple(answers))

    def _date(self, moment: Any, style: str) -> str:
        from generator.render.dates import write_date

        return write_date(moment, style, self._language)

    def _url(self, field: str, written: str) -> str:
        """Resolve an address of a block; "" if there is none, or if its page is not public.

        A broken one is reported at its field; without a field, the document that has the address reports it.
        """
        if not written:
            return ""
        found = resolve_address(self.site, self.site.absolute(written))
        if field and (found.broken or found.state):
            place = self.site.locate_field(self.doc.key, written, field)
            self.site.problems += describe_link(self.doc.key, [place], written, found, f'of the block "{field}"')
        return "" if found.state else self._absolute(written)

    def _absolute(self, url: str) -> str:
        return self.site.absolute(url) if self.context in (Context.MAIL, Context.FEED) else url


def render_block(site: Site, template: str, given: Mapping[str, Any]) -> Markup:
    """Render a block; with a theme that has no template for blocks, as a heading and a list."""
    if site.has_template(template):
        return Markup(site.render(template, given))  # noqa: S704 templates escape
    view: BlockView = given["block"]
    items = "".join(f"<li>{link_text(' – '.join(_texts(item)))}</li>" for item in view.items)
    return Markup(f"<h2>{escape(view.title)}</h2><ul>{items}</ul>")  # noqa: S704 escaped above


def _texts(item: Any) -> Iterator[str]:
    """List the texts of an item of a block that say something by themselves."""
    if isinstance(item, AskView):
        yield item.question
        yield from (f"{words}: {url}" for words, url in item.answers)
        return
    for name in item.__struct_fields__:
        value = getattr(item, name)
        if isinstance(value, str) and value and name not in _NOT_SAID:
            yield value


_NOT_SAID = frozenset(("state", "tone", "text_bars", "by_month", "iso", "day", "month", "image", "picture"))


def show_fences(site: Site, doc: Card, context: Context, template: str, given: Mapping[str, Any]) -> list[str]:
    """Render the fenced blocks of a document with a template, by their number; "" for one without content."""
    views = BlockViews(site, doc, context)
    shown = (views.fenced(number) for number in range(views.count))
    return [render_block(site, template, {**given, "doc": doc, "block": view}) if view else "" for view in shown]


def show_blocks(site: Site, doc: Card, context: Context, template: str, given: Mapping[str, Any]) -> dict[str, Markup]:
    """Render the blocks of a document's front matter with a template, by name, in their order."""
    views = BlockViews(site, doc, context).in_order()
    return {view.name: render_block(site, template, {**given, "doc": doc, "block": view}) for view in views}


_Gettext = Callable[[str], str]
_TITLES: Mapping[str, Callable[[_Gettext], str]] = {
    "figures": lambda gettext: gettext("In figures"),
    "changes": lambda gettext: gettext("What changes"),
    "said_did": lambda gettext: gettext("You said, we did"),
    "thanks": lambda gettext: gettext("Thank you"),
    "dates": lambda gettext: gettext("Dates"),
    "people": lambda gettext: gettext("People"),
    "tip": lambda gettext: gettext("Tip"),
    "ask": lambda gettext: gettext("How did we do?"),
}
_STATES: Mapping[str, Callable[[_Gettext], str]] = {
    "planned": lambda gettext: gettext("Planned"),
    "now": lambda gettext: gettext("Now"),
    "fixed": lambda gettext: gettext("Fixed"),
    "gone": lambda gettext: gettext("Withdrawn"),
}
_PEOPLE: Mapping[str, Callable[[_Gettext], str]] = {
    "welcome": lambda gettext: gettext("Welcome"),
    "farewell": lambda gettext: gettext("Goodbye"),
    "spotlight": lambda gettext: gettext("Meet"),
}
