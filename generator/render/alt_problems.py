"""The words of problems with alternative texts: a note for one that is missing, a warning for one that says nothing."""

from __future__ import annotations

from collections.abc import Iterator

from generator.errors import Problem, note, warning
from generator.markup.alt_text import describe_weak
from generator.model import Picture

_DESCRIBE = "Describe the picture in a few words between the square brackets, as to somebody on the phone."
_DECORATIVE = 'If it only decorates the page, write ![](%s "decorative:"), or alt="" in HTML.'


def describe_alt(path: str, place: tuple[int, int], picture: Picture) -> Iterator[Problem]:
    """Describe what is wrong with the alternative text of a picture in a text; nothing for a good one."""
    line, column = place
    if picture.alt is None:
        message = f'The picture "{picture.src}" has no alternative text.'
        hint = f"{_DESCRIBE} {_DECORATIVE % picture.src}"
        yield note(path, "no-alt", message, hint, line=line, column=column)
    elif weak := describe_weak(picture.alt, picture.src):
        message = f'The alternative text "{picture.alt}" of the picture "{picture.src}" {weak}.'
        yield warning(path, "weak-alt", message, _DESCRIBE, line=line, column=column)
