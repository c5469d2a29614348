"""Names made fit for addresses, and labels made comparable."""

from __future__ import annotations

import re
import unicodedata

from generator.digest import digest_bytes

_SLUG = re.compile("[a-z0-9]+(?:-[a-z0-9]+)*")
_APART = re.compile(r"[^\w]+|_+")
MAX_SLUG_BYTES = 200  # a file name may have 255 bytes on most systems

_PORTS = (f"{port}{digit}" for port in ("com", "lpt") for digit in "123456789¹²³")
_RESERVED = frozenset(("con", "prn", "aux", "nul", "conin$", "conout$", "git~1", *_PORTS))


def slugify(text: str) -> str:
    """Make a slug: NFKC, lower case, letters and digits of any script, single hyphens; "" if nothing is left.

    Letters keep their accents and scripts ("Größe" → "größe"), so that two Unicode titles do not meet on one
    address. What is longer than 200 bytes is cut, and ends in eight digits of its hash: two long names that begin
    alike stay two.
    """
    if _SLUG.fullmatch(text):
        slug = text
    elif text.isascii():
        slug = _APART.sub("-", text.lower().replace("'", "")).strip("-")
    else:
        folded = unicodedata.normalize("NFKC", text).lower().replace("'", "").replace("’", "")
        slug = unicodedata.normalize("NFC", _APART.sub("-", folded)).strip("-")
    if len(slug.encode("utf-8", "replace")) <= MAX_SLUG_BYTES:
        return slug
    cut = slug.encode("utf-8", "replace")[: MAX_SLUG_BYTES - 9].decode(errors="ignore").strip("-")
    return f"{cut}-{digest_bytes(slug.encode('utf-8', 'replace'))[:8]}"


def slug_or_digest(text: str, prefix: str) -> str:
    """Make a slug that is never empty, and a name that every system can hold.

    `prefix-` and eight digits of the text's hash stand in for emoji; `con`, which Windows keeps to itself, becomes
    `con-` and the prefix.
    """
    slug = slugify(text)
    if slug and reserved(slug):
        return f"{slug}-{prefix}"
    return slug or f"{prefix}-{digest_bytes(text.encode('utf-8', 'replace'))[:8]}"


def reserved(name: str) -> bool:
    """Tell whether Windows, or Git (whose own folder is `GIT~1` to Windows), cannot hold a file of this name.

    Source: Microsoft, "Naming Files, Paths, and Namespaces".
    """
    return name[-1] in ". " or name.partition(".")[0].rstrip().lower() in _RESERVED


def fold_label(label: str) -> str:
    """Fold a tag or series name: NFKC, case folded, runs of space as one. Equal folds are one label."""
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())
