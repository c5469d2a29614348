"""Run the extensions of a site: import each, let it register its additions, and guard all of its functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, wraps
from typing import Any

from generator.digest import digest
from generator.errors import ConfigError, OpenletterError, Problem, TemplateError, error
from generator.extensions.faults import HINT, defined, fault, place, said
from generator.extensions.find import ExtensionSources, FoundExtension, read
from generator.extensions.modules import import_extension
from generator.extensions.results import frozen
from generator.registry import Additions, Check, Filter, FilterError, KindAddition, MarkdownAddition, Query, Registry


@lru_cache(maxsize=4)
def load(sources: ExtensionSources) -> Additions:
    """Run extensions and collect what they add, once per process.

    Raises: ConfigError if one cannot be imported, adds something invalid, or has changed since `find`.
    """
    found = read(sources.root, sources.names)
    problems = [_changed(f) for f, known in zip(found, sources.digests, strict=True) if f.digest != known]
    taken = _taken()
    extended: list[tuple[_Guard, Registry]] = []
    for each in found if not problems else ():
        registry = Registry(taken, _try_out)
        problem = _extend(each, registry)
        if problem is None:
            extended.append((_Guard(each), registry))
        else:
            problems.append(problem)
    if problems:
        raise ConfigError(problems)
    return _additions(extended, sources)


def _taken() -> dict[str, set[str]]:
    """List the names of the program itself: an extension cannot use them."""
    from jinja2.filters import FILTERS

    from generator.content.known import HIDING, KEYS

    # A post that other generators hide stays hidden, even if an extension adds the same key.
    return {"filter": set(FILTERS), "field": set().union(HIDING, *KEYS.values())}


def _changed(found: FoundExtension) -> Problem:
    message = f"The extension {found.name} changed during the build."
    return error(next(iter(found.files)), "extension-failed", message, "Build again.")


def _extend(found: FoundExtension, registry: Registry) -> Problem | None:
    """Run one extension."""
    start = (_module_path(found), 0)
    try:
        module = import_extension(found)
        name = found.entry.partition(":")[2].strip() or "extend"
        extend = getattr(module, name, None)
        if not callable(extend):
            message = f"The extension {found.name} has no function {name}(registry)."
            return error(start[0], "extension-failed", message, HINT)
        extend(registry)
    except (Exception, SystemExit) as reason:
        return fault(reason, found.shown, f"The extension {found.name} cannot be loaded", start)
    return None


def _try_out(addition: MarkdownAddition) -> None:
    """Make a converter with a Markdown extension, to find its errors before the first text is converted."""
    from generator.markup.python_markdown import add, make_converter

    add(make_converter(), (addition,))


def _module_path(found: FoundExtension) -> str:
    """Return the path of an extension's module, for problems without a better place."""
    if not found.entry:
        wanted: tuple[str, ...] = (f"extensions/{found.name}/__init__.py", f"extensions/{found.name}.py")
    else:
        inner = found.entry.partition(":")[0].strip().replace(".", "/")
        wanted = tuple(path for path in found.files if path.endswith((f"{inner}.py", f"{inner}/__init__.py")))
    return next((path for path in wanted if path in found.files), found.name)


def _additions(extended: Iterable[tuple[_Guard, Registry]], sources: ExtensionSources) -> Additions:
    filters: dict[str, Filter] = {}
    queries: dict[str, Query] = {}
    markdown: list[MarkdownAddition] = []
    fields: dict[str, Check] = {}
    kinds: dict[str, KindAddition] = {}
    origins: dict[str, str] = {}
    decisive: list[str] = []
    for guard, registry in extended:
        filters |= {name: guard.filter(name, each) for name, each in registry.filters.items()}
        queries |= {name: guard.query(name, each) for name, each in registry.queries.items()}
        fields |= {name: guard.check(name, each) for name, each in registry.fields.items()}
        kinds |= {name: guard.kind(name, each) for name, each in registry.kinds.items()}
        origins |= dict.fromkeys(registry.kinds, guard.module)
        markdown += registry.additions
        decisive += [guard.digest] if registry.additions or registry.fields else []
    documents = digest(decisive, sources.surroundings) if decisive else ""
    files = {file: shown for guard, _ in extended for file, shown in guard.files.items()}
    return Additions(filters, queries, tuple(markdown), fields, kinds, origins, documents, files)


class _Guard:
    """Guards the functions of one extension: any exception becomes a problem, never a traceback."""

    def __init__(self, found: FoundExtension) -> None:
        self.module = _module_path(found)
        self.digest = found.digest
        self.files: Mapping[str, str] = found.shown

    def filter(self, name: str, function: Filter) -> Filter:
        """Guard a filter; the template that uses it adds its own line."""

        def failed(reason: BaseException) -> Exception:
            return FilterError(f"the filter {name} failed at {self._where(reason, function)}: {said(reason)}")

        return _guarded(function, failed)

    def query(self, name: str, function: Query) -> Query:
        """Guard a query, and freeze its results."""
        failed = self._template_error(f"The query {name} failed", function)
        return _guarded(lambda index, of: frozen(function(index, of)), failed)

    def check(self, name: str, function: Check) -> Check:
        """Guard a field's check; a ValueError is its message to the author of a text."""

        def failed(reason: BaseException) -> Exception:
            if isinstance(reason, ValueError):
                return reason
            return ValueError(f"The check of {name} failed at {self._where(reason, function)}: {said(reason)}")

        return _guarded(function, failed)

    def kind(self, name: str, addition: KindAddition) -> KindAddition:
        """Guard both functions of a kind."""
        what = f"The kind {name} failed"
        plan = _guarded(lambda index: tuple(addition.plan(index)), self._template_error(what, addition.plan))
        render = _guarded(addition.render, self._template_error(what, addition.render))
        return KindAddition(plan, render)

    def _template_error(self, what: str, function: Any) -> Callable[[BaseException], Exception]:
        """Make the function that turns an exception into a problem at the extension's line."""
        start = defined(function, self.files, self.module)
        return lambda reason: TemplateError(fault(reason, self.files, what, start))

    def _where(self, reason: BaseException, function: Any) -> str:
        path, line = place(reason, self.files) or defined(function, self.files, self.module)
        return f"{path}:{line}" if line else path


def _guarded(function: Callable[..., Any], failed: Callable[[BaseException], Exception]) -> Callable[..., Any]:
    """Call a function; raise the result of `failed` for its exceptions, except for our own problems."""

    @wraps(function)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except OpenletterError:
            raise
        except (Exception, SystemExit) as reason:
            raise failed(reason) from reason

    return guarded
