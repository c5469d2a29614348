"""One language's catalogue, as Python code and as templates ask it: gettext, with values filled in by name."""

from __future__ import annotations

from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from markupsafe import Markup, escape

_LONGEST = 35  # of a language tag. Source: RFC 5646, section 4.4.1
_SAFE = frozenset({int, float, Markup})
LOCALES = Path(__file__).parent / "locale"


class Words:
    """The words of one language. A message that the catalogue lacks stays English.

    Values are written into a message by name: `gettext("Part %(part)s", part=3)`. With `html`, results are safe HTML
    and values are escaped, so that a message must be a literal of the code or of a template, never a user's text.
    `language` is the BCP 47 tag of the catalogue that was found.
    """

    __slots__ = ("_catalogue", "_finished", "_form", "language")

    def __init__(self, catalogue: NullTranslations, language: str = "en", *, html: bool = False) -> None:
        self.language = language
        self._catalogue = catalogue
        self._form: type[str] = Markup if html else str
        self._finished: dict[str, str] = {}

    def gettext(self, message: str, /, **values: object) -> str:
        """Translate a message."""
        if values:
            return self._fill(self._catalogue.gettext(message), values)
        # Half of all lookups are of a message without values: each is made once.
        finished = self._finished.get(message)
        if finished is None:
            finished = self._finished[message] = self._fill(self._catalogue.gettext(message), values)
        return finished

    def ngettext(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        """Translate a message in the form that goes with a number, which is `%(num)s` unless that is given."""
        return self._fill(self._catalogue.ngettext(singular, plural, count), {"num": count, **values})

    def _fill(self, text: str, values: dict[str, object]) -> str:
        if "%" not in text:
            return self._form(text)
        if self._form is str:
            return text % values
        # As Markup's own `%`, in a third of its time: it wraps each value in an object of its own.
        return Markup(text % {name: _escaped(value) for name, value in values.items()})  # noqa: S704


def _escaped(value: object) -> object:
    """Escape a value for HTML. Numbers stay numbers, for `%(num)d`."""
    return value if type(value) in _SAFE else escape(value)


@lru_cache(maxsize=64)
def find_words(*languages: str, html: bool = False) -> Words:
    """Find the words of the first of some BCP 47 tags that has any: `de-AT` has those of `de_AT`, else of `de`.

    Without a catalogue for any of them they are English.
    """
    for language in languages:
        tag = language.replace("-", "_")
        for name in (tag, tag.partition("_")[0]):
            catalogue = NullTranslations() if name == "en" else _load(name)
            if catalogue is not None:
                return Words(catalogue, name.replace("_", "-"), html=html)
    return Words(NullTranslations(), html=html)


def _load(name: str) -> NullTranslations | None:
    """Load a catalogue: compiled, as wheels hold it, else from its source, as in a checkout."""
    if len(name) > _LONGEST or not name.isascii() or not name.replace("_", "").isalnum():
        return None
    for suffix in (".mo", ".po"):
        file = LOCALES / (name + suffix)
        if file.is_file():
            content = file.read_bytes()
            return GNUTranslations(BytesIO(content if suffix == ".mo" else compile_catalogue(content)))
    return None


def compile_catalogue(source: bytes) -> bytes:
    """Compile the text of a .po file into that of a .mo file."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(source)))
    return compiled.getvalue()


ENGLISH = find_words("en")
