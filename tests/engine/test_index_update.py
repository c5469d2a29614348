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
from tests.soak.site import Site, Source

WORDS = ("title", "summary", "description", "learning_points", "rating", "action", "extra", "text")
OFTEN = (*WORDS, "tags", "date", "series", "author", "add", "delete", "shown")
SHOWN = ("title", "description", "organisation", "theme", "nav", "contact", "newsletter", "check")
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
    """Make one edit: of a field, of a text, of a setting, or a whole post that comes or goes."""
    if what in ("shown", "setting"):
        sections = SHOWN if what == "shown" else sorted(pools.CONFIG)
        section = sections[number % len(sections)]
        site.config[section] = value % len(pools.CONFIG[section])
        site.write_config()
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
    assert work["whole"] > 20
