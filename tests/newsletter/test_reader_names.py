"""A letter that greets its readers by name: in the mail alone, escaped, and never in place of anything else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

import pytest

from generator.model import UNSUBSCRIBE, Letter
from generator.newsletter.checks.arrived_mail import check_arrived_mail
from generator.newsletter.checks.preflight import load_letter
from generator.newsletter.export.folder import make_export
from generator.newsletter.export.preview_page import list_views, make_letter_preview, render_preview_page
from generator.newsletter.export.services import SERVICES, MailService
from generator.newsletter.issue import with_rendered_issue
from generator.newsletter.message.compose import compose_message
from generator.newsletter.message.reader_name import LONGEST_NAME
from generator.newsletter.message.recipients import Recipient
from generator.newsletter.message.sender import Sender, make_sender
from generator.newsletter.subscribers.csv_file import read_subscribers
from tests.factories import Site, post
from tests.newsletter.commands import make_sending_site, run_command
from tests.newsletter.conftest import NOW, make_letter, make_site
from tests.newsletter.mail_server import MailServer
from tests.newsletter.site_with_issue import CLOCK, issue, make_site_with_issue

PATH = "content/newsletters/2026-06-01-june.md"
BODY = """Dear {name|colleague},

here it is.

## For { Name | friends of the desk }

| who | what |
|---|---|
| {name|you} | *{name|all}* and `{name|code}` |
"""
MARKED = make_letter("<p>Dear <bdi>{{openletter-name:friend}}</bdi>,</p>", "Dear {{openletter-name:friend}},")
HOSTILE = [
    ("<script>alert(1)</script>", "&lt;script&gt;", ""),  # a slash: the fallback
    ('<b onclick="x">Ann', "&lt;b onclick=&quot;x&quot;&gt;Ann", '<b onclick="x">Ann'),
    ("Ann & Bob", "Ann &amp; Bob", "Ann & Bob"),
    ("{unsubscribe}", "{unsubscribe}", "{unsubscribe}"),
    (UNSUBSCRIBE, UNSUBSCRIBE, UNSUBSCRIBE),
    ("{{openletter-name:x}}", "{{openletter-name:x}}", "{{openletter-name:x}}"),
    ("{name|x}", "{name|x}", "{name|x}"),
    (r"\1 \g<0>", r"\1 \g&lt;0&gt;", r"\1 \g<0>"),
    ("Ann\nBcc: eve@example.com", "friend", ""),  # an address: the fallback
    ("Ann\r\n\r\nBcc: all", "Ann Bcc: all", "Ann Bcc: all"),
    ("N" * 1000, "N" * 79 + "…", "N" * 79 + "…"),
    ("\u202eAnn\u202c\u2067", "Ann", "Ann"),
    ("أحمد", "أحمد", "\u2068أحمد\u2069"),
    ("Buy at www.example.com/now", "friend", ""),
    ("   ", "friend", ""),
]  # fmt: skip


@pytest.fixture
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site_with_issue(
        tmp_path_factory.mktemp("site"), {PATH: issue("For the {name|colleague}.\n\n" + BODY, preheader=None)}
    )


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
    return str(body.get_content())


def listed(file: Path, name: str) -> Recipient:
    quoted = name.replace('"', '""')
    file.write_bytes(f'address,name\nann@example.org,"{quoted}"\n'.encode())
    return read_subscribers(file).people[0]


@pytest.mark.parametrize(("name", "in_html", "in_text"), HOSTILE)
def test_a_name_is_words_and_nothing_else(
    tmp_path: Path, sender: Sender, name: str, in_html: str, in_text: str
) -> None:
    person = listed(tmp_path / "list.csv", name)
    message = read(compose_message(MARKED, sender, person, NOW, b""))
    plain = read(compose_message(make_letter(), sender, person, NOW, b""))
    html, text = part(message, "html"), part(message, "plain")
    shown = in_html if in_text else "friend"
    assert f"<p>Dear <bdi>{shown}</bdi>,</p>" in html
    assert text.startswith(f"Dear {in_text or 'friend'},")
    assert html.count(sender.unsubscribe) == text.count(sender.unsubscribe) == 1
    assert [name for name, _ in message.items()] == [name for name, _ in plain.items()]
    assert "friend" not in str(message["Subject"])


def test_who_has_no_name_gets_the_fallback(sender: Sender) -> None:
    people = [
        Recipient("a@example.org", "", line=2),
        Recipient("staff@lists.example.org", "All Staff"),  # the name of a list server's address
        Recipient("b@example.org", "b@example.org", line=3),
    ]
    for person in people:
        message = read(compose_message(MARKED, sender, person, NOW, b""))
        assert part(message, "plain").startswith("Dear friend,")
        assert "<bdi>friend</bdi>" in part(message, "html")


def test_a_right_to_left_letter_isolates_names_in_latin(sender: Sender) -> None:
    arabic = Letter(**{name: getattr(MARKED, name) for name in MARKED.__struct_fields__} | {"language": "ar"})
    for name, shown in (("Ann", "\u2068Ann\u2069"), ("أحمد", "أحمد")):
        message = read(compose_message(arabic, sender, Recipient("a@example.org", name, line=2), NOW, b""))
        assert part(message, "plain").startswith(f"Dear {shown},")


def test_the_letter_keeps_a_mark_for_each_place_and_nothing_in_its_headers(root: Path) -> None:
    letter, problems = load_letter(root, "june", CLOCK)
    for fallback in ("colleague", "friends of the desk", "you", "all"):
        assert f"<bdi>{{{{openletter-name:{fallback}}}}}</bdi>" in letter.html
        assert f"{{{{openletter-name:{fallback}}}}}" in letter.text
    assert letter.html.count("openletter-name") == letter.text.count("openletter-name") == 5
    assert "openletter" not in letter.subject + letter.preheader
    assert letter.preheader == "For the colleague. Dear colleague, here it is."
    assert [each.message for each in problems if each.code == "mail-greeting"] == [
        'Readers would see "{name|code}" instead of their name.'
    ]


def test_the_site_has_the_fallback_everywhere(root: Path) -> None:
    site = Site(root)
    site.build()
    texts = {path: site.text(path) for path in site.paths if path.endswith((".html", ".xml", ".json", ".txt"))}
    page = texts["newsletter/june/index.html"]
    assert 'Dear <bdi class="reader-name">colleague</bdi>,' in page
    assert '<em><bdi class="reader-name">all</bdi></em>' in page
    assert "{name|code}" in page
    assert 'id="for-friends-of-the-desk"' in page
    assert len(texts) > 5
    for path, text in texts.items():
        assert not re.search(r"openletter-name|\ufdd5|\{ ?name ?\|(?!code)", text, re.IGNORECASE), path


@pytest.mark.parametrize(
    ("keys", "body", "line"),
    [
        ({}, "Dear {name},", 10),
        ({}, "Dear {name|},", 10),
        ({}, "Dear {name|<b>},", 10),
        ({}, "Dear {Name| },", 10),
        ({}, f"Dear {{name|{'x' * 41}}},", 10),
        ({"subject": "June news for {name|you}"}, "Dear all,", 4),
        ({"summary": "For {name|you}."}, "Dear all,", 9),
    ],
)
def test_a_name_that_cannot_be_filled_is_an_error(tmp_path: Path, keys: dict[str, str], body: str, line: int) -> None:
    source = issue(body, **keys)
    _, problems = load_letter(make_site_with_issue(tmp_path, {PATH: source}), "june", CLOCK)
    found = [each for each in problems if each.code == "mail-greeting"]
    assert [(str(each.level), each.path) for each in found] == [("error", PATH)]
    assert re.search(r"\{name", source.splitlines()[found[0].line - 1][found[0].column - 1 :], re.IGNORECASE)


def test_posts_keep_what_they_say(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "content/posts/2026-05-02-lift.md": post("The lift", "Write {name|you} there.", summary="It moves."),
        PATH: issue("Dear all,", lead="lift"),
    }
    letter, problems = load_letter(make_site_with_issue(tmp_path, files), "june", CLOCK)
    assert not [each for each in problems if each.code == "mail-greeting"]
    assert "openletter-name" not in letter.html


def test_each_service_gets_its_tag_or_the_fallback(root: Path) -> None:
    own = {"mailchimp", "campaign-monitor", "brevo", "listmonk"}
    plain = issue(BODY.replace(" and `{name|code}`", ""))
    (root / PATH).write_text(plain)

    def export(service: MailService) -> dict[str, str]:
        made = with_rendered_issue(root, "june", CLOCK, lambda rendered: make_export(rendered, service))
        return {name: data.decode() for name, data in made.files.items() if name.startswith("letter")}

    for name, service in {**SERVICES, "other": MailService(unsubscribe="[[x]]")}.items():
        for written in export(service).values():
            assert "openletter-" not in written
            greeting = service.name.replace("FALLBACK", "colleague") if name in own else "colleague"
            assert f"Dear {greeting}," in written or f"Dear <bdi>{greeting}</bdi>," in written, name
    assert {name for name, service in SERVICES.items() if service.name} == own


def test_the_preview_shows_a_very_long_name_and_none(root: Path) -> None:
    shown = with_rendered_issue(root, "june", CLOCK, make_letter_preview)
    views = {view.name: view.html for view in list_views(shown)}
    long = views.pop("Phone, for a reader with a very long name")
    assert len(LONGEST_NAME) == 80
    assert f"<bdi>{LONGEST_NAME}</bdi>" in long
    assert all("<bdi>colleague</bdi>" in view for view in views.values())
    page = render_preview_page(shown, "pictures/")
    assert "Dear colleague," in page
    assert "openletter-name" not in page


def test_a_mail_that_arrived_with_a_name_is_unchanged(root: Path, sender: Sender) -> None:
    letter, _ = load_letter(root, "june", CLOCK)
    mail = compose_message(letter, sender, Recipient("ann@example.org", "Ann Ω", line=2), NOW, b"")
    assert not [each for each in check_arrived_mail(mail, letter, "a.eml").problems if each.code == "mail-altered"]
    other = mail.replace(b"here it is.", b"here it was.")
    assert [each for each in check_arrived_mail(other, letter, "a.eml").problems if each.code == "mail-altered"]


def test_the_longest_name_counts(tmp_path: Path) -> None:
    source = issue("{name|x} " * 900)
    site = make_sending_site(tmp_path, 9, "", {PATH: source})
    assert "mail-size" in {each.code for each in load_letter(site, "june", CLOCK)[1]}
    (site / PATH).write_text(issue("Dear all, " * 900))
    assert "mail-size" not in {each.code for each in load_letter(site, "june", CLOCK)[1]}


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


def test_everyone_is_greeted_by_name_under_one_approval(tmp_path: Path, server: MailServer) -> None:
    readers = "address,first name,last name\nann@example.org,Ann,Smith\nbob@example.org,,\n"
    files: dict[str, str | bytes] = {PATH: issue("Dear {name|colleague},"), "lists/readers.csv": readers}
    site = make_sending_site(tmp_path, server.port, "approvals = 1", files)
    asked = run_command(site, "newsletter", "ask-approval", "june", "--of", "dean@example.org", "--to", "readers")
    digest = asked.output.rpartition(" ")[2].strip()
    words = ("--digest", digest, "--by", "dean@example.org", "--to", "readers")
    assert run_command(site, "newsletter", "approve", "june", *words).exit_code == 0
    sent = run_command(site, "newsletter", "send", "june", "--to", "readers", "--yes-send", "2")
    assert sent.exit_code == 0, sent.output
    greeted = [re.findall("Dear .*,", part(server.message(at), "plain")) for at in range(3)]
    assert greeted == [["Dear colleague,"], ["Dear Ann Smith,"], ["Dear colleague,"]]
    (site / PATH).write_text(issue("Dear {name|friend},"))
    tried = run_command(site, "newsletter", "send", "june", "--to", "readers", "--yes-send", "2")
    assert tried.exit_code != 0


def test_an_edit_of_a_fallback_is_built_as_from_nothing(tmp_path: Path) -> None:
    site = Site(make_site_with_issue(tmp_path, {PATH: issue("Dear {name|colleague},")}))
    site.build()
    site.edit(PATH, "colleague", "friend")
    site.build()
    assert 'Dear <bdi class="reader-name">friend</bdi>,' in site.text("newsletter/june/index.html")
    assert site.verify() == ()
