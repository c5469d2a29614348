"""Find translations by the names and folders of sources."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from generator.importers.import_model import Origin

_LANGUAGE_SUFFIX = re.compile(r"(.+)\.([a-z]{2,3}(?:-[A-Za-z]{2,4})?)")


def find_languages(origins: list[Origin], known: Sequence[str]) -> list[Origin]:
    """Find translations: `post.fr.md` next to `post.md`, `en/post.md` and `fr/post.md`."""
    return _by_folder(_by_suffix(origins, known), known)


def _by_suffix(origins: list[Origin], known: Sequence[str]) -> list[Origin]:
    matches = [(origin, _LANGUAGE_SUFFIX.fullmatch(origin.rel.rpartition(".")[0])) for origin in origins]
    stems = defaultdict(int, {origin.rel.rpartition(".")[0]: 1 for origin in origins})
    for _, match in matches:
        if match and is_language(match[2]):
            stems[match[1]] += 1
    result = []
    for origin, match in matches:
        if match and is_language(match[2]) and (match[2] in known or stems[match[1]] > 1):
            origin = replace(origin, lang=match[2], group=group_of(f"{match[1]}.md"))
        result.append(origin)
    return result


def _by_folder(origins: list[Origin], known: Sequence[str]) -> list[Origin]:
    """Recognise language folders: the settings name them, or two of them share a path."""
    split = [(origin, *_language_folder(origin.group)) for origin in origins]
    shared: dict[str, set[str]] = defaultdict(set)
    for _, before, lang, after in split:
        if lang:
            shared[f"{before}/{after}"].add(lang)
    proven = {lang for langs in shared.values() if len(langs) > 1 for lang in langs} | set(known)
    result = []
    for origin, before, lang, after in split:
        if lang in proven and not origin.lang:
            origin = replace(origin, lang=lang, group=f"{before}/{after}".strip("/"))
        result.append(origin)
    return result


def _language_folder(group: str) -> tuple[str, str, str]:
    """Split `content/fr/news/a` into `content`, `fr`, `news/a`: only the first folder, or the one below `content`."""
    steps = group.split("/")
    at = 1 if steps[0] == "content" else 0
    if len(steps) > at + 1 and is_language(steps[at]):
        return "/".join(steps[:at]), steps[at], "/".join(steps[at + 1 :])
    return "", "", group


def group_of(rel: str) -> str:
    """Return a path without its suffix, and without `index`."""
    stem = rel.rpartition(".")[0]
    return stem.removesuffix("/index").removesuffix("/_index") if "/" in stem else stem


def is_language(code: str) -> bool:
    """Return True for a language code (`fr`, `pt-BR`), unlike `js` and `md`."""
    return code.partition("-")[0].lower() in LANGUAGES


_ISO_639_1 = """
aa ab af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cs cu cv cy da de dv dz ee el en eo es et eu fa
ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik is it iu ja jv ka kg ki kj kk kl km kn
ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om
or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to
tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
LANGUAGES = frozenset(_ISO_639_1.split())
"""Without Ido (`io`), because `.io` is more often a domain."""
