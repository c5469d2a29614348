"""Plain English, for leaders who write for everyone: long sentences, hard texts, words with a simpler one.

The list of words follows the advice of plainlanguage.gov and of GOV.UK's style guide.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.engine.tools.built_site import BuiltSite
from generator.errors import Problem, note
from generator.text.places import places
from generator.text.quoting import quote

FIELDS = ("title", "summary", "description", "subject", "preheader")
"""The fields of front matter whose words are read."""
MAX_WORDS = 40
"""A sentence of more words is hard to follow; GOV.UK recommends 25 at most."""
MAX_AGE = 17
"""From this reading age on, a text is hard for people who are not used to reading such texts."""
_LEAST_WORDS = 120
_SENTENCE = re.compile(r"\w[^.!?]*(?:[.!?](?!\s|$)[^.!?]*)*(?:[.!?]+|\n[ \t>]*\n|\Z)")
_BLOCK = re.compile(r"\n[ \t>]*(?=\n|[-*+][ \t]|\d+[.)][ \t]|#|\|)")
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
PLAINER = {
    "utilise": "use", "utilize": "use", "utilising": "using", "utilizing": "using", "utilisation": "use",
    "commence": "start", "commencing": "starting", "terminate": "end", "facilitate": "help", "endeavour": "try",
    "ascertain": "find out", "prior to": "before", "subsequent to": "after", "in order to": "to",
    "in excess of": "more than", "in the event that": "if", "in the event of": "if", "with regard to": "about",
    "with respect to": "about", "in relation to": "about", "pertaining to": "about",
    "due to the fact that": "because", "at this point in time": "now", "for the purpose of": "to",
    "in accordance with": "under", "on a regular basis": "regularly", "a number of": "some",
    "the majority of": "most", "going forward": "from now on", "leverage": "use", "leveraging": "using",
    "deliverables": "results", "stakeholders": "the people concerned", "incentivise": "encourage",
    "operationalise": "start to use", "expedite": "speed up", "henceforth": "from now on", "hitherto": "until now",
    "notwithstanding": "despite", "aforementioned": "these", "remuneration": "pay", "whilst": "while",
    "amongst": "among",
}  # fmt: skip
"""A word or phrase to avoid → a plainer one."""
_AVOIDED = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, PLAINER), key=len, reverse=True))})\b", re.I)


def english_sources(site: BuiltSite) -> Iterator[str]:
    """List the sources of public documents in English."""
    for path, card in site.index.cards.items():
        if (card.lang or site.config.language).lower().partition("-")[0] == "en":
            yield path


def plain_english(site: BuiltSite) -> Iterator[Problem]:
    """Find what makes a text harder to read than it need be."""
    for path in english_sources(site):
        text = site.locate.prose(path, FIELDS)
        yield from _avoided_words(path, text)
        yield from _long_sentences(path, text)
        age = reading_age(text)
        if age > MAX_AGE:
            message = f"The text is written for readers of {age:.0f} years or more."
            yield note(path, "hard-to-read", message, "Shorten the sentences, and use shorter words.", line=1)


def reading_age(text: str) -> float:
    """Estimate how old a reader must be, by the Coleman–Liau index; 0 for a text that is too short to tell.

    Source: Coleman and Liau, A computer readability formula designed for machine scoring, 1975: the grade is
    0.0588 L - 0.296 S - 15.8, with L letters and S sentences for each 100 words; a grade is read five years later.
    """
    words = _WORD.findall(text)
    if len(words) < _LEAST_WORDS:
        return 0.0
    letters, sentences = sum(map(len, words)), max(1, sum(1 for _ in _sentences(text)))
    return 0.0588 * 100 * letters / len(words) - 0.296 * 100 * sentences / len(words) - 15.8 + 5


def _avoided_words(path: str, text: str) -> Iterator[Problem]:
    avoided = list(_AVOIDED.finditer(text))
    for found, (line, column) in zip(avoided, places(text, (each.start() for each in avoided)), strict=True):
        plainer = PLAINER[" ".join(found[0].lower().split())]
        message = f"{quote(found[0])} has a plainer word."
        yield note(path, "plainer-word", message, f"Write {quote(plainer)}", line=line, column=column)


def _long_sentences(path: str, text: str) -> Iterator[Problem]:
    counted = ((at, len(_WORD.findall(sentence))) for at, sentence in _sentences(text))
    long = [(at, count) for at, count in counted if count > MAX_WORDS]
    for (_, count), (line, column) in zip(long, places(text, (at for at, _ in long)), strict=True):
        message = f"The sentence has {count} words; more than 25 are hard to follow."
        yield note(path, "long-sentence", message, "Make two or three sentences of it.", line=line, column=column)


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Split a text into sentences, each with its place; a line of front matter, a list's item and a block end one."""
    begin = 0
    for end in (*(found.start() for found in _BLOCK.finditer(text)), len(text)):
        block = text[begin:end]
        for found in _SENTENCE.finditer(block):
            if _WORD.search(found[0]):
                yield begin + found.start(), found[0]
        begin = end
