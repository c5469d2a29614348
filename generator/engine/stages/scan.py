"""The first stage: find the sources and outputs that have changed since the last build."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from generator.content.site_files import Role
from generator.engine.cache import EngineCache
from generator.engine.changes import SourceChanges, compare_some_sources, compare_sources
from generator.engine.facts import Reuse, find_reusable, settings_digests
from generator.engine.outputs import OutputCheck
from generator.engine.request import BuildRequest

FEW = 32  # up to this many changed sources, it pays to check whether only their texts have changed
_DOCUMENTS = (Role.POST, Role.PAGE, Role.ISSUE, Role.COMMENTS)
_FILES = (Role.FILE_BESIDE, Role.STATIC)


class ScanResult(Struct, frozen=True):
    """The result of the scan.

    `settings` are the digests, by role of a source, of the settings that its record depends on.
    """

    reuse: Reuse
    settings: Mapping[str, str]
    sources: SourceChanges
    outputs: OutputCheck

    @property
    def nothing_to_do(self) -> bool:
        """Whether the output is up to date."""
        changed = self.sources.changed or self.sources.removed or self.outputs.damaged or self.outputs.left
        return self.reuse.everything and not changed

    @property
    def few_documents(self) -> bool:
        """Whether only a few documents or comments changed, and no setting of the index: perhaps it can be updated."""
        changed, removed = self.sources.changed, self.sources.removed
        if not self.reuse.index or len(changed) + len(removed) > FEW:
            return False
        return all(item.role in _DOCUMENTS for item in changed)

    @property
    def few_files(self) -> bool:
        """Whether only a few files such as pictures have other bytes, and no setting of the index has changed."""
        changed = self.sources.changed
        if not self.reuse.index or self.sources.added or self.sources.removed or len(changed) > FEW:
            return False
        return all(item.role in _FILES for item in changed)

    @property
    def few_edits(self) -> bool:
        """Whether only a few documents were edited and none added or removed, so that perhaps only texts changed."""
        return self.few_documents and not self.sources.removed and not self.sources.added


def scan_site(request: BuildRequest, cache: EngineCache) -> ScanResult:
    """Compare sources and outputs with the cache."""
    reuse = find_reusable(cache.store, request.inputs)
    settings = settings_digests(cache.store, request.inputs)
    return ScanResult(reuse, settings, _scan_sources(request, cache, settings), _check_outputs(cache, reuse))


def _scan_sources(request: BuildRequest, cache: EngineCache, settings: Mapping[str, str]) -> SourceChanges:
    again = request.suspects
    suspects = frozenset(item.path for item in again.again) if again is not None else frozenset[str]()
    before = cache.inputs.basis.for_documents if cache.inputs else None
    if again is not None and before == request.inputs.basis.for_documents:
        changes = compare_some_sources(request.root, again.again, cache.sources, settings, suspects)
        changes.removed = [path for path in again.gone if path in cache.sources]
        return changes
    return compare_sources(request.root, request.inputs.found.found, cache.sources, settings, suspects)


def _check_outputs(cache: EngineCache, reuse: Reuse) -> OutputCheck:
    outputs = cache.outputs
    if cache.inputs is not None:  # this engine wrote them, and no other program has been here
        return outputs.failed()
    outputs.load()
    if reuse.interrupted or not outputs.files:
        outputs.folder.remove_leftovers()
    return outputs.check(by_stamp=not reuse.interrupted)
