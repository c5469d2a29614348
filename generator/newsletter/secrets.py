"""Secrets from the environment or the system's keyring, never from a file of the site."""

from __future__ import annotations

import importlib
import os

from generator.errors import MailError, error

KEYRING_SERVICE = "openletter"


def find_secret(variable: str, name: str) -> str:
    """Return a secret: the environment variable `variable`, else the keyring's entry `name`, else "".

    The keyring is used only if the library `keyring` is installed.

    Raises: MailError if the keyring cannot be read.
    """
    return os.environ.get(variable) or _from_keyring(variable, name)


def _from_keyring(variable: str, name: str) -> str:
    try:
        keyring = importlib.import_module("keyring")
    except ImportError:
        return ""
    try:
        return str(keyring.get_password(KEYRING_SERVICE, name) or "")
    except Exception as failure:  # each keyring back end raises its own exceptions
        message = f"The keyring cannot be read: {failure}."
        raise MailError(error("", "mail-secret", message, f"Set {variable} instead.")) from failure
