"""A post or page with what its front matter and dialect define."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.importers.import_model import ImportedPost
from generator.importers.markdown.dialect import Dialect
from generator.importers.markdown.project_settings import ProjectSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkdownPost(ImportedPost):
    """A source as read and mapped.

    `values` are the plain texts of its own keys, for template tags; `own_url` is the address in its front matter, ""
    for none; `categories` are the tags that were categories.
    """

    dialect: Dialect
    project: ProjectSettings = field(default_factory=ProjectSettings)
    values: Mapping[str, str] = field(default_factory=dict)
    own_url: str = ""
    categories: tuple[str, ...] = ()
    translation_key: str = ""
