"""What a build begins with: configuration, theme, sources found, the moment; and digests of what all depends on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from generator.build.dialect import check_dialect
from generator.build.fingerprint import generator_fingerprint
from generator.build.options import BuildOptions
from generator.clock import Clock
from generator.config import Config, load_config
from generator.content.find import Scan, scan
from generator.digest import digest, digest_bytes
from generator.errors import Problem
from generator.site.publication import Publication
from generator.theming import Theme, load_theme

if TYPE_CHECKING:
    from generator.extensions import Sources
    from generator.registry import Additions


@dataclass(frozen=True, slots=True)
class Inputs:
    """A build's beginning. `world` names by digest what every page may depend on; `banner` is "" but in previews.

    `extensions` says where those lie that site.toml names, None where it names none: looked at, but not yet run.
    """

    config: Config
    theme: Theme
    found: Scan
    publication: Publication
    banner: str
    world: tuple[str, ...]
    problems: tuple[Problem, ...]
    extensions: Sources | None = None

    def additions(self) -> Additions:
        """Run the extensions and give what they add. Raises: ConfigError, when one of them fails."""
        from generator.registry import Additions

        if self.extensions is None:
            return Additions()
        from generator.extensions import load

        return load(self.extensions)

    @property
    def now(self) -> datetime:
        """The moment the build stands at."""
        return self.publication.now


def gather(root: Path, options: BuildOptions, clock: Clock) -> Inputs:
    """Read configuration and theme, find the sources. Raises: ConfigError."""
    config, problems = load_config(root)
    check_dialect(root, config)
    theme = load_theme(root, config.theme, config.theme_options)
    found = scan(root)
    now = options.at or clock.now
    now = now if now.tzinfo else now.replace(tzinfo=config.zone)
    publication = Publication(now, options.drafts, options.future)
    banner = _banner(options, now)
    extensions = _extensions(root, config)
    world = (
        generator_fingerprint(),
        digest(config),
        _theme_digest(theme),
        digest(options.drafts, options.future, banner),
        extensions.digest if extensions else "",
    )
    said = (*problems, *theme.problems, *found.problems)
    return Inputs(config, theme, found, publication, banner, world, said, extensions)


def _extensions(root: Path, config: Config) -> Sources | None:
    if not config.extensions.use:
        return None
    from generator.extensions import find

    return find(root, config.extensions.use)


def _theme_digest(theme: Theme) -> str:
    templates = [
        [(name, digest_bytes(each.text.encode()), each.problem) for name, each in layer.items()]
        for layer in theme.layers
    ]
    static = [(path, file.output_path) for path, file in sorted(theme.static.items())]
    return digest(theme.name, [layer.label for layer in theme.chain], dict(theme.options), templates, static)


def _banner(options: BuildOptions, now: datetime) -> str:
    """Word the banner of a preview; "" for a public build."""
    if not options.preview:
        return ""
    shown = ["drafts"] * options.drafts + ["scheduled posts"] * options.future
    what = f"Preview with {' and '.join(shown)}" if shown else "Preview"
    return f"{what}, as of {now:%Y-%m-%d %H:%M %Z}. Not for publication."
