"""The workflow that checks, builds and publishes a site: for a new one, and for one that is there already."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

from msgspec import Struct

from generator import __version__
from generator.config import load_config
from generator.config.targets.folder import FolderOptions
from generator.config.targets.options import TargetConfig
from generator.errors import ConfigError, Problem, error
from generator.scaffold.new_files import write_new_files
from generator.scaffold.templates import fill_template
from generator.store.atomic import replace_file

CiService = Literal["github", "gitlab", "forgejo"]
WORKFLOWS: dict[CiService, str] = {
    "github": ".github/workflows/publish.yml",
    "gitlab": ".gitlab-ci.yml",
    "forgejo": ".forgejo/workflows/publish.yml",
}
TARGET = "pages"
"""The target of the site to which every workflow publishes."""
_TARGETS: dict[CiService, str] = {
    "github": "publish-folder.toml",
    "gitlab": "publish-folder.toml",
    "forgejo": "publish-branch.toml",
}


class AddedWorkflow(Struct, frozen=True):
    """The workflow's file, whether it was written, and the lines that site.toml lacks for it ("" for none)."""

    path: str
    written: bool
    settings: str


def workflow_text(service: CiService) -> str:
    """Write a workflow that installs this version of Openletter, with its corrections."""
    return fill_template(f"{service}.yml", version=".".join(__version__.split(".")[:2]))


def target_settings(service: CiService) -> str:
    """Write the lines of site.toml for the target of a workflow, after an empty one."""
    return fill_template(_TARGETS[service])


def add_workflow(folder: Path, service: CiService, *, force: bool = False) -> AddedWorkflow:
    """Add a workflow to a site that is there already, and change nothing else.

    Raises: ConfigError if site.toml has a mistake, or if the file exists and differs, unless `force` replaces it.
    """
    config, _ = load_config(folder)
    path, data = WORKFLOWS[service], workflow_text(service).encode()
    file = folder / path
    before = file.read_bytes() if file.is_file() else None
    if before is None:
        if problems := list_conflicts(folder, [path]):
            raise ConfigError(problems)
        write_new_files(folder, {path: data.decode()})
    elif before.replace(b"\r\n", b"\n") != data:
        if not force:
            message = "This workflow exists and is another one. Nothing was written."
            raise ConfigError(
                error(path, "in-the-way", message, "Compare it with your changes. Add --force to replace it.")
            )
        replace_file(file, data)
    else:
        data = before  # Git may have changed the ends of its lines
    lacks = not _fits(config.publish.targets.get(TARGET), service)
    return AddedWorkflow(path, before != data, target_settings(service).strip() if lacks else "")


def list_conflicts(folder: Path, paths: list[str]) -> list[Problem]:
    """List the files that are in the way of new ones, and those that are where a folder must be."""
    if os.path.lexists(folder) and not folder.is_dir():
        return [conflict(folder.as_posix())]
    found = []
    for path in paths:
        places = [Path(path), *Path(path).parents][:-1]
        taken = [place for place in places[1:] if os.path.lexists(folder / place) and not (folder / place).is_dir()]
        if os.path.lexists(folder / path):
            taken.append(Path(path))
        found += [conflict(place.as_posix()) for place in taken]
    return sorted(set(found))


def conflict(path: str) -> Problem:
    """Make the problem of a file that is in the way."""
    return error(
        path, "in-the-way", "This file already exists. Nothing was written.", "Move it, or choose another folder."
    )


def _fits(target: TargetConfig | None, service: CiService) -> bool:
    """Return whether the workflow finds there what it takes: GitHub and GitLab get the folder `public`."""
    if target is None:
        return False
    return service == "forgejo" or target.options == FolderOptions("public")
