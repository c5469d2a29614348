from __future__ import annotations

from pathlib import Path

from benchmarks.edits import EDITS, Edited, edits_table
from benchmarks.measure import Cost


def test_each_edit_changes_what_it_says(tmp_path: Path) -> None:
    posts, themes = tmp_path / "content/posts", tmp_path / "themes/equal/templates"
    for folder in (posts, themes):
        folder.mkdir(parents=True)
    for name in ("a.md", "b.md", "c.md"):
        (posts / name).write_text("Text.\n")
    (themes / "post.html").write_text("<p>\n")
    nothing, body, templates = (edit.change for edit in EDITS)
    before = {file: file.read_text() for file in tmp_path.rglob("*.*")}
    nothing(tmp_path, 1)
    assert {file: file.read_text() for file in tmp_path.rglob("*.*")} == before
    body(tmp_path, 1)
    templates(tmp_path, 1)
    changed = [file.name for file, text in before.items() if file.read_text() != text]
    assert sorted(changed) == ["b.md", "post.html"]


def test_the_table_shows_seconds_beside_hugos_whole_build() -> None:
    costs = {"nothing changed": (Cost(0.2, 0.2, 0.0), Cost(9.0, 0.2, 9.0)), "one text edited": (Cost(0.5, 0.4, 0.0),)}
    row = edits_table([Edited("Ours", 10_000, costs, (20.0, 21.0, 90.0))], hugo_s=2.0).splitlines()[-1]
    assert row == "| Ours | 0.20 | 0.10 | 0.50 | 0.25 | – | – | 21 | 21 |"
