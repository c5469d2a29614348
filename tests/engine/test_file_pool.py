"""Files prepared side by side: the same records in the same order, and one that kills its process is named."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from PIL import Image

from generator.content.site_files import ContentFile, Role
from generator.engine.files import prepare_file
from generator.engine.processes import file_pool, pool
from generator.engine.processes.file_pool import POOL_FROM, prepare_files
from generator.stamps import stamp_of


@pytest.fixture
def items(tmp_path: Path) -> list[ContentFile]:
    """Give pictures and other files, among them two of the same bytes, one that is damaged, and an empty one."""
    for number in range(POOL_FROM):
        exif = Image.Exif()
        exif[0x0112] = 6 if number % 2 else 1
        exif[0x010F] = "secret"
        Image.effect_noise((90, 60), 20 + number).save(tmp_path / f"{number}.jpg", exif=exif)
    (tmp_path / "twin.jpg").write_bytes((tmp_path / "1.jpg").read_bytes())
    (tmp_path / "damaged.jpg").write_bytes((tmp_path / "1.jpg").read_bytes()[:500])
    (tmp_path / "empty.png").write_bytes(b"")
    (tmp_path / "notes.txt").write_text("Notes.")
    return [
        ContentFile(f"content/static/{file.name}", Role.STATIC, None, stamp_of(file.stat()), file.name)
        for file in sorted(tmp_path.iterdir())
    ]


def test_the_number_of_processes_changes_no_record(
    items: list[ContentFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = list(prepare_files(tmp_path, items, tmp_path / "here", 1))
    monkeypatch.setattr(file_pool, "POOL_FROM_BYTES", 1)
    assert list(prepare_files(tmp_path, items, tmp_path / "pool", 2)) == here
    assert [record.published for _, record in here] == [True] * POOL_FROM + [False, False, True, True]
    kept = [sorted(file.name for file in (tmp_path / name / "pictures").iterdir()) for name in ("here", "pool")]
    assert kept[0] == kept[1]
    assert len(kept[0]) == POOL_FROM


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not fork")
def test_a_file_that_kills_its_process_is_refused_by_name(
    items: list[ContentFile], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = prepare_file
    monkeypatch.setattr(pool, "start_method", lambda: "fork")  # a process that is spawned would not see the next change
    monkeypatch.setattr(file_pool, "POOL_FROM_BYTES", 1)
    monkeypatch.setattr(
        file_pool, "prepare_file", lambda file, *rest: os.abort() if file.name == "2.jpg" else real(file, *rest)
    )
    made = list(prepare_files(tmp_path, items, tmp_path / "state", 2))
    (problem,) = made[2][1].problems
    assert (problem.code, problem.path, made[2][1].published) == ("file-crash", "content/static/2.jpg", False)
    assert sum(record.published for _, record in made) == len(items) - 3
