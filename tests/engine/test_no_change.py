"""What a build costs that has nothing, or next to nothing, to do: counts, for wall times depend on the machine."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from generator.model import BuildReport
from generator.store.state import Store

Site = Callable[[Mapping[str, str | bytes]], Path]
Build = Callable[..., BuildReport]

PROGRAM = """
import sys
before = set(sys.modules)
sys.argv = ["openletter", "build", "--site", sys.argv[1]]
from generator.__main__ import main
try:
    main()
finally:
    print("\\n".join(sorted(set(sys.modules) - before)), file=sys.stderr)
"""

# What looking whether anything has changed may need, beside the standard library.
OUTSIDE = {"click", "generator", "msgspec", "typing_extensions"}
# Of the standard library: what brings much with it, and is needed where something is wrong, or something is made.
UNUSED = {
    "dataclasses",
    "difflib",
    "email",
    "html",
    "importlib.metadata",
    "json",
    "logging",
    "multiprocessing",
    "random",
}
UNUSED |= {"shutil", "socket", "ssl", "subprocess", "tempfile", "urllib.request", "xml"}
MODULES = {
    "engine": "cache changes dialect engine facts fingerprint folders inputs options outputs page_problems "
    "pipeline request settings stages stages.scan staging theme_files timings",
    "content": "names site_files walk",
    "markup": "engine",
    "site": "publication",
    "store": "atomic disk output rows seals state",
    "theming": "card_colours chain layers load static theme theme_files theme_options",
}


def posts(count: int) -> dict[str, str | bytes]:
    return {
        f"posts/2024-01-{n + 1:02}-p{n}.md": f"---\ntitle: P{n}\ntags: [all]\nsummary: S.\n---\nText.\n"
        for n in range(count)
    }


def test_a_build_with_nothing_to_do_imports_what_it_takes_to_look(site: Site, build: Build) -> None:
    """No jinja2, no markdown, no lxml, no Pillow, no rich: they take longer to import than 10,000 posts to look at."""
    settings = 'title = "T"\nurl = "https://letters.example/"\n'
    root = site({**posts(2), "site.toml": settings})
    for _ in range(2):
        command = [sys.executable, "-c", PROGRAM, str(root)]
        result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ": 0 files written" in result.stdout
    modules = set(result.stderr.split())
    outside = {name.partition(".")[0] for name in modules} - set(sys.stdlib_module_names)
    assert {name for name in outside if not name.startswith("_")} <= OUTSIDE
    assert UNUSED & modules == set()
    assert len([name for name in modules if name.partition(".")[0] == "generator"]) <= 98
    assert len(modules) <= 222
    for room, names in MODULES.items():
        met = {name.removeprefix(f"generator.{room}.") for name in modules if name.startswith(f"generator.{room}.")}
        assert met <= set(names.split()), room


def test_a_build_with_nothing_to_do_and_a_search_index_looks_for_its_file(site: Site, build: Build) -> None:
    """The stages that make pages and indexes stay where they are."""
    settings = 'title = "T"\nurl = "https://letters.example/"\n[search]\nengine = "pagefind"\n'
    root = site({**posts(2), "site.toml": settings})
    for _ in range(2):
        command = [sys.executable, "-c", PROGRAM, str(root)]
        result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ": 0 files written" in result.stdout
    modules = set(result.stderr.split())
    assert {name for name in modules if name.startswith("generator.engine.stages.")} == {
        "generator.engine.stages.scan",
        "generator.engine.stages.search",
    }
    assert not any(name.startswith(("generator.images", "generator.render", "PIL", "jinja2")) for name in modules)
    assert UNUSED & modules <= {"logging"}, "of Pagefind's own package, which is asked whether it is there"


def test_a_build_of_everything_imports_nothing_of_the_web(site: Site) -> None:
    """No TLS, no web client, no waiting for locks, no reading of what is installed: 30 ms, for nothing that it uses."""
    command = [sys.executable, "-c", PROGRAM, str(site(posts(2)))]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ": 0 files written" not in result.stdout
    assert {"asyncio", "filelock", "http", "importlib.metadata", "ssl", "urllib.request"} & {
        *result.stderr.split()
    } == set()
    assert {"PIL", "rich", "starlette", "uvicorn", "watchdog"} & {*result.stderr.split()} == set()


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note the ids of all values that are fetched from the state; the state itself is as it is."""
    ids: list[str] = []

    def noting(fetch: Any) -> Any:
        def noted(self: Store, blob_id: str, *more: Any) -> Any:
            ids.append(blob_id)
            return fetch(self, blob_id, *more)

        return noted

    for name in ("blob", "named_blob"):
        monkeypatch.setattr(Store, name, noting(getattr(Store, name)))
    return ids


def test_an_edit_of_a_text_fetches_the_cards_of_what_it_renders_and_no_others(
    site: Site, build: Build, fetched: list[str]
) -> None:
    root = site(posts(28))
    build(root)
    fetched.clear()
    (root / "content/posts/2024-01-02-p1.md").write_text(
        "---\ntitle: P1\ntags: [all]\nsummary: S.\n---\nText.\n\nMore.\n"
    )
    report = build(root)
    assert set(report.rendered) == {"2024/01/p1/index.html"}
    assert {name for name in fetched if name.startswith("card|")} == {
        f"card|content/posts/2024-01-0{n + 1}-p{n}.md" for n in range(3)
    }
    assert {name for name in fetched if name.startswith("text|")} == {"text|content/posts/2024-01-02-p1.md"}


def test_only_a_build_with_something_to_do_fetches_what_pages_read(
    site: Site, build: Build, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What each page read is most of a state: 6 ms of a start at 2,000 outputs."""
    root = site(posts(3))
    build(root)
    fetched: list[int] = []
    fetch = Store.targets

    def noted(self: Store) -> Any:
        rows = fetch(self)
        fetched.append(len(rows))
        return rows

    monkeypatch.setattr(Store, "targets", noted)
    assert build(root).rendered == {}
    assert fetched == []
    (root / "content/posts/2024-01-02-p1.md").write_text("---\ntitle: P1\n---\nOther text.\n")
    assert build(root).rendered
    assert len(fetched) == 1


def test_a_build_with_nothing_to_do_opens_no_source_and_no_output(site: Site, build: Build) -> None:
    """Old stamps are believed: what is opened is configuration, theme and state."""
    import os

    root = site(posts(5))
    for file in root.rglob("*"):
        os.utime(file, (1_600_000_000, 1_600_000_000))
    time.sleep(0.2)  # a file whose inode has just changed may change again within the clock's tick
    build(root)
    opened: list[str] = []

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and watching:
            opened.append(str(arguments[0]))

    watching = True
    sys.addaudithook(note)
    try:
        assert build(root).rendered == {}
    finally:
        watching = False
    assert [name for name in opened if f"{root}/content" in name or f"{root}/output/2" in name] == []
