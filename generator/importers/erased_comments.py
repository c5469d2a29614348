"""Erase a comment for good: its words, name and date go, and its id stays so that no import brings it back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any

from generator.content.comments import parse_comments
from generator.content.site_files import Role, scan_content
from generator.errors import ConfigError, error
from generator.store.atomic import replace_file
from generator.text.quoting import quote


@dataclass(frozen=True, slots=True)
class ErasedComment:
    """The site-relative path of the file that had the comment; `replies` is the number of comments that answer it."""

    path: str
    replies: int


def erase_comment(root: Path, id_: str, within: str = "") -> ErasedComment:
    """Erase the comment with an id; `within` names its file if several have that id.

    Raises: ConfigError if there is no such comment, or more than one; OSError.
    """
    files = [item for item in scan_content(root).found if item.role is Role.COMMENTS]
    found = []
    for item in files:
        if within and within not in (item.path, item.owner):
            continue
        text = (root / item.real).read_text("utf-8", errors="surrogateescape")
        at = _find(item.path, text, id_)
        if at is not None:
            found.append((item, text, at))
    if not found:
        hint = "The id is in the comment's address: #comment-ID, and in the .comments.yaml file beside the post."
        raise ConfigError(error(within or "content", "option", f'There is no comment with the id "{id_}".', hint))
    if len(found) > 1:
        names = ", ".join(item.path for item, _, _ in found)
        hint = "Add --post with the path of one."
        raise ConfigError(error("content", "option", f'Several posts have a comment "{id_}": {names}.', hint))
    item, text, (start, end) = found[0]
    replies = sum(each.parent == id_ for each in parse_comments(item.path, text.encode("utf-8", "replace"), UTC)[0])
    lines = text.splitlines(keepends=True)
    indent = lines[start][: len(lines[start]) - len(lines[start].lstrip())]
    lines[start:end] = [f"{indent}- id: {quote(id_)}\n", f"{indent}  erased: true\n"]
    replace_file(root / item.real, "".join(lines).encode("utf-8", "surrogateescape"))
    return ErasedComment(item.path, replies)


def _find(path: str, text: str, id_: str) -> tuple[int, int] | None:
    """Return the lines of a comment: the first, and that behind the last; each must begin on a line of its own."""
    import yaml

    try:
        tree: Any = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    items = tree.value if isinstance(tree, yaml.SequenceNode) else []
    comments, _ = parse_comments(path, text.encode("utf-8", "replace"), UTC)
    made = [each.id for each in comments] if len(comments) == len(items) else []
    for number, item in enumerate(items):
        values = {key.value: value.value for key, value in item.value} if isinstance(item, yaml.MappingNode) else {}
        if values.get("erased"):
            continue
        name = str(values.get("id", "")).replace(" ", "-") or (made[number] if made else "")
        if name == id_:
            last = number + 1 == len(items)
            end = len(text.splitlines()) if last else items[number + 1].start_mark.line
            start = item.start_mark.line
            return (start, end) if end > start else None
    return None
