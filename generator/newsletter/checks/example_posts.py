"""Check that the example post of a new site is not sent to readers."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import Level, Problem
from generator.newsletter.issue import RenderedIssue

_WORDS = ("This is the first post. Change it, or delete it", "Every post is a text file like this one, in the folder")
"""Words of the post that `init` writes, in its summary and in its text."""


def find_example_posts(rendered: RenderedIssue) -> Iterator[Problem]:
    """Warn of a post of the issue that still has words of the example."""
    for post in rendered.posts:
        lines = rendered.read_source(post.path).split("\n")
        line = next((n for n, line in enumerate(lines, 1) if any(words in line for words in _WORDS)), 0)
        if line:
            message = "This is still the example that came with the site, and this issue has it."
            hint = "Write your own text, or remove the post from the issue."
            yield Problem(post.path, line, 1, Level.WARNING, "example-text", message, hint)
