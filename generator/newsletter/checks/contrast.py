"""Find text with too little contrast in a letter, in light and in dark mode."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

if TYPE_CHECKING:
    from lxml.html import HtmlElement

ColourScheme = Literal["light", "dark"]
RgbColour = tuple[int, int, int]

_DARK = re.compile(r"@media[^{]*prefers-color-scheme\s*:\s*dark[^{]*\{")
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.DOTALL | re.IGNORECASE)
_HEXADECIMAL = re.compile(r"#[0-9a-f]{6}", re.ASCII)
_LARGE_PX, _LARGE_BOLD_PX = 24.0, 18.66  # 18 and 14 points


class LowContrast(Struct, frozen=True):
    """Text with too little contrast: the ratio it has and the ratio required."""

    scheme: ColourScheme
    text: str
    colour: str
    background: str
    ratio: float
    required: float


def relative_luminance(colour: RgbColour) -> float:
    """Return the relative luminance of an sRGB colour, 0 to 1. Source: WCAG 2.2, relative luminance."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (each / 255 for each in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast_ratio(one: RgbColour, other: RgbColour) -> float:
    """Return the contrast of two colours, 1 to 21. Source: WCAG 2.2, contrast ratio."""
    lighter, darker = sorted((relative_luminance(one), relative_luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def find_low_contrast(html: str, scheme: ColourScheme) -> list[LowContrast]:
    """List text in a letter that is too faint, each pair of colours once. Source: WCAG 2.2, criterion 1.4.3."""
    from lxml.html import document_fromstring

    shown = _apply_dark_rules(html) if scheme == "dark" else html
    found: dict[tuple[str, str, float], LowContrast] = {}
    for words, style in _iterate_texts(document_fromstring(shown).find("body"), _TextStyle()):
        colour, background = _parse_colour(style.colour), _parse_colour(style.background)
        if colour is None or background is None:
            continue
        needed = 3.0 if style.size >= (_LARGE_BOLD_PX if style.bold else _LARGE_PX) else 4.5
        has = contrast_ratio(colour, background)
        if has < needed:
            faint = LowContrast(scheme, words[:60], style.colour, style.background, round(has, 2), needed)
            found.setdefault((style.colour, style.background, needed), faint)
    return list(found.values())


def extract_dark_rules(html: str) -> str:
    """Return the CSS rules that apply only in dark mode; "" if there are none."""
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


def _apply_dark_rules(html: str) -> str:
    """Apply the dark-mode rules to the elements' style attributes."""
    from css_inline import CSSInliner

    return CSSInliner(
        inline_style_tags=False, load_remote_stylesheets=False, extra_css=extract_dark_rules(html)
    ).inline(html)


class _TextStyle(Struct, frozen=True):
    """How text looks: what an element inherits, and the colour behind it."""

    colour: str = "#000000"
    background: str = "#ffffff"
    size: float = 16.0
    bold: bool = False


def _iterate_texts(element: HtmlElement | None, inherited: _TextStyle) -> Iterator[tuple[str, _TextStyle]]:
    if element is None or not isinstance(element.tag, str):
        return
    declarations = _parse_declarations(element.get("style", ""))
    if declarations.get("display") == "none":
        return
    style = _text_style(element, declarations, inherited)
    if element.text and element.text.strip():
        yield " ".join(element.text.split()), style
    for child in element:
        yield from _iterate_texts(child, style)
        if child.tail and child.tail.strip():
            yield " ".join(child.tail.split()), style


def _text_style(element: HtmlElement, declarations: dict[str, str], inherited: _TextStyle) -> _TextStyle:
    background = declarations.get("background-color") or declarations.get("background") or element.get("bgcolor")
    size = re.fullmatch(r"([0-9.]+)px", declarations.get("font-size", ""))
    weight = declarations.get("font-weight", "bold" if element.tag in ("b", "strong", "th") else "")
    return _TextStyle(
        colour=declarations.get("color", inherited.colour),
        background=inherited.background if background in (None, "transparent", "none") else str(background),
        size=float(size[1]) if size else inherited.size,
        bold=inherited.bold if not weight else weight in ("bold", "bolder", "600", "700", "800", "900"),
    )


def _parse_declarations(style: str) -> dict[str, str]:
    """Parse a style attribute: property → value. An `!important` value wins, then the later one."""
    found: dict[str, tuple[bool, str]] = {}
    for declaration in style.split(";"):
        name, _, value = declaration.partition(":")
        important = "!important" in value
        value = value.replace("!important", "").strip().lower()
        name = name.strip().lower()
        if value and (important or not found.get(name, (False, ""))[0]):
            found[name] = (important, value)
    return {name: value for name, (_, value) in found.items()}


def _parse_colour(text: str) -> RgbColour | None:
    """Parse a colour: hexadecimal, rgb(), hsl() or a name; None if it is not a colour."""
    if _HEXADECIMAL.fullmatch(text):  # as almost all are
        return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)
    from PIL import ImageColor

    try:
        red, green, blue, *_ = ImageColor.getrgb(text)
    except ValueError:
        return None
    return red, green, blue
