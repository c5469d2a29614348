"""Office, OpenDocument, EPUB and zip files: remove the document information, and clean the photos inside."""

from __future__ import annotations

import posixpath
import re
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from msgspec import Struct, field

from generator.media import office_xml
from generator.media.packages import has_notes, open_package, read_member, write_package

MAX_XML_BYTES = 20_000_000
MAX_SCANNED_BYTES = 200_000_000
MAX_DEPTH = 3
_CLEANED_NAMES = re.compile(r"^(?:docProps/.*\.xml|docMetadata/.*\.xml|meta\.xml|package/services/metadata/.*)$", re.I)
_WITH_PATHS = re.compile(r"^(?:word/settings\.xml|xl/workbook\.xml|settings\.xml)$", re.I)
_WITH_PEOPLE = re.compile(
    r"(?:^content|^word/(?:document|comments\w*|people|footnotes|header\d*|footer\d*)|^xl/(?:.*comments?\d*|persons/.*)"
    r"|^ppt/(?:commentAuthors|authors|comments/.*))\.xml$",
    re.I,
)
_LIST_OF_PROPERTIES = b"schemas.microsoft.com/office/2006/metadata/properties"
_PRINTER_NAME_BYTES = 64
_SIGNATURES = (
    "_xmlsignatures/",
    "META-INF/documentsignatures.xml",
    "META-INF/signatures.xml",
    "META-INF/macrosignatures.xml",
)

CleanMember = Callable[[str, Path, Path, int], tuple[bool, tuple[str, ...]]]
"""Clean a member: (name, its file, where to write, depth) → whether that was written, and what is left."""


class _Package(Struct):
    """A package while it is cleaned: its changes, and the metadata that cannot be removed."""

    files: zipfile.ZipFile
    folder: Path
    depth: int
    clean_member: CleanMember
    changed: dict[str, bytes | Path | None] = field(default_factory=dict)
    left: dict[str, None] = field(default_factory=dict)


def rewrite(source: Path, target: Path, clean_member: CleanMember, depth: int = 0) -> tuple[bool, tuple[str, ...]]:
    """Write a package without its document information; returns whether anything was removed, and what is left.

    A plain zip file and a signed document are never rewritten, so the metadata of their members is left.

    Raises: UnreadableMediaError; OSError.
    """
    if depth >= MAX_DEPTH:
        return False, ("content packed in several layers",)
    with open_package(source) as files, tempfile.TemporaryDirectory(dir=target.parent) as folder:
        package = _Package(files, Path(folder), depth, clean_member)
        names = {member.filename for member in files.infolist()}
        is_office = "[Content_Types].xml" in names
        is_known = is_office or "mimetype" in names
        if is_known:
            _empty_descriptions(package, names, is_office=is_office)
        _look_through(package, is_known=is_known)
        if any(name.startswith(_SIGNATURES) for name in names):
            return False, ("the document information of a signed document, such as its author",)
        if not is_known:
            held = sorted(name for name in package.changed)
            return False, (*package.left, *([f"metadata in {_listed(held)}"] if held else []))
        written = bool(package.changed) or has_notes(files)
        if written:
            write_package(files, target, package.changed)
        return written, tuple(package.left)


def _empty_descriptions(package: _Package, names: set[str], *, is_office: bool) -> None:
    describing = {name for name in names if _CLEANED_NAMES.match(name)}
    gone = {name for name in names if name.lower().startswith(("thumbnails/", "docprops/thumbnail"))}
    for name in sorted(names):
        if is_office and name.endswith(".rels"):
            data = read_member(package.files, name, MAX_XML_BYTES)
            new, dropped, described = office_xml.without_relations(data)
            _change(package, name, data, new)
            base = posixpath.dirname(posixpath.dirname(name))
            gone |= {posixpath.normpath(posixpath.join(base, target)) for target in dropped} & names
            if name == "_rels/.rels":
                describing |= {posixpath.normpath(target) for target in described} & names
    for name in sorted(describing - gone):
        if name.endswith(".rels"):
            continue
        data = read_member(package.files, name, MAX_XML_BYTES)
        _change(package, name, data, office_xml.emptied(data) if data.strip() else data)
    for name in sorted(names):
        if _WITH_PATHS.match(name):
            data = read_member(package.files, name, MAX_XML_BYTES)
            _change(package, name, data, office_xml.without_paths(data))
    package.changed.update(dict.fromkeys(gone))
    for name in ("[Content_Types].xml", "META-INF/manifest.xml"):
        if gone and name in names:
            data = read_member(package.files, name, MAX_XML_BYTES)
            _change(package, name, data, office_xml.without_entries(data, gone))


def _look_through(package: _Package, *, is_known: bool) -> None:
    """Clean the photos, films and documents inside; note metadata about people that cannot be removed."""
    for member in package.files.infolist():
        name = member.filename
        if member.is_dir() or name in package.changed:
            continue
        if is_known and name.lower().endswith((".xml", ".rels")):
            _look_at_xml(package, name)
        elif is_known and "printersettings" in name.lower():
            data = read_member(package.files, name, MAX_XML_BYTES)
            _change(package, name, data, bytes(min(_PRINTER_NAME_BYTES, len(data))) + data[_PRINTER_NAME_BYTES:])
        elif is_known and PurePosixPath(name).name.lower() == "vbaproject.bin":
            package.left["macros"] = None
        elif member.file_size:
            _clean_inside(package, member)


def _look_at_xml(package: _Package, name: str) -> None:
    data = read_member(package.files, name, MAX_SCANNED_BYTES)
    if name.startswith("customXml/") and _LIST_OF_PROPERTIES in data[:4096] and "/_rels/" not in name:
        _change(package, name, data, office_xml.emptied(data))
    if _WITH_PEOPLE.search(name) and office_xml.names_people(data):
        package.left["the names of people who commented or changed something"] = None
    if office_xml.names_own_files(data):
        package.left["addresses of files on the author's computer"] = None


def _clean_inside(package: _Package, member: zipfile.ZipInfo) -> None:
    """Clean one member like a separate file."""
    number = len(package.changed)
    old, new = package.folder / f"{number}.old", package.folder / f"{number}.new"
    with package.files.open(member) as stream, old.open("wb") as copy:
        while block := stream.read(1 << 20):
            copy.write(block)
    written, left = package.clean_member(member.filename, old, new, package.depth + 1)
    if written:
        package.changed[member.filename] = new
    package.left.update({f"{what} in {member.filename}": None for what in left})
    old.unlink()


def _change(package: _Package, name: str, old: bytes, new: bytes) -> None:
    if new != old:
        package.changed[name] = new


def _listed(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
