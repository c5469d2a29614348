"""An issue as e-mail: its HTML, with the style sheet written into every element, and its plain text.

A mail is not a file of the site and is never rebuilt, so its reads are not recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from markupsafe import Markup

from generator.config.label_options import find_language
from generator.errors import Problem
from generator.markup.links import encode_url
from generator.model import UNSUBSCRIBE, Action, Document
from generator.render.bodies import MAIL_WIDTH, Context, picture_for_mail, resolve_body
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.links import resolve_picture
from generator.render.mail.body import for_mail
from generator.render.mail.text import TextWriter
from generator.site.index_model import Card
from generator.site.listings import NEWSLETTER
from generator.words import direction

HTML_TEMPLATE, TEXT_TEMPLATE = "mail/issue.html", "mail/issue.txt"
_BLANK = re.compile(r"\n{3,}")
_STYLE = re.compile(r"(<head>)(<style>.*?</style>)(.*?)</head>", re.DOTALL)
"""The inliner puts the rules that it keeps at the start of the head, where the encoding must be."""
_TAG = re.compile(r'<[a-zA-Z][^<>"]*(?:"[^"]*"[^<>"]*)+>')
_PICTURE = re.compile(r'<img\b[^>]*?\ssrc="([^"]*)"')


@dataclass(frozen=True, slots=True)
class LeadPicture:
    """A lead picture as the mail shows it: `src` is absolute, the size in CSS pixels."""

    src: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True, slots=True)
class Story:
    """A post in a mail: every address is absolute; `excerpt` is the text above `<!--more-->`, "" without that mark."""

    doc: Card
    dir: str
    title: str
    url: str
    series: str
    summary: str
    excerpt: Markup
    picture: LeadPicture | None
    action: Action | None


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
    html = inline(site.render(HTML_TEMPLATE, values))
    text = _tidy(site.render(TEXT_TEMPLATE, values))
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
    """The site and its documents, from which the parts of a mail are made."""

    site: Site
    documents: Mapping[str, Document]

    def story(self, key: str, *, lead: bool = False) -> Story:
        """Make a post's part; only the lead story has its excerpt and its picture."""
        site, doc = self.site, self.site.card(key)
        excerpt = resolve_body(site, doc, Context.MAIL, excerpt=True) if lead else Markup("")
        return Story(
            doc=doc,
            dir=direction(doc.lang),
            title=doc.title,
            url=site.absolute(doc.url),
            series=doc.series.name if doc.series else "",
            summary=doc.standfirst if excerpt else doc.summary,
            excerpt=for_mail(excerpt, MAIL_WIDTH, site.words_of(doc.lang)),
            picture=self.picture(doc),
            action=_action(site, doc),
        )

    def stories(self, keys: Iterable[str]) -> tuple[Story, ...]:
        """Make the parts of several posts."""
        return tuple(map(self.story, keys))

    def picture(self, doc: Card) -> LeadPicture | None:
        """Find a document's lead picture in the form that mails show."""
        written = self.documents[doc.key].meta.image
        if not written or not doc.image:
            return None
        key = resolve_picture(self.site, doc, written)
        shown = picture_for_mail(self.site, doc, key, written, self.site.problems)
        return LeadPicture(shown.src, shown.width, shown.height, doc.image_alt) if shown else None


def _values(writer: _StoryWriter, issue: Document) -> dict[str, Any]:
    site = writer.site
    doc = site.card(issue.path)
    words = site.words_of(doc.lang)
    layout = site.issue_layout(issue.path)
    absolute = site.absolute
    return {
        "mail": _head(site, issue, doc),
        "doc": doc,
        "title": doc.title,
        "picture": writer.picture(doc),
        "body": for_mail(resolve_body(site, doc, Context.MAIL, shift=0), MAIL_WIDTH, words),
        "lead": writer.story(layout.lead, lead=True) if layout.lead else None,
        "sections": tuple(
            {"title": each.title, "url": absolute(each.url), "stories": writer.stories(each.posts)}
            for each in layout.sections
        ),
        "brief": writer.stories(layout.brief),
        "corrections": tuple(
            {
                "title": card.title,
                "url": absolute(card.url),
                "date": each.date,
                "note": each.note,
                "lang": card.lang,
                "dir": direction(card.lang),
            }
            for each in layout.corrections
            for card in [site.card(each.key)]
        ),
        "action": _action(site, doc),
        "text": TextWriter(words),
    }


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
