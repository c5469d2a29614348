"""Convert a text: engine → nh3 → one shared pass over the HTML → `Body`."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import ContentError, Problem, error
from generator.markup.alt_text import drop_wordless, mark_wordless
from generator.markup.bare_addresses import has_bare, link_bare
from generator.markup.characters import MORE, strip_references, strip_refused
from generator.markup.dom import check_depth
from generator.markup.draft import BodyFacts
from generator.markup.emoji import set_emoji
from generator.markup.engine import engine_html
from generator.markup.excerpt import cut, keep_more
from generator.markup.fences import may_have_fences
from generator.markup.headings import mark_headings, mark_ids
from generator.markup.indented_paragraphs import read_indented
from generator.markup.insets import mark_insets, may_have_insets
from generator.markup.lead import find_lead
from generator.markup.links import mark_links
from generator.markup.media import mark_pictures
from generator.markup.placeholders import in_english
from generator.markup.plaintext import block_texts
from generator.markup.precheck import MAX_DEPTH, Refusal, check_nesting
from generator.markup.rework import rework
from generator.markup.sanitise import sanitise
from generator.markup.scrolling import align_cells, mark_code, wrap_tables
from generator.markup.settings import MarkupSettings
from generator.markup.simple import is_simple
from generator.markup.tokens import Tokens
from generator.markup.typography import code_texts, set_typography
from generator.model import Body

EMPTY = Body("", "", (), (), (), (), "", "", 0)


def convert_markdown(text: str, *, path: str, slug: str, settings: MarkupSettings, first_line: int = 1) -> Body:
    """Convert a source's Markdown into its body.

    `slug` becomes part of footnote ids; `first_line` is the line of the file on which the text begins.
    Raises: ContentError with the post's path if the text would take too long or is nested too deeply.
    """
    try:
        return make_body(make_html(text, settings), slug=slug, settings=settings)
    except Refusal as refusal:
        raise ContentError(locate_refusal(refusal, path, first_line)) from refusal


def locate_refusal(refusal: Refusal, path: str, first_line: int) -> Problem:
    """Turn a refusal into a problem with the file and line of the refused text."""
    line = refusal.line + first_line - 1 if refusal.line else 0
    return error(path, refusal.code, refusal.message, refusal.hint, line=line)


def make_html(text: str, settings: MarkupSettings) -> str:
    """Convert Markdown to HTML, the first step. The HTML is not sanitised yet. Raises: Refusal."""
    return engine_html(mark_wordless(read_indented(strip_refused(text))[0]), settings)


def make_body(html: str, *, slug: str, settings: MarkupSettings) -> Body:
    """Make a body from an engine's HTML: sanitise it, then run the shared pass. Raises: Refusal (nesting)."""
    return shape_body(clean_html(html, settings), slug=slug, settings=settings)


def clean_html(html: str, settings: MarkupSettings) -> str:
    """Sanitise an engine's HTML, the second step. Raises: Refusal (nesting)."""
    check_nesting(html)
    html = keep_more(strip_references(html))
    return drop_wordless(sanitise(html, trusted=settings.raw_html == "trusted", additions=settings.additions))


def shape_body(html: str, *, slug: str, settings: MarkupSettings, has_summary: bool = False) -> Body:
    """Make a body from sanitised HTML, the last step: the shared pass. Raises: Refusal (nesting).

    With `has_summary` the body gets no lead: nobody would read it.
    """
    if not html.strip():
        return EMPTY
    found, tokens = BodyFacts(slug, settings), Tokens(html)
    if has_bare(tokens) and (linked := link_bare(html, found.hosts.add)) != html:
        html, tokens = linked, Tokens(linked)
    if len(tokens.tags) > MAX_DEPTH:
        check_depth(html)
    if (
        settings.stock
        or not is_simple(tokens, html)
        or may_have_insets(tokens, html, settings)
        or may_have_fences(html)
    ):
        html = rework(html, found)
        tokens = Tokens(html)
    _set(tokens, found)
    written, excerpt = cut(tokens.write().strip())
    has_more = MORE in html
    blocks = block_texts(tokens)
    if "note-title" in tokens.said:
        blocks = [(place, in_english(text)) for place, text in blocks]
    shown: list[tuple[int, str]] = []
    if has_more:
        shown = list(_above(blocks))
        blocks = [(place, text.replace(MORE, "").strip()) for place, text in blocks if text != MORE]
    plain = "\n".join([text for _, text in blocks])
    return Body(
        html=written,
        excerpt=excerpt,
        toc=tuple(found.headings),
        links=found.link_values(),
        images=tuple(found.pictures),
        anchors=tuple(found.anchors),
        text=plain,
        lead="" if has_summary else find_lead(tokens, shown or blocks, len(shown)),
        players=tuple(found.players),
        frames=tuple(found.frames),
        contacts=tuple(sorted(found.contacts)),
        fences=tuple(found.fences),
        words=len(plain.split()) if has_more or "pre" in tokens.places else _count(plain, len(blocks)),
    )


def _above(blocks: list[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    """Yield the blocks above the mark, and the part above it of the block that contains it."""
    for place, text in blocks:
        above, mark, _ = text.partition(MORE)
        if not mark or above.strip():
            yield place, above.strip()
        if mark:
            return


def _count(plain: str, blocks: int) -> int:
    """Count the words of a text in which each space and each line end separates two words."""
    return plain.count(" ") + blocks


def _set(tokens: Tokens, found: BodyFacts) -> None:
    """Run the steps that need no tree; each works on the result of those before."""
    if found.settings.emoji:
        set_emoji(tokens, code_texts(tokens), found.hosts)
    if found.settings.typography:
        set_typography(tokens, found.settings.language, found.hosts)
    mark_pictures(tokens, found)
    mark_insets(tokens)
    mark_links(tokens, found)
    mark_ids(tokens, found)
    mark_code(tokens)
    align_cells(tokens)
    wrap_tables(tokens)
    mark_headings(tokens, found)
