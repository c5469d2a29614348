"""Addresses are checked as mail servers read them, and folded as people mean them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.newsletter.message.email_address import EmailAddressError, fold_email_address, parse_email_address


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("bob@example.org", "bob@example.org"),
        ("Bob.O'Brien+news@Example.ORG", "Bob.O'Brien+news@example.org"),
        ("bob@straße.example", "bob@xn--strae-oqa.example"),  # by the rules of 2003: strasse.example, somebody else's
        ("bob@пример.example", "bob@xn--e1afmkfd.example"),
        ("bob@BÜCHER.example", "bob@xn--bcher-kva.example"),
        ("bo\u0308b@example.org", "böb@example.org"),
        ("staff@mail", "staff@mail"),
        ("x" * 64 + "@example.org", "x" * 64 + "@example.org"),
    ],
)
def test_an_address_gets_its_normal_form(written: str, normal: str) -> None:
    assert parse_email_address(written) == normal


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bob",
        "@example.org",
        "bob@",
        "bobexample.org",
        "bob@example.org@example.org",
        "bob smith@example.org",
        "bob@example.org, al@example.org",
        "Bob <bob@example.org>",
        "bob@example.org\r\nBcc: all@example.org",
        "bob\r\n@example.org",
        "bob\0@example.org",
        "bob\u202e@example.org",
        "bob\u00a0@example.org",
        ".bob@example.org",
        "bob.@example.org",
        "b..b@example.org",
        '"bob"@example.org',
        "bob(x)@example.org",
        "bob@[127.0.0.1]",
        "bob@127.0.0.1",
        "bob@-example.org",
        "bob@example-.org",
        "bob@exa_mple.org",
        "bob@example..org",
        "bob@.example.org",
        "bob@example.org.",
        "bob@" + "x" * 64 + ".org",
        "bob@" + "x." * 130 + "org",
        "x" * 65 + "@example.org",
        "ö" * 33 + "@example.org",
        "bob@\u202eexample.org",
        "bob@exa\u0000mple.org",
        "bob@ex ämple.org",
        "bob\ud800@example.org",
        "bob@exämple\ud800.org",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(EmailAddressError) as refused:
        parse_email_address(text)
    assert refused.value.message
    assert refused.value.hint


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("bob@example.org", "BOB@EXAMPLE.org"),
        ("böb@example.org", "BÖB@example.org"),
        ("bob@straße.example", "bob@xn--strae-oqa.example"),
    ],
)
def test_what_people_take_for_one_address_is_one(one: str, other: str) -> None:
    assert fold_email_address(parse_email_address(one)) == fold_email_address(parse_email_address(other))


def test_homographs_are_two_addresses_and_the_domain_shows_it() -> None:
    latin, cyrillic = parse_email_address("bob@example.org"), parse_email_address("bob@ехample.org")
    assert cyrillic.startswith("bob@xn--")
    assert fold_email_address(latin) != fold_email_address(cyrillic)


@given(st.text(max_size=60) | st.text(max_size=20).map(lambda text: f"{text}@example.org"))
def test_no_text_breaks_the_check_and_what_passes_is_stable(text: str) -> None:
    try:
        address = parse_email_address(text)
    except EmailAddressError:
        return
    assert parse_email_address(address) == address
    assert not any(char in address for char in "\r\n\0<>, ")
