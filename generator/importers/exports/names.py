"""The names of elements in exports, in one spelling whatever prefix a file uses."""

from __future__ import annotations

import re
from collections.abc import Mapping

_KNOWN = (
    (re.compile(r"https?://wordpress\.org/export/[0-9.]+/excerpt/"), "excerpt"),
    (re.compile(r"https?://wordpress\.org/export/[0-9.]+/"), "wp"),
    (re.compile(r"http://purl\.org/rss/1\.0/modules/content/"), "content"),
    (re.compile(r"http://purl\.org/dc/elements/1\.1/"), "dc"),
    (re.compile(r"http://www\.w3\.org/2005/Atom"), "atom"),
    (re.compile(r"http://(?:www\.w3\.org/2007/app|purl\.org/atom/app#)"), "app"),
    (re.compile(r"http://purl\.org/syndication/thread/1\.0"), "thr"),
    (re.compile(r"http://schemas\.google\.com/g/2005"), "gd"),
    (re.compile(r"http://schemas\.google\.com/blogger/2018"), "blogger"),
    (re.compile(r"https?://disqus\.com"), "disqus"),
    (re.compile(r"https?://disqus\.com/disqus-internals"), "dsq"),
)
_BARE = frozenset(("atom", "disqus"))
"""The namespaces whose elements have no prefix in our names."""


def namespaces_of(attributes: dict[str, str]) -> dict[str, str]:
    """Take the declarations of namespaces out of an element's attributes: prefix → address."""
    found = {name: value for name, value in attributes.items() if name == "xmlns" or name.startswith("xmlns:")}
    for name in found:
        del attributes[name]
    return {name.partition(":")[2]: value for name, value in found.items()}


def canonical_name(name: str, scope: Mapping[str, str]) -> str:
    """Write a name as `wp:post_id`; an undeclared prefix means what it usually does, another one is `?name`."""
    prefix, _, local = name.rpartition(":")
    if prefix not in scope:
        return name
    address = scope[prefix].strip()
    if not address:
        return local
    for pattern, usual in _KNOWN:
        if pattern.fullmatch(address):
            return local if usual in _BARE else f"{usual}:{local}"
    return f"?{local}"
