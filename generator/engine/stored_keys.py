"""The keys of the last build, fetched one by one for a small edit and all at once for anything larger."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property

from generator.store.state import Store

KeyEntry = tuple[int, str]
"""A key's number and the digest of its answer."""


class StoredKeys:
    """The keys that pages read, from the state or from the memory of a running engine."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._some: dict[str, KeyEntry | None] = {}
        self._all: dict[str, KeyEntry] | None = None
        self._by_kind: dict[str, dict[str, None]] | None = None

    def get(self, name: str) -> KeyEntry | None:
        """Return a key's number and digest; None if no page read it."""
        if self._all is not None:
            return self._all.get(name)
        if name not in self._some:
            self._some[name] = self._store.key(name)
        return self._some[name]

    def finder(self) -> Callable[[str], KeyEntry | None]:
        """Return the fastest function for `get`, valid until keys are kept or dropped."""
        return self.get if self._all is None else self._all.get

    def all(self) -> dict[str, KeyEntry]:
        """Return all keys. Do not change the mapping."""
        if self._all is None:
            self._all = self._store.keys()
        return self._all

    def of_kind(self, kind: str) -> Iterable[str]:
        """List all keys of one kind."""
        return self.by_kind().get(kind, ())

    def by_kind(self) -> Mapping[str, Iterable[str]]:
        """Return all keys by their kind."""
        if self._by_kind is None:
            self._by_kind = {}
            self._sort_in(self.all())
        return self._by_kind

    @cached_property
    def last(self) -> int:
        """The highest number given so far."""
        return self._store.last_key() if self._all is None else max((n for n, _ in self._all.values()), default=0)

    def keep(self, fresh: Mapping[str, KeyEntry]) -> None:
        """Store new keys, and keys with new digests."""
        self._store.set_keys((number, name, digest) for name, (number, digest) in sorted(fresh.items()))
        (self._some if self._all is None else self._all).update(fresh)
        self._sort_in(fresh)
        self.last = max((self.last, *(number for number, _ in fresh.values())))

    def drop(self, names: frozenset[str]) -> None:
        """Drop keys that no page reads any more."""
        self._store.drop_keys(names)
        for name in names:
            self.all().pop(name, None)
            if self._by_kind is not None:
                self._by_kind.get(name.partition("|")[0], {}).pop(name, None)

    def _sort_in(self, names: Iterable[str]) -> None:
        """Add keys to those by kind, if anything has asked for these."""
        if self._by_kind is not None:
            for name in names:
                self._by_kind.setdefault(name.partition("|")[0], {})[name] = None
