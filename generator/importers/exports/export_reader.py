"""What the readers of exports share: texts from the store become Markdown, comments are cleaned."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from generator.config import Config
from generator.importers.cut_html import describe_cut
from generator.importers.exports.export_comments import make_comments
from generator.importers.exports.store import ExportStore, KeptText
from generator.importers.exports.to_markdown import to_markdown
from generator.importers.exports.writer import check_libraries
from generator.importers.import_model import ImportOptions, Note, PlacedPost, Topic
from generator.importers.reader import Collected, ConvertedText, LinkReference, References
from generator.markup.settings import MarkupSettings
from generator.slugs import slugify


class ExportReader:
    """A reader whose texts are HTML in a store. `collect` of each fills the store."""

    name = ""

    def __init__(self) -> None:
        self.store = ExportStore()
        self._config: Config | None = None

    def close(self) -> None:
        """Delete the store."""
        self.store.close()

    def collect(self, root: Path, options: ImportOptions, config: Config) -> Collected:
        """Read the whole export. Raises: OSError."""
        check_libraries()
        self._config = config
        return self.read(options, config)

    def read(self, options: ImportOptions, config: Config) -> Collected:
        """Read the files of the export into the store. Raises: OSError."""
        raise NotImplementedError

    def html_of(self, text: KeptText) -> tuple[str, Sequence[tuple[Topic, str]]]:
        """Return the HTML that readers of the old site saw, and what to note about it."""
        return text.html, ()

    def convert_text(self, post: PlacedPost, references: References) -> ConvertedText:
        """Convert a text to Markdown, and clean the comments."""
        assert self._config is not None
        config, shown = self._config, post.draft.origin.path
        settings = markup_settings(config)
        html, said = self.html_of(self.store.text(post.draft.origin.rel))
        notes = [*post.draft.notes, *(Note(topic, words, shown) for topic, words in said)]
        made = to_markdown(html, settings)
        notes += [Note(Topic.CUT_HTML, describe_cut(name), shown) for name in made.removed]
        notes += [Note(Topic.TEXT, made.lost, shown)] if made.lost else []
        day = post.draft.date
        published = datetime(day.year, day.month, day.day, tzinfo=config.zone) if day else None
        kept = self.store.comments(post.draft.origin.rel)
        comments, more, pages = make_comments(kept, settings, config.zone, published, shown)
        for page in pages:
            words = " ".join(page.get(key, "") for key in ("date", "title", "url")).strip()
            more.append(Note(Topic.MENTION, words, shown))
        return ConvertedText(made.text, (*notes, *more), comments)

    def parse_link(self, address: str) -> LinkReference:
        """Return an address unchanged."""
        return LinkReference(address)

    def heading_ids(self, words: str) -> set[str]:
        """Return the id that a heading had: these programs give ids by themselves, or none."""
        return {slugify(words)}


def markup_settings(config: Config) -> MarkupSettings:
    """Return the settings by which the site's texts are rendered."""
    markup = config.markup
    return MarkupSettings(engine=markup.engine, language=config.language, raw_html=markup.raw_html)
