"""A theme's static files: each name contains the digest of the file's final bytes, also in style sheets' references."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePosixPath
from urllib.parse import quote, unquote

from generator.digest import digest_bytes
from generator.errors import Problem, ProblemCollector, error, warning
from generator.theming.layers import StaticFile, ThemeLayer
from generator.theming.theme_files import list_theme_files

FOLDER = "assets"
DIGITS = 8
MAX_DEPTH = 50
# Match comments and texts too, so that references inside them are skipped.
_REFERENCE = re.compile(
    rb"""/\*.*?(?:\*/|\Z)
    | @import\s+(?P<q1>["'])(?P<imported>[^"'\\\n]+)(?P=q1)
    | url\(\s*(?P<q2>["']?)(?P<url>[^"'()\\\s]+)(?P=q2)\s*\)
    | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'""",
    re.X | re.S | re.I,
)
_ELSEWHERE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|/|\#|\?)", re.I)


CleanFile = Callable[[str, Path, bytes], tuple[Path, bytes, Sequence[Problem]]]
"""Prepares a file for publication: (label, file, its bytes) → the file and bytes to publish, and problems."""


def as_it_is(_label: str, file: Path, data: bytes) -> tuple[Path, bytes, Sequence[Problem]]:
    """Publish a file unchanged."""
    return file, data, ()


def read_static(
    layers: Iterable[ThemeLayer],
    problems: ProblemCollector,
    *,
    plain_names: bool = False,
    clean: CleanFile = as_it_is,
) -> dict[str, StaticFile]:
    """Read the static files of a chain, the child first: path below static/ → file, sorted by path."""
    files: dict[str, tuple[str, str]] = {}
    for layer in layers:
        for path, file in list_theme_files(layer, "static", problems):
            files.setdefault(path, (file, f"{layer.label}static/{path}"))
    return _Namer(files, problems, clean, plain_names=plain_names).name_all()


def name_by_digest(path: str, digest: str) -> str:
    """Add a digest's first digits to a file's name: `a/style.css` → `assets/a/style.3f2a9c1d.css`."""
    stem, suffix = posixpath.splitext(path)
    return f"{FOLDER}/{stem}.{digest[:DIGITS]}{suffix}"


class _Namer:
    """Names files in the order of their references: the files that a style sheet refers to come before it."""

    def __init__(
        self, files: dict[str, tuple[str, str]], problems: ProblemCollector, clean: CleanFile, *, plain_names: bool
    ) -> None:
        self._files = files
        self._clean = clean
        self._plain_names = plain_names
        self._problems = problems
        self._named: dict[str, StaticFile] = {}
        self._open: list[str] = []

    def name_all(self) -> dict[str, StaticFile]:
        for path in self._files:
            if path not in self._named:
                self._name(path)
        return dict(sorted(self._named.items()))

    def _name(self, path: str) -> None:
        name, label = self._files[path]
        file = Path(name)
        try:
            file, data, told = self._clean(label, file, file.read_bytes())
            original = data
            self._problems.add(*told)
        except OSError as failure:
            self._problems.add(error(label, "theme-unreadable", f"The file cannot be read: {failure.strerror}."))
            return
        if path.lower().endswith(".css"):
            self._open.append(path)
            data = _REFERENCE.sub(lambda match: self._rewrite(path, data, match), data)
            self._open.pop()
        digest = digest_bytes(data)
        rewritten = None if data == original else data
        output = f"{FOLDER}/{path}" if self._plain_names else name_by_digest(path, digest)
        self._named[path] = StaticFile(path, file, digest, output, rewritten)

    def _rewrite(self, path: str, data: bytes, match: re.Match[bytes]) -> bytes:
        group = "url" if match["url"] else "imported"
        written = (match[group] or b"").decode("utf-8", "replace")
        if not written or _ELSEWHERE.match(written):
            return match[0]
        bare = re.split(r"[?#]", written, maxsplit=1)[0]
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(bare)))
        if target not in self._files:
            message = f'The theme has no static file "{written}".'
            line = data.count(b"\n", 0, match.start()) + 1
            self._problems.add(warning(self._files[path][1], "theme-reference", message, line=line))
            return match[0]
        if target in self._open or len(self._open) > MAX_DEPTH:
            message = f'The style sheets import each other in a circle, through "{written}".'
            line = data.count(b"\n", 0, match.start()) + 1
            self._problems.add(error(self._files[path][1], "theme-circle", message, line=line))
            return match[0]
        if target not in self._named:
            self._name(target)
        renamed = quote(PurePosixPath(self._named[target].output_path).name) if target in self._named else ""
        folder = bare.rpartition("/")[0] + "/" if "/" in bare else ""
        final = (folder + renamed + written[len(bare) :]).encode()
        start, end = match.start(group) - match.start(), match.end(group) - match.start()
        return match[0][:start] + final + match[0][end:]
