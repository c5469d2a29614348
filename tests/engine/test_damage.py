"""Whatever happens to the state or the output, the next build is good, or says what is in the way."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.engine.engine import Engine
from generator.errors import OpenletterError
from generator.store.state import FILE
from tests.factories import Site, post, tree, write_site

EDITED = "content/posts/2024-01-03-p2.md"
NEW = post("P2, corrected", "Other text.", tags=["all"])
PAGE_BYTES = 16_384
DAMAGE_COUNT = int(os.environ.get("SOAK_DAMAGES", "40"))  # `make soak` makes a thousand


def flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 20))):
        data[chance.randrange(len(data))] ^= chance.randrange(1, 256)


def truncate(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def zero(data: bytearray, chance: random.Random) -> None:
    at, length = chance.randrange(len(data)), chance.choice((1, 16, 500, PAGE_BYTES))
    data[at : at + length] = bytes(len(data[at : at + length]))


def spoil_head(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(min(100, len(data)))] ^= chance.randrange(1, 256)


def spoil_page_head(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(max(1, len(data) // PAGE_BYTES)) * PAGE_BYTES
    data[at : at + 12] = chance.randbytes(12)


def swap_pages(data: bytearray, chance: random.Random) -> None:
    one, two = (chance.randrange(max(1, len(data) // PAGE_BYTES)) * PAGE_BYTES for _ in range(2))
    data[one : one + PAGE_BYTES], data[two : two + PAGE_BYTES] = (
        data[two : two + PAGE_BYTES],
        data[one : one + PAGE_BYTES],
    )


DAMAGES = (flip, truncate, zero, spoil_head, spoil_page_head, swap_pages)


class Patient:
    """A built site that is damaged, and restored for the next damage."""

    def __init__(self, folder: Path) -> None:
        texts = {
            f"posts/2024-01-{n + 1:02}-p{n}.md": post(f"P{n}", "Words. " * 40, tags=["all", f"t{n % 3}"])
            for n in range(6)
        }
        files = {**texts, "pages/about.md": post("About"), "static/a.txt": "a"}
        self.site = Site(write_site(folder / "site", files))
        self.old = (self.site.root / EDITED).read_bytes()
        self.site.build()
        self.kept = folder / "kept"
        shutil.copytree(self.site.root / ".openletter", self.kept / "state")
        shutil.copytree(self.site.output, self.kept / "output")
        self.good = tree(self.site.output)
        self.site.write(EDITED, NEW)
        self.site.build(output=folder / "clean/output", state=folder / "clean/state")
        self.corrected = tree(folder / "clean/output")

    @property
    def state(self) -> Path:
        return self.site.root / ".openletter" / FILE

    def restore(self, *, edited: bool) -> None:
        """Put all back as it was after the first build; `edited` sources are newer."""
        for name, place in (("state", self.state.parent), ("output", self.site.output)):
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(self.kept / name, place)
        self.site.write(EDITED, NEW if edited else self.old)

    def leave_a_journal(self) -> None:
        """Leave -wal and -shm behind, as a killed build does."""
        names = [self.state.with_name(FILE + end) for end in ("", "-wal", "-shm")]
        db = sqlite3.connect(self.state)
        db.execute("INSERT INTO blobs VALUES ('text|more', ?)", (b"more" * 10_000,))
        db.commit()
        left = {file: file.read_bytes() for file in names}
        db.close()
        for file, data in left.items():
            file.write_bytes(data)

    def build(self, *, edited: bool) -> None:
        self.site.build()
        assert tree(self.site.output) == (self.corrected if edited else self.good)


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Patient:
    return Patient(tmp_path_factory.mktemp("damage"))


def damage_and_build(patient: Patient, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 a test repeats its numbers
    edited = chance.random() < 0.7
    patient.restore(edited=edited)
    end = chance.choice(("", "", "", "-wal", "-shm"))
    if end:
        patient.leave_a_journal()
    file = patient.state.with_name(FILE + end)
    data = bytearray(file.read_bytes())
    assert data
    chance.choice(DAMAGES)(data, chance)
    file.write_bytes(data)
    patient.build(edited=edited)
    patient.build(edited=edited)


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_state_ends_in_a_good_build(patient: Patient, seed: int) -> None:
    damage_and_build(patient, seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(12, DAMAGE_COUNT))
def test_many_more_damages_end_in_good_builds(patient: Patient, seed: int) -> None:
    damage_and_build(patient, seed)


WRONG_STATEMENTS = {
    "no facts": "DELETE FROM facts",
    "no table": "DROP TABLE sources",
    "other columns": "ALTER TABLE targets RENAME COLUMN reads TO read",
    "a value that is no text": "UPDATE facts SET value = 7",
    "a value of other bytes": "UPDATE sources SET value = value || X'20'",
    "text in place of bytes": "UPDATE blobs SET data = CAST(data AS TEXT)",
    "no keys": "DELETE FROM keys",
    "no texts": "DELETE FROM blobs",
    "huge numbers": "UPDATE sources SET mtime = 9e300",
    "empty reads": "UPDATE targets SET reads = X'01'",
    "no reads": "UPDATE targets SET reads = X''",
    "the reads of another page": "UPDATE targets SET reads = (SELECT reads FROM targets WHERE path = 'robots.txt')",
    "keys of other numbers": "UPDATE keys SET id = 100000 - id",
    "keys that exchange their numbers": "UPDATE keys SET id = (SELECT max(id) + min(id) FROM keys) - id",
    "other digests of keys": "UPDATE keys SET digest = 'a' || substr(digest, 2)",
    "the texts of another post": "UPDATE blobs SET data = (SELECT data FROM blobs WHERE id LIKE 'text|%p0.md%')"
    " WHERE id LIKE 'text|%'",
    "the record of another post": "UPDATE sources SET value = (SELECT value FROM sources WHERE path LIKE '%p0.md')"
    " WHERE path LIKE '%p1.md'",
    "other digests of sources": "UPDATE sources SET digest = 'a' || substr(digest, 2)",
    "other stamps of sources": "UPDATE sources SET mtime = mtime + 1, size = size + 1, ctime = ctime + 1",
    "sources of other settings": "UPDATE sources SET settings_digest = 'a' || substr(settings_digest, 2)",
    "other digests of outputs": "UPDATE targets SET digest = 'a' || substr(digest, 2)",
    "other stamps of outputs": "UPDATE targets SET mtime = mtime + 1, size = size + 1, ctime = ctime + 1",
    "outputs of other kinds": "UPDATE targets SET kind = 'tag'",
    "outputs with other problems": """UPDATE targets SET problems = '[{"level":"error"}]'""",
}


@pytest.mark.parametrize("kind", WRONG_STATEMENTS)
def test_a_state_that_sqlite_finds_sound_and_that_is_wrong_heals(patient: Patient, kind: str) -> None:
    patient.restore(edited=True)
    db = sqlite3.connect(patient.state)
    db.execute(WRONG_STATEMENTS[kind])
    db.commit()
    db.close()
    patient.build(edited=True)


def test_an_engine_that_stays_heals_what_no_page_needs_yet(patient: Patient) -> None:
    """Nothing has changed, so nothing is rendered; but whoever asks this engine next must not meet the damage."""
    patient.restore(edited=False)
    db = sqlite3.connect(patient.state)
    db.execute(WRONG_STATEMENTS["empty reads"])
    db.commit()
    db.close()
    with Engine(patient.site.root) as engine:
        report = engine.build()
        assert report.rendered
        assert engine.output_digests().keys() >= set(report.rendered)


@pytest.mark.parametrize("name", [FILE, f"{FILE}-wal", f"{FILE}-shm", f"{FILE}-journal"])
def test_a_folder_in_place_of_the_state_is_removed(patient: Patient, name: str) -> None:
    patient.restore(edited=True)
    place = patient.state.with_name(name)
    place.unlink(missing_ok=True)
    place.mkdir()
    (place / "file").write_text("in the way")
    patient.build(edited=True)


IN_THE_WAY = {
    "a page": "2024/01/p1/index.html",
    "a listing": "tags/all/index.html",
    "a feed": "feed.xml",
    "the front page": "index.html",
    "a copied file": "a.txt",
    "a stylesheet": "sitemap.xml",
}


@pytest.mark.parametrize("kind", IN_THE_WAY)
def test_an_empty_folder_in_place_of_an_output_is_replaced(patient: Patient, kind: str) -> None:
    patient.restore(edited=False)
    place = patient.site.output / IN_THE_WAY[kind]
    place.unlink()
    place.mkdir()
    patient.build(edited=False)


@pytest.mark.parametrize("kind", IN_THE_WAY)
def test_a_full_folder_in_place_of_an_output_is_one_problem_beside_the_others(patient: Patient, kind: str) -> None:
    patient.restore(edited=False)
    place = patient.site.output / IN_THE_WAY[kind]
    place.unlink()
    place.mkdir()
    (place / "mine.txt").write_text("mine")
    patient.site.write("content/posts/bad.md", "---\ntitle: Bad\ndate: never\n---\n")
    try:
        codes = [problem.code for problem in patient.site.build().problems]
        assert codes.count("output-in-the-way") == 1
        assert "date" in codes
        assert (place / "mine.txt").read_text() == "mine"
        shutil.rmtree(place)
    finally:
        (patient.site.root / "content/posts/bad.md").unlink()
    patient.build(edited=False)


@pytest.mark.parametrize("folder", ["2024", "2024/01", "2024/01/p1", "tags", "about"])
def test_a_file_in_place_of_a_folder_is_a_problem_beside_the_others(patient: Patient, folder: str) -> None:
    patient.restore(edited=False)
    place = patient.site.output / folder
    shutil.rmtree(place)
    place.write_text("mine")
    problems = patient.site.build().problems
    assert {problem.code for problem in problems} == {"output-in-the-way"}
    assert place.read_text() == "mine"
    place.unlink()
    patient.build(edited=False)


def refuse_output(site: Site) -> None:
    shutil.rmtree(site.output)
    site.output.write_text("a file")


@pytest.mark.parametrize("spoil", [refuse_output])
def test_a_file_in_place_of_the_output_has_the_right_hint(patient: Patient, spoil: Callable[[Site], None]) -> None:
    patient.restore(edited=False)
    spoil(patient.site)
    with pytest.raises(OpenletterError, match="Move or delete it"):
        patient.site.build()
    os.unlink(patient.site.output)  # noqa: PTH108
