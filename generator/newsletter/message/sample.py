"""One message of an issue to look at: addressed to the list or to the sender, at the issue's own date."""

from __future__ import annotations

from generator.config import Config
from generator.model import Letter
from generator.newsletter.message.compose import compose_message
from generator.newsletter.message.recipients import make_default_recipient
from generator.newsletter.message.sender import make_sender


def compose_sample(letter: Letter, config: Config) -> bytes:
    """Compose the message that `[newsletter] to`, else the sender, would get: the same bytes for the same issue.

    Its Message-ID is not that of any message that is sent.

    Raises: MailError, when site.toml names no sender.
    """
    return compose_message(letter, make_sender(config), make_default_recipient(config), letter.date, b"specimen")
