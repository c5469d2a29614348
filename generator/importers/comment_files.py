"""Write the comments of a post beside it; a later import only adds what is new.

A comment that the user deleted or erased stays away: the manifest has the ids of all that were imported, and an erased
comment leaves its id in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC
from functools import cache
from pathlib import Path
from typing import Any

from generator.content.comments import RawComment, parse_comments
from generator.importers.file_writer import PlannedFile
from generator.importers.manifest import ImportManifest
from generator.importers.spool import Spool

_ID = re.compile(r"^(?:-|[ ]) *id: *[\"']?([^\"'\n]+?)[\"']? *$", re.MULTILINE)


class CommentFiles:
    """The files of comments of an import: `ids` maps each path to the ids that it has had; `count` counts comments."""

    def __init__(self, root: Path, manifest: ImportManifest) -> None:
        self._root = root
        self._before = manifest.comments
        self.ids: dict[str, str] = {}
        self.count = 0

    def plan(self, post: str, comments: Sequence[RawComment], spool: Spool) -> PlannedFile | None:
        """Plan the file of the comments of the post at a path, None if there are none. Raises: OSError."""
        if not comments:
            return None
        path = comments_path(post)
        file = self._root / path
        there = file.read_text("utf-8", errors="replace") if file.is_file() else ""
        known = {*self._before.get(path, "").split(), *_ids_in(path, there)}
        new = [each for each in comments if each.id not in known]
        self.count += len(comments)
        self.ids[path] = " ".join(sorted(known | {each.id for each in comments}))
        if not there:
            return PlannedFile(path, spooled=spool.put_text(format_comments(comments)))
        text = f"{there.rstrip()}\n{format_comments(new)}" if new else there
        return PlannedFile(path, spooled=spool.put_text(text), merged=bool(new))


def comments_path(path: str) -> str:
    """Return the path of the comments of a post: `name.comments.yaml`, or `comments.yaml` in its folder."""
    return (
        f"{path.removesuffix('index.md')}comments.yaml" if path.endswith("/index.md") else f"{path[:-3]}.comments.yaml"
    )


def format_comments(comments: Iterable[RawComment]) -> str:
    """Format comments as YAML, oldest first."""
    import yaml

    values = [_values(each) for each in sorted(comments, key=lambda each: (each.date, each.id))]
    text: str = yaml.dump(values, Dumper=_dumper(), allow_unicode=True, sort_keys=False, width=10_000) if values else ""
    return text


def _values(comment: RawComment) -> dict[str, Any]:
    values: dict[str, Any] = {"id": comment.id, "author": comment.author}
    values["date"] = comment.date if comment.date.tzinfo else comment.date.replace(tzinfo=UTC)
    values |= {"parent": comment.parent} if comment.parent else {}
    values |= {"url": comment.url} if comment.url else {}
    values |= {"hidden": True} if comment.hidden else {}
    return values | {"body": comment.body}


def _ids_in(path: str, text: str) -> set[str]:
    """List the ids in a file, those of erased comments too."""
    if not text:
        return set()
    found, _ = parse_comments(path, text.encode(), UTC)
    return {each.id for each in found} | set(_ID.findall(text))


@cache
def _dumper() -> Any:
    """Make our YAML dumper class, which writes texts of several lines as people do."""
    import yaml

    class CommentsDumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    def write(dumper: Any, text: str) -> Any:
        style = "|" if "\n" in text and not re.search(r"[ \t](?:\n|$)|^\s", text) else None
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)

    CommentsDumper.add_representer(str, write)
    return CommentsDumper
