"""A theme as one frozen value. Everything is read when it is loaded, so a build sees one state of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from generator.digest import digest, digest_bytes
from generator.errors import Problem
from generator.model import CardColours
from generator.theming.layers import StaticFile, Template, ThemeLayer

if TYPE_CHECKING:
    import jinja2

    from generator.theming.templates import Named


class Theme(Struct, frozen=True, eq=False):
    """A theme with the themes it extends: in `chain` and `layers` the child is first, and wins.

    `layers` maps, one mapping a layer of the chain, a template's name to it. `static` maps a path below static/ to its
    file. `card_colours` are those of social cards. `problems` are the warnings met on loading. `named` is what each
    template names, by the digest of its text: what is there need not be parsed.
    """

    name: str
    chain: tuple[ThemeLayer, ...]
    options: Mapping[str, Any]
    layers: tuple[Mapping[str, Template], ...]
    static: Mapping[str, StaticFile]
    card_colours: CardColours
    problems: tuple[Problem, ...] = ()
    named: dict[str, Named] = field(default_factory=dict)
    _references: dict[str, tuple[tuple[str, ...], Problem | None]] = field(default_factory=dict)

    @property
    def template_names(self) -> tuple[str, ...]:
        """List the names of all templates, sorted, without those of `@theme/` form."""
        return tuple(sorted({name for layer in self.layers for name in layer}))

    def find(self, name: str) -> Template | None:
        """Find a template by its name, the child's first, or by `@theme/name` in one theme of the chain."""
        if name.startswith("@"):
            theme, _, rest = name[1:].partition("/")
            return self._of_theme(theme).get(rest)
        return next((layer[name] for layer in self.layers if name in layer), None)

    def loader(self) -> jinja2.BaseLoader:
        """Make the Jinja loader: a choice over the chain, and `@theme/name` for one theme of it.

        A template's filename is the path its problems name, so that an error of Jinja's can be shown as it is.
        """
        from generator.theming.templates import make_loader

        return make_loader({layer.name: self._of_theme(layer.name) for layer in self.chain}, self.layers)

    def fingerprint(self, name: str) -> str:
        """Hash the sources of a template and of all it extends, includes and imports, itself first.

        Names that were not found are included, because a file of that name would change the page. The fingerprint of a
        template that includes a computed name covers all templates. A template with errors has a fingerprint too.
        """
        found = ((each, self.find(each)) for each in self._reachable(name))
        return digest([(name, t and (digest_bytes(t.text.encode()), t.problem is None)) for name, t in found])

    def check(self) -> tuple[Problem, ...]:
        """List the syntax problems of all templates, used or not, in the order of their places."""
        problems = {self._reference(template)[1] for layer in self.layers for template in layer.values()}
        return tuple(sorted(problem for problem in problems if problem))

    def _of_theme(self, name: str) -> Mapping[str, Template]:
        # The deepest layer of that name: a site's `default` reaches the built-in one it extends.
        return next(
            (layer for theme, layer in zip(self.chain[::-1], self.layers[::-1], strict=True) if theme.name == name), {}
        )

    def _reachable(self, name: str) -> tuple[str, ...]:
        seen = {name}
        waiting = [name]
        while waiting:
            template = self.find(waiting.pop())
            names = self._reference(template)[0] if template else ()
            waiting += [each for each in names if each not in seen]
            seen.update(names)
        return (name, *sorted(seen - {name}))

    def _reference(self, template: Template) -> tuple[tuple[str, ...], Problem | None]:
        if template.path not in self._references:
            from generator.theming.templates import find_references

            named, problem = find_references(template, self.named)
            computed = self.template_names if None in named else ()
            self._references[template.path] = tuple(sorted({name for name in (*named, *computed) if name})), problem
        return self._references[template.path]
