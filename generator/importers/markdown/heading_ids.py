"""Compute the ids that other generators give to headings."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, unquote

from generator.slugs import slugify


def list_heading_ids(words: str) -> set[str]:
    """List the ids of a heading with these words in kramdown, on GitHub and in Hugo, Pelican, Eleventy and Zola."""
    low = words.lower().strip()
    github = re.sub(r"\s", "-", re.sub(r"[^\w\s-]", "", low))
    kramdown = re.sub(r"[^a-z0-9 -]", "", re.sub(r"^[^a-z]+", "", low)).replace(" ", "-")
    ascii_ = unicodedata.normalize("NFKD", low).encode("ascii", "ignore").decode()
    pelican = re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", ascii_).strip())
    eleventy = quote(re.sub(r"\s+", "-", low), safe="!'()*~")
    return {each for each in (github, kramdown, pelican, unquote(eleventy), eleventy, slugify(ascii_)) if _fits(each)}


def _fits(name: str) -> bool:
    return re.fullmatch(r"[\w:.-]+", name) is not None
