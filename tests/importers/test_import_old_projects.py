"""What settings and folders of the old project mean: files by language, themes, indexes, lists, emoji, settings."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.importers.import_model import ImportOutcome, Topic
from generator.importers.summary import sentences
from generator.markup.emoji import find_emoji
from tests.factories import plain_post, write_site

Blog = Callable[..., Path]
Bring = Callable[..., ImportOutcome]
A = plain_post(date="2020-01-01")


def come(outcome: ImportOutcome, site: Path, source: str) -> str:
    """Return the text that a source became, with its front matter."""
    (path,) = (post.path for post in outcome.posts if post.source == f"blog/{source}")
    return (site / path).read_text("utf-8")


def missing(outcome: ImportOutcome) -> list[str]:
    return [note.words for note in outcome.notes if note.topic is Topic.MISSING_FILE]


TWO = 'defaultContentLanguage = "en"\n[languages.en]\n[languages.es]\n[languages.pt-br]\n'
CHART = "![c](chart.png)"


def post_with(body: str) -> str:
    return plain_post(date="2020-01-01", body=body)


LANGUAGE_FILES: dict[str, tuple[dict[str, str | bytes], dict[str, bytes]]] = {
    "a file without a language is the usual one's": (
        {"p/h/index.md": CHART, "p/h/index.es.md": CHART, "p/h/chart.png": b"en", "p/h/chart.es.png": b"es"},
        {"p/h/index.md": b"en", "p/h/index.es.md": b"es"},
    ),
    "a language without a file gets the usual one's": (
        {"p/h/index.en.md": CHART, "p/h/index.es.md": CHART, "p/h/chart.en.png": b"en"},
        {"p/h/index.en.md": b"en", "p/h/index.es.md": b"en"},
    ),
    "any file is better than none": (
        {"p/h/index.en.md": CHART, "p/h/index.es.md": CHART, "p/h/chart.pt-br.png": b"pt"},
        {"p/h/index.en.md": b"pt", "p/h/index.es.md": b"pt"},
    ),
    "a language with a region": (
        {
            "p/h/index.en.md": CHART,
            "p/h/index.pt-br.md": CHART,
            "p/h/chart.en.png": b"en",
            "p/h/chart.pt-BR.png": b"pt",
        },
        {"p/h/index.en.md": b"en", "p/h/index.pt-br.md": b"pt"},
    ),
    "the full name is a file too": (
        {"p/h/index.es.md": "![c](chart.es.png)", "p/h/chart.es.png": b"es"},
        {"p/h/index.es.md": b"es"},
    ),
    "a file of another language by its full name": (
        {"p/h/index.es.md": "![c](chart.en.png)", "p/h/chart.es.png": b"es", "p/h/chart.en.png": b"en"},
        {"p/h/index.es.md": b"en"},
    ),
    "a folder for each language": (
        {"en/p/h/index.md": CHART, "es/p/h/index.md": CHART, "en/p/h/chart.png": b"en"},
        {"en/p/h/index.md": b"en", "es/p/h/index.md": b"en"},
    ),
    "a figure": (
        {"p/h/index.es.md": '{{< figure src="chart.png" >}}', "p/h/chart.es.png": b"es", "p/h/chart.en.png": b"en"},
        {"p/h/index.es.md": b"es"},
    ),
    "a folder below": (
        {"p/h/index.es.md": "![c](img/chart.png)", "p/h/img/chart.es.png": b"es", "p/h/img/chart.en.png": b"en"},
        {"p/h/index.es.md": b"es"},
    ),
    "a word that is no language of the site": (
        {"p/h/index.en.md": "![c](chart.min.png)", "p/h/chart.min.png": b"min", "p/h/chart.fr.png": b"fr"},
        {"p/h/index.en.md": b"min"},
    ),
    "large endings": (
        {"p/h/index.en.md": "![c](Chart.PNG)", "p/h/Chart.EN.PNG": b"en", "p/h/Chart.es.PNG": b"es"},
        {"p/h/index.en.md": b"en"},
    ),
}


@pytest.mark.parametrize(("files", "shown"), LANGUAGE_FILES.values(), ids=LANGUAGE_FILES)
def test_files_by_language(
    files: dict[str, str | bytes], shown: dict[str, bytes], blog: Blog, bring: Bring, site: Path
) -> None:
    written = {f"content/{k}": post_with(v) if isinstance(v, str) else v for k, v in files.items()}
    settings = TWO
    if "en/p/h/index.md" in files:
        settings = TWO.replace("[languages.es]", '[languages.es]\ncontentDir = "content/es"').replace(
            "[languages.en]", '[languages.en]\ncontentDir = "content/en"'
        )
    outcome = bring(blog({"hugo.toml": settings, **written}))
    assert missing(outcome) == []
    for source, data in shown.items():
        (path,) = (post.path for post in outcome.posts if post.source == f"blog/content/{source}")
        address = come(outcome, site, f"content/{source}").partition("](")[2].partition(")")[0]
        file = site / "content/static" / address[1:] if address.startswith("/") else (site / path).parent / address
        assert file.read_bytes() == data


THEMES: dict[str, dict[str, str | bytes]] = {
    "a theme": {"hugo.toml": 'theme = "th"\n', "themes/th/static/img/t.png": b"t", "themes/no/static/img/t.png": b"n"},
    "several themes": {
        "hugo.yaml": "theme: [one, two]\n",
        "themes/one/static/img/t.png": b"t",
        "themes/two/static/img/t.png": b"n",
    },
    "themesDir": {"hugo.toml": 'theme = "th"\nthemesDir = "looks"\n', "looks/th/static/img/t.png": b"t"},
    "no theme in the settings": {"hugo.toml": "", "themes/any/static/img/t.png": b"t"},
    "a theme that is a module": {
        "hugo.toml": '[[module.imports]]\npath = "git.example/a/th"\n',
        "_vendor/git.example/a/th/static/img/t.png": b"t",
    },
    "the site's own file counts more": {
        "hugo.toml": 'theme = "th"\n',
        "static/img/t.png": b"t",
        "themes/th/static/img/t.png": b"n",
    },
    "staticDir": {"hugo.json": '{"staticDir": ["files", "more"]}', "more/img/t.png": b"t"},
    "staticDir of a language": {"hugo.yaml": "languages: {en: {staticDir1: files}}\n", "files/img/t.png": b"t"},
    "a mount": {"hugo.toml": '[[module.mounts]]\nsource = "web"\ntarget = "static"\n[[module.mounts]]\n'
                'source = "content"\ntarget = "content"\n', "web/img/t.png": b"t"},
    "settings in a folder": {"config/_default/hugo.toml": 'theme = "th"\n', "themes/th/static/img/t.png": b"t"},
    "Zola's theme": {"config.toml": 'base_url = "/"\ntheme = "th"\n', "themes/th/static/img/t.png": b"t"},
}  # fmt: skip


@pytest.mark.parametrize("files", THEMES.values(), ids=THEMES)
def test_files_that_a_theme_or_a_setting_publishes(
    files: dict[str, str | bytes], blog: Blog, bring: Bring, site: Path
) -> None:
    outcome = bring(blog({**files, "content/p/a.md": post_with("![t](/img/t.png)")}))
    assert missing(outcome) == []
    assert (site / "content/static/img/t.png").read_bytes() == b"t"


@pytest.mark.parametrize(
    "setting", ['theme = "../../out"', 'staticDir = "../out/static"', 'themesDir = "/"\ntheme = "out"']
)
def test_nothing_outside_of_the_project_is_read(setting: str, blog: Blog, bring: Bring, site: Path) -> None:
    blog({"static/img/t.png": b"secret"}, "out")
    outcome = bring(blog({"hugo.toml": f"{setting}\n", "content/p/a.md": post_with("![t](/img/t.png)")}))
    assert missing(outcome) == ["`/img/t.png`"]
    assert not (site / "content/static").exists()


INDEX = "---\ntitle: Donate\n---\nLike this.\n"
INDEXES: dict[str, tuple[dict[str, str], bool]] = {
    "alone": ({"hugo.toml": "", "content/donate/_index.md": INDEX}, True),
    "with pages below": ({"hugo.toml": "", "content/donate/_index.md": INDEX, "content/donate/b.md": INDEX}, True),
    "deep": ({"hugo.toml": "", "content/a/b/_index.md": INDEX}, True),
    "in a language": ({"hugo.yaml": "languages: {en: {}, es: {}}\n", "content/donate/_index.es.md": INDEX}, True),
    "as HTML": ({"hugo.toml": "", "content/donate/_index.html": INDEX}, True),
    "with Windows' line ends": ({"hugo.toml": "", "content/donate/_index.md": INDEX.replace("\n", "\r\n")}, True),
    "Zola's": ({"config.toml": 'base_url = "/"\n', "content/donate/_index.md": "+++\ntitle = 'D'\n+++\nLike.\n"}, True),
    "Jekyll's": ({"_config.yml": "title: x\n", "donate/index.md": INDEX, "donate/more.md": INDEX}, True),
    "with posts": ({"hugo.toml": "", "content/news/_index.md": INDEX, "content/news/a.md": A}, False),
    "with posts far below": ({"hugo.toml": "", "content/news/_index.md": INDEX, "content/news/b/c/a.md": A}, False),
    "with bundles": ({"hugo.toml": "", "content/news/_index.md": INDEX, "content/news/c/index.md": A}, False),
    "of the site": ({"hugo.toml": "", "content/_index.md": INDEX}, False),
    "of the site in a language": ({"hugo.yaml": "languages: {en: {}, es: {}}\n", "content/es/_index.md": INDEX}, False),
    "that is a draft": (
        {"hugo.toml": "", "content/d/_index.md": INDEX.replace("\n---\nL", "\ndraft: true\n---\nL")},
        False,
    ),
    "not rendered": (
        {"hugo.toml": "", "content/d/_index.md": INDEX.replace("\n---\nL", "\nbuild: {render: never}\n---\nL")},
        False,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("files", "public"), INDEXES.values(), ids=INDEXES)
def test_the_index_of_a_folder_without_posts_is_a_page(
    files: dict[str, str], public: bool, blog: Blog, bring: Bring
) -> None:
    outcome = bring(blog({**files, "content/other/z.md": A}))
    name = next(path for path in files if "index" in path and files[path].replace("\r", "") != A)
    (index,) = (post for post in outcome.posts if post.source == f"blog/{name}")
    assert (not index.draft, index.path.startswith("content/pages/")) == (public, True)
    assert (
        public
        or index.source in {note.path for note in outcome.notes if note.topic is Topic.HIDDEN}
        or "draft: true" in files[name]
    )


PELICAN = "pelicanconf.py"
LISTS = [
    ("Authors: Smith, John; Doe, Jane", "authors", ["Smith, John", "Doe, Jane"]),
    ("Author: Smith, John; Doe, Jane", "authors", ["Smith, John", "Doe, Jane"]),
    ("Authors: John Smith, Jane Doe", "authors", ["John Smith", "Jane Doe"]),
    ("Author: Smith, John", "authors", ["Smith, John"]),
    ("Authors: Smith, John;\n    Doe, Jane", "authors", ["Smith, John", "Doe, Jane"]),
    ("Tags: python; a, b;; c++ ;", "tags", ["python", "a, b", "c++"]),
    ("Tags: a, b", "tags", ["a", "b"]),
    ("Tags: a,\n    b", "tags", ["a", "b"]),
    ("Tags: R&amp;D, b", "tags", ["R&D", "b"]),
    ("Tags: R&amp;D; b, c", "tags", ["R&D", "b, c"]),
    ("tags: 日本; Größe, x;", "tags", ["日本", "Größe, x"]),
    ("Tags: ;", "tags", []),
]


@pytest.mark.parametrize(("header", "key", "names"), LISTS)
def test_pelican_splits_at_semicolons_where_one_is(
    header: str, key: str, names: list[str], blog: Blog, bring: Bring, site: Path
) -> None:
    text = f"Title: A\nDate: 2020-01-01\n{header}\n\nx\n".replace("\n", "\r\n" if header.endswith(";") else "\n")
    outcome = bring(blog({PELICAN: "SITENAME = 'Blog'\nPATH = 'content'\n", "content/a.md": text}))
    written = come(outcome, site, "content/a.md")
    assert written.partition(f"\n{key}:")[2].startswith("".join(f"\n- {name}" for name in names))
    assert bool(names) == (f"\n{key}:" in written)


def test_pelican_s_settings_and_html_have_semicolons_too(blog: Blog, bring: Bring, site: Path) -> None:
    page = (
        '<html><head><title>B</title><meta name="date" content="2020-01-01"><meta name="tags" content="p; q, r"></head>'
    )
    files = {
        PELICAN: "PATH = 'content'\nDEFAULT_METADATA = {'tags': 'x; y, z'}\n",
        "content/a.md": "Title: A\nDate: 2020-01-01\n\nx\n",
        "content/b.html": f"{page}<body>x</body></html>",
    }
    outcome = bring(blog(files))
    assert "tags:\n- x\n- y, z\n" in come(outcome, site, "content/a.md")
    assert "tags:\n- p\n- q, r\n" in come(outcome, site, "content/b.html")


EMOJI = {
    "Hugo": {"hugo.toml": "enableEmoji = true\n"},
    "Hugo's in a folder": {"config/_default/hugo.yaml": "enableEmoji: true\n"},
    "Zola": {"config.toml": 'base_url = "/"\n[markdown]\nrender_emoji = true\n'},
    "Jekyll": {"_config.yml": "plugins: [jemoji]\n"},
    "Eleventy": {"eleventy.config.js": 'import { full } from "markdown-it-emoji";\n'},
}
EMOJI_OFF = {
    "Hugo": {"hugo.toml": "enableEmoji = false\n"},
    "Hugo's usual": {"hugo.toml": ""},
    "Zola": {"config.toml": 'base_url = "/"\n'},
    "Jekyll": {"_config.yml": "plugins: [jekyll-feed]\n"},
    "Eleventy": {"eleventy.config.js": ""},
}


def import_text(
    settings: Mapping[str, str], body: str, blog: Blog, bring: Bring, site: Path
) -> tuple[str, ImportOutcome]:
    jekyll = "_config.yml" in settings or "eleventy.config.js" in settings
    name = "_posts/2020-01-01-a.md" if jekyll else "content/p/a.md"
    outcome = bring(blog({**settings, name: post_with(body)}))
    return come(outcome, site, name).split("---\n", 2)[2].strip(), outcome


@pytest.mark.parametrize("settings", EMOJI.values(), ids=EMOJI)
def test_names_of_emoji_become_emoji_where_they_did(
    settings: dict[str, str], blog: Blog, bring: Bring, site: Path
) -> None:
    assert import_text(settings, "A :smile:", blog, bring, site)[0] == "A 😄"


@pytest.mark.parametrize("settings", EMOJI_OFF.values(), ids=EMOJI_OFF)
def test_names_of_emoji_stay_where_they_did(settings: dict[str, str], blog: Blog, bring: Bring, site: Path) -> None:
    text, outcome = import_text(settings, "A :smile: :nothing:", blog, bring, site)
    assert (text, [n for n in outcome.notes if n.topic is Topic.TEMPLATE]) == ("A :smile: :nothing:", [])


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("Great:tada:! :+1: :-1:", "Great🎉! 👍 👎"),
        (":heart: :warning: :coffee:", "❤️ ⚠️ ☕"),
        (":hugs: :us: :canada: :shrug:", "🤗 🇺🇸 🇨🇦 🤷"),
        ("**:fire:** [:fire:](https://x.example/:fire:)", "**🔥** [🔥](https://x.example/:fire:)"),
        ("10:30:45, 1:100:2, a::tada::b, C:\\fire:", "10:30:45, 1:100:2, a::tada::b, C:\\fire:"),
        ("`:tada:`\n\n```\n:tada:\n```\n\n    :tada:", "`:tada:`\n\n```\n:tada:\n```\n\n    :tada:"),
        ('<b title=":tada:">:tada:</b> <code>:tada:</code>', '<b title=":tada:">🎉</b> <code>:tada:</code>'),
        (
            "https://x.example/:tada:/ <https://x.example/:tada:>",
            "https://x.example/:tada:/ <https://x.example/:tada:>",
        ),
        ("[x]: https://x.example/:tada:", "[x]: https://x.example/:tada:"),
        ("東京:tada:é", "東京🎉é"),
        ("- a\n\n    :tada:\n\nText\n    :tada:\n\n\t:tada:", "- a\n\n    🎉\n\nText\n    🎉\n\n\t:tada:"),
    ],
)
def test_names_of_emoji_in_text_and_elsewhere(body: str, text: str, blog: Blog, bring: Bring, site: Path) -> None:
    assert import_text(EMOJI["Hugo"], body, blog, bring, site)[0] == text


def test_names_of_no_emoji_are_listed(blog: Blog, bring: Bring, site: Path) -> None:
    text, outcome = import_text(EMOJI["Hugo"], "A\n\n:octocat: :tada:", blog, bring, site)
    assert text == "A\n\n:octocat: 🎉"
    assert [(n.words, n.line) for n in outcome.notes if n.topic is Topic.TEMPLATE] == [("`:octocat:`", 7)]


def test_emoji_have_no_names_beyond_those_we_know() -> None:
    assert [find_emoji(name) for name in ("", "octocat", "face", "tada ", "../tada", "uk")] == [
        "",
        "",
        "",
        "",
        "",
        "🇬🇧",
    ]


SETTINGS = {
    "Hugo": ({"hugo.toml": 'title = "Old \\"News\\""\ntimeZone = "Europe/Paris"\n'}, 'Old "News"'),
    "Hugo's languages": ({"hugo.yaml": "timeZone: Europe/Paris\nlanguages: {fr: {title: F}, en: {title: E}}\n"}, "E"),
    "Jekyll": ({"_config.yml": "title: R&amp;D **news**\ntimezone: Europe/Paris\n"}, "R&D news"),
    "Jekyll's name": ({"_config.yml": "name: Größe 東京\r\ntimezone: Europe/Paris\r\n"}, "Größe 東京"),
    "Pelican": ({PELICAN: "SITENAME = u'Old'\nTIMEZONE = 'Europe/Paris'\nPATH = 'content'\n"}, "Old"),
    "Pelican, public": ({PELICAN: "", "publishconf.py": "SITENAME = 'O'\nTIMEZONE = 'Europe/Paris'\n"}, "O"),
}


@pytest.mark.parametrize(("files", "title"), SETTINGS.values(), ids=SETTINGS)
def test_a_new_site_takes_the_title_and_the_time_zone(
    files: dict[str, str], title: str, blog: Blog, bring: Bring, site: Path
) -> None:
    end = "\r\n" if PELICAN in files else "\n"
    settings = (
        '\ufeff# Mine\ntitle = "Site"  # the name\nurl = "https://example.org/"\n\n[markup]\ntypography = false\n'
    )
    (site / "site.toml").write_bytes(settings.replace("\n", end).encode())
    source = blog({**files, "content/2020-01-01-a.md": A, "_posts/2020-01-01-a.md": A})
    bring(source, dry_run=True)
    assert (site / "site.toml").read_bytes() == settings.replace("\n", end).encode()
    outcome = bring(source)
    text = (site / "site.toml").read_bytes().decode()
    found: dict[str, Any] = tomllib.loads(text.removeprefix("\ufeff").replace("\r\n", "\n"))
    assert (found["title"], found["timezone"], found["url"]) == (title, "Europe/Paris", "https://example.org/")
    assert found["markup"]["typography"] is False
    assert text.startswith("\ufeff")
    assert text.count("\r") == (text.count("\n") if end == "\r\n" else 0)
    assert len([s for s in sentences(outcome, dry_run=False) if "is that of the old blog" in s]) == 2
    report = (site / "import-report.md").read_bytes()
    bring(source)
    assert (site / "import-report.md").read_bytes() == report


@pytest.mark.parametrize(
    ("settings", "old", "said"),
    [
        ('title = "Mine"\n', "title: Old\n", 'write `title = "Old"`'),
        ('title = "Site"\ntimezone = "Asia/Tokyo"\n', "timezone: Europe/Paris\n", 'write `timezone = "Europe/Paris"`'),
        ('title = "Site"\n', "timezone: Mars/Base\n", "is not one that we know"),
        ('title = "Site"\n', "timezone: GMT+1\n", "is not one that we know"),
        ('"title" = "Site"\n', "title: Old\n", 'write `title = "Old"`'),
    ],
)
def test_what_is_not_taken_is_told(settings: str, old: str, said: str, blog: Blog, bring: Bring, site: Path) -> None:
    (site / "site.toml").write_text(f'{settings}url = "https://example.org/"\n[markup]\nengine = "markdown"\n')
    before = (site / "site.toml").read_bytes()
    bring(blog({"_config.yml": old, "_posts/2020-01-01-a.md": A}))
    assert (site / "site.toml").read_bytes() == before
    assert said in (site / "import-report.md").read_text("utf-8")


def test_a_site_with_posts_keeps_its_settings(blog: Blog, bring: Bring, site: Path) -> None:
    write_site(
        site, {"site.toml": 'title = "Site"\nurl = "https://example.org/"\n', "content/posts/2020-01-05-x.md": A}
    )
    bring(blog({"_config.yml": "title: Old\ntimezone: Europe/Paris\n", "_posts/2020-01-01-a.md": A}))
    assert (site / "site.toml").read_text() == 'title = "Site"\nurl = "https://example.org/"\n'


def test_settings_without_title_and_zone_say_nothing(blog: Blog, bring: Bring, site: Path) -> None:
    outcome = bring(blog({"_config.yml": "url: https://old.example.net\n", "_posts/2020-01-01-a.md": A}))
    assert not {Topic.OLD_SETTING, Topic.TAKEN_SETTING} & {note.topic for note in outcome.notes}
