"""Cards: what listings, feeds and pages show of a document without its body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from generator.config import Config
from generator.errors import ProblemCollector
from generator.markup.alt_text import describe_weak
from generator.markup.links import host_of
from generator.model import Action, Document, MediaFacts, Rating
from generator.site.addresses import site_link
from generator.site.discussion import check_thread, comment_mode
from generator.site.index_model import Card, Label, PictureSize, Recording, RefusedPicture, Translation
from generator.site.publication import publication_state
from generator.site.routes import Routes
from generator.site.source_names import SourceNames, meant_hint
from generator.site.taxonomies import Taxonomies
from generator.site.typesetting import Typesetter

WORDS_A_MINUTE = 200  # silent reading of English non-fiction: 238 (Brysbaert 2019); slower on screens and in letters
DESCRIPTION_CHARS = 300


def reading_minutes(words: int) -> int:
    """Estimate how long a text takes to read, in minutes, at least one."""
    return max(1, round(words / WORDS_A_MINUTE))


class CardContext(Struct, frozen=True):
    """The inputs of every card: the site's decisions so far, and the time of the build."""

    config: Config
    routes: Routes
    labels: Taxonomies
    pictures: Mapping[str, PictureSize]
    refused: Mapping[str, RefusedPicture]
    media: Mapping[str, MediaFacts]
    translations: Mapping[str, tuple[Translation, ...]]
    now: datetime
    typesetter: Typesetter
    names: SourceNames
    counts: Mapping[str, int] = {}


def make_card(document: Document, context: CardContext, findings: ProblemCollector) -> Card:
    """Make a document's card; problems of its lead picture go to `findings`."""
    meta, labels = document.meta, context.labels
    check_thread(document, context.config.comments, findings)
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
        audio=_recording(document, context, findings),
        pinned=meta.pinned,
        learning_points=tuple(map(typeset, meta.learning_points)),
        rating=_rating(document, series, context.config, findings),
        rating_note=typeset(meta.rating_note or ""),
        action=_action(document, context.config, typeset),
        lang=lang,
        minutes=document.minutes,
        comments=comment_mode(meta, context.config.comments, context.now),
        comment_count=document.comment_count + context.counts.get(meta.id, 0),
        thread=meta.thread,
        state=publication_state(document, context.now),
        newsletter=meta.newsletter,
        translations=context.translations.get(document.path, ()),
        extra=meta.extra,
    )


def _lead_picture(document: Document, context: CardContext, findings: ProblemCollector) -> tuple[str, PictureSize]:
    """Find the lead picture: beside the document, or from the site's root; "" if there is none."""
    written, nowhere = document.meta.image, PictureSize(0, 0)
    if not written:
        return "", nowhere
    host = host_of(written)
    if host:
        message = f"The lead picture is on another site, {host}, so it is not shown."
        findings.note(
            document.path, written, "picture-elsewhere", message, "Put a copy beside the post.", field="image"
        )
        return "", nowhere
    path = context.names.find(document.path, written)
    if refusal := context.refused.get(path):
        message = f'The lead picture "{written}" is not shown. {refusal.message}'
        findings.warn(document.path, written, refusal.code, message, refusal.hint, field="image")
        return "", nowhere
    if path not in context.routes.urls or path not in context.pictures:
        message = f'There is no lead picture "{written}".'
        nearest = context.names.nearest(document.path, written)
        hint = meant_hint(nearest) or "Check its name, including capital letters."
        findings.warn(document.path, written, "dead-picture", message, hint, field="image")
        return "", nowhere
    _check_alt(document, written, findings)
    return context.routes.urls[path], context.pictures[path]


def _check_alt(document: Document, image: str, findings: ProblemCollector) -> None:
    """Note a lead picture without `image_alt`; warn of one that says nothing. An empty `image_alt` is decorative."""
    alt = document.meta.image_alt
    if alt is None:
        message = f'The lead picture "{image}" has no alternative text.'
        hint = 'Add, for example: image_alt: "A cat asleep on the atlas". If it only decorates the page: image_alt: ""'
        findings.note(document.path, image, "no-alt", message, hint, field="image")
    elif weak := describe_weak(alt, image):
        message = f'The alternative text "{alt}" of the lead picture {weak}.'
        hint = "Describe the picture in a few words, as to somebody on the phone."
        findings.warn(document.path, alt, "weak-alt", message, hint, field="image_alt")


def _recording(document: Document, context: CardContext, findings: ProblemCollector) -> Recording | None:
    """Find the sound that `audio` names: beside the document, or from the site's root."""
    written = document.meta.audio
    if not written:
        return None
    path = context.names.find(document.path, written)
    facts = context.media.get(path)
    if path in context.routes.urls and facts is not None:
        return Recording(path, context.routes.urls[path], facts)
    if host := host_of(written):
        message, hint = f"The sound is on another site, {host}, so it is not shown.", "Put a copy beside the post."
    elif path in context.routes.urls:
        message, hint = f'"{written}" is no sound that browsers play.', "Use MP3, M4A, Ogg or WAV."
    else:
        message = f'There is no file "{written}".'
        hint = meant_hint(context.names.nearest(document.path, written)) or "Check its name, including capital letters."
    findings.warn(document.path, written, "dead-audio", message, hint, field="audio")
    return None


def _action(document: Document, config: Config, typeset: Callable[[str], str]) -> Action | None:
    """Return the call to action, its words set; an address of the site gets the base path."""
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
        findings.warn(document.path, "", "rating-without-maximum", "The rating has no maximum.", hint, field="rating")
        return None
    if rating.value > configured.rating_max:
        message = f"The rating {rating.value:g} is above the series' maximum of {configured.rating_max:g}."
        findings.warn(document.path, "", "rating-above-maximum", message, "Correct one of them.", field="rating")
        return None
    return replace(rating, maximum=configured.rating_max)


def _shorten(text: str) -> str:
    """Shorten a description to the length that search engines and link previews show, at the end of a word."""
    if len(text) <= DESCRIPTION_CHARS:
        return text
    return text[:DESCRIPTION_CHARS].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"
