"""A state is used again only by what would do its work alike: an upgrade of anything that has a say is noticed."""

import sys
import unicodedata
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Any

import pytest

from generator.engine.fingerprint import generator_fingerprint
from generator.model import BuildReport

Build = Callable[..., BuildReport]


def required() -> list[str]:
    """Name every installed distribution that our metadata requires, and those that they require in turn."""
    found: set[str] = set()
    waiting = ["openletter"]
    while waiting:
        for requirement in requires(waiting.pop()) or ():
            text, _, marker = requirement.partition(";")
            name = text
            for sign in "<>=!~[( ":
                name = name.partition(sign)[0]
            name = name.lower().replace("_", "-")
            if name in found or ("extra" in marker and name != "pyromark"):
                continue
            try:
                version(name)
            except PackageNotFoundError:
                continue
            found.add(name)
            waiting.append(name)
    return sorted(found)


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    generator_fingerprint.cache_clear()
    yield
    generator_fingerprint.cache_clear()


def test_what_our_metadata_requires_was_found() -> None:
    assert {"feedgen", "markupsafe", "msgspec", "pyromark", "python-dateutil"} <= {*required()}


@pytest.mark.parametrize("name", required())
def test_an_upgrade_of_any_required_distribution_is_noticed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = generator_fingerprint()
    (tmp_path / f"{name.replace('-', '_')}-99.0.dist-info").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    generator_fingerprint.cache_clear()
    assert generator_fingerprint() != before


def test_an_upgrade_of_a_checkout_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A distribution that is no wheel may have its version in its metadata alone."""
    metadata = tmp_path / "feedgen.egg-info/PKG-INFO"
    metadata.parent.mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    found = set()
    for number in ("1.0", "1.1"):
        metadata.write_text(f"Name: feedgen\nVersion: {number}\n")
        generator_fingerprint.cache_clear()
        found.add(generator_fingerprint())
    assert len(found) == 2


@pytest.mark.parametrize(("owner", "name"), [(sys, "hexversion"), (unicodedata, "unidata_version")])
def test_another_interpreter_is_noticed(owner: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = generator_fingerprint()
    monkeypatch.setattr(owner, name, "99.0")
    generator_fingerprint.cache_clear()
    assert generator_fingerprint() != before


@pytest.mark.parametrize("name", ["feedgen", "markupsafe", "msgspec"])
def test_feeds_are_rendered_again_after_an_upgrade(
    name: str, site: Any, build: Build, post: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = site({"posts/2024-01-01-a.md": post()})
    build(root)
    assert build(root).rendered == {}
    (tmp_path / "newer" / f"{name}-99.0.dist-info").mkdir(parents=True)
    monkeypatch.syspath_prepend(tmp_path / "newer")
    generator_fingerprint.cache_clear()
    report = build(root)
    assert {"atom.xml", "feed.xml"} & {*report.rendered}
    assert report.written == ()
