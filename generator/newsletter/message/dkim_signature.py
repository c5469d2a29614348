"""Sign messages with DKIM, for mail servers that do not. Source: RFC 6376, RFC 8301."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from generator.config import Config
from generator.errors import ConfigError, Problem, error, warning
from generator.newsletter.message.sender import SETTINGS_FILE, Sender

_MIN_BITS = 1024  # verifiers refuse shorter keys; Source: RFC 8301, section 3.2
_PUBLIC = ("content", "themes")
_FIELD = re.compile(rb"(?m)^([!-9;-~]+):")
_MAKE_ONE = "Make one: openssl genrsa -out {} 2048"


@dataclass(frozen=True, slots=True)
class DkimSigner:
    """The domain that signs, the name of its public key in DNS, and the private key as PEM."""

    domain: str
    selector: str
    key: bytes = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        """Put a signature before a message; it covers the body and every header field. Takes about 3 ms.

        From is signed once more than it is there, so that nobody can add a second one.
        """
        import dkim

        head = message.partition(b"\r\n\r\n")[0]
        names = [*_FIELD.findall(head), b"From"]
        signature: bytes = dkim.DKIM(message).sign(
            self.selector.encode(),
            self.domain.encode(),
            self.key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=names,
        )
        return signature + message


def load_dkim_signer(config: Config, root: Path) -> DkimSigner | None:
    """Load the signer of `[newsletter.dkim]`; None if messages are not signed here.

    Raises: ConfigError if dkimpy is not installed, or the key cannot be used.
    """
    settings = config.newsletter.dkim
    if not settings.key:
        return None
    try:
        import dkim  # noqa: F401 - only whether it is there
    except ImportError as failure:
        message = "[newsletter.dkim] needs the library dkimpy, which is not installed."
        raise ConfigError(
            error(SETTINGS_FILE, "mail-dkim", message, "Run: pip install 'openletter[dkim]'")
        ) from failure
    return DkimSigner(settings.domain, settings.selector, _read_key(root, settings.key))


def check_alignment(signer: DkimSigner, sender: Sender) -> tuple[Problem, ...]:
    """Warn if the domain that signs is not that of From: DMARC then ignores the signature.

    Source: RFC 7489, section 3.1.1.
    """
    domain = sender.address.rpartition("@")[2]
    one, other = f".{domain}", f".{signer.domain}"
    if one.endswith(other) or other.endswith(one):
        return ()
    message = (
        f'[newsletter.dkim] signs for "{signer.domain}", but mails come from "{domain}": mail services ignore that.'
    )
    return (
        warning(SETTINGS_FILE, "mail-dkim", message, f'Write domain = "{domain}", or change from in [newsletter].'),
    )


def _read_key(root: Path, name: str) -> bytes:
    file = (root / Path(name).expanduser()).resolve()
    if any(file.is_relative_to((root / folder).resolve()) for folder in _PUBLIC):
        hint = 'Move it, for example to keys/, and write: key = "keys/dkim.pem"'
        raise _key_error(f'The DKIM key "{name}" is in a folder that is published.', hint)
    try:
        key = file.read_bytes()
    except OSError as failure:
        reason = failure.strerror or str(failure)
        raise _key_error(f'The DKIM key "{name}" cannot be read: {reason}.', _MAKE_ONE.format(name)) from failure
    _check_key(name, key)
    return key


def _check_key(name: str, key: bytes) -> None:
    from dkim.crypto import UnparsableKeyError, parse_pem_private_key

    try:
        bits = parse_pem_private_key(key)["modulus"].bit_length()
    except (UnparsableKeyError, ValueError, KeyError, IndexError, TypeError) as failure:
        message = f'"{name}" is not an RSA private key without a password.'
        raise _key_error(message, _MAKE_ONE.format("keys/dkim.pem")) from failure
    if bits < _MIN_BITS:
        message = f'The DKIM key "{name}" has {bits} bits; mail services refuse keys with fewer than {_MIN_BITS}.'
        raise _key_error(message, _MAKE_ONE.format("keys/dkim.pem"))


def _key_error(message: str, hint: str) -> ConfigError:
    return ConfigError(error(SETTINGS_FILE, "mail-dkim", message, hint))
