"""Report unknown keys: a warning with a guess, or an error if publishing could do harm."""

from __future__ import annotations

from collections.abc import Collection

from generator.content.known import HIDING, KEYS, PATHS, guess_key
from generator.errors import error, warning
from generator.model import Kind
from generator.text.mapping_reader import RefusedError
from generator.text.short_text import printable
from generator.text.tree import Text, Value
from generator.text.written_rules import Fields, shown

_MAX_DIGITS = 300
_EXTRA = 'Put your own keys below "extra", or delete the line.'


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
        if folded == "published" and _is_date(fields, value):
            _judge_published(fields, name, key, value)
            return True
        if not public:
            what = f"{shown(value)} hides a post in other generators, but means nothing here."
            fields.error(
                printable(name, 60), value, what, "To hide it, write: draft: true. Otherwise delete the line.", "draft"
            )
        return not public
    if guess_key(name, kind) == "draft":
        hint = "Write: draft: true"
        fields.error(
            printable(name, 60), key, 'Did you mean "draft"? The file is left out until that is clear.', hint, "draft"
        )
        return True
    if type(value) is not Text:
        return False
    text = value.text.strip()
    if folded in PATHS and (text.startswith(("/", "\\")) or ".." in text or ":" in text):
        fields.error(
            printable(name, 60), value, f"{shown(value)} leads out of the site.", "Delete the line.", "refused-path"
        )
        return True
    if len(text) > _MAX_DIGITS and not value.quoted and text.isdigit():
        fields.error(printable(name, 60), value, f"A number of {len(text)} digits cannot be used.", "Delete the line.")
        return True
    return False


def _is_date(fields: Fields, value: Value) -> bool:
    try:
        fields.rules.moment("date", value)
    except RefusedError:
        return False
    return True


def _judge_published(fields: Fields, name: str, key: Text, value: Value) -> None:
    """Report a day of publication under its name in other generators; an error if it is the only date."""
    assert type(value) is Text, "it is a date"
    message = f'Unknown setting "{printable(name, 60)}". The day of publication is called "date".'
    make, hint = warning, "Delete the line."
    if "date" not in fields.table.entries:
        make, hint = error, f"Write: date: {printable(value.text, 60)}"
    fields.problems.add(make(fields.path, "unknown-key", message, hint, line=key.line, column=key.column))


def _report(fields: Fields, name: str, key: Text, kind: Kind) -> None:
    guess = guess_key(name, kind)
    others = [other for other in KEYS if other is not kind and name in KEYS[other]]
    if others:
        what = f"is for {' and '.join(_called(other) for other in others)}, not for {_called(kind)}."
        fields.warn(printable(name, 60), key, what, "Delete the line.", "unknown-key")
    elif name.strip().lower() in HIDING:
        _warn(fields, name, key, "Delete the line: a post is published unless it has the line draft: true")
    elif guess:
        _warn(fields, name, key, f'Did you mean "{guess}"?')
    else:
        _warn(fields, name, key, _EXTRA)


def _warn(fields: Fields, name: str, key: Text, hint: str) -> None:
    message = f'Unknown setting "{printable(name, 60)}".'
    fields.problems.add(warning(fields.path, "unknown-key", message, hint, line=key.line, column=key.column))


def _called(kind: Kind) -> str:
    return {Kind.POST: "posts", Kind.PAGE: "pages", Kind.ISSUE: "newsletter issues"}[kind]
