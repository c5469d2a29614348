"""Fill in address patterns with the placeholders of Jekyll, Hugo, Pelican or Openletter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from generator.importers.markdown.markdown_post import MarkdownPost
from generator.slugs import slugify

_TOKEN = re.compile(r":([a-z_]+)|\{(\w+)(?::%([A-Za-z]))?\}")


def expand_pattern(pattern: str, post: MarkdownPost) -> str:
    """Fill in a pattern; "" if it needs an unknown value."""
    values = _values(post)
    unknown = False

    def one(match: re.Match[str]) -> str:
        nonlocal unknown
        name = match[1] or match[2]
        if match[3] and post.date:
            return post.date.strftime(f"%{match[3]}")
        unknown |= name not in values
        return values.get(name, "")

    made = re.sub("/{2,}", "/", f"/{_TOKEN.sub(one, pattern)}")
    return "" if unknown else made


def _values(post: MarkdownPost) -> Mapping[str, str]:
    folders = post.origin.group.removeprefix("content/").split("/")[:-1]
    slug = post.slug if "slug" in post.values else post.stem
    found = {
        "title": slug,
        "slug": slug,
        "name": post.stem,
        "filename": post.origin.group.rpartition("/")[2],
        "slugorfilename": slug,
        "contentbasename": post.stem,
        "collection": post.origin.collection,
        "path": post.origin.group.partition("/")[2],
        "section": folders[0] if folders else "",
        "sections": "/".join(folders),
        "categories": "/".join(each.lower() for each in post.categories),
        "slugified_categories": "/".join(slugify(each) for each in post.categories),
        "category": slugify(post.categories[0]) if post.categories else "",
        "lang": post.origin.lang,
        "output_ext": ".html",
    }
    return found | post.dialect.url_words(post) | (_dated(post.date) if post.date else {})


def _dated(day: date) -> dict[str, str]:
    return {
        "year": f"{day.year:04}",
        "month": f"{day.month:02}",
        "day": f"{day.day:02}",
        "i_month": str(day.month),
        "i_day": str(day.day),
        "short_year": f"{day.year % 100:02}",
        "y_day": f"{day.timetuple().tm_yday:03}",
        "yearday": str(day.timetuple().tm_yday),
    }
