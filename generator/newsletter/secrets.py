"""Secrets from the environment or the system's keyring, never from a file of the site."""

from __future__ import annotations

import importlib
import os

from generator.errors import MailError, error

KEYRING_SERVICE = "openletter"


def find_secret(variable: str, name: str) -> str:
    """Return a secret: the environment's `variable`, else the keyring's entry `name`; "" if neither is there.

    The keyring is asked if the library `keyring` is installed.

    Raises: MailError if the keyring does not answer.
    """
    return os.environ.get(variable) or _from_keyring(variable, name)


def _from_keyring(variable: str, name: str) -> str:
    try:
        keyring = importlib.import_module("keyring")
    except ImportError:
        return ""
    try:
        return str(keyring.get_password(KEYRING_SERVICE, name) or "")
    except Exception as failure:  # each of its back ends has errors of its own
        message = f"The keyring does not answer: {failure}."
        raise MailError(error("", "mail-secret", message, f"Set {variable} instead.")) from failure
