import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import cli
from generator.store.output import PREVIEW
from tests.factories import plain_post, write_files, write_site

TOML = """title = "Letters"
url = "https://letters.example.org/"

[publish.live]
type = "folder"
path = "live"
host = "nginx"
"""
HOLD = '[[publish.hold]]\nfrom = "2020-01-01"\nto = "2090-01-01"\nreason = "Election"\n'
POSTS = {"posts/2026-01-02-a.md": plain_post("A"), "posts/2026-01-03-b.md": plain_post("B", aliases="[/old/]")}


def run(root: Path, *args: str) -> Result:
    return CliRunner().invoke(cli, ["publish", *args, "--site", str(root)])


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return write_site(tmp_path, {"site.toml": TOML, **POSTS})


def test_a_site_is_published_changed_and_rolled_back(site: Path) -> None:
    dry = run(site, "--dry-run")
    assert dry.exit_code == 0
    assert "+ 2026/01/a/index.html" in dry.output
    assert not (site / "live").exists()
    assert " added, 0 changed, 0 deleted, 0 unchanged." in run(site).output
    live = site / "live"
    assert not (live / ".openletter-output").exists()
    assert 'location = "/old/" { return 301 "/2026/01/b/"; }' in (live / ".openletter/nginx.conf").read_text()
    (site / "content/posts/2026-01-02-a.md").write_text(plain_post("Changed"))
    facts = json.loads(run(site, "live", "--json").output)
    assert facts["generation"] == 2
    assert "2026/01/a/index.html" in facts["changed"]
    assert "live is up to date" in run(site).output
    assert run(site, "--rollback").exit_code == 0
    assert "Changed" not in (live / "2026/01/a/index.html").read_text()


@pytest.mark.parametrize(
    ("files", "args", "code", "words"),
    [
        ({"site.toml": TOML.replace("letters.", "www.")}, [], 2, "example-url"),
        ({"site.toml": TOML.partition("[publish")[0]}, [], 2, "publish-no-target"),
        ({}, ["liev"], 2, 'Did you mean "live"?'),
        (
            {"site.toml": TOML + '[publish.b]\ntype = "folder"\npath = "b"\n'},
            [],
            2,
            "Name one: openletter publish live",
        ),
        ({"site.toml": TOML + 'check = true\n[check.levels]\nno-summary = "error"\n'}, [], 3, "no-summary"),
        ({"content/posts/2026-01-04-c.md": plain_post("C", date="12/31")}, [], 3, "publish-errors"),
        ({"output/.openletter-output": PREVIEW}, ["--no-build"], 3, "publish-preview"),
        ({}, ["--no-build"], 3, "Run openletter build"),
        ({"site.toml": TOML + HOLD}, [], 3, "Nothing is published until 2090-01-02 00:00: Election"),
        ({"site.toml": TOML.replace('"live"', '"site.toml/x"')}, [], 3, "target-unreachable"),
    ],
)
def test_what_cannot_be_published_is_refused_with_a_way_out(
    site: Path, files: dict[str, str | bytes], args: list[str], code: int, words: str
) -> None:
    write_files(site, files)
    result = run(site, *args, "--json")
    assert result.exit_code == code
    problems = json.loads(result.output)["problems"]
    assert any(words in f"{each['code']} {each['message']} {each['hint']}" for each in problems)
    assert not (site / "live").exists()


def test_a_hold_can_be_overruled_with_a_reason_that_is_written_down(site: Path) -> None:
    (site / "site.toml").write_text(TOML + HOLD)
    assert run(site, "--dry-run").exit_code == 0
    assert run(site, "--despite-hold", "The phone number was wrong").exit_code == 0
    assert json.loads((site / "live/.openletter/manifest.json").read_bytes())["despite"] == "The phone number was wrong"


def test_a_target_with_an_address_of_its_own_has_its_own_copy_of_the_site(site: Path) -> None:
    """In a shared one, each change between targets would render every page."""
    test = '[publish.test]\ntype = "folder"\npath = "test"\nurl = "https://test.letters.example/"\ncheck = true\n'
    (site / "site.toml").write_text(TOML + test)

    def times() -> dict[Path, int]:
        made = [*(site / "output").rglob("*.html"), *(site / ".openletter/sites").rglob("*.html")]
        return {file: file.stat().st_mtime_ns for file in made}

    def publish_both() -> None:
        for name in ("live", "test"):
            assert run(site, name).exit_code == 0

    publish_both()
    before = times()
    assert len(before) > 10
    publish_both()
    assert times() == before
    (site / "content/posts/2026-01-02-a.md").write_text(plain_post("Changed"))
    publish_both()
    for name, url in (("live", "https://letters.example.org"), ("test", "https://test.letters.example")):
        page = (site / name / "2026/01/a/index.html").read_text()
        assert f"{url}/2026/01/a/" in page
        assert "Changed" in page
    assert run(site, "live", "--url", "https://elsewhere.example/").exit_code == 0
    assert "elsewhere" in (site / "output/index.html").read_text()
