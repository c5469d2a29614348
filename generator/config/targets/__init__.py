"""The places where a site is published, `[publish.NAME]`: one module for each type, with its options.

`TARGET_TYPES` is the table. `generator/publish/targets` has the module that publishes to each type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from generator.config.targets import azure, folder, gcs, git, rsync, s3, sftp, webdav
from generator.config.targets.options import TargetOptions
from generator.text.typed_rules import Settings

__all__ = ["TARGET_TYPES", "TargetOptions"]

TARGET_TYPES: Mapping[str, Callable[[Settings], TargetOptions]] = MappingProxyType(
    {
        "folder": folder.read,
        "git": git.read,
        "s3": s3.read,
        "sftp": sftp.read,
        "rsync": rsync.read,
        "webdav": webdav.read,
        "azure": azure.read,
        "gcs": gcs.read,
    }
)
"""The name of every type in site.toml, and what reads its options in `[publish.NAME]`."""
