"""Footnotes: ids that carry the post's slug, numbers in order, and a way back that has a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.markup.dom import classes, make, mark, remove, take
from generator.markup.draft import Draft
from generator.markup.headings import clean_id

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

RETURN = "↩\ufe0e"
"""The return arrow as text: without the selector some systems draw an emoji."""


def make_footnotes(draft: Draft) -> None:
    """Bring an engine's footnotes into one form: `fn-<slug>-1` at the note, `fnref-<slug>-1` at its reference."""
    if "footnote" not in draft.html:
        return
    box = next((el for el in draft.tagged("div", "section") if {"footnote", "footnotes"} & set(classes(el))), None)
    notes = _notes(box) if box is not None else {}
    if box is None or not notes:
        return
    draft.has_notes = True
    slug = clean_id(draft.slug)
    backs = _mark_references(draft, notes, slug)
    _tidy_box(box)
    for number, note in enumerate(notes.values(), 1):
        take(note, "id")
        mark(note, f"F{draft.claim(f'fn-{slug}-{number}')}")
        _add_ways_back(note, number, backs.get(number, []))


def _notes(box: Element) -> dict[str, Element]:
    items = [item for item in box.iter("li") if item.get("id")]
    return {item.get("id", ""): item for item in items}


def _mark_references(draft: Draft, notes: dict[str, Element], slug: str) -> dict[int, list[str]]:
    """Mark the references; return note number → ids of its references, in order."""
    numbers = {f"#{name}": number for number, name in enumerate(notes, 1)}
    backs: dict[int, list[str]] = {}
    for link in list(draft.tagged("a")):
        number = numbers.get(link.get("href", ""))
        if number is None or "footnote-backref" in classes(link):
            continue
        parent = link.getparent()
        if "footnote-ref" not in classes(link) and (parent is None or "footnote-ref" not in classes(parent)):
            continue
        earlier = backs.setdefault(number, [])
        name = f"fnref-{slug}-{number}" + (f"-{len(earlier) + 1}" if earlier else "")
        earlier.append(draft.claim(name))
        _write_reference(link, number, slug, earlier[-1])
    return backs


def _write_reference(link: Element, number: int, slug: str, name: str) -> None:
    parent = link.getparent()
    assert parent is not None
    if parent.tag == "sup" and len(parent) == 1:
        sup, tail = parent, parent.tail
    else:
        sup, tail = make("sup"), link.tail
        parent.replace(link, sup)
    link.clear()
    sup.clear()
    link.text, sup.tail = str(number), tail
    link.set("role", "doc-noteref")
    mark(link, f"Gfn-{slug}-{number}")
    sup.set("class", "footnote-ref")
    mark(sup, f"F{name}")
    sup.append(link)


def _tidy_box(box: Element) -> None:
    box.tag = "div"
    box.attrib.clear()
    box.set("class", "footnotes")
    for rule in box.findall("hr"):
        rule.tail = None
        remove(rule)
    for link in list(box.iter("a")):
        if "footnote-backref" in classes(link):
            link.attrib.clear()
            remove(link)


def _add_ways_back(note: Element, number: int, names: list[str]) -> None:
    last = note[-1] if len(note) and note[-1].tag == "p" else note
    _strip_end(last)
    for count, name in enumerate(names, 1):
        label = f"Back to reference {number}" + (f"-{count}" if count > 1 else "")
        link = make("a", text=RETURN, class_="footnote-backref", role="doc-backlink", aria_label=label)
        mark(link, f"G{name}")
        before = last[-1] if len(last) else None
        if before is None:
            last.text = f"{last.text or ''} "
        else:
            before.tail = f"{before.tail or ''} "
        last.append(link)


def _strip_end(element: Element) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "").rstrip() or None
    elif element.text:
        element.text = element.text.rstrip()
