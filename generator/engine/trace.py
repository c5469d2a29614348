"""Keys and reads: which page read which key, and which results have changed.

A page is stale if a key that it read has another digest now.

Source: the verifying traces of Mokhov, Mitchell, Peyton Jones, "Build Systems à la Carte" (2018), without a scheduler.
After each build, the state has one digest for every key that any page read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from generator.engine.stored_keys import KeyEntry, StoredKeys
from generator.errors import OpenletterError
from generator.site.queries import Queries
from generator.store.rows import BrokenStateError, TargetRow, find_packed, pack, unpack

ABSENT = "absent"
"""The digest of a result that no longer exists, for example of a tag that no post has any more."""
UNKNOWN = ""
"""The digest of a result that may have changed and was not computed: until a page reads it, it differs from any."""


_FEW = 8


class Trace:
    """The keys of the last build and, as this one renders, those of the next.

    `changed`: number of a key that has another digest now → key. `fresh`: key → number and digest, if the key is not in
    the state yet, or has another digest there. `had_any` is True if the state had any key.
    """

    def __init__(self, keys: StoredKeys) -> None:
        self.keys = keys
        self.changed: dict[int, str] = {}
        self.fresh: dict[str, KeyEntry] = {}
        self.had_any = bool(keys.last)
        self.asked = 0
        self._last = keys.last
        self._packed: list[tuple[bytes, str]] = []

    def recheck(self, queries: Queries, names: Iterable[str] | None = None, unasked: Set[str] = frozenset()) -> None:
        """Compute the results of all known keys again, or of those in `names`; record which have changed.

        Those that are `unasked` count as changed: nobody waits for the few pages that read them.
        """
        for name in self.keys.all() if names is None else dict.fromkeys(names):
            self.asked += 1
            known = self.keys.get(name)
            if known is None:
                continue
            number, before = known
            now = digest_now(queries, name) if name not in unasked else UNKNOWN
            if now != before or now == UNKNOWN:
                self.changed[number] = name
                self.fresh[name] = (number, now)

    def check_completeness(self, queries: Queries) -> None:
        """Compute all results again: no other key than those found may have changed. Raises: AssertionError.

        Except for those of which no result is known: whatever reads them was left by the last build, and is stale.
        """
        whole = Trace(self.keys)
        whole.recheck(queries)
        known = (name for name in whole.fresh if self.keys.all()[name][1] != UNKNOWN)
        missed = sorted(name for name in known if name not in self.fresh)
        assert not missed, f"these keys have changed, and were not asked: {missed[:10]}"

    def stale(self, row: TargetRow) -> tuple[str, ...]:
        """List the keys that a target read and whose results have changed, in the order it read them."""
        if len(self.changed) <= _FEW:
            found = [(at, name) for number, name in self._few() if (at := find_packed(number, row.reads)) >= 0]
            return tuple(name for _, name in sorted(found)) if found else ()
        return tuple(map(self.changed.__getitem__, filter(self.changed.__contains__, unpack(row.reads))))

    def _few(self) -> list[tuple[bytes, str]]:
        """Return the changed keys with their numbers as rows store them: rows that are searched need no unpacking."""
        if len(self._packed) != len(self.changed):
            self._packed = [(pack([number]), name) for number, name in self.changed.items()]
        return self._packed

    def record(self, reads: Iterable[tuple[str, str]]) -> list[int]:
        """Return the number of each key that was read. `reads` are keys with the digests of their results."""
        fresh, known = self.fresh.get, self.keys.finder()
        return [
            (found if (found := fresh(name) or known(name)) and found[1] else self._add(name, now, found))[0]
            for name, now in reads
        ]

    def keep(self) -> None:
        """Store the keys that are new or have another result; `Store.commit` makes the change permanent."""
        self.keys.keep(self.fresh)
        self.fresh = {}

    def _add(self, name: str, now: str, known: KeyEntry | None) -> KeyEntry:
        """Add a key, or the digest of a `known` one that was not asked."""
        if known is None:
            self._last += 1
        added = self.fresh[name] = (known[0] if known is not None else self._last, now)
        return added


def digest_now(queries: Queries, name: str) -> str:
    """Return the digest of a key's result now; `ABSENT` if the key no longer has a result."""
    try:
        return queries.digest(name)
    except (KeyError, ValueError, OpenletterError):
        return ABSENT


def unread_keys(rows: Iterable[TargetRow], keys: Mapping[str, KeyEntry]) -> frozenset[str]:
    """List the keys that no target reads any more. Raises: BrokenStateError if a target reads an unknown key."""
    used: set[int] = set()
    for row in rows:
        used.update(unpack(row.reads))
    gone = frozenset(name for name, known in keys.items() if known[0] not in used)
    if len(keys) - len(gone) != len(used):
        raise BrokenStateError("a target reads an unknown key")
    return gone
