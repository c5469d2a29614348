"""The list key: it makes the tokens of unsubscribe links, and hides who has left in `lists/suppressed.csv`."""

from __future__ import annotations

import base64
import hashlib
import hmac

from generator.config import Config
from generator.errors import MailError, error
from generator.newsletter.message.email_address import fold_email_address
from generator.newsletter.secrets import KEYRING_SERVICE, find_secret

KEY_VARIABLE = "OPENLETTER_LIST_KEY"
MIN_KEY_CHARS = 20
TOKEN_CHARS = 32


def find_list_key(config: Config) -> bytes:
    """Return the list key, b"" if there is none.

    In the keyring it is `list-key@HOST`, with the site's host.

    Raises: MailError if the key is too short, or the keyring cannot be read.
    """
    found = find_secret(KEY_VARIABLE, _keyring_name(config)).strip()
    if found and len(found) < MIN_KEY_CHARS:
        message = f"The list key has only {len(found)} characters, so it could be guessed."
        raise MailError(
            error("", "mail-list-key", message, f"Use at least {MIN_KEY_CHARS}. To make a key, run: {_MAKE_KEY}")
        )
    return found.encode()


def require_list_key(config: Config, why: str) -> bytes:
    """Return the list key. `why` is a sentence for the message: what needs the key.

    Raises: MailError if there is none.
    """
    key = find_list_key(config)
    if not key:
        hint = (
            f"Set {KEY_VARIABLE} to the key you used before, or store it: "
            f'keyring set {KEYRING_SERVICE} "{_keyring_name(config)}". If you have none yet, run: {_MAKE_KEY}'
        )
        raise MailError(error("", "mail-list-key", f"There is no list key. {why}", hint))
    return key


_MAKE_KEY = 'python -c "import secrets; print(secrets.token_urlsafe(32))"'


def make_token(key: bytes, address: str) -> str:
    """Return the token of an address: the first 160 bits of its HMAC-SHA256, 32 characters from a–z and 2–7.

    The address is folded first, so its case does not matter. The token's case does not matter either, because mail
    servers may change the case of an address that holds it.
    """
    signed = hmac.new(key, fold_email_address(address).encode(), hashlib.sha256).digest()
    return base64.b32encode(signed[:20]).decode().lower()


def is_token_of(key: bytes, token: str, address: str) -> bool:
    """Return True if the token belongs to this address."""
    return hmac.compare_digest(token.lower().encode(), make_token(key, address).encode())


def hash_suppressed(key: bytes, address: str) -> str:
    """Return the HMAC of an address in `lists/suppressed.csv`: 64 hexadecimal digits.

    It differs from the token, so that a reader of the file cannot unsubscribe people.
    """
    signed = f"suppressed:{fold_email_address(address)}".encode()
    return hmac.new(key, signed, hashlib.sha256).hexdigest()


def _keyring_name(config: Config) -> str:
    return f"list-key@{config.host or 'localhost'}"
