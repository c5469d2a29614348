"""`init --ci` in the folder of a site that is there already."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from generator.cli import cli
from generator.config import load_config
from generator.errors import ConfigError
from generator.scaffold.new_site import create_site
from generator.scaffold.workflow import WORKFLOWS, CiService, add_workflow

SERVICES = [pytest.param(service, path, id=service) for service, path in WORKFLOWS.items()]


def snapshot(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


def run(*args: str) -> Result:
    return CliRunner().invoke(cli, ["init", *args])


@pytest.fixture
def site(tmp_path: Path) -> Path:
    create_site(tmp_path / "site", url="https://letters.example/")
    return tmp_path / "site"


@pytest.mark.parametrize(("service", "path"), SERVICES)
def test_a_site_gets_the_workflow_of_a_new_site_and_nothing_else(
    service: CiService, path: str, site: Path, tmp_path: Path
) -> None:
    before = snapshot(site)
    create_site(tmp_path / "new", ci=service)
    added = add_workflow(site, service)
    workflow = (tmp_path / "new" / path).read_bytes()
    assert (added.path, added.written) == (path, True)
    assert snapshot(site) == before | {path: workflow}

    settings = site / "site.toml"
    assert "[publish.pages]" in added.settings
    settings.write_text(f"{settings.read_text()}\n{added.settings}\n")
    again = add_workflow(site, service)
    assert (again.written, again.settings) == (False, "")
    assert load_config(site)[0].publish == load_config(tmp_path / "new")[0].publish


@pytest.mark.parametrize(("service", "path"), SERVICES)
def test_a_workflow_that_differs_stays_unless_it_may_be_replaced(service: CiService, path: str, site: Path) -> None:
    add_workflow(site, service)
    own = (site / path).read_bytes()
    (site / path).write_bytes(own.replace(b"\n", b"\r\n"))
    assert not add_workflow(site, service).written
    (site / path).write_bytes(own + b"# mine\n")
    before = snapshot(site)
    with pytest.raises(ConfigError) as caught:
        add_workflow(site, service)
    [problem] = caught.value.problems
    assert (problem.path, problem.code, "--force" in problem.hint) == (path, "in-the-way", True)
    assert snapshot(site) == before
    assert add_workflow(site, service, force=True).written
    assert snapshot(site) == before | {path: own}


def _break_settings(site: Path) -> None:
    (site / "site.toml").write_text("title =")


def _fill_the_folder_s_place(site: Path) -> None:
    (site / ".github").write_text("a file")


def _link_to_nothing(site: Path) -> None:
    (site / ".github/workflows").mkdir(parents=True)
    (site / ".github/workflows/publish.yml").symlink_to(site / "nowhere")


def _make_a_folder_of_it(site: Path) -> None:
    (site / ".github/workflows/publish.yml").mkdir(parents=True)


@pytest.mark.parametrize("spoil", [_break_settings, _fill_the_folder_s_place, _link_to_nothing, _make_a_folder_of_it])
def test_what_is_in_the_way_is_named_and_nothing_is_written(spoil: Callable[[Path], None], site: Path) -> None:
    spoil(site)
    before = snapshot(site)
    for force in ("--json", "--force"):
        assert run(str(site), "--ci", "github", force).exit_code == 2
    assert snapshot(site) == before


@pytest.mark.parametrize("option", ["--title", "--url", "--language", "--timezone"])
def test_settings_of_a_new_site_are_refused_for_one_that_has_its_own(option: str, site: Path) -> None:
    done = run(str(site), "--ci", "github", option, "https://www.example.org/")
    assert (done.exit_code, f"{option} is for a new site" in done.output) == (2, True)
    assert not (site / ".github").exists()


@pytest.mark.parametrize("folder", ["content", "content/posts", "content/posts/..", "lists", ".github"])
def test_a_folder_of_a_site_gets_no_site_of_its_own(folder: str, site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (site / folder).mkdir(parents=True, exist_ok=True)
    monkeypatch.chdir(site / folder)
    before = snapshot(site)
    done = run(".", "--ci", "github")
    assert (done.exit_code, f'openletter init "{site.resolve()}" --ci github' in done.output) == (2, True)
    assert snapshot(site) == before
    assert run(str(site), "--ci", "GitHub").exit_code == 0
    assert set(snapshot(site)) - set(before) == {WORKFLOWS["github"]}


def test_a_new_folder_in_a_site_may_be_a_site(site: Path) -> None:
    assert run(str(site / "second"), "--ci", "GITLAB").exit_code == 0
    assert (site / "second" / WORKFLOWS["gitlab"]).is_file()


def test_the_command_says_what_it_did_and_what_is_left(site: Path) -> None:
    toml = site / "site.toml"
    toml.write_text(toml.read_text() + '[publish.pages]\ntype = "folder"\npath = "/var/www"\n')
    (site.parent / ".git").mkdir()
    (site.parent / ".git/HEAD").write_text("ref: refs/heads/main")
    done = run(str(site), "--ci", "github").output
    assert f"Wrote {site / '.github/workflows/publish.yml'}" in done
    assert f"The repository begins at {site.parent}" in done
    assert '  path = "public"' in done, "the workflow takes the site from there"
    toml.write_text(toml.read_text().replace("/var/www", "public"))
    assert run(str(site), "--ci", "github").output.splitlines() == [
        f"Nothing to change: {site / '.github/workflows/publish.yml'}"
    ]
    facts = json.loads(run(str(site), "--ci", "github", "--json").output)
    assert facts == {"folder": str(site), "files": [], "settings": ""}


def test_without_a_folder_the_command_shows_how_to_name_it(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site.parent)
    assert "openletter init my-letter\n" in run().output
    assert "openletter init my-letter --ci gitlab\n" in run("--ci", "gitlab").output
    monkeypatch.chdir(site)
    before, done = snapshot(site), run("--ci", "github")
    assert (done.exit_code, "openletter init . --ci github\n" in done.output) == (2, True)
    assert snapshot(site) == before
