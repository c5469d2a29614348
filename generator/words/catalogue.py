"""One language's catalogue, as Python code and as templates ask it: gettext, with values filled in by name."""

from __future__ import annotations

from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from markupsafe import Markup

_LONGEST = 35  # of a language tag. Source: RFC 5646, section 4.4.1
LOCALES = Path(__file__).parent / "locale"


class Words:
    """The words of one language. A message that the catalogue lacks stays English.

    Values are written into a message by name: `gettext("Part %(part)s", part=3)`. With `html`, results are safe HTML
    and values are escaped, so that a message must be a literal of the code or of a template, never a user's text.
    """

    __slots__ = ("_catalogue", "_form")

    def __init__(self, catalogue: NullTranslations, *, html: bool = False) -> None:
        self._catalogue = catalogue
        self._form: type[str] = Markup if html else str

    def gettext(self, message: str, /, **values: object) -> str:
        """Translate a message."""
        return self._filled(self._catalogue.gettext(message), values)

    def ngettext(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        """Translate a message in the form that goes with a number, which is `%(num)s` unless that is given."""
        return self._filled(self._catalogue.ngettext(singular, plural, count), {"num": count, **values})

    def _filled(self, text: str, values: dict[str, object]) -> str:
        shown = self._form(text)
        return shown % values if "%" in text else shown


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
                return Words(catalogue, html=html)
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
