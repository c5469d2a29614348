"""Extensions: found by the names in site.toml, fingerprinted by their source, run only when there is work to do."""

from generator.extensions.find import ExtensionSources, find
from generator.extensions.load import load

__all__ = ["ExtensionSources", "find", "load"]
