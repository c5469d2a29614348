"""A new site: complete, valid, and never over somebody's files."""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path
from zoneinfo import ZoneInfo

import frontmatter
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator.config import load_config
from generator.errors import ConfigError
from generator.scaffold.machine import guess_language, guess_local_zone
from generator.scaffold.new_site import EXAMPLE_URL, create_site
from generator.scaffold.next_steps import next_steps
from generator.scaffold.workflow import WORKFLOWS, CiService


def files_of(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file())


def test_a_new_site_has_settings_a_post_and_a_page_and_says_so(tmp_path: Path) -> None:
    paths = create_site(tmp_path / "site")
    assert files_of(tmp_path / "site") == sorted(paths)
    assert {"site.toml", ".gitignore", "content/pages/about.md"} < set(paths)
    ignored = (tmp_path / "site" / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/lists/*", "!/lists/suppressed.csv", "/ledger/"} < set(ignored), "who reads the newsletter stays at home"
    assert len([path for path in paths if path.startswith("content/posts/")]) == 1


def test_the_settings_are_read_without_a_warning(tmp_path: Path) -> None:
    create_site(tmp_path / "site", title="Letters", url="https://library.example/blog")
    config, warnings = load_config(tmp_path / "site")
    assert (config.title, config.url, warnings) == ("Letters", "https://library.example/blog/", ())


def test_the_title_comes_from_the_folder_when_none_is_given(tmp_path: Path) -> None:
    create_site(tmp_path / "my-new_letter")
    assert load_config(tmp_path / "my-new_letter")[0].title == "My new letter"


def test_the_welcome_post_is_dated_now_in_the_site_s_zone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")  # the day there has begun long before UTC's
    paths = create_site(tmp_path / "site")
    [post] = [tmp_path / "site" / path for path in paths if path.startswith("content/posts/")]
    config, _ = load_config(tmp_path / "site")
    assert config.timezone == "Pacific/Kiritimati"
    written = str(frontmatter.load(str(post))["date"])
    assert post.name.startswith(written[:10])


@pytest.mark.parametrize("zone", ["UTC", "", ":/no/such/file", "Nowhere/Atlantis", "EST5EDT4,M3.2.0,M11.1.0"])
def test_an_odd_time_zone_of_the_machine_gives_one_that_python_knows(
    zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    assert ZoneInfo(guess_local_zone()).key == guess_local_zone()


@pytest.mark.parametrize(
    "title", ['Say "hi" \\ now', "# not a comment", "café – ☃", "[[nav]]", "'''", "a\nb\tc\x00\x7f"]
)
def test_any_title_is_quoted_safely(tmp_path: Path, title: str) -> None:
    create_site(tmp_path / "site", title=title)
    written = tomllib.loads((tmp_path / "site/site.toml").read_text("utf-8"))["title"]
    assert written == title.replace("\n", " ").replace("\t", " ").replace("\x00", "").replace("\x7f", "")


@given(st.text(alphabet=st.characters(), max_size=40))
def test_every_text_makes_readable_settings_or_is_refused(tmp_path_factory: pytest.TempPathFactory, title: str) -> None:
    folder = tmp_path_factory.mktemp("any") / "site"
    try:
        create_site(folder, title=title)
    except ConfigError:
        assert not folder.exists()
    else:
        assert tomllib.loads((folder / "site.toml").read_text("utf-8"))["title"].split() != []


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org",
        "ftp://example.org/",
        "https:///x",
        "https://a b.example/",
        "http://[::1",
        "https://a.example/?q",
    ],
)
def test_an_address_that_is_none_is_refused_and_nothing_is_written(tmp_path: Path, url: str) -> None:
    with pytest.raises(ConfigError, match="--url"):
        create_site(tmp_path / "site", url=url)
    assert not (tmp_path / "site").exists()


def test_every_file_in_the_way_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    (tmp_path / "content/pages").mkdir(parents=True)
    (tmp_path / "content/pages/about.md").write_text("mine")
    (tmp_path / "site.toml").write_text("mine")
    before = files_of(tmp_path)
    with pytest.raises(ConfigError) as caught:
        create_site(tmp_path)
    assert [problem.path for problem in caught.value.problems] == ["content/pages/about.md", "site.toml"]
    assert files_of(tmp_path) == before
    assert (tmp_path / "site.toml").read_text() == "mine"


def test_a_file_where_a_folder_is_needed_is_in_the_way_too(tmp_path: Path) -> None:
    (tmp_path / "content").write_text("mine")
    with pytest.raises(ConfigError) as caught:
        create_site(tmp_path)
    assert [problem.path for problem in caught.value.problems] == ["content"]
    assert files_of(tmp_path) == ["content"]


def test_a_file_in_the_folder_s_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "site").write_text("mine")
    with pytest.raises(ConfigError):
        create_site(tmp_path / "site")


def test_a_folder_with_other_things_is_taken(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine")
    create_site(tmp_path)
    assert (tmp_path / "README.md").read_text() == "mine"
    assert (tmp_path / "site.toml").is_file()


def test_a_link_to_nothing_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "site.toml").symlink_to(tmp_path / "elsewhere.toml")
    with pytest.raises(ConfigError):
        create_site(tmp_path)
    assert not (tmp_path / "elsewhere.toml").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit on the size of files")
def test_what_was_written_is_taken_back_when_the_disk_refuses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import resource
    import signal

    ignored = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # compiled modules would be cut off, too
    resource.setrlimit(resource.RLIMIT_FSIZE, (700, limits[1]))  # .gitignore and about.md fit, others do not
    try:
        with pytest.raises(OSError, match="too large"):
            create_site(tmp_path / "a/b")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, ignored)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("ci", "path"), list(WORKFLOWS.items()))
def test_a_workflow_builds_strictly_and_publishes(tmp_path: Path, ci: CiService, path: str) -> None:
    assert path in create_site(tmp_path, ci=ci)
    text = (tmp_path / path).read_text("utf-8")
    assert "openletter build --strict" in text
    assert "%%" not in text
    assert yaml.safe_load(text)


def test_github_s_workflow_asks_for_no_more_rights_than_each_job_needs(tmp_path: Path) -> None:
    create_site(tmp_path, ci="github")
    workflow = yaml.safe_load((tmp_path / ".github/workflows/publish.yml").read_text("utf-8"))
    assert workflow["permissions"] == {}
    assert workflow["jobs"]["build"]["permissions"] == {"contents": "read", "pages": "read"}
    assert workflow["jobs"]["publish"]["permissions"] == {"pages": "write", "id-token": "write"}
    steps = [step["uses"] for job in workflow["jobs"].values() for step in job["steps"] if "uses" in step]
    assert all("@v" in step for step in steps)


LOCALES = [
    ({"LANG": "de_CH.UTF-8"}, "de-CH"),
    ({"LANG": "en_GB"}, "en-GB"),
    ({"LANG": "C.UTF-8", "LC_ALL": "fr_CA.UTF-8"}, "fr-CA"),
    ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "nl"}, "nl"),
    ({"LANG": "sr_RS@latin"}, "sr-Latn-RS"),
    ({"LANG": "pt_BR.ISO8859-1"}, "pt-BR"),
    ({"LANG": "C"}, "en"),
    ({"LANG": "POSIX"}, "en"),
    ({"LANG": "English_United States.1252"}, "en"),
    ({"LANG": ""}, None),
]


@pytest.mark.parametrize(("variables", "language"), LOCALES)
def test_the_language_is_the_computer_s(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str | None
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.setenv(name, variables.get(name, ""))
    create_site(tmp_path / "site")
    assert load_config(tmp_path / "site")[0].language == (language or guess_language())


def test_language_and_zone_can_be_chosen(tmp_path: Path) -> None:
    create_site(tmp_path / "site", language="de-at", timezone="Europe/Vienna")
    config, _ = load_config(tmp_path / "site")
    assert (config.language, config.timezone) == ("de-AT", "Europe/Vienna")


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"language": "english"}, '--language: "english" is not a language tag'),
        ({"language": "de_DE"}, 'Write it as "de-DE"'),
        ({"timezone": "GMT+1"}, "Europe/Paris"),
        ({"timezone": "Vienna"}, "Europe/Vienna"),
        ({"url": "https://user:secret@letters.example/"}, "user name"),
        ({"url": "https://letters.example/a b/"}, "--url"),
        ({"url": "https://letters.example/%2e%2e/"}, "cannot be the path of a site"),
    ],
)
def test_a_choice_is_checked_by_the_rule_of_its_setting(tmp_path: Path, choice: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        create_site(tmp_path / "site", **choice)  # type: ignore[arg-type]
    assert said in str(caught.value)
    assert not (tmp_path / "site").exists()


def test_the_next_steps_are_those_that_are_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "my site"
    create_site(folder, ci="github")
    steps = list(next_steps(folder, EXAMPLE_URL, "github"))
    assert f'  cd "{folder}"' in steps
    assert [step for step in steps if "git " in step][:3] == [
        "  git init --initial-branch=main",
        "  git add .",
        '  git commit -m "Start the site"',
    ]
    assert any("github.com" in step for step in steps)
    assert not any("site.toml" in step for step in steps), "the workflow passes the address"
    (folder / ".git").mkdir()
    (folder / ".git/HEAD").write_text("ref: refs/heads/main")
    monkeypatch.chdir(folder)
    again = list(next_steps(Path(), EXAMPLE_URL, None))
    assert not any(word in "\n".join(again) for word in ("git init", "cd ", "github"))
    assert any("site.toml" in step for step in again)
    assert any("gitlab.com" in step for step in next_steps(Path(), "https://letters.example/", "gitlab"))
