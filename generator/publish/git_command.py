"""Run git: with an index of its own, without a prompt that nobody sees, and without a secret in a message."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from generator.publish.target import refused

_SECRET = re.compile(r"(?<=://)[^/@\s]+@")
_OURS = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY")
"""Variables that a hook sets, in which publishing may run: they would lead to its repository and index."""


class GitError(Exception):
    """Git refused; the message is what it said, without secrets."""


class Git:
    """The git of one repository: the site's own, or one that is made for publishing if the site has none."""

    def __init__(self, root: Path, index: Path) -> None:
        self._root = root
        self._env = {name: value for name, value in os.environ.items() if name not in _OURS}
        self._env |= {"GIT_INDEX_FILE": str(index), "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
        if not sys.stdin.isatty():
            self._env["GIT_TERMINAL_PROMPT"] = "0"
        self._where: tuple[str, ...] = ()

    def find_repository(self) -> None:
        """Use the repository of the site, whose configuration has the credentials; or make one in its state."""
        self._where = ("-C", str(self._root))
        try:
            self.run("rev-parse", "--git-dir")
        except GitError:
            own = self._root / ".openletter/publish.git"
            own.parent.mkdir(exist_ok=True)
            self._where = (f"--git-dir={own}",)
            self.run("init", "--quiet", "--bare")

    def run(self, *args: str, data: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
        """Run a git command. Raises: GitError with what it said; PublishError if there is no git."""
        command = ["git", *self._where, "-c", "core.hooksPath=/dev/null", *args]
        try:
            done = subprocess.run(  # noqa: S603
                command, input=data, env={**self._env, **(env or {})}, capture_output=True, check=False
            )
        except FileNotFoundError:
            raise refused("publish-missing", "Git is not installed.", "Install it from https://git-scm.com") from None
        if done.returncode:
            raise GitError(without_secrets(done.stderr.decode(errors="replace")))
        return done.stdout

    def line(self, *args: str, data: bytes = b"", env: Mapping[str, str] | None = None) -> str:
        """Run a git command that prints one line."""
        return self.run(*args, data=data, env=env).decode(errors="replace").strip()

    def setting(self, name: str) -> str:
        """Return a setting of git; "" if there is none."""
        try:
            return self.line("config", name)
        except GitError:
            return ""

    def variable(self, name: str) -> str:
        """Return an environment variable of the commands."""
        return self._env.get(name, "")


def without_secrets(text: str) -> str:
    """Remove user names and passwords from the addresses in a text."""
    return _SECRET.sub("", " ".join(text.split()))
