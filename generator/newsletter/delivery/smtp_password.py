"""The password of the mail server: from the environment or the system's keyring, never from a file of the site."""

from __future__ import annotations

from generator.config.options import SmtpConfig
from generator.errors import MailError, error
from generator.newsletter.message.sender import SETTINGS_FILE
from generator.newsletter.secrets import KEYRING_SERVICE, find_secret

VARIABLE = "OPENLETTER_SMTP_PASSWORD"
_LOOPBACK = ("localhost", "127.0.0.1")


def find_smtp_password(settings: SmtpConfig) -> str:
    """Give the password of `[newsletter.smtp] user`, "" where nobody logs in.

    The keyring is asked where the library `keyring` is installed: service "openletter", name "USER@HOST".

    Raises: MailError, when there is no password, or it would travel unprotected.
    """
    if not settings.user:
        return ""
    if settings.security == "none" and settings.host not in _LOOPBACK:
        message = 'the password would travel unprotected: security is "none".'
        raise MailError(
            error(SETTINGS_FILE, "mail-server", message, 'Write security = "starttls" below [newsletter.smtp].')
        )
    found = find_secret(VARIABLE, f"{settings.user}@{settings.host}")
    if not found:
        message = f"there is no password for {settings.user} at {settings.host}."
        hint = f'Set {VARIABLE}, or store it: keyring set {KEYRING_SERVICE} "{settings.user}@{settings.host}"'
        raise MailError(error(SETTINGS_FILE, "mail-server", message, hint))
    return found
