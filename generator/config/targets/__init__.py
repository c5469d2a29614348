"""The places where a site is published, `[publish.NAME]`: one module for each type, with its options.

`TARGET_TYPES` lists them. `generator/publish/targets` has the module that publishes to each type.
"""

from __future__ import annotations

from importlib import import_module

from generator.config.targets.options import TargetOptions
from generator.text.typed_rules import Settings

__all__ = ["TARGET_TYPES", "TargetOptions", "read_options"]

TARGET_TYPES = ("folder", "git", "s3", "sftp", "rsync", "webdav", "azure", "gcs")
"""The name of every type in site.toml; each is in the module of its name, which is imported when it is used."""


def read_options(kind: str, table: Settings) -> TargetOptions:
    """Read the options of a type of target in `[publish.NAME]`."""
    options: TargetOptions = import_module(f"{__name__}.{kind}").read(table)
    return options
