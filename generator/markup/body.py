"""The way of a text: engine → nh3 → one shared pass over the HTML → `Body`."""

from __future__ import annotations

from generator.errors import ContentError, Problem, error
from generator.markup.characters import MORE, strip_references, strip_refused
from generator.markup.dom import parse, write
from generator.markup.draft import Draft
from generator.markup.engine import make_engine
from generator.markup.excerpt import cut, keep_more, place_more
from generator.markup.figures import make_figures
from generator.markup.footnotes import make_footnotes
from generator.markup.headings import mark_headings, mark_ids
from generator.markup.links import drop_internal_citations, mark_links
from generator.markup.media import mark_pictures, mark_players
from generator.markup.placeholders import fold_pictures
from generator.markup.plaintext import block_texts, lead_of
from generator.markup.precheck import Refusal, check_nesting
from generator.markup.quotes import make_quotes
from generator.markup.repairs import repair
from generator.markup.sanitise import sanitise
from generator.markup.scrolling import mark_code, wrap_tables
from generator.markup.settings import MarkupSettings
from generator.markup.tasks import make_tasks
from generator.markup.typography import set_typography
from generator.model import Body

EMPTY = Body("", "", (), (), (), (), "", "", 0)


def convert(text: str, *, path: str, slug: str, settings: MarkupSettings, first_line: int = 1) -> Body:
    """Convert a source's Markdown into its body.

    `slug` is what footnote ids carry; `first_line` is the line of the file on which the text begins.
    Raises: ContentError naming the post, for a text that would take too long or is nested too deep.
    """
    try:
        return make_body(make_html(text, settings), slug=slug, settings=settings)
    except Refusal as refusal:
        raise ContentError(place(refusal, path, first_line)) from refusal


def place(refusal: Refusal, path: str, first_line: int) -> Problem:
    """Say where a refused text stands: in which file, and in which of its lines."""
    line = refusal.line + first_line - 1 if refusal.line else 0
    return error(path, refusal.code, refusal.message, refusal.hint, line=line)


def make_html(text: str, settings: MarkupSettings) -> str:
    """Make HTML of Markdown, the first step: anything may still stand in it. Raises: Refusal."""
    return make_engine(settings).to_html(strip_refused(text))


def make_body(html: str, *, slug: str, settings: MarkupSettings) -> Body:
    """Make a body of an engine's HTML: sanitise it, then do all that makes it ours. Raises: Refusal (nesting)."""
    return shape(clean(html, settings), slug=slug, settings=settings)


def clean(html: str, settings: MarkupSettings) -> str:
    """Sanitise an engine's HTML, the second step. Raises: Refusal (nesting)."""
    check_nesting(html)
    html = keep_more(strip_references(html))
    return sanitise(html, trusted=settings.raw_html == "trusted", additions=settings.additions)


def shape(html: str, *, slug: str, settings: MarkupSettings) -> Body:
    """Make a body of sanitised HTML, the last step: the shared pass. Raises: Refusal (nesting)."""
    if not html.strip():
        return EMPTY
    draft = Draft(parse(html), html, slug, settings)
    draft.look()
    has_more = MORE in html and place_more(draft.root)
    _shape(draft)
    written, excerpt = cut(_write(draft))
    texts = block_texts(draft.root)  # the last step: it spoils the tree
    above = next((n for n, (_, text) in enumerate(texts) if MORE in text), 0) if has_more else 0
    if has_more:
        texts = [(kind, text.replace(MORE, "").strip()) for kind, text in texts if text != MORE]
    plain = "\n".join(text for _, text in texts)
    return Body(
        html=written,
        excerpt=excerpt,
        toc=tuple(draft.headings),
        links=draft.link_values(),
        images=tuple(draft.pictures),
        anchors=tuple(draft.anchors),
        text=plain,
        lead=lead_of(texts, above),
        words=_count(plain, texts, has_more),
    )


def _count(plain: str, texts: list[tuple[str, str]], has_more: bool) -> int:
    """Count the words; outside code, each space and each line end stands between two of them."""
    if has_more or not plain or any(kind == "pre" for kind, _ in texts):
        return len(plain.split())
    return plain.encode().count(b" ") + len(texts)  # bytes are counted five times as fast


def _shape(draft: Draft) -> None:
    """Run the steps of the shared pass; each finds the tree as the ones before left it."""
    repair(draft)
    make_tasks(draft)
    make_footnotes(draft)
    make_quotes(draft)
    make_figures(draft)
    set_typography(draft)
    mark_pictures(draft)
    mark_players(draft)
    mark_links(draft)
    drop_internal_citations(draft)
    mark_ids(draft)
    mark_headings(draft)
    mark_code(draft)
    wrap_tables(draft)


def _write(draft: Draft) -> str:
    html = write(draft.root)
    for name in ("source", "wbr"):  # void elements that libxml2 does not know
        if name in draft.by_tag:
            html = html.replace(f"</{name}>", "")
    html = html.strip()
    return fold_pictures(html) if draft.pictures else html
