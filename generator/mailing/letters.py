"""An issue made into a `Letter`: found by name, rendered from the sources as they stand, no build needed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TypeVar

from msgspec.structs import replace

from generator.clock import Clock
from generator.content.read import decode, read_source
from generator.engine.loaded_site import LoadedSite, load_site
from generator.errors import ContentError, Level, MailError, Problem, error
from generator.model import Document, Kind, Letter
from generator.render.mail import Mail, render_mail
from generator.site.publication import publication_state

T = TypeVar("T")
FOLDER = "content/newsletters/"
_STATES = {"draft": "it is a draft", "scheduled": "its date is still to come", "expired": "it has expired"}


@dataclass(frozen=True, slots=True)
class Proof:
    """An issue as it would be sent, with the site it was made from. `problems` are those that rendering has met.

    `source` reads the text of a source by its path, "" where there is none.
    """

    opened: LoadedSite
    issue: Document
    letter: Letter
    source: Callable[[str], str]
    problems: tuple[Problem, ...]

    @property
    def posts(self) -> tuple[Document, ...]:
        """The issue's posts, in its order."""
        plan = self.opened.world.queries.index.issue_plans[self.issue.path]
        return tuple(self.opened.documents[key] for key in plan.posts)


def load_letter(root: Path, name: str, clock: Clock, at: datetime | None = None) -> tuple[Letter, tuple[Problem, ...]]:
    """Make the letter of an issue, named by its slug or by the path of its file, whether or not it is public yet.

    The problems are those of `preflight`, in order: with an error among them nothing may be sent.
    Raises: MailError when there is no such issue, or it cannot be read; ConfigError; TemplateError.
    """
    from generator.mailing.preflight import preflight

    return with_proof(root, name, clock, lambda proof: (proof.letter, preflight(proof)), at)


def with_proof(root: Path, name: str, clock: Clock, use: Callable[[Proof], T], at: datetime | None = None) -> T:
    """Give what `use` makes of an issue's proof, while the site's pictures can still be read.

    Raises: as `load_letter`.
    """

    def choose(documents: Sequence[Document], found: Mapping[str, tuple[Problem, ...]]) -> Collection[str]:
        return [find_issue(root, name, documents, found).path]

    def make(opened: LoadedSite) -> T:
        issue = find_issue(root, name, tuple(opened.documents.values()), {})
        return use(_proof(root, opened, issue))

    return load_site(root, clock, make, at, choose)


def find_issue(
    root: Path, name: str, documents: Sequence[Document], found: Mapping[str, tuple[Problem, ...]]
) -> Document:
    """Find an issue by its slug, the path of its file, or the file's name.

    Raises: MailError, with what is wrong with its source where it could not be read (`found`, by path).
    """
    issues = [document for document in documents if document.meta.kind is Kind.ISSUE]
    path = _site_path(root, name)
    matches = [issue for issue in issues if path == issue.path] or [
        issue for issue in issues if name in (issue.meta.slug, *_names(issue.path))
    ]
    if len(matches) == 1:
        return matches[0]
    broken = [
        problem
        for source, problems in found.items()
        if source.startswith(FOLDER) and (source == path or name in _names(source))
        for problem in problems
        if problem.level is Level.ERROR
    ]
    raise MailError(broken or _not_one(name, matches, issues))


def _names(path: str) -> tuple[str, str]:
    file = PurePosixPath(path)
    return file.name, file.stem


def _site_path(root: Path, name: str) -> str:
    """Read a name as a path: within the site, or from where the command was given."""
    try:
        file = (Path(name) if Path(name).is_absolute() else Path.cwd() / name).resolve()
        return file.relative_to(root.resolve()).as_posix()
    except (ValueError, OSError):
        return name


def _not_one(name: str, matches: Sequence[Document], issues: Sequence[Document]) -> Problem:
    if matches:
        paths = ", ".join(issue.path for issue in matches)
        return error("", "no-issue", f'"{name}" may be any of {paths}.', "Write the path instead.")
    newest = sorted(issues, key=lambda issue: (str(issue.meta.date), issue.path), reverse=True)[:5]
    known = ", ".join(issue.meta.slug for issue in newest)
    hint = f"There are: {known}." if known else 'Start one: openletter new newsletter "June news".'
    return error("", "no-issue", f'There is no newsletter issue "{name}".', hint)


def _proof(root: Path, opened: LoadedSite, issue: Document) -> Proof:
    if issue.path not in opened.world.queries.index.cards:
        own = [each for each in opened.problems if each.path == issue.path and each.level is Level.ERROR]
        raise MailError(own or error(issue.path, "no-issue", "The issue has no page.", "Run: openletter build"))
    mail = render_mail(opened.world, issue, opened.documents)
    files = {item.path: root / item.real for item in opened.inputs.found.found}
    return Proof(opened, issue, _letter(issue, mail), lambda path: _read(files, path), _relevant(opened, issue, mail))


def _read(files: Mapping[str, Path], path: str) -> str:
    try:
        return decode(path, read_source(files[path], path))
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
    )


def _relevant(opened: LoadedSite, issue: Document, mail: Mail) -> tuple[Problem, ...]:
    """Keep what concerns the mail; a dead link or picture of the issue's own is an error, for no mail comes back."""
    met = [*(each for each in opened.problems if each.path == issue.path), *mail.problems]
    return tuple(sorted({_graver(_explained(each, opened), issue.path) for each in met}))


def _graver(problem: Problem, path: str) -> Problem:
    grave = problem.path == path and problem.code in ("dead-link", "dead-picture")
    return replace(problem, level=Level.ERROR) if grave else problem


def _explained(problem: Problem, opened: LoadedSite) -> Problem:
    """Say of a post that is not public why it is not: a draft that an issue names is a common mistake."""
    if problem.code != "missing-post":
        return problem
    quoted = problem.message.partition('"')[2].partition('"')[0]
    now = opened.inputs.now
    for document in opened.documents.values():
        state = publication_state(document, now)
        if document.meta.kind is Kind.POST and state and quoted in (document.meta.slug, *_names(document.path)):
            message = f'The issue names "{quoted}", but {document.path} is not public: {_STATES[state]}.'
            return replace(problem, message=message, hint="Publish the post first, or leave it out.")
    return problem
