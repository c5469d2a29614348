"""Structured data for search engines, as JSON-LD 1.1.

Source: schema.org BlogPosting, WebSite, Organization, BreadcrumbList and ProfilePage.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from markupsafe import Markup

from generator.render.srcset import picture_for_programs
from generator.site.index_model import Author, Card

if TYPE_CHECKING:
    from generator.render.facade import Site

PORTRAIT_WIDTH = 640
"""The widest file of an author's portrait that programs are given, in pixels."""
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def posting(site: Site, doc: Card, canonical: str, image: str) -> dict[str, Any]:
    """Describe a post. Dates carry their zone; empty facts are left out."""
    assert doc.date is not None, "a post has a date"
    facts: dict[str, Any] = {
        "@type": "BlogPosting",
        "headline": doc.title,
        "description": doc.description,
        "datePublished": doc.date.isoformat(),
        "dateModified": (doc.updated or doc.date).isoformat(),
        "author": [_person(site, author) for author in doc.authors] or _publisher(site),
        "publisher": _publisher(site),
        "image": image,
        "inLanguage": doc.lang,
        "keywords": [tag.name for tag in doc.tags],
        "mainEntityOfPage": canonical,
        "url": canonical,
        "wordCount": site.stored_body(doc.key).words,
        "commentCount": doc.comment_count,
    }
    return {name: value for name, value in facts.items() if value}


def website(site: Site) -> Markup:
    """Describe the site, on its front page."""
    facts = {
        "@type": "WebSite",
        "name": site.title,
        "url": site.url,
        "description": site.description,
        "inLanguage": site.language,
        "publisher": _publisher(site),
    }
    return in_script({name: value for name, value in facts.items() if value})


def breadcrumbs(site: Site, way: Sequence[tuple[str, str]], title: str, url: str) -> dict[str, Any]:
    """Describe the way to a page, from the front page over `way` (title and root-relative URL each) to itself."""
    steps = [(site.title, site.home), *way, (title, url)]
    places = [
        {"@type": "ListItem", "position": place, "name": name, "item": site.absolute(at)}
        for place, (name, at) in enumerate(steps, 1)
    ]
    return {"@type": "BreadcrumbList", "itemListElement": places}


def profile(site: Site, author: Author) -> dict[str, Any]:
    """Describe the page of an author."""
    image = site.absolute(picture_for_programs(site, author.image, PORTRAIT_WIDTH).src) if author.image else ""
    person = {**_person(site, author), "description": author.bio, "image": image, "sameAs": author.url}
    return {"@type": "ProfilePage", "mainEntity": {name: value for name, value in person.items() if value}}


def _publisher(site: Site) -> dict[str, Any]:
    """Describe who publishes: the organisation that site.toml names, else the site itself; with the theme's logo."""
    logo = site.theme.get("logo", "")
    facts = {"@type": "Organization", "name": site.organisation or site.title, "url": site.url}
    return {**facts, "logo": site.absolute(site.link(logo))} if logo else facts


def _person(site: Site, author: Author) -> dict[str, str]:
    page = site.absolute(author.page) if author.page else author.url
    facts = {"@type": "Person", "name": author.name, "url": page, "jobTitle": author.role}
    return {name: value for name, value in facts.items() if value}


def in_script(*facts: dict[str, Any]) -> Markup:
    """Write JSON that is safe in a script element: nothing in it can end the element."""
    whole = facts[0] if len(facts) == 1 else {"@graph": list(facts)}
    text = msgspec.json.encode({"@context": "https://schema.org", **whole}).decode()
    for character, escape in _ESCAPES.items():
        text = text.replace(character, escape)
    return Markup(text)  # noqa: S704 escaped above
