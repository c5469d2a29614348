"""After the pages are written: compressed copies beside them, for servers that send those instead of compressing."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Set
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath

from generator.digest import digest_bytes
from generator.engine.compression import METHODS, Method
from generator.engine.outputs import Outputs, encode_args
from generator.model import Target
from generator.progress import Progress
from generator.store.rows import TargetRow

KIND = "compressed"
_TEXTS = (
    *(".html", ".htm", ".css", ".js", ".mjs", ".json", ".map", ".webmanifest", ".svg", ".xml", ".xsl", ".rss", ".atom"),
    *(".txt", ".md", ".csv", ".ics", ".vtt", ".geojson"),
)
_BATCH = 256  # files whose bytes are in memory together


def copies_of(path: str) -> Iterator[tuple[Method, str]]:
    """List the compressed copies that an output gets: method and path; none if it is no text."""
    if PurePosixPath(path).suffix.lower() in _TEXTS:
        for method in METHODS:
            yield method, path + method.suffix


def compress_outputs(
    outputs: Outputs, planned: Set[str], damaged: Set[str], jobs: int | None, progress: Progress
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Bring all compressed copies up to date; returns the paths of those written, and of those deleted.

    A copy that would not be smaller is left out. A file that the site has itself (`planned`) is never replaced. Threads
    share the work, because both libraries let others run while they compress.
    """
    wanted = dict(_wanted(outputs.rows, planned))
    stale = [(target, path) for target, path in wanted.items() if not _is_current(target, outputs, damaged)]
    written: list[str] = []
    unneeded: list[str] = []
    with ThreadPoolExecutor(jobs or os.cpu_count()) as pool:
        done = 0
        for start in range(0, len(stale), _BATCH):
            batch = stale[start : start + _BATCH]
            made = pool.map(lambda each: _compress(outputs, *each), batch)
            for (target, _), copy in zip(batch, made, strict=True):
                if copy is None:
                    unneeded.append(target.path)
                elif _write(target, copy, outputs, damaged=target.path in damaged):
                    written.append(target.path)
                done += 1
                progress("compress", done, len(stale))
    names = {target.path for target in wanted}
    old = {path for path, row in outputs.rows.items() if row.kind == KIND and path not in names}
    gone = sorted(old | (outputs.rows.keys() & set(unneeded)))
    outputs.delete(gone)
    return tuple(written), tuple(gone)


def _wanted(rows: Mapping[str, TargetRow], planned: Set[str]) -> Iterator[tuple[Target, str]]:
    """List each copy with the path of its original; what it is made of is in its arguments."""
    for path, row in rows.items():
        if row.kind == KIND or path not in planned or not row.digest:
            continue
        for method, copy in copies_of(path):
            if copy not in planned:
                yield Target(copy, KIND, (row.digest, method.version)), path


def _is_current(target: Target, outputs: Outputs, damaged: Set[str]) -> bool:
    row = outputs.rows.get(target.path)
    return row is not None and row.kind == KIND and row.args == encode_args(target) and target.path not in damaged


def _compress(outputs: Outputs, target: Target, original: str) -> bytes | None:
    """Compress an output; None if that does not make it smaller."""
    data = outputs.folder.file(original).read_bytes()
    method = next(each for each in METHODS if target.path.endswith(each.suffix))
    made = method.compress(data)
    return made if len(made) < len(data) else None


def _write(target: Target, made: bytes, outputs: Outputs, *, damaged: bool) -> bool:
    name = digest_bytes(made)
    written, (mtime, size, ctime, place) = outputs.put(target, made, name, damaged=damaged)
    outputs.keep([TargetRow(target.path, KIND, encode_args(target), name, mtime, size, b"", b"[]", ctime, place)])
    return written
