"""What Jekyll and Pelican read and publish, and nothing else, is read and public here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from generator.importers.import_model import ImportOutcome, Topic
from generator.model import Kind
from tests.factories import plain_post

Blog = Callable[[Mapping[str, str | bytes]], Path]
Bring = Callable[..., ImportOutcome]
A = plain_post(date="2020-01-01")
PAGE = plain_post(layout="page")


def public(outcome: ImportOutcome) -> set[str]:
    return {each.source.partition("/")[2] for each in outcome.posts if not each.draft}


def drafts(outcome: ImportOutcome) -> set[str]:
    return {each.source.partition("/")[2] for each in outcome.posts if each.draft}


JEKYLL: dict[str, tuple[dict[str, str], set[str]]] = {
    "exclude": ({"_config.yml": "exclude: [x, 'y/*.md', /z/b.md]\n", "x/b.md": A, "y/b.md": A, "z/b.md": A}, set()),
    "exclude by a beginning": ({"_config.yml": "exclude: [draft]\n", "drafts/b.md": A, "draft-1.md": A}, set()),
    "exclude a folder alone": ({"_config.yml": "exclude: [x/]\n", "x/b.md": A, "x-1.md": A}, {"x-1.md"}),
    "exclude posts": ({"_config.yml": "exclude: [_posts/x]\n", "_posts/x/2020-01-02-b.md": A}, set()),
    "exclude across folders": ({"_config.yml": "exclude: ['*secret*']\n", "x/secret/b.md": A}, set()),
    "include counts more": ({"_config.yml": "exclude: [x]\ninclude: [x]\n", "x/b.md": A}, {"x/b.md"}),
    "usual exclusions": ({"vendor/bundle/b.md": A, "node_modules/b.md": A, "gemfiles/b.md": A}, set()),
    "underscore folders": ({"_ideas/b.md": A, "_pages/b.md": PAGE, "x/_y/b.md": A, "_b.md": A}, set()),
    "included folders": ({"_config.yml": "include: [_pages]\n", "_pages/b.md": PAGE}, {"_pages/b.md"}),
    "posts without a date in the name": ({"_posts/b.md": A, "_posts/x/notes.md": A, "x/_posts/b.html": A}, set()),
    "posts in folders": ({"x/_posts/2020-01-02-b.md": A}, {"x/_posts/2020-01-02-b.md"}),
    "pages without front matter": ({"b.md": "# Text\n", "x/b.markdown": "Text\n"}, set()),
    "a plugin reads them": ({"_config.yml": "plugins: [jekyll-optional-front-matter]\n", "b.md": "# B\n"}, {"b.md"}),
    "the output": ({"_config.yml": "destination: docs\n", "docs/b.md": A, "_site/b.md": A}, set()),
    "layouts": ({"_config.yml": "layouts_dir: skin\n", "skin/b.html": A}, set()),
    "source": (
        {"_config.yml": "source: src\n", "b.md": A, "x/b.md": A, "src/_posts/2020-01-02-b.md": A},
        {"src/_posts/2020-01-02-b.md"},
    ),
    "collections without output": (
        {"_config.yml": "collections: [x]\n", "_x/b.md": PAGE, "_y/b.md": PAGE, "_x/_b.md": PAGE},
        set(),
    ),
    "collections with output": (
        {"_config.yml": "collections: {x: {output: true}, y: {output: false}}\n", "_x/b.md": PAGE, "_y/b.md": PAGE},
        {"_x/b.md"},
    ),
    "collections_dir": (
        {
            "_config.yml": "collections_dir: c\ncollections: {x: {output: true}}\n",
            "c/_x/b.md": PAGE,
            "_x/b.md": PAGE,
            "c/_posts/2020-01-02-b.md": A,
            "x/_posts/2020-01-02-b.md": A,
        },
        {"c/_x/b.md", "c/_posts/2020-01-02-b.md"},
    ),
    "published: false": ({"_posts/2020-01-02-b.md": plain_post(published="false")}, set()),
    "published: false by default": (
        {"_config.yml": "defaults: [{scope: {path: x}, values: {published: false}}]\n", "x/b.md": A},
        set(),
    ),
    "drafts": ({"_drafts/b.md": A, "x/_drafts/b.md": plain_post()}, set()),
    "settings that cannot be read": ({"_config.yml": "a: 1\na: 2\n", "_posts/2020-01-02-b.md": A}, set()),
}


@pytest.mark.parametrize(("files", "shown"), JEKYLL.values(), ids=JEKYLL)
def test_jekyll_s_rules(files: dict[str, str], shown: set[str], blog: Blog, bring: Bring) -> None:
    outcome = bring(blog({"_config.yml": "title: x\n", "2020.md": PAGE, **files}))
    assert public(outcome) - {"2020.md"} == shown
    assert outcome.problems == ()


DRAFTS = {"collections without output": {"_x/b.md"}, "drafts": {"_drafts/b.md", "x/_drafts/b.md"}}


@pytest.mark.parametrize("name", DRAFTS)
def test_what_jekyll_read_and_did_not_publish_is_a_draft(name: str, blog: Blog, bring: Bring) -> None:
    assert drafts(bring(blog({"_config.yml": "title: x\n", **JEKYLL[name][0]}))) == DRAFTS[name]


def article(*lines: str) -> str:
    return "\n".join(("Title: A", *lines, "", "Text", ""))


P = article("Date: 2020-01-01")
PELICAN: dict[str, tuple[dict[str, str], set[str], set[str]]] = {
    "PATH": ({"pelicanconf.py": 'PATH = "src"\n', "src/b.md": P, "content/x.md": P, "x.md": P}, {"src/b.md"}, set()),
    "no PATH, and content": ({"pelicanconf.py": "", "content/b.md": P, "x.md": P}, {"content/b.md"}, set()),
    "no PATH, no content": ({"pelicanconf.py": "", "b.md": P, "x/b.md": P}, {"b.md", "x/b.md"}, set()),
    "PATH of a usual name": ({"pelicanconf.py": 'PATH = "./data/"\n', "data/b.md": P}, {"data/b.md"}, set()),
    "ARTICLE_PATHS": (
        {
            "pelicanconf.py": 'ARTICLE_PATHS = ["blog"]\n',
            "content/blog/b.md": P,
            "content/x.md": P,
            "content/x/b.md": P,
        },
        {"content/blog/b.md"},
        set(),
    ),
    "PAGE_PATHS": (
        {
            "pelicanconf.py": 'ARTICLE_PATHS = ["blog"]\nPAGE_PATHS = ["info"]\n',
            "content/info/b.md": article(),
            "content/pages/b.md": article(),
        },
        {"content/info/b.md"},
        set(),
    ),
    "ARTICLE_EXCLUDES": (
        {
            "pelicanconf.py": 'ARTICLE_EXCLUDES = ["x", "y/z"]\n',
            "content/x/b.md": P,
            "content/y/z/b.md": P,
            "content/y/b.md": P,
        },
        {"content/y/b.md"},
        set(),
    ),
    "PAGE_EXCLUDES": (
        {"pelicanconf.py": 'PAGE_EXCLUDES = ["pages/x"]\n', "content/pages/x/b.md": article()},
        set(),
        set(),
    ),
    "IGNORE_FILES": (
        {"pelicanconf.py": 'IGNORE_FILES = ["*.x.md", "secret"]\n', "content/b.x.md": P, "content/secret/b.md": P},
        set(),
        set(),
    ),
    "READERS": ({"pelicanconf.py": 'READERS = {"html": None}\n', "content/b.html": A}, set(), set()),
    "STATUS": (
        {
            "pelicanconf.py": "",
            "content/b.md": article("Date: 2020-01-01", "Status: hidden"),
            "content/c.md": article("Date: 2020-01-01", "Status: draft"),
            "content/d.md": article("Date: 2020-01-01", "Status: skip"),
        },
        set(),
        {"content/b.md", "content/c.md", "content/d.md"},
    ),
    "DEFAULT_METADATA": (
        {
            "pelicanconf.py": 'DEFAULT_METADATA = {"status": "draft"}\n',
            "content/b.md": P,
            "content/c.md": article("Date: 2020-01-01", "Status: published"),
        },
        {"content/c.md"},
        {"content/b.md"},
    ),
    "EXTRA_PATH_METADATA": (
        {
            "pelicanconf.py": 'EXTRA_PATH_METADATA = {"x": {"status": "hidden"}}\n',
            "content/x/b.md": P,
            "content/y/b.md": P,
        },
        {"content/y/b.md"},
        {"content/x/b.md"},
    ),
    "PATH_METADATA": (
        {"pelicanconf.py": 'PATH_METADATA = r"(?P<status>\\w+)/.*"\n', "content/draft/b.md": P},
        set(),
        {"content/draft/b.md"},
    ),
    "no date": ({"pelicanconf.py": "", "content/b.md": article()}, set(), {"content/b.md"}),
    "ARTICLE_SAVE_AS": (
        {"pelicanconf.py": 'ARTICLE_SAVE_AS = ""\n', "content/b.md": P, "content/pages/b.md": article()},
        {"content/pages/b.md"},
        {"content/b.md"},
    ),
    "a computed list": (
        {"pelicanconf.py": "ARTICLE_EXCLUDES = [x for x in y]\n", "content/b.md": P},
        set(),
        {"content/b.md"},
    ),
    "a list that grows": (
        {"pelicanconf.py": 'ARTICLE_EXCLUDES = []\nARTICLE_EXCLUDES += ["x"]\n', "content/b.md": P},
        set(),
        {"content/b.md"},
    ),
    "a method": (
        {"pelicanconf.py": "DEFAULT_METADATA = {}\nDEFAULT_METADATA.update(x)\n", "content/b.md": P},
        set(),
        {"content/b.md"},
    ),
    "an item": (
        {"pelicanconf.py": 'DEFAULT_METADATA = {}\nDEFAULT_METADATA["status"] = "draft"\n', "content/b.md": P},
        set(),
        {"content/b.md"},
    ),
    "a condition": (
        {"pelicanconf.py": 'if x:\n    PATH = "other"\n', "content/b.md": P},
        set(),
        {"content/b.md"},
    ),
    "other names may be computed": (
        {"pelicanconf.py": "import os\nSITENAME = os.environ['X']\n", "content/b.md": P},
        {"content/b.md"},
        set(),
    ),
    "no Python": ({"pelicanconf.py": "PATH = (\n", "content/b.md": P}, set(), {"content/b.md"}),
    "settings from elsewhere": (
        {"pelicanconf.py": "from secret import *\n", "content/b.md": P},
        set(),
        {"content/b.md"},
    ),
    "settings from beside": (
        {
            "pelicanconf.py": "from base import *\n",
            "base.py": 'ARTICLE_PATHS = ["x"]\n',
            "content/x/b.md": P,
            "content/y.md": P,
        },
        {"content/x/b.md"},
        set(),
    ),
    "publishconf": (
        {
            "pelicanconf.py": "",
            "publishconf.py": 'from pelicanconf import *\nARTICLE_EXCLUDES = ["x"]\n',
            "content/b.md": P,
            "content/x/b.md": P,
        },
        {"content/b.md"},
        set(),
    ),
}


@pytest.mark.parametrize(("files", "shown", "hidden"), PELICAN.values(), ids=PELICAN)
def test_pelican_s_rules(files: dict[str, str], shown: set[str], hidden: set[str], blog: Blog, bring: Bring) -> None:
    outcome = bring(blog(files))
    assert (public(outcome), drafts(outcome)) == (shown, hidden)
    assert outcome.problems == ()


def test_settings_of_pelican_s_that_were_not_evaluated_are_named(blog: Blog, bring: Bring) -> None:
    files = {"pelicanconf.py": "PATH = str('content')\nIGNORE_FILES = list()\n", "content/b.md": P}
    said = [note.words for note in bring(blog(files)).notes if note.topic is Topic.SETTINGS]
    assert [words.partition(" ")[0] for words in said] == ["IGNORE_FILES", "PATH"]


def test_the_folder_decides_what_is_a_page_of_pelican_s(blog: Blog, bring: Bring) -> None:
    files = {
        "pelicanconf.py": 'ARTICLE_PATHS = ["pages"]\nPAGE_PATHS = ["info"]\n',
        "content/pages/b.md": P,
        "content/info/c.md": P,
    }
    kinds = {each.source.partition("/")[2]: each.kind for each in bring(blog(files)).posts}
    assert kinds == {"content/pages/b.md": Kind.POST, "content/info/c.md": Kind.PAGE}
