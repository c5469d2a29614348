"""Fill in the scaffold's files, and escape the user's words for them."""

from __future__ import annotations

import json
import re
import string
import unicodedata
from importlib.resources import files
from typing import Any

_UNWRITABLE = ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp")
_JOINERS = "\u200c\u200d"  # Persian and Indic words and emoji use them


class _Template(string.Template):
    delimiter = "%%"  # not `$`, because GitHub workflows use ${{ }}


def clean_title(text: str) -> str:
    """Convert any text to a title: one line with single spaces, no control or reordering characters or surrogates."""
    spaced = re.sub(r"\s+", " ", text)
    kept = (char for char in spaced if char in _JOINERS or unicodedata.category(char) not in _UNWRITABLE)
    return " ".join("".join(kept).split())


def quote_toml(text: str) -> str:
    """Quote one line for TOML: its basic strings have the same escapes as JSON."""
    return json.dumps(text, ensure_ascii=False)


def format_front_matter(values: dict[str, Any] | list[str]) -> str:
    """Write front matter lines in order; quote only what YAML would not read as this text."""
    import yaml

    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False, default_flow_style=False, width=10_000)


def fill_template(name: str, **values: str) -> str:
    """Read a file of `files/` and replace each `%%name` with its value."""
    text = files("generator.scaffold").joinpath("files", name).read_text(encoding="utf-8")
    return _Template(text).substitute(values)
