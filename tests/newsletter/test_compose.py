"""One mail, as bytes: what RFC 5322 and its kin ask for, the same every time."""

from __future__ import annotations

import quopri
import re
from datetime import timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

import pytest
from msgspec.structs import replace

from generator.config import load_config
from generator.errors import MailError
from generator.model import UNSUBSCRIBE, Letter
from generator.newsletter.message.compose import compose_message
from generator.newsletter.message.recipients import Recipient, make_default_recipient
from generator.newsletter.message.sender import Sender, make_sender
from generator.newsletter.message.unsubscribe_link import personalize_recipient
from tests.newsletter.conftest import NOW, SITE, make_letter, make_site

KEY = b"k" * 32
BOB = Recipient("bob@example.org", "Bob Müller")


@pytest.fixture
def sender(tmp_path: Path) -> Sender:
    return make_sender(make_site(tmp_path / "site"))


def read(data: bytes) -> EmailMessage:
    message = BytesParser(policy=default).parsebytes(data)
    assert isinstance(message, EmailMessage)
    return message


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_a_mail_is_text_then_html_and_both_come_back_as_they_were(sender: Sender) -> None:
    letter = make_letter("<p>Ünïcode 🧨 and a line of\n.\ndots</p>" + "x" * 3000, "From me\n.\n..\n trailing \nÉ")
    message = read(compose_message(letter, sender, BOB, NOW, KEY))
    assert message.get_content_type() == "multipart/alternative"
    assert [each.get_content_type() for each in message.iter_parts()] == ["text/plain", "text/html"]
    assert part(message, "plain") == letter.text.replace(UNSUBSCRIBE, sender.unsubscribe)
    assert part(message, "html") == letter.html.replace(UNSUBSCRIBE, sender.unsubscribe)
    assert not message.defects
    assert not any(each.defects for each in message.walk())


def test_the_headers_say_who_what_when_and_how_to_leave(letter: Letter, sender: Sender) -> None:
    message = read(compose_message(letter, sender, BOB, NOW, KEY))
    said = {name: str(value).strip() for name, value in message.items()}
    assert re.fullmatch(r"<[0-9a-f]{40}@example\.org>", said.pop("Message-ID"))
    assert said.pop("Content-Type").startswith("multipart/alternative")
    assert said == {
        "Date": "Tue, 30 Jun 2026 09:00:00 +0000",
        "From": "The Office <office@example.org>",
        "To": "Bob Müller <bob@example.org>",
        "Subject": "June news: the lift is mended",
        "List-Id": "Letters <news.example.org>",
        "List-Unsubscribe": "<https://lists.example.org/leave>",
        "List-Archive": "<https://letters.example.org/newsletter/>",
        "List-Help": "<mailto:office@example.org?subject=help>",
        "Feedback-ID": "june:newsletter:exampleorg",
        "Precedence": "bulk",
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        "MIME-Version": "1.0",
    }


def test_the_bytes_depend_on_the_issue_the_recipient_and_the_date_alone(letter: Letter, sender: Sender) -> None:
    once = compose_message(letter, sender, BOB, NOW, KEY)
    assert compose_message(make_letter(), replace(sender), replace(BOB), NOW, KEY) == once
    assert compose_message(letter, sender, BOB, NOW + timedelta(seconds=1), KEY) != once
    boundary = re.search(rb'boundary="([^"]+)"', once)
    assert boundary
    assert once.count(boundary[1]) == 4


def test_a_message_id_is_one_person_s_and_readable_by_nobody(letter: Letter, sender: Sender) -> None:
    def id_of(recipient: Recipient, letter: Letter = letter, key: bytes = KEY) -> str:
        return str(read(compose_message(letter, sender, recipient, NOW, key))["Message-ID"])

    al = Recipient("al@example.org")
    assert id_of(BOB) == id_of(Recipient("BOB@example.org"))
    assert len({id_of(BOB), id_of(al), id_of(BOB, key=b"other"), id_of(BOB, replace(letter, id="other"))}) == 4
    assert "bob" not in id_of(BOB)


def test_a_recipient_s_own_way_to_unsubscribe_wins(letter: Letter, sender: Sender) -> None:
    own = replace(BOB, unsubscribe="https://lists.example.org/leave?who=1&what=2")
    message = read(compose_message(letter, sender, own, NOW, KEY))
    assert str(message["List-Unsubscribe"]).strip() == f"<{own.unsubscribe}>"
    assert f"Unsubscribe: {own.unsubscribe}\n" in part(message, "plain")
    assert 'href="https://lists.example.org/leave?who=1&amp;what=2"' in part(message, "html")
    assert UNSUBSCRIBE not in part(message, "plain") + part(message, "html")
    # and the next recipient does not get it
    assert own.unsubscribe not in part(read(compose_message(letter, sender, BOB, NOW, KEY)), "plain")


@pytest.mark.parametrize(
    ("one_click", "unsubscribe", "promised"),
    [
        (True, "https://lists.example.org/leave", True),
        (True, "mailto:leave@example.org", False),
        (False, "https://lists.example.org/leave", False),
    ],
)
def test_one_click_is_promised_only_where_the_address_takes_a_post(
    letter: Letter, sender: Sender, one_click: bool, unsubscribe: str, promised: bool
) -> None:
    changed = replace(sender, one_click=one_click)
    message = read(compose_message(letter, changed, replace(BOB, unsubscribe=unsubscribe), NOW, KEY))
    assert ("List-Unsubscribe-Post" in message) is promised


def test_https_and_mailto_stand_together_and_the_letter_shows_the_first(letter: Letter, sender: Sender) -> None:
    both = replace(
        sender, unsubscribe="https://x.example/?t={token}", unsubscribe_mail="mailto:x@x.example?subject={token}"
    )
    own = personalize_recipient(both, BOB, lambda address: f"for-{address[:3].lower()}")
    message = read(compose_message(letter, both, own, NOW, KEY))
    expected = "<https://x.example/?t=for-bob>, <mailto:x@x.example?subject=for-bob>"
    assert str(message["List-Unsubscribe"]).strip() == expected
    assert "Unsubscribe: https://x.example/?t=for-bob\n" in part(message, "plain")
    listed = personalize_recipient(both, replace(BOB, unsubscribe="https://own.example/1"), lambda _: "t")
    assert (listed.unsubscribe, listed.unsubscribe_mail) == ("https://own.example/1", "mailto:x@x.example?subject=t")


def test_one_click_is_not_promised_for_an_address_that_names_nobody(letter: Letter, sender: Sender) -> None:
    message = read(compose_message(letter, replace(sender, one_click=True), BOB, NOW, KEY))
    assert str(message["List-Unsubscribe"]).strip().startswith("<https:")
    assert "List-Unsubscribe-Post" not in message


@pytest.mark.parametrize(
    "text", ["x" * 5000, "ü" * 5000, "日本語の長い一行。" * 600, "=" * 2000, "a\r\nb\rc\n", "\x00\x01"]
)
def test_every_line_is_short_ascii_and_ends_in_crlf(sender: Sender, text: str) -> None:
    person = replace(BOB, unsubscribe="https://lists.example.org/" + "x" * 850)
    data = compose_message(make_letter(f"<p>{text}</p>", text), sender, person, NOW, KEY)
    assert data.isascii()
    lines = data.split(b"\r\n")
    assert max(map(len, lines)) <= 998
    assert all(b"\n" not in each and b"\r" not in each for each in lines)
    assert data.endswith(b"\r\n")


def test_scripts_other_than_latin_take_base64_and_latin_ones_quoted_printable(sender: Sender) -> None:
    data = compose_message(make_letter(text="日本語の長い一行。" * 60), sender, BOB, NOW, KEY)
    kinds = re.findall(rb"Content-Transfer-Encoding: (.+)\r\n", data)
    assert kinds == [b"base64", b"quoted-printable"]


def test_the_body_is_what_another_reader_makes_of_it(letter: Letter, sender: Sender) -> None:
    data = compose_message(letter, sender, BOB, NOW, KEY)
    html = data.split(b"\r\n\r\n")[-1].rpartition(b"\r\n--=_")[0]
    assert quopri.decodestring(html).decode() == letter.html.replace(UNSUBSCRIBE, sender.unsubscribe)


def test_hostile_fields_add_no_header(sender: Sender) -> None:
    evil = "x\r\nBcc: all@example.org\r\n\r\n<script>\u202e"
    letter = replace(make_letter(), subject=evil, title=evil, slug="x", id=evil)
    changed = replace(sender, name=evil, list_name=evil)
    message = read(compose_message(letter, changed, Recipient("bob@example.org", evil), NOW, KEY))
    assert "Bcc" not in message
    assert len(message.keys()) == 15
    assert message["To"].addresses[0].addr_spec == "bob@example.org"
    assert "\u202e" not in message["Subject"]


def test_an_international_domain_is_written_in_ascii_and_a_local_part_in_utf8(letter: Letter, sender: Sender) -> None:
    assert b"bob@xn--e1afmkfd.example" in compose_message(
        letter, sender, Recipient("bob@xn--e1afmkfd.example"), NOW, KEY
    )
    data = compose_message(letter, sender, Recipient("böb@example.org", "Bób"), NOW, KEY)
    assert "<böb@example.org>".encode() in data
    assert data.split(b"\r\n\r\n", 1)[1].isascii()


def test_what_site_toml_leaves_out_is_made_up_for(tmp_path: Path) -> None:
    toml = 'title = "Letters"\nurl = "https://letters.example.org/blog/"\n[newsletter]\nfrom = "office@example.org"\n'
    (tmp_path / "site.toml").write_text(toml)
    config = load_config(tmp_path)[0]
    sender = make_sender(config)
    assert sender.name == "Letters"
    assert sender.list_id == "newsletter.letters.example.org"
    assert sender.unsubscribe == "mailto:office@example.org?subject=unsubscribe"
    assert sender.archive == "https://letters.example.org/blog/newsletter/"
    assert make_default_recipient(config).address == "office@example.org"


@pytest.mark.parametrize("line", ["", 'from = "böb@example.org"', 'from = "x..y@example.org"'])
def test_a_sender_that_nobody_could_answer_is_refused(tmp_path: Path, line: str) -> None:
    toml = re.sub(r"(?m)^from = .*$", line, SITE.format(port=25, security="none", user=""))
    (tmp_path / "site.toml").write_text(toml, encoding="utf-8")
    with pytest.raises(MailError, match="mail-sender"):
        make_sender(load_config(tmp_path)[0])


def test_addresses_of_the_list_are_written_in_ascii(tmp_path: Path) -> None:
    toml = SITE.format(port=25, security="none", user="").replace(
        "https://lists.example.org/leave", "https://lists.größe.example/verlassen/ü?x=1"
    )
    (tmp_path / "site.toml").write_text(toml, encoding="utf-8")
    sender = make_sender(load_config(tmp_path)[0])
    assert sender.unsubscribe == "https://lists.xn--gre-6ka8i.example/verlassen/%C3%BC?x=1"
