"""Who answers for a page: approval, review dates, the accessibility statement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from generator.engine.tools.built_site import BuiltSite
from generator.errors import Problem, note, warning
from generator.model import Document, Kind

_NAMES = {Kind.POST: "posts", Kind.PAGE: "pages", Kind.ISSUE: "newsletter"}
_STATEMENTS = ("accessibility", "accessibility-statement", "hygyrchedd", "accessibilite", "barrierefreiheit",
               "accesibilidad")  # fmt: skip
_YEAR = timedelta(days=366)


def approvals(site: BuiltSite) -> Iterator[Problem]:
    """Find public documents without the approval that `[check] approval` asks for."""
    for path, document in _public(site):
        if _NAMES[document.meta.kind] in site.config.check.approval and not document.meta.approved_by:
            message = "Nobody has approved this: approved_by is missing."
            hint = "When it is approved, add to its front matter: approved_by: the name of who signed it off"
            yield warning(path, "not-approved", message, hint, line=1)


def reviews(site: BuiltSite) -> Iterator[Problem]:
    """Find public documents whose review date has come."""
    for path, document in _public(site):
        due = document.meta.review_by
        if due is not None and due <= site.now:
            line, column = site.locate(path, f"{due:%Y-%m-%d}", "review_by")
            asked = f" Ask {document.meta.owner}." if document.meta.owner else ""
            message = f"The page was to be reviewed by {_day(due)}.{asked}"
            hint = "Read it again, correct it, and write the next date in review_by."
            yield note(path, "review-overdue", message, hint, line=line, column=column)


def accessibility_statement(site: BuiltSite) -> Iterator[Problem]:
    """Ask for a yearly review of the accessibility statement, as the public sector's rules do.

    Source: the model statement of Commission Implementing Decision (EU) 2018/1523, and the UK's regulations of 2018.
    """
    path = _statement(site)
    if path is None:
        address = site.config.check.accessibility_statement
        if address:
            message = f"There is no page at {address}, the address of the accessibility statement."
            yield warning("site.toml", "no-statement", message, "Write the page, or correct accessibility_statement.")
        return
    meta = site.documents[path].meta
    said = meta.review_by or meta.updated or meta.date
    if said is None:
        message = "The accessibility statement does not say when it was last reviewed."
        hint = "Add to its front matter: updated: the day of the review, and review_by: a year later"
        yield warning(path, "statement-review", message, hint, line=1)
    elif meta.review_by is None and said + _YEAR <= site.now:
        message = f"The accessibility statement was last reviewed on {_day(said)}, more than a year ago."
        yield note(path, "statement-review", message, "Review it, and change updated in its front matter.", line=1)


def _statement(site: BuiltSite) -> str | None:
    wanted = site.config.check.accessibility_statement
    for path, address in site.index.addresses.items():
        if address == wanted or (not wanted and address.rstrip("/").rpartition("/")[2] in _STATEMENTS):
            return path
    return None


def _public(site: BuiltSite) -> Iterator[tuple[str, Document]]:
    return ((path, site.documents[path]) for path in site.index.cards if path in site.documents)


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
