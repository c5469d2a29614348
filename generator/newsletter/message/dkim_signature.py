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
    """The signing domain, the selector of its public key in DNS, and the private key as PEM."""

    domain: str
    selector: str
    key: bytes = field(repr=False)

    def sign(self, message: bytes) -> bytes:
        """Prepend a signature of the body and every header field to a message. Takes about 3 ms.

        Signs From once more than it occurs, so that no one can add a second From.
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
    """Load the signer of `[newsletter.dkim]`; None without that section.

    Raises: ConfigError if dkimpy is not installed, or the key cannot be used.
    """
    settings = config.newsletter.dkim
    if not settings.key:
        return None
    try:
        import dkim  # noqa: F401 - only to see whether it is installed
    except ImportError as failure:
        message = "[newsletter.dkim] needs the library dkimpy, which is not installed."
        raise ConfigError(
            error(SETTINGS_FILE, "mail-dkim", message, "Run: pip install 'openletter[dkim]'")
        ) from failure
    return DkimSigner(settings.domain, settings.selector, _read_key(root, settings.key))


def check_alignment(signer: DkimSigner, sender: Sender) -> tuple[Problem, ...]:
    """Warn if the signing domain is not the domain of From, because DMARC then ignores the signature.

    Source: RFC 7489, section 3.1.1.
    """
    domain = sender.address.rpartition("@")[2]
    one, other = f".{domain}", f".{signer.domain}"
    if one.endswith(other) or other.endswith(one):
        return ()
    message = (
        f'[newsletter.dkim] signs for "{signer.domain}", but the sender is at "{domain}". Mail services ignore that.'
    )
    return (
        warning(SETTINGS_FILE, "mail-dkim", message, f'Write domain = "{domain}", or change from in [newsletter].'),
    )


def _read_key(root: Path, name: str) -> bytes:
    file = (root / Path(name).expanduser()).resolve()
    if any(file.is_relative_to((root / folder).resolve()) for folder in _PUBLIC):
        hint = 'Move it, for example to keys/, and set: key = "keys/dkim.pem"'
        raise _key_error(f'The DKIM key "{name}" is in a published folder.', hint)
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
        message = f'"{name}" is not an RSA private key, or it has a password.'
        raise _key_error(message, _MAKE_ONE.format("keys/dkim.pem")) from failure
    if bits < _MIN_BITS:
        message = f'The DKIM key "{name}" has {bits} bits. Mail services refuse keys with fewer than {_MIN_BITS}.'
        raise _key_error(message, _MAKE_ONE.format("keys/dkim.pem"))


def _key_error(message: str, hint: str) -> ConfigError:
    return ConfigError(error(SETTINGS_FILE, "mail-dkim", message, hint))
