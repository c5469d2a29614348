"""docs/theming.md has a picture of each block that a page can show."""

import re
from pathlib import Path

from benchmarks.block_pictures import IN_THE_HEAD, PAGES, blocks

DOCS = Path(__file__).parents[2] / "docs"


def test_each_template_with_blocks_has_a_picture_that_the_docs_show() -> None:
    shown = re.findall(r"\(images/blocks-(\w+)\.webp\)", (DOCS / "theming.md").read_text("utf-8"))
    assert set(shown) == set(PAGES) == set(blocks()) - {"search"}
    assert set(blocks()["base"]) > IN_THE_HEAD


def test_the_pictures_are_small() -> None:
    sizes = {file.name: file.stat().st_size for file in (DOCS / "images").glob("blocks-*.webp")}
    assert len(sizes) == len(PAGES)
    assert sum(sizes.values()) < 400_000
