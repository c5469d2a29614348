"""Format the front matter and text of a post as a source file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from generator.content.meta import source_stem
from generator.importers.import_model import PlacedPost
from generator.model import Kind
from generator.slugs import slug_or_digest
from generator.text.dates import date_from_name

_BARE = ("date", "updated", "expires")
_ORDER = (
    "title", "date", "updated", "slug", "id", "authors", "tags", "series", "part", "pinned", "summary", "description",
    "image", "image_alt", "lang", "translation_of", "draft", "expires", "comments", "aliases", "extra",
)  # fmt: skip


def format_post(post: PlacedPost, aliases: list[str], text: str, **changed: Any) -> str:
    """Format a post's file: front matter in the usual order, then its text. `changed` values replace the draft's."""
    draft = post.draft
    values: dict[str, Any] = {**draft.head, **changed}
    values |= {"id": post.id, "aliases": aliases, "extra": dict(draft.extra), "lang": post.lang}
    values["translation_of"] = post.translation_of
    values["slug"] = "" if _implied(post) == post.slug else post.slug
    lines = [_line(key, values[key]) for key in _ORDER if _says(values.get(key))]
    body = text.strip("\n")
    return f"---\n{''.join(lines)}---\n" + (f"\n{body}\n" if body else "")


def _implied(post: PlacedPost) -> str:
    """Return the slug that the file name implies."""
    stem = source_stem(post.path)
    if post.draft.kind is Kind.PAGE:
        return slug_or_digest(stem, "page")
    return slug_or_digest(date_from_name(stem)[1] or stem, post.draft.kind.value)


def _says(value: Any) -> bool:
    return value is False or value == 0 or bool(value)


def _line(key: str, value: Any) -> str:
    if key in _BARE:  # write our dates unquoted, because people edit them; YAML would quote them
        return f"{key}: {value}\n"
    return _dump({key: value})


def _dump(values: Mapping[str, Any]) -> str:
    import yaml

    text: str = yaml.dump(
        dict(values), Dumper=_dumper(), allow_unicode=True, sort_keys=False, default_flow_style=False, width=10_000
    )
    return text


@cache
def _dumper() -> Any:
    """Make our YAML dumper class, which repeats a value instead of writing an alias."""
    import yaml

    class PlainDumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    return PlainDumper
