"""An extension that adds one of everything; docs/extending.md explains it line by line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor

from generator.registry import Registry

PROGRESS = ("value", "max", "aria-label")
AUDIENCES = ("everyone", "staff", "students")


def extend(registry: Registry) -> None:
    """Say what this extension adds. Openletter calls this once."""
    registry.filter("reading_level", reading_level)
    registry.query("posts_by_rating", posts_by_rating)
    registry.query("people", people)
    registry.field("audience", check_audience)
    registry.markdown(ProgressBars, tags=["progress"], attributes={"progress": PROGRESS})
    registry.kind("humans_txt", plan_humans, render_humans)


def reading_level(text: str) -> str:
    """Say how hard a text is to read, by the length of its sentences and the share of its long words (LIX)."""
    words = re.findall(r"\w+", text)
    if not words:
        return "nothing to read"
    sentences = max(1, len(re.findall(r"[.!?:](?:\s|$)", text)))
    long_words = sum(len(word) > 6 for word in words)
    level = len(words) / sentences + 100 * long_words / len(words)
    return "easy" if level < 35 else "medium" if level < 50 else "hard"


def posts_by_rating(index: Any, least: str) -> list[Any]:
    """List the posts that are rated at least so well, the best first."""
    rated = [index.cards[key] for key in index.posts if index.cards[key].rating]
    return sorted((card for card in rated if card.rating.value >= float(least)), key=lambda card: -card.rating.value)


def people(index: Any, _: str) -> list[Any]:
    """List the authors by name."""
    return sorted((each.author for each in index.authors.values()), key=lambda author: author.name)


def check_audience(value: Any) -> str:
    """Take a value of the field `audience`, or say what is wrong with it."""
    if value not in AUDIENCES:
        raise ValueError(f"must be one of: {', '.join(AUDIENCES)}.")
    return str(value)


class ProgressBars(Extension):
    """Turn `[=75%]` into a progress bar."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (the name is Python-Markdown's)
        """Add the pattern to a converter."""
        md.inlinePatterns.register(_Bar(r"\[=(\d{1,2}|100)%\]", md), "progress", 175)


class _Bar(InlineProcessor):
    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: N802
        bar = Element("progress", {"value": m[1], "max": "100", "aria-label": "Done"})
        bar.text = f"{m[1]} %"
        return bar, m.start(0), m.end(0)


def plan_humans(index: Any) -> Iterator[str]:
    """Plan the file humans.txt, where anybody writes."""
    if index.authors:
        yield "humans.txt"


def render_humans(site: Any) -> str:
    """Write the file humans.txt. What it shows of the site, it asks `site` for."""
    lines = [f"/* {site.title} */"]
    lines += [f"{author.name}, {author.role}" for author in site.query("people")]
    return "\n".join(lines) + "\n"
