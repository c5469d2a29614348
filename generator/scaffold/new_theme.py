"""Start a theme of the site's own, and copy templates and blocks into it to change them."""

from __future__ import annotations

import re
from pathlib import Path

from generator import __version__
from generator.config import load_config
from generator.errors import ConfigError, error
from generator.scaffold.new_files import write_new_files
from generator.text.suggestions import did_you_mean
from generator.theming import Theme, load_theme

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}")
_BLOCK_TAG = re.compile(r"{%-?\s*(block\s+(?P<name>\w+)|endblock\b)[^%]*%}\n?")
_EXTENDS = re.compile(r"""{%-?\s*extends\s+["']([^"']+)["']""")
_THEME_TOML = """name = "{name}"
description = "The look of our site."
extends = "default"
"""
_BASE = """{{% extends "@default/base.html" %}}
{{% block styles %}}
{{{{ super() }}}}
<link rel="stylesheet" href="{{{{ site.asset("{name}.css") }}}}">
{{% endblock %}}
"""
_CSS = """/* Your rules win over those of the default theme. docs/theming.md lists its properties, such as:
:root { --measure: 38rem; }
*/
"""


def create_theme(root: Path, name: str) -> tuple[str, ...]:
    """Write a small theme that extends the default one; returns its files, as paths within the site.

    Raises: ConfigError if site.toml has a mistake, or the name cannot be used or is taken.
    """
    load_config(root)
    if not _NAME.fullmatch(name) or name == "default":
        message = f'"{name}" cannot be the name of a new theme.'
        raise _refused(message, "Use small letters, digits and hyphens, such as: openletter theme new ours")
    folder = f"themes/{name}"
    if (root / folder).exists():
        raise ConfigError(error(folder, "in-the-way", "This theme already exists.", "Choose another name."))
    texts = {
        f"{folder}/theme.toml": _THEME_TOML.format(name=name),
        f"{folder}/templates/base.html": _BASE.format(name=name),
        f"{folder}/static/{name}.css": _CSS,
    }
    write_new_files(root, texts)
    return tuple(texts)


def copy_template(root: Path, template: str, block: str = "") -> str:
    """Copy a template that the site's theme inherits into that theme; returns the path of the copy within the site.

    With a `block` the copy extends the original and has that block alone, so that later versions of the rest come
    through. The first line of the copy names the theme and the version that it comes from.

    Raises: ConfigError if the site has no theme of its own, or there is no such template or block; the same if the
    theme has the template already.
    """
    config, _ = load_config(root)
    theme = load_theme(root, config.theme, config.theme_options)
    own = theme.chain[0]
    if own.folder.parent.resolve() != (root / "themes").resolve():
        message = (
            f'The site uses the theme "{theme.name}", which comes with Openletter, so there is no folder for a copy.'
        )
        raise _refused(message, _how_to_own(root))
    path = f"themes/{own.name}/templates/{template}"
    if template in theme.layers[0]:
        hint = "Edit it, or move it away first."
        raise ConfigError(error(path, "in-the-way", "Your theme has this template already.", hint))
    origin, text = _inherited(theme, template)
    if block:
        text = f'{{% extends "@{origin}/{template}" %}}\n{_block(theme, template, block)}\n'
    what = f"The block {block} of {template}" if block else template
    head = f"{{# {what}, copied from the theme {origin} of Openletter {__version__}. #}}\n"
    write_new_files(root, {path: head + text})
    return path


def _how_to_own(root: Path) -> str:
    """Hint at the theme in the site's folder, which site.toml does not use yet, or how to start one."""
    made = sorted(file.parent.name for file in (root / "themes").glob("*/theme.toml"))
    if made:
        return f'Write in site.toml, above the first section: theme = "{made[0]}"'
    return "Start a theme of your own first: openletter theme new ours"


def _inherited(theme: Theme, template: str) -> tuple[str, str]:
    """Find a template below the theme's own layer; returns the name of its theme, and its text."""
    for layer, templates in zip(theme.chain[1:], theme.layers[1:], strict=True):
        if template in templates:
            return layer.name, templates[template].text
    names = sorted({name for templates in theme.layers[1:] for name in templates})
    hint = did_you_mean(template, names)
    raise _refused(f'There is no template "{template}" to copy.', hint)


def _block(theme: Theme, template: str, block: str) -> str:
    """Find the source of a block, in the template or in those it extends."""
    found: dict[str, str] = {}
    name: str | None = template
    while name is not None:
        text = _inherited(theme, name.rpartition("@default/")[2])[1]
        for each, source in _blocks(text).items():
            found.setdefault(each, source)
        parent = _EXTENDS.search(text)
        name = parent[1] if parent else None
    if block not in found:
        raise _refused(f'The template {template} has no block "{block}".', did_you_mean(block, sorted(found)))
    return found[block]


def _blocks(text: str) -> dict[str, str]:
    """Cut a template's blocks out, nested ones too: name → source with its tags."""
    found: dict[str, str] = {}
    begun: list[tuple[str, int]] = []
    for tag in _BLOCK_TAG.finditer(text):
        if tag["name"]:
            begun.append((tag["name"], tag.start()))
        elif begun:
            name, start = begun.pop()
            found[name] = text[start : tag.end()].rstrip("\n")
    return found


def _refused(message: str, hint: str) -> ConfigError:
    return ConfigError(error("", "option", message, hint))
