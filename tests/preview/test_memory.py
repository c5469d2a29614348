"""A preview that runs all day: what its builds leave behind is freed."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from tests.preview.conftest import CONFIG, Preview, Serve, until
from tests.preview.test_pages_first import all_rendered, fill

pytestmark = pytest.mark.slow
POSTS = 60
TEXT = "A paragraph of an ordinary length, of which a long letter has very many.\n\n" * 900
RECURSIVE = """{% extends '@default/post.html' %}
{% block main %}
{% macro count(down) %}{{ down }}{% if down %}{{ count(down - 1) }}{% endif %}{% endmacro %}
{{ super() }}{{ count(2) }}
{% endblock %}"""
ALLOWED_MB = 40  # a text is 70 KB, and a page holds some of its forms: what 9 edits leave would be more than 70 MB


def memory_mb(preview: Preview) -> int:
    status = Path(f"/proc/{preview.process.pid}/status").read_text("ascii")
    found = re.search(r"VmRSS:\s+(\d+)", status)
    assert found
    return int(found[1]) // 1024


@pytest.mark.skipif(sys.platform != "linux", reason="the memory of a process is in /proc")
def test_pages_of_a_template_with_macros_do_not_stay_in_memory(root: Path, serve: Serve) -> None:
    fill(root, 0)
    posts = {
        f"content/posts/2023-01-02-{number}.md": f"---\ntitle: Post {number}\n---\n{TEXT}" for number in range(POSTS)
    }
    for path, text in {**posts, "themes/ours/templates/post.html": RECURSIVE}.items():
        (root / path).write_text(text, "utf-8")
    preview, used = serve(), []
    for number in range(12):
        preview.write(
            "site.toml", f'title = "Title-{number}"\n' + re.sub("(?m)^title = .*\n", "", CONFIG) + 'theme = "ours"\n'
        )
        until(lambda: all_rendered(root, f"Title-{number}"), "all pages have the title")  # noqa: B023
        used.append(memory_mb(preview))
    assert used[-1] - used[2] < ALLOWED_MB, used
