"""Read from site.toml what `newsletter doctor` checks: the sender's domains and its own DKIM key."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path

from generator.config import Config
from generator.newsletter.checks.sender_domain import SenderDomain
from generator.newsletter.message.dkim_signature import load_dkim_signer
from generator.newsletter.message.sender import make_sender

_RSA_ID = bytes.fromhex("300d06092a864886f70d0101010500")
"""The algorithm identifier of an RSA key. Source: RFC 3279, section 2.3.1."""


def describe_sender_domain(config: Config, root: Path, selector: str = "") -> SenderDomain:
    """Describe the domains of the sender; `selector` is that of the mail service, if it signs.

    Raises: MailError if there is no sender; ConfigError if the DKIM key cannot be used.
    """
    sender = make_sender(config)
    signer = load_dkim_signer(config, root)
    return SenderDomain(
        domain=sender.address.rpartition("@")[2],
        envelope=sender.envelope_address("").rpartition("@")[2],
        host=config.newsletter.smtp.host or "your mail server",
        selector=selector or (signer.selector if signer else ""),
        signing=signer.domain if signer and not selector else "",
        public_key=encode_public_key(signer.key) if signer and not selector else "",
    )


def encode_public_key(private_key: bytes) -> str:
    """Return the public part of an RSA key in PEM as base64, as it is published in DNS (p=)."""
    from dkim.crypto import parse_pem_private_key

    key = parse_pem_private_key(private_key)
    numbers = _sequence(_integer(key["modulus"]) + _integer(key["publicExponent"]))
    return b64encode(_sequence(_RSA_ID + _tagged(0x03, b"\x00" + numbers))).decode("ascii")


def _integer(number: int) -> bytes:
    return _tagged(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _sequence(content: bytes) -> bytes:
    return _tagged(0x30, content)


def _tagged(tag: int, content: bytes) -> bytes:
    """Write a value in DER: tag, length, content. Source: ITU-T X.690, section 8.1."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content
