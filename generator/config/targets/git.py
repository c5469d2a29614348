"""`git`: a branch of a Git repository, such as that of GitHub Pages or GitLab Pages."""

from __future__ import annotations

from typing import Self

from msgspec.structs import replace

from generator.config.targets.options import TargetOptions, folder_prefix, required, without_secret
from generator.patterns import lazy_pattern
from generator.text.mapping_reader import RefusedError
from generator.text.typed_rules import Settings

_FORBIDDEN = lazy_pattern(r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|//|@\{|/\.|^[./-]|[./]$|\.lock(?:/|$)")


class GitOptions(TargetOptions, frozen=True):
    """The options of `git`."""

    repository: str
    """The repository: the name of a remote such as `origin`, an address, or a path."""
    branch: str = "gh-pages"
    """The branch that the host publishes."""
    folder: str = ""
    """The folder in that branch; "" for its top."""
    history: bool = True
    """Whether the branch keeps a commit for each publication, instead of one commit alone."""

    @property
    def place(self) -> str:
        """Return the branch and its repository."""
        return f"branch {self.branch} of {self.repository}"

    def without_history(self) -> Self:
        """Return the options that leave one commit alone in the branch."""
        return replace(self, history=False)


def read(table: Settings) -> GitOptions:
    """Read the options of `git`."""
    return GitOptions(
        repository=required(table, "repository", "origin", _repository),
        branch=table.text("branch", "gh-pages", _branch) or "gh-pages",
        folder=table.text("folder", "", folder_prefix),
        history=table.flag("history", default=True),
    )


def _repository(text: str) -> str:
    """Check a repository: git would read one that begins with a hyphen as an option, `ext::` runs a command."""
    if text.startswith(("-", "ext::", "fd::")):
        raise RefusedError("config-value", f'"{text}" is not a repository.', 'Write it as "origin" or as an address.')
    return without_secret(text)


def _branch(text: str) -> str:
    """Check the name of a branch. Source: git-check-ref-format(1)."""
    if _FORBIDDEN.search(text) or text == "@":
        raise RefusedError("config-value", f'"{text}" cannot be the name of a branch.', 'Write it as "gh-pages".')
    return text
