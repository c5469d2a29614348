"""What a place must be able to do so that a site can be published there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from generator.digest import digest_bytes
from generator.errors import PublishError, error

Sent = Callable[[str], None]
"""Called with a path as soon as its file is complete at the target."""


class Upload(Struct, frozen=True):
    """A file to send. `path` is that of the output, such as `tags/index.html`; `source` a file or its bytes.

    `digest` is that of `generator.digest`. The other values are the headers that a store keeps with the file:
    `redirect` is the address that a page leads to, for places with `keeps_redirects`; "" for none.
    """

    path: str
    source: Path | bytes
    digest: str
    content_type: str = "application/octet-stream"
    cache_control: str = ""
    content_encoding: str = ""
    redirect: str = ""

    def read(self) -> bytes:
        """Return the bytes. Raises: PublishError if they are not those that were planned."""
        if isinstance(self.source, bytes):
            return self.source
        try:
            data = self.source.read_bytes()
        except OSError:
            data = b""
        if digest_bytes(data) != self.digest:
            message = f"{self.path} in the output has changed since the plan was made: another build is running."
            raise refused("publish-changed", message, "Publish again when it has ended.")
        return data


class Lease(Protocol):
    """A lock that is held."""

    def check(self) -> None:
        """Raise PublishError if the lock may be another publisher's by now."""


class PublishTarget(Protocol):
    """A place where a site is published. Paths are those of the output, with forward slashes.

    A reader of the place meets a file's old bytes or its new ones, never a part. Every method raises PublishError, made
    with `refused`, if the place cannot be reached or refuses; OSError is turned into one by the caller. No message has
    a password in it. Methods may be called again after a failure: each can be repeated without harm. A path that is a
    folder there counts as a file that is not there.

    A place where all changes appear at once, such as a branch of Git, collects them until `commit`; `read` sees them.
    """

    keeps_headers: bool
    """Whether the place keeps the headers of an `Upload`, so that a file is sent again if only they change."""

    keeps_redirects: bool
    """Whether the place leads its readers on by itself, from a file with a `redirect`. A copy of it does not."""

    async def read(self, path: str) -> bytes | None:
        """Return the bytes of a small file; None if it is not there."""

    async def list_paths(self) -> Sequence[str]:
        """List the files of the place, ours and others. Asked only if there is no manifest."""

    async def send(self, uploads: Sequence[Upload], sent: Sent) -> None:
        """Send files of one stage, in any order and in parallel; all are complete when it returns."""

    async def copy(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Copy files within the place without loading them, each as (from, to); skip a missing one. Headers stay."""

    async def delete(self, paths: Sequence[str]) -> None:
        """Delete files, and folders that become empty; one that is gone already is fine."""

    async def swap(self, path: str, before: bytes | None, after: bytes) -> bool:
        """Write a small file if its bytes are still `before` (None: if it is not there); return whether it was done.

        As atomic as the place allows: two publishers must not both succeed.
        """

    async def commit(self, message: str) -> None:
        """Make everything visible, where that does not happen with each file. Called after each whole step."""

    def lock(self, holder: str) -> AbstractAsyncContextManager[Lease]:
        """Keep other publishers away. `holder` is shown to them.

        The lock ends with its process, however that ends: it is the system's own, or `lease.hold_lease(self, holder)`.
        """

    async def close(self) -> None:
        """Close connections; delete temporary files. May be called twice."""


def refused(code: str, message: str, hint: str = "") -> PublishError:
    """Make the error of a target."""
    return PublishError(error("", code, message, hint))


def unreachable(place: str, reason: object) -> PublishError:
    """Make the error of a target that does not answer; `reason` must not have a password in it."""
    words = " ".join(str(reason).split())[:300].rstrip(".")
    message = f"The target {place} cannot be used: {words}."
    return refused("target-unreachable", message, "Fix the cause, then publish again: it goes on where it stopped.")
