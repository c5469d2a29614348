"""Compose a sample message of an issue: addressed to the list or the sender, with the issue's date."""

from __future__ import annotations

from msgspec.structs import replace

from generator.config import Config
from generator.model import Letter
from generator.newsletter.message.compose import compose_message
from generator.newsletter.message.recipients import make_default_recipient
from generator.newsletter.message.sender import make_sender
from generator.newsletter.message.unsubscribe_link import personalize_recipient

SAMPLE_TOKEN = ("sampletoken" * 3)[:32]
"""As long as a real token, which would need the list key."""


def compose_sample(letter: Letter, config: Config, name: str = "") -> bytes:
    """Compose the message for `[newsletter] to`, else for the sender: the same bytes for the same issue.

    No sent mail has its Message-ID or its token. The text greets a reader called `name`, "" for the fallback.

    Raises: MailError if site.toml has no sender.
    """
    config = config.in_language(letter.language)
    sender = make_sender(config, shared=bool(config.newsletter.to))
    recipient = personalize_recipient(sender, make_default_recipient(config), lambda _: SAMPLE_TOKEN)
    if name:
        recipient = replace(recipient, name=name, line=1)
    return compose_message(letter, sender, recipient, letter.date, b"specimen")
