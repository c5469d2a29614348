"""The inputs of a build: configuration, theme, sources, the moment, and digests of what every page depends on."""

from __future__ import annotations

import os
from collections.abc import Set
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from generator.clock import Clock
from generator.config import Config, load_config
from generator.config.load import FILE
from generator.content.site_files import ContentScan, scan_content
from generator.digest import digest, digest_bytes
from generator.engine.dialect import check_dialect
from generator.engine.fingerprint import generator_fingerprint
from generator.engine.folders import STATE
from generator.engine.options import BuildOptions
from generator.engine.settings import digest_config, digest_plan_settings, hash_card_font
from generator.engine.theme_files import theme_file_cleaner
from generator.errors import Problem
from generator.site.publication import Publication
from generator.theming import Theme, load_theme

if TYPE_CHECKING:
    from generator.content.rescan import Rescan
    from generator.extensions import ExtensionSources
    from generator.registry import Additions


STOCK = "OPENLETTER_STOCK"
"""If this environment variable is 1, Python-Markdown and Jinja run without our accelerations, and every body gets a
tree. The output is the same, so no fingerprint contains it. It shows whether an acceleration of ours is at fault."""

_THEMES = "themes/"
_CONTENT = "content/"


class Basis(Struct, frozen=True):
    """Digests of what every page may depend on: our code, site.toml, the theme, the kind of build, extensions.

    `config` is of the settings that the index may be made from, `plan` of those that outputs may be planned from,
    `settings` of all.
    """

    generator: str
    config: str
    theme: str
    mode: str
    extensions: str
    settings: str = ""
    plan: str = ""

    @property
    def for_documents(self) -> Basis:
        """What documents are converted with and the index is made from: all but what plan and pages alone depend on."""
        return replace(self, theme="", settings="", plan="")


class Inputs(Struct, frozen=True):
    """The inputs of a build. `root` is the site's folder. `banner` is "" except in previews.

    `extensions` are the files of the extensions that site.toml names, read but not yet run; None if it names none.
    `stock` switches our accelerations off: see STOCK. `card_font` is the digest of the font for social cards, "" for
    none.
    """

    config: Config
    theme: Theme
    found: ContentScan
    publication: Publication
    banner: str
    basis: Basis
    problems: tuple[Problem, ...]
    root: Path
    extensions: ExtensionSources | None = None
    stock: bool = False
    card_font: str = ""

    def additions(self) -> Additions:
        """Run the extensions and return what they add. Raises: ConfigError if one of them fails."""
        from generator.registry import Additions

        if self.extensions is None:
            return Additions()
        from generator.extensions import load

        return load(self.extensions)

    def document_extensions(self) -> ExtensionSources | None:
        """Return the extensions if they change how documents are converted. Raises: ConfigError."""
        return self.extensions if self.additions().documents else None

    @property
    def now(self) -> datetime:
        """The moment of the build."""
        return self.publication.now


def gather_inputs(root: Path, options: BuildOptions, clock: Clock, found: ContentScan | None = None) -> Inputs:
    """Read configuration and theme; find the sources unless they are given. Raises: ConfigError."""
    config, problems = load_config(root)
    config = replace(config, url=options.url) if options.url else config
    check_dialect(root, config)
    if options.precompress:
        from generator.engine.compression import check_precompression

        check_precompression()
    state = options.state or root / STATE
    program = generator_fingerprint(state)
    clean = theme_file_cleaner(state, program)
    theme = load_theme(root, config.theme, config.theme_options, plain_names=options.live, clean=clean)
    found = found or scan_content(root)
    publication = _publication(options, clock, config)
    banner = _banner(options, publication.now, config.language)
    card_font = hash_card_font(root, config)
    extensions = _extensions(root, config)
    basis = Basis(
        program,
        digest_config(config),
        _theme_digest(theme),
        digest(options.drafts, options.future, options.live, banner, options.counts, options.precompress),
        extensions.digest if extensions else "",
        digest(config),
        digest_plan_settings(config, card_font),
    )
    said = (*problems, *theme.problems, *found.problems)
    stock = os.environ.get(STOCK) == "1"
    return Inputs(config, theme, found, publication, banner, basis, said, root, extensions, stock, card_font)


def gather_again(
    root: Path, options: BuildOptions, clock: Clock, before: Inputs, hint: Set[str]
) -> tuple[Inputs, Rescan | None]:
    """Read again what a hint names; returns the sources that it names, or None if all sources were scanned.

    Raises: ConfigError.
    """
    from generator.content.rescan import rescan  # a first build needs none of it

    settings = {path for path in hint if path == FILE or path.startswith(_THEMES)}
    seen = rescan(root, before.found, hint - settings)
    if before.extensions is not None or (seen is None and not all(path.startswith(_CONTENT) for path in hint)):
        return gather_inputs(root, options, clock), None
    found = seen.scan if seen is not None else scan_content(root)
    if settings or hash_card_font(root, before.config) != before.card_font:
        return gather_inputs(root, options, clock, found), seen
    publication = _publication(options, clock, before.config)
    others = before.problems[: len(before.problems) - len(before.found.problems)]  # of settings and theme
    return replace(before, found=found, publication=publication, problems=(*others, *found.problems)), seen


def _publication(options: BuildOptions, clock: Clock, config: Config) -> Publication:
    now = options.at or clock.now
    now = now if now.tzinfo else now.replace(tzinfo=config.zone)
    return Publication(now, options.drafts, options.future, counts=options.counts)


def _extensions(root: Path, config: Config) -> ExtensionSources | None:
    if not config.extensions.use:
        return None
    from generator.extensions import find

    return find(root, config.extensions.use)


def _theme_digest(theme: Theme) -> str:
    templates = [
        [(name, digest_bytes(each.text.encode()), each.problem) for name, each in layer.items()]
        for layer in theme.layers
    ]
    static = [(path, file.digest, file.output_path) for path, file in sorted(theme.static.items())]
    labels = [layer.label for layer in theme.chain]
    return digest(theme.name, labels, dict(theme.options), templates, static, theme.card_colours)


def _banner(options: BuildOptions, now: datetime, language: str) -> str:
    """Write the banner of a preview in the site's language; it shows the moment if one was chosen.

    "" for a public build, and for a live preview, which shows pages as their readers will see them.
    """
    if not options.preview or options.live:
        return ""
    from generator.words import find_words

    words = find_words(language)
    what = {
        (False, False): words.gettext("Preview"),
        (True, False): words.gettext("Preview with drafts"),
        (False, True): words.gettext("Preview with scheduled posts"),
        (True, True): words.gettext("Preview with drafts and scheduled posts"),
    }[options.drafts, options.future]
    if not options.at:
        return words.gettext("%(preview)s. Not for publication.", preview=what)
    moment = f"{now:%Y-%m-%d %H:%M %Z}"
    return words.gettext("%(preview)s, as of %(moment)s. Not for publication.", preview=what, moment=moment)
