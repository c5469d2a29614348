"""The workflows, run as a runner would: the steps with their expressions, conditions and environment."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.scaffold.new_site import create_site
from tests.factories import post, write_files
from tests.guards import HANG_S

ROOT = Path(__file__).parents[2]
OURS = ROOT / ".github/workflows/pages.yml"
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
BASE_URL = "https://nerys.github.io/letters"


@dataclass
class Runner:
    """Runs a workflow's jobs in `folder` for an event; `used` are the actions met, with what they were given."""

    folder: Path
    event: str
    outputs: dict[str, str] = field(default_factory=dict)
    used: dict[str, dict[str, Any]] = field(default_factory=dict)

    def run(self, workflow: dict[str, Any]) -> list[str]:
        """Run all jobs in order, but no step that installs from the network; returns the names of those that ran."""
        ran = []
        for name, job in workflow["jobs"].items():
            if self.holds(job.get("if")):
                ran.append(name)
                for step in job["steps"]:
                    if self.holds(step.get("if")):
                        self.step(step)
        return ran

    def holds(self, condition: str | None) -> bool:
        if condition is None:
            return True
        left, operator, right = condition.split()
        assert operator in ("==", "!=")
        return (self.value(left) == right.strip("'")) is (operator == "==")

    def value(self, name: str) -> str:
        return {"github.event_name": self.event, **self.outputs}.get(name, "")

    def step(self, step: dict[str, Any]) -> None:
        if "uses" in step:
            action = step["uses"].partition("@")[0]
            self.used[action] = step.get("with", {})
            if action == "actions/configure-pages":
                self.outputs[f"steps.{step['id']}.outputs.base_url"] = BASE_URL
        elif "pip install" not in step["run"]:
            subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", self.filled(step["run"])],
                cwd=self.folder,
                env=self.environment(step.get("env", {})),
                timeout=HANG_S,
                check=True,
                stdin=subprocess.DEVNULL,
                capture_output=True,
            )

    def filled(self, text: str) -> str:
        return _EXPRESSION.sub(lambda match: self.value(match[1]), text)

    def environment(self, own: dict[str, str]) -> dict[str, str]:
        commands = self.folder.parent / "bin"
        return {
            "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self.folder.parent),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": self.event,
            "GITHUB_REPOSITORY": "Nerys/letters.test",
            "GITHUB_REPOSITORY_OWNER": "Nerys",
            **{name: self.filled(value) for name, value in own.items()},
        }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give the folder of a checkout, with the command beside it."""
    (tmp_path / "bin").mkdir()
    command = tmp_path / "bin/openletter"
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m generator "$@"\n')
    command.chmod(0o755)
    return tmp_path / "checkout"


def prepare(folder: Path, which: str) -> dict[str, Any]:
    """Write the site with its workflow and give the workflow: a new site's, or ours with our own site."""
    if which == "init":
        create_site(folder, ci="github")
        file = folder / ".github/workflows/publish.yml"
    else:
        for name in ("content", "themes"):
            shutil.copytree(ROOT / name, folder / name)
        shutil.copy(ROOT / "site.toml", folder)
        file = OURS
    write_files(folder, {"content/static/.well-known/security.txt": "Contact: mailto:desk@letters.example\n"})
    workflow: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    return workflow


@pytest.mark.slow
@pytest.mark.parametrize("which", ["init", "ours"])
@pytest.mark.parametrize("event", ["push", "pull_request", "schedule"])
def test_a_runner_builds_for_the_address_of_pages(folder: Path, which: str, event: str) -> None:
    workflow = prepare(folder, which)
    runner = Runner(folder, event)
    published = event != "pull_request"
    assert runner.run(workflow) == (["build", "publish"] if published else ["build"])
    assert set(runner.used) == {"actions/checkout", "actions/setup-python"} | (
        {"actions/configure-pages", "actions/upload-pages-artifact", "actions/deploy-pages"} if published else set()
    )
    address = f"{BASE_URL}/about/" if published else "https://nerys.github.io/letters.test/about/"
    assert address in (folder / "output/about/index.html").read_text("utf-8")
    assert (folder / "output/.well-known/security.txt").is_file()
    if published:
        upload = runner.used["actions/upload-pages-artifact"]
        assert (upload["path"], upload["include-hidden-files"]) == ("output", True)


@pytest.mark.parametrize(
    "mistake",
    [
        {"content/posts/2026-01-01-x.md": post("X", "[y](nowhere.md)")},
        {"content/posts/2199-01-01-x.md": post("X", "[y](nowhere.md)")},
        {"content/posts/2026-01-01-x.md": post("X", date="12/31")},
        {"content/pages/about.md": post("About", draft=True)},
        {"content/posts/2026-01-01-x.md": post("X", tagz="a")},
    ],
)
def test_a_mistake_stops_the_run_before_anything_is_published(folder: Path, mistake: dict[str, str]) -> None:
    workflow = prepare(folder, "init")
    if "content/pages/about.md" in mistake:
        shutil.rmtree(folder / "content/posts")
    write_files(folder, mistake)
    runner = Runner(folder, "push")
    with pytest.raises(subprocess.CalledProcessError) as caught:
        runner.run(workflow)
    assert caught.value.returncode == 1
    assert "actions/upload-pages-artifact" not in runner.used


@pytest.mark.parametrize("which", ["init", "ours"])
def test_a_pull_request_neither_waits_for_a_publication_nor_cuts_one_off(folder: Path, which: str) -> None:
    workflow = prepare(folder, which)
    assert "pull_request" in {str(key): value for key, value in workflow.items()}["True"], "yaml reads `on` as true"
    groups = workflow["concurrency"]
    assert "github.ref" in groups["group"]
    assert groups["cancel-in-progress"] == "${{ github.event_name == 'pull_request' }}"


def test_gitlab_s_jobs_build_for_the_address_of_pages(folder: Path) -> None:
    create_site(folder, ci="gitlab")
    jobs = yaml.safe_load((folder / ".gitlab-ci.yml").read_text("utf-8"))
    environment = {**Runner(folder, "push").environment({}), "CI_PAGES_URL": "https://nerys.gitlab.io/letters"}
    for name, output in (("pages", "public"), ("check", "output")):
        for line in jobs[name]["script"]:
            if "pip install" not in line:
                done = subprocess.run(
                    ["bash", "-ec", line], cwd=folder, env=environment, timeout=HANG_S, check=False, capture_output=True
                )
                assert done.returncode == 0, done.stderr
        assert "https://nerys.gitlab.io/letters/about/" in (folder / output / "about/index.html").read_text("utf-8")
    assert jobs["check"]["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "merge_request_event"'}]
    assert "artifacts" not in jobs["check"]
