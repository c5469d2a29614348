"""What a new site should no longer have when it is first published: the examples, and gaps where readers look first."""

from __future__ import annotations

from collections.abc import Iterator

from generator.engine.tools.built_site import BuiltSite
from generator.errors import Problem, warning
from generator.markup.dom import parse_html
from generator.model import Kind

EXAMPLES = (
    "Every post is a text file like this one, in the folder content/posts.",
    "Write here who you are, what you write about, and how readers can reach you.",
)
"""A sentence of each text that `init` writes."""


def first_publication(site: BuiltSite) -> Iterator[Problem]:
    """Find the example post and pages as `init` wrote them, and a site without author or description."""
    for path in site.index.cards:
        if any(sentence in _text(site, path) for sentence in EXAMPLES):
            message = "This is still the example that came with the site."
            yield warning(path, "example-text", message, "Write your own text, or delete the file.", line=1)
    if not site.config.description:
        message = "The site has no description: search engines and feeds have nothing to say about it."
        yield warning("site.toml", "no-description", message, 'Add: description = "What this site is about"')
    posts = [card for card in site.index.cards.values() if card.kind is Kind.POST]
    if posts and not any(card.authors for card in posts):
        message = "No post names an author, so readers do not know who writes."
        hint = "Add to each post: author: your name"
        yield warning(posts[0].key, "no-author", message, hint, line=1)


def _text(site: BuiltSite, path: str) -> str:
    body = site.body(path)
    if body is None or not any(sentence[:20] in body.html for sentence in EXAMPLES):
        return ""
    return " ".join("".join(str(part) for part in parse_html(body.html).itertext()).split())
