"""What a dialect of Markdown blogs may do in its own way; each module of a dialect has one of these."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from generator.importers.markdown import liquid_tags
from generator.importers.markdown.template_tags import RAW_SECTIONS, TagMatch, parse_call, resolve_sections

if TYPE_CHECKING:
    from generator.importers.import_model import Origin
    from generator.importers.markdown.markdown_post import MarkdownPost
    from generator.importers.markdown.template_tags import TagContext


class Dialect:
    """A generator's ways, as far as they differ; this one has those of no generator that we know.

    `leaf_bundles`: an index is always a bundle's, and other texts in its folder are no pages. `language_folders`: each
    language but the usual one has a folder in addresses. `named_by_title`: an address is made of the title, not of the
    file's name. `spaced_labels`: a text without capitals holds one tag a word. `attribute_lists`: the text may hold
    kramdown's. `html_heads`: an HTML page tells about itself in its head. `template_tags`: texts may hold tags.
    """

    label: ClassVar[str] = "another generator"
    commonmark: ClassVar[bool] = True
    leaf_bundles: ClassVar[bool] = False
    language_folders: ClassVar[bool] = False
    named_by_title: ClassVar[bool] = False
    spaced_labels: ClassVar[bool] = False
    attribute_lists: ClassVar[bool] = False
    html_heads: ClassVar[bool] = False
    template_tags: ClassVar[bool] = True

    def undated_is_page(self, origin: Origin) -> bool:
        """Tell whether a source without a date is a page."""
        return False

    def usual_url(self, post: MarkdownPost) -> str:
        """Guess the address that a post has unless told otherwise, "" if there is no usual one."""
        return ""

    def url_words(self, post: MarkdownPost) -> dict[str, str]:
        """Return the words that patterns of addresses may hold, where they mean something else than usual."""
        return {}

    def translation_group(self, post: MarkdownPost) -> str:
        """Return what a post shares with its translations, if this is not the path of its source; else ""."""
        return ""

    def is_tag(self, match: TagMatch) -> bool:
        """Tell whether the generator would take this for a tag."""
        return match["short"] is None

    def resolve_tag(self, match: TagMatch, context: TagContext, *, html: bool) -> str | None:
        """Turn a tag into a link, a picture or a text; None leaves it as it is."""
        if match["output"] is not None:
            return liquid_tags.resolve_output(match["output"].strip("- \t\n"), context)
        return liquid_tags.resolve_liquid_tag(
            parse_call(match["tag"], match["args"].rstrip("- \n"), html=html), context
        )

    def unprotect(self, text: str, context: TagContext) -> str:
        """Take off the protection of raw text, turn highlighted code into fences, and drop comments.

        The number of lines stays, so that places keep theirs.
        """
        return resolve_sections(text, RAW_SECTIONS, context) if "{%" in text else text
