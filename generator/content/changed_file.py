"""A file that changes while a build uses it: the build has read, and perhaps cleaned, other bytes."""

from __future__ import annotations

from generator.errors import ContentError, error


def refuse_changed(path: str, found: str, expected: str) -> None:
    """Compare the digest of a file's bytes now with that of the bytes that this build has read.

    Raises: ContentError if they differ: bytes that nothing has checked are not published.
    """
    if found != expected:
        raise changed_file(path)


def changed_file(path: str) -> ContentError:
    """Make the error for a file that has changed during the build."""
    return ContentError(error(path, "file-changed", "The file changed during the build.", "Build again."))
