"""Compare what the web answers with what was published (`publish --verify`)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import PurePosixPath
from time import monotonic, sleep
from urllib.parse import quote, unquote, urljoin

from generator.digest import digest_bytes
from generator.errors import Problem, error
from generator.publish.manifest import PublishedFile
from generator.publish.plan import PublishPlan
from generator.publish.stages import is_digested, is_page
from generator.publish.web import WebAnswer, get

MOST_PAGES = 20
_GONE = (403, 404, 410)
"""A bucket answers 403 for a file that is not there, unless its readers may list all files."""
WAIT_S = 90.0
"""So long a host may take to show what was published, such as a service that builds from a branch."""


def address_of(url: str, path: str) -> str:
    """Return the web address of an output path."""
    is_index = PurePosixPath(path).name == "index.html"
    return url + quote(path.removesuffix("index.html") if is_index else path)


def check_live(
    url: str, plan: PublishPlan, wait_s: float = WAIT_S, *, withdrawn: Collection[str] = ()
) -> tuple[Problem, ...]:
    """Ask for the front page, changed pages, deleted pages and one asset; waits for all of them together.

    If there was nothing to do, it asks for those of the last publication that did something, so you can verify again.
    `withdrawn` are files that must not be there, whether this publication has deleted them or one before.
    """
    until = monotonic() + wait_s
    found = _ask(url, plan, withdrawn)
    while found and monotonic() < until:
        sleep(min(3.0, max(until - monotonic(), 0.0)))
        found = _ask(url, plan, withdrawn)
    return found


def _ask(url: str, plan: PublishPlan, withdrawn: Collection[str]) -> tuple[Problem, ...]:
    files = plan.manifest.files
    changed, gone_now = (*plan.changed, *plan.added), plan.deleted
    if not (changed or gone_now):
        last = plan.manifest.before
        changed, gone_now = (tuple(path for path in last if (path in files) is there) for there in (True, False))
    here = _chosen(files.keys(), changed)
    deleted = [path for path in gone_now if is_page(path) and path not in withdrawn][:MOST_PAGES]
    gone = [*sorted(withdrawn), *deleted]
    with ThreadPoolExecutor(8) as pool:
        answers = zip(here, pool.map(lambda path: get(address_of(url, path)), here), strict=True)
        absent = zip(gone, pool.map(lambda path: get(address_of(url, path)), gone), strict=True)
        problems = [_judge(address_of(url, path), answer, files[path]) for path, answer in answers]
        problems += [_judge_gone(address_of(url, path), answer) for path, answer in absent]
    return tuple(problem for problem in problems if problem is not None)


def _chosen(files: Collection[str], changed: Sequence[str]) -> list[str]:
    """Choose the front page, pages that changed, and one style sheet or the like."""
    pages = [path for path in changed if is_page(path) and path != "404.html"][:MOST_PAGES]
    return list(dict.fromkeys(["index.html", *pages, *_one_asset(files)]))


def _one_asset(files: Collection[str]) -> Iterator[str]:
    assets = sorted(path for path in files if is_digested(path))
    yield from [path for path in assets if path.endswith(".css")][:1] or assets[:1]


def _judge(address: str, answer: WebAnswer, file: PublishedFile) -> Problem | None:
    """Compare an answer with the file. An old address may have its page, or the host redirects it itself."""
    if answer.status == 200 and (digest_bytes(answer.data) == file.digest or _was_redirected(address, answer, file)):
        return None
    words = answer.words or "it has other bytes than were published"
    return error("", "publish-verify", f"{address} is not as it was published: {words}.", _HINT)


def _was_redirected(address: str, answer: WebAnswer, file: PublishedFile) -> bool:
    return bool(file.redirect) and unquote(answer.url) == unquote(urljoin(address, file.redirect))


def _judge_gone(address: str, answer: WebAnswer) -> Problem | None:
    if answer.status in _GONE:
        return None
    words = answer.words or f"it answers {answer.status}"
    return error("", "publish-verify", f"{address} was deleted, but {words}.", _HINT)


_HINT = "Look at the settings of the host and its cache; the url of the target must be where it shows the site."
