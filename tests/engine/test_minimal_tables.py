"""Which pages each edit of a source, a template and a section of site.toml renders: exact sets of paths."""

import shutil
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image

from generator.clock import Clock
from generator.engine.engine import Engine
from generator.engine.inputs import Basis
from generator.engine.options import BuildOptions
from generator.model import BuildReport
from generator.store.state import Store
from tests.factories import post, tree, without_history
from tests.soak.builds import differences

Site = Callable[[Mapping[str, str]], Path]
Build = Callable[..., BuildReport]

pytestmark = pytest.mark.slow

CONFIG = 'title = "Letters"\nurl = "https://example.org/"\n[theme]\nname = "mine"\n'
A, B, C, D = "2024/01/a/", "2024/02/b/", "2025/03/c/", "2025/04/d/"


def pages(*addresses: str) -> set[str]:
    return {f"{address}index.html" for address in addresses}


def feeds(*addresses: str) -> set[str]:
    formats = ("feed.xml", "atom.xml", "feed.json")
    return {at + name for at in addresses for name in (formats if at in ("", "newsletter/") else formats[:1])}


@pytest.fixture
def blog(site: Site, build: Build) -> Path:
    """Four posts in two years, with tags, a series, an author, a page, an issue and a theme of its own; built once."""
    root = site(
        {
            "site.toml": CONFIG,
            "posts/2024-01-01-a.md": post("A", tags=["x", "y"], author="Jo", series="Days", part=1),
            "posts/2024-02-01-b.md": post("B", tags=["x"]),
            "posts/2025-03-01-c.md": post("C", tags=["y"], author="Jo"),
            "posts/2025-04-01-d.md": post("D"),
            "pages/about.md": post("About"),
            "newsletters/2024-03-01-n.md": post("News", posts=["a"]),
            "themes/mine/theme.toml": 'extends = "default"\n',
            "themes/mine/templates/partials/follow.html": '{% include "partials/deep.html" %}\n',
            "themes/mine/templates/partials/deep.html": "deep\n",
        }
    )
    assert build(root).problems == ()
    return root


@pytest.fixture
def rebuilt(blog: Path, build: Build, tmp_path: Path) -> Callable[[], BuildReport]:
    """Build again, and compare with a build from nothing."""

    def run() -> BuildReport:
        report = build(blog)
        shutil.rmtree(tmp_path / "clean", ignore_errors=True)
        clean = build(blog, output=tmp_path / "clean/output", state=tmp_path / "clean/state")
        assert differences(tree(blog / "output"), tree(tmp_path / "clean/output")) == []
        assert without_history(report.problems) == clean.problems
        return report

    return run


# What shows b's card: itself, its neighbours, its listings and their feeds.
NOT_ADDRESSED = {"404.html"}
CARD = pages(B, A, C, "2024/02/", "2024/", "archive/", "", "tags/x/") | feeds("", "tags/x/") | NOT_ADDRESSED
LISTINGS = pages(
    *(
        "",
        "2024/",
        "2024/01/",
        "2024/02/",
        "2025/",
        "2025/03/",
        "2025/04/",
        "archive/",
        "authors/",
        "authors/jo/",
        "newsletter/",
    ),
    *("authors/", "follow/", "series/", "series/days/", "tags/", "tags/x/", "tags/y/"),
)
FOLLOWED = pages(
    *(
        "2024/01/",
        "2024/02/",
        "2025/03/",
        "2025/04/",
        "authors/jo/",
        "newsletter/",
        "series/days/",
        "tags/x/",
        "tags/y/",
    )
)
EVERY_PAGE = LISTINGS | pages(A, B, C, D, "about/", "newsletter/n/") | NOT_ADDRESSED


@pytest.mark.parametrize(
    ("keys", "rendered", "deleted"),
    [
        ({"summary": "S."}, CARD, set()),
        ({"description": "S."}, CARD, set()),
        ({"date": "2024-02-02"}, CARD | {"sitemap.xml"}, set()),
        ({"updated": "2025-02-02"}, CARD | {"sitemap.xml"}, set()),
        (
            {"draft": True},
            (CARD | pages("archive/", "tags/") | {"sitemap.xml"}) - pages(B, "2024/02/"),
            pages(B, "2024/02/"),
        ),
        ({"slug": "bb"}, (CARD | pages("2024/02/bb/") | {"sitemap.xml"}) - pages(B), pages(B)),
        ({"permalink": "/b/"}, (CARD | pages("b/") | {"sitemap.xml"}) - pages(B), pages(B)),
        (
            {"tags": ["x", "z"]},
            CARD | pages("tags/", "tags/z/") | feeds("tags/z/") | {"sitemap.xml"},
            set(),
        ),
        ({"aliases": ["/old/"]}, pages("old/") | {"_redirects"}, set()),
        ({"newsletter": False}, CARD, set()),
        ({"expires": "2030-01-01"}, set(), set()),
        ({"id": "b"}, CARD, set()),
    ],
)
def test_an_edit_of_front_matter(
    blog: Path, rebuilt: Callable[[], BuildReport], keys: dict[str, object], rendered: set[str], deleted: set[str]
) -> None:
    (blog / "content/posts/2024-02-01-b.md").write_text(post("B", "Text.", **({"tags": ["x"]} | keys)))
    report = rebuilt()
    assert (set(report.rendered), set(report.deleted)) == (rendered, deleted)


def test_a_renamed_post(blog: Path, rebuilt: Callable[[], BuildReport]) -> None:
    file = blog / "content/posts/2024-02-01-b.md"
    file.rename(file.with_name("2024-02-01-bb.md"))
    report = rebuilt()
    assert set(report.rendered) == (CARD | pages("2024/02/bb/") | {"sitemap.xml"}) - pages(B)
    assert set(report.deleted) == pages(B)


def test_a_post_that_becomes_a_bundle_keeps_its_address(blog: Path, rebuilt: Callable[[], BuildReport]) -> None:
    file = blog / "content/posts/2024-02-01-b.md"
    file.with_suffix("").mkdir()
    file.rename(file.with_suffix("") / "index.md")
    (file.with_suffix("") / "slides.pdf").write_bytes(b"slides")
    report = rebuilt()
    assert set(report.rendered) == CARD | {"2024/02/b/slides.pdf"}
    assert report.deleted == ()


@pytest.mark.parametrize("keys", [{"posts": ["a", "b"]}, {"posts": ["a"], "summary": "New."}, {"collect": {}}])
def test_an_edit_of_an_issue_reaches_the_newsletter_alone(
    blog: Path, rebuilt: Callable[[], BuildReport], keys: dict[str, object]
) -> None:
    (blog / "content/newsletters/2024-03-01-n.md").write_text(post("News", "Text.", **keys))
    own = pages("newsletter/n/") | feeds("newsletter/")
    shown = pages("newsletter/", "", "follow/")  # what shows the issue's card
    assert set(rebuilt().rendered) == own | (shown if "summary" in keys else set())


def test_a_nested_include_edited_shadowed_and_removed(blog: Path, rebuilt: Callable[[], BuildReport]) -> None:
    """`partials/follow.html` is on every listing that may have a feed, and on no page of a document."""
    templates = blog / "themes/mine/templates/partials"
    (templates / "deep.html").write_text("deeper\n")
    assert set(rebuilt().rendered) == FOLLOWED
    (templates / "follow.html").unlink()
    assert set(rebuilt().rendered) == FOLLOWED
    (templates / "deep.html").write_text("nobody reads it\n")
    assert set(rebuilt().rendered) == set()
    (templates / "follow.html").write_text("mine\n")
    assert set(rebuilt().rendered) == FOLLOWED


def test_a_template_of_one_kind_shadowed_and_removed(blog: Path, rebuilt: Callable[[], BuildReport]) -> None:
    template = blog / "themes/mine/templates/post.html"
    template.write_text('{% extends "@default/post.html" %}{% block body %}{% endblock %}\n')
    assert set(rebuilt().rendered) == pages(A, B, C, D)
    template.unlink()
    assert set(rebuilt().rendered) == pages(A, B, C, D)


def test_a_style_sheet_has_another_name_on_every_page(blog: Path, rebuilt: Callable[[], BuildReport]) -> None:
    static = blog / "themes/mine/static"
    static.mkdir()
    (static / "style.css").write_text("nav { display: none }\n")
    report = rebuilt()
    assert {path for path in report.rendered if not path.startswith("assets/")} == EVERY_PAGE
    assert len(report.deleted) == 1


SITE = "everything"
FEEDS = feeds("", "newsletter/", "tags/x/", "tags/y/", "series/days/", "authors/jo/")
ABOUT_MAIL = pages("newsletter/", "newsletter/n/", "follow/")


@pytest.mark.parametrize(
    ("lines", "rendered"),
    [
        ('description = "D"', EVERY_PAGE | FEEDS | {"site.webmanifest"}),
        ('organisation = "O"', FEEDS | pages("", A, B, C, D, "newsletter/n/")),
        ("[output]\nrelated = false", pages(A, B, C, D)),
        ("[images]\ncache_size = 5", set()),
        ('language = "en-GB"', SITE),
        ('[[nav]]\ntitle = "A"\nurl = "/about/"', EVERY_PAGE),
        ('[tags.x]\ndescription = "D"', pages("tags/x/", "tags/", "")),
        ('[tags.none]\ndescription = "D"', set()),
        ('[series.days]\ndescription = "D"', pages("series/days/", "series/", "")),
        ('[authors.al]\nname = "Al"', set()),
        ('[permalinks]\npage = "/p/{path}/"', pages("p/about/") | {"sitemap.xml"}),
        ('[permalinks]\nhome = "/blog/"', set()),
        ("[markup]\ntypography = false", set()),
        ("[output]\nper_page = 5", set()),
        ('[output]\nfeeds = ["rss"]', EVERY_PAGE),
        ('[images]\nhosts = ["i.example.org"]', EVERY_PAGE),
        ('[comments]\nprovider = "mailto"\naddress = "a@example.org"', pages(A, B, C, D)),
        ('[newsletter]\nsubscribe = "https://example.org/in"', ABOUT_MAIL | pages("", A, B, C, D)),
        ('[newsletter.smtp]\nhost = "mail.example.org"', ABOUT_MAIL),
    ],
)
def test_a_section_of_site_toml(
    blog: Path, rebuilt: Callable[[], BuildReport], lines: str, rendered: set[str] | str
) -> None:
    everything = {path for path in tree(blog / "output") if not path.startswith(".openletter")}
    (blog / "site.toml").write_text(CONFIG.replace("[theme]", f"{lines}\n[theme]"))
    assert set(rebuilt().rendered) == (everything if rendered == SITE else rendered)


def test_settings_that_are_not_known_and_comments_render_nothing(blog: Path, build: Build) -> None:
    for lines in ("# a comment\n", "\n\n", 'not_a_setting = "x"\n', "[nothing]\nx = 1\n", "[output]\nfeed = 1\n"):
        (blog / "site.toml").write_text(CONFIG.replace("[theme]", f"{lines}[theme]"))
        assert build(blog).rendered == {}, lines


def test_an_option_of_the_theme(blog: Path, rebuilt: Callable[[], BuildReport]) -> None:
    """The icon that feeds and the manifest name has another colour too."""
    (blog / "site.toml").write_text(CONFIG + 'accent = "plum"\n')
    assert set(rebuilt().rendered) == EVERY_PAGE | FEEDS | {"site.webmanifest"}


def test_a_base_path_changes_every_file_that_holds_an_address(blog: Path, rebuilt: Callable[[], BuildReport]) -> None:
    (blog / "site.toml").write_text(CONFIG.replace("example.org/", "example.org/blog/"))
    written = set(rebuilt().written)
    assert written >= EVERY_PAGE | feeds("", "tags/x/") | {"sitemap.xml"}
    assert not any(path.startswith("assets/") for path in written)


# The problems a build reports are part of what it makes: they must be those of a build from nothing, lines included.


def test_lines_of_problems_move_with_their_source(blog: Path, rebuilt: Callable[[], BuildReport]) -> None:
    """The text is the same, the dead link stands three lines further down: the page is the same, its problem not."""
    file = blog / "content/posts/2024-02-01-b.md"
    file.write_text(post("B", "[x](nowhere.md)", tags=["x"], image="gone.png"))
    before = {(problem.code, problem.line) for problem in rebuilt().problems}
    assert before == {("dead-link", 6), ("dead-picture", 4)}
    file.write_text(file.read_text().replace("---\n", "---\n# a comment\n#\n#\n", 1))
    report = rebuilt()
    assert {(problem.code, problem.line) for problem in report.problems} == {("dead-link", 9), ("dead-picture", 7)}
    assert report.written == ()


def test_a_template_that_is_no_text_is_broken_even_where_an_empty_one_was(
    blog: Path, build: Build, rebuilt: Callable[[], BuildReport]
) -> None:
    template = blog / "themes/mine/templates/page.html"
    template.write_bytes(b"")
    rebuilt()
    template.write_bytes(b"\xff\xfe")
    report = build(blog)
    assert (report.stopped, report.written, report.deleted) == (True, (), ())
    assert {problem.code for problem in report.problems} == {"template-unreadable"}
    template.write_bytes(b"")
    assert rebuilt().problems == ()


def test_outputs_with_new_stamps_that_are_no_longer_wanted_are_forgotten(
    blog: Path, build: Build, rebuilt: Callable[[], BuildReport]
) -> None:
    for file in (blog / "output").rglob("*.html"):
        file.touch()
    (blog / "content/pages/about.md").unlink()
    assert set(rebuilt().deleted) == pages("about/")
    assert build(blog).deleted == ()


def test_an_address_that_changes_its_capitals_is_cleared_before_it_is_written(
    blog: Path, rebuilt: Callable[[], BuildReport]
) -> None:
    file = blog / "content/posts/2024-02-01-b.md"
    file.write_text(post("B", tags=["x"], permalink="/Letters/B/"))
    rebuilt()
    file.write_text(post("B", tags=["x"], permalink="/letters/b/"))
    assert set(rebuilt().deleted) == {"Letters/B/index.html"}


def test_two_losses_of_the_state_set_aside_twice(blog: Path, build: Build) -> None:
    for number, name in enumerate(("thing", "thing/inner.txt")):
        (blog / "output" / name).parent.mkdir(parents=True, exist_ok=True)
        (blog / "output" / name).write_text(f"{number}")
        for file in (blog / ".openletter").glob("state.sqlite*"):
            file.unlink()
        build(blog)
    assert (blog / ".openletter/set-aside/thing").read_text() == "0"
    assert (blog / ".openletter/set-aside-2/thing/inner.txt").read_text() == "1"


def test_a_file_that_goes_while_the_site_is_built_is_said(blog: Path) -> None:
    film = blog / "content/static/film.mp4"
    film.parent.mkdir()
    film.write_bytes(b"film")

    def lose(stage: str, _done: int, _total: int) -> None:
        if stage == "files":
            film.unlink(missing_ok=True)

    report = Engine(blog, BuildOptions(), Clock(datetime(2026, 11, 22, 12, tzinfo=UTC))).build(lose)
    assert [(problem.path, problem.code) for problem in report.problems] == [("content/static/film.mp4", "unreadable")]
    assert "film.mp4" not in tree(blog / "output")


def test_a_state_of_an_older_version_is_taken_over_without_a_word(
    blog: Path, build: Build, rebuilt: Callable[[], BuildReport]
) -> None:
    """Its pages asked questions that nobody answers now, and its program was another."""
    with Store(blog / ".openletter") as store:
        keys = [(number, key, digest) for key, (number, digest) in store.keys().items()]
        olds = ("cfg|gone", "nothing|x", "chunk|x", "year|never", "near|content/posts/gone.md")
        store.drop_keys(key for _, key, _ in keys[: len(olds)])
        store.set_keys((number, key, digest) for (number, _, digest), key in zip(keys, olds, strict=False))
        store.set_fact("basis", Basis("older", "", "", "", ""))
        store.commit()
    assert rebuilt().problems == ()
    assert build(blog).rendered == {}


def test_a_cleaned_picture_that_was_spoilt_in_the_state_is_made_again(
    blog: Path, build: Build, rebuilt: Callable[[], BuildReport]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    (blog / "content/static").mkdir()
    Image.new("RGB", (4, 3)).save(blog / "content/static/p.jpg", exif=exif)
    build(blog)
    (picture,) = (blog / ".openletter/pictures").iterdir()
    picture.write_bytes(b"damaged")
    (blog / "output/p.jpg").unlink()
    assert set(rebuilt().written) == {"p.jpg"}


def test_what_was_made_of_a_source_goes_from_the_state_with_it(blog: Path, build: Build) -> None:
    name = "content/posts/2024-02-01-b.md"
    (blog / name).unlink()
    build(blog)
    with Store(blog / ".openletter") as store:
        assert [store.blob(f"{kind}|{name}", object) for kind in ("text", "card")] == [None, None]
        assert name not in store.sources()
