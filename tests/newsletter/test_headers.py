"""Nobody's title or name adds a header, reorders a line, or is lost on the way."""

from __future__ import annotations

import re
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from email.utils import parseaddr

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.newsletter.message.headers import (
    MAX_NAME,
    clean_header_text,
    encode_header_text,
    format_mailbox,
    make_header_policy,
)

HOSTILE = [
    "June\r\nBcc: all@example.org",
    "June\nBcc: all@example.org",
    "June\rBcc: all@example.org",
    "June\r\n\r\n<script>",
    "June\u2028Bcc: x\u2029y\x85z\x0bw\x0cv",
    "\u202egnp.exe\u2066",
    "a\x00b\x1bc\x7f",
    "=?utf-8?q?=0D=0ABcc=3A_all=40example.org?=",
    "\ud800half",
    " " * 200,
    "x" * 5000,
    "wörd " * 200,
    "🧨" * 300,
]


def written(field: str, value: str) -> tuple[bytes, str]:
    """Write a header as it goes out, and read it back as a mail program does."""
    message = EmailMessage(policy=make_header_policy({field: value}, utf8=False))
    message[field] = value
    ((name, stored),) = message.raw_items()
    data = message.policy.fold_binary(name, stored)
    return data, BytesParser(policy=default).parsebytes(data + b"\r\n")[field]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_hostile_subject_stays_one_header_of_ascii_lines(text: str) -> None:
    data, back = written("Subject", encode_header_text(clean_header_text(text, 400)))
    assert data.isascii()
    assert len(re.findall(rb"^[A-Za-z-]+:", data, re.M)) == 1
    assert all(len(line) <= 78 for line in data.split(b"\r\n"))
    assert back.strip() == clean_header_text(text, 400)
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", back)


@pytest.mark.parametrize(
    "name", [*HOSTILE, 'Bob "the Hat" Smith', "Smith, Bob", "a\\b", "Bob <bob@evil.example>", "Ö, x"]
)
def test_a_hostile_name_stays_the_name_of_one_address(name: str) -> None:
    message = EmailMessage(policy=make_header_policy({"To": ""}, utf8=False))
    message["To"] = format_mailbox(name, "bob@example.org")
    ((_, stored),) = message.raw_items()
    data = message.policy.fold_binary("To", stored)
    assert len(re.findall(rb"^[A-Za-z-]+:", data, re.M)) == 1
    back = BytesParser(policy=default).parsebytes(data + b"\r\n")["To"]
    (address,) = back.addresses
    assert address.addr_spec == "bob@example.org"
    # This parser leaves the space between two encoded words of a name; the older one does not.
    assert address.display_name.replace(" ", "") == clean_header_text(name, MAX_NAME).replace(" ", "")
    assert str(make_header(decode_header(parseaddr(stored)[0]))) == clean_header_text(name, MAX_NAME)


def test_a_long_name_is_cut() -> None:
    assert clean_header_text("x" * 5000, MAX_NAME) == "x" * (MAX_NAME - 1) + "…"


def test_plain_text_is_left_plain() -> None:
    assert encode_header_text("June news: the lift is mended") == "June news: the lift is mended"
    assert format_mailbox("The Office", "office@example.org") == "The Office <office@example.org>"
    assert format_mailbox("", "office@example.org") == "office@example.org"


def test_emoji_and_joined_letters_are_kept() -> None:
    assert clean_header_text("👩\u200d💻 नमस्ते", 400) == "👩\u200d💻 नमस्ते"


def test_a_long_address_in_a_header_is_not_taken_for_text() -> None:
    url = "https://lists.example.org/leave?token=" + "abc123" * 50
    data, _ = written("List-Unsubscribe", f"<{url}>")
    assert f"<{url}>".encode() in data


@given(st.text(max_size=500))
@example("\r")
@example("=?x?=")
def test_every_text_comes_back_as_it_was_cleaned(text: str) -> None:
    line = clean_header_text(text, 400)
    data, back = written("Subject", encode_header_text(line))
    assert back.strip() == line
    assert max(map(len, data.split(b"\r\n"))) <= 78
