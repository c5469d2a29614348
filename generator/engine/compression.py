"""Compress a file for the web, to the same bytes on every machine: no time, no name, no system in it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from importlib.util import find_spec

from msgspec import Struct

from generator.errors import ConfigError, error

_GZIP_HEAD = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
"""Deflate, no name, no time, best compression, unknown system. Source: RFC 1952, section 2.3."""
_RAW_DEFLATE = -15


class Method(Struct, frozen=True):
    """A way to compress: the suffix of the copy, and the version of the library, which its bytes depend on."""

    suffix: str
    library: Callable[[], str]
    compress: Callable[[bytes], bytes]

    @property
    def version(self) -> str:
        """The version of the library."""
        return self.library()


def _gzip(data: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, _RAW_DEFLATE, 9)
    tail = zlib.crc32(data).to_bytes(4, "little") + (len(data) & 0xFFFFFFFF).to_bytes(4, "little")
    return _GZIP_HEAD + packer.compress(data) + packer.flush() + tail


def _brotli(data: bytes) -> bytes:
    """Compress as Brotli's strongest level does for text. Source: RFC 7932."""
    import brotli

    made: bytes = brotli.compress(data, mode=brotli.MODE_TEXT, quality=11)
    return made


def _brotli_version() -> str:
    import brotli

    return str(brotli.__version__)


METHODS = (Method(".gz", lambda: zlib.ZLIB_RUNTIME_VERSION, _gzip), Method(".br", _brotli_version, _brotli))


def check_precompression() -> None:
    """Refuse to compress without the library, before anything is built. Raises: ConfigError."""
    if find_spec("brotli") is None:
        message = "--precompress needs a library that is not installed."
        hint = "Install it with: pip install 'openletter[precompress]'"
        raise ConfigError(error("", "precompress-missing", message, hint))
