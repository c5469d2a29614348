"""Footnotes: ids with the post's slug, numbers in order, and links back that have a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.markup.dom import classes, has_text, make_element, mark_element, remove_element, take_attribute
from generator.markup.draft import BodyTree
from generator.markup.headings import clean_id
from generator.markup.sanitise import BLOCK

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

RETURN = "↩\ufe0e"
"""The return arrow as text: without the selector some systems draw an emoji."""


def make_footnotes(draft: BodyTree) -> None:
    """Convert an engine's footnotes to one form: `fn-<slug>-1` at the note, `fnref-<slug>-1` at its reference.

    Notes are numbered in the order of their first references; notes without a reference come last.
    """
    if "footnote" not in draft.html:
        return
    box = _gather(draft) if "footnote-definition" in draft.html else None
    if box is None:
        box = next((el for el in draft.tagged("div", "section") if {"footnote", "footnotes"} & set(classes(el))), None)
    notes = _notes(box) if box is not None else {}
    if box is None or not notes:
        return
    slug = clean_id(draft.found.slug)
    references = _references(draft, notes)
    notes = {name: notes[name] for name in dict.fromkeys([*(name for _, name in references), *notes])}
    numbers = {name: number for number, name in enumerate(notes, 1)}
    _tidy_box(box)
    backs: dict[str, list[str]] = {name: [] for name in notes}
    for link, name in references:
        if link.getparent() is None:  # it stood in another reference
            continue
        earlier = backs[name]
        suffix = f"-{len(earlier) + 1}" if earlier else ""
        earlier.append(draft.found.claim(f"fnref-{slug}-{numbers[name]}{suffix}"))
        _write_reference(link, numbers[name], slug, earlier[-1])
    for name, note in notes.items():
        take_attribute(note, "id")
        mark_element(note, f"F{draft.found.claim(f'fn-{slug}-{numbers[name]}')}")
        _add_ways_back(note, numbers[name], backs[name])
    _reorder(list(notes.values()))


def _gather(draft: BodyTree) -> Element | None:
    """Gather the notes that pulldown-cmark leaves where they are written into one list at the end.

    If two notes have one name, references lead to the first; the other is listed as a note without a reference.
    """
    written = [div for div in draft.tagged("div") if "footnote-definition" in classes(div) and div.get("id")]
    items, names = make_element("ol", text="\n"), set[str]()
    for note in written:
        if len(note) and "footnote-definition-label" in classes(note[0]):
            remove_element(note[0])
        name = note.get("id", "")
        if name in names:
            name = f"{name} {len(names)}"
        note.set("id", name)
        names.add(name)
        if not has_text(note.tail):
            note.tail = None
        remove_element(note)
        note.tag, note.tail = "li", "\n"
        take_attribute(note, "class")
        items.append(note)
    if not written:
        return None
    box = make_element("div", class_="footnotes")
    box.text = items.tail = "\n"
    box.append(items)
    draft.root.append(box)
    return box


def _notes(box: Element) -> dict[str, Element]:
    """Map the id that an engine gave each note to its item in the list."""
    items = box.find("ol")
    return {item.get("id", ""): item for item in (items if items is not None else ()) if item.get("id")}


def _references(draft: BodyTree, notes: dict[str, Element]) -> list[tuple[Element, str]]:
    """List the references in order, each with the id of its note."""
    found = []
    for link in draft.tagged("a"):
        name = link.get("href", "").removeprefix("#")
        parent = link.getparent()
        named = classes(link) + (classes(parent) if parent is not None else [])
        if name in notes and {"footnote-ref", "footnote-reference"} & set(named) and "footnote-backref" not in named:
            found.append((link, name))
    return found


def _reorder(notes: list[Element]) -> None:
    """Sort the notes by their numbers, because engines list them in different orders."""
    items = notes[0].getparent()
    if items is not None and list(items) != notes:
        items.extend(notes)


def _write_reference(link: Element, number: int, slug: str, name: str) -> None:
    parent = link.getparent()
    assert parent is not None
    if parent.tag == "sup" and len(parent) == 1:
        sup, tail = parent, parent.tail
    else:
        sup, tail = make_element("sup"), link.tail
        parent.replace(link, sup)
    link.clear()
    sup.clear()
    link.text, sup.tail = str(number), tail
    link.set("role", "doc-noteref")
    mark_element(link, f"Gfn-{slug}-{number}")
    sup.set("class", "footnote-ref")
    mark_element(sup, f"F{name}")
    sup.append(link)


def _tidy_box(box: Element) -> None:
    box.tag = "div"
    box.attrib.clear()
    box.set("class", "footnotes")
    for rule in box.findall("hr"):
        rule.tail = None
        remove_element(rule)
    for link in list(box.iter("a")):
        if "footnote-backref" in classes(link):
            link.attrib.clear()
            remove_element(link)


def _add_ways_back(note: Element, number: int, names: list[str]) -> None:
    """Add the links back to the last paragraph, to a new one after another block, or after the note's words."""
    last = note[-1] if len(note) and note[-1].tag == "p" else note
    _strip_end(last)
    if names and len(note) and note[-1].tag in BLOCK and last is note:
        last = make_element("p")
        last.tail = "\n"
        note.append(last)
    for count, name in enumerate(names, 1):
        link = make_element("a", text=RETURN, class_="footnote-backref", role="doc-backlink")
        mark_element(link, f"B{number}" + (f"-{count}" if count > 1 else ""))
        mark_element(link, f"G{name}")
        if len(last):
            last[-1].tail = f"{last[-1].tail or ''} "
        elif last.text:
            last.text = f"{last.text} "
        last.append(link)


def _strip_end(element: Element) -> None:
    if len(element) and element[-1].tag in BLOCK:
        return
    if len(element):
        element[-1].tail = (element[-1].tail or "").rstrip() or None
    elif element.text:
        element.text = element.text.rstrip()
