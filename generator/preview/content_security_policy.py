"""Admit the preview's own files to a page's Content Security Policy, and nothing else.

Source: W3C Content Security Policy Level 3, §6.8 (which directive applies, by fallback).
"""

from __future__ import annotations

_GOVERNED_BY = {
    "script-src-elem": ("script-src-elem", "script-src", "default-src"),
    "style-src-elem": ("style-src-elem", "style-src", "default-src"),
    "connect-src": ("connect-src", "default-src"),
}
_NONE = "'none'"


def allow_source(policy: str, source: str, nonce: str) -> str:
    """Widen a policy by one source for scripts, style sheets and connections; everything else stays as written.

    `source` is an absolute address that ends in a slash. `nonce` is used where the policy has 'strict-dynamic', which
    makes browsers ignore addresses.
    """
    directives = _parse(policy)
    added: dict[str, list[str]] = {}
    for name, chain in _GOVERNED_BY.items():
        governing = next((each for each in chain if each in directives), None)
        if governing is None:
            continue  # the policy forbids nothing
        values = [value for value in directives[governing] if value.lower() != _NONE]
        dynamic = "'strict-dynamic'" in map(str.lower, values)
        if "'self'" in values and not dynamic:
            continue  # which includes us
        added[name] = [*values, source, *([f"'nonce-{nonce}'"] if dynamic and name.startswith("script") else [])]
    return "; ".join(" ".join([name, *values]) for name, values in {**directives, **added}.items())


def _parse(policy: str) -> dict[str, list[str]]:
    """Split a policy into directives; of two with one name the first counts (§2.2.1)."""
    directives: dict[str, list[str]] = {}
    for written in policy.split(";"):
        name, *values = written.split() or [""]
        if name:
            directives.setdefault(name.lower(), values)
    return directives
