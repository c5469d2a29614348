"""Decide from its front matter whether a source was public."""

from __future__ import annotations

from generator.content.known import HIDING
from generator.importers.import_model import Origin, Topic
from generator.importers.markdown.dates import parse_date
from generator.importers.markdown.front_matter_keys import FrontMatterKeys, truth
from generator.importers.markdown.hugo import list_unpublished_keys
from generator.text.tree import Text


def is_hidden(keys: FrontMatterKeys, origin: Origin) -> bool:
    """Return True if a source was not public; an unreadable value counts as not public."""
    hidden = "/_drafts/" in f"/{origin.rel}"
    for name, value in keys.take("draft"):
        hidden |= truth(value) is not False
        if truth(value) is None:
            keys.note(Topic.HIDDEN, f"`{name}` is neither true nor false.", value)
        elif truth(value) and not value.line:
            keys.note(Topic.HIDDEN, f"`{name}: true` is set for its whole folder or site.")
    hidden |= _unmade(keys)
    for name, value in keys.take("password", "encrypt", "protected"):
        if truth(value) is not False:
            said = f"`{name}` hid it from most readers. The value is not copied."
            keys.note(Topic.HIDDEN, said, value)
            hidden = True
    for folded, public in HIDING.items():
        for name, value in keys.take(folded):
            said = value.text.strip().lower() if isinstance(value, Text) else ""
            if folded == "published" and _is_date(said):
                keys.put_back("published_at" if keys.look("published_at") is None else name, value)
            elif said not in public:
                hidden = True
                keys.note(Topic.HIDDEN, f"`{name}: {said[:40]}` hid it.", value)
    return hidden


def _unmade(keys: FrontMatterKeys) -> bool:
    """Return True if Hugo or Zola made no page of it: `headless`, `render = false`, `build: {render: never}`."""
    found = list_unpublished_keys(keys)
    for name, value in found:
        keys.note(Topic.HIDDEN, f"`{name}`: the old site had no page for it.", value)
    return bool(found)


def _is_date(text: str) -> bool:
    try:
        parse_date(text)
    except ValueError:
        return False
    return True
