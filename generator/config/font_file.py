"""Check the font file that site.toml names."""

from __future__ import annotations

from pathlib import Path

from generator.text.mapping_reader import RefusedError

_BEGINNINGS = (b"\x00\x01\x00\x00", b"OTTO", b"true", b"ttcf", b"wOFF", b"wOF2")


def font_file(root: Path, text: str) -> str:
    """Check that a path below the site's folder is a font; it comes back with plain slashes."""
    path = text.replace("\\", "/")
    like = "Copy the font into the site's folder, and write its path: fonts/NotoSerif-Bold.ttf"
    if path.startswith("/") or ".." in path.split("/") or ":" in path:
        raise RefusedError("config-font", f'"{text}" is not a path below the site\'s folder.', like)
    try:
        with (root / path).open("rb") as file:
            beginning = file.read(4)
    except OSError as reason:
        raise RefusedError("config-font", f'There is no font file "{text}" in the site\'s folder.', like) from reason
    if beginning not in _BEGINNINGS:
        hint = "Use a TrueType or OpenType font: a file that ends in .ttf, .otf or .woff2"
        raise RefusedError("config-font", f'"{text}" is not a font file.', hint)
    return path
