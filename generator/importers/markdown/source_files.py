"""Find what may be a post: every Markdown and HTML file of the source, with its bundle and its language.

Links that lead out of the source are not followed, nor any link to a folder. What generators keep for themselves
(layouts, themes, what they built) is passed over.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from generator.content.names import ignored, unusable, visible
from generator.errors import Problem, error
from generator.importers.files import SOURCES
from generator.importers.import_model import Note, Origin, Topic
from generator.importers.markdown.source_rules import SourceRules

_NEVER = frozenset((
    "_site", "_layouts", "_includes", "_sass", "_data", "_plugins", "_archetypes", "node_modules", "bower_components",
    "__pycache__", "venv", ".venv",
))  # fmt: skip
_OF_A_PROJECT = frozenset((
    "archetypes", "assets", "data", "i18n", "layouts", "output", "public", "resources", "sass", "static", "templates",
    "theme", "themes", "vendor",
))  # fmt: skip
_ABOUT = re.compile(r"(?i)(readme|contributing|changelog|license|licence|code[_-]of[_-]conduct|security|404)\.\w+")
_LANGUAGE_SUFFIX = re.compile(r"(.+)\.([a-z]{2,3}(?:-[A-Za-z]{2,4})?)")
_OTHER_TEXTS = (
    ".rst", ".rest", ".org", ".adoc", ".asciidoc", ".asc", ".textile", ".mdx", ".rmd", ".qmd", ".ipynb", ".creole",
    ".mediawiki", ".njk", ".liquid", ".haml", ".slim", ".pug", ".typ",
)  # fmt: skip
_INDEX = re.compile(r"(?i)_?index\.(?:[a-z-]+\.)?(?:md|markdown|mdown|mkdn|mkd|html?)$")
_MAX_DEPTH = 64


@dataclass(frozen=True, slots=True)
class FoundSources:
    """The sources of one folder, in order of their paths, and what was said on the way."""

    origins: tuple[Origin, ...]
    notes: tuple[Note, ...]
    problems: tuple[Problem, ...]


def find_sources(
    source: Path,
    *,
    project: bool,
    languages: Sequence[str] = (),
    avoid: Path | None = None,
    leaves: bool = False,
    place: str = "",
    rules: SourceRules | None = None,
) -> FoundSources:
    """List the sources below a folder, or the one file. Nothing is opened.

    `project`: the folder is that of a whole project, so that folders of its generator's are passed over.
    `languages` are those the project's settings name; `avoid` is a folder left out: the site that is imported into.
    `leaves`: an index is always a bundle's, as with Hugo and Zola, and other texts in its folder are no pages.
    `place` is the folder's path in its project, `rules` are what its generator reads of that.
    """
    rules = rules or SourceRules()
    if source.is_file():
        name = unicodedata.normalize("NFC", source.name)
        if why := rules.why_skipped(place + name, folder=False):
            return FoundSources((), (Note(Topic.FILE, why, name),), ())
        origin = Origin(name, name, source.parent, source, group=name.rpartition(".")[0], place=place + name)
        return FoundSources((origin,), (), ())
    walk = _Walk(source, project, avoid, leaves, place, rules)
    walk.folder(source, "", 0)
    return FoundSources(tuple(_with_languages(walk.origins(), languages)), tuple(walk.notes), tuple(walk.problems))


class _Walk:
    """One walk over a folder: all its files by folder, each path as on the disk."""

    def __init__(
        self, root: Path, project: bool, avoid: Path | None, leaves: bool, place: str, rules: SourceRules
    ) -> None:
        self.root = root
        self.label = unicodedata.normalize("NFC", root.resolve().name)
        self.real = os.path.realpath(root)
        self.project = project
        self.leaves = leaves
        self.place = place
        self.rules = rules
        self.avoid = os.path.realpath(avoid) if avoid else None
        self.files: dict[str, list[str]] = defaultdict(list)
        self.below: dict[str, list[str]] = defaultdict(list)
        self._above: set[str] | None = None
        self.notes: list[Note] = []
        self.problems: list[Problem] = []

    def folder(self, place: Path, rel: str, depth: int) -> None:
        """Take in a folder and those below it, in order of names."""
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError as reason:
            what = f"The folder cannot be read: {reason.strerror}."
            self.problems.append(error(self._shown(rel), "unreadable", what, "Check its permissions."))
            return
        for entry in entries:
            path = f"{rel}/{entry.name}".lstrip("/")
            if ignored(entry.name) or not self._usable(entry.name, path):
                continue
            is_folder = entry.is_dir(follow_symlinks=False)
            if is_folder and self._passed_over(entry, rel, depth):
                continue
            if self._skipped(entry.name, path, is_folder=is_folder):
                continue
            if entry.is_symlink():
                self._link(entry, path, rel)
            elif is_folder:
                self.below[rel].append(entry.name)
                self.folder(place / entry.name, path, depth + 1)
            elif entry.is_file(follow_symlinks=False):
                self.files[rel].append(entry.name)

    def _skipped(self, name: str, path: str, *, is_folder: bool) -> bool:
        """Return True for what the generator does not read; a note names each folder and text."""
        text = name.lower().endswith(SOURCES)
        if not is_folder and not text:
            return False
        why = self.rules.why_skipped(self.place + path, folder=is_folder)
        if why and not (text and _ABOUT.fullmatch(name)):
            self.notes.append(Note(Topic.FILE, why, self._shown(path)))
            return True
        return False

    def _usable(self, name: str, path: str) -> bool:
        why = unusable(name)
        if why is not None:
            self.problems.append(error(visible(self._shown(path)), "file-name", f"It is left out. {why}", "Rename it."))
        return why is None

    def _link(self, entry: os.DirEntry[str], path: str, rel: str) -> None:
        """Follow a link to a file within the source, and no other."""
        target = os.path.realpath(entry.path)
        if target.startswith(self.real + os.sep) and Path(target).is_file():
            self.files[rel].append(entry.name)
        else:
            words = "A link that leads out of the folder, or to a folder, was not followed."
            self.notes.append(Note(Topic.FILE, words, self._shown(path)))

    def _passed_over(self, entry: os.DirEntry[str], rel: str, depth: int) -> bool:
        name = entry.name
        if depth >= _MAX_DEPTH or (self.avoid and os.path.realpath(entry.path) == self.avoid):
            return True
        path = f"{self.place}{rel}/{name}" if rel else self.place + name
        if self.rules.leads_to_content(path):
            return False
        return name in _NEVER or (self.project and not rel and name in _OF_A_PROJECT)

    def _shown(self, rel: str) -> str:
        return unicodedata.normalize("NFC", f"{self.label}/{rel}")

    def origins(self) -> list[Origin]:
        """Make an origin of each source; a folder with an index and no other source is a bundle."""
        bundles = {rel: index for rel in self.files if rel and (index := self._bundle_index(rel))}
        found: list[Origin] = []
        for rel, names in sorted(self.files.items()):
            owner = next((above for above in _with_parents(rel) if above in bundles), None)
            for name in names:
                if owner is None or (owner == rel and name in bundles[rel]):
                    self._add(found, rel, name, bundle=owner == rel)
                elif name.lower().endswith(SOURCES):
                    words = "A text in the folder of another post: it was no page of its own."
                    self.notes.append(Note(Topic.FILE, words, self._shown(f"{rel}/{name}")))
        return found

    def _add(self, found: list[Origin], rel: str, name: str, *, bundle: bool) -> None:
        path = f"{rel}/{name}".lstrip("/")
        if not name.lower().endswith(SOURCES):
            if name.lower().endswith(_OTHER_TEXTS) and not bundle:
                words = "Only Markdown and HTML are read. Turn it into Markdown, with pandoc for example."
                self.notes.append(Note(Topic.FILE, words, self._shown(path)))
            return
        if _ABOUT.fullmatch(name) and not bundle:
            self.notes.append(Note(Topic.FILE, "A file about the project, not a post.", self._shown(path)))
            return
        key = unicodedata.normalize("NFC", path)
        files = self._beside(rel) if bundle else ()
        section = not bundle and (name.startswith("_index.") or _stem(name) == "index")
        place = unicodedata.normalize("NFC", self.place + path)
        group = _group(self._content_path(key))
        file = self.root / path
        found.append(Origin(self._shown(path), key, self.root, file, files, "", group, section, place=place))

    def _content_path(self, rel: str) -> str:
        """Return where a path is among the content; the folder that was named for the import stays its beginning."""
        whole = self.place + rel
        found = self.rules.content_path(whole)
        return rel if found == whole else found

    def _bundle_index(self, rel: str) -> frozenset[str]:
        """Name the indexes of a bundle (several in several languages); none where other sources lie in the folder."""
        names = [name for name in self.files[rel] if name.lower().endswith(SOURCES)]
        indexes = frozenset(name for name in names if _stem(name) == "index" or _stem(name).startswith("index."))
        if self.leaves and self._content_path(rel) not in _TOPS:
            return frozenset() if rel in self._above_indexes() else indexes
        return frozenset() if len(indexes) < len(names) or rel in self._above_sources() else indexes

    def _above_indexes(self) -> set[str]:
        """Gather the folders that have an index somewhere in a folder below them: those hold bundles, and are none."""
        if self._above is None:
            with_index = [rel for rel, names in self.files.items() if any(_INDEX.match(n) for n in names)]
            self._above = {above for rel in with_index for above in _with_parents(rel.rpartition("/")[0])}
        return self._above

    def _above_sources(self) -> set[str]:
        """Gather the folders that have a source somewhere in a folder below them."""
        if self._above is None:
            with_sources = [rel for rel, names in self.files.items() if any(n.lower().endswith(SOURCES) for n in names)]
            self._above = {above for rel in with_sources for above in _with_parents(rel.rpartition("/")[0])}
        return self._above

    def _beside(self, rel: str) -> tuple[str, ...]:
        found, waiting = [], [rel]
        while waiting:
            folder = waiting.pop()
            waiting += [f"{folder}/{name}" for name in self.below[folder]]
            inner = folder[len(rel) :].strip("/")
            found += [f"{inner}/{n}".lstrip("/") for n in self.files[folder] if not n.lower().endswith(SOURCES)]
        return tuple(sorted(found))


def _with_parents(rel: str) -> Iterable[str]:
    """Give a folder and those around it, the outermost last."""
    while rel:
        yield rel
        rel = rel.rpartition("/")[0]


def _stem(name: str) -> str:
    return name.rpartition(".")[0].lower()


def _group(rel: str) -> str:
    stem = rel.rpartition(".")[0]
    return stem.removesuffix("/index").removesuffix("/_index") if "/" in stem else stem


def _with_languages(origins: list[Origin], known: Sequence[str]) -> list[Origin]:
    """Find out which sources are translations: `post.fr.md` beside `post.md`, `en/post.md` beside `fr/post.md`."""
    return _by_folder(_by_suffix(origins, known), known)


def _by_suffix(origins: list[Origin], known: Sequence[str]) -> list[Origin]:
    matches = [(origin, _LANGUAGE_SUFFIX.fullmatch(origin.rel.rpartition(".")[0])) for origin in origins]
    stems = defaultdict(int, {origin.rel.rpartition(".")[0]: 1 for origin in origins})
    for _, match in matches:
        if match and is_language(match[2]):
            stems[match[1]] += 1
    result = []
    for origin, match in matches:
        if match and is_language(match[2]) and (match[2] in known or stems[match[1]] > 1):
            origin = replace(origin, lang=match[2], group=_group(f"{match[1]}.md"))
        result.append(origin)
    return result


def _by_folder(origins: list[Origin], known: Sequence[str]) -> list[Origin]:
    """Take folders for languages where the settings say so, or where two of them share a path."""
    split = [(origin, *_language_folder(origin.group)) for origin in origins]
    shared: dict[str, set[str]] = defaultdict(set)
    for _, before, lang, after in split:
        if lang:
            shared[f"{before}/{after}"].add(lang)
    proven = {lang for langs in shared.values() if len(langs) > 1 for lang in langs} | set(known)
    result = []
    for origin, before, lang, after in split:
        if lang in proven and not origin.lang:
            origin = replace(origin, lang=lang, group=f"{before}/{after}".strip("/"))
        result.append(origin)
    return result


def _language_folder(group: str) -> tuple[str, str, str]:
    """Split `content/fr/news/a` into `content`, `fr`, `news/a`: only the first folder, or the one below `content`."""
    steps = group.split("/")
    at = 1 if steps[0] == "content" else 0
    if len(steps) > at + 1 and is_language(steps[at]):
        return "/".join(steps[:at]), steps[at], "/".join(steps[at + 1 :])
    return "", "", group


def is_language(code: str) -> bool:
    """Tell whether a language has this code (`fr`, `pt-BR`): `js` and `md` are none."""
    return code.partition("-")[0].lower() in _LANGUAGES


_ISO_639_1 = """
aa ab af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cs cu cv cy da de dv dz ee el en eo es et eu fa
ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik is it iu ja jv ka kg ki kj kk kl km kn
ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om
or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to
tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
_LANGUAGES = frozenset(_ISO_639_1.split())
"""Without Ido (`io`), which is a domain far more often."""
_TOPS = frozenset(("content", *(f"content/{name}" for name in _LANGUAGES)))
"""The folders whose index is that of the whole site."""
