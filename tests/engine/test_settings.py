"""An edit of site.toml does what follows from the changed setting: most leave the index and most keys as they are."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct
from msgspec.structs import replace
from PIL import Image

from generator.config import Config, LanguageConfig
from generator.config.options import ImagesConfig, OutputConfig
from generator.config.shown import SHOWN, SHOWN_BY_LANGUAGE, without_planned, without_shown
from generator.engine.engine import Engine
from generator.engine.inputs import Inputs
from generator.engine.options import BuildOptions
from generator.engine.settings import digest_plan_settings, settings_by_role
from generator.engine.stages.documents import start_conversion
from generator.engine.stages.index import build_snapshot
from generator.engine.stages.plan import gather_context
from generator.model import BuildReport
from generator.render.plan import OutputPlan
from generator.site.keys import Cause, find_kind
from generator.site.renditions import find_renditions
from tests.factories import CLOCK, post, tree, write_site
from tests.soak.builds import differences

SITE = """title = "Letters"
url = "https://example.org/blog/"
description = "About it."
image = "/a.png"
image_alt = "A card"
organisation = "The office"
[theme]
name = "mine"
footer_text = "Thanks."
[[nav]]
title = "About"
url = "/about/"
[authors.jo]
name = "Jo"
image = "/a.png"
[tags.all]
name = "Everything"
[series.days]
rating_max = 10
gaps = [4]
[permalinks]
post = "/{year}/{slug}/"
[images]
hosts = ["i.example.org"]
[comments]
provider = "mailto"
address = "a@example.org"
closed_after_days = 3000
rules = "/about/"
[search]
engine = "pagefind"
[newsletter]
subscribe = "https://example.org/in"
unsubscribe = "mailto:out@example.org"
reason = "You asked for it."
[contact]
email = "desk@example.org"
[security]
contact = ["mailto:safe@example.org"]
expires = 2027-06-01
[gone]
addresses = ["/old/"]
[languages.cy]
title = "Llythyrau"
description = "Amdano."
footer_text = "Diolch."
[[languages.cy.nav]]
title = "Amdanom"
url = "/cy/amdanom/"
[languages.cy.newsletter]
subscribe = "https://example.org/cy"
"""
pytestmark = pytest.mark.slow
CARDS = "[social]\ncards = true\n"
MANY = 400
"""The pages of the site read more keys than this."""


def sources() -> dict[str, str | bytes]:
    """Write a site with all that an index is made of: files, films, comments, blocks, issues, what is not public."""
    picture = io.BytesIO()
    Image.new("RGB", (700, 400), "red").save(picture, "PNG")
    posts: dict[str, str | bytes] = {
        f"posts/2024-{number % 12 + 1:02}-05-p{number}.md": post(
            f"P{number}",
            "Text ![A](/a.png) ![Far](https://i.example.org/b.png) [about](/about/)\n\n<!--more-->\n\nRest.",
            tags=["all", *(["third"] if number % 3 == 0 else [])],
            author="jo",
            **({"series": "Days", "part": number + 1, "rating": "7/10"} if number < 3 else {}),
            **({"lang": "cy"} if number % 5 == 4 else {}),
        )
        for number in range(30)
    }
    return {
        "site.toml": SITE,
        "themes/mine/theme.toml": 'extends = "default"\n',
        **posts,
        "posts/2024-01-05-p0.comments.yaml": "- {id: a, author: Al, date: 2025-01-01, body: Hello}\n",
        "posts/2024-05-06-b/index.md": post("B", "![C](c.png)", event={"start": "2026-12-24"}, comments="closed"),
        "posts/2024-05-06-b/c.png": picture.getvalue(),
        "posts/2024-05-07-draft.md": post("Draft", draft=True),
        "posts/2028-05-07-later.md": post("Later", action={"text": "Go", "url": "/about/"}),
        "posts/2024-05-08-old.md": post("Old", expires="2025-01-01"),
        "posts/2024-05-09-act.md": post("Act", action={"text": "Go", "url": "/about/"}, aliases=["/old/1/"]),
        "pages/about.md": post("About", id="about"),
        "pages/amdanom.md": post("Amdanom", lang="cy", translation_of="about"),
        "newsletters/2024-07-01-n.md": post("News", collect={"since": "last"}, changes=[{"what": "It moves"}]),
        "newsletters/2024-08-01-n.md": post("Newyddion", lang="cy", collect={"since": "last"}),
        "static/a.png": picture.getvalue(),
        "static/b.html": "<img src='https://i.example.org/c.png'>",
    }


class Desk:
    """A site that is watched: `edit` writes site.toml and builds with a hint of it."""

    def __init__(self, root: Path, engine: Engine) -> None:
        self.root = root
        self.engine = engine
        self.text = SITE
        engine.build()
        engine.prepare()

    def edit(self, old: str, new: str, **files: str) -> BuildReport:
        assert old in self.text
        self.text = self.text.replace(old, new, 1)
        (self.root / "site.toml").write_text(self.text, "utf-8")
        write_site(self.root, {"site.toml": self.text, **{f"posts/{name}.md": text for name, text in files.items()}})
        return self.engine.build(hint={"site.toml", *(f"content/posts/{name}.md" for name in files)})

    def restore(self) -> None:
        self.edit(self.text, SITE)

    def inputs(self) -> Inputs:
        assert self.engine._cache is not None
        assert self.engine._cache.inputs is not None
        return self.engine._cache.inputs

    def differences(self, place: Path) -> list[str]:
        clean = BuildOptions(place / "output", state=place / "state", live=self.engine.options.live)
        Engine(self.root, clean, CLOCK).build()
        return differences(tree(self.root / "output"), tree(place / "output"))


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Watch a site. The engine compares each index that it kept with a whole one, and the keys it asked with all."""
    root = write_site(tmp_path_factory.mktemp("settings") / "site", sources())
    with pytest.MonkeyPatch.context() as patch, Engine(root, BuildOptions(live=True, jobs=1), CLOCK) as engine:
        patch.setenv("OPENLETTER_DEBUG", "1")
        yield Desk(root, engine)


@pytest.fixture
def desk(watched: Desk) -> Iterator[Desk]:
    yield watched
    watched.restore()


# What reads which setting


class _Noting:
    """Settings that note which of them are read."""

    def __getattribute__(self, name: str) -> Any:
        if not name.startswith("__"):
            _read.add(_prefix.get(type(self), "") + name)
        return super().__getattribute__(name)


class NotingLanguage(_Noting, LanguageConfig, frozen=True):
    """`[languages.TAG]`, noting what is read of it."""


class NotingOutput(_Noting, OutputConfig, frozen=True):
    """`[output]`, noting what is read of it."""


class NotingImages(_Noting, ImagesConfig, frozen=True):
    """`[images]`, noting what is read of it."""


class NotingConfig(_Noting, Config, frozen=True, kw_only=True):
    """The settings, noting what is read of them, also as one language has them."""

    def in_language(self, language: str) -> Config:
        known = set(_read)
        own = noting(Config.in_language(self, language))
        _read.clear()
        _read.update(known)
        return own


_read: set[str] = set()
_prefix: dict[type, str] = {NotingLanguage: "languages.", NotingOutput: "output.", NotingImages: "images."}


def noting(config: Config) -> Config:
    """Return the same settings, which note what is read of them."""

    def parts(of: Struct) -> dict[str, Any]:
        return {name: getattr(of, name) for name in of.__struct_fields__}

    languages = {tag: NotingLanguage(**parts(own)) for tag, own in config.languages.items()}
    output, images = NotingOutput(**parts(config.output)), NotingImages(**parts(config.images))
    return NotingConfig(**parts(config) | {"languages": languages, "output": output, "images": images})


def reads(act: Callable[[], object]) -> set[str]:
    """Call a function; returns the settings that it read."""
    _read.clear()
    act()
    return set(_read)


HARMLESS = {*SHOWN, *(f"languages.{name}" for name in SHOWN_BY_LANGUAGE)}
OF_THE_PLAN = {
    *(
        "output.feeds",
        "output.listing_feeds",
        "output.feeds_for",
        "output.related",
        "output.per_page",
        "output.unpaged",
    ),
    *("images.widths", "images.max_width", "images.formats", "images.quality", "images.cache_size"),
    *("security", "social"),
}
"""The settings that `without_planned` leaves out."""


@pytest.fixture
def noted(desk: Desk) -> Inputs:
    inputs = desk.inputs()
    return replace(inputs, config=noting(inputs.config))


def test_nothing_that_is_kept_is_made_from_what_only_pages_show(desk: Desk, noted: Inputs) -> None:
    cache, config = desk.engine._cache, noted.config
    assert cache is not None
    assert cache.snapshot is not None
    snapshot, context = cache.snapshot, cache.context
    assert context is not None
    index = reads(lambda: build_snapshot(noted, desk.root, dict(sorted(cache.records.items()))))
    records = reads(lambda: start_conversion(desk.root, noted.found.found, config, 1))
    records |= reads(lambda: settings_by_role(config, "", ""))
    kept = gather_context(desk.root, noted, snapshot, cache.store, context.templates)
    find_renditions.cache_clear()  # what another test has asked for is not read again
    plan = reads(lambda: OutputPlan(kept).targets)
    assert {"url", "timezone"} <= index | records
    assert {"output", "images", "search", "security"} <= plan
    for found in (index, records, plan):
        assert not found & HARMLESS
    assert {"output.archives", "output.authors", "images.hosts"} <= index
    assert not (index | records) & OF_THE_PLAN
    assert {"output.per_page", "output.feeds", "images.widths"} <= plan
    known = {*Config.__struct_fields__} - {"main_language"}
    elsewhere = {"extensions", "gone", "theme"}  # they have digests of their own, or matter to public builds alone
    # All others are read by one of the three: so this site has all that settings can change in them.
    assert known - index - records - plan - HARMLESS - elsewhere == set()


def test_the_plan_reads_the_texts_of_the_site_for_social_cards_alone(desk: Desk, noted: Inputs) -> None:
    cache = desk.engine._cache
    assert cache is not None
    assert cache.snapshot is not None
    assert cache.context is not None
    social = replace(noted.config.social, cards=True)
    with_cards = replace(noted, config=replace(noted.config, social=social))
    kept = gather_context(desk.root, with_cards, cache.snapshot, cache.store, cache.context.templates)
    assert reads(lambda: OutputPlan(kept).targets) & HARMLESS <= {"title", "description", "organisation"}
    assert "title" in _read


def test_the_table_of_keys_says_which_are_made_from_what_only_pages_show(desk: Desk, noted: Inputs) -> None:
    cache = desk.engine._cache
    assert cache is not None
    assert cache.snapshot is not None
    assert cache.context is not None
    kept = gather_context(desk.root, noted, cache.snapshot, cache.store, cache.context.templates)
    OutputPlan(kept, cache.outputs.rows.keys())
    reading, of_plan = set(), set()
    for key in cache.keys.all():
        kind = find_kind(key.partition("|")[0])
        assert kind is not None
        kept.queries.known.clear()
        read = reads(partial(kept.queries.digest, key))
        if read & HARMLESS:
            reading.add(kind.name)
            assert Cause.SETTINGS in kind.causes, key
        if read & OF_THE_PLAN:
            of_plan.add(kind.name)
            assert kind.causes & {Cause.PLANNING, Cause.PLAN}, key
    assert {"cfg", "subscribe"} <= reading
    assert {"cfg", "chunk"} <= of_plan


def test_without_them_the_settings_are_still_told_apart() -> None:
    one = Config(title="One", url="https://example.org/", languages={"cy": LanguageConfig(title="Un", tags={})})
    assert without_shown(one) == without_shown(replace(one, title="Two", nav=(), organisation="O"))
    assert without_shown(one) == without_shown(replace(one, languages={"cy": LanguageConfig(title="Dau")}))
    assert without_shown(one) != without_shown(replace(one, timezone="Europe/London"))
    assert without_shown(one) != without_shown(replace(one, languages={"de": LanguageConfig()}))
    assert without_shown(one) != without_shown(replace(one, languages={}))


def test_without_those_of_the_plan_the_settings_are_still_told_apart() -> None:
    one = Config(title="One", url="https://example.org/")
    for name in OF_THE_PLAN - {"security", "social"}:
        section, _, field = name.partition(".")
        other = replace(one, **{section: replace(getattr(one, section), **{field: "other"})})
        assert without_planned(one) == without_planned(other)
        assert (digest_plan_settings(one, "") == digest_plan_settings(other, "")) is False
    for name in ("output.archives", "output.authors", "images.hosts"):
        section, _, field = name.partition(".")
        other = replace(one, **{section: replace(getattr(one, section), **{field: "other"})})
        assert without_planned(one) != without_planned(other)
    assert digest_plan_settings(one, "") != digest_plan_settings(one, "a font")


# Edits


SHOWN_EDITS = (
    ('"Letters"', '"Other letters"'),
    ("About it.", "About all of it."),
    ("A card", "Another card"),
    ('organisation = "The office"\n', ""),
    ("Thanks.", "Many thanks."),
    ('title = "About"', 'title = "Who we are"'),
    ("You asked for it.", "You joined."),
    ("example.org/in", "example.org/join"),
    ("desk@example.org", "help@example.org"),
    ("Llythyrau", "Llythyron"),
    ("Amdano.", "Amdani."),
    ("Diolch.", "Diolch yn fawr."),
    ('"Amdanom"', '"Pwy ydym ni"'),
    ("example.org/cy", "example.org/ymuno"),
    ("[search]", '[check]\nwords = ["blog"]\n[search]'),
    ("footer_text", 'accent = "plum"\nfooter_text'),
)


def test_an_edit_of_what_only_pages_show_keeps_the_index_and_asks_the_keys_of_settings(
    desk: Desk, tmp_path: Path
) -> None:
    assert len(desk.engine._cache.keys.all()) > MANY  # type: ignore[union-attr]
    for old, new in SHOWN_EDITS:
        work = desk.edit(old, new).work
        assert (work["cards"], work["targets"]) == (0, 0), new
        assert 0 < work["keys"] < 120, new
    assert desk.differences(tmp_path) == []


PLANNED_EDITS = (
    ("[search]", "[output]\nper_page = 3\n[search]"),
    ("per_page = 3", 'per_page = 3\nfeeds = ["atom"]\nlisting_feeds = []'),
    ("per_page = 3", 'unpaged = ["home"]\nrelated = false'),
    ("[images]", "[images]\nwidths = [320]"),
    ("widths = [320]", "quality = 40"),
    ("safe@", "safer@"),
    ("[search]", f"{CARDS}[search]"),
    ("[output]", "[output]\nper_page = 4"),
    (CARDS, ""),
)


@pytest.mark.parametrize("languages", [1, 2])
def test_an_edit_of_what_only_the_plan_is_made_from_keeps_the_index(desk: Desk, tmp_path: Path, languages: int) -> None:
    if languages == 1:
        desk.edit(desk.text, SITE.partition("[languages.cy]")[0])
    for number, (old, new) in enumerate(PLANNED_EDITS):
        work = desk.edit(old, new).work
        assert work["cards"] == 0, new
        assert work["keys"] < MANY * 3 // 4, new
        assert languages > 1 or work["targets"] < 80, new
        assert desk.differences(tmp_path / str(number)) == [], new


def test_an_edit_of_any_other_setting_makes_the_whole_index(desk: Desk, tmp_path: Path) -> None:
    for old, new in (
        ('url = "https://example.org/blog/"', 'url = "https://example.org/"'),
        ("rating_max = 10", "rating_max = 8"),
        ('"Everything"', '"All"'),
        ("[search]", "[output]\nper_page = 3\n[markup]\ntypography = false\n[search]"),
        ("closed_after_days = 3000", "closed_after_days = 10"),
        ("[languages.cy]", "[languages.cy.tags.third]\ndescription = 'T.'\n[languages.cy]"),
    ):
        assert desk.edit(old, new).work["cards"] > 30, new
    assert desk.differences(tmp_path) == []


def test_a_language_comes_and_goes(desk: Desk, tmp_path: Path) -> None:
    """An index of other languages cannot be updated, alone or together with posts, comments and files."""
    whole = SITE.partition("[languages.cy]")[0]
    other = "[languages.de]\ntitle = 'Briefe'\n"
    new = post("Neu", lang="de")
    for number, (text, files) in enumerate(
        (
            (whole, {}),
            (SITE, {}),
            (whole + other, {"2024-03-03-neu": new}),
            (SITE + other, {"2024-03-03-neu": post("Newydd", lang="cy")}),
            (whole, {"2024-03-03-neu": new}),
            (SITE.replace("languages.cy", "languages.cy-GB"), {}),
        )
    ):
        assert desk.edit(desk.text, text, **files).work["cards"] > 30
        assert desk.differences(tmp_path / str(number)) == []
    (desk.root / "content/posts/2024-03-03-neu.md").unlink()
    desk.engine.build(hint={"content/posts/2024-03-03-neu.md"})


def test_settings_and_documents_edited_at_once(desk: Desk, tmp_path: Path) -> None:
    """A text, a card and a new post come with a setting: the index is kept, updated, or made as without it."""
    name = "2024-02-05-p1"
    same = sources()[f"posts/{name}.md"]
    assert isinstance(same, str)
    assert desk.edit("Letters", "More letters", **{name: same.replace("Rest.", "The rest.")}).work["cards"] == 0
    assert desk.edit("More letters", "Most", **{name: same.replace("P1", "Q1")}).work["cards"]
    assert desk.edit("About it.", "All of it.", **{"2024-03-03-new": post("New", tags=["all"])}).work["cards"]
    assert desk.edit("desk@", "us@", **{"2024-03-03-new": post("Newer", tags=["third"])}).work["cards"]
    assert desk.differences(tmp_path / "one") == []
    (desk.root / "content/posts/2024-03-03-new.md").unlink()
    desk.engine.build(hint={"content/posts/2024-03-03-new.md"})
    desk.edit("us@", "desk@", **{name: same})
    assert desk.differences(tmp_path / "two") == []


def test_with_social_cards_a_title_moves_them(desk: Desk, tmp_path: Path) -> None:
    desk.edit("[search]", f"{CARDS}[search]")
    report = desk.edit('"Letters"', '"Other"')
    assert report.work["cards"] == 0
    assert report.work["targets"] > 30
    assert any("social-card" in path for path in report.deleted)
    assert desk.differences(tmp_path) == []


def test_unknown_settings_and_comments_ask_nothing(desk: Desk) -> None:
    for new in ("# Where we are.\n[search]", "[search]\nengin = 1", '[nothing]\nx = "y"\n[search]', "[search]"):
        report = desk.edit("[search]", new)
        assert not report.rendered, new
        assert not report.work, new


@pytest.mark.parametrize(("old", "new"), [SHOWN_EDITS[0], SHOWN_EDITS[5], SHOWN_EDITS[9]])
def test_a_build_from_the_command_line_keeps_the_index_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    monkeypatch.setenv("OPENLETTER_DEBUG", "1")
    text = SITE.replace('engine = "pagefind"', 'engine = "none"')
    root = write_site(tmp_path / "site", {**sources(), "site.toml": text})

    def build(**options: Any) -> BuildReport:
        return Engine(root, BuildOptions(**options), CLOCK).build()

    build()
    (root / "site.toml").write_text(text.replace(old, new, 1))
    work = build().work
    assert (work["cards"], work["targets"]) == (0, 0)
    assert 0 < work["keys"] < 80
    build(output=tmp_path / "clean", state=tmp_path / "state")
    assert differences(tree(root / "output"), tree(tmp_path / "clean")) == []
