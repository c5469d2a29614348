"""The words of broken links and pictures: a warning for a mistake, a note for a target that is not public."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from generator.errors import Problem, note, warning
from generator.render.links import LinkTarget
from generator.site.hidden import FAULTY, LISTING
from generator.site.index_model import RefusedPicture

Places = Sequence[tuple[int, int]]
"""Lines and columns: one problem for each."""
_REASONS: Mapping[str, str] = {
    "draft": "is a draft",
    "scheduled": "is scheduled for a later date",
    "expired": "has expired",
    LISTING: "would list only drafts, scheduled or expired posts",
    FAULTY: "has an error",
}
_HINTS = {
    "expired": "If that is what you want, there is nothing to do.",
    FAULTY: "Correct that error; nothing is wrong with the link.",
}
_LATER = "The link appears by itself once that is public."
_CORRECT = "Correct the link, or remove it."
_MISSING = (
    "Check its name, including capitals. Put it beside the post, or in content/static if its address begins with /."
)


def describe_link(
    path: str, places: Places, target: str, found: LinkTarget, where: str = "", hint: str = ""
) -> list[Problem]:
    """Describe what is wrong with a link, once for each place; [] for a good one.

    `path` is its source; `where` are words such as "in the menu". `hint` replaces the general one.
    """
    link = f'"{target}" {where}'.rstrip()
    if found.state:
        message = f"The link {link} is shown as plain words, because what it leads to {_REASONS[found.state]}."
        later = _HINTS.get(found.state, _LATER)
        return [note(path, "link-not-public", message, later, line=line, column=at) for line, at in places]
    if not found.broken:
        return []
    message = f"Broken link {link}: {found.broken}."
    return [warning(path, "dead-link", message, hint or _CORRECT, line=line, column=at) for line, at in places]


def describe_refused(path: str, places: Places, src: str, refusal: RefusedPicture) -> list[Problem]:
    """Describe a picture that cannot be shown, once for each place; only its words are."""
    message = f'The picture "{src}" is not shown. {refusal.message}'
    return [warning(path, refusal.code, message, refusal.hint, line=line, column=at) for line, at in places]


def describe_missing_picture(path: str, places: Places, src: str, where: str = "", hint: str = "") -> list[Problem]:
    """Describe a missing picture, once for each place."""
    message = f'There is no picture "{src}"{f" {where}" if where else ""}.'
    if where:
        hint = f"Check its name, including capitals. It belongs here: content/static{src}"
    return [warning(path, "dead-picture", message, hint or _MISSING, line=line, column=at) for line, at in places]
