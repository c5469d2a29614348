"""Format the report of an import: what was imported, what was changed, what the user should check.

It depends only on the sources and the site, and has no dates, so that a second run makes the same report.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from generator.errors import Problem
from generator.importers.import_model import LOOK, DialectMatch, ImportOutcome, Note, PostResult, Topic
from generator.text.counts import format_count
from generator.text.short_text import printable

PATH = "import-report.md"
_INTRO = {
    Topic.TEMPLATE: "Only the old generator can convert these. Readers see them as text: replace or remove them.",
    Topic.CUT_HTML: "Openletter publishes no scripts, forms or frames. Check that the post makes sense without them.",
    Topic.DRAFT_LINK: "Readers see the words of these links without a link, until you publish the drafts.",
    Topic.LINK: "The page was not imported. Write it, or change the link.",
    Topic.MISSING_FILE: "Put the file below content/static, at this address. If you have it in another folder, run "
    "the import again with --assets FOLDER (exports of a program: --media FOLDER).",
    Topic.OUTSIDE: "Readers see a link instead of each. Give the old uploads with --media, or fetch the pictures with "
    "--download, and run the import again.",
    Topic.HIDDEN: "These are drafts. Remove the line `draft: true` from each one that may be public.",
    Topic.BYLINE: 'Readers see the id until you add a name to site.toml: `[authors.kim]`, and below it `name = "Kim"`.',
    Topic.TEXT: "Openletter compares each text with its original, as a page shows it. Compare these yourself.",
    Topic.QUERY: "They are in the front matter of each post, below `aliases`.",
    Topic.MENTION: "Pages of other sites that linked to a post. They are not shown; this list keeps them.",
    Topic.LIBRARY: "Openletter copies those that a text shows, from the folder or zip that you give with --media.",
    Topic.FILE: "Openletter did not import these.",
    Topic.KEPT: "The import never overwrites your changes. To get the new version, delete the file and "
    "`{manifest}`, and run the import again.",
    Topic.ATTRIBUTE: "The theme decides how things look, and comments are not published.",
}
_FEW = (Topic.LINK, Topic.MISSING_FILE, Topic.OUTSIDE)
"""Topics that a build reports again with each line: a few examples are enough."""
_EXAMPLES = 3
_DIFFERS = """The texts are written for CommonMark, but site.toml sets another engine. Try `engine = "commonmark"`
below `[markup]`, and check whether lists and line breaks look better. It requires
`pip install 'openletter[commonmark]'`."""
_DIALECTS = {
    DialectMatch.OURS: [],
    DialectMatch.COMMONMARK: ['The texts are written for CommonMark, and site.toml sets `engine = "commonmark"`.'],
    DialectMatch.DIFFERS: [_DIFFERS],
}


def format_report(outcome: ImportOutcome, manifest: str) -> str:
    """Format the whole report as Markdown; `manifest` is the path of the manifest."""
    parts = ["# Import report", "", *_summary(outcome)]
    if outcome.problems:
        parts += ["", "## Not imported, or damaged", "", "Fix these files and run the import again.", ""]
        parts += [f"- {_line(_problem(problem))}" for problem in outcome.problems]
    look = [note for note in outcome.notes if note.topic in LOOK]
    parts += _section("Please check", look, manifest)
    parts += _section("Changes", [note for note in outcome.notes if note.topic not in LOOK], manifest)
    parts += _table(outcome.posts)
    if outcome.files:
        parts += ["", "## Pictures and files", "", *(f"- {_line(path)}" for path in outcome.files)]
    return "\n".join(parts) + "\n"


def _summary(outcome: ImportOutcome) -> list[str]:
    posts = sum(post.kind == "post" for post in outcome.posts)
    drafts = sum(post.draft for post in outcome.posts)
    generators = ", ".join(f"{count:,} of {name}" for name, count in sorted(outcome.generators.items()))
    came = f"{format_count(posts, 'post')} and {format_count(len(outcome.posts) - posts, 'page')}"
    lines = [f"{came} imported ({generators})." if generators else "Nothing was imported."]
    lines += [f"Drafts: {drafts:,}."] if drafts else []
    lines += [f"Pictures and files copied: {len(outcome.files):,}."] if outcome.files else []
    lines += [f"Comments: {outcome.comments:,}."] if outcome.comments else []
    lines += [f"Problems: {len(outcome.problems):,}."] if outcome.problems else []
    return [*lines, *_DIALECTS[outcome.dialect]]


def _section(title: str, notes: Sequence[Note], manifest: str) -> list[str]:
    if not notes:
        return []
    topics: dict[Topic, list[Note]] = defaultdict(list)
    for note in notes:
        topics[note.topic].append(note)
    parts = ["", f"## {title}"]
    for topic in Topic:
        if topic in topics:
            parts += [
                "",
                f"### {topic}",
                "",
                *([_INTRO[topic].replace("{manifest}", manifest), ""] if topic in _INTRO else []),
            ]
            parts += _grouped(topics[topic], few=topic in _FEW)
    return parts


def _grouped(notes: Iterable[Note], *, few: bool) -> list[str]:
    """List notes by their words: a single place on the same line, several places, or only a few, below."""
    places: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for note in notes:
        places[note.words][note.path].append(note.line)
    lines = []
    for words, files in sorted(places.items(), key=lambda item: (-len(item[1]), item[0])):
        found = [_place(path, numbers) for path, numbers in sorted(files.items())]
        if len(found) == 1:
            lines.append(f"- {found[0]}: {_line(words)}" if found[0] else f"- {_line(words)}")
            continue
        lines.append(f"- {_line(words)} ({len(found):,} files)")
        shown = found[:_EXAMPLES] if few and len(found) > _EXAMPLES + 1 else found
        lines += [f"    - {place}" for place in shown]
        lines += [f"    - and {len(found) - len(shown):,} more"] if len(shown) < len(found) else []
    return lines


def _place(path: str, lines: Sequence[int]) -> str:
    numbers = sorted({line for line in lines if line})
    if len(numbers) < 2:
        return _line(f"{path}:{numbers[0]}" if numbers else path)
    return _line(f"{path}, lines {', '.join(map(str, numbers))}")


def _table(posts: Sequence[PostResult]) -> list[str]:
    if not posts:
        return []
    parts = ["", "## Imported", "", "| source | file | old address | new address |", "|---|---|---|---|"]
    for post in posts:
        old = ", ".join(post.old) or "not known"
        new = f"{post.address} (draft)" if post.draft else post.address
        parts.append("| " + " | ".join(_cell(text) for text in (post.source, post.path, old, new)) + " |")
    return parts


def _problem(problem: Problem) -> str:
    place = f"{problem.path}:{problem.line}" if problem.line else problem.path
    return f"{place}: {problem.message} {problem.hint}".strip()


def _line(text: str) -> str:
    return printable(text, 1000)


def _cell(text: str) -> str:
    return printable(text, 1000).replace("|", "\\|")
