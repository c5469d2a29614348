"""A theme from scratch that extends nothing and uses every value of docs/theming.md: it builds, its pages are sound."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests.factories import Site, post, write_site

DOCS = (Path(__file__).parents[2] / "docs/theming.md").read_text("utf-8")
CALLS = {
    "picture": 'site.picture("/photo.png", "A photo", "100vw")',
    "absolute": 'site.absolute("/tags/")',
    "date": 'site.date(doc.date, "long") if doc is defined and doc.date',
    "linked": 'site.linked("See www.example.org")',
    "picture_url": 'site.picture_url("/photo.png")',
    "query": '""',  # needs an extension: tests/extensions
}
"""How to call what the docs show with names of arguments."""
PIXEL = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0\x90wS\xde"
    b"\0\0\0\x0cIDATx\x9cc```\0\0\0\4\0\1\xf6\x178U\0\0\0\0IEND\xaeB`\x82"
)


def section(title: str) -> str:
    found = re.search(rf"^### {title}\n(.*?)(?=^##)", DOCS, re.M | re.S)
    assert found, title
    return found[1]


def first_cells(title: str) -> list[str]:
    """List the names in the first column of a section's tables."""
    rows = re.findall(r"^\| (`.*?`) \|", section(title), re.M)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def templates() -> dict[str, list[str]]:
    """Read which values each template has."""
    rows = re.findall(r"^\| `([\w-]+)\.html` \| [^|]+ \| ([^|]+) \|", section("Templates"), re.M)
    return {name: re.findall(r"`(\w+)`", values) for name, values in rows}


def printed(expression: str) -> str:
    """Print a text or number as it is, and anything else as its kind."""
    return f"<dd>{{% set it = {expression} %}}{{{{ it if it is string or it is number else it is defined }}}}</dd>\n"


def site_values() -> str:
    lines = []
    for name in first_cells("`site`"):
        call = re.match(r"site\.(\w+)\(", name)
        expression = CALLS.get(call[1], name) if call else name
        expression += " if doc is defined" if "(doc" in expression and " if " not in expression else ""
        lines.append(f"<dt>{call[1] if call else name}</dt>{printed(expression)}")
    return "".join(lines)


def page_values() -> str:
    return "".join(f"<dt>{name}</dt>{printed(name)}" for name in first_cells("`page`"))


def doc_values() -> str:
    return "".join(f"<dt>{name}</dt>{printed(f'doc.{name}')}" for name in first_cells("A document"))


BASE = """<!doctype html>
<html lang="{{ page.lang }}" dir="{{ site.direction(page.lang) }}">
<head><meta charset="utf-8"><title>{{ page.head_title }}</title>
<meta http-equiv="Content-Security-Policy" content="{{ page.csp }}">
<meta name="viewport" content="width=device-width"><meta name="description" content="{{ page.description }}">
<link rel="canonical" href="{{ page.canonical }}"><link rel="stylesheet" href="{{ site.asset("own.css") }}">
</head><body><main><h1>{{ page.title }}</h1>
{% block main %}{% endblock %}
<dl>
"""


def theme() -> dict[str, str | bytes]:
    """Write the theme: a template for each row of the docs."""
    made: dict[str, str | bytes] = {
        "theme.toml": 'name = "own"\nextends = ""\n[options.accent]\ndefault = "teal"\ndescription = "A colour."\n',
        "templates/base.html": f"{BASE}{site_values()}{page_values()}</dl></main></body></html>\n",
        "static/own.css": "main { max-width: 40rem }\n",
        "static/style.css": "main { color: black }\n",
        "static/icon.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>\n',
    }
    for name, values in templates().items():
        own = "".join(f"<dt>{value}</dt>{printed(value)}" for value in values)
        own += doc_values() if "doc" in values else ""
        lists = [value for value in values if value in ("posts", "issues", "pinned", "related")]
        links = "".join(
            f'{{% for each in {value} %}}<li><a href="{{{{ each.url }}}}">{{{{ each.title }}}}</a></li>{{% endfor %}}'
            for value in lists
        )
        text = f"<ul>{links}</ul><dl>{own}</dl>"
        alone = name in ("redirect", "feed-entry")
        made[f"templates/{name}.html"] = (
            text if alone else '{% extends "base.html" %}{% block main %}' + text + "{% endblock %}"
        )
    return made


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    files: dict[str, str | bytes] = {
        "site.toml": (
            'title = "T"\nurl = "https://letters.example/"\ntheme = "own"\ndescription = "Letters."\n'
            '[newsletter]\nfrom = "a@letters.example"\nsubscribe = "https://list.letters.example/"\n'
        ),
        "static/photo.png": PIXEL,
        "posts/2024-01-01-a.md": post(
            "A", "One.\n\n<!--more-->\n\n## Two\n\nThree.", series="S", part=1, authors=["Ann"], tags=["x"],
            rating="9/10", aliases=["/old/"], extra={"colour": "teal"}, learning_points=["p"], image="/photo.png",
            image_alt="A photo",
        ),
        "posts/2024-01-02-b.md": post("B", series="S", part=3, tags=["x"]),
        "pages/about.md": post("About"),
        "newsletters/n.md": post("N", date="2024-02-01", posts=["a"]),
        **{f"themes/own/{path}": text for path, text in theme().items()},
    }  # fmt: skip
    made = Site(write_site(tmp_path_factory.mktemp("own") / "site", files))
    made.build()
    return made


def test_it_builds_without_a_mistake(site: Site) -> None:
    assert [str(problem) for problem in site.report.problems if problem.level != "note"] == []
    assert not site.report.stopped
    assert site.verify() == ()


def test_every_kind_of_page_is_made_and_names_every_value_of_the_docs(site: Site) -> None:
    pages = {
        "home": "index.html", "post": "2024/01/a/index.html", "page": "about/index.html", "tag": "tags/x/index.html",
        "issue": "newsletter/n/index.html", "newsletter": "newsletter/index.html", "tags": "tags/index.html",
        "author": "authors/ann/index.html", "authors": "authors/index.html", "series": "series/s/index.html",
        "series-list": "series/index.html", "follow": "follow/index.html", "archive": "archive/index.html",
        "year": "2024/index.html", "month": "2024/01/index.html", "404": "404.html", "redirect": "old/index.html",
    }  # fmt: skip
    assert pages.keys() == templates().keys() - {"feed-entry", "search"}
    for name, path in pages.items():
        text = site.text(path)
        assert [value for value in templates()[name] if f"<dt>{value}</dt>" not in text] == [], name
    assert len(first_cells("A document")) > 30
    assert all(f"<dt>{name}</dt>" in site.text(pages["post"]) for name in first_cells("A document"))


def test_its_pages_are_sound(site: Site) -> None:
    links: set[str] = set()
    for path in sorted(site.paths):
        if not path.endswith(".html") or path == "old/index.html":
            continue
        page: Any = html.fromstring(site.text(path))
        assert page.get("lang") == "en", path
        assert [len(page.xpath(what)) for what in ("//h1", "//title", "//main")] == [1, 1, 1], path
        ids = Counter(page.xpath("//@id"))
        assert [each for each, count in ids.items() if count > 1] == [], path
        links.update(link for link in page.xpath("//a/@href|//link/@href") if link.startswith("/"))
    gone = {link for link in links if link.strip("/") + ("/index.html" if link.endswith("/") else "") not in site.paths}
    assert gone - {"/"} == set()
