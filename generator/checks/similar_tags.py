"""Tags that differ by a letter, a plural or a hyphen: readers find half of the posts under each."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator

from generator.engine.tools.built_site import BuiltSite
from generator.errors import Problem, note
from generator.site.index_model import Tag
from generator.text.counts import format_count
from generator.text.quoting import quote


def similar_tags(site: BuiltSite) -> Iterator[Problem]:
    """Find tags that are spelled alike: only in spaces, hyphens, accents, or a plural ending."""
    groups: dict[str, list[Tag]] = defaultdict(list)
    for tag in site.index.tags.values():
        groups[_fold(tag.name)].append(tag)
    for alike in groups.values():
        best = max(alike, key=lambda tag: (tag.count, tag.name))
        for tag in alike:
            if tag is not best:
                yield from _say(site, tag, best)


def _say(site: BuiltSite, tag: Tag, best: Tag) -> Iterator[Problem]:
    message = (
        f"The tag {quote(tag.name)} ({format_count(tag.count, 'post')}) is spelled almost as {quote(best.name)} "
        f"({format_count(best.count, 'post')})."
    )
    hint = f"If they mean the same, write {quote(best.name)} in the posts of {quote(tag.name)}."
    for path in tag.posts[:20]:
        line, column = site.locate(path, tag.name, "tags")
        yield note(path, "similar-tags", message, hint, line=line, column=column)


def _fold(name: str) -> str:
    plain = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c)).casefold()
    words = re.findall(r"[\w+#]+", plain)  # C, C++ and C# are three
    return "".join(_singular(word) for word in words) or plain


def _singular(word: str) -> str:
    """Cut an English, French or Spanish plural ending: `policies` and `policy`, `phones` and `phone`."""
    if len(word) < 5 or not word.isascii() or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") else word
