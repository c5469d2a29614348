"""Names made fit for addresses, and labels made comparable."""

from __future__ import annotations

import re
import unicodedata

from generator.digest import digest_bytes

_APART = re.compile(r"[^\w]+|_+")
MAX_SLUG_CHARS = 80
MAX_SLUG_BYTES = 200  # a file name may have 255 bytes on most systems


def slugify(text: str) -> str:
    """Make a slug: NFKC, lower case, letters and digits of any script, single hyphens; "" if nothing is left.

    Letters keep their accents and scripts ("Größe" → "größe"), so that two Unicode titles do not meet on one
    address. At most 80 characters, cut at a hyphen where there is one.
    """
    folded = unicodedata.normalize("NFKC", text).lower().replace("'", "").replace("’", "")
    slug = _APART.sub("-", unicodedata.normalize("NFC", folded)).strip("-")
    if len(slug) <= MAX_SLUG_CHARS and len(slug.encode()) <= MAX_SLUG_BYTES:
        return slug
    cut = slug[:MAX_SLUG_CHARS].encode()[:MAX_SLUG_BYTES].decode(errors="ignore")
    return (cut.rsplit("-", 1)[0] if "-" in cut else cut).strip("-")


def slug_or_digest(text: str, prefix: str) -> str:
    """Make a slug that is never empty: `prefix-` and eight digits of the text's hash stand in for emoji."""
    return slugify(text) or f"{prefix}-{digest_bytes(text.encode('utf-8', 'replace'))[:8]}"


def fold_label(label: str) -> str:
    """Fold a tag or series name: NFKC, case folded, runs of space as one. Equal folds are one label."""
    return " ".join(unicodedata.normalize("NFKC", label).casefold().split())
