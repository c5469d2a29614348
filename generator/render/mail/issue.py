"""An issue as e-mail: its HTML, with the style sheet written into every element, and its plain text.

A mail is not a file of the site and is never rebuilt, so its reads are not recorded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape, unescape
from itertools import islice
from typing import Any

from generator.config.label_options import find_language
from generator.model import UNSUBSCRIBE, Document
from generator.render.blocks import BlockViews
from generator.render.bodies import Context, picture_for_mail
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.mail.carried_blocks import ROOM, CarriedBlocks, list_story_blocks, report_blocks
from generator.render.mail.letter_parts import ContentsEntry, LetterPicture, Mail, MailHead, Story
from generator.render.mail.story_writer import PAPER_WIDTH, PORTRAIT, StoryWriter, link_action
from generator.render.mail.text import TextWriter
from generator.site.cards import reading_minutes
from generator.site.index_model import Card, IssueLayout
from generator.site.listings import NEWSLETTER
from generator.words import direction

HTML_TEMPLATE, TEXT_TEMPLATE = "mail/issue.html", "mail/issue.txt"
BLOCK_TEMPLATE = "mail/block.html"
LOGO = 40
MIN_CONTENTS, MAX_CONTENTS = 3, 8
_BLANK = re.compile(r"\n{3,}")
_STYLE = re.compile(r"(<head>)(<style>.*?</style>)(.*?)</head>", re.DOTALL)
"""The inliner puts the rules that it keeps at the start of the head, where the encoding must be."""
_TABLE_BODY = re.compile(r"</?tbody>")
"""The inliner writes it into every table, where HTML does not need it: 15 bytes each."""
_ANY_TAG = re.compile("<[^>]*>")
_TAG = re.compile(r'<[a-zA-Z][^<>"]*(?:"[^"]*"[^<>"]*)+>')
_PICTURE = re.compile(r'<img\b[^>]*?\ssrc="([^"]*)"')


def render_mail(context: RenderContext, issue: Document, documents: Mapping[str, Document]) -> Mail:
    """Render an issue as HTML and as text. `documents` are the issue's posts, by path.

    The first stories carry their blocks, as many as Gmail has room for.

    Raises: TemplateError.
    """
    offered = list_story_blocks(_site(context, issue), issue.path)

    def render(stories: int) -> Mail:
        return _render(context, issue, documents, dict(islice(offered.items(), stories)))

    best = render(len(offered))
    if not offered or _fits(best):
        return best
    best, fitting, too_many = render(0), 0, len(offered)
    while too_many - fitting > 1:
        middle = (fitting + too_many) // 2
        tried = render(middle)
        if _fits(tried):
            best, fitting = tried, middle
        else:
            too_many = middle
    return best


def _site(context: RenderContext, issue: Document) -> Site:
    return Site(context, find_language(issue.meta.lang, context.config.languages))


def _fits(mail: Mail) -> bool:
    return len(mail.html.encode()) <= ROOM


def _render(context: RenderContext, issue: Document, documents: Mapping[str, Document], carried: CarriedBlocks) -> Mail:
    site = _site(context, issue)
    writer = StoryWriter(site, documents, carried)
    values = _values(writer, issue)
    html = writer.mark_names(inline(site.render(HTML_TEMPLATE, values)), escape)
    text = writer.mark_names(_tidy(site.render(TEXT_TEMPLATE, values)), str)
    pictures = map(unescape, _PICTURE.findall(html))
    problems = (*site.problems, *report_blocks(site, issue.path, carried))
    return Mail(values["mail"], html, text, tuple(dict.fromkeys(pictures)), tuple(dict.fromkeys(problems)))


def inline(html: str) -> str:
    """Write the style sheet of a mail into its elements, except rules in `@media` blocks. Nothing is fetched."""
    from css_inline import CSSInliner

    inliner = CSSInliner(keep_style_tags=False, keep_at_rules=True, load_remote_stylesheets=False, minify_css=True)
    inlined = _TAG.sub(_escape_attributes, _STYLE.sub(r"\1\3\2</head>", inliner.inline(html), count=1))
    return _TABLE_BODY.sub("", inlined)


def _escape_attributes(tag: re.Match[str]) -> str:
    """Escape angle brackets within attributes: HTML allows them there, but many mail filters do not parse HTML."""
    start, *rest = tag[0].split('"')
    values = (part.replace("<", "&lt;").replace(">", "&gt;") if n % 2 == 0 else part for n, part in enumerate(rest))
    return '"'.join((start, *values))


def _tidy(text: str) -> str:
    """Leave one empty line between blocks, none at the ends, no space at a line's end."""
    lines = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n"))
    return _BLANK.sub("\n\n", lines).strip("\n") + "\n"


def _values(writer: StoryWriter, issue: Document) -> dict[str, Any]:
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
    parts = {"lead": [lead] if lead else [], "stories": [story for each in stories for story in each]}
    told = [story for part in parts.values() for story in part]
    titles = {view.name: view.title for view in blocks}
    plain_blocks = {view.name: writer.plain_block(doc, view) for view in blocks}
    return {
        "mail": _head(site, issue, doc),
        "doc": doc,
        "title": doc.title,
        "picture": writer.picture(doc, PAPER_WIDTH),
        "body": body,
        "lead": lead,
        "sections": sections,
        "brief": brief,
        "corrections": _corrections(site, layout),
        "action": link_action(site, doc),
        "order": views.order,
        "blocks": {view.name: writer.block(doc, view, BLOCK_TEMPLATE) for view in blocks},
        "plain_blocks": plain_blocks,
        "contact": site.contact_settings(),
        "contents": _contents([_entries(parts.get(name, ()), titles.get(name, ""), doc) for name in views.order]),
        "number": _number(site, issue),
        "minutes": _minutes([body.plain, *plain_blocks.values()], (*told, *brief)),
        "signature": _signature(writer, doc),
        "logo": _logo(site),
        "text": TextWriter(site.words_of(doc.lang)),
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


def _entries(stories: Iterable[Story], title: str, issue: Card) -> list[ContentsEntry]:
    """List a part of the letter: its stories, or the title of the block that it is."""
    block = [ContentsEntry(title, "", issue)] if title else []
    return block or [ContentsEntry(story.title, story.url, story.doc) for story in stories]


def _contents(parts: Iterable[Iterable[ContentsEntry]]) -> tuple[ContentsEntry, ...]:
    """List what is "in this issue", in its order; () if it is so little that readers see it anyway."""
    entries = [entry for part in parts for entry in part]
    return tuple(entries[:MAX_CONTENTS]) if len(entries) >= MIN_CONTENTS else ()


def _number(site: Site, issue: Document) -> int:
    """Return the number of an issue: that of its front matter, else its place among all; 0 for none."""
    if issue.meta.number is not None:
        return issue.meta.number
    index = site.context.queries.index
    keys = index.editions[site.edition].issues if site.edition else index.issues
    return len(keys) - keys.index(issue.path) if issue.path in keys else 0


def _minutes(own: Sequence[str], stories: Iterable[Story]) -> int:
    """Estimate how long the letter takes to read: the issue's own HTML texts, and its stories."""
    told = (" ".join((story.summary, story.excerpt.plain, *(each.plain for each in story.blocks))) for story in stories)
    return reading_minutes(sum(len(_ANY_TAG.sub(" ", text).split()) for text in (*own, *told)))


def _signature(writer: StoryWriter, doc: Card) -> dict[str, Any] | None:
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
