"""The list's key: it signs links to unsubscribe, and hides who has left in `lists/suppressed.csv`."""

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
    """Return the list's key, b"" if there is none.

    The keyring's name for it is `list-key@HOST`, with the site's host.

    Raises: MailError if the key is too short to protect anybody, or the keyring does not answer.
    """
    found = find_secret(KEY_VARIABLE, _keyring_name(config)).strip()
    if found and len(found) < MIN_KEY_CHARS:
        message = f"The list's key has {len(found)} characters, and can be guessed."
        raise MailError(error("", "mail-list-key", message, f"Use at least {MIN_KEY_CHARS}. {_HOW_TO_MAKE}"))
    return found.encode()


def require_list_key(config: Config, why: str) -> bytes:
    """Return the list's key. `why` is a sentence that says what needs it.

    Raises: MailError if there is none.
    """
    key = find_list_key(config)
    if not key:
        hint = (
            f"Set {KEY_VARIABLE} to the key you have used before, or store it: "
            f'keyring set {KEYRING_SERVICE} "{_keyring_name(config)}". If you have none yet: {_HOW_TO_MAKE}'
        )
        raise MailError(error("", "mail-list-key", f"There is no list key. {why}", hint))
    return key


_HOW_TO_MAKE = 'python -c "import secrets; print(secrets.token_urlsafe(32))" prints one.'


def make_token(key: bytes, address: str) -> str:
    """Return the token of an address: the first 160 bits of its HMAC-SHA256, 32 characters from a–z and 2–7.

    The address is folded first, so capitals make no difference; nor do they in the token, because mail servers may
    change the case of an address that holds one.
    """
    signed = hmac.new(key, fold_email_address(address).encode(), hashlib.sha256).digest()
    return base64.b32encode(signed[:20]).decode().lower()


def is_token_of(key: bytes, token: str, address: str) -> bool:
    """Return True if a token was made for this address."""
    return hmac.compare_digest(token.lower().encode(), make_token(key, address).encode())


def hash_suppressed(key: bytes, address: str) -> str:
    """Return what stands for an address in `lists/suppressed.csv`: 64 hexadecimal digits.

    Not the token: whoever reads the file must not be able to unsubscribe others.
    """
    signed = f"suppressed:{fold_email_address(address)}".encode()
    return hmac.new(key, signed, hashlib.sha256).hexdigest()


def _keyring_name(config: Config) -> str:
    return f"list-key@{config.host or 'localhost'}"
