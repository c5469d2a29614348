"""The reader of blogs that are folders of Markdown and HTML files."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from generator.config import Config
from generator.importers.import_model import ImportOptions, PlacedPost
from generator.importers.markdown.collect import collect_sources
from generator.importers.markdown.emoji_names import replace_emoji_names
from generator.importers.markdown.heading_ids import list_heading_ids
from generator.importers.markdown.jekyll import mark_excerpt
from generator.importers.markdown.kramdown import drop_attributes
from generator.importers.markdown.markdown_post import MarkdownPost
from generator.importers.markdown.mkdocs import convert_mkdocs_text
from generator.importers.markdown.pelican import parse_pelican_link
from generator.importers.markdown.template_tags import TagContext, resolve_tags
from generator.importers.markdown.zola import SOURCE_LINK
from generator.importers.reader import Collected, ConvertedText, LinkReference, References


class MarkdownReader:
    """Reads folders of posts for Hugo, Jekyll, Zola, Pelican, Eleventy and similar generators."""

    name = "markdown"

    def close(self) -> None:
        """Do nothing: this reader keeps no files."""

    def collect(self, root: Path, options: ImportOptions, config: Config) -> Collected:
        """Read all of the sources."""
        return collect_sources(root, options, config)

    def convert_text(self, post: PlacedPost, references: References) -> ConvertedText:
        """Resolve the template tags of a text, and remove attribute lists."""
        source = post.draft
        assert isinstance(source, MarkdownPost)
        context = TagContext(source, source.project.texts, references)
        text = drop_attributes(resolve_tags(mark_excerpt(source), context), source, context.notes)
        text = convert_mkdocs_text(replace_emoji_names(text, source, context.notes), source, context.notes)
        return ConvertedText(text, tuple(context.notes))

    def parse_link(self, address: str) -> LinkReference:
        """Parse an address; texts may contain links in another dialect."""
        found = parse_pelican_link(address) or LinkReference(address)
        if not found.rooted and unquote(urlsplit(found.address).path).startswith(SOURCE_LINK):
            return LinkReference(found.address.removeprefix("@"), from_sources=True)
        return found

    def heading_ids(self, words: str) -> set[str]:
        """Return the ids of a heading in all dialects."""
        return list_heading_ids(words)
