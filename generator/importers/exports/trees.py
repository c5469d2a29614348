"""Read a fragment of HTML into a tree, and write elements of it."""

from __future__ import annotations

from typing import Any, cast

from generator.markup.characters import strip_references, strip_refused


def parse_fragment(html: str) -> Any:
    """Read a fragment: the result is a `div` around it. Characters that no tree can hold are left out."""
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    html = strip_refused(strip_references(html))
    data = f'<html><body><div id="ol-root">{html}</div></body></html>'.encode("utf-8", "replace")
    tree = cast(Any, document_fromstring(data, parser=parser))
    body = tree.find("body")
    root = body[0]
    for stray in list(body[1:]):  # an end tag too many closed our element
        root.append(stray)
    del root.attrib["id"]
    return root


def write_element(node: Any) -> str:
    """Write an element without the text behind it."""
    from lxml.etree import tostring

    return tostring(node, encoding="unicode", method="html", with_tail=False)


def unwrap(node: Any) -> None:
    """Replace an element with what is in it."""
    node.drop_tag()


def words_of(node: Any) -> str:
    """Return the words of an element."""
    return " ".join("".join(node.itertext()).replace("\u00a0", " ").split())
