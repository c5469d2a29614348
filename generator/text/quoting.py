"""Quote values for YAML, and remove typographic quotation marks."""

from __future__ import annotations

CURLY = {"“": "”", "„": "“”", "”": "”", "‘": "’", "‚": "‘’", "«": "»", "»": "«", "‹": "›", "「": "」"}
"""The typographic mark that opens a quotation → those that may close it."""


def quote(value: str) -> str:
    """Put a value in double quotes, or in single ones if it contains only double ones."""
    if '"' in value and "'" not in value:
        return f"'{value}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def strip_curly(value: str) -> str:
    """Remove typographic quotation marks around a whole value, as phones and Word write them."""
    inner = value[1:-1]
    closing = CURLY.get(value[:1], "")
    if len(value) > 2 and value[-1] in closing and not any(sign in inner for sign in (value[0], *closing)):
        return inner
    return value
