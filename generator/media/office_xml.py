"""Empty the parts of Office and OpenDocument files that describe the document, and find metadata about people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from generator.media.edits import UnreadableMediaError

if TYPE_CHECKING:
    from lxml.etree import _Element

_DROPPED_RELATIONS = ("/thumbnail", "/attachedTemplate")
_PATHS = frozenset({"absPath", "attachedTemplate", "fileSharing", "docVars"})
_PRINTERS = frozenset({"PrinterName", "PrinterSetup", "CurrentDatabaseDataSource", "PrinterIndependentLayout"})
_PEOPLE = re.compile(rb"\bw:author=|<dc:creator>|\bw15:author=|<p:cmAuthor |<authors?>|displayName=")
_OWN_FILES = re.compile(rb"[\"']file:/|[\"'][A-Za-z]:\\")


def parse(data: bytes) -> _Element:
    """Parse XML without entities and network.

    Raises: UnreadableMediaError.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as failure:
        raise UnreadableMediaError("one of its parts is not XML") from failure


def emptied(data: bytes) -> bytes:
    """Return the XML document with only its root.

    Raises: UnreadableMediaError.
    """
    root = parse(data)
    attributes = {name: value for name, value in root.attrib.items() if str(name).endswith("}version")}
    for child in list(root):
        root.remove(child)
    root.text = None
    root.attrib.clear()
    root.attrib.update(attributes)
    return _written(root)


def without_relations(data: bytes) -> tuple[bytes, list[str], list[str]]:
    """Remove a package's thumbnails and templates: (new bytes, targets left out, targets that describe it).

    Raises: UnreadableMediaError. Source: ECMA-376-2, 9.3.
    """
    root = parse(data)
    dropped, describing = [], []
    for each in list(root):
        kind, target = each.get("Type", ""), each.get("Target", "")
        if kind.endswith(_DROPPED_RELATIONS):
            root.remove(each)
            dropped.append(target.lstrip("/"))
        elif kind.endswith(("-properties", "/metadata/labels")):
            describing.append(target.lstrip("/"))
    return (_written(root) if dropped else data), dropped, describing


def without_entries(data: bytes, names: set[str]) -> bytes:
    """Remove the entries of some members from a package's list of contents.

    Raises: UnreadableMediaError.
    """
    root = parse(data)
    unwanted = [each for each in root if _member_of(each) in names]
    for each in unwanted:
        root.remove(each)
    return _written(root) if unwanted else data


def without_paths(data: bytes) -> bytes:
    """Remove the elements and settings that name folders, templates and printers.

    Raises: UnreadableMediaError.
    """
    root = parse(data)
    changed = False
    for each in list(root.iter("*")):
        name = str(each.tag).rpartition("}")[2]
        parent = each.getparent()
        if name in _PATHS and parent is not None:
            parent.remove(each)
            changed = True
        elif name == "config-item" and any(value in _PRINTERS for value in each.attrib.values()) and each.text:
            each.text = None
            changed = True
    return _written(root) if changed else data


def names_people(data: bytes) -> bool:
    """Return True if a part names people who commented or changed something."""
    return bool(_PEOPLE.search(data))


def names_own_files(data: bytes) -> bool:
    """Return True if a part refers to files on the author's computer."""
    return bool(_OWN_FILES.search(data))


def _member_of(entry: Any) -> str:
    paths = [value for name, value in entry.attrib.items() if str(name).rpartition("}")[2] in ("PartName", "full-path")]
    return paths[0].lstrip("/") if paths else ""


def _written(root: Any) -> bytes:
    from lxml import etree

    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
