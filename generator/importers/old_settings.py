"""Copy the title and the time zone of the old blog to a site that has no posts yet."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from generator.config import Config
from generator.config.checks import timezone
from generator.importers.existing_site import ExistingSite
from generator.importers.import_model import ImportLog, Note, Topic
from generator.importers.plain_words import strip_markup
from generator.importers.reader import Collected
from generator.importers.site_settings import FILE, format_setting, is_new, set_text
from generator.slugs import slugify
from generator.text.mapping_reader import RefusedError

_MAX_TITLE_CHARS = 200


def take_settings(
    root: Path, config: Config, existing: ExistingSite, collected: Collected, log: ImportLog, *, dry_run: bool
) -> Config:
    """Write the old title and time zone to site.toml if nobody has chosen others; return the settings of now.

    The log says which ones the site uses, or why not. Raises: OSError.
    """
    new = is_new(existing)
    title = strip_markup(collected.title)[:_MAX_TITLE_CHARS]
    if title and _take(root, "title", title, config.title, log, free=new and _is_untitled(root, config), dry=dry_run):
        config = replace(config, title=title)
    if not (zone := collected.timezone.strip()):
        return config
    try:
        zone = timezone(zone)
    except RefusedError:
        words = f"The old time zone, {zone[:80]!a}, is not one that we know. {FILE} keeps {config.timezone}."
        log.notes.append(Note(Topic.OLD_SETTING, words, FILE))
        return config
    free = new and config.timezone == "UTC"
    if _take(root, "timezone", zone, config.timezone, log, free=free, dry=dry_run):
        config = replace(config, timezone=zone)
    return config


def _take(root: Path, key: str, old: str, now: str, log: ImportLog, *, free: bool, dry: bool) -> bool:
    """Write one setting if it is free; return True if the site has the old value now."""
    name = {"title": "title", "timezone": "time zone"}[key]
    if old == now or (free and (dry or set_text(root, key, old))):
        log.notes.append(
            Note(Topic.TAKEN_SETTING, f"The {name} is that of the old blog: `{format_setting(key, old)}`", FILE)
        )
        return True
    why = f"{FILE} has `{format_setting(key, now)}`, which stays because it may be your choice"
    means = " Times in old posts without an offset now mean that zone." if key == "timezone" else ""
    words = f"{why}.{means} To use the old {name}, write `{format_setting(key, old)}`"
    log.notes.append(Note(Topic.OLD_SETTING, words, FILE))
    return False


def _is_untitled(root: Path, config: Config) -> bool:
    """Return True if the title is the one that `init` makes from the folder's name."""
    return slugify(config.title) in (slugify(root.resolve().name), "my-site")
