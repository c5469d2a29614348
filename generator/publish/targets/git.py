"""Publish to a branch of Git: all changes are one commit, and appear at once.

A temporary index collects the changes, so neither the working tree nor the site's own index is touched. The push
succeeds only if the branch is still as it was read: that is the lock.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar
from urllib.parse import urlsplit

from generator.config import load_config
from generator.config.targets.git import GitOptions
from generator.publish.git_command import Git, GitError
from generator.publish.target import Lease, Sent, Upload, refused, unreachable
from generator.publish.targets.folder import HeldBySystem

P = ParamSpec("P")
T = TypeVar("T")
_REF = "refs/openletter/publish"
"""The published branch as last seen, so that only news are fetched. `git branch` does not show it."""
_FILE = "100644"
_NONE = "0" * 40


class GitTarget:
    """A branch of a repository, or a folder in it."""

    keeps_headers = False
    keeps_redirects = False

    def __init__(self, options: GitOptions, root: Path) -> None:
        self._options = options
        self._root = root
        self._work = Path(tempfile.mkdtemp(prefix="openletter-"))
        self._git = Git(root, self._work / "index")
        self._base: str | None = None
        self._prefix = f"{options.folder}/" if options.folder else ""

    async def read(self, path: str) -> bytes | None:
        """Return the bytes of a file, as staged."""
        return await self._run(self._read, path)

    async def list_paths(self) -> Sequence[str]:
        """List the files of the branch, below the folder."""
        return await self._run(lambda: list(self._entries()))

    async def send(self, uploads: Sequence[Upload], sent: Sent) -> None:
        """Stage files."""
        await self._run(self._send, uploads, sent)

    async def copy(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Stage copies: a second name for the same object."""
        await self._run(self._copy, pairs)

    async def delete(self, paths: Sequence[str]) -> None:
        """Stage deletions."""
        await self._run(self._stage, ((path, "") for path in paths))

    async def swap(self, path: str, before: bytes | None, after: bytes) -> bool:
        """Stage a small file; the push compares the whole branch."""
        return await self._run(self._swap, path, before, after)

    async def commit(self, message: str) -> None:
        """Commit what is staged, and push it if the branch is still as it was read."""
        await self._run(self._commit, message)

    @asynccontextmanager
    async def lock(self, holder: str) -> AsyncIterator[Lease]:
        """Do nothing: `commit` is refused if somebody was faster."""
        yield HeldBySystem()

    async def close(self) -> None:
        """Delete the temporary index."""
        await asyncio.to_thread(shutil.rmtree, self._work, ignore_errors=True)

    async def _run(self, act: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a function of git in a thread, after the branch is there. Raises: PublishError."""

        def run() -> T:
            try:
                if self._base is None:
                    self._base = self._fetch()
                return act(*args, **kwargs)
            except (GitError, OSError) as reason:
                raise unreachable(self._options.place, reason) from reason

        return await asyncio.to_thread(run)

    def _fetch(self) -> str:
        """Fetch the branch into the temporary index; returns its commit, "" if there is none."""
        self._git.find_repository()
        branch, local = f"refs/heads/{self._options.branch}", f"{_REF}/{self._options.branch}"
        found = self._git.line("ls-remote", "--", self._repository(), branch)
        if not found:
            self._git.run("read-tree", "--empty")
            return ""
        fetch = ("fetch", "--quiet", "--no-tags", "--no-write-fetch-head")
        self._git.run(*fetch, "--", self._repository(), f"+{branch}:{local}")
        base = self._git.line("rev-parse", local)
        self._git.run("read-tree", base)
        return base

    def _repository(self) -> str:
        """Return the name of a remote or an address; a relative path starts at the site's folder."""
        name = self._options.repository
        if name in self._git.line("remote").split() or "://" in name or ":" in name.partition("/")[0]:
            return name
        folder = (self._root / Path(name).expanduser()).resolve()
        if not folder.exists() and "/" not in name:
            message = f'The site\'s repository has no remote "{name}".'
            raise refused("target-refused", message, f"Run: git remote add {name} ADDRESS")
        return str(folder)

    def _entries(self) -> dict[str, str]:
        """List the staged files: path below the folder → object."""
        entries = {}
        for line in self._git.run("ls-files", "-s", "-z").decode(errors="surrogateescape").split("\0"):
            facts, _, path = line.partition("\t")
            if path.startswith(self._prefix) and facts:
                entries[path.removeprefix(self._prefix)] = facts.split()[1]
        return entries

    def _stage(self, files: Iterable[tuple[str, str]]) -> None:
        """Stage (path, object); the object "" deletes."""
        lines = (f"{_FILE if name else 0} {name or _NONE}\t{self._prefix}{path}\0" for path, name in files)
        data = "".join(lines).encode(errors="surrogateescape")
        if data:
            self._git.run("update-index", "-z", "--replace", "--index-info", data=data)

    def _read(self, path: str) -> bytes | None:
        try:
            return self._git.run("cat-file", "blob", f":{self._prefix}{path}")
        except GitError:
            return None

    def _send(self, uploads: Sequence[Upload], sent: Sent) -> None:
        files = [upload for upload in uploads if isinstance(upload.source, Path) and "\n" not in upload.path]
        for upload in files:
            upload.read()
        listed = "".join(f"{Path(str(upload.source)).resolve()}\n" for upload in files)
        names = self._git.line("hash-object", "-w", "--no-filters", "--stdin-paths", data=listed.encode()).split()
        staged = {upload.path: name for upload, name in zip(files, names, strict=True)}
        for upload in uploads:
            if upload.path not in staged:
                staged[upload.path] = self._write(upload.read())
        self._stage(staged.items())
        for path in staged:
            sent(path)

    def _write(self, data: bytes) -> str:
        return self._git.line("hash-object", "-w", "--stdin", data=data)

    def _copy(self, pairs: Sequence[tuple[str, str]]) -> None:
        entries = self._entries() if pairs else {}
        self._stage((to, entries[source]) for source, to in pairs if source in entries)

    def _swap(self, path: str, before: bytes | None, after: bytes) -> bool:
        if self._read(path) != before:
            return False
        self._stage([(path, self._write(after))])
        return True

    def _commit(self, message: str) -> None:
        base, branch = self._base or "", f"refs/heads/{self._options.branch}"
        tree = self._git.line("write-tree")
        if base and self._options.history and tree == self._git.line("rev-parse", f"{base}^{{tree}}"):
            return
        parent = ("-p", base) if base and self._options.history else ()
        commit = self._git.line("commit-tree", tree, *parent, "-m", message, env=self._identity())
        push = ("push", "--quiet", "--no-verify", f"--force-with-lease={branch}:{base}")
        try:
            self._git.run(*push, "--", self._repository(), f"{commit}:{branch}")
        except GitError as reason:
            if "stale info" in str(reason) or "fetch first" in str(reason):
                message = f"Somebody else has published to {self._options.place} meanwhile."
                raise refused("target-busy", message, "Publish again.") from reason
            raise
        self._git.run("update-ref", f"{_REF}/{self._options.branch}", commit)
        self._base = commit

    def _identity(self) -> dict[str, str]:
        """Choose who makes the commit: Git's own identity, else the site with an address that takes no mail."""
        known = self._git.setting("user.email") or self._git.variable("GIT_COMMITTER_EMAIL")
        if known or self._git.variable("EMAIL"):
            return {}
        config, _ = load_config(self._root)
        mail = f"no-reply@{urlsplit(config.url).hostname}"
        who = {"NAME": config.title, "EMAIL": mail}
        return {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in who.items()}


def open_target(options: GitOptions, root: Path) -> GitTarget:
    """Open a branch; it is fetched when it is first read."""
    return GitTarget(options, root)
