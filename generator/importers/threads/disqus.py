"""Read the comments in an export of Disqus (XML)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from generator.errors import Problem, error
from generator.importers.exports.people import person_name, without_addresses
from generator.importers.exports.records import Node, RecordFile
from generator.importers.exports.store import KeptComment
from generator.importers.threads.thread_model import PageThread

_ID = "dsq:id"


class DisqusReader:
    """Reads the file that *Moderation → Export* makes."""

    name = "disqus"

    def __init__(self, file: Path) -> None:
        self._file = file
        self.problems: list[Problem] = []

    def threads(self, *, pending: bool) -> Iterable[PageThread]:
        """Yield each page with its comments that are neither deleted nor spam."""
        records = RecordFile(self._file, self._file.name, frozenset(("thread", "post")))
        pages: dict[str, tuple[str, str, str]] = {}
        comments: dict[str, list[KeptComment]] = {}
        for node in records.records():
            number = _number(node)
            if node.name == "thread":
                pages[number] = (node.get("link"), node.get("title"), node.get("id"))
            elif node.get("isDeleted") != "true" and node.get("isSpam") != "true":
                hidden = node.get("isApproved") == "false"
                if pending or not hidden:
                    page = next((_number(each) for each in node.all("thread")), "")
                    comments.setdefault(page, []).append(_comment(node, number, hidden=hidden))
        self.problems += records.problems
        if records.root != "disqus" and not self.problems:
            hint = "In Disqus, choose Moderation → Export comments."
            self.problems.append(error(self._file.name, "import-kind", "This is not an export of Disqus.", hint))
        for page, found in comments.items():
            address, title, identifier = pages.get(page, ("", "", ""))
            yield PageThread(address, title, tuple(found), identifier)


def _number(node: Node) -> str:
    return next((value for name, value in node.attributes.items() if name in (_ID, "id")), "")


def _comment(node: Node, number: str, *, hidden: bool) -> KeptComment:
    author = next(node.all("author"), None)
    private = (node.get("ipAddress"), author.get("email") if author else "")
    parent = next((_number(each) for each in node.all("parent")), "")
    return KeptComment(
        id=f"disqus-{number}",
        author=person_name((author.get("name") or author.get("username")) if author else ""),
        date=node.get("createdAt"),
        html=without_addresses(node.html("message"), *private),
        parent=f"disqus-{parent}" if parent else "",
        hidden=hidden,
    )
