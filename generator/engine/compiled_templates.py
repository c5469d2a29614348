"""Keep compiled templates in the state, sealed with this account's secret: the state of others must never run code."""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from generator.digest import digest_bytes
from generator.render.compiled import KnownTemplates, code_key, shipped_names
from generator.store.atomic import replace_file
from generator.store.machine_key import fetch_key, open_with, seal_with
from generator.theming import Theme

FILE = "templates"
T = TypeVar("T")


def fetch_templates(root: Path, state: Path, program: str) -> KnownTemplates:
    """Fetch the templates that this account compiled with this program, and what comes with the wheel."""
    named = dict(shipped_names())
    key = fetch_key(root, state)
    with suppress(OSError):
        data = open_with(key, (state / FILE).read_bytes()) if key else None
        if data is not None:
            made_by, codes, found = marshal.loads(data)  # noqa: S302 (the seal says that this account wrote it)
            if made_by == program:
                return KnownTemplates(codes, named | found)
    return KnownTemplates(named=named)


def store_templates(root: Path, state: Path, program: str, theme: Theme, known: KnownTemplates) -> None:
    """Store the compiled templates of a theme if there is a new one; those of older versions are dropped."""
    templates = [template for layer in theme.layers for template in layer.values()]
    named = _chosen(theme.named, (digest_bytes(each.text.encode()) for each in templates))
    if not known.fresh and named.keys() <= known.named.keys():
        return
    known.fresh, known.named = False, named
    key = fetch_key(root, state)
    if key is not None:
        codes = _chosen(known.codes, (code_key(each.path, each.name, each.text) for each in templates))
        data = marshal.dumps((program, codes, named))
        with suppress(OSError):  # without it, the next build compiles them again
            replace_file(state / FILE, seal_with(key, data))


def _chosen(known: Mapping[str, T], keys: Iterable[str]) -> dict[str, T]:
    return {key: known[key] for key in keys if key in known}
