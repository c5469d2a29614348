"""The address of an example is never published: a warning, an error where readers would get it."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.config.example_url import find_example_url, refuse_example_url, runs_in_ci
from generator.errors import ConfigError, Level
from tests.factories import write_files


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/",
        "https://www.example.org/",
        "http://example.com/blog/",
        "https://www.example.com/",
        "https://example.net:8443/",
        "https://www.example.net/a/b/",
    ],
)
def test_an_example_is_named_with_its_line(tmp_path: Path, url: str) -> None:
    write_files(tmp_path, {"site.toml": f'# Mine.\ntitle = "T"\nurl = "{url}"\n'})
    (problem,) = find_example_url(tmp_path, url)
    assert (problem.code, problem.level, problem.path) == ("example-url", Level.WARNING, "site.toml")
    assert (problem.line, problem.column) == (3, 7)
    assert url in problem.message
    assert "--url" in problem.hint
    with pytest.raises(ConfigError) as caught:
        refuse_example_url(tmp_path, url)
    assert [each.level for each in caught.value.problems] == [Level.ERROR]


@pytest.mark.parametrize(
    "url",
    [
        "https://blog.example.org/",
        "https://letters.example/",
        "https://ww.example.org/",
        "https://www.www.example.org/",
        "https://example.org.uk/",
        "https://my-example.com/",
        "https://example.edu/",
        "https://localhost/example.org/",
    ],
)
def test_no_other_host_is_meant(tmp_path: Path, url: str) -> None:
    assert find_example_url(tmp_path, url) == ()
    refuse_example_url(tmp_path, url)


@pytest.mark.parametrize(
    ("value", "is_ci"), [("true", True), ("1", True), ("yes", True), ("", False), ("false", False), ("0", False)]
)
def test_ci_is_known_by_its_variable(monkeypatch: pytest.MonkeyPatch, value: str, is_ci: bool) -> None:
    monkeypatch.setenv("CI", value)
    assert runs_in_ci() is is_ci
    monkeypatch.delenv("CI")
    assert not runs_in_ci()
