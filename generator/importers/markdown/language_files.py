"""Files of a bundle by language: to Hugo, `chart.es.png` is what the Spanish post calls `chart.png`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from generator.importers.import_model import Origin


def choose_language_files(origins: Iterable[Origin], languages: Collection[str], usual: str) -> list[Origin]:
    """Give each bundle the files of its language, by the names that its text calls them.

    `languages` are those that the settings name; those of the sources' names count too. A file without a language in
    its name is one of the usual language. A post whose language has none gets that one, else any.
    Source: Hugo's documentation, "Multilingual mode", "Page bundles".
    """
    listed = list(origins)
    known = {each.lower() for each in (*languages, *(origin.lang for origin in listed)) if each}
    return [replace(each, bundle=_choose(each, known, usual.lower())) if each.bundle else each for each in listed]


def _choose(origin: Origin, known: Collection[str], usual: str) -> tuple[tuple[str, Path], ...]:
    named: dict[str, dict[str, Path]] = defaultdict(dict)
    for name, file in origin.bundle:
        base, lang = _split(name, known)
        named[base][lang] = file
    own = origin.lang.lower() or usual
    return tuple(
        (base, next((files[lang] for lang in (own, "", usual) if lang in files), next(iter(files.values()))))
        for base, files in named.items()
    )


def _split(name: str, known: Collection[str]) -> tuple[str, str]:
    """Split `chart.es.png` into `chart.png` and `es`; a name without a language stays."""
    folder, slash, file = name.rpartition("/")
    stem, dot, suffix = file.rpartition(".")
    rest, inner, lang = stem.rpartition(".")
    if not (dot and inner and rest) or lang.lower() not in known:
        return name, ""
    return f"{folder}{slash}{rest}.{suffix}", lang.lower()
