"""Lists as mail services, address books and spreadsheets export them, and as people write them by hand."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from generator.errors import MailError
from generator.newsletter.message.recipients import RecipientList
from generator.newsletter.subscribers.csv_file import read_subscribers


def read(folder: Path, data: str | bytes, encoding: str = "utf-8") -> RecipientList:
    file = folder / "list.csv"
    file.write_bytes(data if isinstance(data, bytes) else data.encode(encoding))
    return read_subscribers(file)


def people(found: RecipientList) -> list[tuple[str, str]]:
    return [(each.address, each.name) for each in found.people]


BOB, AL = ("bob@example.org", "Bob Smith"), ("al@example.org", "Al Jones")
EXPORTS = {
    "mailchimp": (
        '"Email Address","First Name","Last Name",MEMBER_RATING,OPTIN_TIME,LAST_CHANGED,LEID,EUID,NOTES,TAGS\n'
        'bob@example.org,Bob,Smith,2,"2024-01-02 10:00:00","2024-01-02 10:00:00",1,a1,,\'"staff"\'\n'
        "al@example.org,Al,Jones,3,,,2,b2,,\n"
    ),
    "mailchimp-unsubscribed": (
        "Email Address,First Name,Last Name,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,UNSUB_REASON\n"
        "bob@example.org,Bob,Smith,,,\nal@example.org,Al,Jones,,,\n"
        "gone@example.org,G,One,2024-05-01 09:00:00,May,Normally\n"
    ),
    "mailchimp-cleaned": (
        "Email Address,First Name,Last Name,CLEAN_TIME,CLEAN_CAMPAIGN_TITLE\n"
        "bob@example.org,Bob,Smith,,\nal@example.org,Al,Jones,,\ngone@example.org,G,One,2024-05-01 09:00:00,May\n"
    ),
    "brevo": (
        "CONTACT ID;EMAIL;NOM;PRENOM;SMS;EMAIL_BLACKLISTED;ADDED_TIME\n"
        "1;bob@example.org;Smith;Bob;;No;01-02-2024\n2;al@example.org;Jones;Al;;No;01-02-2024\n"
        "3;gone@example.org;One;G;;Yes;01-02-2024\n"
    ),
    "ghost": (
        "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels\n"
        "1,bob@example.org,Bob Smith,,true,false,,2024-01-02T10:00:00.000Z,,staff\n"
        "2,al@example.org,Al Jones,,true,false,,2024-01-02T10:00:00.000Z,,\n"
        "3,gone@example.org,G,,false,false,,2024-01-02T10:00:00.000Z,,\n"
        "4,away@example.org,A,,true,false,,2024-01-02T10:00:00.000Z,2024-03-02T10:00:00.000Z,\n"
    ),
    "substack": (
        "email,name,active_subscription,expiry,plan,email_disabled,created_at,first_payment\n"
        "bob@example.org,Bob Smith,false,,other,false,2024-01-02T10:00:00.000Z,\n"
        "al@example.org,Al Jones,false,,other,false,2024-01-02T10:00:00.000Z,\n"
        "gone@example.org,G,false,,other,true,2024-01-02T10:00:00.000Z,\n"
    ),
    "listmonk": (
        "uuid,email,name,attributes,status,created_at,updated_at\n"
        'u1,bob@example.org,Bob Smith,"{""city"": ""Exampleton""}",enabled,2024-01-02,2024-01-02\n'
        "u2,al@example.org,Al Jones,{},enabled,2024-01-02,2024-01-02\n"
        "u3,gone@example.org,G,{},blocklisted,2024-01-02,2024-01-02\n"
        "u4,away@example.org,A,{},disabled,2024-01-02,2024-01-02\n"
    ),
    "campaign-monitor": (
        "Email Address,Name,State,Date\nbob@example.org,Bob Smith,Active,2024-01-02\n"
        "al@example.org,Al Jones,Active,2024-01-02\ngone@example.org,G,Unsubscribed,2024-01-02\n"
        "away@example.org,A,Bounced,2024-01-02\nnever@example.org,N,Unconfirmed,2024-01-02\n"
    ),
    "outlook": (
        '"First Name","Middle Name","Last Name","Company","E-mail Address","E-mail Display Name","E-mail 2 Address"\n'
        '"Bob","","Smith","","bob@example.org","",""\n"Al","","Jones","","al@example.org","","al@home.example"\n'
    ),
    "outlook-german": "Vorname;Nachname;E-Mail-Adresse\nBob;Smith;bob@example.org\nAl;Jones;al@example.org\n",
    "excel-german": '\ufeff"E-Mail";"Name";"Status"\r\nbob@example.org;"Bob Smith";aktiv\r\n'
    'al@example.org;"Al Jones";angemeldet\r\nfort@example.org;"F";abgemeldet\r\n',
    "google-contacts": (
        "First Name,Last Name,Labels,E-mail 1 - Label,E-mail 1 - Value\n"
        "Bob,Smith,* myContacts,,bob@example.org\nAl,Jones,,Work,al@example.org\n"
    ),
    "by-hand": '"Bob Smith" <bob@example.org>\nAl Jones <al@example.org>\n',
    "to-field": '"Smith, Bob" <bob@example.org>; Al Jones <al@example.org>;',
    "cells": 'name,email\n,"Bob Smith <bob@example.org>"\nAl Jones,mailto:al@example.org\n',
    "blanks": "\u200b\n Email \t Name\n\xa0bob@example.org\u200b\tBob  Smith\n\n\t\nal@example.org\xa0\tAl Jones\n",
    "separator-line": "sep=|\nE-Mail|Name\nbob@example.org|Bob Smith\nal@example.org|Al Jones\n",
    "commas-in-headings": '"Name, in full";"E-Mail";Name\nX;bob@example.org;Bob Smith\nX;al@example.org;Al Jones\n',
}


@pytest.mark.parametrize("kind", EXPORTS)
def test_an_export_is_read_and_whoever_has_left_is_not_mailed(tmp_path: Path, kind: str) -> None:
    found = read(tmp_path, EXPORTS[kind])
    assert found.problems == ()
    expected = [BOB, AL] if kind != "to-field" else [("bob@example.org", "Smith, Bob"), AL]
    assert people(found) == expected
    assert not found.left & {"bob@example.org", "al@example.org"}


def test_names_and_bare_addresses_on_one_line_are_all_read(tmp_path: Path) -> None:
    line = 'cy@example.org; "Jones, Al" <al@example.org>, di@example.org'
    found = read(tmp_path, f'Bob <bob@example.org>\n{line}\nnobody\n"eve@home.example" <eve@example.org>\n')
    assert people(found) == [
        ("bob@example.org", "Bob"),
        ("cy@example.org", ""),
        ("al@example.org", "Jones, Al"),
        ("di@example.org", ""),
        ("eve@example.org", "eve@home.example"),
    ]
    assert [(each.code, each.line) for each in found.problems] == [("mail-address", 3)]


def test_a_long_line_of_nonsense_takes_no_time(tmp_path: Path) -> None:
    found = read(tmp_path, f"Bob <bob@example.org>\n{'<a' * 300_000}\n{'x' * 500_000}\n")
    assert people(found) == [("bob@example.org", "Bob")]


@pytest.mark.parametrize(
    "status",
    [
        *(
            "unsubscribed",
            "Unsubscribed",
            "UNSUBSCRIBED (by admin)",
            "cleaned",
            "bounced",
            "Hard Bounce",
            "bounced - hard",
        ),
        *(
            "complained",
            "spam",
            "opted-out",
            "pending",
            "blocklisted",
            "archived",
            "non-subscribed",
            "abgemeldet",
            "no",
        ),
    ],
)
def test_these_statuses_are_never_mailed(tmp_path: Path, status: str) -> None:
    found = read(tmp_path, f"email,status\nbob@example.org,subscribed\ngone@example.org,{status}\n")
    assert [each.address for each in found.people] == ["bob@example.org"]
    assert found.left == {"gone@example.org"}
    assert found.problems == ()


@pytest.mark.parametrize(
    ("heading", "gone", "stays"),
    [
        ("Unsubscribed", "Yes", "No"),
        ("opted_out", "1", "0"),
        ("Subscribed", "false", "TRUE"),
        ("Email Opt In", "no", "yes"),
        ("Unsubscribed At", "2024-01-02", ""),
        ("bounced_at", "2024-01-02T10:00Z", "NULL"),
        ("Do Not Email", "x", ""),
    ],
)
def test_columns_that_say_who_has_left(tmp_path: Path, heading: str, gone: str, stays: str) -> None:
    found = read(tmp_path, f"email,{heading}\nbob@example.org,{stays}\ngone@example.org,{gone}\n")
    assert [each.address for each in found.people] == ["bob@example.org"]


def test_whoever_has_left_in_one_row_has_left(tmp_path: Path) -> None:
    found = read(tmp_path, "email,status\nBob@example.org,subscribed\nbob@EXAMPLE.org,unsubscribed\nal@example.org,\n")
    assert [each.address for each in found.people] == ["al@example.org"]


def test_a_status_that_is_not_known_is_named(tmp_path: Path) -> None:
    found = read(tmp_path, "email,status\nbob@example.org,Gold\nal@example.org,Gold\ncy@example.org,\n")
    assert len(found.people) == 3
    (named,) = found.problems
    assert (named.code, named.line, '"Gold"' in named.message) == ("mail-status", 2, True)


def test_a_part_of_a_country_is_no_status(tmp_path: Path) -> None:
    assert read(tmp_path, "email,state\nbob@example.org,Ohio\n").problems == ()


def test_excel_s_own_encoding_is_read_with_a_warning(tmp_path: Path) -> None:
    found = read(tmp_path, "E-Mail;Vorname;Nachname\nbob@example.org;Günther;Weiß\n", "cp1252")
    assert people(found) == [("bob@example.org", "Günther Weiß")]
    assert [(each.code, each.line) for each in found.problems] == [("mail-encoding", 2)]


def test_a_workbook_is_told_how_to_become_a_csv_file(tmp_path: Path) -> None:
    for name, member, words in (("x.xlsx", "[Content_Types].xml", "Excel workbook"), ("x.zip", "a.csv", "a zip file")):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr(member, "x")
        with pytest.raises(MailError, match=words) as caught:
            read(tmp_path, (tmp_path / name).read_bytes())
        assert name == "x.zip" or "Save As" in caught.value.problems[0].hint
    with zipfile.ZipFile(tmp_path / "x.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    with pytest.raises(MailError, match="LibreOffice workbook"):
        read(tmp_path, (tmp_path / "x.ods").read_bytes())


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "old Excel workbook"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"<!DOCTYPE html><table><tr><td>bob@example.org", "HTML or XML"),
        (b"BEGIN:VCARD\nEMAIL:bob@example.org\nEND:VCARD\n", "vCard"),
        (b'[{"email": "bob@example.org"}]', "JSON"),
        ("address\nbob@example.org\n".encode("utf-16-le"), "not a text file"),
    ],
)
def test_what_is_no_list_is_called_by_its_name(tmp_path: Path, data: bytes, words: str) -> None:
    with pytest.raises(MailError, match=words):
        read(tmp_path, data)


def test_a_messy_list_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    rows = [
        "Nr;E-Mail_Adresse *;Vorname;Nachname;Status",
        "1; bob@example.org ;Bob;Smith;",
        "2;Bob@Example.org;;;",
        "3;al(at)example.org;Al;;",
        "4;al@example.org, al@home.example;Al;;",
        "5;/o=ExchangeLabs/ou=x/cn=recipients/cn=al;Al;;",
        "6;mailto:cy@example.org;Cy;",
        "7;gone@example.org",
        "8;GONE@example.org;G;One;Abgemeldet",
        ";;;;",
    ]
    found = read(tmp_path, "\r\n".join(rows), "utf-8-sig")
    assert people(found) == [("bob@example.org", "Bob Smith"), ("cy@example.org", "Cy")]
    assert [each.line for each in found.problems] == [4, 5, 6]
    assert "Exchange" in found.problems[2].hint
    assert found.duplicates == 1
