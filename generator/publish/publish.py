"""Publish a built site to one target: read what is there, plan, check, apply."""

from __future__ import annotations

import getpass
import platform
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from generator.config.targets.options import TargetConfig
from generator.digest import digest_bytes
from generator.progress import Progress
from generator.publish import guards
from generator.publish.apply import apply_plan
from generator.publish.headers import cache_control, content_type, headers_digest
from generator.publish.manifest import Files, Manifest, PublishedFile, TargetState, read_state
from generator.publish.paths import JOURNAL, MANIFEST, old_copy
from generator.publish.plan import PublishPlan, make_plan
from generator.publish.target import Lease, PublishTarget, Sent, Upload, refused


class SiteFiles(Struct, frozen=True):
    """The files to publish: their digests by path, in the folder of the output, or `made` for this target.

    `redirects` are the pages that lead on: output path → address.
    """

    output: Path
    digests: Mapping[str, str]
    made: Mapping[str, bytes] = {}
    redirects: Mapping[str, str] = {}

    def upload(self, path: str) -> Upload:
        """Describe a file for sending."""
        source = self.made.get(path)
        if source is not None:
            return _upload(path, source, digest_bytes(source))
        return _upload(path, self.output / path, self.digests[path], self.redirects.get(path, ""))

    def entries(self, *, headers: bool, redirects: bool) -> dict[str, PublishedFile]:
        """List all files as a manifest does; a target may keep their headers, and redirect by itself."""
        digests = {**self.digests, **{path: digest_bytes(data) for path, data in self.made.items()}}
        own = self.redirects if redirects else {}
        return {
            path: PublishedFile(
                digest, headers_digest(path, own.get(path, "")) if headers else "", self.redirects.get(path, "")
            )
            for path, digest in digests.items()
        }


class PublishOptions(Struct, frozen=True):
    """What a person asks for.

    `dry_run` changes nothing. `adopt` publishes among foreign files, and over another site. `again` sends every file.
    `max_deletes` replaces the setting. `despite` is the reason to publish during a hold. `restored` are output paths
    that were taken down and may be published again; `withdrawn` those to take down now, with all that is old.
    """

    dry_run: bool = False
    adopt: bool = False
    again: bool = False
    max_deletes: int | None = None
    despite: str = ""
    restored: frozenset[str] = frozenset()
    withdrawn: frozenset[str] = frozenset()


class Place(Struct, frozen=True):
    """Where to publish: the target, the address of the site, and the settings."""

    target: PublishTarget
    site: str
    settings: TargetConfig

    @property
    def words(self) -> str:
        """The place, for a person."""
        return self.settings.options.place


async def publish_site(
    at: Place, files: SiteFiles, options: PublishOptions, now: datetime, progress: Progress
) -> PublishPlan:
    """Publish the files; returns what was done. Closes the target. Raises: PublishError."""

    async def give(paths: Sequence[str], sent: Sent) -> None:
        await at.target.send([files.upload(path) for path in paths], sent)

    async with _closing(at.target), _locked(at.target, wanted=not options.dry_run) as lease:
        guards.check_content(files.digests)
        state = await _read(at.target)
        plan = await _plan(at, files, options, now, state)
        if lease is not None and not plan.is_empty:
            await apply_plan(at.target, plan, state, give, lease, progress)
        elif lease is not None and state.journal is not None:
            await at.target.delete([JOURNAL])
    return plan


async def publish_takedown(
    at: Place, files: SiteFiles, options: PublishOptions, now: datetime, progress: Progress, *, if_known: bool
) -> PublishPlan | None:
    """Publish a site without the `withdrawn` paths, and delete all that is old; returns what was done.

    None if nothing was ever published there or, with `if_known`, if none of the paths was. One that was taken down
    before counts, so that it can be verified again.
    """
    async with _closing(at.target):
        state = await _read(at.target)
        known = state.manifest
        paths = {*known.files, *known.before} if known is not None else set()
        off = frozenset(known.withdrawn) if known is not None else frozenset[str]()
        there = {path for path in options.withdrawn if path in paths or guards.address_digest(path) in off}
        if (known is None and state.journal is None) or (if_known and not there):
            return None
        options = replace(options, withdrawn=frozenset(there)) if if_known else options
        return await publish_site(at, files, options, now, progress)


async def roll_back(at: Place, options: PublishOptions, now: datetime, progress: Progress) -> PublishPlan:
    """Return to the publication before, or undo one that was cut. Closes the target. Raises: PublishError."""
    async with _closing(at.target), _locked(at.target, wanted=not options.dry_run) as lease:
        state = await _read(at.target)
        manifest = _known(state, at.words)
        guards.check_site(state, at.site, at.words, adopt=options.adopt)
        wanted = _files_before(manifest) if state.cut is None else manifest.files
        plan = make_plan(wanted, state, replace(manifest, time=now.isoformat(), despite=options.despite))
        await _check_copies(at, [old_copy(wanted[path].digest) for paths in plan.puts for path in paths])

        async def give(paths: Sequence[str], sent: Sent) -> None:
            await _restore(at.target, {path: wanted[path] for path in paths})
            for path in paths:
                sent(path)

        if lease is not None:
            await apply_plan(at.target, plan, state, give, lease, progress)
    return plan


async def _restore(target: PublishTarget, files: Files) -> None:
    """Bring old bytes back to their places. A copy of a redirect leads nowhere, so these are sent again."""
    again = [path for path, file in files.items() if target.keeps_redirects and file.redirect]
    await target.copy([(old_copy(file.digest), path) for path, file in files.items() if path not in again])
    for path in again:
        data = await target.read(old_copy(files[path].digest))
        if data is not None:
            await target.send([_upload(path, data, files[path].digest, files[path].redirect)], lambda _: None)


def _upload(path: str, source: Path | bytes, digest: str, redirect: str = "") -> Upload:
    return Upload(path, source, digest, content_type(path), cache_control(path), redirect=redirect)


@asynccontextmanager
async def _closing(target: PublishTarget) -> AsyncIterator[None]:
    try:
        yield
    finally:
        await target.close()


@asynccontextmanager
async def _locked(target: PublishTarget, *, wanted: bool) -> AsyncIterator[Lease | None]:
    """Hold the lock of the target; None if it is not `wanted`."""
    if wanted:
        async with target.lock(_holder()) as lease:
            yield lease
    else:
        yield None


async def _check_copies(at: Place, copies: Sequence[str]) -> None:
    """Refuse a rollback whose old bytes somebody has deleted at the target."""
    if copies and not frozenset(await at.target.list_paths()).issuperset(copies):
        message = f"The old files at {at.words} are not all there: somebody has deleted some of them."
        raise refused("publish-no-rollback", message, "Return to an earlier version of the sources, and publish it.")


def _known(state: TargetState, place: str) -> Manifest:
    manifest = state.manifest
    if manifest is None or (state.cut is None and not manifest.before):
        message = f"There is no earlier publication at {place} to return to."
        hint = "One is kept: none after the first publication, or after openletter unpublish."
        raise refused("publish-no-rollback", message, hint)
    return manifest


def _files_before(manifest: Manifest) -> Files:
    files: dict[str, PublishedFile | None] = {**manifest.files, **manifest.before}
    return {path: file for path, file in files.items() if file is not None}


async def _read(target: PublishTarget) -> TargetState:
    return read_state(await target.read(MANIFEST), await target.read(JOURNAL))


async def _plan(at: Place, files: SiteFiles, options: PublishOptions, now: datetime, state: TargetState) -> PublishPlan:
    known = state.manifest
    guards.check_site(state, at.site, at.words, adopt=options.adopt)
    if known is None and state.journal is None and not options.adopt:
        guards.check_foreign(await at.target.list_paths(), at.words)
    guards.check_withdrawn(files.digests, state, options.restored)
    withdrawn = frozenset(map(guards.address_digest, options.withdrawn))
    before = frozenset(known.withdrawn if known is not None else ()) - {
        guards.address_digest(path) for path in options.restored
    }
    after = Manifest(site=at.site, time=now.isoformat(), despite=options.despite, withdrawn=tuple(before | withdrawn))
    wanted = files.entries(headers=at.target.keeps_headers, redirects=at.target.keeps_redirects)
    plan = make_plan(wanted, state, after, purge=bool(withdrawn), again=options.again)
    if withdrawn:
        return await _with_old_copies(at.target, plan)
    published = known.files if known is not None else {}
    limit = options.max_deletes if options.max_deletes is not None else at.settings.max_deletes
    guards.check_deletions(plan, published, limit)
    return plan


async def _with_old_copies(target: PublishTarget, plan: PublishPlan) -> PublishPlan:
    """Add all old bytes to the deletions, also those that no manifest knows because a publication was cut."""
    old = [path for path in await target.list_paths() if path.startswith(old_copy(""))]
    return replace(plan, deletes=tuple(sorted({*plan.deletes, *old})))


def _holder() -> str:
    """Name this publisher for others: the account and its machine."""
    with suppress(OSError, KeyError):  # an account without a name, as in some containers
        return f"{getpass.getuser()} on {platform.node()}"
    return f"Somebody on {platform.node()}"
