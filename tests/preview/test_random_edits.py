"""After any edits the served site is what a build from nothing would give; `make soak` makes a thousand of them."""

from __future__ import annotations

import os
import random
import shutil
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from tests.factories import plain_post, write_files
from tests.preview.conftest import CONFIG, FILES, PATIENCE_S, Preview, Serve, helpers, until

pytestmark = pytest.mark.slow

EDITS = int(os.environ.get("PREVIEW_EDITS", "200"))
AT = datetime(2026, 11, 22, 12)
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="9"><rect width="{0}" height="9"/></svg>'

Edit = Callable[[Path, random.Random], None]


def new_post(root: Path, chance: random.Random) -> None:
    number = chance.randrange(30)
    tags = chance.choice(["[a]", "[a, b]", "[c]"])
    day = f"2024-04-{1 + number % 28:02}"
    write_files(
        root,
        {
            f"content/posts/{day}-n{number}.md": plain_post(
                f"New {number}", f"Words {chance.random()}.", date=day, tags=tags
            )
        },
    )


def new_bundle(root: Path, chance: random.Random) -> None:
    folder = f"content/posts/2024-05-0{1 + chance.randrange(5)}-drawn"
    write_files(
        root, {f"{folder}/index.md": plain_post("Drawn", f"![Plan {chance.random()}](plan.svg)", date=folder[14:24])}
    )
    write_files(root, {f"{folder}/plan.svg": DRAWING.format(chance.randrange(1, 99))})


def edited(root: Path, chance: random.Random) -> None:
    if file := _pick(root, chance, "content/**/*.md"):
        file.write_text(file.read_text("utf-8") + f"\nAnother line, {chance.random()}.\n", "utf-8")


def saved_by_rename(root: Path, chance: random.Random) -> None:
    if file := _pick(root, chance, "content/**/*.md"):
        part = file.with_name(f".{file.name}.tmp")
        part.write_text(file.read_text("utf-8").replace("title:", f"title: {chance.choice('xyz')}", 1), "utf-8")
        part.replace(file)


def broken(root: Path, chance: random.Random) -> None:
    new_post(root, chance)
    if file := _pick(root, chance, "content/posts/*.md"):
        kept = file.read_text("utf-8")
        file.write_text(
            chance.choice(["---\ntitle: [\n---\n", "", "no front matter", "---\ndate: 12/31\n---\n"]), "utf-8"
        )
        time.sleep(chance.choice([0, 0.03, 0.1]))
        file.write_text(kept, "utf-8")


def removed(root: Path, chance: random.Random) -> None:
    if file := _pick(root, chance, "content/posts/**/*.md"):
        shutil.rmtree(file.parent) if file.name == "index.md" else file.unlink()


def renamed(root: Path, chance: random.Random) -> None:
    if (file := _pick(root, chance, "content/posts/*.md")) and not (
        to := file.with_name(f"{file.stem}-{chance.randrange(9)}.md")
    ).exists():
        file.rename(to)


def styled(root: Path, chance: random.Random) -> None:
    write_files(root, {"themes/ours/static/style.css": f"body {{ margin: {chance.randrange(99)}px }}\n"})


def templated(root: Path, chance: random.Random) -> None:
    name = chance.choice(["post.html", "home.html", "tag.html"])
    text = f"{{% extends '@default/{name}' %}}{{% block footer %}}{chance.random()}{{% endblock %}}"
    write_files(root, {f"themes/ours/templates/{name}": text})


def configured(root: Path, chance: random.Random) -> None:
    more = chance.choice(["", 'theme = "ours"\n', '[permalinks]\npost = "/{slug}/"\n', "[output]\nper_page = 3\n"])
    write_files(root, {"site.toml": CONFIG.replace("Letters", f"Letters {chance.randrange(9)}") + more})


def misconfigured(root: Path, chance: random.Random) -> None:
    write_files(root, {"site.toml": CONFIG + "oh = [\n"})
    time.sleep(chance.choice([0, 0.05]))
    configured(root, chance)


def commented(root: Path, chance: random.Random) -> None:
    line = f"- {{id: c1, author: Ida, date: 2024-01-02, body: 'Well, {chance.random()}.'}}\n"
    write_files(root, {"content/posts/2024-01-01-first.comments.yaml": line})


def burst(root: Path, chance: random.Random) -> None:
    for _ in range(chance.randrange(5, 40)):
        new_post(root, chance)


def folder_gone(root: Path, chance: random.Random) -> None:
    kept = root.parent / "kept"
    (root / "content").rename(kept)
    time.sleep(chance.choice([0, 0.05, 0.3]))
    kept.rename(root / "content")


KINDS: list[Edit] = [new_post, new_bundle, edited, edited, edited, saved_by_rename, broken, removed, renamed]
KINDS += [styled, templated, configured, misconfigured, commented, burst, folder_gone]


def _pick(root: Path, chance: random.Random, pattern: str) -> Path | None:
    found = sorted(file for file in root.glob(pattern) if not file.name.startswith("."))
    return chance.choice(found) if found else None


def compare(preview: Preview, clean: Path) -> list[str]:
    """Name the addresses at which the served site is another than a build from nothing."""
    shutil.rmtree(clean, ignore_errors=True)
    options = BuildOptions(clean / "site", drafts=True, at=AT, state=clean / "state", live=True)
    Engine(preview.root, options).build()
    files = {
        file.relative_to(clean / "site").as_posix(): file for file in (clean / "site").rglob("*") if file.is_file()
    }
    start = preview.url.rstrip("/") + "/"
    wrong = []
    with httpx.Client(timeout=PATIENCE_S) as client:
        for path, file in sorted(files.items()):
            answer = client.get(start + path.replace("#", "%23"))
            if not path.startswith(".openletter") and (answer.status_code, answer.content) != (200, file.read_bytes()):
                wrong.append(f"{path}: {answer.status_code}")
    served = next(preview.root.glob(".openletter/preview/1/site"))
    left = {file.relative_to(served).as_posix() for file in served.rglob("*") if file.is_file()} - files.keys()
    return wrong + [f"left over: {path}" for path in sorted(left)]


@pytest.mark.parametrize(("program", "edits"), [("generator", EDITS), ("tests.preview.helped", EDITS // 2)])
def test_the_served_site_equals_a_clean_build_after_any_edits(
    root: Path, serve: Serve, tmp_path: Path, program: str, edits: int
) -> None:
    """In the second program, other processes render what nobody waits for, even on a small site."""
    seed = int(os.environ.get("PREVIEW_SEED", "5"))
    chance = random.Random(seed)  # noqa: S311 - repeatable, not secret
    preview = serve("--no-reload", "--at", AT.isoformat(), program=program)
    done: list[str] = []
    helped = program == "generator" or sys.platform != "linux" or os.cpu_count() == 1
    for number in range(edits):
        kind = chance.choice(KINDS)
        kind(root, chance)
        done.append(kind.__name__)
        time.sleep(chance.choice([0, 0, 0.01, 0.05, 0.2]))
        helped = helped or bool(helpers(preview))
        if number % 50 == 49:
            for path, text in FILES.items():
                write_files(root, {path: text})
            until(lambda: not compare(preview, tmp_path / "clean"), f"seed {seed}, {done[-50:]}")
    assert helped, "no other process was started"
    assert preview.process.poll() is None
    assert not any("bug in Openletter" in line or "preview-failed" in line for line in preview.errors)
