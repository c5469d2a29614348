"""Make the parts of a letter from a site and its documents: stories, texts, blocks, pictures."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from html import unescape

from markupsafe import Markup
from msgspec import Struct, field

from generator.markup.links import encode_url
from generator.markup.reader_names import take_names
from generator.model import READER_NAME, Action, Document, Kind
from generator.render.blocks import BlockView, BlockViews, render_block
from generator.render.bodies import (
    MAIL_HEIGHT,
    MAIL_WIDTH,
    PAGE_BLOCK,
    Context,
    picture_for_mail,
    resolve_body,
    thumbnail_for_mail,
)
from generator.render.facade import Site
from generator.render.links import resolve_picture
from generator.render.mail.body import for_mail
from generator.render.mail.layout import lay_out
from generator.render.mail.letter_parts import LetterPicture, Prose, Story, StoryBlock
from generator.render.ratings import describe_rating
from generator.site.index_model import Card
from generator.words import direction

FENCE_TEMPLATE, STORY_BLOCK_TEMPLATE = "mail/fence.html", "mail/story_block.html"
PAPER_WIDTH = 600
"""The width of a mail in CSS pixels."""
THUMB_WIDTH, PORTRAIT = 180, 72
_NAME = "{{{{openletter-name-{}}}}}"
"""The mark of a name while the mail is laid out, with the number of its fallback: one word, about as long as a name."""
_MARK = re.compile(r'<div class="fence-([0-9]+)"></div>')


class StoryWriter(Struct, frozen=True):
    """The site and its documents, from which the parts of a mail are made.

    `carried` maps each post to the names of its blocks that the mail has. `names` are the fallbacks of the readers'
    names in the issue's text.
    """

    site: Site
    documents: Mapping[str, Document]
    carried: Mapping[str, Collection[str]]
    names: list[str] = field(default_factory=list)

    def story(self, key: str, *, lead: bool = False) -> Story:
        """Make a post's part; only the lead story has its excerpt, the others have a cropped picture."""
        site, doc = self.site, self.site.card(key)
        excerpt = self.prose(doc, excerpt=True) if lead else Prose(Markup(""), "")
        words = site.words_of(doc.lang)
        kicker = doc.series.name if doc.series else ""
        if kicker and doc.part is not None:
            kicker = words.gettext("%(series)s, part %(number)s", series=kicker, number=doc.part)
        return Story(
            doc=doc,
            dir=direction(doc.lang),
            title=doc.title,
            url=site.absolute(doc.url),
            kicker=kicker,
            by=", ".join(author.name for author in doc.authors),
            summary=doc.standfirst if excerpt else doc.summary,
            points_title=words.gettext("Learning points"),
            rating=describe_rating(site, doc),
            read=words.gettext("Read: %(title)s", title=doc.title),
            excerpt=excerpt,
            picture=self.picture(doc, PAPER_WIDTH) if lead else self.thumbnail(doc),
            action=link_action(site, doc),
            blocks=tuple(self.story_blocks(doc)),
        )

    def story_blocks(self, doc: Card) -> Iterator[StoryBlock]:
        """Render the blocks of a story that the mail has."""
        names = self.carried.get(doc.key, ())
        for view in BlockViews(self.site, doc, Context.MAIL).in_order() if names else ():
            if view.name in names:
                yield StoryBlock(self.block(doc, view, STORY_BLOCK_TEMPLATE), self.plain_block(doc, view, level=3))

    def prose(self, doc: Card, *, excerpt: bool = False) -> Prose:
        """Adapt a text, with its fenced blocks drawn for each part of the mail."""
        site, words = self.site, self.site.words_of(doc.lang)
        shown = resolve_body(site, doc, Context.MAIL, excerpt=excerpt, shift=1 if excerpt else 0, fences=_marks)
        if doc.kind is Kind.ISSUE:
            shown = Markup(take_names(shown, self.names, _NAME))  # noqa: S704 a body is sanitised
        adapted = for_mail(shown, MAIL_WIDTH, words, MAIL_HEIGHT)
        html, plain = str(lay_out(adapted)), str(adapted)
        if _MARK.search(html):
            views = BlockViews(site, doc, Context.MAIL)
            html = _MARK.sub(lambda mark: self.block(doc, views.fenced(int(mark[1])), FENCE_TEMPLATE), html)
            plain = _MARK.sub(lambda mark: self.plain_block(doc, views.fenced(int(mark[1]))), plain)
        return Prose(Markup(html), plain)  # noqa: S704 a body is sanitised, and templates escape

    def mark_names(self, written: str, protect: Callable[[str], str]) -> str:
        """Replace the marks of names with those that a sending fills; `protect` escapes a fallback."""
        for number, fallback in enumerate(self.names):
            words = protect(" ".join(unescape(fallback).split()))
            written = written.replace(_NAME.format(number), f"{READER_NAME}{words}}}}}")
        return written

    def block(self, doc: Card, view: BlockView | None, template: str) -> Markup:
        """Render a block for mail programs; "" for none."""
        if view is None:
            return Markup("")
        given = {"doc": doc, "block": view, "portraits": self.portraits(doc, view), "dir": direction(doc.lang)}
        return render_block(self.site, template, given)

    def plain_block(self, doc: Card, view: BlockView | None, level: int = 2) -> str:
        """Render a block as the HTML that its plain text is made from."""
        given = {"doc": doc, "block": view, "plain": True, "level": level}
        return render_block(self.site, PAGE_BLOCK, given) if view else ""

    def portraits(self, doc: Card, view: BlockView) -> dict[str, LetterPicture]:
        """Find the pictures of the people in a block, by their address."""
        found = {}
        for image in (person.image for person in view.items if view.name == "people" and person.picture):
            key = resolve_picture(self.site, doc, image)
            if shown := picture_for_mail(self.site, doc, key, image, self.site.problems, PORTRAIT):
                found[image] = LetterPicture(shown.src, shown.width, shown.height, "")
        return found

    def stories(self, keys: Iterable[str]) -> tuple[Story, ...]:
        """Make the parts of several posts."""
        return tuple(map(self.story, keys))

    def picture(self, doc: Card, width: int = MAIL_WIDTH) -> LetterPicture | None:
        """Find a document's lead picture in the form that mails show."""
        written = self.documents[doc.key].meta.image
        if not written or not doc.image:
            return None
        key = resolve_picture(self.site, doc, written)
        shown = picture_for_mail(self.site, doc, key, written, self.site.problems, width)
        return LetterPicture(shown.src, shown.width, shown.height, doc.image_alt) if shown else None

    def thumbnail(self, doc: Card) -> LetterPicture | None:
        """Find a document's lead picture, cropped to stand beside its words; a small or moving one is shown whole."""
        meta = self.documents[doc.key].meta
        if not meta.image or not doc.image:
            return None
        cropped = thumbnail_for_mail(self.site, resolve_picture(self.site, doc, meta.image), meta.image_focus)
        whole = None if cropped else self.picture(doc, THUMB_WIDTH)
        shown = cropped or whole
        if shown is None:
            return None
        width = min(THUMB_WIDTH, shown.width)
        return LetterPicture(shown.src, width, max(1, round(shown.height * width / shown.width)), doc.image_alt)


def _marks(site: Site, doc: Card) -> list[str]:
    """Mark the places of a document's fenced blocks, which are drawn when the text around them is laid out."""
    return [f'<div class="fence-{number}"></div>' for number in range(BlockViews(site, doc, Context.MAIL).count)]


def link_action(site: Site, doc: Card) -> Action | None:
    """Return the call to action of a document with its absolute address; None if it has none."""
    return Action(doc.action.text, encode_url(site.absolute(doc.action.url))) if doc.action else None
