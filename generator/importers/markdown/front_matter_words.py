"""Read the descriptive fields of a source: standfirst, description, series, picture, language."""

from __future__ import annotations

from typing import Any

from generator.content.compound_fields import check_language
from generator.importers.markdown.front_matter_dates import read_end
from generator.importers.markdown.front_matter_keys import FrontMatterKeys, truth, words
from generator.importers.markdown.labels import read_series
from generator.importers.markdown.lead_pictures import read_picture
from generator.model import Kind

_STANDFIRSTS = ("summary", "excerpt", "deck", "standfirst", "lead", "subtitle", "dek")
_MAX_TEXT = 10_000


def read_description(keys: FrontMatterKeys, kind: Kind) -> dict[str, Any]:
    """Map the descriptive fields of a source: standfirst, description, series, picture, language, comments, end."""
    found: dict[str, Any] = read_series(keys) if kind is Kind.POST else {}
    found |= _descriptions(keys)
    src, alt = read_picture(keys)
    found |= {"image": src, "image_alt": alt} if src else {}
    for name, value in keys.take("lang", "language", "locale"):
        try:
            found["lang"] = check_language(words(value).replace("_", "-"))
        except ValueError:
            keys.put_back(name, value)
    for name, value in keys.take("comments"):
        found |= {"comments": truth(value)} if truth(value) is not None else {}
        if truth(value) is None:
            keys.put_back(name, value)
    if kind is Kind.POST and truth(keys.look("pinned")):
        found["pinned"] = truth(keys.take_one("pinned"))
    found["expires"] = read_end(keys)
    return found


def _descriptions(keys: FrontMatterKeys) -> dict[str, Any]:
    """Use the first standfirst as summary, and the description, else a second standfirst, as description."""
    first, others = "", []
    for name, value in keys.take(*_STANDFIRSTS):
        text = words(value)
        if not text or len(text) > _MAX_TEXT:
            keys.put_back(name, value)
        elif not first:
            first = text
        elif text != first:
            others.append((name, value, text))
    for name, value in keys.take("description"):
        others.insert(0, (name, value, words(value)))
    second = others[0][2] if others and len(others[0][2]) <= _MAX_TEXT else ""
    for name, value, text in others:
        if text not in (first, second):
            keys.put_back(name, value)
    return {"summary": first, "description": second if second != first else ""}
