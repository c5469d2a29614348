"""The bullets that Word, mail programs and phones write instead of Markdown's hyphen."""

BULLET = "[•◦▪‣●\uf0b7\uf0a7\uf0d8]|[·○■□▫◆◇❖➢➤►⁃∙](?=[ \xa0\t])"
"""A pattern for bullets. Those of the first list need no space after them.

Those in the private use area are Word's: characters of its fonts Symbol and Wingdings.
"""

WORD_BULLET = "[–—o§]"
"""A pattern for characters that are Word's bullets before a tab; before a space, they are words or dashes."""
