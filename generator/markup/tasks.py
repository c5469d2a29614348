"""Task lists: `- [ ] to do`, `- [x] done`, and the check boxes native parsers make of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.markup.dom import add_class, has_text, make_element, mark_element, remove_element
from generator.markup.draft import BodyTree

if TYPE_CHECKING:
    from lxml.etree import _Element as Element


def make_tasks(draft: BodyTree) -> None:
    """Turn `[ ]` and `[x]` at the start of a list item into a box with a name.

    The box is a character, not a form field, so that it looks the same in a feed and in a mail.
    """
    for field in draft.tagged("input"):
        parent = field.getparent()
        if parent is not None and field.get("type") == "checkbox" and parent.tag in ("li", "p"):
            done = "checked" in field.attrib
            parent.text = f"[{'x' if done else ' '}] {(field.tail or '').lstrip()}"
            field.tail = None
        remove_element(field)
    if "li" not in draft.by_tag:
        return
    if "] " in draft.html or "input" in draft.by_tag:
        for item in draft.tagged("li"):
            _make_task(item)


def _make_task(item: Element) -> None:
    holder = item[0] if len(item) and item[0].tag == "p" and not has_text(item.text) else item
    text = (holder.text or "").lstrip()
    if text[:4].lower() not in ("[ ] ", "[x] "):
        return
    done = text[1] != " "
    box = make_element("span", text="☑" if done else "☐", class_="task-box", role="img")
    mark_element(box, "Dx" if done else "D")
    box.tail = f" {text[4:]}"
    holder.text = None
    holder.insert(0, box)
    add_class(item, "task")
