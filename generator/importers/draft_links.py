"""Links of public posts to what was imported as a draft: told once, with a count and a few examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from generator.importers.import_model import Note, Topic

_EXAMPLES = 3


def summarise_draft_links(links: Iterable[tuple[str, int, str]]) -> list[Note]:
    """Make one note of all such links, given as source, line (0 unknown) and draft; none where there are none."""
    found = sorted(links)
    if not found:
        return []
    counts = sorted(Counter(draft for _, _, draft in found).items(), key=lambda each: (-each[1], each[0]))
    sources = len({source for source, _, _ in found})
    most = [f"`{draft}`" + (f" ({_links(count)})" if len(counts) > 1 else "") for draft, count in counts]
    first = {draft: f"`{source}{f':{line}' if line else ''}`" for source, line, draft in reversed(found)}
    examples = list(dict.fromkeys(first[draft] for draft, _ in counts))[:_EXAMPLES]
    more = f" and {len(most) - _EXAMPLES:,} more" if len(most) > _EXAMPLES else ""
    verb = "leads" if len(found) == 1 else "lead"
    words = (
        f"{_links(len(found))} in {sources:,} {'post or page' if sources == 1 else 'posts and pages'} {verb} to "
        f"{', '.join(most[:_EXAMPLES])}{more}. See, for example, {', '.join(examples)}."
    )
    return [Note(Topic.DRAFT_LINK, words, "")]


def _links(number: int) -> str:
    return f"{number:,} link{'' if number == 1 else 's'}"
