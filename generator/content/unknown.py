"""Judge the keys that are not ours: a warning with a guess, or an error where publishing could do harm."""

from __future__ import annotations

from collections.abc import Collection

from generator.content.known import HIDING, KEYS, PATHS, guess_key
from generator.model import Kind
from generator.text.short_text import printable
from generator.text.tree import Text, Value
from generator.text.written_rules import Fields, shown

_MAX_DIGITS = 300
_EXTRA = "Put keys of your own below extra, or remove it."


def judge_unknown(fields: Fields, kind: Kind, known_extra: Collection[str]) -> None:
    """Report every key that `kind` does not have.

    An error, so that the source is left out: a key that hides a source elsewhere (`published: false`), one that is
    nearly `draft`, a template named outside the site, a number that no program can hold.
    """
    for name, key, value in fields.unknown(KEYS[kind]):
        if name not in known_extra and not _harmful(fields, name, key, value, kind):
            _report(fields, name, key, kind)


def _harmful(fields: Fields, name: str, key: Text, value: Value, kind: Kind) -> bool:
    folded = name.strip().lower()
    if folded in HIDING:
        public = type(value) is Text and value.text.strip().lower() in HIDING[folded]
        if not public:
            what = f"{shown(value)} hides a source in other generators, but is no key of ours."
            fields.error(printable(name, 60), value, what, "Write draft: true to hide it, or remove the line.", "draft")
        return not public
    if guess_key(name, kind) == "draft":
        hint = "Write draft: true or draft: false."
        fields.error(
            printable(name, 60), key, "Is this meant to be draft? Until that is clear it stays out.", hint, "draft"
        )
        return True
    if type(value) is not Text:
        return False
    text = value.text.strip()
    if folded in PATHS and (text.startswith(("/", "\\")) or ".." in text or ":" in text):
        fields.error(
            printable(name, 60), value, f"{shown(value)} leads out of the site.", "Remove the line.", "refused-path"
        )
        return True
    if len(text) > _MAX_DIGITS and not value.quoted and text.isdigit():
        fields.error(printable(name, 60), value, f"A number of {len(text)} digits cannot be used.", "Remove the line.")
        return True
    return False


def _report(fields: Fields, name: str, key: Text, kind: Kind) -> None:
    guess = guess_key(name, kind)
    others = [other for other in KEYS if other is not kind and name in KEYS[other]]
    if others:
        what = f"is a key of {' and '.join(_called(other) for other in others)}, not of {_called(kind)}."
        fields.warn(printable(name, 60), key, what, "Remove it.", "unknown-key")
    elif guess:
        fields.warn(printable(name, 60), key, "is not a key.", f"Did you mean {guess}?", "unknown-key")
    else:
        fields.warn(printable(name, 60), key, "is not a key.", _EXTRA, "unknown-key")


def _called(kind: Kind) -> str:
    return {Kind.POST: "posts", Kind.PAGE: "pages", Kind.ISSUE: "newsletter issues"}[kind]
