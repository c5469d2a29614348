"""What an import did in a few sentences for people, and as plain values for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from msgspec import structs

from generator.importers.import_model import LOOK, ImportOutcome, Topic
from generator.model import Kind


def sentences(outcome: ImportOutcome, *, dry_run: bool) -> list[str]:
    """Say what came, what was left alone, what needs a look, and where all of it is listed."""
    verb = "would be written" if dry_run else "written"
    said = [f"{_came(outcome)}: {_count(len(outcome.written), 'file')} {verb}, {outcome.same:,} there already."]
    if outcome.kept:
        said.append(f"{_count(len(outcome.kept), 'file')} kept, because you edited, moved or deleted them.")
    if outcome.dialect_chosen:
        said.append(
            'Added engine = "commonmark" below [markup] in site.toml, because these texts are written in CommonMark.'
        )
    look = Counter(note.topic for note in outcome.notes if note.topic in LOOK)
    said += [f"Please check: {str(topic).lower()} ({look[topic]:,})." for topic in Topic if topic in look]
    if outcome.problems:
        said.append(f"{_count(len(outcome.problems), 'problem')}: those files were not imported; the others were.")
    if dry_run:
        said += [f"  {path}" for path in outcome.written]
        said.append("This was a dry run: nothing was written.")
    else:
        said.append(f"Details: {outcome.report}.")
    return said


def facts(outcome: ImportOutcome) -> Mapping[str, Any]:
    """Give the outcome as plain values: counts, files, notes by topic, problems in order."""
    return {
        "posts": sum(post.kind is Kind.POST for post in outcome.posts),
        "pages": sum(post.kind is Kind.PAGE for post in outcome.posts),
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
    return f"{_count(posts, 'post')} and {_count(pages, 'page')}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
