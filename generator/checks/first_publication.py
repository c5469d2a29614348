"""What a new site should no longer have when it is first published: the examples, and gaps where readers look first."""

from __future__ import annotations

from collections.abc import Iterator

from generator.engine.tools.built_site import BuiltSite
from generator.errors import Problem, warning
from generator.markup.dom import parse_html
from generator.model import Kind
from generator.text.toml_positions import Positions
from generator.text.toml_settings import read_settings

EXAMPLES = (
    "Every post is a text file like this one, in the folder content/posts.",
    "Write here who you are, what you write about, and how readers can reach you.",
    "Write here who keeps records of requests, what you do with comments and e-mail addresses,",
)
"""Words of each text that `init` writes, as readers see it."""
EXAMPLE_DESCRIPTION = "Letters and news."
"""The description that `init` writes into site.toml."""


def first_publication(site: BuiltSite) -> Iterator[Problem]:
    """Find the examples as `init` wrote them, and a site without author or description."""
    for path in site.index.cards:
        if any(sentence in _text(site, path) for sentence in EXAMPLES):
            message = "This is still the example that came with the site."
            yield warning(path, "example-text", message, "Write your own text, or delete the file.", line=1)
    yield from _description(site)
    posts = [card for card in site.index.cards.values() if card.kind is Kind.POST]
    if posts and not any(card.authors for card in posts):
        message = "No post names an author, so readers do not know who writes."
        hint = "Add to each post: author: your name"
        yield warning(posts[0].key, "no-author", message, hint, line=1)


def _description(site: BuiltSite) -> Iterator[Problem]:
    if not site.config.description:
        message = "The site has no description: search engines and feeds have nothing to say about it."
        yield warning("site.toml", "no-description", message, 'Add: description = "What this site is about"')
    elif site.config.description == EXAMPLE_DESCRIPTION:
        place = Positions(read_settings(site.root / "site.toml", "site.toml")).place(("description",))
        message = "The description is still the example that came with the site; search engines and feeds show it."
        hint = 'Write: description = "What this site is about"'
        yield warning("site.toml", "example-text", message, hint, line=place.line, column=place.value)


def _text(site: BuiltSite, path: str) -> str:
    body = site.body(path)
    if body is None or not any(sentence[:20] in body.html for sentence in EXAMPLES):
        return ""
    return " ".join("".join(str(part) for part in parse_html(body.html).itertext()).split())
