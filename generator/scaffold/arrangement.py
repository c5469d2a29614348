"""The arrangement of an issue, to start the next one with: which blocks it has, and where each comes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import Any

from generator.blocks import NAMES
from generator.errors import ConfigError, error
from generator.model import Document, Kind, Meta


def find_like(documents: Iterable[Document], name: str) -> Meta:
    """Find the issue that a new one is to be like, by its slug, its path or the name of its file.

    Raises: ConfigError if no issue or several have that name.
    """
    issues = [document for document in documents if document.meta.kind is Kind.ISSUE]
    found = [issue for issue in issues if name in _names(issue)]
    if len(found) == 1:
        return found[0].meta
    newest = sorted(issues, key=lambda issue: (str(issue.meta.date), issue.path), reverse=True)[:5]
    known = ", ".join(issue.meta.slug for issue in newest) or "none yet"
    what = "matches more than one newsletter issue" if found else "is not a newsletter issue"
    raise ConfigError(error("", "no-issue", f'"{name}" {what}.', f"Available: {known}."))


def copy_arrangement(meta: Meta) -> dict[str, Any]:
    """Return the front matter of an issue arranged like another one: the same blocks, empty.

    The question with its answers, and the file of figures, stay: they are the same every time.
    """
    kept: dict[str, Any] = {"sections": list(meta.sections), "order": list(meta.order)}
    blocks = meta.blocks
    for name in NAMES if blocks else ():
        if blocks is not None and blocks.has(name) and name not in ("ask", "figures", "tip"):
            kept[name] = []
    if blocks is not None and blocks.figure_table is not None:
        kept["figures"] = blocks.figure_table.file
    if blocks is not None and blocks.ask is not None:
        ask = blocks.ask
        kept["ask"] = {"question": ask.question, "answers": list(ask.answers), "url": ask.url}
    if blocks is not None and not blocks.events:
        kept["dates"] = False
    return {name: value for name, value in kept.items() if value not in ([], None) or name in NAMES}


def _names(issue: Document) -> set[str]:
    file = PurePosixPath(issue.path)
    return {issue.meta.slug, issue.path, file.name, file.stem}
