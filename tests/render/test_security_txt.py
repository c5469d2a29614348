"""`/.well-known/security.txt`: whom to tell of a security hole. Source: RFC 9116."""

from datetime import UTC, datetime
from typing import Any

import pytest

from generator.errors import ConfigError
from tests.factories import SITE_TOML, post

PATH = ".well-known/security.txt"
POST = {"posts/2024-01-01-a.md": post("A")}


def with_security(lines: str, url: str = "") -> dict[str, Any]:
    site = SITE_TOML.replace("https://example.org/", url) if url else SITE_TOML
    return {**POST, "site.toml": f"{site}[security]\n{lines}\n"}


def test_every_setting_becomes_a_field_in_order(letters: Any) -> None:
    made = letters(
        with_security(
            'contact = ["security@example.org", "https://example.org/report", "tel:+44-20-7946-0000"]\n'
            'expires = 2027-06-30\npolicy = "https://example.org/policy"\n'
            'acknowledgments = "https://example.org/thanks"\nencryption = "https://example.org/key.asc"\n'
            'languages = ["en", "cy"]'
        )
    )
    assert made.text(PATH).splitlines() == [
        "Contact: mailto:security@example.org",
        "Contact: https://example.org/report",
        "Contact: tel:+44-20-7946-0000",
        "Expires: 2027-06-30T23:59:59Z",
        "Encryption: https://example.org/key.asc",
        "Acknowledgments: https://example.org/thanks",
        "Preferred-Languages: en, cy",
        "Canonical: https://example.org/.well-known/security.txt",
        "Policy: https://example.org/policy",
    ]
    assert made.report.problems == ()
    assert not made.build().rendered


def test_an_edit_of_the_settings_renders_this_file_alone_and_without_them_it_goes(letters: Any) -> None:
    made = letters(with_security('contact = ["a@example.org"]\nexpires = 2027-06-30'))
    made.edit("site.toml", "2027-06-30", "2027-07-31")
    assert set(made.build().rendered) == {PATH}
    assert "Expires: 2027-07-31T23:59:59Z" in made.text(PATH)
    made.write("site.toml", SITE_TOML)
    assert made.build().deleted == (PATH,)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (datetime(2027, 5, 30, tzinfo=UTC), None),
        (datetime(2027, 6, 1, tzinfo=UTC), "security.txt expires on 2027-06-30."),
        (datetime(2027, 6, 30, 23, tzinfo=UTC), "security.txt expires on 2027-06-30."),
        (datetime(2027, 7, 1, tzinfo=UTC), "security.txt expired on 2027-06-30"),
        (datetime(2030, 1, 1, tzinfo=UTC), "security.txt expired on 2027-06-30"),
    ],
)
def test_the_date_is_a_note_at_its_line_also_where_nothing_is_built(
    letters: Any, now: datetime, said: str | None
) -> None:
    made = letters(with_security('contact = ["a@example.org"]\nexpires = 2027-06-30'))
    before = made.text(PATH)
    made.build(now=now)
    assert made.text(PATH) == before
    found = [(p.code, str(p.level), p.line) for p in made.report.problems]
    assert found == ([("security-expires", "note", 5)] if said else [])
    assert said is None or made.report.problems[0].message.startswith(said)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ('contact = ["a@example.org"]', "a contact needs a date of expiry"),
        ("expires = 2027-06-30", '"contact" in [security] is missing.'),
        ('contact = ["nobody"]\nexpires = 2027-06-30', '"nobody" is not a contact.'),
        ('contact = ["http://example.org/"]\nexpires = 2027-06-30', "is not a contact"),
        ('contact = ["mailto:x"]\nexpires = 2027-06-30', '"x" is not an e-mail address.'),
        ('contact = ["a@example.org"]\nexpires = "soon"', "'soon' is not a date."),
        ('contact = ["a@example.org"]\nexpires = 7', "7 is not a date."),
        ('contact = ["a@example.org"]\nexpires = 2027-06-30\npolicy = "http://example.org/"', "policy"),
    ],
)
def test_what_the_standard_forbids_is_refused(letters: Any, lines: str, said: str) -> None:
    with pytest.raises(ConfigError) as caught:
        letters(with_security(lines))
    assert said in str(caught.value)


def test_a_file_of_the_sites_own_takes_its_place(letters: Any) -> None:
    files = with_security('contact = ["a@example.org"]\nexpires = 2027-06-30')
    made = letters({**files, "static/.well-known/security.txt": "Contact: mailto:b@example.org\n"})
    assert made.text(PATH) == "Contact: mailto:b@example.org\n"


def test_a_site_below_a_path_names_its_own_place(letters: Any) -> None:
    files = with_security('contact = ["a@example.org"]\nexpires = 2027-06-30', "https://example.org/blog/")
    assert "Canonical: https://example.org/blog/.well-known/security.txt\n" in letters(files).text(PATH)
