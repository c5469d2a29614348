"""Spelling of titles and texts in English, by the program `typos`: hints, never errors.

`typos` knows common mistakes instead of all words, so names and terms are no findings.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from generator.checks.english import FIELDS, english_sources
from generator.engine.tools.built_site import BuiltSite
from generator.errors import OutputError, Problem, error, note
from generator.text.quoting import quote

_TIMEOUT_S = 300
_TYPOS_FOUND = 2
"""The exit code of `typos` after it found any."""
_WITHIN = re.compile(r"[\w,;)\]’'*_-][ *_(\[\"“‘]*$")
"""What stands before a word that does not begin a sentence."""
_JOINED_BEFORE = re.compile(r"\w[*_~\[\]]+$")
_JOINED_AFTER = re.compile(r"[*_~\[\]]+\w")


def find_program() -> str | None:
    """Find `typos` beside this Python or on the PATH; None if it is not installed."""
    return shutil.which("typos", path=str(Path(sys.executable).parent)) or shutil.which("typos")


def misspellings(site: BuiltSite) -> Iterator[Problem]:
    """Find misspelt words, each at its place. Needs `typos`."""
    sources = list(english_sources(site))
    with TemporaryDirectory() as place:
        folder = Path(place)
        names = {f"{number}.txt": path for number, path in enumerate(sources)}
        for name, path in names.items():
            (folder / name).write_text(site.locate.prose(path, FIELDS), "utf-8", newline="")
        (folder / "typos.toml").write_text(_settings(_known_words(site)), "utf-8")
        texts = {path: (folder / name).read_text("utf-8").split("\n") for name, path in names.items()}
        yield from (problem for found in _run(folder) if (problem := _say(found, names, texts)))


def _run(folder: Path) -> Iterator[Mapping[str, object]]:
    program = find_program()
    assert program is not None
    command = [program, "--format", "json", "--config", "typos.toml", "--isolated", "."]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=_TIMEOUT_S, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired) as reason:
        raise _failed(str(reason)) from None
    if done.returncode not in (0, _TYPOS_FOUND):
        raise _failed(done.stderr.decode("utf-8", "replace"))
    for line in done.stdout.decode("utf-8", "replace").splitlines():
        found = json.loads(line)
        if found.get("type") == "typo":
            yield found


def _failed(reason: str) -> OutputError:
    message = f"The program typos failed, so the spelling was not checked: {' '.join(reason.split())[:300]}"
    return OutputError(error("", "extra-missing", message, "Install it again with: pip install 'openletter[prose]'"))


def _say(found: Mapping[str, object], names: Mapping[str, str], texts: Mapping[str, list[str]]) -> Problem | None:
    path = names.get(Path(str(found["path"])).name)
    corrections = found.get("corrections")
    if path is None or not isinstance(corrections, list):
        return None
    line, offset = int(str(found["line_num"])), int(str(found["byte_offset"]))
    text, word = texts[path][line - 1], str(found["typo"])
    before = text.encode()[:offset].decode("utf-8", "replace")
    after = text[len(before) + len(word) :]
    if _is_part(word, before, after) or _may_be_a_name(word, before, texts[path]):
        return None
    column = len(before) + 1
    words = " or ".join(quote(str(word)) for word in corrections[:3])
    message, hint = f"{quote(word)} may be misspelt.", f"Write {words}" if words else ""
    hint = f"{hint}, or add the word to words in [check] of site.toml." if hint else "Is it the word that you mean?"
    return note(path, "misspelt", message, hint, line=line, column=column)


def _is_part(word: str, before: str, after: str) -> bool:
    """Return True for a part of a word that marks divide, as in `**w**ord`, and for a spoken form such as changin'."""
    joined = _JOINED_BEFORE.search(before) or _JOINED_AFTER.match(after)
    return bool(joined) or (word.endswith("in") and after[:1] in ("'", "’"))


def _may_be_a_name(word: str, before: str, lines: Iterable[str]) -> bool:
    """Return True for a short form in capitals, and for a word that has a capital letter within a sentence."""
    if len(word) > 1 and word.isupper():
        return True
    if not word[:1].isupper():
        return False
    within = re.compile(rf"[a-z,;] {re.escape(word)}\b")
    return _WITHIN.search(before) is not None or any(within.search(line) for line in lines)


def _known_words(site: BuiltSite) -> Iterable[str]:
    names = [author.author.name for author in site.index.authors.values()]
    names += [site.config.title, site.config.organisation]
    return sorted({word for name in (*names, *site.config.check.words) for word in re.findall(r"\w+", name)})


def _settings(words: Iterable[str]) -> str:
    listed = "".join(f"{json.dumps(word.lower())} = {json.dumps(word.lower())}\n" for word in words)
    return f'[default]\nlocale = "en"\n[default.extend-words]\n{listed}'
