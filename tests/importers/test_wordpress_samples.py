"""Real exports of WordPress, and hostile ones, against counts not made by our code."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from generator.errors import Level
from generator.importers.exports.records import RecordFile
from generator.importers.exports.to_markdown import to_markdown
from generator.importers.flow import import_source
from generator.importers.import_model import ImportOptions, ImportOutcome, Topic
from generator.importers.wordpress.text import wordpress_html
from generator.importers.wordpress.wordpress_reader import WordpressReader
from generator.markup.settings import MarkupSettings
from generator.model import Kind
from tests.factories import build_site
from tests.importers.exports import leaks, private_values

pytestmark = pytest.mark.slow
AFTER = datetime(2036, 1, 1, tzinfo=UTC)  # after the dates of all files: what has no other date takes the file's
SITE = 'title = "Site"\nurl = "https://example.org/"\n'


def bring(root: Path, *files: Path, **options: Any) -> ImportOutcome:
    root.mkdir(exist_ok=True)
    if not (root / "site.toml").exists():
        (root / "site.toml").write_text(SITE)
    return import_source(root, ImportOptions(files, **options), WordpressReader())


def kinds_of(outcome: ImportOutcome) -> Counter[str]:
    return Counter(f"{each.kind} {'draft' if each.draft else 'public'}" for each in outcome.posts)


def wanted_kinds(facts: dict[str, Any]) -> Counter[str]:
    """Count posts and pages of expected.json as drafts and public ones."""
    counts = facts.get("by_type_status") or facts.get("with_a_recovering_parser", {}).get("by_type_status", {})
    found: Counter[str] = Counter()
    for name, count in counts.items():
        kind, status = name.split("/")
        if kind in ("post", "page"):
            found[f"{kind} {'public' if status == 'publish' else 'draft'}"] += count
    locked = len(facts.get("posts_password", ()))
    found["post public"] -= locked
    found["post draft"] += locked
    return +found


@pytest.fixture(scope="module")
def expected(samples: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((samples / "expected.json").read_text())["wxr"]
    return found


def test_every_sample_gives_its_counts_and_builds(samples: Path, expected: dict[str, Any], tmp_path: Path) -> None:
    for number, (name, facts) in enumerate(expected.items()):
        root, file = tmp_path / str(number), samples / "wxr" / name
        outcome = bring(root, file)
        assert kinds_of(outcome) == wanted_kinds(facts), name
        assert bool(outcome.problems) == (not facts["well_formed"] or not (outcome.posts or facts["attachments"])), name
        approved = facts.get("approved_comments_on_published_posts", {}).get("comment", 0)
        shown, labels = Counter[str](), set()
        for each in outcome.posts:
            written = (root / each.path).read_text("utf-8")
            head = yaml.safe_load(written.split("---\n")[1])
            if each.kind == Kind.POST and not each.draft:
                labels |= {tag.casefold() for tag in head.get("tags", ())}
            comments = root / each.path.replace(".md", ".comments.yaml")
            locked = "password" in str(head["title"]).lower()
            if comments.is_file() and each.kind == Kind.POST and (not each.draft or locked):
                shown[str(head["title"])] += len(yaml.safe_load(comments.read_text("utf-8")))
        assert shown.total() == approved, name
        wanted = {tag for tag, _ in [*facts.get("top_tags", ()), *facts.get("top_categories", ())]}
        assert len(labels) >= max(facts.get("tags_on_published_posts", 0), len(wanted) // 2), name
        report = build_site(root, AFTER)
        assert [each for each in report.problems if each.level is Level.ERROR] == [], name
        assert report.posts == kinds_of(outcome)["post public"], name
        assert report.pages == kinds_of(outcome)["page public"], name
        assert leaks(root, private_values(file)) == [], name
        again = bring(root, file)
        assert again.written == (), name


def test_a_site_in_three_files_comes_in_any_order(samples: Path, tmp_path: Path) -> None:
    files = [samples / "wxr/ghost-split" / f"{name}-only.xml" for name in ("attachments", "pages", "posts")]
    for number, order in enumerate((files, files[::-1])):
        bring(tmp_path / str(number), *order)
    trees = [
        {file.relative_to(root).as_posix(): file.read_bytes() for file in (root / "content").rglob("*.md")}
        for root in (tmp_path / "0", tmp_path / "1")
    ]
    assert trees[0] == trees[1]
    assert len(trees[0]) == 4
    assert any(b"images.unsplash.com" in data for data in trees[0].values())  # the lead picture is in another file


def test_the_words_links_and_pictures_of_every_text_survive(samples: Path) -> None:
    """Render the result and compare it with the original, for every post and page of every sample."""
    differ, count = [], 0
    for file in sorted((samples / "wxr").rglob("*.xml")):
        for node in RecordFile(file, file.name, frozenset(("item",))).records():
            if node.get("wp:post_type") in ("post", "page"):
                html = wordpress_html(node.get("content:encoded"), lambda _: []).html
                made = to_markdown(html, MarkupSettings())
                count += 1
                differ += [f"{file.name}: {node.get('title')}: {made.lost}"] if made.lost else []
    assert differ == []
    assert count > 100


HOSTILE = {
    "wxr-billion-laughs.xml": (0, "declares entities"),
    "wxr-xxe.xml": (0, "declares entities"),
    "wxr-control-chars.xml": (2, "a character that XML does not allow"),
    "public-rss-not-wxr.xml": (0, "not an export of WordPress"),
    "wxr-slug-traversal.xml": (4, ""),
    "wxr-comments-threads.xml": (1, ""),
    "wxr-attachments-ssrf.xml": (0, ""),
}


def test_hostile_exports_do_what_they_may(samples: Path, tmp_path: Path) -> None:
    for number, (name, (posts, problem)) in enumerate(HOSTILE.items()):
        root, file = tmp_path / str(number), samples / "hostile/imports" / name
        outcome = bring(root, file)
        assert len(outcome.posts) == posts, name
        said = "\n".join(map(str, outcome.problems))
        assert problem in said, name
        assert bool(problem) == bool(outcome.problems), name
        assert "root:" not in "".join(f.read_text("utf-8", errors="replace") for f in root.rglob("*") if f.is_file())
        assert all(not Path(path).is_absolute() and ".." not in path for path in outcome.written)
        assert leaks(root, private_values(file)) == [], name
        assert build_site(root, AFTER).posts == posts, name
    assert {file.parent for file in tmp_path.rglob("*pwned*") if "output" not in file.parts} <= {
        tmp_path / "4/content/posts/2020"
    }
    listed = [note for note in outcome.notes if note.topic is Topic.LIBRARY]
    assert len(listed) == 6


def test_threads_keep_who_answers_whom(samples: Path, tmp_path: Path) -> None:
    root = tmp_path / "threads"
    outcome = bring(root, samples / "hostile/imports/wxr-comments-threads.xml")
    (path,) = (each for each in outcome.written if each.endswith(".comments.yaml"))
    parents = {each["id"]: each.get("parent") for each in yaml.safe_load((root / path).read_text("utf-8"))}
    assert parents == {"wp-1": None, "wp-2": "wp-1", "wp-3": "wp-2", "wp-4": None, "wp-9": None}


def test_only_what_was_public_is_public(samples: Path, tmp_path: Path) -> None:
    root, file = tmp_path / "statuses", samples / "hostile/imports/wxr-statuses.xml"
    outcome = bring(root, file)
    assert kinds_of(outcome)["post public"] == 1
    assert build_site(root, AFTER).posts == 1
    output = "\n".join(f.read_text("utf-8", errors="replace") for f in (root / "output").rglob("*") if f.is_file())
    assert set(re.findall(r"STATUS-[\w-]+-BODY", output)) == {"STATUS-publish-BODY"}
    password = re.search(r"<wp:post_password>([^<]+)<", file.read_text("utf-8"))
    assert password
    assert leaks(root, [password[1]]) == []
