"""New posts, pages and issues: safe front matter, free names, nothing published by accident."""

from __future__ import annotations

import threading
from pathlib import Path

import frontmatter
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.config import load_config
from generator.errors import ConfigError
from generator.model import Kind
from generator.scaffold.new_site import create_site
from generator.scaffold.new_source import create_source
from generator.scaffold.templates import clean_title, format_front_matter

HOSTILE = [
    'Say "hi": it\'s [not] {YAML}',
    "no",
    "2026",
    "# hash",
    "- dash",
    "a: b",
    "@at",
    "%percent",
    "!!python/object:os.system",
    "図書館 ☃ Größe",
    "ends in colon:",
    "%%id $title ${{ x }}",
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    create_site(tmp_path / "site")
    return tmp_path / "site"


WORDS = st.text("abzABZß名é07_,.!?'’()–—-:#&*[]{}|>@`\"% ", min_size=1, max_size=12)


@given(st.lists(st.one_of(WORDS, st.sampled_from(["no", "Yes", "null", "A", "is", "2026-01-01", "12:30"])), min_size=1))
def test_a_title_that_is_not_quoted_is_written_as_yaml_writes_it(words: list[str]) -> None:
    """Most titles are words alone, for which YAML is not imported."""
    values = {"title": clean_title(" ".join(words)), "subject": "A good week"}
    written = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, default_flow_style=False, width=10_000)
    assert format_front_matter(values) == written


@pytest.mark.parametrize("title", HOSTILE)
@pytest.mark.parametrize("kind", list(Kind))
def test_any_title_comes_back_as_text(root: Path, kind: Kind, title: str) -> None:
    post = frontmatter.load(str(root / create_source(root, kind, title)))
    assert post["title"] == title
    assert post["draft"] is True
    if kind is Kind.ISSUE:
        assert (post["subject"], post["posts"]) == (title, [])


def test_a_title_is_one_line_without_characters_nobody_sees(root: Path) -> None:
    path = create_source(root, Kind.POST, " two\nlines\u202e\x07 \udce9 and\ttabs ")
    assert frontmatter.load(str(root / path))["title"] == "two lines and tabs"


@given(title=st.text(alphabet=st.characters(), max_size=300))
def test_every_title_makes_one_readable_file_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, title: str
) -> None:
    root = tmp_path_factory.mktemp("site")
    (root / "site.toml").write_text('title = "T"\nurl = "https://www.example.org/"\n')
    try:
        path = create_source(root, Kind.POST, title)
    except ConfigError:
        assert list(root.iterdir()) == [root / "site.toml"]
        return
    assert frontmatter.load(str(root / path))["draft"] is True
    assert len(Path(path).name.encode()) <= 255
    assert path.count("/") == 2


def test_an_empty_title_is_refused(root: Path) -> None:
    with pytest.raises(ConfigError, match="title is empty"):
        create_source(root, Kind.POST, " \n\u202e ")


def test_a_post_is_named_by_its_day_in_the_site_s_zone(root: Path) -> None:
    settings = root / "site.toml"
    settings.write_text(
        settings.read_text("utf-8").replace('timezone = "', 'timezone = "Pacific/Kiritimati" # "'), "utf-8"
    )
    assert load_config(root)[0].timezone == "Pacific/Kiritimati"
    path = create_source(root, Kind.POST, "A good week")
    day = str(frontmatter.load(str(root / path))["date"])[:10]
    assert path == f"content/posts/{day}-a-good-week.md"


def test_a_taken_name_gets_a_number_and_nothing_is_overwritten(root: Path) -> None:
    first, second = (
        create_source(root, Kind.POST, "A good week"),
        create_source(root, Kind.POST, "A  Good week!", bundle=True),
    )
    third = create_source(root, Kind.POST, "A good week")
    assert second == first.removesuffix(".md") + "-2/index.md"
    assert third == first.removesuffix(".md") + "-3.md"


def test_a_post_of_the_same_month_takes_the_name_because_it_takes_the_address(root: Path) -> None:
    path = Path(create_source(root, Kind.POST, "Update"))
    other_day = f"{path.name[:8]}{'01' if path.name[8:10] != '01' else '02'}-update.md"
    (root / path).rename(root / "content/posts" / other_day)
    assert create_source(root, Kind.POST, "Update").endswith("-update-2.md")
    (root / "content/posts" / other_day).rename(root / "content/posts/1999-01-01-update.md")
    assert create_source(root, Kind.POST, "Update") == f"content/posts/{path.name[:10]}-update.md"


def test_an_issue_s_address_has_no_month_so_its_name_is_free_only_once(root: Path) -> None:
    folder = root / "content/newsletters"
    folder.mkdir()
    (folder / "1999-01-01-spring.md").write_text("---\ntitle: Spring\n---\n")
    assert create_source(root, Kind.ISSUE, "Spring").endswith("-spring-2.md")


@pytest.mark.parametrize(
    ("title", "path"),
    [("Contact us", "contact-us.md"), ("Index", "index-page.md"), ("CON", "con-page.md"), ("com1", "com1-page.md")],
)
def test_a_page_is_named_by_its_title_and_never_by_what_means_something_else(root: Path, title: str, path: str) -> None:
    assert create_source(root, Kind.PAGE, title) == f"content/pages/{path}"


def test_a_bundle_is_a_folder_with_an_index(root: Path) -> None:
    assert create_source(root, Kind.PAGE, "Our house", bundle=True) == "content/pages/our-house/index.md"


def test_two_at_once_make_two_files(root: Path) -> None:
    paths: list[str] = []
    threads = [threading.Thread(target=lambda: paths.append(create_source(root, Kind.POST, "Same"))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(paths)) == 8
    assert len(list((root / "content/posts").glob("*same*"))) == 8


def test_ids_differ(root: Path) -> None:
    ids = {frontmatter.load(str(root / create_source(root, Kind.POST, "Same")))["id"] for _ in range(3)}
    assert len(ids) == 3


def test_without_a_site_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"site\.toml"):
        create_source(tmp_path, Kind.POST, "Lost")
    assert list(tmp_path.iterdir()) == []
