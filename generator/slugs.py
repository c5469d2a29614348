"""Turn names into slugs for addresses, and fold labels to compare them."""

from __future__ import annotations

import re
import unicodedata

from generator.digest import digest_bytes
from generator.patterns import lazy_pattern

_SLUG = lazy_pattern("[a-z0-9]+(?:-[a-z0-9]+)*")
_APART = lazy_pattern(r"[^\w]+|_+")
_SARA_AM = (("\u0e4d\u0e32", "\u0e33"), ("\u0ecd\u0eb2", "\u0eb3"))
"""The letters of Thai and Lao that NFKC takes apart, and their whole forms."""

_SILENT = frozenset("'’\u05f3\u05f4\u055a\u055b\u055c\u055d\u055e\u055f")
"""Signs within a word that an address does without: apostrophes, Hebrew geresh and gershayim, Armenian accents."""

_ZERO_WIDTH_SPACE = "\u200b"  # stands between the words of Thai, Khmer and Burmese
_JOINERS = "\u200c\u200d"
"""They choose how two letters are written together: Persian, Malayalam and Sinhala words are misspelt without them."""

_FIRST_JOINED = "\u0600"  # scripts with joined letters, from Arabic on
_SIGN_NAMES = {"+": "plus", "#": "sharp", "♯": "sharp", "&": "and", "@": "at", "%": "percent", "*": "star"}
_SIGN_NAMES |= {"$": "dollar", "€": "euro", "£": "pound", "=": "equals", ".": "dot", "-": "minus", "−": "minus"}
_GRADE = lazy_pattern(r"(?<=[^\s+#♯])[+#♯]+(?![\w+#♯])")
"""The signs at the end of a word that make another name of it: "C++", "C#", "LGBTQ+"."""

_TELLING = lazy_pattern(r"(?<=\S)[#♯]|[+&@%*$€£=]|(?<!\S)[.−-](?=\w)|(?<=\w)[.−-](?!\S)")
"""The signs that can tell two names apart: "R&D", ".NET", "A-". A hash before a word is a hashtag's."""

MAX_SLUG_BYTES = 200  # a file name may have 255 bytes on most systems

_PORTS = (f"{port}{digit}" for port in ("com", "lpt") for digit in "123456789¹²³")
_RESERVED = frozenset(("con", "prn", "aux", "nul", "conin$", "conout$", "git~1", *_PORTS))


def slugify(text: str) -> str:
    """Make a slug: NFKC, lower case, letters and digits of any script, single hyphens; "" if nothing is left.

    Letters keep their accents and scripts ("Größe" → "größe"), and the marks above, below and beside them ("हिन्दी"), so
    that two Unicode titles do not get one address. A slug longer than 200 bytes is cut and ends in eight digits of its
    hash, so two long names with the same beginning stay different.
    """
    if _SLUG.fullmatch(text):
        slug = text
    elif text.isascii():
        slug = _APART.sub("-", text.lower().replace("'", "")).strip("-")
    else:
        folded = unicodedata.normalize("NFKC", text).lower().replace("i\u0307", "i")  # "İzmir" in lower case
        for parts, whole in _SARA_AM:
            folded = folded.replace(parts, whole)
        joined = "".join(sign for sign in folded if sign not in _SILENT)
        slug = unicodedata.normalize("NFC", _APART.sub(_between_letters, joined)).strip("-")
    if len(slug.encode("utf-8", "replace")) <= MAX_SLUG_BYTES:
        return slug
    cut = slug.encode("utf-8", "replace")[: MAX_SLUG_BYTES - 9].decode(errors="ignore").strip("-")
    return f"{cut}-{digest_bytes(slug.encode('utf-8', 'replace'))[:8]}"


def _between_letters(run: re.Match[str]) -> str:
    """Keep the marks and joiners that belong to the letters around them; replace all other signs with a hyphen.

    Invisible signs, such as soft hyphens, are removed; a zero-width space separates words.
    """
    kept, before = "", run.string[run.start() - 1 : run.start()]
    at_letter = before not in ("", "_")
    for sign in run[0]:
        kind = unicodedata.category(sign)
        if _is_mark(sign, kind):
            kept += sign if at_letter else ""
        elif sign in _JOINERS and at_letter and before > _FIRST_JOINED and run.end() < len(run.string):
            kept += sign
        elif sign == _ZERO_WIDTH_SPACE or not (kind == "Cf" or _selects_shape(sign)):
            return f"{kept.rstrip(_JOINERS)}-"
    return kept


def _is_mark(sign: str, kind: str) -> bool:
    """Return True for a mark of a letter, False for those of emoji and of signs, such as a keycap."""
    return kind in ("Mn", "Mc") and not _selects_shape(sign) and not "\u20d0" <= sign <= "\u20ff"


def _selects_shape(sign: str) -> bool:
    """Return True for a variation selector, which chooses one of the shapes of the sign before it."""
    return "\ufe00" <= sign <= "\ufe0f" or "\u180b" <= sign <= "\u180f" or "\U000e0100" <= sign <= "\U000e01ef"


def slug_or_digest(text: str, prefix: str) -> str:
    """Make a slug that is never empty, and that every system can use as a file name.

    A text with only emoji becomes `prefix-` and eight digits of its hash; `con`, which Windows reserves, becomes `con-`
    and the prefix.
    """
    slug = slugify(text)
    if slug and reserved(slug):
        return f"{slug}-{prefix}"
    return slug or f"{prefix}-{digest_bytes(text.encode('utf-8', 'replace'))[:8]}"


def label_slug(label: str, prefix: str) -> str:
    """Make the slug of a tag or series: as `slug_or_digest`, but "C++" and "C#" are `c-plus-plus` and `c-sharp`."""
    return slug_or_digest(_GRADE.sub(_spell, label), prefix)


def spelled_slug(label: str, prefix: str) -> str:
    """Make a slug that spells out each sign that can tell two names apart: ".NET" → `dot-net`, "R&D" → `r-and-d`."""
    return slug_or_digest(_TELLING.sub(_spell, label), prefix)


def _spell(signs: re.Match[str]) -> str:
    return "".join(f" {_SIGN_NAMES[sign]} " for sign in signs[0])


def reserved(name: str) -> bool:
    """Return True if Windows or Git cannot store a file of this name (`GIT~1` is Windows' short name for `.git`).

    Source: Microsoft, "Naming Files, Paths, and Namespaces".
    """
    return name[-1] in ". " or name.partition(".")[0].rstrip().lower() in _RESERVED


def fold_label(label: str) -> str:
    """Fold a tag or series name: NFKC, case folded, runs of space as one. Equal folds are one label."""
    return " ".join(unicodedata.normalize("NFKC", label).casefold().replace("i\u0307", "i").split())
