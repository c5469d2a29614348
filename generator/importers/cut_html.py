"""Find the HTML in a text that a build takes out, so that the report can name it."""

from __future__ import annotations

from generator.importers.import_model import ImportedPost, Note, Topic
from generator.markup.sanitise import DROPPED_WITH_CONTENT, KEPT
from generator.markup.written_html import find_elements


def list_cut_html(post: ImportedPost, *, trusted: bool) -> list[Note]:
    """List the elements of a text that readers will not see, each with its line.

    `trusted`: the site shows frames. What is in code, or in comments, is no element.
    """
    text = post.text
    found: list[Note] = []
    if "<" not in text:
        return found
    line, counted = post.body_line, 0
    for element in find_elements(text, html=post.html):
        if element.name in KEPT and (element.name != "iframe" or trusted):
            continue
        line, counted = line + text.count("\n", counted, element.place), element.place
        found.append(Note(Topic.CUT_HTML, describe_cut(element.name), post.origin.path, line))
    return found


def describe_cut(name: str) -> str:
    """Say for the report what becomes of an element that a build takes out."""
    if name == "iframe":
        return "`<iframe>` becomes a link to its page."
    if name in DROPPED_WITH_CONTENT:
        return f"`<{name}>` is removed, with all that is in it."
    return f"`<{name}>` is removed. The text in it stays."
