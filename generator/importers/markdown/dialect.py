"""The differences between dialects of Markdown blogs; each dialect's module defines one `Dialect`."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from generator.importers.markdown import liquid_tags
from generator.importers.markdown.template_tags import RAW_SECTIONS, TagMatch, parse_call, resolve_sections

if TYPE_CHECKING:
    from generator.importers.import_model import Origin
    from generator.importers.markdown.markdown_post import MarkdownPost
    from generator.importers.markdown.template_tags import TagContext


class Dialect:
    """How one generator works, where generators differ; the base class is for an unknown generator.

    `leaf_bundles`: an index always makes a bundle, and other texts in its folder are not pages. `language_folders`:
    addresses in every language but the default begin with its folder. `named_by_title`: addresses come from the title,
    not the file name. `spaced_labels`: a lower-case text holds one tag per word. `semicolons`: a text with a semicolon
    is split only there. `attribute_lists`: texts may contain kramdown's attribute lists. `html_heads`: HTML pages have
    metadata in their head. `template_tags`: texts may contain template tags; `tags_in_code`: also in code.
    """

    label: ClassVar[str] = "another generator"
    commonmark: ClassVar[bool] = True
    leaf_bundles: ClassVar[bool] = False
    language_folders: ClassVar[bool] = False
    named_by_title: ClassVar[bool] = False
    spaced_labels: ClassVar[bool] = False
    attribute_lists: ClassVar[bool] = False
    html_heads: ClassVar[bool] = False
    semicolons: ClassVar[bool] = False
    template_tags: ClassVar[bool] = True
    tags_in_code: ClassVar[bool] = False

    def undated_is_page(self, origin: Origin) -> bool:
        """Return True if a source without a date is a page."""
        return False

    def usual_url(self, post: MarkdownPost) -> str:
        """Guess a post's default address, "" if there is none."""
        return ""

    def url_words(self, post: MarkdownPost) -> dict[str, str]:
        """Return the words in address patterns that have another meaning than usual."""
        return {}

    def translation_group(self, post: MarkdownPost) -> str:
        """Return what a post shares with its translations, "" if that is the path of its source."""
        return ""

    def is_tag(self, match: TagMatch) -> bool:
        """Return True if this is a template tag for the generator."""
        return match["short"] is None and match["broken"] is None

    def resolve_tag(self, match: TagMatch, context: TagContext, *, html: bool) -> str | None:
        """Convert a tag to a link, a picture or a text; None leaves it unchanged."""
        if match["output"] is not None:
            return liquid_tags.resolve_output(match["output"].strip("- \t\n"), context)
        return liquid_tags.resolve_liquid_tag(
            parse_call(match["tag"], match["args"].rstrip("- \n"), html=html), context
        )

    def unprotect(self, text: str, context: TagContext) -> str:
        """Unwrap raw text, turn highlighted code into fences, and remove comments.

        The number of lines stays the same, so that notes show the right line.
        """
        return resolve_sections(text, RAW_SECTIONS, context) if "{%" in text else text
