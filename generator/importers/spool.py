"""Keep texts in a temporary file, so that an import of any size needs little memory."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from types import TracebackType


class Spool:
    """A temporary file of texts; it is deleted when the import ends."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by __exit__)
        self._size = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def put(self, data: bytes) -> Spooled:
        """Keep bytes. Raises: OSError."""
        self._file.seek(self._size)
        self._file.write(data)
        kept = Spooled(self, self._size, len(data))
        self._size += len(data)
        return kept

    def put_text(self, text: str) -> Spooled:
        """Keep a text; characters that UTF-8 cannot encode are kept too. Raises: OSError."""
        return self.put(text.encode("utf-8", "surrogatepass"))

    def get(self, start: int, length: int) -> bytes:
        """Return bytes that were kept. Raises: OSError."""
        self._file.seek(start)
        return self._file.read(length)


@dataclass(frozen=True, slots=True)
class Spooled:
    """Bytes in a spool."""

    spool: Spool
    start: int
    length: int

    def read(self) -> bytes:
        """Return the bytes. Raises: OSError."""
        return self.spool.get(self.start, self.length)

    def text(self) -> str:
        """Return the text. Raises: OSError."""
        return self.read().decode("utf-8", "surrogatepass")
