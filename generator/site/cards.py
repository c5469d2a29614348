"""Cards: what listings, feeds and pages show of a document without its body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from posixpath import dirname, join, normpath
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from generator.config import Config
from generator.errors import ProblemCollector
from generator.markup.links import host_of
from generator.model import Action, Document, Rating
from generator.site.addresses import site_link
from generator.site.index_model import Card, Label, PictureSize, Translation
from generator.site.publication import publication_state
from generator.site.routes import Routes
from generator.site.taxonomies import Taxonomies
from generator.site.typesetting import Typesetter

WORDS_A_MINUTE = 200  # silent reading of English non-fiction: 238 (Brysbaert 2019); slower on screens and in letters
DESCRIPTION_CHARS = 300


def reading_minutes(words: int) -> int:
    """Estimate how long a text takes to read, in minutes, at least one."""
    return max(1, round(words / WORDS_A_MINUTE))


class CardContext(Struct, frozen=True):
    """What every card needs: the site's decisions so far, and the time of the build."""

    config: Config
    routes: Routes
    labels: Taxonomies
    pictures: Mapping[str, PictureSize]
    translations: Mapping[str, tuple[Translation, ...]]
    now: datetime
    typesetter: Typesetter


def make_card(document: Document, context: CardContext, findings: ProblemCollector) -> Card:
    """Make a document's card; what is wrong with its lead picture goes to `findings`."""
    meta, labels = document.meta, context.labels
    authors = tuple({author.slug: author for author in map(labels.authors.__getitem__, meta.authors)}.values())
    tags = tuple({tag.slug: tag for tag in map(labels.tags.__getitem__, meta.tags)}.values())
    series = labels.series[meta.series] if meta.series else None
    image, size = _lead_picture(document, context, findings)
    lang = meta.lang or context.config.language
    typeset = partial(context.typesetter.set, language=lang)
    standfirst = typeset(meta.summary or "")
    summary = standfirst or document.lead
    title = typeset(meta.title)
    return Card(
        key=document.path,
        kind=meta.kind,
        id=meta.id,
        url=context.routes.urls[document.path],
        title=title,
        date=meta.date,
        updated=meta.updated,
        updates=tuple(replace(update, note=typeset(update.note)) for update in meta.updates),
        authors=authors,
        tags=tags,
        series=series,
        part=meta.part,
        summary=summary,
        standfirst=standfirst,
        description=typeset(meta.description or "") or _shorten(summary) or title,
        image=image,
        image_alt=typeset(meta.image_alt or ""),
        image_width=size.width,
        image_height=size.height,
        pinned=meta.pinned,
        learning_points=tuple(map(typeset, meta.learning_points)),
        rating=_rating(document, series, context.config, findings),
        rating_note=typeset(meta.rating_note or ""),
        action=_action(document, context.config, typeset),
        lang=lang,
        minutes=document.minutes,
        comments=meta.comments,
        comment_count=document.comment_count,
        state=publication_state(document, context.now),
        newsletter=meta.newsletter,
        translations=context.translations.get(document.path, ()),
        extra=meta.extra,
    )


def _lead_picture(document: Document, context: CardContext, findings: ProblemCollector) -> tuple[str, PictureSize]:
    """Find the lead picture: beside the document, or from the site's root; "" when it is not there."""
    written, nowhere = document.meta.image, PictureSize(0, 0)
    if not written:
        return "", nowhere
    host = host_of(written)
    if host:
        message = f"The lead picture lies on another host, {host}: it is not shown."
        findings.warn(document.path, written, "picture-elsewhere", message, "Put a copy beside the post.")
        return "", nowhere
    path = picture_source(document.path, written)
    if path not in context.routes.urls or path not in context.pictures:
        message = f'The lead picture "{written}" is not there.'
        findings.warn(document.path, written, "dead-picture", message, "Check its name, capitals included.")
        return "", nowhere
    return context.routes.urls[path], context.pictures[path]


def picture_source(document_path: str, written: str) -> str:
    """Name the source file a document means: `/a.png` is in content/static, `a.png` beside the document."""
    path = normalize("NFC", unquote(urlsplit(written).path))
    if path.startswith("/"):
        return normpath(f"content/static/{path.lstrip('/')}")
    return normpath(join(dirname(document_path), path))


def _action(document: Document, config: Config, typeset: Callable[[str], str]) -> Action | None:
    """Give the call to action, its words set, its address with the base path."""
    action = document.meta.action
    return action and replace(action, text=typeset(action.text), url=site_link(config, action.url))


def _rating(document: Document, series: Label | None, config: Config, findings: ProblemCollector) -> Rating | None:
    """Add the series' maximum to a rating; without a maximum there is no rating."""
    rating = document.meta.rating
    if rating is None or rating.maximum is not None:
        return rating
    configured = config.series.get(series.slug) if series else None
    if configured is None or configured.rating_max is None:
        hint = 'Write it as "9/10", or set rating_max for the series in site.toml.'
        findings.warn(document.path, "rating:", "rating-without-maximum", "The rating has no maximum.", hint)
        return None
    if rating.value > configured.rating_max:
        message = f"The rating {rating.value:g} is above the series' maximum of {configured.rating_max:g}."
        findings.warn(document.path, "rating:", "rating-above-maximum", message, "Correct one of them.")
        return None
    return replace(rating, maximum=configured.rating_max)


def _shorten(text: str) -> str:
    """Cut a description at the end of a word, at the length that search engines and link previews show."""
    if len(text) <= DESCRIPTION_CHARS:
        return text
    return text[:DESCRIPTION_CHARS].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"
