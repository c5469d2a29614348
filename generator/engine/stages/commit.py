"""The last stage: delete files that no longer belong, then store everything in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from generator.engine.cache import EngineCache
from generator.engine.compiled_templates import store_templates
from generator.engine.facts import commit_facts
from generator.engine.request import BuildRequest
from generator.engine.stages.compress import KIND as COMPRESSED
from generator.engine.stages.index import IndexResult
from generator.engine.stages.plan import SitePlan
from generator.engine.trace import Trace, unread_keys


def delete_unplanned(site: SitePlan, cache: EngineCache, *, keep_copies: bool) -> tuple[str, ...]:
    """Delete our files that the plan does not name; returns their paths, sorted.

    With `keep_copies` compressed copies stay: their stage has deleted those that no longer belong.
    """
    rows = cache.outputs.rows
    deleted = tuple(
        sorted(path for path in site.find_unplanned(rows.keys()) if not (keep_copies and rows[path].kind == COMPRESSED))
    )
    cache.outputs.delete(deleted)
    return deleted


def commit_state(
    request: BuildRequest,
    index: IndexResult,
    site: SitePlan,
    trace: Trace,
    cache: EngineCache,
    facts: Mapping[str, Any],
) -> None:
    """Store the keys that pages read, and what the next build needs to know; commit all of this build.

    After a whole index, if all of the site was looked at and rendered, keys that no page reads any more are dropped.
    Until then they are asked like others.
    """
    trace.keep()
    if site.whole and trace.had_any and index.updated is None and not cache.outputs.left:
        trace.keys.drop(unread_keys(cache.outputs.rows.values(), trace.keys.all()))
    found = {"plan-problems": site.plan.problems} if site.whole else {}
    commit_facts(cache.store, request.inputs, {**facts, **site.facts, **found})
    inputs = request.inputs
    store_templates(
        request.root, cache.store.folder, inputs.basis.generator, inputs.theme, site.context.templates.known
    )
