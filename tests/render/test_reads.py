"""What a page reads again and again is fetched once."""

from __future__ import annotations

import sys
from collections import Counter
from types import FrameType
from typing import Any

from tests.factories import Site, post, write_site


def calls_of(root: Any, *names: str) -> Counter[str]:
    """Build a site; count the calls of functions of the module that records reads."""
    counted: Counter[str] = Counter()

    def count(frame: FrameType, event: str, _: Any) -> None:
        code = frame.f_code
        if event == "call" and code.co_name in names and code.co_filename.endswith("reads.py"):
            counted[code.co_name] += 1

    site = Site(root)
    sys.setprofile(count)
    try:
        site.build(jobs=1)
    finally:
        sys.setprofile(None)
    return counted


def test_the_texts_of_the_site_and_the_options_of_the_theme_are_read_once_a_page(tmp_path: Any) -> None:
    posts = {f"posts/2014-10-{day:02}-a.md": post(f"Day {day}", tags=["x"]) for day in range(1, 9)}
    calls = calls_of(write_site(tmp_path, posts), "__init__", "theme_options", "_text_of_site")
    pages = calls["__init__"]  # and pieces that pages share
    assert pages > 20
    assert calls["theme_options"] <= pages
    assert calls["_text_of_site"] <= 3 * pages
