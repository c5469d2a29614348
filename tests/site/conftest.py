from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from generator.config import Config
from generator.errors import Problem
from generator.model import Document, Kind, Meta
from generator.site.index import IndexSources, build_index
from generator.site.index_model import SiteIndex
from generator.site.publication import Publication

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
MakeDocument = Callable[..., Document]
Indexed = tuple[SiteIndex, tuple[Problem, ...]]
MakeIndex = Callable[..., Indexed]


@pytest.fixture
def document() -> MakeDocument:
    """Make a document: `document("a", date="2024-01-01", tags=("x",))`."""

    def make(name: str, *, kind: Kind = Kind.POST, date: str = "2024-01-01", **meta: Any) -> Document:
        folder = {Kind.POST: "posts", Kind.PAGE: "pages", Kind.ISSUE: "newsletters"}[kind]
        moment = None if kind is Kind.PAGE else datetime.fromisoformat(date).replace(tzinfo=UTC)
        values = {"title": name.title(), "slug": name.rsplit("/", 1)[-1], "id": name} | meta
        return Document(f"content/{folder}/{name}.md", Meta(kind=kind, date=moment, **values), "Lead.", 2)

    return make


@pytest.fixture
def index() -> MakeIndex:
    """Build an index of documents as of a fixed day."""

    def make(
        *documents: Document, config: Config | None = None, **options: Any
    ) -> tuple[SiteIndex, tuple[Problem, ...]]:
        config = config or Config(title="T", url="https://example.org/")
        files: dict[str, str | None] = options.pop("files", {})
        made = build_index(documents, IndexSources(config, Publication(NOW, **options), files))
        return made.index, made.problems

    return make
