"""The types of target: one module each, imported only if it is used.

To add a type: its options in `generator/config/targets`, a module here, and a line in `_MODULES`. The module has a
function `open_target(options, root)`, which returns a `PublishTarget` and does not connect yet. A library that is not
installed is a PublishError made with `missing_library`.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from generator.config.targets.options import TargetConfig
from generator.errors import PublishError
from generator.publish.target import PublishTarget, refused

_MODULES = {
    "folder": "folder",
    "sftp": "sftp",
    "rsync": "rsync",
    "git": "git",
    "s3": "s3",
    "webdav": "webdav",
    "azure": "azure",
    "gcs": "gcs",
}
"""The type in site.toml → the module here."""


def open_target(config: TargetConfig, root: Path, *, history: bool = True) -> PublishTarget:
    """Open a target of the site in `root`. Without `history`, one that keeps all versions forgets those before.

    Raises: PublishError if its library is not installed.
    """
    module = import_module(f"{__name__}.{_MODULES[config.type]}")
    opened: Callable[[Any, Path], PublishTarget] = module.open_target
    options = config.options if history else config.options.without_history()
    return opened(options, root)


def missing_library(kind: str) -> PublishError:
    """Make the error of a type whose library is not installed."""
    message = f'Targets of the type "{kind}" need a library that is not installed.'
    return refused("publish-missing", message, "Install it with: pip install 'openletter[publish]'")
