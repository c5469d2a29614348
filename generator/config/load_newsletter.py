"""Read `[newsletter]` of site.toml, and what another language changes in it."""

from __future__ import annotations

from functools import partial
from typing import Any

from generator.config import checks
from generator.config.options import DkimConfig, NewsletterConfig, SmtpConfig, names_reader
from generator.text.tree import Items
from generator.text.typed_rules import Settings, choice_of, plain_setting, warn_of_unknown, within_bounds


def read_language_newsletter(table: Settings) -> dict[str, Any]:
    """Read the settings of a newsletter in another language: those that its readers see, and where they join it."""
    links = _unsubscribe_links(table)
    values = {
        "subscribe": table.text("subscribe", "", partial(checks.web_url, schemes=("https",))),
        "unsubscribe": links,
        "from_": table.text("from", "", checks.named_address),
        "to": table.text("to", "", checks.named_address),
        "list_id": table.text("list_id", "", checks.list_id),
        "postal_address": table.text("postal_address", ""),
        "reply_to": table.text("reply_to", "", checks.named_address),
        "reason": table.text("reason", ""),
    }
    warn_of_unknown(table)
    return {name: value for name, value in values.items() if value}


def read_newsletter(table: Settings) -> NewsletterConfig:
    """Read `[newsletter]`."""
    links = _unsubscribe_links(table)
    newsletter = NewsletterConfig(
        subscribe=table.text("subscribe", "", partial(checks.web_url, schemes=("https",))),
        unsubscribe=links,
        from_=table.text("from", "", checks.named_address),
        to=table.text("to", "", checks.named_address),
        list_id=table.text("list_id", "", checks.list_id),
        one_click=table.flag("one_click", default=False),
        postal_address=table.text("postal_address", ""),
        reply_to=table.text("reply_to", "", checks.named_address),
        bounces=table.text("bounces", "", checks.bounce_address),
        reason=table.text("reason", ""),
        approvals=table.take("approvals", within_bounds(0, 9), 0),
        dkim=_dkim(table.section("dkim")),
        smtp=_smtp(table.section("smtp")),
    )
    if newsletter.one_click and not any(link.startswith("https:") and names_reader(link) for link in links):
        message = "needs an https address in unsubscribe that names the reader (RFC 8058)."
        hint = 'Add, for example: unsubscribe = "https://lists.example.org/leave?token={token}", or delete one_click.'
        table.error("one_click", None, message, hint, "config-one-click")
    warn_of_unknown(table)
    return newsletter


def _dkim(table: Settings) -> DkimConfig:
    dkim = DkimConfig(
        domain=table.text("domain", "", checks.host),
        selector=table.text("selector", "", checks.dkim_selector),
        key=table.text("key", ""),
    )
    examples = {"domain": "example.org", "selector": "news", "key": "keys/dkim.pem"}
    missing = [name for name in examples if not has_text(table, name)]
    if 0 < len(missing) < len(examples):
        for name in missing:
            message = f"[newsletter.dkim] needs {name} to sign mails."
            table.error(name, None, message, f'Add, for example: {name} = "{examples[name]}"', "config-missing")
    warn_of_unknown(table)
    return dkim


def _unsubscribe_links(table: Settings) -> tuple[str, ...]:
    """Take one address or a list of them, the https one first."""
    if isinstance(table.value("unsubscribe"), Items):
        links = table.texts("unsubscribe", (), checks.unsubscribe_url)
    else:
        link = table.text("unsubscribe", "", checks.unsubscribe_url)
        links = (link,) if link else ()
    schemes = [link.partition(":")[0] for link in links]
    if len(schemes) > len(set(schemes)):
        message = "unsubscribe takes one https and one mailto address at most."
        table.error("unsubscribe", None, message, "Delete the others.", "config-value")
    return tuple(sorted(links, key=lambda link: link.startswith("mailto:")))


def _smtp(table: Settings) -> SmtpConfig:
    usual = SmtpConfig()
    smtp = SmtpConfig(
        host=table.text("host", "", checks.host),
        port=table.take("port", within_bounds(1, 65535), usual.port),
        security=table.take("security", choice_of(("none", "starttls", "tls")), usual.security),
        user=table.text("user", ""),
    )
    warn_of_unknown(table)
    return smtp


def has_text(table: Settings, key: str) -> bool:
    """Return True if a setting has a value that is not empty."""
    value = table.value(key)
    return value is not None and bool(plain_setting(value))
