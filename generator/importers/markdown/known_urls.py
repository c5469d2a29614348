"""Find the old addresses of posts in their front matter and in the project's settings."""

from __future__ import annotations

import re
from dataclasses import replace

from generator.config import Config
from generator.importers.markdown.jekyll import URL_STYLES
from generator.importers.markdown.markdown_post import MarkdownPost
from generator.importers.markdown.url_pattern import expand_pattern
from generator.importers.url_index import checked_url
from generator.model import Kind


def add_known_urls(post: MarkdownPost, old_address: str, config: Config) -> MarkdownPost:
    """Add the known old addresses of a post; `old_address` is the user's pattern, "" for none."""
    project = post.project
    pattern = _own_pattern(post) or old_address or _pattern_for(post)
    usual = project.default_language if project.root is not None else config.language
    # If the new site has the same base path, its aliases are below it anyway.
    base = "" if f"/{project.base}/" == config.base_path else project.base
    return replace(
        post,
        urls=tuple(_list_urls(post, pattern, base, usual)),
        url_known=bool(post.own_url or (pattern and (post.kind is Kind.POST or post.origin.collection))),
        usual_url=post.dialect.usual_url(post),
        url_base=_with_language(project.base, post, usual),
    )


def _own_pattern(post: MarkdownPost) -> str:
    """Return a post's own pattern: `permalink: /notes/:year/:title/`."""
    for name in ("permalink", "url"):
        written = post.values.get(name, "").strip()
        if re.search(r":[a-z]", written) and not re.search(r"[{}]|://", written):
            return written
    return ""


def _pattern_for(post: MarkdownPost) -> str:
    project, origin = post.project, post.origin
    if origin.collection:
        return project.collections.get(origin.collection) or "/:collection/:path:output_ext"
    section = origin.group.removeprefix("content/").partition("/")[0]
    return project.patterns.get(section) or project.patterns.get("") or ""


def _list_urls(post: MarkdownPost, pattern: str, base: str, usual_language: str) -> list[str]:
    found = list(post.old)
    made = expand_pattern(URL_STYLES.get(pattern, pattern), post) if pattern and not post.own_url else ""
    if made:
        found.append("/" + _with_language(made.lstrip("/"), post, usual_language, before=True))
    return [address for each in found if (address := checked_url(f"/{base}/{each.lstrip('/')}" if base else each))]


def _with_language(path: str, post: MarkdownPost, usual: str, *, before: bool = False) -> str:
    """Add the folder of a language other than the default: after a path, or before it."""
    lang = post.origin.lang.lower()
    if not post.dialect.language_folders or lang in ("", usual.lower()):
        return path
    return f"{lang}/{path}" if before else "/".join(filter(None, (path, lang)))
