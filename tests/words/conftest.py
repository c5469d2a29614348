"""A made-up language for tests: every word of the catalogue with accents, so that a word that is missing shows."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from lxml.html import HtmlElement

from tests.guards import HANG_S

ROOT = Path(__file__).parent.parent.parent
POT = ROOT / "generator/words/locale/openletter.pot"
_KEPT = re.compile(r"(%\(\w+\)s|<[^>]*>)")
NAMES = {"aria-label", "alt", "title", "content"}
_ACCENTS = str.maketrans("aeioucnszAEIOUCNSZ", "áéíóúçñšžÁÉÍÓÚÇÑŠŽ")


def accented(message: str) -> str:
    """Put accents on a message, but not on its values and tags: "Part %(part)s" → "Párt %(part)s"."""
    parts = _KEPT.split(message)
    return "".join(part if n % 2 else part.translate(_ACCENTS) for n, part in enumerate(parts))


def messages() -> list[str]:
    """List every message of the catalogue, plural forms as well."""
    with POT.open("rb") as file:
        catalogue = read_po(file)
    return [
        form for each in catalogue if each.id for form in ([each.id] if isinstance(each.id, str) else list(each.id))
    ]


def write_pseudo(file: Path) -> None:
    """Write a catalogue in which every message is accented: all that a new language adds."""
    with POT.open("rb") as source:
        template = read_po(source)
    catalogue = Catalog(locale="eo", charset="utf-8")
    for each in template:
        if each.id:
            forms = accented(each.id) if isinstance(each.id, str) else tuple(map(accented, each.id))
            catalogue.add(each.id, forms, flags=each.flags)
    written = BytesIO()
    write_po(written, catalogue)
    file.write_bytes(written.getvalue())


def words_of(root: HtmlElement) -> Iterator[str]:
    """List the texts of a page, each by itself, but for authors' own, and those of attributes that are read out."""
    for element in root.iter():
        if not isinstance(element.tag, str) or element.tag in ("style", "script"):
            continue
        yield from (value.strip() for name, value in element.attrib.items() if name in NAMES)
        if element.get("class") == "note-title" or not any("prose" in each.classes for each in element.iterancestors()):
            yield from (text.strip() for text in [element.text, *(child.tail for child in element)] if text)


@pytest.fixture(scope="session")
def translated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy this repository, add one catalogue to the copy, and build its site in that language: the copy's folder."""
    root = tmp_path_factory.mktemp("translated")
    for folder in ("generator", "themes", "content"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    settings = (ROOT / "site.toml").read_text("utf-8")
    assert 'language = "en-GB"' in settings
    (root / "site.toml").write_text(settings.replace('language = "en-GB"', 'language = "eo"'), "utf-8")
    for file in (root / "content").rglob("*.md"):
        file.write_text(re.sub(r"(?m)^lang: .*", "lang: eo", file.read_text("utf-8")), "utf-8")
    write_pseudo(root / "generator/words/locale/eo.po")
    run_program(root, "build")
    return root


def run_program(root: Path, *arguments: str) -> str:
    """Run the copy of the program that lies in a folder, there."""
    command = [sys.executable, "-m", "generator", *arguments]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=HANG_S, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout
