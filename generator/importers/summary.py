"""Summarise the result of an import: in a few sentences for people, as plain values for programs (`--json`)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from msgspec import structs

from generator.importers.import_model import LOOK, ImportOutcome, Topic
from generator.model import Kind
from generator.text.counts import format_count


def sentences(outcome: ImportOutcome, *, dry_run: bool) -> list[str]:
    """Describe what was imported and kept, what to check, and where the report is."""
    verb = "would be written" if dry_run else "written"
    said = [f"{_came(outcome)}: {format_count(len(outcome.written), 'file')} {verb}, {outcome.same:,} unchanged."]
    if outcome.kept:
        said.append(f"{format_count(len(outcome.kept), 'file')} kept, because you have edited, moved or deleted them.")
    if outcome.dialect_chosen:
        said.append(
            'Added engine = "commonmark" below [markup] in site.toml, because these texts are written in CommonMark.'
        )
    said += [f"{note.words}." for note in outcome.notes if note.topic is Topic.TAKEN_SETTING]
    look = Counter(note.topic for note in outcome.notes if note.topic in LOOK)
    said += [f"Please check: {topic[:1].lower()}{topic[1:]} ({look[topic]:,})." for topic in Topic if topic in look]
    if outcome.problems:
        said.append(f"{format_count(len(outcome.problems), 'problem')}: not everything was imported.")
    if dry_run:
        said += [f"  {path}" for path in outcome.written]
        said.append("This was a dry run: nothing was written.")
    else:
        said.append(f"Details: {outcome.report}.")
    return said


def facts(outcome: ImportOutcome) -> Mapping[str, Any]:
    """Return the outcome as plain values: counts, files, notes by topic, problems in order."""
    return {
        "posts": sum(post.kind is Kind.POST for post in outcome.posts),
        "pages": sum(post.kind is Kind.PAGE for post in outcome.posts),
        "comments": outcome.comments,
        "drafts": sum(post.draft for post in outcome.posts),
        "written": list(outcome.written),
        "same": outcome.same,
        "kept": list(outcome.kept),
        "came": [{"source": p.source, "file": p.path, "old": list(p.old), "new": p.address} for p in outcome.posts],
        "notes": [{"topic": note.topic.name.lower(), **_note(asdict(note))} for note in outcome.notes],
        "report": outcome.report,
        "errors": len(outcome.problems),
        "problems": [structs.asdict(problem) for problem in outcome.problems],
    }


def _note(note: dict[str, Any]) -> dict[str, Any]:
    return {key: note[key] for key in ("path", "line", "words")}


def _came(outcome: ImportOutcome) -> str:
    posts = sum(post.kind is Kind.POST for post in outcome.posts)
    pages = len(outcome.posts) - posts
    if not outcome.comments:
        return f"{format_count(posts, 'post')} and {format_count(pages, 'page')}"
    comments = format_count(outcome.comments, "comment")
    if not outcome.posts:
        return comments
    return f"{format_count(posts, 'post')}, {format_count(pages, 'page')} and {comments}"
