"""`webdav`: a folder of a WebDAV server, such as Apache's mod_dav or Nextcloud."""

from __future__ import annotations

from urllib.parse import urlsplit

from generator.config import checks
from generator.config.targets.options import TargetOptions, required, without_secret
from generator.text.mapping_reader import RefusedError
from generator.text.typed_rules import Settings, choice_of

_LOOPBACK = ("localhost", "127.0.0.1", "::1")
REPLACE = ("put", "move")
"""How a file is replaced: written by the server itself at once, or beside it and then moved."""


class WebdavOptions(TargetOptions, frozen=True):
    """The options of `webdav`."""

    address: str
    """The web address of the folder."""
    user: str = ""
    """The name to log in with; "" for none."""
    replace: str = "put"
    """`put` if the server replaces a file in one step, as Apache and Nextcloud do; `move` if it writes into it."""

    @property
    def place(self) -> str:
        """Return the address."""
        return self.address


def read(table: Settings) -> WebdavOptions:
    """Read the options of `webdav`."""
    return WebdavOptions(
        address=required(table, "address", "https://dav.example.org/letters/", _address),
        user=table.text("user", ""),
        replace=table.take("replace", choice_of(REPLACE), "put"),
    )


def _address(text: str) -> str:
    """Check an address: a password is sent with each request, so it must be encrypted."""
    parts = urlsplit(checks.web_url(without_secret(text)))
    if parts.query or parts.fragment:
        raise RefusedError("config-value", f'"{text}" is not the address of a folder.', "Delete what follows ? or #.")
    if parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        raise RefusedError(
            "config-value",
            "would send your password unencrypted.",
            f'Write it as "https://{parts.netloc}{parts.path}".',
        )
    return text.rstrip("/") + "/"
