"""Structured data for search engines. Source: schema.org BlogPosting and WebSite, as JSON-LD 1.1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import Markup

from generator.site.index_model import Author, Card

if TYPE_CHECKING:
    from generator.render.facade import Site

_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def posting(site: Site, doc: Card, canonical: str, image: str) -> Markup:
    """Describe a post. Dates carry their zone; empty facts are left out."""
    assert doc.date is not None, "a post has a date"
    facts: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "headline": doc.title,
        "description": doc.description,
        "datePublished": doc.date.isoformat(),
        "dateModified": (doc.updated or doc.date).isoformat(),
        "author": [_person(site, author) for author in doc.authors] or {"@type": "Organization", "name": site.title},
        "publisher": {"@type": "Organization", "name": site.title, "url": site.url},
        "image": image,
        "inLanguage": doc.lang,
        "keywords": [tag.name for tag in doc.tags],
        "mainEntityOfPage": canonical,
        "url": canonical,
        "wordCount": site.stored_body(doc.key).words,
        "commentCount": doc.comment_count,
    }
    return _script({name: value for name, value in facts.items() if value})


def website(site: Site) -> Markup:
    """Describe the site, on its front page."""
    return _script(
        {
            "@context": "https://schema.org",
            "@type": "WebSite",
            "name": site.title,
            "url": site.url,
            **({"description": site.description} if site.description else {}),
            "inLanguage": site.language,
        }
    )


def _person(site: Site, author: Author) -> dict[str, str]:
    page = site.absolute(author.page) if author.page else author.url
    facts = {"@type": "Person", "name": author.name, "url": page, "jobTitle": author.role}
    return {name: value for name, value in facts.items() if value}


def _script(value: dict[str, Any]) -> Markup:
    """Write JSON that is safe in a script element: nothing in it can end the element."""
    text = msgspec.json.encode(value).decode()
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return Markup(text)  # noqa: S704 escaped above
