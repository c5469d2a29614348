"""What the computer says about its user: the time zone and the language."""

from __future__ import annotations

import locale
import os
import warnings
from zoneinfo import ZoneInfo

from generator.config import checks
from generator.text.mapping_reader import RefusedError

_SCRIPTS = {"latin": "Latn", "cyrillic": "Cyrl", "devanagari": "Deva"}


def guess_local_zone() -> str:
    """Guess the IANA name of the machine's time zone; "UTC" where it has none that we know."""
    import tzlocal

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of clocks and files that disagree: a guess is all we want
            name = tzlocal.reload_localzone().key  # not `get_`: that one keeps a process's first answer
        ZoneInfo(name)
    except (LookupError, ValueError, OSError, TypeError):
        return "UTC"
    return "UTC" if name in ("Etc/UTC", "UTC", "local") else name


def guess_language() -> str:
    """Guess the language tag of the machine's user from the locale, such as "de-CH"; "en" where it says nothing."""
    names = (os.environ.get(variable, "") for variable in ("LC_ALL", "LC_MESSAGES", "LANG"))
    name = next(filter(None, names), "") or locale.getlocale()[0] or ""
    name, _, modifier = name.partition("@")
    language, *region = name.partition(".")[0].replace("-", "_").split("_")
    parts = [language, _SCRIPTS.get(modifier.lower(), ""), *region]
    try:
        return checks.language("-".join(filter(None, parts)))
    except RefusedError:  # "C", "POSIX", "English_United States"
        return "en"
