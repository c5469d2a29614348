"""One message of an issue to look at: addressed to the list or to the sender, at the issue's own date."""

from __future__ import annotations

from generator.config import Config
from generator.model import Letter
from generator.newsletter.message.compose import compose_message
from generator.newsletter.message.recipients import make_default_recipient
from generator.newsletter.message.sender import make_sender
from generator.newsletter.message.unsubscribe_link import personalize_recipient

SAMPLE_TOKEN = ("sampletoken" * 3)[:32]
"""As long as a real token, which takes a key that may not be here."""


def compose_sample(letter: Letter, config: Config) -> bytes:
    """Compose the message that `[newsletter] to`, else the sender, would get: the same bytes for the same issue.

    Neither its Message-ID nor its token is that of any mail that is sent.

    Raises: MailError, when site.toml names no sender.
    """
    sender = make_sender(config, shared=bool(config.newsletter.to))
    recipient = personalize_recipient(sender, make_default_recipient(config), lambda _: SAMPLE_TOKEN)
    return compose_message(letter, sender, recipient, letter.date, b"specimen")
