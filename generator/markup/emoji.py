"""Emoji by their names, `:smile:`, where the site asks for it; the names are those of GitHub and Slack."""

from __future__ import annotations

import re
from collections.abc import Container
from functools import lru_cache
from unicodedata import east_asian_width

from generator.markup.tokens import Tokens

_NAME = re.compile(r"(?<![\w:]):([a-z0-9_+][a-z0-9_+-]*):(?![\w:])")
_FLAGS = frozenset(("cn", "de", "es", "fr", "gb", "it", "jp", "kr", "ru", "us"))
_OTHERS = {
    "clinking_glasses": "🥂", "face_with_thermometer": "🤒", "facepalm": "🤦", "hugs": "🤗", "nerd_face": "🤓",
    "roll_eyes": "🙄", "shrug": "🤷",
    "star_struck": "🤩", "thinking": "🤔", "upside_down_face": "🙃", "zipper_mouth_face": "🤐",
}  # fmt: skip
"""Names that GitHub and Slack have, and the table that we look in has not."""


def replace_names(text: str) -> str:
    """Put the emoji in the place of each name that one has; `10:30:45` and unknown names stay as they are."""
    return _NAME.sub(lambda match: find_emoji(match[1]) or match[0], text) if ":" in text else text


def set_emoji(tokens: Tokens, code: Container[int], verbatim: Container[str]) -> None:
    """Replace the names in every text of a body that is neither `code` nor `verbatim`."""
    for n, text in enumerate(tokens.texts):
        if ":" in text and n not in code and text not in verbatim:
            tokens.texts[n] = replace_names(text)


@lru_cache(maxsize=512)
def find_emoji(name: str) -> str:
    """Return the emoji of a name, "" if we know none. The first call loads the table: 8 ms."""
    from rich.emoji import Emoji, NoEmoji

    if name in _OTHERS:
        return _OTHERS[name]
    name = "gb" if name == "uk" else name
    if name in _FLAGS:
        return "".join(chr(0x1F1E6 + ord(letter) - ord("a")) for letter in name)
    for tried in (name, f"{name}_face", f"flag_for_{name}", name.replace("_", "-", 1)):
        try:
            found = str(Emoji(tried))
        except NoEmoji:
            continue
        # some are letters for most systems, unless the character after them asks for a picture
        return f"{found}\ufe0f" if len(found) == 1 and east_asian_width(found) != "W" else found
    return ""
