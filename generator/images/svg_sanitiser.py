"""Remove everything from a drawing that may run scripts or load external files, element by element."""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes

from generator.errors import OpenletterError, Problem, warning
from generator.images.bitmaps import clean_bitmap
from generator.patterns import lazy_pattern

Node: TypeAlias = Any
"""An element, a comment or a processing instruction; lxml's stubs know elements alone."""

_XHTML = "http://www.w3.org/1999/xhtml"
_ACTIVE = frozenset(
    ["script", "foreignobject", "handler", "listener", "iframe", "embed", "object", "audio", "video", "canvas"]
)
_SVG = "http://www.w3.org/2000/svg"
# Attributes of other namespaces are notes of drawing programs: names of files, layers and authors.
_KNOWN_ATTRIBUTES = tuple(
    f"{{{each}}}" for each in (_SVG, "http://www.w3.org/1999/xlink", "http://www.w3.org/XML/1998/namespace")
)
_REFERENCES = frozenset(["href", "src", "base"])
_ANIMATIONS = frozenset(["set", "animate", "animatetransform", "animatemotion", "discard"])
_PICTURES = frozenset(["image", "feimage"])
_FIXED = lazy_pattern(r"^(?:\#|data:image/(?:png|jpe?g|gif|webp|avif)[;,])", re.I)
_LINK = lazy_pattern(r"^(?:https?:|mailto:|tel:|\#|/(?!/)|[^:/?\#]*(?:[/?\#]|$))", re.I)
# Both match CSS without spaces and comments.
_ELSEWHERE = lazy_pattern(r"@import|javascript:|(?:url|image|image-set|src)\([\"']?(?![\"']?(?:\#|data:image/))", re.I)
_COMMENT = lazy_pattern(r"/\*.*?(?:\*/|\Z)", re.S)
_COMMENT_OR_TEXT = lazy_pattern(r"""/\*.*?(?:\*/|\Z)|(?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""", re.S)
_ESCAPE = lazy_pattern(r"\\(?:([0-9a-f]{1,6})\s?|(.))", re.I | re.S)
_EMBEDDED = lazy_pattern(r"^data:image/(\w+)((?:;[^,]*)?),(.*)$", re.I | re.S)
_MAX_SHOWN_CHARS = 40


def local_name(tag: object) -> str:
    """Return the name of an element or attribute in lower case without its namespace; "" for other nodes."""
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


class SvgSanitiser:
    """Sanitises one drawing; `problems` lists what was removed, `is_changed` is True if anything was."""

    def __init__(self, path: str) -> None:
        self._path = path
        self.problems: list[Problem] = []
        self.is_changed = False

    def sanitise(self, tree: Any) -> None:
        """Sanitise a whole document, including nodes before and after its root."""
        root = tree.getroot()
        for node in [*root.itersiblings(preceding=True), *root.itersiblings()]:
            # lxml can remove nodes beside the root only after they are moved into it.
            line = node.sourceline or 0
            root.append(node)
            self._remove(node, "" if _is_comment(node) else "an instruction to load something", line)
        waiting: list[Node] = [root]
        while waiting:
            node = waiting.pop()
            reason = _reason(node)
            if reason is not None:
                self._remove(node, reason, node.sourceline or 0)
                continue
            if local_name(node.tag) == "style":
                self._sanitise_style(node)
            for attribute in list(node.attrib):
                self._sanitise_attribute(node, attribute)
            waiting.extend(node)

    def _sanitise_style(self, node: Node) -> None:
        """Remove the comments of a style sheet, but not texts that look like comments."""
        written = node.text or ""
        bare = _COMMENT_OR_TEXT.sub(lambda match: match["text"] or "", written)
        if bare != written:
            node.text = bare
            self.is_changed = True

    def _sanitise_attribute(self, node: Node, attribute: str) -> None:
        value = node.attrib[attribute]
        local = local_name(attribute)
        if attribute.startswith("{") and not attribute.startswith(_KNOWN_ATTRIBUTES):
            self._drop(node, attribute, "")
        elif local.startswith("on"):
            self._drop(node, attribute, f"the event handler {local}")
        elif local in _REFERENCES:
            self._sanitise_reference(node, attribute, "".join(value.split()))
        elif _calls_elsewhere(value):
            self._drop(node, attribute, f"the attribute {local}, which loads from elsewhere,")

    def _sanitise_reference(self, node: Node, attribute: str, value: str) -> None:
        name, is_base = local_name(node.tag), local_name(attribute) == "base"
        if name == "a":
            is_allowed = bool(_LINK.match(value))
        else:
            is_allowed = bool(_FIXED.match(value)) and (name in _PICTURES or value.startswith("#"))
        if is_base or not is_allowed:
            shown = value if len(value) <= _MAX_SHOWN_CHARS else f"{value[:_MAX_SHOWN_CHARS]}…"
            self._drop(node, attribute, f'the reference to "{shown}"')
        elif value.lower().startswith("data:"):
            self._clean_embedded(node, attribute, value)

    def _clean_embedded(self, node: Node, attribute: str, value: str) -> None:
        match = _EMBEDDED.match(value)
        try:
            data = _decoded(match) if match else b""
            cleaned = clean_bitmap("embedded.png", data).data
        except (OpenletterError, binascii.Error):
            self._drop(node, attribute, "an embedded picture that cannot be read")
            return
        if match and cleaned != data:
            node.attrib[attribute] = f"data:image/{match[1]};base64,{base64.b64encode(cleaned).decode('ascii')}"
            self.is_changed = True

    def _remove(self, node: Node, what: str, line: int) -> None:
        self._warn(what, line)
        parent = node.getparent()
        if parent is None:
            return
        if node.tail:
            before = node.getprevious()
            if before is None:
                parent.text = (parent.text or "") + node.tail
            else:
                before.tail = (before.tail or "") + node.tail
        parent.remove(node)

    def _drop(self, node: Node, attribute: str, what: str) -> None:
        self._warn(what, node.sourceline or 0)
        del node.attrib[attribute]

    def _warn(self, what: str, line: int) -> None:
        self.is_changed = True
        if what:
            hint = "Save it as plain SVG, with all pictures embedded."
            message = f"Openletter removed {what} from the drawing."
            self.problems.append(warning(self._path, "picture-active", message, hint, line=line))


def _reason(node: Node) -> str | None:
    """Describe a node that must be removed; "" to remove it without a warning, None to keep it."""
    name = local_name(node.tag)
    if not name:
        return "" if _is_comment(node) else "a processing instruction"
    if name == "metadata":
        return ""
    if name in _ACTIVE or node.tag.startswith(f"{{{_XHTML}}}"):
        return f"the element <{name}>"
    if name in _ANIMATIONS and _targets_reference(node):
        return f"the element <{name}>, which would change an address,"
    if name == "style" and _calls_elsewhere("".join(node.itertext())):
        return "a <style> that loads from elsewhere"
    return "" if node.tag.startswith("{") and not node.tag.startswith(f"{{{_SVG}}}") else None


def _is_comment(node: Node) -> bool:
    from lxml import etree

    return node.tag is etree.Comment


def _targets_reference(node: Node) -> bool:
    target = node.get("attributeName", "").strip().rpartition(":")[2].lower()
    return target in _REFERENCES or target.startswith("on")


def _calls_elsewhere(css: str) -> bool:
    if not any(sign in css for sign in "(@\\:"):
        return False
    bare = _COMMENT.sub("", _ESCAPE.sub(_unescape, css))
    return bool(_ELSEWHERE.search("".join(bare.split())))


def _unescape(match: re.Match[str]) -> str:
    code = int(match[1], 16) if match[1] else ord(match[2])
    return chr(code) if 0 < code < 0x110000 else "\ufffd"


def _decoded(match: re.Match[str]) -> bytes:
    data = unquote_to_bytes(match[3])
    return base64.b64decode(data) if match[2].lower().endswith(";base64") else data
