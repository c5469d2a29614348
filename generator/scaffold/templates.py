"""Fill in the scaffold's files, and escape the user's words for them."""

from __future__ import annotations

import re
import string
import unicodedata
from pathlib import Path
from typing import Any

_UNWRITABLE = ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp")
_JOINERS = "\u200c\u200d"  # Persian and Indic words and emoji use them
_FILES = Path(__file__).with_name("files")
_WORDS = re.compile(r"[^\W\d_][\w,.!?'’()–—-]*(?: [\w,.!?'’()–—-]+){1,99}")
"""Two words or more, without any sign that means something to YAML where it stands: it reads them as they are."""


class _Template(string.Template):
    delimiter = "%%"  # not `$`, because GitHub workflows use ${{ }}


def clean_title(text: str) -> str:
    """Convert any text to a title: one line with single spaces, no control or reordering characters or surrogates."""
    spaced = re.sub(r"\s+", " ", text)
    kept = (char for char in spaced if char in _JOINERS or unicodedata.category(char) not in _UNWRITABLE)
    return " ".join("".join(kept).split())


def quote_toml(text: str) -> str:
    """Quote one line for TOML: its basic strings have the same escapes as JSON."""
    import json

    return json.dumps(text, ensure_ascii=False)


def format_front_matter(values: dict[str, Any] | list[str]) -> str:
    """Write front matter lines in order; quote only what YAML would not read as this text."""
    if isinstance(values, dict) and all(type(each) is str and _WORDS.fullmatch(each) for each in values.values()):
        return "".join(f"{key}: {words}\n" for key, words in values.items())  # importing yaml takes 20 ms
    import yaml

    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False, default_flow_style=False, width=10_000)


def fill_template(name: str, **values: str) -> str:
    """Read a file of `files/` and replace each `%%name` with its value."""
    text = (_FILES / name).read_text(encoding="utf-8")
    return _Template(text).substitute(values)
