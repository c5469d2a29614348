"""Show a stored body: resolve its links and pictures for a page, a listing, a feed or a mail."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from markupsafe import Markup

from generator.digest import digest_bytes
from generator.errors import Problem, note, warning
from generator.markup.characters import OPEN
from generator.markup.links import encode_url, host_of, is_internal
from generator.markup.placeholders import Context, Shown, ShownPlayer, resolve
from generator.model import Body, Frame, Heading, Picture, Played
from generator.render.alt_problems import describe_alt
from generator.render.anchors import add_anchors
from generator.render.blocks import show_fences
from generator.render.frames import frame_attributes
from generator.render.link_problems import describe_link, describe_missing_picture, describe_refused
from generator.render.links import LinkTarget, find_refusal, resolve_link, resolve_picture
from generator.render.own_links import check_own_links
from generator.render.players import show_player
from generator.render.srcset import TEXT_SIZES, show_picture
from generator.site.addresses import own_address
from generator.site.index_model import Card, PictureSize, RefusedPicture
from generator.site.mail_pictures import mail_picture, thumbnail
from generator.site.source_names import meant_hint
from generator.words import Words

if TYPE_CHECKING:
    from generator.render.facade import Site

MAIL_WIDTH = 536
"""The width of a mail's text in CSS pixels: 600 minus the margins."""
PAGE_BLOCK = "partials/block.html"
"""The template of a block on pages."""
Fences = Callable[["Site", Card], Sequence[str]]
"""Draws the fenced blocks of a document, by their number."""
_FENCE = f"{OPEN}Q"
MAIL_HEIGHT = 670
"""The most height of a picture in a mail, in CSS pixels: a taller one would fill a screen."""
LISTING_SHIFT = 1  # in a listing a document's title is an h2: its headings begin at h3

__all__ = ["Context", "introduction", "resolve_body", "table_of_contents"]


def resolve_body(
    site: Site,
    doc: Card,
    context: Context,
    *,
    excerpt: bool = False,
    shift: int | None = None,
    fences: Fences | None = None,
) -> Markup:
    """Show a document's text, or its excerpt, in a context. Problems are reported for its own page and for mails.

    `shift` is how many levels its headings go down: by default none on its own page, and one elsewhere. `fences` draws
    the fenced blocks, by default as on pages. In lists and feeds, nothing is looked for in the source.
    """
    body = site.stored_body(doc.key)
    html = body.excerpt if excerpt else body.html
    if not html:
        return Markup("")
    alone = context is Context.PAGE
    problems: list[Problem] | None = site.problems if alone or context is Context.MAIL else None
    html = check_own_links(site, doc.key, html, problems)
    links = [_link(site, doc, link.target, body, context, problems) for link in body.links]
    images = [_picture(site, doc, body.images, n, context, problems) for n in range(len(body.images))]
    if problems is not None:
        problems += (_nameless(site, doc, each.src) for each in body.players if not each.name)
    words = site.words_of(doc.lang)
    shown = resolve(
        html,
        context,
        links=links,
        images=images,
        players=[_player(site, doc, each, links[each.link], context) for each in body.players],
        frames=[_frame(frame, words) for frame in body.frames] if alone else (),
        fences=_fences(site, doc, context, fences) if _FENCE in html else (),
        shift=(0 if alone else LISTING_SHIFT) if shift is None else shift,
        words=words,
        key="" if alone else f"n{digest_bytes(doc.key.encode())[:8]}-",
    )
    if alone:
        shown = add_anchors(shown, words)
    return Markup(shown)  # noqa: S704 every body is sanitised before it is stored


def _fences(site: Site, doc: Card, context: Context, fences: Fences | None) -> Sequence[str]:
    if fences is not None:
        return fences(site, doc)
    given = {"plain": context is Context.FEED, "level": 2 if context is Context.PAGE else 3}
    return show_fences(site, doc, context, PAGE_BLOCK, given)


def table_of_contents(site: Site, doc: Card) -> tuple[Heading, ...]:
    """Return the headings of a document's text, in order."""
    return site.stored_body(doc.key).toc


def introduction(site: Site, address: str) -> Markup:
    """Return the text of the page at a listing's address, the listing's introduction; "" if there is none."""
    key = site.introduction(address)
    return resolve_body(site, site.card(key), Context.PAGE) if key else Markup("")


def _link(
    site: Site, doc: Card, target: str, body: Body, context: Context, problems: list[Problem] | None
) -> str | None:
    place = resolve_link(site, doc, target, body.anchors)
    refusal = find_refusal(site, doc, target) if place.broken and not target.startswith("#") else None
    if refusal:
        place = LinkTarget(None, f"the file is not published. {refusal.message.rstrip('.')}")
    if problems is not None and (place.broken or place.state):
        hint = ""
        if refusal:
            hint = refusal.hint
        elif place.broken:
            hint = meant_hint(site.find_meant(doc.key, target))
        problems += describe_link(doc.key, site.locate(doc.key, target), target, place, hint=hint)
    if target.startswith("#") and context is Context.PAGE:
        return target
    if place.url is None or context in (Context.PAGE, Context.LISTING):
        return place.url
    return site.absolute(place.url)


def _player(site: Site, doc: Card, played: Played, url: str | None, context: Context) -> ShownPlayer:
    return show_player(site, resolve_picture(site, doc, played.src), url, played.name, context, doc.lang)


def _nameless(site: Site, doc: Card, src: str) -> Problem:
    line, column = site.locate(doc.key, src)[0]
    message, hint = f'The film "{src}" has no words.', "Say what it shows, between the square brackets (WCAG 1.1.1)."
    return note(doc.key, "no-alt", message, hint, line=line, column=column)


def _frame(frame: Frame, words: Words) -> str:
    host = urlsplit(frame.url).netloc
    text = words.gettext("Play the film here. Your browser then contacts %(host)s.", host=host)
    return frame_attributes(frame.url, frame.title, text)


def _picture(
    site: Site, doc: Card, images: Sequence[Picture], number: int, context: Context, problems: list[Problem] | None
) -> Shown | None:
    picture = images[number]
    src = own_address(site.context.config, picture.src) or picture.src
    if not is_internal(src):
        host = host_of(picture.src)
        if host:
            return _picture_elsewhere(site, doc, images, number, host, context, problems)
        if problems is not None:
            problems.append(_unshown(site, doc, picture))
        return None
    key = resolve_picture(site, doc, src)
    refusal = None if key and site.picture_size(key) else find_refusal(site, doc, src)
    if refusal or not key:
        if problems is not None:
            problems += _describe_unshown(site, doc, images, number, refusal)
        return None
    if context is Context.MAIL:  # the checks of letters look at what the mail itself says
        return picture_for_mail(site, doc, key, picture.src, site.problems)
    if problems is not None:
        problems += _check_alt(site, doc, images, number)
    shown = show_picture(site, key, TEXT_SIZES)
    if context is Context.FEED:
        return Shown(site.absolute(shown.src), shown.width, shown.height)
    return shown


def _describe_unshown(
    site: Site, doc: Card, images: Sequence[Picture], number: int, refusal: RefusedPicture | None
) -> list[Problem]:
    src = images[number].src
    if refusal:
        return describe_refused(doc.key, [_place(site, doc, images, number)], src, refusal)
    hint = meant_hint(site.find_meant(doc.key, src))
    return describe_missing_picture(doc.key, site.locate(doc.key, src), src, hint=hint)


def _check_alt(site: Site, doc: Card, images: Sequence[Picture], number: int) -> Iterator[Problem]:
    """Check a picture's alternative text. The source is searched for its line only if there is a problem."""
    if next(describe_alt(doc.key, (0, 0), images[number]), None):
        yield from describe_alt(doc.key, _place(site, doc, images, number), images[number])


def _place(site: Site, doc: Card, images: Sequence[Picture], number: int) -> tuple[int, int]:
    """Find the line and column of a picture in a text, even if earlier pictures have the same address."""
    src = images[number].src
    places = site.locate(doc.key, src)
    return places[min(sum(each.src == src for each in images[:number]), len(places) - 1)]


def _unshown(site: Site, doc: Card, picture: Picture) -> Problem:
    """Make the warning about a picture whose address pages cannot load; only its alternative text is shown."""
    line, column = site.locate(doc.key, picture.alt or picture.src)[0]
    which = f'The picture "{picture.alt}"' if picture.alt else "A picture"
    message = f"{which} is not shown: its address is missing, or begins with something like data: or ftp:."
    return warning(
        doc.key,
        "dead-picture",
        message,
        "Put the picture beside the post and link to it there.",
        line=line,
        column=column,
    )


def picture_for_mail(
    site: Site, doc: Card, key: str, src: str, problems: list[Problem], width: int = MAIL_WIDTH
) -> Shown | None:
    """Return a picture of this site as mails show it: absolute, JPEG, PNG or GIF, at most `width` wide.

    `key` is its source. Returns None, with a warning, if mail programs cannot show it or the build makes no copy for
    them.
    """
    size = site.picture_size(key) or PictureSize(0, 0)
    shown = mail_picture(key, size)
    url = site.url_of(key)
    if shown is None or (shown.suffix and not site.has_output(site.context.queries.index.files[key] + shown.suffix)):
        line, column = site.locate(doc.key, src)[0]
        message = f'The picture "{src}" is not shown in mails, because few mail programs show SVG.'
        hint = "Use a PNG instead, or leave it: readers of the mail see its alternative text."
        problems.append(warning(doc.key, "mail-picture", message, hint, line=line, column=column))
        return None
    width = min(width, shown.width, max(1, MAIL_HEIGHT * shown.width // shown.height))
    return Shown(site.absolute(url) + shown.suffix, width, max(1, round(shown.height * width / shown.width)))


def thumbnail_for_mail(site: Site, key: str, focus: tuple[int, int]) -> Shown | None:
    """Return a lead picture as mails show it beside a story, cropped to 3:2; None if it is shown whole."""
    size = site.picture_size(key)
    shown = thumbnail(size, focus) if size else None
    if shown is None or not site.has_output(site.context.queries.index.files[key] + shown.suffix):
        return None
    return Shown(site.absolute(site.url_of(key)) + shown.suffix, shown.width, shown.height)


def _picture_elsewhere(
    site: Site,
    doc: Card,
    images: Sequence[Picture],
    number: int,
    host: str,
    context: Context,
    problems: list[Problem] | None,
) -> Shown:
    """Show a picture of another host as a link that names the host, so that pages do not contact other hosts."""
    src = images[number].src
    allowed, address = host in site.image_settings().hosts, encode_url(src)
    if allowed and address.lower().startswith("https:") and context is not Context.MAIL:
        if problems is not None:
            problems += _check_alt(site, doc, images, number)
        return Shown(address)
    if problems is None:
        return Shown(address, host=host)
    line, column = _place(site, doc, images, number)
    message = f"The picture is on another site, {host}, so it is shown as a link."
    hint = f'Put a copy beside the post, or add "{host}" to hosts in [images].'
    if allowed and context is not Context.MAIL:
        hint = "Begin its address with https://. Pages load no pictures over http://."  # the policy in head.py
    problems.append(note(doc.key, "picture-elsewhere", message, hint, line=line, column=column))
    return Shown(address, host=host)
