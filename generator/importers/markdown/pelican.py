"""Pelican: its settings, headers and HTML heads, its links `{filename}…`, its addresses."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

from generator.content.read import decode_source, read_source
from generator.importers.import_model import Origin
from generator.importers.markdown.dialect import Dialect
from generator.importers.markdown.markdown_post import MarkdownPost
from generator.importers.markdown.pelican_rules import PelicanRules
from generator.importers.markdown.project_settings import ProjectSettings
from generator.importers.markdown.python_settings import plain_texts, read_python_settings
from generator.importers.markdown.source_text import SourceText
from generator.importers.reader import LinkReference
from generator.importers.url_index import canonical, checked_url
from generator.model import Kind
from generator.slugs import slugify

_PREFIX = re.compile(r"[{|](filename|static|attach|index)[}|]/?")
_LISTING = re.compile(r"[{|](category|tag|author)[}|](.+)")


class PelicanDialect(Dialect):
    """The dialect of Pelican, which uses Python-Markdown."""

    label = "Pelican"
    commonmark = False
    named_by_title = True
    html_heads = True
    semicolons = True
    template_tags = False

    def usual_url(self, post: MarkdownPost) -> str:
        """Guess the address: the slug, of pages below `pages`."""
        if post.kind is not Kind.PAGE:
            return checked_url(f"/{post.slug}.html")
        slug = post.slug if "slug" in post.values else slugify(post.title)
        return "" if post.origin.section else checked_url(f"/pages/{slug}.html")

    def url_words(self, post: MarkdownPost) -> dict[str, str]:
        """Return the slug, made from the title."""
        return {"title": post.slug, "slug": post.slug, "slugorfilename": post.slug}

    def translation_group(self, post: MarkdownPost) -> str:
        """Return the slug: articles in several languages with one slug are translations."""
        return f"slug {post.slug}" if post.kind is Kind.POST else ""


PELICAN = PelicanDialect()


def read_pelican_settings(root: Path, text: str) -> ProjectSettings | None:
    """Read the assignments in `pelicanconf.py` and, if it exists, `publishconf.py`, without running them."""
    name = "pelicanconf.py"
    if (root / "publishconf.py").is_file():
        name = "publishconf.py"
        text = decode_source(name, read_source(root / name, name))
    found = read_python_settings(root, name, text)
    texts = plain_texts(found.values)
    patterns = {"": texts["ARTICLE_URL"]} if texts.get("ARTICLE_URL") else {}
    url = texts.get("SITEURL", "")
    base = urlsplit(url).path.strip("/")
    rules = PelicanRules(root, found)
    return ProjectSettings(
        root,
        PELICAN,
        url if "://" in url else "",
        base,
        patterns,
        texts,
        rules=rules,
        emoji="emoji" in str(found.known("MARKDOWN", "")),
        title=texts.get("SITENAME", ""),
        timezone=texts.get("TIMEZONE", ""),
    )


def has_pelican_headers(text: SourceText, origin: Origin) -> bool:
    """Return True if a source begins with headers, `Title: …`."""
    return text.mark == ":"


def parse_pelican_link(address: str) -> LinkReference | None:
    """Parse `{filename}/a.md`, `{static}a.png` and `{tag}Field%20notes`; None for any other address."""
    if listing := _LISTING.fullmatch(unquote(address)):
        return LinkReference("", listing=f"{listing[1]}/{canonical(slugify(listing[2]))}")
    prefix = _PREFIX.match(address)
    return LinkReference(address[prefix.end() :], rooted=prefix[0].endswith("/")) if prefix else None
