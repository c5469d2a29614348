"""Whether a mail's words can be read on their ground, in light and in dark mode."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Scheme = Literal["light", "dark"]
Colour = tuple[int, int, int]

_DARK = re.compile(r"@media[^{]*prefers-color-scheme\s*:\s*dark[^{]*\{")
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
_LARGE_PX, _LARGE_BOLD_PX = 24.0, 18.66  # 18 and 14 points


@dataclass(frozen=True, slots=True)
class Faint:
    """Words with too little contrast: the ratio they have, and the one they need."""

    scheme: Scheme
    words: str
    colour: str
    ground: str
    ratio: float
    needed: float


def luminance(colour: Colour) -> float:
    """Give the relative luminance of an sRGB colour, 0 to 1. Source: WCAG 2.2, relative luminance."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (each / 255 for each in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: Colour, other: Colour) -> float:
    """Give the contrast of two colours, 1 to 21. Source: WCAG 2.2, contrast ratio."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def faint_words(html: str, scheme: Scheme) -> list[Faint]:
    """List the words of a mail that are too faint, each pair of colours once. Source: WCAG 2.2, criterion 1.4.3."""
    from lxml.html import document_fromstring

    shown = _at_night(html) if scheme == "dark" else html
    found: dict[tuple[str, str, float], Faint] = {}
    for words, look in _texts(document_fromstring(shown).find("body"), _Look()):
        colour, ground = _colour(look.colour), _colour(look.ground)
        if colour is None or ground is None:
            continue
        needed = 3.0 if look.size >= (_LARGE_BOLD_PX if look.bold else _LARGE_PX) else 4.5
        has = ratio(colour, ground)
        if has < needed:
            faint = Faint(scheme, words[:60], look.colour, look.ground, round(has, 2), needed)
            found.setdefault((look.colour, look.ground, needed), faint)
    return list(found.values())


def dark_rules(html: str) -> str:
    """Give the rules that a mail has for dark mode alone; "" where it has none."""
    css = "\n".join(_STYLE.findall(html))
    rules = []
    for start in _DARK.finditer(css):
        depth = 1
        for at in range(start.end(), len(css)):
            depth += {"{": 1, "}": -1}.get(css[at], 0)
            if not depth:
                rules.append(css[start.end() : at])
                break
    return "\n".join(rules)


def _at_night(html: str) -> str:
    """Write the rules for dark mode into the elements."""
    from css_inline import CSSInliner

    return CSSInliner(inline_style_tags=False, load_remote_stylesheets=False, extra_css=dark_rules(html)).inline(html)


@dataclass(frozen=True, slots=True)
class _Look:
    """How words look: what an element inherits, and what it stands on."""

    colour: str = "#000000"
    ground: str = "#ffffff"
    size: float = 16.0
    bold: bool = False


def _texts(element: HtmlElement | None, inherited: _Look) -> Iterator[tuple[str, _Look]]:
    if element is None or not isinstance(element.tag, str):
        return
    style = _declarations(element.get("style", ""))
    if style.get("display") == "none":
        return
    look = _look(element, style, inherited)
    if element.text and element.text.strip():
        yield " ".join(element.text.split()), look
    for child in element:
        yield from _texts(child, look)
        if child.tail and child.tail.strip():
            yield " ".join(child.tail.split()), look


def _look(element: HtmlElement, style: dict[str, str], inherited: _Look) -> _Look:
    ground = style.get("background-color") or style.get("background") or element.get("bgcolor")
    size = re.fullmatch(r"([0-9.]+)px", style.get("font-size", ""))
    weight = style.get("font-weight", "bold" if element.tag in ("b", "strong", "th") else "")
    return _Look(
        colour=style.get("color", inherited.colour),
        ground=inherited.ground if ground in (None, "transparent", "none") else str(ground),
        size=float(size[1]) if size else inherited.size,
        bold=inherited.bold if not weight else weight in ("bold", "bolder", "600", "700", "800", "900"),
    )


def _declarations(style: str) -> dict[str, str]:
    """Read a style attribute: property → value; of two, an important one counts, else the later one."""
    found: dict[str, tuple[bool, str]] = {}
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        important = "!important" in value
        value = value.replace("!important", "").strip().lower()
        name = name.strip().lower()
        if value and (important or not found.get(name, (False, ""))[0]):
            found[name] = (important, value)
    return {name: value for name, (_, value) in found.items()}


def _colour(text: str) -> Colour | None:
    """Read a colour: in hexadecimal, as rgb() or hsl(), or by its name; None for what is no colour."""
    from PIL import ImageColor

    try:
        red, green, blue, *_ = ImageColor.getrgb(text)
    except ValueError:
        return None
    return red, green, blue
