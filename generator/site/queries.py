"""Results by key, `kind|id`: each a frozen value with its digest.

Every fact that a page shows is the result of a key, so a page's reads show exactly what it depends on. Results are
cached for one build, except bodies, which stay in the store.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from types import MappingProxyType
from typing import Any, TypeVar

from generator.config import Config
from generator.digest import digest
from generator.site.editions import view_edition
from generator.site.index_model import SiteIndex
from generator.site.index_reader import Bodies, IndexReader
from generator.site.keys import ADDED, BODY, BY_LANGUAGE, CARD, KEYS, KeyKind

T = TypeVar("T")
Result = tuple[Any, str]
REMEMBERED = 15_000  # results in the cache: about 6 MB in each process

# Half of all results are one of these two, so tens of thousands of results share two objects.
_YES: Result = (True, digest(True))
_NO: Result = (False, digest(False))
_STORED = f"{BODY.name}|"


class Queries(IndexReader):
    """All queries of one build.

    `cards` maps the paths of documents to digests of their cards, if they are already known.
    """

    def __init__(
        self, index: SiteIndex, config: Config, bodies: Bodies, cards: Mapping[str, str] = MappingProxyType({})
    ) -> None:
        super().__init__(index, config, bodies)
        self._cards = cards
        self.known: dict[str, Result] = {}
        """The results so far, except bodies: key → value and digest."""
        self.editions: dict[str, Queries] = {
            tag: Queries(view_edition(index, tag), config.in_language(tag), bodies, cards) for tag in index.editions
        }
        """The queries of each further language with pages of its own."""
        self._last_body: tuple[str, Result] = ("", (None, ""))
        self._answers: dict[str, Callable[[str], Any]] = {
            kind.name: partial(kind.read, self) for kind in KEYS.values() if kind.read is not None and not kind.stored
        }

    def supply(self, kind: KeyKind[T], answer: Callable[[str], T]) -> None:
        """Supply the answer of a kind that the index cannot answer.

        It must depend only on the id and this build's frozen values.
        """
        assert kind.read is None, kind.name
        self._supply(kind.name, answer)

    def supply_added(self, name: str, answer: Callable[[str], Any]) -> None:
        """Supply the query that an extension adds under a name."""
        self._supply(ADDED.name + name, answer)

    def _supply(self, name: str, answer: Callable[[str], Any]) -> None:
        assert name not in self._answers, name
        self._answers[name] = answer
        for edition in self.editions.values():
            edition._answers.setdefault(name, answer)

    def renew(self, bodies: Bodies) -> None:
        """Replace the texts; the caller drops the results that depend on them."""
        self._bodies = bodies
        self._last_body = ("", (None, ""))
        for edition in self.editions.values():
            edition.renew(bodies)

    def forget(self, keys: Iterable[str]) -> None:
        """Drop results, so that they are computed again."""
        for key in keys:
            self.known.pop(key, None)

    def get(self, key: str) -> Result:
        """Return the result of a key and its digest. Raises: KeyError for a kind that nothing answers."""
        known = self.known.get(key)
        if known is None:
            if key.startswith(_STORED):
                return self._stored(key.removeprefix(_STORED))
            kind, _, of = key.partition("|")
            value = self._answer(kind, of)
            name = self._cards.get(of) if kind == CARD.name else None
            known = _YES if value is True else _NO if value is False else (value, name or digest(value))
            if len(self.known) >= REMEMBERED:
                self.known.clear()  # most are read by one page only
            self.known[key] = known
        return known

    def _answer(self, kind: str, of: str) -> Any:
        """Answer a key: for a page of another language, `tag|cy:x`, from what that language lists."""
        language, colon, rest = of.partition(":")
        if colon and language in self.editions and kind in BY_LANGUAGE:
            return self.editions[language]._answers[kind](rest)
        return self._answers[kind](of)

    def result(self, kind: KeyKind[T], of: str = "") -> T:
        """Return the result of a key of this kind without recording it: for planning, not for rendering."""
        value: T = self.get(f"{kind.name}|{of}")[0]
        return value

    def digest(self, key: str) -> str:
        """Return the digest of a key's result. Raises: KeyError for a kind that nothing answers."""
        return self._bodies.digest(key.removeprefix(_STORED)) if key.startswith(_STORED) else self.get(key)[1]

    def _stored(self, key: str) -> Result:
        """Fetch a body; the last one is cached, because a page reads its own body more than once."""
        if self._last_body[0] != key:
            self._last_body = (key, self._bodies.body(key))
        return self._last_body[1]
