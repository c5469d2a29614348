"""The bullets that Word, mail programs and phones put where Markdown has a hyphen."""

BULLET = "[•◦▪‣●\uf0b7\uf0a7\uf0d8]|·(?=[ \xa0\t])"
"""A pattern for bullets that need no space after them, but for the dot in the middle of a line.

Those of the private area are Word's own: characters of its fonts Symbol and Wingdings.
"""

WORD_BULLET = "[–—o§]"
"""A pattern for what Word writes as a bullet with a tab after it; with a space, they are words or dashes."""
