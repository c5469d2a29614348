"""How long an index is right: from one moment (inclusive) to another (exclusive); None is without end."""

from datetime import datetime

Window = tuple[datetime | None, datetime | None]
