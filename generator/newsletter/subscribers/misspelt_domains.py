"""Find domains that look like a misspelt form of a common one: gmial.com, outlook.con."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

_PROVIDERS = """
    gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk live.co.uk yahoo.com yahoo.co.uk yahoo.fr yahoo.de
    icloud.com protonmail.com btinternet.com posteo.de mailbox.org t-online.de freenet.de hotmail.fr hotmail.de
    orange.fr wanadoo.fr laposte.net outlook.de outlook.fr outlook.es hotmail.es yahoo.es fastmail.com
    mail.com email.com ymail.com
"""
_KNOWN = frozenset(_PROVIDERS.split())
_MIN_LENGTH = 7  # shorter domains are too often one letter apart: me.com, we.com
_COMMON = 20
"""A domain of the list itself counts as common from this many addresses on, if it has as many times the other's."""


def find_misspelt_domains(domains: Iterable[str]) -> Mapping[str, str]:
    """Map each domain that is one typing error away from a common one to that one.

    One error is a letter too many, too few, another, or two swapped. Costs one comparison for each pair of a domain
    and a common domain.
    """
    counts = Counter(domains)
    common = [*_KNOWN, *(domain for domain, count in counts.items() if count >= _COMMON and domain not in _KNOWN)]
    found = {}
    for domain, count in counts.items():
        if domain in _KNOWN or len(domain) < _MIN_LENGTH:
            continue
        near = (each for each in sorted(common) if counts[each] >= count * _COMMON or each in _KNOWN)
        meant = next((each for each in near if each != domain and is_one_error_apart(domain, each)), "")
        if meant and count < _COMMON:
            found[domain] = meant
    return found


def is_one_error_apart(one: str, other: str) -> bool:
    """Return True if one insertion, deletion, replacement or swap of neighbours makes the texts equal."""
    if abs(len(one) - len(other)) > 1 or one == other:
        return False
    start = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if len(one) != len(other):
        longer, shorter = (one, other) if len(one) > len(other) else (other, one)
        return longer[start + 1 :] == shorter[start:]
    swapped = one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]
    return swapped or one[start + 1 :] == other[start + 1 :]
