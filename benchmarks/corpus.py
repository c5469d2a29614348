"""Generated posts: every one a function of (seed, number, count) alone, so every peer gets the same.

Dates run evenly from January 2012 to January 2026; a body has about 450 words (median), with what blogs have:
headings, lists, quotations, links, emphasis, a picture, and now and then a table, a footnote, some code.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from random import Random

from benchmarks.words import AUTHORS, PAGES, SERIES, TAGS, TITLE_ENDS, TITLE_STARTS, TITLE_THINGS, WORDS

SEED = 2026
PICTURES = 10
FIRST_DATE = datetime(2012, 1, 2, 6, tzinfo=UTC)
LAST_DATE = datetime(2026, 1, 30, 6, tzinfo=UTC)

_WORD_WEIGHTS = tuple(accumulate(1 / (rank + 3) for rank in range(len(WORDS))))
_TAG_WEIGHTS = tuple(accumulate(1 / (rank + 1) for rank in range(len(TAGS))))


@dataclass(frozen=True, slots=True)
class Post:
    """A generated post: `author` is an id of `AUTHORS`; `part` counts from 1 within `series`, 0 without one."""

    slug: str
    title: str
    date: datetime
    author: str
    tags: tuple[str, ...]
    series: str
    part: int
    summary: str
    description: str
    body: str


@dataclass(frozen=True, slots=True)
class Page:
    """A generated page, outside the blog's order."""

    slug: str
    title: str
    description: str
    body: str


def make_posts(count: int, seed: int = SEED) -> Iterator[Post]:
    """Make `count` posts, oldest first, one at a time."""
    return (make_post(number, count, seed) for number in range(count))


def make_post(number: int, count: int, seed: int = SEED) -> Post:
    """Make post `number` (from 0, the oldest) of `count`."""
    rng = Random(f"{seed}/post/{number}")
    title, slug = _title(number, seed)
    series, part = _place_in_series(number)
    date = FIRST_DATE + timedelta(minutes=int((LAST_DATE - FIRST_DATE).total_seconds() * number / count) // 60)
    others = [_title(rng.randrange(count), seed)[1] for _ in range(rng.randint(1, 3))]
    return Post(
        slug=slug,
        title=title,
        date=date,
        author=rng.choice(tuple(AUTHORS)),
        tags=_tags(rng),
        series=series,
        part=part,
        summary=f"{_sentence(rng, marked=0)} {_sentence(rng, marked=0)}",
        description=_sentence(rng, marked=0),
        body=_body(rng, [f"/posts/{other}/" for other in others]),
    )


def make_pages(seed: int = SEED) -> Iterator[Page]:
    """Make the five pages."""
    for slug, title in PAGES.items():
        rng = Random(f"{seed}/page/{slug}")
        blocks = [_paragraph(rng), _paragraph(rng), _heading(rng), _paragraph(rng), _bullets(rng)]
        yield Page(slug, title, _sentence(rng, marked=0), "\n\n".join(blocks) + "\n")


def make_picture(number: int) -> str:
    """Draw picture `number` (0 to `PICTURES` - 1) as SVG, 640 × 360."""
    rectangle = '<rect x="{}" y="{}" width="28" height="120" fill="#{}a{}"/>'
    bars = "".join(rectangle.format(40 * bar, (bar * 53 + number * 31) % 240, number, bar % 10) for bar in range(16))
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360" viewBox="0 0 640 360">{bars}</svg>\n'


def picture_path(number: int) -> str:
    """Name the site-relative address of a picture, without the leading slash."""
    return f"images/picture-{number:02d}.svg"


def _title(number: int, seed: int) -> tuple[str, str]:
    """Give a post's title and its slug, which ends in the number: titles repeat, addresses do not."""
    rng = Random(f"{seed}/title/{number}")
    title = f"{rng.choice(TITLE_STARTS)} {rng.choice(TITLE_THINGS)} {rng.choice(TITLE_ENDS)}"
    return title, f"{title.lower().replace('’', '').replace(' ', '-')}-{number:05d}"


def _place_in_series(number: int) -> tuple[str, int]:
    """Put every third post into a series, the series taking turns, so that parts have no gaps."""
    turn, rest = divmod(number, 3)
    return ("", 0) if rest else (SERIES[turn % len(SERIES)], turn // len(SERIES) + 1)


def _tags(rng: Random) -> tuple[str, ...]:
    """Draw one to four tags, about 2.2 on average."""
    wanted = rng.choices((1, 2, 3, 4), (2, 4, 3, 1))[0]
    return tuple(dict.fromkeys(rng.choices(TAGS, cum_weights=_TAG_WEIGHTS, k=wanted)))


def _words(rng: Random, count: int) -> list[str]:
    return rng.choices(WORDS, cum_weights=_WORD_WEIGHTS, k=count)


def _phrase(rng: Random, count: int) -> str:
    return " ".join(_words(rng, count))


def _sentence(rng: Random, marked: float = 0.25, link: str = "") -> str:
    """Write 6 to 22 words; a share of `marked` sentences carries emphasis, quotation marks, code or a link."""
    words = _words(rng, rng.randint(6, 22))
    words[0] = words[0][0].upper() + words[0][1:]
    if len(words) > 12:
        words[len(words) // 2] += rng.choice((",", "", " –"))
    if link or rng.random() < marked:
        place = rng.randrange(1, len(words) - 3)
        pair = f"{words[place]} {words[place + 1]}"
        words[place : place + 2] = [f"[{pair}]({link})" if link else rng.choice(_MARKS)(pair)]
    return " ".join(words) + rng.choice("....?!")


_MARKS: tuple[Callable[[str], str], ...] = (
    lambda words: f"*{words}*",
    lambda words: f"*{words}*",
    lambda words: f"**{words}**",
    lambda words: f"**{words}**",
    lambda words: f'"{words}"',
    lambda words: f"“{words}”",
    lambda words: f"`{words}`",
    lambda words: f"[{words}](https://example.org/{len(words)}/)",
)


def _paragraph(rng: Random, link: str = "") -> str:
    sentences = [_sentence(rng) for _ in range(rng.randint(2, 5))]
    if link:
        sentences.insert(1, _sentence(rng, link=link))
    return " ".join(sentences)


def _bullets(rng: Random) -> str:
    return "\n".join(f"- {_sentence(rng)}" for _ in range(rng.randint(3, 6)))


def _steps(rng: Random) -> str:
    return "\n".join(f"{step}. {_sentence(rng)}" for step in range(1, rng.randint(4, 6)))


def _quotation(rng: Random) -> str:
    return f"> {_sentence(rng)}\n> {_sentence(rng)}"


def _heading(rng: Random, level: int = 2) -> str:
    return f"{'#' * level} {_phrase(rng, rng.randint(2, 5)).capitalize()}"


def _picture(rng: Random) -> str:
    return f"![{_phrase(rng, 4)}](/{picture_path(rng.randrange(PICTURES))})"


def _table(rng: Random) -> str:
    rows = [f"| {_phrase(rng, 2)} | {rng.randrange(100)} | {_phrase(rng, 3)} |" for _ in range(rng.randint(3, 6))]
    return "\n".join(("| Service | Tickets | Reason |", "| --- | ---: | --- |", *rows))


def _footnote(rng: Random) -> str:
    return f"{_paragraph(rng)}[^1]\n\n[^1]: {_sentence(rng, marked=0)}"


def _code(rng: Random) -> str:
    days = rng.randrange(9, 99)
    lines = ("for host in hosts:", f"    if host.idle_days > {days}:", '        retire(host, why="<unused> & old")')
    return "\n".join(("```python", *lines, "```"))


_BLOCKS: tuple[Callable[[Random], str], ...] = (_paragraph, _bullets, _quotation, _steps)
_BLOCK_WEIGHTS = (76, 14, 6, 4)
_EXTRAS: tuple[tuple[Callable[[Random], str], float], ...] = (
    (_picture, 0.8),
    (_table, 0.10),
    (_footnote, 0.12),
    (_code, 0.10),
)
_WORDS_UNDER_A_HEADING = 130


def _body(rng: Random, links: list[str]) -> str:
    """Write a body of 150 to 1,500 words or a little more, the median at about 450."""
    wanted = min(1500, max(150, math.exp(rng.gauss(math.log(405), 0.5))))
    pending = iter(links)
    blocks = [_paragraph(rng, next(pending))]
    total = under_heading = len(blocks[0].split())
    while total < wanted:
        if under_heading > _WORDS_UNDER_A_HEADING:
            blocks.append(_heading(rng, 3 if rng.random() < 0.3 else 2))
            under_heading = 0
        write = rng.choices(_BLOCKS, _BLOCK_WEIGHTS)[0]
        block = _paragraph(rng, next(pending, "")) if write is _paragraph else write(rng)
        blocks.append(block)
        under_heading += len(block.split())
        total += len(block.split())
    for extra, chance in _EXTRAS:
        if rng.random() < chance:
            blocks.insert(rng.randrange(1, len(blocks) + 1), extra(rng))
    return "\n\n".join(blocks) + "\n"
