"""Find the mail server's password in the environment or the keyring, never in a file of the site."""

from __future__ import annotations

from generator.config.options import SmtpConfig
from generator.errors import MailError, error
from generator.newsletter.message.sender import SETTINGS_FILE
from generator.newsletter.secrets import KEYRING_SERVICE, find_secret

VARIABLE = "OPENLETTER_SMTP_PASSWORD"
_LOOPBACK = ("localhost", "127.0.0.1")


def find_smtp_password(settings: SmtpConfig) -> str:
    """Return the password of `[newsletter.smtp] user`, "" without a user.

    The keyring is used if the library `keyring` is installed: service "openletter", name "USER@HOST".

    Raises: MailError if there is no password, or it would be sent unencrypted.
    """
    if not settings.user:
        return ""
    if settings.security == "none" and settings.host not in _LOOPBACK:
        message = 'The password would be sent unencrypted, because security is "none".'
        raise MailError(
            error(SETTINGS_FILE, "mail-server", message, 'Write security = "starttls" below [newsletter.smtp].')
        )
    found = find_secret(VARIABLE, f"{settings.user}@{settings.host}")
    if not found:
        message = f"There is no password for {settings.user} at {settings.host}."
        hint = f'Set {VARIABLE}, or store it: keyring set {KEYRING_SERVICE} "{settings.user}@{settings.host}"'
        raise MailError(error(SETTINGS_FILE, "mail-server", message, hint))
    return found
