"""A site in two languages: English and Welsh pages, lists, feeds and letters, switched on and off."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.factories import Site, build_site, config, post, write_site
from tests.render.test_previews_and_languages import XML_LANG

ENGLISH = """title = "Council letters"
url = "https://example.org/council/"
language = "en-GB"
description = "News of the council."
[[nav]]
title = "Archive"
url = "/archive/"
[authors.ana]
name = "Ana Rees"
role = "Chief executive"
[newsletter]
from = "Council <letters@example.org>"
subscribe = "https://lists.example.org/en"
[search]
engine = "pagefind"
"""
WELSH = """[languages.cy]
title = "Llythyrau’r Cyngor"
description = "Newyddion y cyngor."
footer_text = "Gyda diolch."
[[languages.cy.nav]]
title = "Archif"
url = "/cy/archive/"
[languages.cy.authors.ana]
role = "Prif Weithredwr"
[languages.cy.tags.ffyrdd]
description = "Am y ffyrdd."
[languages.cy.newsletter]
from = "Cyngor <llythyrau@example.org>"
subscribe = "https://lists.example.org/cy"
reason = "Rydych wedi ymuno."
"""
PAIRS = 10


def sources() -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {"site.toml": ENGLISH}
    for n in range(1, PAIRS + 1):
        files[f"posts/2024-{n:02}-01-day-{n}.md"] = post(
            f"Day {n}", f"Number {n}.", id=f"d{n}", tags=["Roads"], author="ana", series="Days", part=n
        )
        files[f"posts/2024-{n:02}-01-diwrnod-{n}.md"] = post(
            f"Diwrnod {n}",
            f"Rhif {n}.",
            lang="cy",
            translation_of=f"d{n}",
            tags=["Ffyrdd"],
            author="ana",
            series="Dyddiau",
            part=n,
        )
    files["posts/2024-01-02-ciao.md"] = post("Ciao", "Testo.", lang="it")
    files["pages/about.md"] = post("About", "Us.", id="about")
    files["pages/amdanom.md"] = post("Amdanom", "Ni.", lang="cy", translation_of="about")
    files["newsletters/2024-11-01-november.md"] = post("November", collect={"limit": 20})
    files["newsletters/2024-11-01-tachwedd.md"] = post("Tachwedd", "Helo.", lang="cy", collect={"limit": 20})
    return files


@pytest.fixture(scope="module")
def switched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, set[str]]:
    """Build the site in one language, then in two: the site, and the paths that it had before."""
    made = Site(write_site(tmp_path_factory.mktemp("editions") / "site", sources()))
    made.build()
    before = made.paths
    made.write("site.toml", ENGLISH + WELSH)
    made.build()
    return made, before


def test_without_the_section_nothing_moves(switched: tuple[Site, set[str]]) -> None:
    _, before = switched
    assert "2024/01/diwrnod-1/index.html" in before
    assert not [path for path in before if path.startswith("cy/")]


def test_every_address_stays_or_leads_to_its_new_one(switched: tuple[Site, set[str]]) -> None:
    made, before = switched
    gone = {path for path in before - made.paths if "pagefind" not in path and "page/" not in path}
    assert gone == {"tags/ffyrdd/feed.xml", "series/dyddiau/feed.xml"}
    assert {problem.level for problem in made.report.problems} <= {"note"}
    told = [problem.message for problem in made.report.problems if problem.code == "feed-gone"]
    assert "The published feed /tags/ffyrdd/feed.xml is now at /cy/tags/ffyrdd/feed.xml." in told
    rules = made.text("_redirects").splitlines()
    assert "/council/2024/03/diwrnod-3/ /council/cy/2024/03/diwrnod-3/ 301" in rules
    assert "/council/tags/ffyrdd/* /council/cy/tags/ffyrdd/:splat 301" in rules
    for old in ("2024/03/diwrnod-3/", "amdanom/", "newsletter/tachwedd/", "tags/ffyrdd/", "series/dyddiau/"):
        target = f"https://example.org/council/cy/{old}"
        assert f'url={target}"' in made.text(f"{old}index.html"), old
        assert f"cy/{old}index.html" in made.paths


def test_each_language_has_its_own_home_menu_lists_and_feeds(switched: tuple[Site, set[str]]) -> None:
    made, _ = switched
    home = made.html("cy/index.html")
    assert home.get("lang") == "cy"
    assert home.xpath("//title/text()") == ["Llythyrau’r Cyngor"]
    assert home.xpath("//nav[@class='site-nav']//a/@href") == ["/council/cy/archive/"]
    assert home.xpath("//ul[@class='languages']//a/@href") == ["/council/"]
    assert "Gyda diolch." in home.text_content()
    for path in ("index.html", "archive/index.html", "2024/index.html", "authors/ana/index.html", "feed.json"):
        for folder, own, other in (("", "Day 3", "Diwrnod 3"), ("cy/", "Diwrnod 3", "Day 3")):
            text = made.text(folder + path)
            assert own in text, folder + path
            assert other not in text, folder + path
    assert "Ciao" in made.text("archive/index.html")
    assert "Prif Weithredwr" in made.text("cy/authors/ana/index.html")
    assert "Am y ffyrdd." in made.text("cy/tags/ffyrdd/index.html")
    for page in ("404.html", "search/index.html", "follow/index.html", "tags/index.html", "newsletter/index.html"):
        assert made.html(f"cy/{page}").get("lang") == "cy", page
    links = {
        link for path in made.paths if path.startswith("cy/") and path.endswith(".html") for link in _links(made, path)
    }
    english = {link for link in links if not link.startswith("/council/cy/")}
    assert english <= {"/council/", "/council/about/", *(f"/council/2024/{n:02}/day-{n}/" for n in range(1, PAIRS + 1))}
    feed = made.xml("cy/atom.xml")
    assert feed.get(XML_LANG) == "cy"
    assert made.xml("cy/feed.xml").findtext("channel/link") == "https://example.org/council/cy/"
    assert "https://example.org/council/cy/2024/03/" in made.text("sitemap.xml")


def _links(made: Site, path: str) -> list[str]:
    return [link for link in made.html(path).xpath("//a/@href") if link.startswith("/")]


def test_versions_name_each_other_on_both_sides(switched: tuple[Site, set[str]]) -> None:
    made, _ = switched
    named: dict[str, dict[str, str]] = {}
    for path in made.paths:
        if path.endswith("index.html"):
            page = made.html(path)
            found = {each.get("hreflang"): each.get("href") for each in page.xpath("//link[@hreflang]")}
            if found:
                named[page.xpath("//link[@rel='canonical']/@href")[0]] = found
    assert len(named) == 2 * (PAIRS + 2)
    for own, versions in named.items():
        assert own in versions.values()
        assert versions["x-default"] == versions["en-GB"]
        assert all(named[other] == versions for other in versions.values())


def test_an_edit_builds_what_a_clean_build_would(switched: tuple[Site, set[str]]) -> None:
    made, _ = switched
    made.edit("content/posts/2024-03-01-diwrnod-3.md", "Diwrnod 3", "Trydydd diwrnod")
    rendered = made.build().rendered
    assert "cy/index.html" in rendered
    assert "2024/03/day-3/index.html" in rendered
    assert "2024/10/day-10/index.html" not in rendered
    assert "about/index.html" not in rendered
    assert made.verify() == ()
    made.edit("content/posts/2024-03-01-day-3.md", "Number 3", "The third")
    assert not [path for path in made.build().rendered if path.startswith("cy/")]
    made.edit("site.toml", "Gyda diolch.", "Diolch yn fawr.")
    assert [path for path in made.build().rendered if not path.startswith("cy/") and path.endswith(".html")] == []
    assert made.verify() == ()
    made.edit("content/posts/2024-03-01-diwrnod-3.md", "Trydydd diwrnod", "Diwrnod 3")
    made.edit("content/posts/2024-03-01-day-3.md", "The third", "Number 3")
    made.edit("site.toml", "Diolch yn fawr.", "Gyda diolch.")  # the other tests read the same site, in any order
    made.build()


def test_a_letter_is_in_its_language_with_its_own_sender_and_posts(switched: tuple[Site, set[str]]) -> None:
    from generator.config import load_config
    from generator.newsletter.checks.preflight import load_letter
    from generator.newsletter.message.sample import compose_sample
    from tests.factories import CLOCK

    made, _ = switched
    letter, _problems = load_letter(made.root, "2024-11-01-tachwedd", CLOCK)
    assert letter.url == "https://example.org/council/cy/newsletter/tachwedd/"
    assert "Diwrnod 10" in letter.text
    assert "Day 10" not in letter.text
    assert "Rydych wedi ymuno." in letter.text
    assert "1 Tachwedd 2024" in letter.text
    assert "/council/cy/newsletter/" in letter.text
    assert b"llythyrau@example.org" in compose_sample(letter, load_config(made.root)[0])


def test_turned_off_again_every_old_address_is_told_with_its_line(tmp_path: Path) -> None:
    made = Site(write_site(tmp_path, {**sources(), "site.toml": ENGLISH.partition("[search]")[0] + WELSH}))
    made.build()
    made.write("site.toml", ENGLISH.partition("[search]")[0])
    made.build()
    lost = {problem.path: problem.hint for problem in made.report.problems if problem.code == "address-gone"}
    assert len(lost) == PAIRS + 2
    assert '"/cy/2024/03/diwrnod-3/"' in lost["content/posts/2024-03-01-diwrnod-3.md"]
    assert made.verify() == ()


@pytest.mark.parametrize(
    ("source", "lang", "address"),
    [
        ("posts/2024-01-01-a.md", "cy", "/cy/2024/01/a/"),
        ("posts/2024-01-01-a.md", "cy-GB", "/cy/2024/01/a/"),
        ("posts/2024-01-01-a.md", "CY", "/cy/2024/01/a/"),
        ("posts/2024-01-01-a.md", "de", "/2024/01/a/"),
        ("pages/cy/index.md", "cy", "/cy/"),
        ("pages/cy/a.md", "cy", "/cy/a/"),
        ("pages/a/b.md", "cy", "/cy/a/b/"),
    ],
)
def test_where_a_source_is(tmp_path: Path, source: str, lang: str, address: str) -> None:
    text = config('[languages.cy]\ntitle = "T"\n')
    made = Site(
        write_site(tmp_path, {"site.toml": text, "posts/2023-01-01-x.md": post("X"), source: post("A", lang=lang)})
    )
    made.build()
    assert made.codes == []
    assert f"{address[1:]}index.html" in made.paths


def test_a_page_in_the_folder_of_a_language_that_is_not_in_it_is_refused(tmp_path: Path) -> None:
    text = config('[languages.cy]\ntitle = "T"\n')
    root = write_site(tmp_path, {"site.toml": text, "posts/2023-01-01-x.md": post("X"), "pages/cy/a.md": post("A")})
    (problem,) = build_site(root).problems
    assert (problem.path, problem.code, problem.hint) == (
        "content/pages/cy/a.md",
        "language-folder",
        "Add the line: lang: cy",
    )


@pytest.mark.parametrize(
    ("tag", "words"), [("en", "whole site"), ("en-GB", "whole site"), ("welsh!", "not a language")]
)
def test_a_section_for_the_sites_own_language_is_refused(
    tmp_path: Path, tag: str, words: str, build: Callable[..., object]
) -> None:
    from generator.errors import ConfigError

    root = write_site(tmp_path, {"site.toml": config(f'language = "en-GB"\n[languages."{tag}"]\ntitle = "T"\n')})
    with pytest.raises(ConfigError) as caught:
        build(root)
    assert words in str(caught.value)
