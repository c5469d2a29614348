"""Real backups of Blogger, and those made after their shape, against counts not made by our code."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from generator.errors import Level
from generator.importers.blogger.blogger_reader import BloggerReader
from generator.importers.blogger.captions import convert_captions
from generator.importers.flow import import_source
from generator.importers.import_model import ImportOptions, ImportOutcome, Topic
from generator.model import Kind
from tests.factories import build_site
from tests.importers.exports import leaks, private_values

AFTER = datetime(2036, 1, 1, tzinfo=UTC)


@pytest.mark.slow
def test_every_sample_gives_its_counts_and_builds(samples: Path, tmp_path: Path) -> None:
    expected = json.loads((samples / "expected.json").read_text())["blogger"]
    for number, (name, facts) in enumerate(expected.items()):
        root, file = tmp_path / str(number), samples / "blogger" / name
        root.mkdir()
        (root / "site.toml").write_text('title = "Site"\nurl = "https://example.org/"\n')
        outcome = import_source(root, ImportOptions((file,)), BloggerReader())
        kinds = Counter(f"{each.kind} {'draft' if each.draft else 'public'}" for each in outcome.posts)
        trashed = sum("trash" in note.words for note in outcome.notes if note.topic is Topic.FILE)
        recovered = facts.get("with_a_recovering_parser", {}).get("kinds", {})
        assert kinds["post public"] == facts.get("posts_public", 0), name
        assert kinds["post draft"] + trashed == facts.get("posts_not_public", recovered.get("post/draft", 0)), name
        assert kinds["page public"] + kinds["page draft"] == facts.get("pages", 0), name
        assert kinds["page draft"] == facts.get("pages_not_public", 0), name
        assert outcome.comments == facts.get("public_comments_total", 0), name
        assert bool(outcome.problems) == (not facts["well_formed"]), name
        labels: Counter[str] = Counter()
        for each in outcome.posts:
            if each.kind == Kind.POST and not each.draft:
                labels.update(yaml.safe_load((root / each.path).read_text("utf-8").split("---\n")[1]).get("tags", ()))
        assert dict(labels) == facts.get("labels", {}), name
        report = build_site(root, AFTER)
        assert [each for each in report.problems if each.level is Level.ERROR] == [], name
        assert report.posts == facts.get("posts_public", 0), name
        assert leaks(root, private_values(file)) == [], name
        assert "MUST-NOT-LEAK" not in "".join(
            f.read_text("utf-8", "replace") for f in (root / "output").rglob("*.html")
        )


def test_threads_and_orphans_of_takeout(samples: Path, site: Path) -> None:
    outcome = import_source(site, ImportOptions((samples / "blogger/synthetic-takeout",)), BloggerReader())
    (path,) = (each for each in outcome.written if each.endswith(".comments.yaml"))
    comments = yaml.safe_load((site / path).read_text("utf-8"))
    assert [(each["id"], each.get("parent")) for each in comments] == [
        ("b-31", None),
        ("b-32", "b-31"),
        ("b-33", "b-32"),
    ]
    assert "alert" not in (site / path).read_text("utf-8")
    assert [note.words for note in outcome.notes if note.topic is Topic.COMMENT] == [
        "1 belong to a post that is not in the backup (`99`).",
        "1 comment was spam.",
    ]
    assert "2021/03/phones-are-back.html" in "".join((site / each).read_text("utf-8") for each in outcome.written)


PICTURE = '<a href="https://1.example.net/s1600/a.jpg"><img src="https://1.example.net/s320/a.jpg"></a>'
CAPTIONS = (
    (f'<table class="tr-caption-container"><tr><td>{PICTURE}</td></tr><tr><td class="tr-caption">W</td></tr></table>',
     f"<figure>{PICTURE}<figcaption>W</figcaption></figure>"),
    (f'<table border="0" class="tr-caption-container" style="x"><tbody><tr><td>{PICTURE}</td></tr></tbody></table>',
     f"<figure>{PICTURE}</figure>"),
    ("<table><tr><td>1</td></tr></table>", "<table><tr><td>1</td></tr></table>"),
    ('<table class="tr-caption-container"><tr><td>no picture</td></tr></table>',
     '<table class="tr-caption-container"><tr><td>no picture</td></tr></table>'),
    ('above<a name="more"></a>below', "above<!--more-->below"),
    ("above<a name='more'></a>below", "above<!--more-->below"),
)  # fmt: skip


@pytest.mark.parametrize(("written", "wanted"), CAPTIONS)
def test_captions_and_jump_breaks(written: str, wanted: str) -> None:
    assert convert_captions(written) == wanted


@pytest.mark.parametrize("data", ["", "<html></html>", "{}", "<rss><channel><item/></channel></rss>", "\x00\x01"])
def test_what_is_no_backup_is_refused_by_name(take: Callable[..., ImportOutcome], tmp_path: Path, data: str) -> None:
    file = tmp_path / "blog.xml"
    file.write_text(data)
    outcome = take("blogger", file)
    assert {each.path for each in outcome.problems} == {"blog.xml"}
    assert outcome.posts == ()
