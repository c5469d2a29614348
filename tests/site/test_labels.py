"""Tags of every script, and tags that differ by a sign, as whole sites show them."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.factories import Site, post, write_site

_ENGINES = ("markdown", "commonmark")


@pytest.mark.parametrize(
    ("tags", "slugs"),
    [
        (("C", "C++", "C#"), ["c", "c-plus-plus", "c-sharp"]),
        (("C#",), ["c-sharp"]),
        ((".NET", "Net"), ["dot-net", "net"]),
        (("R&D", "R D"), ["r-and-d", "r-d"]),
        (("A", "A+", "A-", "A*"), ["a", "a-minus", "a-plus", "a-star"]),
        (("की", "का"), ["का", "की"]),
        (("İzmir", "izmir"), ["izmir"]),
    ],
)
def test_tags_that_differ_by_a_sign_have_pages_of_their_own(
    document: Any, index: Any, tags: tuple[str, ...], slugs: list[str]
) -> None:
    site, problems = index(*(document(f"p{n}", tags=(tag,)) for n, tag in enumerate(tags)))
    assert list(site.tags) == slugs
    assert problems == ()


@pytest.mark.parametrize(
    ("tags", "slug"),
    [
        (("customer service", "customer-service"), "customer-service"),
        (("C++", "C plus plus"), "c-plus-plus"),
        (("C#", "C♯"), "c-sharp"),
        (("Help", "Help!"), "help"),
        (("#staff", "staff"), "staff"),
    ],
)
def test_tags_that_mean_the_same_are_one(document: Any, index: Any, tags: tuple[str, ...], slug: str) -> None:
    site, problems = index(*(document(f"p{n}", tags=(tag,)) for n, tag in enumerate(tags)))
    assert list(site.tags) == [slug]
    assert [problem.code for problem in problems] == ["labels-merged"]


def test_a_spelled_tag_never_takes_the_address_of_another(document: Any, index: Any) -> None:
    names = ("Q&A", "Q A", "Q and A")
    site, problems = index(*(document(f"p{n}", tags=(tag,)) for n, tag in enumerate(names)))
    assert [(slug, tag.count) for slug, tag in site.tags.items()] == [("q-a", 2), ("q-and-a", 1)]
    assert [problem.code for problem in problems] == ["labels-merged"]


def _reported(samples: Path, name: str, folder: Path, engine: str) -> Site:
    if not (samples / "reported" / name).is_dir():
        pytest.skip("this sample is absent")
    shutil.copytree(samples / "reported" / name, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
    text = (folder / "site.toml").read_text() + f'\n[markup]\nengine = "{engine}"\n'
    site = Site(folder)
    site.write("site.toml", text)
    site.build()
    return site


@pytest.mark.parametrize("engine", _ENGINES)
def test_reported_vowel_signs_stay_in_addresses(samples: Path, tmp_path: Path, engine: str) -> None:
    site = _reported(samples, "01-slug-vowel-signs", tmp_path, engine)
    names = ("की", "का", "हिन्दी-में", "தமிழ்")
    assert {f"2026/05/{name}/index.html" for name in names} <= site.paths
    assert {"tags/की/index.html", "tags/का/index.html"} <= site.paths
    assert 'id="हिन्दी-में"' in site.text("2026/05/हिन्दी-में/index.html")
    assert "address-taken" not in site.codes


@pytest.mark.parametrize("engine", _ENGINES)
def test_reported_tags_with_signs_are_three(samples: Path, tmp_path: Path, engine: str) -> None:
    site = _reported(samples, "17-tags-c-sharp", tmp_path, engine)
    pages = {f"tags/{name}/index.html" for name in ("c", "c-plus-plus", "c-sharp")}
    assert {path for path in site.paths if path.startswith("tags/") and path.count("/") == 2} >= pages
    assert "labels-merged" not in site.codes


@pytest.mark.parametrize("engine", _ENGINES)
def test_reported_photo_with_an_unknown_suffix_is_cleaned(samples: Path, tmp_path: Path, engine: str) -> None:
    site = _reported(samples, "15-photo-unknown-suffix", tmp_path, engine)
    assert b"SECRETCAM" in (tmp_path / "content/static/me.jpg_large").read_bytes()
    assert "<img" in site.prose("2026/05/a/index.html")
    assert not [path for path in site.paths if b"SECRETCAM" in (site.output / path).read_bytes()]


def test_heading_ids_hold_whole_words_in_both_dialects(tmp_path: Path) -> None:
    titles = ("हिन्दी में", "தமிழ்", "น้ำท่วม", "שָׁלוֹם", "İzmir")
    body = "\n\n".join(f"## {title}\n\nText." for title in titles)
    for engine in _ENGINES:
        toml = f'title = "T"\nurl = "https://letters.example/"\n[markup]\nengine = "{engine}"\n'
        site = Site(write_site(tmp_path / engine, {"site.toml": toml, "posts/2026-01-02-a.md": post("A", body)}))
        site.build()
        ids = site.html("2026/01/a/index.html").xpath('//div[@class="prose"]/h2/@id')
        assert ids == ["हिन्दी-में", "தமிழ்", "น้ำท่วม", "שָׁלוֹם", "izmir"]
