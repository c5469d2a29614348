"""Templates that make every page read what changes with every post: each new post then renders the whole site."""

from __future__ import annotations

from collections.abc import Iterator

from generator.engine.tools.built_site import BuiltSite
from generator.errors import Problem, warning
from generator.site import keys
from generator.text.counts import format_count

_EVERY_POST = {
    kind.name: words
    for kind, words in (
        (keys.NEWEST, "the newest posts"),
        (keys.CHUNK, "a list of posts"),
        (keys.TAGS, "the tags with their numbers of posts"),
        (keys.MONTHS, "the archive's months"),
        (keys.ALL_SERIES, "the list of all series"),
        (keys.COUNT, "a number of posts"),
    )
}
"""The kinds of key whose results change with each new post, or nearly so."""
_SHARE = 0.5
_LEAST = 20


def fan_out(site: BuiltSite) -> Iterator[Problem]:
    """Find keys that change with every post and that at least half of all documents' pages read."""
    pages = len(site.index.cards)
    for key, readers in sorted(site.readers.items()):
        words = _words(key.partition("|")[0])
        if words and readers >= max(_LEAST, _SHARE * pages):
            message = f"{format_count(readers, 'page')} of {pages:,} show {words}, which a new post may change."
            hint = "Show it on the home page alone: every new post now renders all of these pages again."
            yield warning(f"themes/{site.config.theme}", "fan-out", message, hint)


def _words(kind: str) -> str:
    """Describe a kind of key that a new post may change; "" for others."""
    if kind.startswith(keys.ADDED.name):
        return f"what the query {kind.removeprefix(keys.ADDED.name)} finds in the whole site"
    return _EVERY_POST.get(kind, "")
