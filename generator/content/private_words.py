"""Addresses of people where a name belongs: no page shows them."""

from __future__ import annotations

import re

MAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")


def without_mail(name: str) -> str:
    """Remove the e-mail address from a name."""
    return " ".join(MAIL.sub("", name).replace("<>", "").split()).strip("()")
