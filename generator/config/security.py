"""Read `[security]`: whom to tell of a security hole, as `/.well-known/security.txt` says it. Source: RFC 9116."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from generator.config import checks
from generator.config.security_options import SecurityConfig
from generator.errors import Problem, note
from generator.text.mapping_reader import RefusedError
from generator.text.tree import Value
from generator.text.typed_rules import Settings, plain_setting, warn_of_unknown

SOON_DAYS = 30
_https = partial(checks.web_url, schemes=("https",))


def read_security(table: Settings) -> SecurityConfig:
    """Read the section; a contact needs a date of expiry, and other settings need a contact."""
    security = SecurityConfig(
        contact=table.texts("contact", (), _contact, commas=False),
        expires=table.take("expires", _day),
        policy=table.text("policy", "", _https),
        acknowledgments=table.text("acknowledgments", "", _https),
        encryption=table.text("encryption", "", _https),
        languages=table.texts("languages", (), checks.language),
    )
    warn_of_unknown(table)
    if table.value("contact") is not None and table.value("expires") is None:
        hint = "Add the last day on which it is sure to be right, within a year, for example: expires = 2027-06-30"
        table.error("expires", None, "is missing: a contact needs a date of expiry.", hint, "config-missing")
    elif table.table.entries and table.value("contact") is None:
        hint = 'Add, for example: contact = ["security@example.org"]'
        table.error("contact", None, "is missing.", hint, "config-missing")
    return security


def check_expiry(security: SecurityConfig, now: datetime) -> Problem | None:
    """Note that the file has expired, or will within 30 days. The date alone brings this about, so it is no warning."""
    if security.expires is None:
        return None
    today = now.date()
    if today > security.expires:
        message = f"security.txt expired on {security.expires}, so researchers must not rely on its contact."
    elif today > security.expires - timedelta(days=SOON_DAYS):
        message = f"security.txt expires on {security.expires}."
    else:
        return None
    return note("site.toml", "security-expires", message, "Check the contact, then set a later date in expires.")


def _contact(text: str) -> str:
    """Check an address that can be reached: https, mailto or tel; an e-mail address gets its mailto."""
    if "@" in text and ":" not in text:
        return f"mailto:{checks.address(text)}"
    if text.startswith("mailto:"):
        return f"mailto:{checks.address(text.removeprefix('mailto:'))}"
    if text.startswith("tel:"):
        return text
    if not text.startswith("https:"):
        hint = "Write an e-mail address, an https address or tel:+44…"
        raise RefusedError("config-value", f'"{text}" is not a contact.', hint)
    return _https(text)


def _day(_key: str, value: Value) -> date:
    plain = plain_setting(value)
    if isinstance(plain, datetime):
        return plain.date()
    if isinstance(plain, date):
        return plain
    try:
        return date.fromisoformat(plain)
    except (TypeError, ValueError) as reason:
        hint = "Write it as 2027-06-30"
        raise RefusedError("config-value", f"{plain!r} is not a date.", hint) from reason
