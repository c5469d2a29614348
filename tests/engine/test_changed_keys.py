"""After an edit, the keys that can have changed are asked again, and no others: what is asked is always enough."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.engine.stages.plan import gather_context
from generator.model import BuildReport
from generator.render.plan import PARTS, OutputPlan
from generator.site.index_model import SiteIndex
from generator.site.keys import KEYS
from generator.site.queries import Queries
from tests.factories import CLOCK, config, post

Site = Callable[[Mapping[str, str]], Path]
Change = Callable[[Mapping[str, str | None]], BuildReport]
POSTS = 40
SETTINGS = config(
    '[authors.jo]\nname = "Jo"\n[[nav]]\ntitle = "About"\nurl = "/about/"\n[languages.cy]\ntitle = "Llythyrau"\n'
)


def a_post(number: int, **keys: Any) -> str:
    """Write a post: of one tag all, of another every fifth; every tenth is a part of a series, every twelfth Welsh."""
    tags = ["all", *(["fifth"] if number % 5 == 0 else [])]
    series = {"series": "Days", "part": number // 10 + 1} if number % 10 == 0 else {}
    lang = {"lang": "cy"} if number % 12 == 0 else {}
    said = {"tags": tags, "author": "jo", "summary": f"Said {number}."} | series | lang | keys
    return post(str(said.pop("title", f"Post {number}")), "![A](/a.png) Text.", **said)


def path_of(number: int) -> str:
    return f"posts/{2020 + number // 12}-{number % 12 + 1:02}-05-p{number}.md"


@pytest.fixture
def watched(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Change]:
    """Watch a site: write or delete files of content/, and build with a hint. A key that is not asked is an error."""
    monkeypatch.setenv("OPENLETTER_DEBUG", "1")
    files = {path_of(number): a_post(number) for number in range(POSTS)}
    about = {"pages/about.md": post("About"), "newsletters/2024-07-01-n.md": post("News", collect={"since": "last"})}
    root = site({"site.toml": SETTINGS, **files, **about, "static/a.png": "", "static/b.txt": "b"})
    with Engine(root, BuildOptions(live=True), CLOCK) as engine:
        engine.build()
        engine.prepare()

        def change(changes: Mapping[str, str | None]) -> BuildReport:
            for path, text in changes.items():
                file = root / "content" / path
                if text is None:
                    file.unlink()
                else:
                    file.write_text(text, "utf-8")
            return engine.build(hint={f"content/{path}" for path in changes})

        change.engine = engine  # type: ignore[attr-defined]
        yield change


def test_a_title_and_a_text_ask_the_keys_of_their_document_alone(watched: Change) -> None:
    edits = {"title": "Other", "summary": "Said otherwise.", "description": "Described."}
    for field, value in edits.items():
        report = watched({path_of(31): a_post(31, **{field: value})})
        assert 0 < report.work["keys"] < 20, field
        assert report.work["cards"] == 1, field  # the index was updated
        assert report.work["targets"] == 0, field  # the targets are known to be the same
        assert "2022/08/p31/index.html" in report.rendered, field


def test_what_an_edit_moves_asks_what_lists_it_and_its_neighbours(watched: Change) -> None:
    newest = {"posts/2026-01-01-new.md": a_post(60)}
    assert watched(newest).work["keys"] < 300  # of about 900
    for changes in (
        {path_of(31): a_post(31, tags=["all", "fifth"])},
        {path_of(31): a_post(31, tags=["rare"])},
        {path_of(30): a_post(30, date="2024-12-24")},
        {path_of(24): a_post(24, lang="en")},
        {path_of(25): a_post(25, lang="cy", author="Else")},
        {path_of(7): a_post(7, series="Days", part=9), path_of(8): a_post(8, permalink="/x/", aliases=["/y/"])},
        {path_of(9): None},
        {path_of(20): None, path_of(21): a_post(21, draft=True)},
        {path_of(22): "---\ntitle: [\n---\n"},
        {"newsletters/2024-07-01-n.md": post("News", posts=["p12"])},
        {"pages/about.md": post("About", permalink="/tags/")},
        {"static/c.png": ""},
        {path_of(23): a_post(22, event={"start": "2026-12-24"})},
    ):
        assert watched(changes).work["keys"], changes  # none is missed: the engine compares, as it debugs


def a_comment(**keys: str) -> str:
    return f"- {json.dumps({'id': 'a', 'author': 'Al', 'date': '2025-01-01', 'body': 'Hello.'} | keys)}\n"


@pytest.mark.parametrize(
    "after",
    [
        {"p31": a_comment(body="Goodbye.")},
        {"p31": a_comment(author="Jo")},
        {"p31": a_comment(date="2025-02-02")},
        {"p31": a_comment(id="b", body="A new one instead.")},
        {"p31": a_comment(body="Hello."), "p30": a_comment(body="Said *otherwise*.")},
        {"p31": a_comment(body="I say."), "p30": a_comment(body="You say.")},
        {"p31": a_comment() + a_comment(id="b", parent="a")},
        {"p31": None},
    ],
)
def test_other_comments_change_their_pages_also_if_they_are_as_many(
    watched: Change, after: Mapping[str, str | None]
) -> None:
    def at(name: str) -> str:
        return path_of(int(name[1:])).replace(".md", ".comments.yaml")

    watched({at("p30"): a_comment(), at("p31"): a_comment()})
    report = watched({at(name): text for name, text in after.items()})
    changed = {name for name, text in after.items() if text != a_comment()}
    pages = {"p30": "2022/07/p30/index.html", "p31": "2022/08/p31/index.html"}
    assert {*report.written} >= {pages[name] for name in changed}


class Recorder:
    """An index that notes which of its parts are read."""

    def __init__(self, index: SiteIndex) -> None:
        self._index = index
        self.read: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        self.read.add(name)
        return getattr(self._index, name)


def test_keys_and_plan_read_no_other_parts_of_the_index_than_they_declare(watched: Change) -> None:
    engine: Engine = watched.engine  # type: ignore[attr-defined]
    cache = engine._cache
    assert cache is not None
    assert cache.snapshot is not None
    assert cache.inputs is not None
    assert cache.context is not None
    context = gather_context(engine.root, cache.inputs, cache.snapshot, cache.store, cache.context.templates)
    recorder = Recorder(cache.snapshot.index)
    context.queries.index = recorder  # type: ignore[assignment]
    assert OutputPlan(context).targets
    assert recorder.read <= {*PARTS}
    asked = set()
    for key in cache.keys.all():
        kind, _, of = key.partition("|")
        if kind in KEYS and KEYS[kind].read is not None and not KEYS[kind].stored and not of.startswith("cy:"):
            queries = Queries(cache.snapshot.index, context.config, cache.snapshot.texts(cache.store))
            queries.index = recorder = Recorder(cache.snapshot.index)  # type: ignore[assignment]
            queries.get(key)
            assert recorder.read <= {*KEYS[kind].parts}, key
            asked.add(kind)
    assert len(asked) > 20
