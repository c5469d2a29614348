"""An issue as e-mail: its HTML, with the style sheet written into every element, and its plain text.

A mail is not a file of the site and is never rebuilt, so its reads are not recorded.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any

from markupsafe import Markup

from generator.config.label_options import find_language
from generator.errors import Problem
from generator.markup.links import encode_url
from generator.markup.reader_names import take_names
from generator.model import READER_NAME, UNSUBSCRIBE, Action, Document, Kind
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
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.links import resolve_picture
from generator.render.mail.body import for_mail
from generator.render.mail.layout import lay_out
from generator.render.mail.text import TextWriter
from generator.site.cards import reading_minutes
from generator.site.index_model import Card, IssueLayout
from generator.site.listings import NEWSLETTER
from generator.words import direction

HTML_TEMPLATE, TEXT_TEMPLATE = "mail/issue.html", "mail/issue.txt"
BLOCK_TEMPLATE, FENCE_TEMPLATE = "mail/block.html", "mail/fence.html"
PAPER_WIDTH = 600
"""The width of a mail in CSS pixels."""
THUMB_WIDTH, PORTRAIT, LOGO = 180, 72, 40
MIN_CONTENTS, MAX_CONTENTS = 3, 8
_NAME = "{{{{openletter-name-{}}}}}"
"""The mark of a name while the mail is laid out, with the number of its fallback: one word, about as long as a name."""
_MARK = re.compile(r'<div class="fence-([0-9]+)"></div>')
_BLANK = re.compile(r"\n{3,}")
_STYLE = re.compile(r"(<head>)(<style>.*?</style>)(.*?)</head>", re.DOTALL)
"""The inliner puts the rules that it keeps at the start of the head, where the encoding must be."""
_ANY_TAG = re.compile("<[^>]*>")
_TAG = re.compile(r'<[a-zA-Z][^<>"]*(?:"[^"]*"[^<>"]*)+>')
_PICTURE = re.compile(r'<img\b[^>]*?\ssrc="([^"]*)"')


@dataclass(frozen=True, slots=True)
class LetterPicture:
    """A picture as the mail shows it: `src` is absolute, the size in CSS pixels."""

    src: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Prose:
    """A text in a mail: `html` is laid out for mail programs, `plain` is the HTML for the text part."""

    html: Markup
    plain: str

    def __bool__(self) -> bool:
        """Return True if there is any text."""
        return bool(self.html)


@dataclass(frozen=True, slots=True)
class Story:
    """A post in a mail: every address is absolute; `excerpt` is the text above `<!--more-->`, empty without that mark.

    `kicker` is the series with the number of the part, `by` the names of the authors. `blocks` are those of the lead
    story, `facts` its learning points and rating.
    """

    doc: Card
    dir: str
    title: str
    url: str
    kicker: str
    by: str
    summary: str
    excerpt: Prose
    picture: LetterPicture | None
    action: Action | None
    blocks: tuple[BlockView, ...]


@dataclass(frozen=True, slots=True)
class MailHead:
    """The head and foot of a mail. Every address is absolute; "" if site.toml does not set it.

    `unsubscribe` is a mark that is replaced with each recipient's own address.
    """

    subject: str
    preheader: str
    url: str
    archive: str
    sender: str
    postal_address: str
    subscribe: str
    unsubscribe: str
    reason: str
    lang: str
    dir: str


@dataclass(frozen=True, slots=True)
class Mail:
    """A rendered mail. `pictures` are the absolute URLs that `html` shows, each once, in order."""

    head: MailHead
    html: str
    text: str
    pictures: tuple[str, ...]
    problems: tuple[Problem, ...]


def render_mail(context: RenderContext, issue: Document, documents: Mapping[str, Document]) -> Mail:
    """Render an issue as HTML and as text. `documents` are the issue's posts, by path.

    Raises: TemplateError.
    """
    language = find_language(issue.meta.lang, context.config.languages)
    site = Site(context, language)
    writer = _StoryWriter(site, documents)
    values = _values(writer, issue)
    html = writer.mark_names(inline(site.render(HTML_TEMPLATE, values)), escape)
    text = writer.mark_names(_tidy(site.render(TEXT_TEMPLATE, values)), str)
    pictures = map(unescape, _PICTURE.findall(html))
    return Mail(values["mail"], html, text, tuple(dict.fromkeys(pictures)), tuple(dict.fromkeys(site.problems)))


def inline(html: str) -> str:
    """Write the style sheet of a mail into its elements, except rules in `@media` blocks. Nothing is fetched."""
    from css_inline import CSSInliner

    inliner = CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False, minify_css=True)
    return _TAG.sub(_escape_attributes, _STYLE.sub(r"\1\3\2</head>", inliner.inline(html), count=1))


def _escape_attributes(tag: re.Match[str]) -> str:
    """Escape angle brackets within attributes: HTML allows them there, but many mail filters do not parse HTML."""
    start, *rest = tag[0].split('"')
    values = (part.replace("<", "&lt;").replace(">", "&gt;") if n % 2 == 0 else part for n, part in enumerate(rest))
    return '"'.join((start, *values))


def _tidy(text: str) -> str:
    """Leave one empty line between blocks, none at the ends, no space at a line's end."""
    lines = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n"))
    return _BLANK.sub("\n\n", lines).strip("\n") + "\n"


@dataclass(frozen=True, slots=True)
class _StoryWriter:
    """The site and its documents, from which the parts of a mail are made.

    `names` are the fallbacks of the readers' names in the issue's text.
    """

    site: Site
    documents: Mapping[str, Document]
    names: list[str] = field(default_factory=list)

    def story(self, key: str, *, lead: bool = False) -> Story:
        """Make a post's part; only the lead story has its excerpt and its blocks, the others a cropped picture."""
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
            excerpt=excerpt,
            picture=self.picture(doc, PAPER_WIDTH) if lead else self.thumbnail(doc),
            action=_action(site, doc),
            blocks=BlockViews(site, doc, Context.MAIL).in_order() if lead else (),
        )

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

    def plain_block(self, doc: Card, view: BlockView | None) -> str:
        """Render a block as the HTML that its plain text is made from."""
        given = {"doc": doc, "block": view, "plain": True, "level": 2}
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


def _values(writer: _StoryWriter, issue: Document) -> dict[str, Any]:
    site = writer.site
    doc = site.card(issue.path)
    layout = site.issue_layout(issue.path)
    views = BlockViews(site, doc, Context.MAIL)
    blocks = views.in_order()
    lead = writer.story(layout.lead, lead=True) if layout.lead else None
    stories = tuple(writer.stories(each.posts) for each in layout.sections)
    sections = tuple(
        {"title": each.title, "url": site.absolute(each.url), "stories": told}
        for each, told in zip(layout.sections, stories, strict=True)
    )
    body, brief = writer.prose(doc), writer.stories(layout.brief)
    told = [*([lead] if lead else []), *(story for each in stories for story in each)]
    values = {
        "mail": _head(site, issue, doc),
        "doc": doc,
        "title": doc.title,
        "picture": writer.picture(doc, PAPER_WIDTH),
        "body": body,
        "lead": lead,
        "sections": sections,
        "brief": brief,
        "corrections": _corrections(site, layout),
        "action": _action(site, doc),
        "order": views.order,
        "contact": site.contact_settings(),
        "contents": _contents(told),
        "number": _number(site, issue),
        "minutes": _minutes(body, told, brief),
        "signature": _signature(writer, doc),
        "logo": _logo(site),
        "text": TextWriter(site.words_of(doc.lang)),
    }
    return values | {
        "blocks": {view.name: writer.block(doc, view, BLOCK_TEMPLATE) for view in blocks},
        "plain_blocks": {view.name: writer.plain_block(doc, view) for view in blocks},
        "lead_blocks": tuple(writer.block(lead.doc, view, FENCE_TEMPLATE) for view in lead.blocks) if lead else (),
        "plain_lead_blocks": tuple(writer.plain_block(lead.doc, view) for view in lead.blocks) if lead else (),
    }


def _corrections(site: Site, layout: IssueLayout) -> tuple[dict[str, Any], ...]:
    """List the corrections of earlier stories, each with the story's title and address."""
    return tuple(
        {
            "title": card.title,
            "url": site.absolute(card.url),
            "date": each.date,
            "note": each.note,
            "lang": card.lang,
            "dir": direction(card.lang),
        }
        for each in layout.corrections
        for card in [site.card(each.key)]
    )


def _contents(told: Sequence[Story]) -> tuple[Story, ...]:
    """List the stories "in this issue"; () if they are so few that readers see them anyway."""
    return tuple(told[:MAX_CONTENTS]) if len(told) >= MIN_CONTENTS else ()


def _number(site: Site, issue: Document) -> int:
    """Return the number of an issue: that of its front matter, else its place among all; 0 for none."""
    if issue.meta.number is not None:
        return issue.meta.number
    index = site.context.queries.index
    keys = index.editions[site.edition].issues if site.edition else index.issues
    return len(keys) - keys.index(issue.path) if issue.path in keys else 0


def _minutes(body: Prose, told: Iterable[Story], brief: Iterable[Story]) -> int:
    """Estimate how long the letter takes to read."""
    texts = [body.plain, *(f"{story.summary} {story.excerpt.plain}" for story in (*told, *brief))]
    return reading_minutes(sum(len(_ANY_TAG.sub(" ", text).split()) for text in texts))


def _signature(writer: _StoryWriter, doc: Card) -> dict[str, Any] | None:
    """Return who signs the issue, with a portrait if the author has one; None without an author."""
    if not doc.authors:
        return None
    author, site = doc.authors[0], writer.site
    key = site.picture_at(author.image) if author.image else ""
    shown = picture_for_mail(site, doc, key, author.image, [], PORTRAIT) if key else None
    portrait = LetterPicture(shown.src, shown.width, shown.height, "") if shown else None
    return {"name": author.name, "role": author.role, "portrait": portrait}


def _logo(site: Site) -> LetterPicture | None:
    """Return the site's logo if mail programs can show it: a JPEG, PNG or GIF of the site."""
    written = str(site.theme_options().get("logo") or "")
    key = site.picture_at(site.link(written)) if written.startswith("/") else ""
    size = site.picture_size(key) if key else None
    if size is None or size.kind not in ("jpeg", "png", "gif") or not size.height:
        return None
    height = LOGO
    return LetterPicture(
        site.absolute(site.url_of(key)), min(200, round(size.width * height / size.height)), height, ""
    )


def _action(site: Site, doc: Card) -> Action | None:
    return Action(doc.action.text, encode_url(site.absolute(doc.action.url))) if doc.action else None


def _head(site: Site, issue: Document, doc: Card) -> MailHead:
    settings, meta = site.newsletter_settings(), issue.meta
    return MailHead(
        subject=site.typeset(meta.subject or "", doc.lang) or doc.title,
        preheader=site.typeset(meta.preheader or "", doc.lang) or doc.summary,
        url=site.absolute(doc.url),
        archive=site.absolute(site.place(NEWSLETTER)),
        sender=settings.from_.rpartition("<")[0].strip(' "') or site.title,
        postal_address=settings.postal_address,
        subscribe=settings.subscribe,
        unsubscribe=UNSUBSCRIBE,
        reason=settings.reason,
        lang=doc.lang,
        dir=direction(doc.lang),
    )
