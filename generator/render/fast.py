"""A faster Jinja with the same results, through the four classes that an environment can replace.

Stock Jinja makes checks and copies for each value, call and include of a page. Here only the few that need them get
them, which saves a third of a page's time. `tests/render/test_fast.py` compares each feature with stock Jinja.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from functools import cache, cached_property
from types import BuiltinMethodType, MethodType
from typing import Any

import jinja2
from jinja2.compiler import CodeGenerator, Frame, optimizeconst
from jinja2.nodes import Const, EvalContext, Expr, Getattr, Include
from jinja2.runtime import Context
from jinja2.utils import missing
from markupsafe import Markup, escape

try:
    from markupsafe._speedups import _escape_inner as _escape_text
except ImportError:  # an older MarkupSafe, or one without its C part
    _escape_text = escape

_METHODS = (MethodType, BuiltinMethodType)
_MARK = "jinja_pass_arg"
"""What `pass_context` and the like set: to look for it with `hasattr` would take three times as long."""
_OF_DICTS = frozenset(dir(dict))


class Lazy:
    """A value of a template's context that is computed once, when a template first reads it."""

    __slots__ = ("_made", "_make", "_of")

    def __init__(self, make: Callable[..., Any], *of: Any) -> None:
        self._make = make
        self._of = of
        self._made: Any = missing

    def value(self) -> Any:
        """Return the value; compute it the first time."""
        if self._made is missing:
            self._made = self._make(*self._of)
        return self._made


def made_now(values: Mapping[str, Any]) -> dict[str, Any]:
    """Compute all lazy values, for stock Jinja, which does not support them."""
    return {name: value.value() if type(value) is Lazy else value for name, value in values.items()}


def shown(value: Any) -> str:
    """Escape a value for output as `markupsafe.escape` does, but return safe HTML without copying it."""
    if type(value) is str:
        return _escape_text(value)
    return value if type(value) is Markup else escape(value)


class FastContext(Context):
    """A context with lazy values, which calls methods without checks for special arguments."""

    def __init__(
        self,
        environment: jinja2.Environment,
        parent: dict[str, Any],
        name: str | None,
        blocks: dict[str, Callable[[Context], Iterator[str]]],
        globals: MutableMapping[str, Any] | None = None,
    ) -> None:
        """Set what the base class sets, except `eval_ctx`, which most templates never read."""
        self.parent = parent
        self.vars = {}
        self.environment = environment
        self.exported_vars = set()
        self.name = name
        self.globals_keys = set(globals or ())
        self.blocks = {block: [write] for block, write in blocks.items()} if blocks else {}

    @cached_property
    def eval_ctx(self) -> EvalContext:  # type: ignore[override]
        """Whether the template escapes values now."""
        return EvalContext(self.environment, self.name)

    @classmethod
    def of_include(cls, template: jinja2.Template, around: Context, local: Mapping[str, Any]) -> Context:
        """Make the context of an included template: the values around the include, and those of its block or loop.

        No context changes its `parent`, so contexts share it if there are no other values.
        """
        values = around.parent
        inner = local and {name: value for name, value in local.items() if value is not missing}
        if inner or around.vars:
            values = {**values, **around.vars, **inner}
        return cls(template.environment, values, template.name, template.blocks)

    def resolve_or_missing(self, key: str) -> Any:
        """Find a variable's value; see the base class."""
        value = self.vars[key] if key in self.vars else self.parent.get(key, missing)
        return value.value() if type(value) is Lazy else value

    def call(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Call a function; see the base class. Methods without `pass_context` and the like are called directly."""
        if type(function) not in _METHODS or _MARK in getattr(getattr(function, "__func__", None), "__dict__", ()):
            return super().call(function, *args, **kwargs)
        if kwargs:
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
        try:
            return function(*args, **kwargs)
        except StopIteration:
            return self.environment.undefined("value was undefined because a callable raised a StopIteration exception")


class FastTemplate(jinja2.Template):
    """A template whose contexts are made of plain dictionaries."""

    def new_context(
        self,
        vars: dict[str, Any] | None = None,
        shared: bool = False,
        locals: Mapping[str, Any] | None = None,
    ) -> Context:
        """Make a context for rendering; see the base class. There are no globals besides the environment's."""
        parent = (vars or {}) if shared else {**self.environment.globals, **(vars or {})}
        if locals:
            parent = {**parent, **{name: value for name, value in locals.items() if value is not missing}}
        return self.environment.context_class(self.environment, parent, self.name, self.blocks)


class FastGenerator(CodeGenerator):
    """A code generator whose templates output with `shown`, and output an include as one piece.

    In stock Jinja, every enclosing template and block passes on each piece of an include.
    """

    def visit_Include(self, node: Include, frame: Frame) -> None:  # noqa: N802 Jinja names it
        """Write an include of a template by its literal name as one piece; leave all others to the base class."""
        name = node.template.value if isinstance(node.template, Const) else None
        if not isinstance(name, str) or node.ignore_missing or not node.with_context:
            super().visit_Include(node, frame)
            return
        self.start_write(frame, node)
        self.write(f"environment.included({name!r}, {self.name!r}, context, {self.dump_local_context(frame)})")
        self.end_write(frame)

    @optimizeconst
    def visit_Getattr(self, node: Getattr, frame: Frame) -> None:  # noqa: N802 Jinja names it
        """Write the access to an attribute; a call of the environment follows only if there is no such attribute."""
        self.write("(_value if (_value := getattr((_of := ")
        self.visit(node.node, frame)
        self.write(f"), {node.attr!r}, missing)) is not missing else environment.getattr(_of, {node.attr!r}))")

    def _output_child_pre(self, node: Expr, frame: Frame, finalize: Any) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write(f"environment.shown({finalize.src or ''}")


class FastEnvironment(jinja2.Environment):
    """An environment without reloading: a template is looked up once."""

    code_generator_class = FastGenerator
    context_class = FastContext
    template_class = FastTemplate

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, auto_reload=False, cache_size=-1)
        if callable(self.autoescape):
            self.autoescape = cache(self.autoescape)  # every context calls it with the template's name
        self.shown = shown
        self._found: dict[str, jinja2.Template] = {}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Get an attribute, else an item; see the base class. In a dictionary, items are more frequent."""
        if type(obj) is dict and attribute in obj and attribute not in _OF_DICTS:
            return obj[attribute]
        try:
            return getattr(obj, attribute)
        except AttributeError:
            return super().getattr(obj, attribute)

    def rendered(self, name: str, values: Mapping[str, Any]) -> str:
        """Render a template as its own `render` does."""
        template = self.get_template(name)
        try:
            return "".join(template.root_render_func(template.new_context(dict(values))))
        except Exception:
            self.handle_exception()

    def included(self, name: str, parent: str | None, context: Context, local: Mapping[str, Any]) -> str:
        """Render an included template."""
        template = self._found.get(name) or self.get_template(name, parent)
        return "".join(template.root_render_func(FastContext.of_include(template, context, local)))

    def get_template(self, name: Any, parent: str | None = None, globals: Any = None) -> jinja2.Template:
        """Find a template; see the base class."""
        found = self._found.get(name) if type(name) is str and not globals else None
        if found is None:
            found = super().get_template(name, parent, globals)
            if type(name) is str and not globals:
                self._found[name] = found
        return found
