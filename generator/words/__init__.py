"""The words that the program and its themes show to readers of a site, by language.

The English words are in the code and need no catalogue. Every other language is one file, `locale/LANG.po`, made from
`locale/openletter.pot`, which `make words` writes.
"""

from generator.words.catalogue import ENGLISH, Words, find_words
from generator.words.formats import choose_formats
from generator.words.scripts import direction, is_latin

__all__ = ["ENGLISH", "Words", "choose_formats", "direction", "find_words", "is_latin"]
