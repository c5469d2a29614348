"""The words of the preview's own scripts and pages, taken from the catalogue.

Scripts call `gettext("...")` and `ngettext("...", "...", count)` as Python does; pages hold `{{ gettext("...") }}`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from html import escape

from generator.words import Words

_ONE = re.compile(r'(?<!n)gettext\(\s*"([^"]*)"')
_MANY = re.compile(r'ngettext\(\s*"([^"]*)",\s*"([^"]*)"')
_ON_PAGE = re.compile(r'\{\{ gettext\("([^"]*)"\) \}\}')
_VALUE = re.compile(r"%\((\w+)\)s")
_NUMBERS = 200  # plural rules look at the last two digits, and treat numbers below 100 apart


def fill_script(source: str, scripts: Iterable[str], words: Words) -> str:
    """Fill in the catalogue's answers in `words.js`: for every message that one of the scripts shows."""
    text = "\n".join(scripts)
    known = {
        "language": words.language,
        "messages": {message: _translate(message, words) for message in sorted(set(_ONE.findall(text)))},
        "plurals": {one: _forms(one, many, words) for one, many in sorted(set(_MANY.findall(text)))},
    }
    first, _, rest = source.partition("const KNOWN = ")
    return f"{first}const KNOWN = {json.dumps(known)};{rest.partition(';')[2]}"


def fill_page(source: str, words: Words) -> str:
    """Fill in the words of one of the preview's own pages, and the language they are in."""
    page = _ON_PAGE.sub(lambda match: escape(_translate(match[1], words)), source)
    return page.replace("{{ language }}", words.language)


def _translate(message: str, words: Words) -> str:
    """Translate a message and leave the places of its values open: the browser fills them in."""
    return words.gettext(message, **_open(message))


def _forms(one: str, many: str, words: Words) -> dict[str, list[object]]:
    values = _open(one + many)
    each = [words.ngettext(one, many, number, **values) for number in range(_NUMBERS)]
    forms: list[object] = [*dict.fromkeys(each)]
    return {"forms": forms, "which": [forms.index(form) for form in each]}


def _open(message: str) -> dict[str, str]:
    return {name: f"%({name})s" for name in _VALUE.findall(message)}
