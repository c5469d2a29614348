"""Fix the links and pictures of a text so that they lead to imported posts and copied files; note broken ones."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from posixpath import dirname, join, normpath, relpath
from urllib.parse import quote, unquote, urlsplit

from generator.importers.file_names import fold
from generator.importers.files import FileCopies
from generator.importers.import_model import Note, PlacedPost, Topic
from generator.importers.marks import BASE, BRACE, FINAL
from generator.importers.media import Media
from generator.importers.reader import LinkReference
from generator.importers.url_index import OldUrls, canonical
from generator.markup.code_spans import TextPiece, change_outside_code

_TARGET = re.compile(
    r"(?P<tag>\x01[\x01%][^}\x01]*+\})"
    r"|(?P<inline>\]\(\s*)(?P<to><[^<>\n]*>|[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*+)"
    r"|(?P<define>^[ ]{0,3}\[(?!\^)[^\[\]\n]+\]:[ \t]*\n?[ \t]*)(?P<at>\S+)"
    r"|(?P<attribute>\b(?:href|src|poster)\s*=\s*)(?P<value>\"[^\"<>]*\"|'[^'<>]*')",
    re.MULTILINE,
)
_OUTSIDE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#|\?|$")
_SOURCE = re.compile(r"(?i)\.(?:md|markdown|mkdn?|mdown|html?)$")
_FILE = re.compile(r"\.[A-Za-z0-9]{1,8}$")
_DIRECTIVE = ":~:"  # the rest is a text for browsers to highlight, not an id
_MAX_LINES = 300
_SAFE = "/-._~!$&'*+,;=:@%"


@dataclass(slots=True)
class LinkResolver:
    """The targets of links.

    `sources` maps a source's path (folded, also without suffix) to its post; `listings` maps the canonical old address
    of a list of posts to the new one; `files_of` maps the path of a new file to its post; `families` maps a post's id
    to its translations. `taken` are the folded addresses of what the site had before. `wanted` collects the heading ids
    that links use, by the target post's id; `to_drafts` collects the links of public posts to drafts: source, line,
    draft.
    """

    urls: OldUrls
    files: FileCopies
    parse_link: Callable[[str], LinkReference]
    base: str = ""
    host: str = ""
    sources: Mapping[str, PlacedPost] = field(default_factory=dict)
    listings: Mapping[str, str] = field(default_factory=dict)
    files_of: Mapping[str, PlacedPost] = field(default_factory=dict)
    families: Mapping[str, Sequence[PlacedPost]] = field(default_factory=dict)
    taken: frozenset[str] = frozenset()
    media: Media = field(default_factory=Media)
    wanted: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    to_drafts: list[tuple[str, int, str]] = field(default_factory=list)
    _reached: str = ""
    _lines: dict[str, dict[str, int]] = field(default_factory=dict)

    def fix_links(self, text: str, post: PlacedPost, notes: list[Note]) -> str:
        """Fix every link and picture of a text, except in code."""

        def one(match: re.Match[str], piece: TextPiece) -> str:
            if match["tag"]:
                return match[0]
            before = match["inline"] or match["define"] or match["attribute"]
            written = match["to"] or match["at"] or match["value"] or ""
            mark = written[0] if written[:1] in ("<", '"', "'") else ""
            inner = written[1:-1] if mark else written
            address = html.unescape(inner) if match["attribute"] else inner
            new = self.resolve_target(address, post)
            if new is None:
                self._note(address, post, notes)
                return match[0]
            if new.startswith(FINAL):
                self._note_draft(new, address, post)
            if new == address:
                return match[0]
            new = html.escape(new) if match["attribute"] else new
            return f"{before}{mark}{new}{'>' if mark == '<' else mark}"

        def change(piece: TextPiece) -> str:
            return _TARGET.sub(lambda match: one(match, piece), piece.text)

        return change(TextPiece(0, text, False)) if post.draft.html else change_outside_code(text, change)

    def resolve_target(self, written: str, post: PlacedPost) -> str | None:
        """Return the new target of a link: unchanged if it may stay, None if the target is unknown."""
        if file := self.media.find(written.strip(), self.host):
            return quote(self.files.take(*file), safe=_SAFE)
        return self._resolve_address(written, post)

    def _resolve_address(self, written: str, post: PlacedPost) -> str | None:
        address = self._within(written.strip())
        if written.startswith("#"):
            self.wanted[post.id].add(written[1:].partition(_DIRECTIVE)[0])
        if not address:
            return written
        if address.startswith((FINAL, BRACE)) or "{{" in address or BRACE in address:
            return written
        reference = self.parse_link(address)
        if reference.listing:
            return self.listings.get(reference.listing)
        parts = urlsplit(reference.address)
        rest = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
        path = unquote(parts.path)
        if parts.query and (other := self.urls.queries.get(f"{path or '/'}?{parts.query}")):
            return self._between(post, other) + (f"#{parts.fragment}" if parts.fragment else "")
        found = self._resolve_path(path, reference, post)
        if found is None:
            return None
        if parts.fragment and found.startswith(FINAL):
            self.wanted[self._reached].add(parts.fragment.partition(_DIRECTIVE)[0])
        return found + (rest if found else "")

    def _resolve_path(self, path: str, reference: LinkReference, post: PlacedPost) -> str | None:
        if reference.from_sources:
            other = self._source(path) or self._source(f"content{path}")
            return self._between(post, other) if other else None
        if reference.rooted or path.startswith("/"):
            return self._rooted(f"/{path}" if reference.rooted else path, post)
        return self._relative(path, post)

    def resolve_picture(self, written: str, post: PlacedPost) -> str | None:
        """Return the address of a lead picture, None if its file was not found."""
        found = self.resolve_target(written, post)
        return found.replace(FINAL, "") if found else None

    def _within(self, address: str) -> str:
        """Convert an address on the old site to its path; return "" for any other address."""
        if address.startswith(BASE):
            return "/" + address.lstrip(BASE).lstrip("/")
        if self.host and re.match(rf"https?://(?:www\.)?{re.escape(self.host)}(?=[/?#]|$)", address):
            path = address.split("/", 3)[3] if address.count("/") > 2 else ""
            address = f"/{path}"
        elif _OUTSIDE.match(address):
            return ""
        return (
            address.removeprefix(f"/{self.base}") or "/"
            if self.base and address.startswith(f"/{self.base}/")
            else address
        )

    def _rooted(self, path: str, post: PlacedPost) -> str | None:
        """Resolve an address from the old site's root; the root itself may stay, even if nothing better is known."""
        if path.strip("/") == "":
            return "/"
        other = self.urls.find(path) if not _is_file(path) else None
        if other is None and _is_file(path) and _SOURCE.search(path):
            other = self.sources.get(fold(path.strip("/")))
        if other is not None:
            return self._between(post, other)
        if found := self.files.at(path):
            return quote(found, safe=_SAFE)
        return self.listings.get(canonical(path))

    def _relative(self, path: str, post: PlacedPost) -> str | None:
        origin = post.draft.origin
        key = normpath(join(dirname(origin.rel), path))
        other = self._source(key)
        if other is not None:
            return self._between(post, other)
        beside = fold(normpath(path))
        if beside in post.files:
            return quote(post.files[beside], safe=_SAFE)
        if not key.startswith("..") and (found := self.files.beside(origin.root, key)):
            return quote(found, safe=_SAFE)
        if found := self._beside_translation(beside, post):
            return quote(found, safe=_SAFE)
        return self._from_old_address(path, post)

    def _beside_translation(self, name: str, post: PlacedPost) -> str:
        """Copy a file that only a translation of the post has in its bundle; "" if there is none."""
        for other in self.families.get(post.id, ()):
            for written, file in other.draft.origin.bundle:
                if fold(written) == name:
                    root = other.draft.origin.root
                    return self.files.beside(root, file.relative_to(root).as_posix())
        return ""

    def _source(self, path: str) -> PlacedPost | None:
        return self.sources.get(fold(path.strip("/")))

    def _from_old_address(self, path: str, post: PlacedPost) -> str | None:
        """Resolve a relative link from the post's old address, as browsers did."""
        for address in self.urls.of.get(post.id, ())[:3]:
            whole = normpath(join(address if address.endswith("/") else dirname(address), path))
            found = self._rooted(f"/{whole.lstrip('/')}", post) if not whole.startswith("/..") else None
            if found is not None:
                return found
        found = self.files.at(f"/{path}") if not path.startswith(".") else ""
        return quote(found, safe=_SAFE) if found else None

    def _between(self, post: PlacedPost, other: PlacedPost) -> str:
        """Write the link from one of our files to another, and record the target."""
        self._reached = other.id
        return FINAL + relpath(other.path, dirname(post.path))

    def _note_draft(self, link: str, written: str, post: PlacedPost) -> None:
        """Note a link of a public post whose end is a draft, by the path of its file."""
        path = normpath(join(dirname(post.path), link.removeprefix(FINAL).partition("#")[0].partition("?")[0]))
        other = self.files_of.get(path)
        if other is not None and other.draft.head.get("draft") and not post.draft.head.get("draft"):
            line = self._line(written.replace(BASE, ""), post) if not written.startswith(FINAL) else 0
            self.to_drafts.append((post.draft.origin.path, line, other.draft.origin.path))

    def _note(self, written: str, post: PlacedPost, notes: list[Note]) -> None:
        address = written.replace(BASE, "")
        path = urlsplit(address).path
        topic = Topic.MISSING_FILE if _FILE.search(path) and not _SOURCE.search(path) else Topic.LINK
        notes.append(Note(topic, f"`{address[:300]}`", post.draft.origin.path, self._line(address, post)))

    def _line(self, address: str, post: PlacedPost) -> int:
        """Find the line of a link, for the first few hundred links of a text; 0 if a tag made the link."""
        lines = self._lines.setdefault(post.id, {})
        if address not in lines and len(lines) < _MAX_LINES:
            at = post.draft.text.find(address)
            lines[address] = post.draft.body_line + post.draft.text.count("\n", 0, at) if at >= 0 else 0
        return lines.get(address, 0)


def _is_file(path: str) -> bool:
    return bool(_FILE.search(path)) and not re.search(r"(?i)\.html?$|/[0-9][\w.-]*$", path)
