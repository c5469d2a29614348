"""Runners for the workflows of a site: they do what a service does with the file, here and without a network."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import yaml

from tests.guards import HANG_S

ROOT = Path(__file__).parents[2]
_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
_PROGRAM = f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m generator "$@"\n'
PAGES_URL = "https://nerys.example/letters"
SECRET = "hunter2-and-more"  # noqa: S105 - what no log may show


@dataclass
class Forge:
    """A service that keeps repositories and runs workflows: everything it keeps is in `home`.

    `live` is the published site, `artifacts` is what the last run uploaded, `alerts` are the findings that it lists
    under its code scanning, and `requests` are the calls of GitHub's own program `gh`.
    """

    home: Path
    runs: count[int] = field(default_factory=lambda: count(1))
    cache: dict[str, Path] = field(default_factory=dict)
    artifacts: dict[str, Path] = field(default_factory=dict)
    alerts: list[str] = field(default_factory=list)
    log: str = ""

    def __post_init__(self) -> None:
        self.remote.mkdir(parents=True)
        self.git(self.home, "init", "--quiet", "--bare", "--initial-branch=main", str(self.remote))
        self.git(self.home, "clone", "--quiet", str(self.remote), str(self.checkout))

    @property
    def remote(self) -> Path:
        """Return the bare repository."""
        return self.home / "remote.git"

    @property
    def checkout(self) -> Path:
        """Return the author's own copy, which runs never touch."""
        return self.home / "author"

    @property
    def live(self) -> Path:
        """Return the folder that readers get."""
        return self.home / "live"

    @property
    def requests(self) -> list[str]:
        """Return the calls of `gh`, one a line, with the token."""
        file = self.home / "requests"
        return file.read_text("utf-8").splitlines() if file.exists() else []

    def git(self, folder: Path, *words: str) -> str:
        """Run Git without the settings of this computer."""
        who = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "Nerys"), ("EMAIL", "n@letters.example"))
        }
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.home), "GIT_CONFIG_NOSYSTEM": "1", **who}
        done = subprocess.run(["git", *words], cwd=folder, env=environment, check=True, capture_output=True, text=True)
        return done.stdout

    def deploy_branch(self, branch: str) -> None:
        """Show readers what is in a branch, as Forgejo's and GitHub's Pages do."""
        shutil.rmtree(self.live, ignore_errors=True)
        self.git(self.home, "clone", "--quiet", "--branch", branch, str(self.remote), str(self.live))

    def push(self, message: str = "Write") -> None:
        """Commit everything in the author's copy, and push it."""
        self.git(self.checkout, "add", "--all")
        self.git(self.checkout, "commit", "--quiet", "--message", message)
        self.git(self.checkout, "push", "--quiet", "origin", "HEAD:main")

    def workspace(self) -> Path:
        """Return the folder of a new run, empty: with a folder for programs beside it."""
        folder = self.home / f"run-{next(self.runs)}"
        (folder / "bin").mkdir(parents=True)
        gh = folder / "bin/gh"
        gh.write_text(f'#!/bin/sh\necho "$GH_TOKEN $*" >> "{self.home}/requests"\n')
        gh.chmod(0o755)
        return folder

    def run(self, folder: Path, script: str, environment: dict[str, str], shell: tuple[str, ...]) -> None:
        """Run one step's script in a workspace; a `pip install` of Openletter gives it the command.

        Raises: subprocess.CalledProcessError.
        """
        if "apt-get" in script:
            return
        if "pip" in script and " install " in script:
            assert "openletter" in script or "." in script
            program = folder / "bin/openletter"
            program.write_text(_PROGRAM)
            program.chmod(0o755)
            return
        done = subprocess.run(
            [*shell, script],
            cwd=folder / "site",
            env={"PATH": f"{folder}/bin:/usr/bin:/bin", "HOME": str(folder), "CI": "true", **environment},
            timeout=HANG_S,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.log += done.stdout
        if done.returncode:
            raise subprocess.CalledProcessError(done.returncode, script, done.stdout)

    def restore(self, folder: Path, paths: list[str], prefix: str) -> None:
        """Copy the newest cache whose key begins like this into a workspace: with other inodes, as a service does."""
        kept = self.cache.get(prefix)
        for path in paths:
            if kept is not None and (kept / path).exists():
                shutil.copytree(kept / path, folder / "site" / path, dirs_exist_ok=True)

    def keep(self, folder: Path, paths: list[str], prefix: str) -> None:
        """Keep a cache after a run that succeeded."""
        kept = self.cache[prefix] = folder / "cache"
        for path in paths:
            if (folder / "site" / path).exists():
                shutil.copytree(folder / "site" / path, kept / path)


@dataclass
class ActionsRunner:
    """Runs a workflow of GitHub or Forgejo for an event, job after job. `facts` are true of the event."""

    forge: Forge
    event: str
    facts: dict[str, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)

    def run(self, name: str) -> list[str]:
        """Run all jobs; returns the names of those that ran. Raises: subprocess.CalledProcessError, the first one.

        After a job has failed, only those run that always do.
        """
        workflow = yaml.safe_load((self.forge.checkout / name).read_text("utf-8"))
        assert self.event in workflow[True], "yaml reads `on` as true"
        self.forge.artifacts.clear()
        self.values = {"github.event_name": self.event, "github.ref": "refs/heads/main", "github.token": SECRET}
        self.values |= self.facts
        ran, failure = [], None
        for job_name, job in workflow["jobs"].items():
            if self.holds(job.get("if"), failed=failure is not None):
                ran.append(job_name)
                try:
                    self.job(job)
                except subprocess.CalledProcessError as fault:
                    failure = failure or fault
        if failure:
            raise failure
        return ran

    def job(self, job: dict[str, Any]) -> None:
        """Run the steps in order; after a failure only those that always run."""
        folder = self.forge.workspace()
        failure: subprocess.CalledProcessError | None = None
        caches: list[tuple[list[str], str]] = []
        variables: dict[str, str] = {}
        for step in job["steps"]:
            if not self.holds(step.get("if"), failed=failure is not None):
                continue
            given = {key: self.filled(str(value)) for key, value in step.get("with", {}).items()}
            if "uses" in step:
                self.use(step, given, folder, caches)
                continue
            try:
                self.script(step, job, folder, variables)
            except subprocess.CalledProcessError as fault:
                failure = failure or fault
        if failure:
            raise failure
        for paths, prefix in caches:
            if self.event != "pull_request":  # what a pull request keeps is for itself alone
                self.forge.keep(folder, paths, prefix)

    def use(
        self, step: dict[str, Any], given: dict[str, str], folder: Path, caches: list[tuple[list[str], str]]
    ) -> None:
        """Do here what an action does there."""
        forge, site = self.forge, folder / "site"
        match step["uses"].partition("@")[0].rpartition("/")[2]:
            case "checkout":
                assert given.get("persist-credentials") == "False" or "token" in given
                forge.git(folder, "clone", "--quiet", str(forge.remote), str(site))
            case "setup-python":
                assert tuple(map(int, given["python-version"].split("."))) >= (3, 11)
            case "cache":
                caches.append((given["path"].split(), given["restore-keys"]))
                forge.restore(folder, given["path"].split(), given["restore-keys"])
            case "configure-pages":
                self.values[f"steps.{step['id']}.outputs.base_url"] = PAGES_URL
            case other:
                self.pass_on(other, given, site)

    def pass_on(self, action: str, given: dict[str, str], site: Path) -> None:
        """Take files from a run, or give them to one."""
        forge = self.forge
        match action:
            case "upload-artifact":
                if (site / given["path"]).exists() or given.get("if-no-files-found") != "ignore":
                    forge.artifacts[given["name"]] = site / given["path"]
            case "download-artifact":
                shutil.copy(forge.artifacts[given["name"]], site)
            case "upload-sarif":
                [scan] = json.loads((site / given["sarif_file"]).read_text("utf-8"))["runs"]
                forge.alerts = [each["ruleId"] for each in scan["results"]]
            case "upload-pages-artifact":
                assert given["include-hidden-files"] == "True"
                forge.artifacts["github-pages"] = site / given["path"]
            case "deploy-pages":
                shutil.rmtree(forge.live, ignore_errors=True)
                shutil.copytree(forge.artifacts["github-pages"], forge.live)
            case _:
                raise AssertionError(f"no runner here knows the action {action}")

    def script(self, step: dict[str, Any], job: dict[str, Any], folder: Path, variables: dict[str, str]) -> None:
        (folder / "site").mkdir(exist_ok=True)
        settings = {**job.get("env", {}), **step.get("env", {})}
        environment = {
            "GITHUB_ACTIONS": "true",
            "GITHUB_EVENT_NAME": self.event,
            "GITHUB_REPOSITORY": "Nerys/letters.test",
            "GITHUB_REPOSITORY_OWNER": "Nerys",
            "GITHUB_SERVER_URL": "https://forge.example",
            "GITHUB_ENV": str(folder / "env"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            **variables,
            **{name: self.filled(value) for name, value in settings.items()},
        }
        shell = ("bash", "--noprofile", "--norc", "-e", "-c")
        self.forge.run(folder, self.filled(step["run"]), environment, shell)
        if (folder / "env").exists():
            lines = (folder / "env").read_text("utf-8").splitlines()
            variables.update(dict(line.split("=", 1) for line in lines))

    def holds(self, condition: str | None, *, failed: bool = False) -> bool:
        """Judge a condition of comparisons joined by &&; without `always()` it does not hold after a failure."""
        parts = condition.split(" && ") if condition else []
        if failed and "always()" not in parts:
            return False
        return all(self.compare(part) for part in parts if part != "always()")

    def compare(self, comparison: str) -> bool:
        left, operator, right = comparison.split()
        assert operator in ("==", "!=")
        return (self.values.get(left, "") == right.strip("'")) is (operator == "==")

    def filled(self, text: str) -> str:
        """Replace the expressions by their values, "" for unknown ones as GitHub does."""
        return _EXPRESSION.sub(lambda match: self.values.get(match[1], ""), text)


@dataclass
class GitlabRunner:
    """Runs the jobs of GitLab's file for an event: the script's lines in one shell, until the first that fails."""

    forge: Forge
    event: str

    def run(self, name: str = ".gitlab-ci.yml") -> list[str]:
        """Run the jobs whose rules hold; returns their names. Raises: subprocess.CalledProcessError."""
        settings = yaml.safe_load((self.forge.checkout / name).read_text("utf-8"))
        self.forge.artifacts.clear()
        rule = {
            "push": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH",
            "schedule": "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH",
            "merge_request_event": '$CI_PIPELINE_SOURCE == "merge_request_event"',
        }[self.event]
        jobs = {name: job for name, job in settings.items() if isinstance(job, dict) and "script" in job}
        ran = [name for name, job in jobs.items() if {"if": rule} in job["rules"]]
        for job_name in ran:
            self.job(job_name, jobs[job_name], settings)
        return ran

    def job(self, name: str, job: dict[str, Any], settings: dict[str, Any]) -> None:
        forge, folder = self.forge, self.forge.workspace()
        forge.git(folder, "clone", "--quiet", str(forge.remote), str(folder / "site"))
        paths = [path for path in settings["cache"]["paths"] if path != ".cache/pip"]
        forge.restore(folder, paths, settings["cache"]["key"])
        environment = {
            "GITLAB_CI": "true",
            "CI_PAGES_URL": PAGES_URL,
            "CI_PROJECT_ROOT_NAMESPACE": "nerys",
            "CI_PAGES_DOMAIN": "pages.example",
            "CI_PROJECT_PATH": "nerys/desk/letters",
            "CI_JOB_ID": "7",
        }
        lines = [line for line in job["script"] if "pip install" not in line]
        assert len(lines) == len(job["script"]) - 1
        forge.run(folder, "pip install openletter", {}, ())
        try:
            forge.run(folder, "\n".join(lines), environment, ("bash", "-eo", "pipefail", "-c"))
            if self.event != "merge_request_event":
                forge.keep(folder, paths, settings["cache"]["key"])
        finally:
            for path in job.get("artifacts", {}).get("exclude", []):
                shutil.rmtree(folder / "site" / path.removesuffix("/**/*"), ignore_errors=True)
            for path in job.get("artifacts", {}).get("paths", []):
                forge.artifacts[path.rstrip("/")] = folder / "site" / path
            for kind, path in job.get("artifacts", {}).get("reports", {}).items():
                forge.artifacts[kind] = folder / "site" / path
        if name == "pages":
            shutil.rmtree(forge.live, ignore_errors=True)
            shutil.copytree(forge.artifacts["public"], forge.live)
