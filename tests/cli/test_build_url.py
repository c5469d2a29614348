"""`build --url`, and the first publication of a site whose address is still an example."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
EXAMPLE = "https://www.example.org/"


@pytest.fixture
def example(site: Path) -> Path:
    """Give a site as `init` leaves it."""
    file = site / "site.toml"
    file.write_text(file.read_text("utf-8").replace("https://letters.example/", EXAMPLE), "utf-8")
    return site


def test_an_example_is_a_warning_and_in_ci_nothing_is_built(run: Run, example: Path) -> None:
    stopped = run("build", CI="true")
    assert (stopped.returncode, stopped.stdout) == (2, "")
    assert stopped.stderr.startswith("site.toml:6:7 error: ")
    assert "[example-url]" in stopped.stderr
    assert not (example / "output").exists()
    as_json = run("build", "--json", CI="true")
    assert (as_json.returncode, json.loads(as_json.stdout)["errors"]) == (2, 1)
    built = run("build", CI="")
    assert (built.returncode, built.stderr.count(" warning: ")) == (0, 1)
    assert run("build", "--strict", CI="false").returncode == 1
    assert run("build", "--drafts", CI="true").returncode == 0, "a preview is for the editor alone"


def test_an_address_on_the_command_line_stands_for_the_one_in_the_settings(run: Run, example: Path) -> None:
    done = run("build", "--strict", "--url", "https://Someone.github.io/Letters", CI="true")
    assert (done.returncode, done.stderr) == (0, "")
    page = (example / "output/about/index.html").read_text("utf-8")
    assert 'href="https://someone.github.io/Letters/about/"' in page
    assert EXAMPLE not in page
    assert (
        "was not rebuilt"
        in run("build", "--url", "https://someone.github.io/Letters/", "--explain", "/Letters/about/").stdout
    )
    assert run("build", "--url", EXAMPLE, CI="true").returncode == 2


@pytest.mark.parametrize(
    "url", ["", "letters.example", "ftp://letters.example/", "https://a b.example/", "https://x.example/?q", "/blog/"]
)
def test_an_address_that_is_none_is_a_mistake_of_the_command(run: Run, site: Path, url: str) -> None:
    done = run("build", "--url", url)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--url" in done.stderr
    assert not (site / "output").exists()


@pytest.mark.slow
def test_no_letter_goes_out_with_an_example_in_its_links(run: Run, example: Path) -> None:
    settings = '[newsletter]\nfrom = "Desk <desk@letters.example>"\nunsubscribe = "mailto:desk@letters.example"\n'
    (example / "site.toml").write_text((example / "site.toml").read_text("utf-8") + settings, "utf-8")
    issue = f"---\ntitle: June\ndate: 2026-06-01\npreheader: {'x' * 50}\nid: june\n---\nHi.\n"
    (example / "content/newsletters").mkdir()
    (example / "content/newsletters/june.md").write_text(issue, "utf-8")
    dry = run("newsletter", "send", "june", "--to", "ada@letters.example")
    assert (dry.returncode, dry.stderr.count("[example-url]")) == (0, 1)
    for options in (["--test", "ada@letters.example"], ["--to", "ada@letters.example", "--yes-send", "1"]):
        done = run("newsletter", "send", "june", *options)
        assert done.returncode == 2
        assert "error: The url is still the example" in done.stderr
