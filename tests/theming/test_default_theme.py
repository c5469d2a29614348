"""The default theme's colours: the contrast of every pair of tokens that meet, computed. Source: WCAG 2.2, 1.4.3."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

THEME = Path(__file__).parents[2] / "themes/default"
CSS = (THEME / "static/style.css").read_text("utf-8")
ACCENTS = ("teal", "indigo", "plum", "forest", "brick", "slate")
Colour = tuple[float, float, float]


def tokens(scheme: int, accent: str) -> dict[str, str]:
    """Read the colours of the sheet: scheme 0 is light, 1 dark."""
    pairs = re.findall(r"^\s+--([\w-]+): light-dark\((#\w{6}), (#\w{6})\);", CSS, re.MULTILINE)
    found = {name: values[scheme] for name, *values in pairs}
    if accent != "teal":
        (values,) = re.findall(rf"\.accent-{accent} \{{ --accent: light-dark\((#\w{{6}}), (#\w{{6}})\); \}}", CSS)
        found["accent"] = values[scheme]
    share = int(re.findall(r"color-mix\(in oklab, var\(--accent\) (\d+)%", CSS)[scheme]) / 100
    return {**found, "tint": mix(found["accent"], found["paper"], share)}


def linear(colour: str) -> Colour:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def luminance(colour: str) -> float:
    red, green, blue = linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """Mix two colours in Oklab, as `color-mix` does. Source: CSS Color 4, section 9.4."""
    lab = [share * a + (1 - share) * b for a, b in zip(oklab(one), oklab(other), strict=True)]
    lightness, a, b = lab
    cubes = (
        (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3,
        (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3,
        (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3,
    )
    rows = (
        (4.0767416621, -3.3077115913, 0.2309699292),
        (-1.2684380046, 2.6097574011, -0.3413193965),
        (-0.0041960863, -0.7034186147, 1.7076147010),
    )
    light = (sum(x * y for x, y in zip(row, cubes, strict=True)) for row in rows)
    curved = (12.92 * c if c <= 0.0031308 else 1.055 * c ** (1 / 2.4) - 0.055 for c in light)
    return "#" + "".join(f"{round(255 * min(1.0, max(0.0, c))):02x}" for c in curved)


def oklab(colour: str) -> Colour:
    red, green, blue = linear(colour)
    roots = (
        (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3),
        (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3),
        (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3),
    )
    rows = (
        (0.2104542553, 0.7936177850, -0.0040720468),
        (1.9779984951, -2.4285922050, 0.4505937099),
        (0.0259040371, 0.7827717662, -0.8086757660),
    )
    lightness, a, b = (sum(x * y for x, y in zip(row, roots, strict=True)) for row in rows)
    return lightness, a, b


@pytest.mark.parametrize("accent", ACCENTS)
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_pair_of_colours_that_meet_can_be_read(scheme: int, accent: str) -> None:
    colours = tokens(scheme, accent)
    grounds = ("paper", "panel", "tint")
    pairs = [(text, ground, 4.5) for text in ("muted", "accent", "warning") for ground in grounds]
    pairs += [("ink", ground, 12) for ground in grounds]
    pairs += [
        ("accent", "paper", 6.8),
        ("muted", "paper", 6.5),
        ("on-accent", "accent", 4.5),
        ("paper", "warning", 4.5),
    ]
    found = {(one, other): contrast(colours[one], colours[other]) for one, other, _ in pairs}
    assert {pair: found[pair[:2]] for pair in pairs if found[pair[:2]] < pair[2]} == {}


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)
    assert mix("#ff0000", "#ffffff", 1) == "#ff0000"
    assert mix("#123456", "#fedcba", 0) == "#fedcba"


def test_browsers_without_light_dark_get_the_light_colours() -> None:
    (rules,) = re.findall(r"@supports not \(color: light-dark.*?\n\}", CSS, re.DOTALL)
    plain = dict(re.findall(r"--([\w-]+): (#\w+);", rules))
    light = tokens(0, "teal")
    assert set(plain) == set(light)
    assert {name for name, value in plain.items() if value not in (light[name], "#fff", "#f5f1e9")} == set()


def test_everything_but_faces_is_in_the_layer() -> None:
    outside = re.sub(
        r"@layer openletter \{.*\n\}\n", "", re.sub(r"/\*.*?\*/", "", CSS, flags=re.DOTALL), flags=re.DOTALL
    )
    assert set(re.findall(r"@[\w-]+", outside)) == {"@font-face"}


def test_the_display_face_is_free_small_and_has_its_licence_beside_it() -> None:
    fonts = THEME / "static/fonts"
    assert "SIL OPEN FONT LICENSE Version 1.1" in (fonts / "OFL.txt").read_text("utf-8")
    sizes = {file.name: file.stat().st_size for file in fonts.glob("*.woff2")}
    assert set(sizes) == {"newsreader-display.woff2", "newsreader-display-accents.woff2"}
    assert all(size < 14_000 for size in sizes.values())
