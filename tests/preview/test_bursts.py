"""What a preview says and does when much goes wrong at once: a folder that is renamed, a disk that is full."""

from __future__ import annotations

import sys

import pytest

from tests.factories import plain_post
from tests.preview.conftest import Preview, until

pytestmark = pytest.mark.slow
MANY = 60
FIRST = "content/posts/2024-01-01-first.md"


def test_a_renamed_folder_does_not_drown_the_terminal(preview: Preview) -> None:
    for number in range(MANY):
        preview.write(f"content/posts/more/p{number}.md", plain_post(f"P{number}", date="2024-05-01"))
    until(lambda: "P59" in preview.text("2024/05/p59/"))
    preview.errors.clear()
    (preview.root / "content/posts").rename(preview.root / "content/texts")
    until(lambda: "more problems" in "".join(preview.errors))
    assert len(preview.errors) < MANY // 2
    (preview.root / "content/texts").rename(preview.root / "content/posts")
    until(lambda: "P59" in preview.text("2024/05/p59/"))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can limit what another process writes")
def test_a_full_disk_is_explained_and_the_preview_goes_on_when_there_is_room(preview: Preview) -> None:
    import resource

    page = preview.text("2024/01/first/")
    _, most = resource.prlimit(preview.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(preview.process.pid, resource.RLIMIT_FSIZE, (0, most))
    preview.edit(FIRST, "The first of all.", "Written meanwhile.")
    until(lambda: "Free some disk space" in "".join(preview.errors))
    assert preview.text("2024/01/first/") == page
    resource.prlimit(preview.process.pid, resource.RLIMIT_FSIZE, (most, most))
    until(lambda: "Written meanwhile." in preview.text("2024/01/first/"))
    until(lambda: any("All problems are fixed." in line for line in preview.lines))
