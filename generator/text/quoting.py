"""Write a value in quotation marks, as YAML wants it where its signs mean something."""

from __future__ import annotations

CURLY = {"“": "”", "„": "“”", "”": "”", "‘": "’", "‚": "‘’", "«": "»", "»": "«", "‹": "›", "「": "」"}
"""The typographic mark that opens a quotation → those that may close it."""


def quote(value: str) -> str:
    """Put a value in quotes: in double ones, or in single ones if it holds double ones alone."""
    if '"' in value and "'" not in value:
        return f"'{value}'"
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def strip_curly(value: str) -> str:
    """Take off the typographic quotation marks round a whole value, as phones and Word write them."""
    inner = value[1:-1]
    closing = CURLY.get(value[:1], "")
    if len(value) > 2 and value[-1] in closing and not any(sign in inner for sign in (value[0], *closing)):
        return inner
    return value
