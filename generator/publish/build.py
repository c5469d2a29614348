"""Build the site that is to be published, or take the one that was built."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from generator.clock import Clock
from generator.config import Config, load_config
from generator.config.example_url import refuse_example_url
from generator.config.targets.options import TargetConfig
from generator.digest import digest
from generator.engine.engine import Engine
from generator.engine.folders import STATE, default_output
from generator.engine.options import BuildOptions
from generator.errors import ConfigError, Problem, error, note
from generator.progress import Progress
from generator.publish.guards import check_problems
from generator.publish.host_files import host_files
from generator.publish.local_files import read_output
from generator.publish.publish import SiteFiles
from generator.publish.redirects import redirect_pages
from generator.text.suggestions import did_you_mean


class BuiltOutput(Struct, frozen=True):
    """The files to publish, with the problems of their build."""

    files: SiteFiles
    problems: tuple[Problem, ...]


def choose_target(root: Path, name: str, url: str = "") -> tuple[Config, TargetConfig]:
    """Find a target of the site; without a name, the only one. `url` replaces its address. Raises: ConfigError."""
    config, _ = load_config(root)
    targets = config.publish.targets
    if name and name not in targets:
        hint = did_you_mean(name, list(targets)) or _ADD
        raise ConfigError(error("site.toml", "publish-no-target", f"There is no [publish.{name}] in it.", hint))
    if not targets:
        raise ConfigError(error("site.toml", "publish-no-target", "There is no [publish.NAME] in it.", _ADD))
    if not name and len(targets) > 1:
        message = f"The site has {len(targets)} targets: {', '.join(targets)}."
        hint = f"Name one: openletter publish {next(iter(targets))}"
        raise ConfigError(error("", "publish-which-target", message, hint))
    chosen = targets[name or next(iter(targets))]
    return config, replace(chosen, url=url or chosen.url)


def build_output(
    root: Path, config: Config, chosen: TargetConfig, clock: Clock, progress: Progress, *, despite_errors: bool = False
) -> BuiltOutput:
    """Build the site for a target; with `despite_errors`, without the pages that have errors.

    Raises: PublishError if it has errors; ConfigError; OutputError.
    """
    url = chosen.url or config.url
    refuse_example_url(root, url)
    options = BuildOptions(_own_output(root, config, chosen), url=chosen.url, precompress=chosen.precompress)
    if chosen.check and not despite_errors:
        from generator.checks.check import Checker

        checker = Checker(root, clock, output=options.output, url=chosen.url, precompress=chosen.precompress)
        checked = checker.check(progress)
        check_problems(checked.problems, stopped=checked.build.stopped)
    with Engine(root, options, clock) as engine:
        report = engine.build(progress)
        check_problems(report.problems, stopped=report.stopped, despite_errors=despite_errors)
        known = engine.output_digests()
    files, notes = _files(options.output or default_output(root, options), known, config, chosen)
    return BuiltOutput(files, (*report.problems, *notes))


def _own_output(root: Path, config: Config, chosen: TargetConfig) -> Path | None:
    """Choose the folder for a target with an address of its own, by which all pages differ; None for the site's.

    In a shared folder, each change of address would render every page. `--url` is for that folder: workflows use it.
    """
    if chosen.url in ("", config.url) or chosen.url != config.publish.targets[chosen.name].url:
        return None
    return root / STATE / "sites" / digest(chosen.url)[:12]


def take_output(root: Path, config: Config, chosen: TargetConfig) -> BuiltOutput:
    """Take the site that an earlier `build` left in a folder. Raises: PublishError if it is none, or a preview."""
    refuse_example_url(root, chosen.url or config.url)
    files, notes = _files(default_output(root, BuildOptions()), {}, config, chosen)
    return BuiltOutput(files, notes)


def _files(
    output: Path, known: Mapping[str, str], config: Config, chosen: TargetConfig
) -> tuple[SiteFiles, tuple[Problem, ...]]:
    digests = read_output(output, known)
    made, left = host_files(chosen, config, digests, output)
    notes = (
        note("", "publish-host-file", f"{path} is the site's own, so publishing adds nothing to it.") for path in left
    )
    built = {path: digest for path, digest in digests.items() if path not in made}
    redirects = redirect_pages(output, built, urlsplit(chosen.url or config.url).path)
    return SiteFiles(output, built, made, redirects), tuple(notes)


_ADD = 'Add, for example: [publish.live] with type = "folder" and path = "/var/www/letters"'
