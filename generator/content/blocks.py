"""Read the blocks of a service letter from front matter; a fence is read by `fenced_blocks`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from generator.blocks import (
    KINDS_OF_PEOPLE,
    NAMES,
    PARTS,
    STATES,
    Ask,
    Blocks,
    Change,
    DateEntry,
    Event,
    Figure,
    FigureTable,
    Person,
    SaidDid,
    Thanks,
    Tip,
)
from generator.content.address_checks import check_link, check_picture
from generator.patterns import lazy_pattern
from generator.text.mapping_reader import RefusedError
from generator.text.short_text import MAX_NAME_CHARS, printable
from generator.text.suggestions import find_closest
from generator.text.tree import Table, Text, Value
from generator.text.written_rules import Fields, checked, shown

T = TypeVar("T")
HINTS = {
    "figures": "Write: - {label: to answer a call, value: 40, unit: s, before: 62, better: lower}",
    "changes": "Write: - {what: The desk moves, when: 5 October, state: planned}",
    "said_did": "Write: - {said: what readers said, did: what you did}",
    "thanks": "Write: - {words: the thanks, from: who said them}",
    "dates": "Write: - {what: The new desk opens, start: 2026-10-05 08:00, place: Ansell Library}",
    "people": "Write: - {name: Kezia Marsh, note: joins the late desk, kind: welcome}",
    "tip": "Write: tip: {text: the advice, url: https://example.org/}",
    "ask": 'Write: ask: {question: Useful?, answers: [Yes, No], url: "mailto:desk@example.org?subject={answer}"}',
    "event": "Write: event: {start: 2026-10-05 08:00, end: 2026-10-05 10:00, place: Ansell Library}",
}
"""Block → the line that its author may have wanted to write."""
MAX_TEXT = 2000
_URL = checked(check_link, "Write it as https://example.org/ or /page/.", "block-value")
_NUMBER = lazy_pattern(r"-?[0-9]{1,12}(?:\.[0-9]{1,6})?")
_MONTH = lazy_pattern(r"[0-9]{4}-(?:0[1-9]|1[0-2])")
_PLACEHOLDER = lazy_pattern(r"\{([^{}]*)\}")
_CODE = "block-value"


def read_blocks(fields: Fields) -> Blocks | None:
    """Read all blocks of a table; None if there is none with content."""
    values: dict[str, Any] = {name: _list(fields, name, read) for name, read in _LISTS.items() if name != "figures"}
    table = _figure_table(fields)
    is_file = type(fields.value("figures")) is Text  # whose name may be refused
    values["figures"] = () if table or is_file else _list(fields, "figures", _figure)
    if _is_off(fields.value("dates")):
        values |= {"dates": (), "events": False}
    blocks = Blocks(**values, figure_table=table, tip=_tip(fields), ask=_ask(fields))
    return blocks if blocks != Blocks() else None


def read_event(fields: Fields) -> Event | None:
    """Read `event` of a post."""
    inner = fields.inner("event", fields.value("event"), HINTS["event"])
    if inner is None:
        return None
    _judge(inner, "event", ("start", "end", "place"))
    return _event(inner, "event")


def read_order(fields: Fields) -> tuple[str, ...]:
    """Read the order of the blocks and of the parts of an issue."""
    known = (*PARTS, *NAMES)
    names = fields.texts("order", commas=True, limit=MAX_NAME_CHARS)
    for name in names:
        if name not in known:
            guess = find_closest(name, known, 0.6)
            hint = f'Did you mean "{guess}"?' if guess else f"Its items are: {', '.join(known)}."
            fields.warn("order", fields.value("order"), f'There is no block "{printable(name, 60)}".', hint, _CODE)
    return tuple(name for name in names if name in known)


def _is_off(value: Value | None) -> bool:
    return type(value) is Text and value.text.strip().lower() in ("false", "no", "off")


def _list(fields: Fields, name: str, read: Callable[[Fields, str], T | None]) -> tuple[T, ...]:
    """Read the items of a list; one with a mistake is left out, with the problem at its place."""
    value = fields.value(name)
    if value is None or (name == "dates" and _is_off(value)):
        return ()
    found = []
    for item in fields.items(name, tables=True):
        inner = fields.inner(name, item, HINTS[name])
        if inner is not None:
            _judge(inner, name, _KEYS[name])
            found.append(read(inner, name))
    return tuple(each for each in found if each is not None)


def _judge(inner: Fields, name: str, known: tuple[str, ...]) -> None:
    for key, at, _ in inner.unknown(known):
        guess = find_closest(key.lower(), known, 0.6)
        hint = f'Did you mean "{guess}"?' if guess else f"Its keys are: {', '.join(known)}."
        inner.warn(printable(key, 60), at, f'is not a key of "{name}".', hint, "unknown-key")


def _needed(inner: Fields, name: str, *keys: str) -> bool:
    """Return True if all keys have a value; else report the first that has none."""
    missing = next((key for key in keys if inner.value(key) is None), None)
    if missing is not None:
        inner.error(missing, inner.table, "is missing.", HINTS[name], _CODE)
    return missing is None


def _figure(inner: Fields, name: str) -> Figure | None:
    values = {key: inner.take(key, number) for key in ("value", "before", "goal")}
    label, unit = inner.text("label", "", limit=MAX_NAME_CHARS), inner.text("unit", "", limit=30)
    better = inner.take("better", _one_of(("higher", "lower")), "")
    if not _needed(inner, name, "label", "value") or values["value"] is None:
        return None
    return Figure(label, values["value"], unit, values["before"], values["goal"], better)


def _figure_table(fields: Fields) -> FigureTable | None:
    """Read `figures: figures.csv`, or `figures: {file: figures.csv, month: 2026-09}`."""
    value = fields.value("figures")

    def picture(text: str) -> str:
        return check_picture(text, fields.path, "A file of figures")

    file = checked(picture, "Write it as figures.csv, beside the source, or /figures.csv.", "refused-path")
    if type(value) is Text:
        written = fields.convert("figures", value, file)
        return FigureTable(written) if written else None
    if type(value) is not Table or "file" not in value.entries:
        return None
    inner = Fields(fields.path, value, fields.rules, fields.problems, ("figures",))
    _judge(inner, "figures", ("file", "month"))
    written, month = inner.take("file", file), inner.take("month", _month, "")
    return FigureTable(written, month) if written else None


def _month(key: str, value: Value) -> str:
    if type(value) is Text and _MONTH.fullmatch(value.text.strip()):
        return value.text.strip()
    raise RefusedError(_CODE, f"must be a month, not {shown(value)}.", f"Write: {key}: 2026-09")


def number(key: str, value: Value) -> float:
    """Read a number; digits may be grouped with spaces."""
    text = re.sub(r"(?<=[0-9])[ \u00a0\u202f](?=[0-9]{3}\b)", "", value.text.strip()) if type(value) is Text else ""
    if _NUMBER.fullmatch(text):
        return float(text)
    plain = re.sub(r"[^0-9.,-]", "", text)
    plain = plain.replace(",", "") if re.fullmatch(r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?", plain) else plain
    plain = plain.replace(",", ".")
    hint = f"Write: {key}: {plain if _NUMBER.fullmatch(plain) else 40}"
    raise RefusedError(_CODE, f"must be a number, not {shown(value)}.", hint)


def _one_of(words: tuple[str, ...]) -> Callable[[str, Value], str]:
    def convert(key: str, value: Value) -> str:
        word = value.text.strip().lower() if type(value) is Text else ""
        if word in words:
            return word
        guess = find_closest(word, words, 0.5) or words[0]
        what = f"must be {', '.join(words[:-1])} or {words[-1]}, not {shown(value)}."
        raise RefusedError(_CODE, what, f"Write: {key}: {guess}")

    return convert


def _change(inner: Fields, name: str) -> Change | None:
    state = inner.take("state", _one_of(STATES), "planned")
    texts = {key: inner.text(key, "", limit=MAX_TEXT) for key in ("what", "when", "where")}
    url = inner.take("url", _URL) or ""
    return Change(texts["what"], state, texts["when"], texts["where"], url) if _needed(inner, name, "what") else None


def _said_did(inner: Fields, name: str) -> SaidDid | None:
    said, did = inner.text("said", "", limit=MAX_TEXT), inner.text("did", "", limit=MAX_TEXT)
    url = inner.take("url", _URL) or ""
    return SaidDid(said, did, url) if _needed(inner, name, "said", "did") else None


def _thanks(inner: Fields, name: str) -> Thanks | None:
    words, source = inner.text("words", "", limit=MAX_TEXT), inner.text("from", "", limit=MAX_TEXT)
    return Thanks(words, source) if _needed(inner, name, "words") else None


def _date(inner: Fields, name: str) -> DateEntry | None:
    what, url = inner.text("what", "", limit=MAX_TEXT), inner.take("url", _URL) or ""
    if not _needed(inner, name, "what"):
        return None
    event = _event(inner, name)
    return DateEntry(what, event, url) if event else None


def _event(inner: Fields, name: str) -> Event | None:
    start, end = inner.take("start", inner.rules.moment), inner.take("end", inner.rules.moment)
    place = inner.text("place", "", limit=MAX_TEXT)
    if not _needed(inner, name, "start") or start is None:
        return None
    if end is not None and end < start:
        at = inner.value("end")
        inner.error("end", at, "is before the start.", "Correct one of them.", _CODE)
        return None
    return Event(start, end, place)


def _person(inner: Fields, name: str) -> Person | None:
    def picture(text: str) -> str:
        return check_picture(text, inner.path)

    kind = inner.take("kind", _one_of(KINDS_OF_PEOPLE), "welcome")
    image = inner.take("image", checked(picture, "Write it as kezia.jpg, beside the source, or /kezia.jpg."))
    who, note = inner.text("name", "", limit=MAX_NAME_CHARS), inner.text("note", "", limit=MAX_TEXT)
    return Person(who, note, image or "", kind) if _needed(inner, name, "name") else None


def _tip(fields: Fields) -> Tip | None:
    value = fields.value("tip")
    if type(value) is Text:
        return Tip(fields.text("tip", "", limit=MAX_TEXT))
    inner = fields.inner("tip", value, HINTS["tip"])
    if inner is None:
        return None
    _judge(inner, "tip", ("text", "url"))
    text, url = inner.text("text", "", limit=MAX_TEXT), inner.take("url", _URL) or ""
    return Tip(text, url) if _needed(inner, "tip", "text") else None


def _ask(fields: Fields) -> Ask | None:
    inner = fields.inner("ask", fields.value("ask"), HINTS["ask"])
    if inner is None:
        return None
    _judge(inner, "ask", ("question", "answers", "url"))
    question, answers = inner.text("question", "", limit=MAX_TEXT), inner.texts("answers", limit=MAX_NAME_CHARS)
    url = inner.take("url", _answer_url, "")
    return Ask(question, answers, url) if _needed(inner, "ask", "question", "answers", "url") and url else None


def _answer_url(key: str, value: Value) -> str:
    """Read the address that an answer opens: https or mailto, with {answer} in it."""
    text = value.text.strip() if type(value) is Text else ""
    odd = next((found for found in _PLACEHOLDER.findall(text) if found not in ("issue", "answer")), None)
    if odd is not None:
        what = f'"{{{printable(odd, 30)}}}" is not a placeholder.'
        raise RefusedError(_CODE, what, "Use {answer} for the answer and {issue} for the name of the issue.")
    plain = _PLACEHOLDER.sub("x", text)
    scheme = urlsplit(plain).scheme.lower()
    if scheme not in ("https", "mailto") or (scheme == "https" and not urlsplit(plain).hostname):
        hint = "Write: url: https://example.org/?answer={answer}, or url: mailto:desk@example.org?subject={answer}"
        raise RefusedError(_CODE, f"{shown(value)} is not an https or mailto address.", hint)
    if "{answer}" not in text:
        added = f"{'&' if '?' in text else '?'}{_parameter(scheme)}={{answer}}"
        hint = f'Add it, such as: url: "{printable(text, 80)}{added}"'
        raise RefusedError(_CODE, "has no {answer}, so all answers would be the same.", hint)
    return text


def _parameter(scheme: str) -> str:
    return "subject" if scheme == "mailto" else "answer"


_LISTS: dict[str, Callable[[Fields, str], Any]] = {
    "figures": _figure,
    "changes": _change,
    "said_did": _said_did,
    "thanks": _thanks,
    "dates": _date,
    "people": _person,
}
_KEYS = {
    "figures": ("label", "value", "unit", "before", "goal", "better"),
    "changes": ("when", "what", "where", "state", "url"),
    "said_did": ("said", "did", "url"),
    "thanks": ("words", "from"),
    "dates": ("what", "start", "end", "place", "url"),
    "people": ("name", "note", "image", "kind"),
}
