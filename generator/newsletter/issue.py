"""Find an issue by name and render its letter from the current sources; no build is needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from generator.clock import Clock
from generator.content.read import decode_source, read_source
from generator.engine.loaded_site import LoadedSite, load_site
from generator.errors import ContentError, Level, MailError, Problem, error
from generator.model import Document, Kind, Letter
from generator.newsletter.subscribers.list_text import looks_like_list
from generator.render.mail.issue import render_mail
from generator.render.mail.letter_parts import Mail
from generator.site.publication import publication_state

T = TypeVar("T")
ISSUE_FOLDER = "content/newsletters/"
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}-")
_SLUG = re.compile(r"""(?m)(?:^|[{,])[ \t]*["']?slug["']?[ \t]*[:=][ \t]*["']?(?P<slug>[^\s"',]+)""")
_HEAD_BYTES = 20_000
_GRAVE = {
    "dead-link": Level.ERROR,
    "dead-picture": Level.ERROR,
    "picture-damaged": Level.ERROR,
    "picture-format": Level.ERROR,
    "picture-mislabelled": Level.ERROR,
    "picture-size": Level.ERROR,
    "missing-post": Level.ERROR,
    "link-not-public": Level.WARNING,
}
_STATES = {"draft": "it is a draft", "scheduled": "it is scheduled", "expired": "it has expired"}


class RenderedIssue(Struct, frozen=True):
    """An issue with its letter and the site it was rendered from. `problems` were found while rendering.

    `read_source` returns the text of a source by its path, "" if there is none.
    """

    site: LoadedSite
    issue: Document
    letter: Letter
    read_source: Callable[[str], str]
    problems: tuple[Problem, ...]

    @property
    def posts(self) -> tuple[Document, ...]:
        """The issue's posts, in its order."""
        plan = self.site.context.queries.index.issue_layouts[self.issue.path]
        return tuple(self.site.documents[key] for key in plan.posts)


def with_rendered_issue(
    root: Path, name: str, clock: Clock, use: Callable[[RenderedIssue], T], at: datetime | None = None
) -> T:
    """Render an issue, public or not, by its slug or file path; return the result of `use`.

    The site's pictures can be read only while `use` runs.

    Raises: MailError if the issue does not exist or cannot be read; ConfigError; TemplateError.
    """

    def choose(documents: Sequence[Document], found: Mapping[str, tuple[Problem, ...]]) -> Collection[str]:
        return [find_issue(root, name, documents, found).path]

    def make(site: LoadedSite) -> T:
        issue = find_issue(root, name, tuple(site.documents.values()), {})
        return use(_rendered_issue(root, site, issue))

    return load_site(root, clock, make, at, choose)


def with_issue_versions(root: Path, name: str, clock: Clock, use: Callable[[Sequence[RenderedIssue]], T]) -> T:
    """Render an issue and its translations that are public; return the result of `use`, which gets the issue first.

    Raises: as `with_rendered_issue`.
    """

    def choose(documents: Sequence[Document], found: Mapping[str, tuple[Problem, ...]]) -> Collection[str]:
        return [find_issue(root, name, documents, found).path]

    def make(site: LoadedSite) -> T:
        issue = find_issue(root, name, tuple(site.documents.values()), {})
        others = [
            document
            for document in site.documents.values()
            if document.meta.kind is Kind.ISSUE and document.meta.translation_of == issue.meta.id
            if document is not issue and document.path in site.context.queries.index.cards
        ]
        return use([_rendered_issue(root, site, each) for each in (issue, *others)])

    return load_site(root, clock, make, None, choose)


def find_issue(
    root: Path, name: str, documents: Sequence[Document], found: Mapping[str, tuple[Problem, ...]]
) -> Document:
    """Find an issue by its slug, the path of its file (from here or from the site), or the file's name; "": the newest.

    Raises: MailError if no issue or several match, or an issue that cannot be read may be the newest. If the issue's
    source cannot be read, the error has the problems of that source; `found` maps each path to its problems.
    """
    issues = [document for document in documents if document.meta.kind is Kind.ISSUE]
    if not name:
        return _newest_issue(issues, _list_broken_issues(found, {document.path for document in documents}))
    path = _site_path(root, name)
    matches = [issue for issue in issues if issue.path in (path, name)] or [
        issue for issue in issues if name in (issue.meta.slug, *_file_names(issue.path))
    ]
    if len(matches) == 1:
        return matches[0]
    if matches:
        raise MailError(_not_one(name, matches, issues))
    broken = _list_broken_issues(found, {document.path for document in documents})
    meant = [source for source in broken if source == path or name in _possible_names(root, source)]
    problems = [problem for source in meant or broken for problem in broken[source]]
    raise MailError(problems if meant else [_not_one(name, matches, issues), *problems])


def _newest_issue(issues: Sequence[Document], broken: Mapping[str, tuple[Problem, ...]]) -> Document:
    if broken:
        raise MailError([problem for problems in broken.values() for problem in problems])
    if not issues:
        message, hint = "There are no newsletter issues yet.", 'Start one: openletter new newsletter "June news".'
        raise MailError(error("", "no-issue", message, hint))
    return max(issues, key=lambda issue: (str(issue.meta.date), issue.path))


def _list_broken_issues(
    found: Mapping[str, tuple[Problem, ...]], readable: Collection[str]
) -> dict[str, tuple[Problem, ...]]:
    """List the issues whose sources cannot be read, with their errors."""
    errors = {path: tuple(each for each in found[path] if each.level is Level.ERROR) for path in found}
    return {
        path: problems
        for path, problems in errors.items()
        if problems and path.startswith(ISSUE_FOLDER) and path not in readable
    }


def _possible_names(root: Path, path: str) -> set[str]:
    """List the names an issue with unreadable front matter may have: from its file name or a `slug` line."""
    file = PurePosixPath(path)
    names = {*_file_names(path), _DATE.sub("", file.stem)}
    try:
        text = (root / path).read_bytes()[:_HEAD_BYTES].decode("utf-8", "replace")
    except OSError:
        return names
    return names | {match["slug"] for match in _SLUG.finditer(text)}


def _file_names(path: str) -> tuple[str, str]:
    file = PurePosixPath(path)
    return file.name, file.stem


def _site_path(root: Path, name: str) -> str:
    """Convert a file path, relative to the current folder, to a path in the site; return any other name unchanged."""
    try:
        file = (Path(name) if Path(name).is_absolute() else Path.cwd() / name).resolve()
        return file.relative_to(root.resolve()).as_posix()
    except (ValueError, OSError):
        return name


def _not_one(name: str, matches: Sequence[Document], issues: Sequence[Document]) -> Problem:
    if matches:
        paths = ", ".join(issue.path for issue in matches)
        return error("", "no-issue", f'"{name}" matches more than one issue: {paths}.', "Use the path instead.")
    if looks_like_list(name):
        message = f'"{name}" is an address or a list, not an issue.'
        return error("", "no-issue", message, f"Write --to before it: openletter newsletter send --to {name}")
    newest = sorted(issues, key=lambda issue: (str(issue.meta.date), issue.path), reverse=True)[:5]
    known = ", ".join(issue.meta.slug for issue in newest)
    hint = f"Available: {known}." if known else 'Start one: openletter new newsletter "June news".'
    return error("", "no-issue", f'There is no newsletter issue "{name}".', hint)


def _rendered_issue(root: Path, site: LoadedSite, issue: Document) -> RenderedIssue:
    if issue.path not in site.context.queries.index.cards:
        own = [each for each in site.problems if each.path == issue.path and each.level is Level.ERROR]
        raise MailError(
            own or error(issue.path, "no-issue", "The issue has no page.", "To see why, run: openletter build")
        )
    mail = render_mail(site.context, issue, site.documents)
    files = {item.path: root / item.real for item in site.inputs.found.found}
    return RenderedIssue(
        site,
        issue,
        _letter(issue, mail),
        lambda path: _read_text(files, path),
        _relevant_problems(site, issue, mail),
    )


def _read_text(files: Mapping[str, Path], path: str) -> str:
    try:
        return decode_source(path, read_source(files[path], path))
    except (ContentError, KeyError):
        return ""


def _letter(issue: Document, mail: Mail) -> Letter:
    assert issue.meta.date is not None, "an issue has a date"
    return Letter(
        slug=issue.meta.slug,
        id=issue.meta.id,
        title=issue.meta.title,
        subject=mail.head.subject,
        preheader=mail.head.preheader,
        date=issue.meta.date,
        url=mail.head.url,
        html=mail.html,
        text=mail.text,
        pictures=mail.pictures,
        language=mail.head.lang,
    )


def _relevant_problems(site: LoadedSite, issue: Document, mail: Mail) -> tuple[Problem, ...]:
    """Keep the letter's problems. A broken link or picture in the issue is an error: mail cannot be recalled."""
    met = [*(each for each in site.problems if each.path == issue.path), *mail.problems]
    return tuple(sorted({_raise_level(_explain_missing_post(each, site), issue.path) for each in met}))


def _raise_level(problem: Problem, path: str) -> Problem:
    level = _GRAVE.get(problem.code) if problem.path == path else None
    return replace(problem, level=level) if level else problem


def _explain_missing_post(problem: Problem, site: LoadedSite) -> Problem:
    """Add why a post is not public: listing a draft in an issue is a common mistake."""
    if problem.code != "missing-post":
        return problem
    quoted = problem.message.partition('"')[2].partition('"')[0]
    now = site.inputs.now
    for document in site.documents.values():
        state = publication_state(document, now)
        if document.meta.kind is Kind.POST and state and quoted in (document.meta.slug, *_file_names(document.path)):
            message = f'The issue lists "{quoted}", but {document.path} is not public: {_STATES[state]}.'
            return replace(problem, message=message, hint="Publish the post first, or remove it from the issue.")
    return problem
