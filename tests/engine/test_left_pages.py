"""A live preview renders the pages asked for and leaves the others; what it does not leave is as a clean build's."""

from __future__ import annotations

import io
import random
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.model import BuildReport, Target
from tests.factories import CLOCK, config, post, tree, write_files

Site = Callable[[Mapping[str, str | bytes]], Path]
Left = Mapping[str, Target]
POSTS = 12
EXTENDED = "{% extends '@default/NAME' %}{% block main %}{{ super() }}<p>WORDS</p>{% endblock %}"
TEMPLATE = "themes/mine/templates/post.html"


class Desk:
    """A site in a live preview. `left` are the outputs that its last build has left, as `choose` was told."""

    def __init__(self, root: Path, jobs: int | None = None) -> None:
        self.root = root
        self.jobs = jobs
        self.left: Left = {}
        self._open()

    def _open(self) -> None:
        preview = self.root.parent / "preview"
        self.options = BuildOptions(preview / "site", state=preview / "state", live=True, jobs=self.jobs)
        self.engine = Engine(self.root, self.options, CLOCK).__enter__()

    def build(self, *hint: str, ask: Callable[[Left], str | None], whole: bool = False) -> BuildReport:
        """Build the hinted changes, and render what `ask` chooses."""
        self.left = {}

        def choose(left: Left) -> str | None:
            self.left = left
            return ask(left)

        report = self.engine.build(hint=None if whole else set(hint), choose=choose)
        assert report.left == len(self.left)
        return report

    def change(self, path: str, text: str, *asked: str) -> BuildReport:
        write_files(self.root, {path: text})
        return self.build(path, ask=only(*asked))

    def restart(self) -> None:
        self.engine.__exit__(None, None, None)
        self._open()

    @property
    def entries(self) -> object:
        """The entries of the sitemap that were listed last."""
        cache = self.engine._cache
        assert cache is not None
        assert cache.plan is not None
        return cache.plan.mapped

    def output(self) -> dict[str, bytes]:
        assert self.options.output is not None
        return tree(self.options.output)

    def clean(self) -> dict[str, bytes]:
        place = self.root.parent / "clean"
        shutil.rmtree(place, ignore_errors=True)
        Engine(self.root, BuildOptions(place / "site", state=place / "state", live=True), CLOCK).build()
        return tree(place / "site")


def only(*paths: str) -> Callable[[Left], str | None]:
    """Ask for some outputs, one after the other, and leave the rest."""
    return lambda left: next((path for path in paths if path in left), None)


def everything(left: Left) -> str | None:
    return next(iter(left), None)


def nothing(_: Left) -> None:
    return None


@pytest.fixture
def desk(site: Site) -> Iterator[Desk]:
    posts = {f"posts/2024-01-{n + 1:02}-p{n}.md": post(f"P{n}", tags=["all"], summary="S.") for n in range(POSTS)}
    theme = {"themes/mine/theme.toml": 'extends = "default"\n', TEMPLATE: "{% extends '@default/post.html' %}"}
    with _desk(site({**posts, **theme, "site.toml": config('theme = "mine"\n')})) as made:
        yield made


@contextmanager
def _desk(root: Path) -> Iterator[Desk]:
    made = Desk(root)
    made.build(ask=everything, whole=True)
    try:
        yield made
    finally:
        made.engine.__exit__(None, None, None)


def page(number: int) -> str:
    return f"2024/01/p{number}/index.html"


def words(text: str, name: str = "post.html") -> str:
    return EXTENDED.replace("NAME", name).replace("WORDS", text)


def test_only_the_pages_asked_for_are_rendered_in_that_order(desk: Desk) -> None:
    before = desk.output()
    report = desk.change(TEMPLATE, words("New"), page(7), page(3))
    assert set(report.rendered) == {page(7), page(3)}
    assert report.written == (page(7), page(3)), "not in the order in which they were asked for"
    assert report.left == POSTS - 2
    now = desk.output()
    assert {path for path in now if now[path] != before[path]} == {page(7), page(3)}
    assert set(desk.left) == {page(n) for n in range(POSTS)} - {page(7), page(3)}


def test_the_next_build_renders_what_was_left_and_nothing_else(desk: Desk) -> None:
    desk.change(TEMPLATE, words("New"), page(7))
    report = desk.build(ask=everything)
    assert set(report.rendered) == {page(n) for n in range(POSTS)} - {page(7)}
    assert set(report.rendered.values()) == {("left by the last build",)}
    assert report.left == 0
    assert desk.output() == desk.clean()
    assert not desk.build(ask=everything).rendered


def test_a_style_sheet_is_there_before_any_page_is_chosen(desk: Desk) -> None:
    seen: list[set[str]] = []
    write_files(desk.root, {"themes/mine/static/style.css": "body { margin: 3px }\n", TEMPLATE: words("New")})
    report = desk.build("themes/mine/static/style.css", TEMPLATE, ask=lambda left: seen.append({*left}))
    assert seen == [{page(n) for n in range(POSTS)}]
    assert report.written == ("assets/style.css",)


def test_an_edit_before_the_rest_is_rendered_mixes_nothing(desk: Desk) -> None:
    desk.change(TEMPLATE, words("First"), page(1))
    desk.change(TEMPLATE, words("Second"), page(2))
    output = desk.output()
    assert b"<p>Second</p>" in output[page(2)]
    assert page(1) in desk.left, "it has the words of the edit before"
    desk.change("content/posts/2024-01-03-p2.md", post("P2 anew", tags=["all"]), page(2))
    assert b"P2 anew" in desk.output()[page(2)]
    desk.build(ask=everything)
    assert desk.output() == desk.clean()


def test_an_edit_taken_back_before_the_rest_is_rendered(desk: Desk) -> None:
    before = desk.output()
    desk.change(TEMPLATE, words("First"), page(1))
    desk.change(TEMPLATE, "{% extends '@default/post.html' %}")
    desk.build(ask=everything)
    assert desk.output() == before == desk.clean()


def test_a_new_page_that_was_left_is_known_to_the_next_build(desk: Desk) -> None:
    desk.change("content/posts/2024-02-01-new.md", post("New", "[P3](2024-01-04-p3.md)", tags=["other"]))
    assert "2024/02/new/index.html" in desk.left
    assert "2024/02/new/index.html" not in desk.output()
    desk.change("content/posts/2024-01-04-p3.md", post("P3", "Now to [new](2024-02-01-new.md).", tags=["all"]), page(3))
    assert b'href="/2024/02/new/"' in desk.output()[page(3)]
    desk.build(ask=everything)
    assert desk.output() == desk.clean()


def test_a_deleted_page_is_gone_before_the_others_are_rendered(desk: Desk) -> None:
    (desk.root / "content/posts/2024-01-04-p3.md").unlink()
    seen: list[bool] = []
    desk.build("content/posts/2024-01-04-p3.md", ask=lambda _: seen.append(page(3) in desk.output()))
    assert seen == [False]
    desk.build(ask=everything)
    assert desk.output() == desk.clean()


def test_the_entries_of_the_sitemap_are_listed_only_when_it_is_rendered(desk: Desk) -> None:
    before, listed = desk.output(), desk.entries
    new = "content/posts/2024-02-01-new.md"
    desk.change(new, post("New", tags=["all"]), "2024/02/new/index.html")
    assert desk.entries is listed
    report = desk.build(ask=everything)
    assert desk.entries is not listed
    assert "sitemap.xml" in report.written
    assert desk.output() == desk.clean()
    (desk.root / new).unlink()
    desk.build(new, ask=nothing)
    assert "sitemap.xml" in desk.left
    assert desk.output()["sitemap.xml"] != before["sitemap.xml"]
    desk.build(ask=everything)
    assert desk.output() == before


@pytest.mark.parametrize("ask", [everything, nothing])
def test_a_sitemap_that_was_left_is_right_after_a_restart(desk: Desk, ask: Callable[[Left], str | None]) -> None:
    before, new = desk.output(), "content/posts/2024-02-01-new.md"
    desk.change(new, post("New", tags=["all"]))
    desk.build(ask=ask)
    desk.restart()
    (desk.root / new).unlink()
    desk.build(ask=everything, whole=True)
    assert desk.output() == before


@pytest.mark.parametrize("state", ["kept", "deleted"])
def test_what_was_left_is_rendered_after_a_restart(desk: Desk, state: str) -> None:
    desk.change(TEMPLATE, words("New"), page(7))
    if state == "deleted":
        assert desk.options.state is not None
        desk.engine.__exit__(None, None, None)
        shutil.rmtree(desk.options.state)
    desk.restart()
    report = desk.build(ask=everything, whole=True)
    assert state == "deleted" or len(report.rendered) == POSTS - 1
    assert desk.output() == desk.clean()


def test_a_build_that_ends_in_the_middle_is_made_good_by_the_next(desk: Desk) -> None:
    class Ended(BaseException):
        pass

    def end(left: Left) -> str | None:
        if len(left) == POSTS - 2:
            raise Ended
        return everything(left)

    desk.change(TEMPLATE, words("First"), page(7))
    write_files(desk.root, {TEMPLATE: words("Second")})
    with pytest.raises(Ended):
        desk.build(TEMPLATE, ask=end)
    desk.build(ask=everything)
    assert desk.output() == desk.clean()


def test_a_template_that_fails_is_reported_with_the_page_asked_for(desk: Desk) -> None:
    before = desk.output()
    spoilt = desk.change(
        TEMPLATE, "{% extends '@default/post.html' %}{% block main %}{{ 1 / 0 }}{% endblock %}", page(7)
    )
    assert [problem.code for problem in spoilt.problems if problem.path == TEMPLATE] == ["template-failed"]
    assert desk.output() == before
    assert page(7) not in desk.left
    mended = desk.change(TEMPLATE, words("Mended"), page(7))
    assert not mended.problems
    desk.build(ask=everything)
    assert desk.output() == desk.clean()


def test_only_a_page_that_failed_is_tried_again_beside_what_an_edit_changes(desk: Desk) -> None:
    fails = "{% extends '@default/post.html' %}{% block main %}{{ 1 / (doc.title != 'P5') }}{% endblock %}"
    desk.change(TEMPLATE, fails)
    desk.build(ask=everything)
    report = desk.change("content/posts/2024-01-04-p3.md", post("P3", "Other.", tags=["all"], summary="S."))
    assert {path for path in desk.left if path.startswith("2024/")} == {page(5), page(3)}
    assert not report.work["targets"]
    desk.change("content/posts/2024-02-01-new.md", post("New", tags=["all"]), page(5))
    assert page(5) not in desk.left
    report = desk.build(ask=everything)
    assert "2024/02/new/index.html" in report.rendered
    assert not report.work["targets"], "the new page is planned"
    desk.change("content/posts/2024-01-06-p5.md", post("Other", tags=["all"], summary="S."), page(5))
    desk.build(ask=everything)
    assert desk.output() == desk.clean()


def test_a_page_is_written_before_the_pictures_that_it_shows_are_drawn(desk: Desk) -> None:
    def draw(colour: str) -> None:
        made = io.BytesIO()
        Image.new("RGB", (1200, 800), colour).save(made, "PNG")
        write_files(desk.root, {"content/static/a.png": made.getvalue()})

    draw("red")
    desk.change("content/posts/2024-01-04-p3.md", post("P3", "![A picture](/a.png)", tags=["all"], summary="S."))
    desk.build(ask=everything, whole=True)
    assert desk.options.state is not None
    drawn = desk.options.state / "renditions"
    before = {*drawn.iterdir()}
    draw("blue")
    report = desk.build("content/static/a.png", ask=only(page(3)))
    assert page(3) in report.written
    assert {*drawn.iterdir()} == before
    draw("green")
    report = desk.build("content/static/a.png", ask=only(page(3)))
    picture = next(path for path in desk.left if path.endswith(".webp"))
    assert picture in desk.build("content/static/a.png", ask=only(picture)).written
    desk.build(ask=everything)
    assert {*drawn.iterdir()} > before
    assert desk.output() == desk.clean()


def test_a_build_that_writes_for_readers_leaves_nothing(desk: Desk) -> None:
    with Engine(desk.root, BuildOptions(), CLOCK) as engine:
        engine.build()
        write_files(desk.root, {TEMPLATE: words("New")})
        assert engine.build(hint={TEMPLATE}, choose=nothing).left == 0
    assert all(b"<p>New</p>" in (desk.root / "output" / page(n)).read_bytes() for n in range(POSTS))


@pytest.mark.parametrize(
    ("path", "text", "is_planned"),
    [
        (TEMPLATE, words("New"), False),
        ("themes/mine/static/style.css", "body { margin: 3px }\n", False),
        ("themes/mine/static/new.css", "p { margin: 0 }\n", True),
        ("themes/mine/templates/tag.html", words("New", "tag.html"), True),
        ("themes/mine/theme.toml", 'extends = "default"\n# The same.\n', False),
    ],
)
def test_an_edit_of_the_theme_plans_the_outputs_again_only_if_a_file_comes(
    desk: Desk, path: str, text: str, is_planned: bool
) -> None:
    report = desk.change(path, text)
    assert bool(report.work.get("targets")) is is_planned
    again = desk.change(path, text + "\n")
    assert not again.work.get("targets"), "a file that was there already"
    assert again.work.get("keys", 0) < 100
    desk.build(ask=everything)
    assert desk.output() == desk.clean()


def test_a_file_of_the_theme_that_goes_is_planned_no_more(desk: Desk) -> None:
    desk.change("themes/mine/static/new.css", "p { margin: 0 }\n")
    (desk.root / "themes/mine/static/new.css").unlink()
    desk.build("themes/mine/static/new.css", ask=nothing)
    assert "assets/new.css" not in desk.output()
    assert desk.output() == desk.clean()


def test_a_new_page_that_was_left_and_then_deleted_is_linked_nowhere(desk: Desk) -> None:
    new = "content/pages/new.md"
    desk.change(new, post("New"))
    assert "new/index.html" in desk.left
    desk.change("content/posts/2024-01-04-p3.md", post("P3", "To [the new](../pages/new.md).", tags=["all"]), page(3))
    (desk.root / new).unlink()
    desk.build(new, ask=everything)
    assert desk.output() == desk.clean()


SWAPPED = {
    "two posts": {
        "posts/2024-01-01-p0.md": post("P0", permalink="/y/"),
        "posts/2024-01-02-p1.md": post("P1", permalink="/x/"),
    },
    "a page instead of a post": {"posts/2024-01-01-p0.md": post("P0"), "pages/x.md": post("Page")},
    "a post instead of a page": {"posts/2024-01-03-p2.md": post("P2", permalink="/z/"), "pages/z.md": None},
    "a file instead of a post": {"posts/2024-01-01-p0.md": post("P0"), "static/x/index.html": "<p>A file</p>"},
    "a file instead of a list": {"static/tags/all/index.html": "<p>A file</p>"},
    "a post instead of an old address": {
        "posts/2024-01-04-p3.md": post("P3"),
        "posts/2024-01-05-p4.md": post("P4", permalink="/old/"),
    },
    "an old address instead of a post": {
        "posts/2024-01-01-p0.md": post("P0"),
        "posts/2024-01-05-p4.md": post("P4", aliases=["/x/"]),
    },
    "a post of another file": {
        "posts/2024-01-01-p0.md": None,
        "posts/2024-02-01-new.md": post("New", permalink="/x/"),
    },
}


@pytest.fixture
def placed(desk: Desk) -> Desk:
    addresses = {
        "content/posts/2024-01-01-p0.md": post("P0", permalink="/x/"),
        "content/posts/2024-01-02-p1.md": post("P1", permalink="/y/"),
        "content/posts/2024-01-04-p3.md": post("P3", aliases=["/old/"]),
        "content/pages/z.md": post("Page Z"),
    }
    write_files(desk.root, addresses)
    desk.build(*addresses, ask=everything)
    return desk


@pytest.mark.parametrize("is_restarted", [False, True])
@pytest.mark.parametrize("changes", SWAPPED.values(), ids=SWAPPED)
def test_another_page_at_an_address_that_was_left(
    placed: Desk, changes: Mapping[str, str | None], is_restarted: bool
) -> None:
    for path, text in changes.items():
        (placed.root / "content" / path).unlink(missing_ok=True)
        write_files(placed.root, {f"content/{path}": text} if text is not None else {})
    placed.build(*(f"content/{path}" for path in changes), ask=nothing)
    assert placed.left
    if is_restarted:
        placed.restart()
    placed.build(ask=everything, whole=is_restarted)
    assert placed.output() == placed.clean()


def test_two_posts_that_change_places_and_back_before_they_are_rendered(placed: Desk) -> None:
    before = placed.output()
    paths = [f"content/posts/2024-01-0{n + 1}-p{n}.md" for n in (0, 1)]
    places = [("/y/", "/x/"), ("/x/", "/y/")]
    for addresses, ask in zip(places, (only("x/index.html"), nothing), strict=True):
        texts = [post(f"P{n}", permalink=address) for n, address in enumerate(addresses)]
        write_files(placed.root, dict(zip(paths, texts, strict=True)))
        placed.build(*paths, ask=ask)
    placed.build(ask=everything)
    assert placed.output() == before == placed.clean()


Edit = Callable[[random.Random], tuple[str, str | None]]


def _post(chance: random.Random) -> tuple[str, str | None]:
    number = chance.randrange(POSTS + 3)
    tags = chance.choice([["all"], ["all", "b"], ["c"]])
    title = chance.choice(["One", "Two", f"P{number}"])
    return f"content/posts/2024-01-{number + 1:02}-p{number}.md", post(title, f"Words {chance.random()}.", tags=tags)


def _gone(chance: random.Random) -> tuple[str, str | None]:
    number = chance.randrange(POSTS + 3)
    return f"content/posts/2024-01-{number + 1:02}-p{number}.md", None


def _template(chance: random.Random) -> tuple[str, str | None]:
    name = chance.choice(["post.html", "home.html", "tag.html", "404.html"])
    return f"themes/mine/templates/{name}", chance.choice([words(str(chance.random()), name), None])


def _broken(chance: random.Random) -> tuple[str, str | None]:
    return TEMPLATE, chance.choice(
        ["{% if %}", "{% extends '@default/post.html' %}{% block main %}{{ 1 / 0 }}{% endblock %}"]
    )


def _style(chance: random.Random) -> tuple[str, str | None]:
    return "themes/mine/static/extra.css", chance.choice([None, f"p {{ margin: {chance.randrange(9)}px }}\n"])


def _setting(chance: random.Random) -> tuple[str, str | None]:
    more = chance.choice(["", '[permalinks]\npost = "/{slug}/"\n', "[output]\nper_page = 3\n"])
    return "site.toml", config(f'description = "{chance.randrange(4)}"\ntheme = "mine"\n{more}')


EDITS: list[Edit] = [_post, _post, _gone, _template, _template, _broken, _style, _setting]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_after_any_edits_and_requests_each_page_that_is_not_left_is_that_of_a_clean_build(
    desk: Desk, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    broken, compared = False, 0
    for _ in range(24):
        what = chance.choice(["edit", "edit", "request", "some", "restart", "all"])
        hint: set[str] = set()
        if what == "edit":
            path, text = chance.choice(EDITS)(chance)
            hint = {path}
            (desk.root / path).unlink(missing_ok=True)
            if text is not None:
                write_files(desk.root, {path: text})
            broken = "1 / 0" in (text or "") or "{% if %}" in (text or "") if path == TEMPLATE else broken
        elif what == "restart":
            desk.restart()
        asked = chance.sample(sorted(desk.output()), 2)
        count = chance.randrange(1, 9)
        ask = {"request": only(*asked), "edit": only(*asked), "some": first(count)}.get(what, everything)
        desk.build(*hint, ask=ask, whole=what == "restart")
        clean, output, left = desk.clean(), desk.output(), {*desk.left}
        current = clean.keys() - left
        assert {path for path in current if output.get(path) != clean[path]} == set(), (seed, what)
        assert broken or output.keys() - left <= clean.keys(), (seed, what)
        assert not left.intersection(asked) or what in ("some", "restart", "all")
        compared += bool(left)
    assert compared, "nothing was ever left"
    write_files(desk.root, {TEMPLATE: words("Mended")})
    desk.build(TEMPLATE, ask=everything)
    assert desk.output() == desk.clean()


def first(count: int) -> Callable[[Left], str | None]:
    """Ask for that many of the pages, whichever come first."""
    numbers = iter(range(count))
    return lambda left: next(iter(left), None) if next(numbers, None) is not None else None
