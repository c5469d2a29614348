"""The words a user typed made fit for a file, and the files that ship with the scaffold."""

from __future__ import annotations

import json
import re
import string
import unicodedata
from importlib.resources import files
from typing import Any

_UNWRITABLE = ("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp")
_JOINERS = "\u200c\u200d"  # Persian and Indic words and emoji need them


class _Template(string.Template):
    delimiter = "%%"  # GitHub's workflows are full of ${{ }}


def clean_title(text: str) -> str:
    """Convert any text to a title: one line, single spaces, no control, reordering or unpaired characters."""
    spaced = re.sub(r"\s+", " ", text)
    kept = (char for char in spaced if char in _JOINERS or unicodedata.category(char) not in _UNWRITABLE)
    return " ".join("".join(kept).split())


def quote_toml(text: str) -> str:
    """Quote one line for TOML, whose basic strings share JSON's escapes."""
    return json.dumps(text, ensure_ascii=False)


def format_front_matter(values: dict[str, Any] | list[str]) -> str:
    """Write front matter lines in order; quoted only where YAML would read something else than the text."""
    import yaml

    return yaml.safe_dump(values, allow_unicode=True, sort_keys=False, default_flow_style=False, width=10_000)


def fill_template(name: str, **values: str) -> str:
    """Read a file of `files/` and put the values where it says `%%name`."""
    text = files("generator.scaffold").joinpath("files", name).read_text(encoding="utf-8")
    return _Template(text).substitute(values)
