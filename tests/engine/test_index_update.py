"""An updated index equals a whole one, after any edits: the engine compares the two, as it debugs."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from tests.factories import CLOCK, tree
from tests.soak import pools
from tests.soak.builds import differences
from tests.soak.site import Site, Source, pictures

WORDS = ("title", "summary", "description", "learning_points", "rating", "action", "extra", "text")
OFTEN = (*WORDS, "tags", "date", "series", "author", "add", "delete", "shown", "file", "comments")
SHOWN = ("title", "description", "organisation", "theme", "nav", "contact", "newsletter", "check")
PICTURES = pictures()
numbers = st.integers(0, 30)
edit = st.tuples(numbers, st.sampled_from((*OFTEN, *OFTEN, *pools.KEYS, "setting")), numbers)
steps = st.lists(st.lists(edit, min_size=1, max_size=2), min_size=4, max_size=8)
configs = st.dictionaries(st.sampled_from(sorted(pools.CONFIG)), numbers, max_size=3)


def begin(root: Path, config: dict[str, int]) -> Site:
    """Write a site of nine posts, one of them scheduled, a page and an issue."""
    site = Site(root)
    site.config |= {section: choice % len(pools.CONFIG[section]) for section, choice in config.items()}
    site.write_config()
    for number in range(1, 10):
        keys: dict[str, object] = {"title": f"N{number}", "date": f"2024-0{number}-01", "tags": ["all"], "author": "jo"}
        keys |= {"date": "2027-02-02"} if number == 9 else {}
        keys |= {"series": "Days", "part": number} if number < 4 else {}
        site.add("post", f"n{number}", Source(keys, [number]))
    site.add("page", "about", Source({"title": "About"}))
    site.add("issue", "i1", Source({"title": "News", "date": "2024-06-01", "collect": {"since": "last"}}))
    return site


def change(site: Site, number: int, what: str, value: int) -> None:
    """Make one edit: of a field, of a text, of a setting, a file or comments, or a whole post that comes or goes."""
    if what in ("shown", "setting"):
        sections = SHOWN if what == "shown" else sorted(pools.CONFIG)
        section = sections[number % len(sections)]
        site.config[section] = value % len(pools.CONFIG[section])
        site.write_config()
        return
    if what == "file":
        path = ("content/static/pic.png", "content/posts/pic.png", "content/static/notes.txt")[number % 3]
        site.write(path, PICTURES[value % len(PICTURES)])
        return
    if what == "comments":
        text = pools.COMMENTS[value % len(pools.COMMENTS)]
        site.write(f"content/posts/n{number % 9 + 1}.comments.yaml", None if text is None else text.encode())
        return
    if what == "add":
        dates, name = pools.KEYS["date"], f"new{value}"
        site.add(
            "post", name, Source({"title": name, "date": dates[number % len(dates)], "tags": ["all"]}, [value % 5])
        )
        return
    picked = site.pick(number)
    if picked is None:
        return
    if what == "delete":
        site.remove(*picked)
        return
    source, values = site.sources[picked], (pools.ISSUE_KEYS if picked[0] == "issue" else pools.KEYS).get(what)
    if what == "text":
        source.body = [value % len(pools.BODIES)]
    elif values is not None:
        source.keys[what] = values[value % len(values)]
    site.save(*picked)


def test_an_engine_that_was_prepared_updates_the_index_that_another_has_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENLETTER_DEBUG", "1")
    site = begin(tmp_path / "site", {})
    Engine(site.root, BuildOptions(jobs=1), CLOCK).build()
    with Engine(site.root, BuildOptions(jobs=1), CLOCK) as engine:
        assert not engine.build().work
        engine.prepare()
        for what, value in (("title", 3), ("tags", 5), ("series", 3), ("delete", 0)):
            site.touched.clear()
            change(site, 2, what, value)
            report = engine.build(hint=set(site.touched))
            assert report.work["cards"] < 5, what
            assert report.rendered, what
    clean = BuildOptions(tmp_path / "clean", state=tmp_path / "state")
    Engine(site.root, clean, CLOCK).build()
    assert differences(tree(site.root / "output"), tree(tmp_path / "clean")) == []


def test_few_cards_are_made_again_after_edits_of_public_posts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENLETTER_DEBUG", "1")
    site = begin(tmp_path / "site", {})
    with Engine(site.root, BuildOptions(jobs=1), CLOCK) as engine:
        everything = engine.build().work["cards"]
        assert everything == 10  # one of the posts is scheduled

        def cards(*edits: tuple[int, str, int]) -> int:
            site.touched.clear()
            for each in edits:
                change(site, *each)
            return engine.build(hint=site.touched).work["cards"]

        post, page, issue = 2, 1, 0
        assert cards((post, "title", 3)) == 1
        assert cards((page, "title", 3)) == 1
        assert cards((issue, "title", 1)) == 1
        assert cards((post, "text", 3)) == 1
        assert cards((post, "text", 1)) == 1
        assert cards((post, "tags", 5)) == 1
        assert cards((post, "date", 3), (post + 1, "date", 3)) == 2
        assert cards((post, "slug", 3)) == 1
        assert cards((post, "aliases", 1)) == 1
        assert cards((post, "series", 3), (post, "part", 3)) == 1
        assert cards((post, "series", 0)) == 1
        assert cards((post, "author", 2)) == 1
        assert cards((post, "updates", 1)) == 1
        assert cards((1, "add", 1)) == 1
        assert cards((post, "delete", 0)) == 0
        assert cards((post, "delete", 0), (2, "add", 2)) == 1
        for unusual in ((post, "draft", 1), (page, "permalink", 5), (post, "permalink", 5), (post, "expires", 1)):
            assert cards(unusual) > 1, unusual


def test_a_replaced_picture_makes_the_cards_again_that_show_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENLETTER_DEBUG", "1")
    red, blue, wide, jpeg = PICTURES[1], PICTURES[2], PICTURES[8], PICTURES[4]
    site = begin(tmp_path / "site", {})
    for picture in ("content/static/pic.png", "content/posts/pic.png", "content/static/other.png"):
        site.write(picture, red)
    for name, keys in {"n1": {"image": "/pic.png"}, "n2": {"image": "/pic.png"}, "n3": {"image": "pic.png"}}.items():
        site.sources["post", name].keys |= keys
        site.save("post", name)
    site.sources["post", "n4"].body = [8, 9]  # it shows both
    site.save("post", "n4")
    with Engine(site.root, BuildOptions(jobs=1), CLOCK) as engine:
        engine.build()

        def cards(path: str, data: bytes | None) -> int:
            site.touched.clear()
            site.write(path, data)
            return engine.build(hint=site.touched).work["cards"]

        assert cards("content/static/pic.png", blue) == 0
        assert cards("content/static/pic.png", wide) == 2
        assert cards("content/posts/pic.png", wide) == 1
        assert cards("content/posts/pic.png", blue) == 1
        assert cards("content/static/other.png", wide) == 0
        assert cards("content/static/other.png", blue) == 0
        assert cards("content/static/other.png", red) == 0
        for unusual in (jpeg, PICTURES[5], PICTURES[13], None, red):
            assert cards("content/static/pic.png", unusual) == 10, unusual
        assert cards("content/static/pic.png", wide) == 2
    left = tree(site.root / "output")
    Engine(site.root, BuildOptions(tmp_path / "out", state=tmp_path / "state", jobs=1), CLOCK).build()
    assert differences(left, tree(tmp_path / "out")) == []


def test_a_post_that_gets_an_error_or_loses_it_makes_its_own_card_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What links to it is rendered again: its link is words, or a link again."""
    monkeypatch.setenv("OPENLETTER_DEBUG", "1")
    site = begin(tmp_path / "site", {})
    faulty, good = (f"---\ntitle: New\ndate: 2024-01-01\n{more}---\nText.\n".encode() for more in ("rating: x\n", ""))
    new, linking = "content/posts/new.md", "content/posts/linking.md"
    site.write(linking, b"---\ntitle: Linking\ndate: 2024-01-02\n---\n[new](new.md)\n")
    with Engine(site.root, BuildOptions(jobs=1), CLOCK) as engine:
        engine.build()

        def cards(data: bytes) -> int:
            site.touched.clear()
            site.write(new, data)
            report = engine.build(hint=site.touched)
            assert "2024/01/linking/index.html" in report.rendered
            return report.work["cards"]

        assert cards(faulty) == 0
        assert cards(good) == 1
        assert cards(faulty) == 0
        assert cards(good) == 1


def test_comments_make_the_card_again_that_counts_them_and_other_files_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENLETTER_DEBUG", "1")
    site = begin(tmp_path / "site", {})
    under = {name: f"content/posts/{name}.comments.yaml" for name in ("n1", "n2")}
    one, other, two, broken = (text.encode() for text in pools.COMMENTS[1:5] if text)
    site.write("content/static/notes.txt", b"one")
    with Engine(site.root, BuildOptions(jobs=1), CLOCK) as engine:
        engine.build()

        def cards(changes: dict[str, bytes | None]) -> int:
            site.touched.clear()
            for path, data in changes.items():
                site.write(path, data)
            return engine.build(hint=site.touched).work["cards"]

        assert cards({under["n1"]: one}) == 1
        assert cards({under["n1"]: other}) == 1
        assert cards({under["n1"]: two, under["n2"]: one}) == 2
        assert cards({under["n1"]: broken}) == 1
        assert cards({under["n1"]: one, under["n2"]: None}) == 2
        assert cards({under["n1"]: None, "content/posts/n1.md": b"---\ntitle: Other\ndate: 2024-01-01\n---\n"}) == 1
        assert cards({under["n1"]: one}) == 1
        assert cards({under["n1"]: None, "content/posts/n1.md": None}) > 1  # its document is gone with them
        assert cards({under["n2"]: two}) == 1
        assert cards({"content/static/notes.txt": b"two"}) == 0
        assert cards({"content/static/notes.txt": None}) > 1
        assert cards({"content/static/notes.txt": b"two"}) > 1
        assert cards({"content/static/notes.txt": b"three", under["n2"]: one}) > 1
    left = tree(site.root / "output")
    Engine(site.root, BuildOptions(tmp_path / "out", state=tmp_path / "state", jobs=1), CLOCK).build()
    assert differences(left, tree(tmp_path / "out")) == []


def test_one_moment_in_another_time_zone_is_another_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENLETTER_DEBUG", "1")
    site = begin(tmp_path / "site", {})
    here, there = "2024-01-01T23:30:00-04:00", "2024-01-02T03:30:00+00:00"
    picked = ("post", "n1")
    with Engine(site.root, BuildOptions(jobs=1), CLOCK) as engine:
        engine.build()
        for keys in ({"date": here}, {"date": there}, {"updated": here}, {"updated": there}, {"date": here}):
            site.sources[picked].keys |= keys
            site.save(*picked)
            engine.build(hint={site.path(*picked)})
        for start in (here, there):
            site.sources[picked].keys |= {"event": {"start": start}, "updates": [{"date": start, "note": "Mended."}]}
            site.save(*picked)
            engine.build(hint={site.path(*picked)})
    left = tree(site.root / "output")
    Engine(site.root, BuildOptions(tmp_path / "out", state=tmp_path / "state", jobs=1), CLOCK).build()
    assert differences(left, tree(tmp_path / "out")) == []


@pytest.mark.slow
def test_an_updated_index_equals_a_whole_one_after_any_edits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENLETTER_DEBUG", "1")
    work: Counter[str] = Counter()

    @settings(
        max_examples=25,
        deadline=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(configs, steps, st.booleans())
    def run(config: dict[str, int], edits: list[list[tuple[int, str, int]]], drafts: bool) -> None:
        with tempfile.TemporaryDirectory() as place:
            site = begin(Path(place) / "site", config)
            options = BuildOptions(Path(place) / "out", drafts=drafts, state=Path(place) / "state", jobs=1)
            with Engine(site.root, options, CLOCK) as engine:
                engine.build()
                for several in edits:
                    site.touched.clear()
                    for each in several:
                        change(site, *each)
                    report = engine.build(hint=site.touched)
                    work["updated" if report.work.get("cards", 0) < len(site.sources) - 2 else "whole"] += 1
                left = tree(Path(place) / "out")
            clean = BuildOptions(Path(place) / "out2", drafts=drafts, state=Path(place) / "state2", jobs=1)
            Engine(site.root, clean, CLOCK).build()
            assert differences(left, tree(Path(place) / "out2")) == []

    run()
    assert work["updated"] > 20
    assert work["whole"] > 15
