"""The password of the mail server: from the environment or the system's keyring, never from a file of the site."""

from __future__ import annotations

import importlib
import os

from generator.config.options import SmtpConfig
from generator.errors import MailError, error
from generator.newsletter.message.sender import SETTINGS_FILE

VARIABLE = "OPENLETTER_SMTP_PASSWORD"
SERVICE = "openletter"
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
    found = os.environ.get(VARIABLE) or _from_keyring(f"{settings.user}@{settings.host}")
    if not found:
        message = f"there is no password for {settings.user} at {settings.host}."
        hint = f'Set {VARIABLE}, or store it: keyring set {SERVICE} "{settings.user}@{settings.host}"'
        raise MailError(error(SETTINGS_FILE, "mail-server", message, hint))
    return found


def _from_keyring(name: str) -> str:
    try:
        keyring = importlib.import_module("keyring")
    except ImportError:
        return ""
    try:
        return str(keyring.get_password(SERVICE, name) or "")
    except Exception as failure:  # each of its back ends has errors of its own
        message = f"the keyring does not answer: {failure}."
        raise MailError(error(SETTINGS_FILE, "mail-server", message, f"Set {VARIABLE} instead.")) from failure
