"""SVG: a drawing is a document that can run scripts and load files from other hosts; remove both."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from generator.errors import ContentError, error
from generator.images.picture import Cleaned
from generator.images.svg_sanitiser import SvgSanitiser, local_name

if TYPE_CHECKING:
    from lxml.etree import _Element, _ElementTree

MAX_BYTES = 5_000_000
MAX_WARNINGS = 20
MAX_LENGTH = 1_000_000
_LENGTH = re.compile(r"^\s*([0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?)\s*(px|pt|pc|mm|cm|in|q)?\s*$", re.I)
_NUMBER = re.compile(r"-?[0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?", re.I)
_UNITS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0, "q": 96 / 101.6}


def clean_drawing(path: str, data: bytes) -> Cleaned:
    """Remove scripts, event handlers, foreign content and external references, with a warning for each.

    Comments, `metadata`, elements and attributes of other namespaces (drawing programs' notes of files, layers and
    authors) and the metadata of embedded photos are removed without one. A drawing with nothing to remove is returned
    byte for byte.

    Raises: ContentError if it is not an SVG, is larger than 5 MB, or declares entities.
    """
    from lxml import etree

    tree = _parse(path, data)
    sanitiser = SvgSanitiser(path)
    sanitiser.sanitise(tree)
    width, height = _size(tree.getroot())
    if sanitiser.is_changed or _declares(tree):
        # Only the root: declarations can contain comments, and no browser reads them.
        data = etree.tostring(tree.getroot(), encoding="utf-8", xml_declaration=True)
    return Cleaned(data, width, height, tuple(sorted(set(sanitiser.problems)))[:MAX_WARNINGS], kind="svg")


def _parse(path: str, data: bytes) -> _ElementTree:
    from lxml import etree

    if len(data) > MAX_BYTES:
        raise ContentError(error(path, "picture-size", "The drawing is larger than 5 MB.", "Make it simpler."))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as failure:
        line, column = getattr(failure, "position", (0, 0)) or (0, 0)
        message = f"The drawing cannot be read: {str(failure).partition(', line')[0]}."
        hint = "Save it again as plain SVG."
        raise ContentError(error(path, "picture-damaged", message, hint, line=line, column=column)) from failure
    tree = root.getroottree()
    dtd: Any = tree.docinfo.internalDTD  # lxml's stubs do not know its entities
    if dtd is not None and any(True for _ in dtd.iterentities()):
        message = "The drawing declares entities, which can hide harmful content."
        raise ContentError(error(path, "picture-damaged", message, "Save it again as plain SVG."))
    if local_name(root.tag) != "svg":
        raise ContentError(
            error(path, "picture-damaged", "This file is not an SVG drawing.", "Save it again as plain SVG.")
        )
    return tree


def _declares(tree: _ElementTree) -> bool:
    """Return True if the document type has declarations of its own."""
    from lxml import etree

    dtd: Any = tree.docinfo.internalDTD
    if dtd is None:
        return False
    before, _, _ = etree.tostring(tree, encoding="unicode").partition("]>")
    return "<!DOCTYPE" in before and "[" in before.partition("<!DOCTYPE")[2].partition(">")[0]


def _size(root: _Element) -> tuple[int, int]:
    width, height = _length(root.get("width")), _length(root.get("height"))
    box = [
        float(part) for part in re.findall(r"-?[0-9]*\.?[0-9]+(?:e[+-]?[0-9]+)?", str(root.get("viewBox") or "")[:200])
    ]
    if len(box) == 4 and box[2] > 0 and box[3] > 0:
        if width and not height:
            height = width * box[3] / box[2]
        elif height and not width:
            width = height * box[2] / box[3]
        elif not width:
            width, height = box[2], box[3]
    if not (width and height and math.isfinite(width * height)) or max(width, height) > MAX_LENGTH:
        return 0, 0
    return max(1, round(width)), max(1, round(height))


def _length(value: object) -> float:
    match = _LENGTH.match(str(value or "")[:50])
    return float(match[1]) * _UNITS[(match[2] or "").lower()] if match else 0.0
