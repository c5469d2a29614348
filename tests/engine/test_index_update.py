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
OFTEN = (*WORDS, "tags", "date", "series", "author", "add", "delete")
numbers = st.integers(0, 30)
edit = st.tuples(numbers, st.sampled_from((*OFTEN, *OFTEN, *pools.KEYS)), numbers)
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
    """Make one edit: of a field, of a text, or a whole post that comes or goes."""
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
