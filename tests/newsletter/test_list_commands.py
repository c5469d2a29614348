"""Lists are checked, merged, compared and counted, and nobody who has left comes back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.newsletter.subscribers.csv_file import read_subscribers
from generator.newsletter.subscribers.list_check import check_lists
from generator.newsletter.subscribers.misspelt_domains import find_misspelt_domains, is_one_error_apart
from tests.newsletter.commands import run_command
from tests.newsletter.conftest import make_site

STAFF = """address,name,campus,status
ann@example.org,Ann,North,
bob@example.org,Bob,,subscribed
cy@example.org,Cy,South,unsubscribed
BOB@example.org,Robert,South,
"""
STUDENTS = """E-Mail;Vorname;Nachname;Course;Opted out
bob@example.org;Bob;Smith;Law;no
cy@example.org;Cy;Young;Art;no
di@example.org;Di;Moe;Law;yes
nonsense;;;;
ed@example.org;Ed;Low;Art;no
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    make_site(tmp_path)
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists/staff.csv").write_text(STAFF)
    (tmp_path / "lists/students.csv").write_text(STUDENTS)
    return tmp_path


def addresses(file: Path) -> list[str]:
    return [person.address for person in read_subscribers(file).people]


def test_check_finds_who_is_on_two_lists_and_who_has_left_one_of_them(site: Path) -> None:
    done = run_command(site, "subscribers", "check")
    assert done.exit_code == 0
    assert f"{site}/lists/staff.csv: 2 people, 1 left, 1 duplicate\n" in done.stdout
    assert f"{site}/lists/students.csv: 3 people, 1 left, 1 invalid row\n" in done.stdout
    assert done.stdout.endswith("Together: 4 people\n")
    assert "students.csv:2 note: 1 person is on" in done.stderr
    assert "students.csv:3 warning: 1 person on this list left according to" in done.stderr
    assert "students.csv:5:1 warning: " in done.stderr
    assert run_command(site, "subscribers", "check", "staff", "--strict").exit_code == 0
    assert run_command(site, "subscribers", "check", "--strict").exit_code == 1
    facts = json.loads(run_command(site, "subscribers", "check", "staff", "--json").stdout)
    assert facts["people"] == 2


ODD = [
    "ann@gmial.com", "bob@gmail.con", "cy@gmal.com", "di@outllook.com", "ed@sampelton.example", "fay@hotmial.com",
    "info@example.org", "noreply@example.org", "Postmaster@example.org", "it+news@example.org",
]  # fmt: skip
PLAIN = ["x@gmail.com", "y@mail.com", "z@ymail.com", "infos@example.org", "me@me.com", "we@we.com", "hello.ann@a.org"]


def test_check_finds_misspelt_domains_and_roles(tmp_path: Path) -> None:
    many = [f"reader-{number}@sampleton.example" for number in range(30)]
    file = tmp_path / "list.csv"
    file.write_text("address\n" + "\n".join([*ODD, *PLAIN, *many]) + "\n")
    found = check_lists([file]).problems
    assert [problem.line for problem in found] == [*range(2, 2 + len(ODD))]
    assert [problem.code for problem in found] == ["mail-misspelt"] * 6 + ["mail-role"] * 4
    hints = " ".join(problem.hint for problem in found)
    for meant in ("ann@gmail.com", "bob@gmail.com", "cy@gmail.com", "di@outlook.com", "ed@sampleton.example"):
        assert f"Did you mean {meant}?" in hints
    assert [str(problem.level) for problem in found[6:]] == ["note", "warning", "note", "note"]


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        ("gmial.com", "gmail.com", True),
        ("gmai.com", "gmail.com", True),
        ("gmaill.com", "gmail.com", True),
        ("gmail.con", "gmail.com", True),
        ("gmail.com", "gmail.com", False),
        ("gmial.con", "gmail.com", False),
        ("liamg.com", "gmail.com", False),
        ("a", "", True),
        ("ab", "ba", True),
        ("", "ab", False),
    ],
)
def test_one_typing_error(one: str, other: str, near: bool) -> None:
    assert is_one_error_apart(one, other) is near
    assert is_one_error_apart(other, one) is near


def test_two_domains_that_many_people_have_are_both_right() -> None:
    assert find_misspelt_domains(["north.example"] * 400 + ["norht.example"] * 20) == {}
    assert find_misspelt_domains(["north.example"] * 400 + ["norht.example"] * 19) == {"norht.example": "north.example"}
    assert find_misspelt_domains(["north.example"] * 40 + ["norht.example"] * 3) == {}


def test_merge_keeps_every_column_and_whoever_has_left_stays_away(site: Path) -> None:
    target = site / "lists/everyone.csv"
    done = run_command(site, "subscribers", "merge", "staff", "students", "--output", str(target))
    assert done.stdout == f"{target}: 5 people, 2 of them left, 1 invalid row skipped\n"
    assert target.read_text().splitlines() == [
        "address,name,campus,status,Vorname,Nachname,Course,Opted out",
        "ann@example.org,Ann,North,,,,,",
        "bob@example.org,Bob,South,subscribed,Bob,Smith,Law,no",
        "cy@example.org,Cy,South,unsubscribed,Cy,Young,Art,no",
        "di@example.org,,,,Di,Moe,Law,yes",
        "ed@example.org,,,,Ed,Low,Art,no",
    ]
    assert addresses(target) == ["ann@example.org", "bob@example.org", "ed@example.org"]
    again = run_command(site, "subscribers", "merge", "staff", "--output", str(target))
    assert (again.exit_code, "already exists" in again.output) == (3, True)


def test_merge_marks_people_who_left_in_another_order_and_without_a_column(site: Path) -> None:
    (site / "lists/bare.csv").write_text("di@example.org,Di\nann@example.org\n")
    for at, order in enumerate((("students", "staff"), ("bare", "students"), ("students", "bare"), ("bare", "staff"))):
        target = site / f"{at}.csv"
        assert run_command(site, "subscribers", "merge", *order, "--output", str(target)).exit_code == 0
        left = {"di@example.org"} if "students" in order else set()
        left |= {"cy@example.org"} if "staff" in order else set()
        assert not left & set(addresses(target)), target.read_text()
        assert "ann@example.org" in addresses(target)


def test_diff_shows_who_is_new_and_who_has_gone(site: Path) -> None:
    (site / "lists/new.csv").write_text(
        "address,status\nAnn@example.org,unsubscribed\ncy@example.org,\nfay@example.org,\n"
    )
    done = run_command(site, "subscribers", "diff", "staff", "new")
    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        "+ fay@example.org",
        "- bob@example.org",
        "- ann@example.org (has left)",
        "+ cy@example.org (had left)",
        "2 added, 2 removed",
    ]
    same = run_command(site, "subscribers", "diff", "staff", "staff")
    assert (same.exit_code, same.stdout) == (0, "0 added, 0 removed\n")
    assert json.loads(run_command(site, "subscribers", "diff", "staff", "new", "--json").stdout)["added"] == [
        "fay@example.org"
    ]


def test_count_gives_the_number_that_a_send_asks_for(site: Path) -> None:
    done = run_command(site, "subscribers", "count")
    assert done.stdout.splitlines()[-1] == "Together: 3 recipients (2 duplicates removed, 2 unsubscribed or bounced)"
    by = run_command(site, "subscribers", "count", "staff", "--by", "Campus").stdout.splitlines()
    assert by[1:3] == ["Campus=: 1", "Campus=North: 1"]
    assert by[3] == "Together: 2 recipients (1 duplicate removed, 1 unsubscribed or bounced)"
    only = json.loads(run_command(site, "subscribers", "count", "staff", "--only", "campus=north", "--json").stdout)
    assert (only["recipients"], only["left"]) == (1, 1)
    assert "no column" in run_command(site, "subscribers", "count", "staff", "--by", "town").stderr


def test_a_site_without_lists_is_a_message(tmp_path: Path) -> None:
    make_site(tmp_path)
    for name in ("check", "count"):
        done = run_command(tmp_path, "subscribers", name)
        assert (done.exit_code, "There is no list in lists/" in done.stderr) == (3, True)
