"""Preflight: check an issue before it is sent, and give each problem its place in a source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from msgspec import Struct
from msgspec.structs import replace

from generator.clock import Clock
from generator.errors import Level, MailError, Problem
from generator.model import Letter
from generator.newsletter.checks.example_posts import find_example_posts
from generator.newsletter.checks.letter import MakeProblem, check_letter
from generator.newsletter.checks.send_time import find_early_sending
from generator.newsletter.checks.versions import find_hidden_translations, find_unfilled_names
from generator.newsletter.issue import RenderedIssue, with_rendered_issue
from generator.newsletter.message.letter_size import check_size
from generator.newsletter.message.reader_name import LONGEST_NAME, uses_name
from generator.newsletter.message.sample import compose_sample
from generator.site.addresses import output_path
from generator.site.publication import publication_state

_MADE = re.compile(r"\.(?:mail|thumb[-0-9]*)\.(?:jpg|png)$")
"""What the name of a picture made for mails has at its end."""
PLACEHOLDERS = re.compile(r"\b(?:TKTK\w*|TK(?! Maxx)|XXX+|TODO|FIXME|[Ll]orem ipsum|LOREM IPSUM)\b")
"""Words that writers leave where text is missing."""
_STATES = {
    "draft": ("The issue is a draft, so its page is not public.", "Delete the line `draft: true` before you send it."),
    "scheduled": ("The issue is scheduled, so its page is not public yet.", "Send it after its date."),
    "expired": ("The issue has expired, so its page is no longer public.", "Change `expires`, or do not send it."),
}


class PreflightResult(Struct, frozen=True):
    """An issue after preflight. `size` is the size of one message in bytes (0 without a sender).

    `external_links` lists the links to other sites, which preflight has not requested.
    """

    path: str
    subject: str
    size: int
    external_links: tuple[str, ...]
    problems: tuple[Problem, ...]


def load_letter(root: Path, name: str, clock: Clock, at: datetime | None = None) -> tuple[Letter, tuple[Problem, ...]]:
    """Render the letter of an issue; return it with the problems that `run_preflight` found, in order.

    If one of them is an error, do not send the letter.

    Raises: as `with_rendered_issue`.
    """
    return with_rendered_issue(root, name, clock, lambda rendered: (rendered.letter, run_preflight(rendered)), at)


def check_issue(
    root: Path, name: str, clock: Clock, at: datetime | None = None, *, online: bool = False
) -> PreflightResult:
    """Render an issue and run preflight; with `online`, also request the pages of other sites it links to.

    Raises: as `with_rendered_issue`.
    """
    result = with_rendered_issue(root, name, clock, summarize_preflight, at)
    if not online:
        return result
    from generator.newsletter.checks.external_links import check_external_links

    return replace(result, problems=(*result.problems, *check_external_links(result.external_links, result.path)))


def summarize_preflight(rendered: RenderedIssue) -> PreflightResult:
    """Run preflight, measure one message and list the links to other sites."""
    try:
        size = len(compose_sample(rendered.letter, rendered.site.inputs.config))
    except MailError:
        size = 0
    return PreflightResult(
        rendered.issue.path, rendered.letter.subject, size, list_external_links(rendered), run_preflight(rendered)
    )


def run_preflight(rendered: RenderedIssue) -> tuple[Problem, ...]:
    """List everything that is wrong with an issue, in source order.

    An error prevents sending; a warning is for the editor to judge.
    """
    found = [
        *rendered.problems,
        *_state(rendered),
        *find_early_sending(rendered),
        *_find_placeholders(rendered),
        *find_example_posts(rendered),
        *find_unfilled_names(rendered),
        *find_hidden_translations(rendered),
        *_dead_links(rendered),
        *(_locate(rendered, each) for each in check_letter(rendered.letter, _problem_maker(rendered))),
        *_size(rendered),
    ]
    return tuple(sorted(set(found)))


def _problem_maker(rendered: RenderedIssue) -> MakeProblem:
    def make_problem(level: Level, code: str, message: str, hint: str) -> Problem:
        return Problem(rendered.issue.path, 0, 0, level, code, message, hint)

    return make_problem


def _locate(rendered: RenderedIssue, problem: Problem) -> Problem:
    """Find the line of a problem: the line of its key, or of the first quoted words that the source contains."""
    key = {"mail-subject": "subject", "mail-preheader": "preheader"}.get(problem.code)
    base = rendered.site.inputs.config.url
    quoted = re.findall(r'"([^"]+)"', problem.message)
    words = [*quoted, *(f"/{each.removeprefix(base)}" for each in quoted if each.startswith(base))]
    locate = rendered.site.context.locate
    for path in (rendered.issue.path, *(post.path for post in rendered.posts)):
        for each in [""] if key else words:
            target = _MADE.sub("", each)
            line, column = locate(path, "", key) if key else locate.in_text(path, target)[0]
            if line:
                return replace(problem, path=path, line=line, column=column)
    return problem


def _state(rendered: RenderedIssue) -> Iterator[Problem]:
    state = publication_state(rendered.issue, rendered.site.inputs.now)
    if state:
        message, hint = _STATES[state]
        key = {"draft": "draft", "scheduled": "date", "expired": "expires"}[state]
        line, column = rendered.site.context.locate(rendered.issue.path, "", key)
        yield Problem(rendered.issue.path, line, column, Level.WARNING, "mail-state", message, hint)


def _find_placeholders(rendered: RenderedIssue) -> Iterator[Problem]:
    """Find placeholders in the letter: errors in the issue's own text, warnings in its posts."""
    letter = rendered.letter
    shown = "\n".join((letter.subject, letter.preheader, letter.text))
    words = dict.fromkeys(match.group() for match in PLACEHOLDERS.finditer(shown))
    for word in words:
        places = list(_find_word(rendered.read_source(rendered.issue.path), word))
        for line, column in places:
            yield _placeholder(rendered.issue.path, line, column, Level.ERROR, word)
        if not places:
            yield from _find_in_posts(rendered, word)


def _find_in_posts(rendered: RenderedIssue, word: str) -> Iterator[Problem]:
    found = [
        (post.path, place) for post in rendered.posts for place in _find_word(rendered.read_source(post.path), word)
    ]
    for path, (line, column) in found:
        yield _placeholder(path, line, column, Level.WARNING, word)
    if not found:
        yield _placeholder(rendered.issue.path, 0, 0, Level.ERROR, word)


def _placeholder(path: str, line: int, column: int, level: Level, word: str) -> Problem:
    message = f'"{word}" is still in the text.'
    return Problem(path, line, column, level, "mail-placeholder", message, "Write that part, or remove the word.")


def _find_word(source: str, word: str) -> Iterator[tuple[int, int]]:
    """Find a whole word, skipping comments in the front matter: readers do not see them."""
    fences = 0
    for number, line in enumerate(source.splitlines(), 1):
        fences += line.rstrip() in ("---", "+++")
        if fences < 2 and line.lstrip().startswith("#"):
            continue
        for match in PLACEHOLDERS.finditer(line):
            if match.group() == word:
                yield number, match.start() + 1


def _dead_links(rendered: RenderedIssue) -> Iterator[Problem]:
    """Check that the build makes every address of the site that the letter uses; skip those already reported."""
    known = {(each.code, each.path, each.line, each.column) for each in rendered.problems}
    for url in dict.fromkeys([*list_internal_links(rendered), *rendered.letter.pictures]):
        if not _is_built(rendered, url):
            what = "picture" if url in rendered.letter.pictures else "link"
            message = f'Broken {what}: the site has no "{url}".'
            hint = "Correct the address, or publish what it should lead to."
            problem = Problem(rendered.issue.path, 0, 0, Level.ERROR, f"dead-{what}", message, hint)
            placed = _locate(rendered, problem)
            if (placed.code, placed.path, placed.line, placed.column) not in known:
                yield placed


def _is_built(rendered: RenderedIssue, url: str) -> bool:
    config = rendered.site.inputs.config
    if not url.startswith(config.url):
        return url == config.url.rstrip("/")
    path = unquote(urlsplit(url).path).removeprefix(config.base_path)
    paths = rendered.site.plan.paths
    return path in paths or output_path(f"/{path}") in paths or output_path(f"/{path}/") in paths


def _list_links(rendered: RenderedIssue) -> Iterable[str]:
    from lxml.html import document_fromstring

    links = document_fromstring(rendered.letter.html).iter("a")
    return dict.fromkeys(str(href) for link in links if (href := link.get("href")))


def list_internal_links(rendered: RenderedIssue) -> tuple[str, ...]:
    """List the letter's links into the site, in order."""
    origin = rendered.site.inputs.config.url
    return tuple(href for href in _list_links(rendered) if href.startswith(origin.rstrip("/")))


def list_external_links(rendered: RenderedIssue) -> tuple[str, ...]:
    """List the letter's links to other sites, in order, unchecked."""
    origin = rendered.site.inputs.config.url
    return tuple(
        href for href in _list_links(rendered) if href.startswith("http") and not href.startswith(origin.rstrip("/"))
    )


def _longest_name(letter: Letter) -> str:
    return LONGEST_NAME if uses_name(letter) else ""


def _size(rendered: RenderedIssue) -> Iterator[Problem]:
    """Measure one message; report a missing or invalid sender."""
    try:
        found = check_size(
            rendered.letter,
            compose_sample(rendered.letter, rendered.site.inputs.config, _longest_name(rendered.letter)),
        )
    except MailError as refused:
        yield from refused.problems
        return
    yield from (replace(each, path=rendered.issue.path) for each in found)
