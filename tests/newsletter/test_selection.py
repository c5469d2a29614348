"""Part of a list, by its own columns: whoever has left stays away whatever is chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.config import load_config
from generator.errors import ConfigError, MailError
from generator.newsletter.subscribers.audience import Selection, gather_recipients
from generator.newsletter.subscribers.list_names import find_list, list_lists
from generator.newsletter.subscribers.row_conditions import parse_condition
from tests.newsletter.conftest import make_site

ROWS = """address,name,Home campus,role,status
ann@example.org,Ann,North,staff,
bob@example.org,Bob,South,student,
cy@example.org,Cy, north ,student,
di@example.org,Di,,staff,
ed@example.org,Ed,North,staff,unsubscribed
bad,Nobody,South,staff,
fay@example.org,Fay,North,staff,
FAY@example.org,Fay,South,staff,
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    make_site(tmp_path)
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists/readers.csv").write_text(ROWS)
    (tmp_path / "lists/board.csv").write_text("email,status\nFAY@example.org,\ncy@example.org,unsubscribed\n")
    (tmp_path / "lists/south.csv").write_text("email,status\ned@example.org,\nann@example.org,unsubscribed\n")
    return tmp_path


def chosen(site: Path, *only: str, to: str = "readers", except_: tuple[str, ...] = ()) -> list[str]:
    wanted = Selection(to=(to,), only=only, except_=except_)
    found, _ = gather_recipients(site, load_config(site)[0], wanted)
    return [person.address.partition("@")[0] for person in found.people]


@pytest.mark.parametrize(
    ("only", "people"),
    [
        ((), ["ann", "bob", "cy", "di", "fay"]),
        (("home campus=North",), ["ann", "cy", "fay"]),
        (("HOME_CAMPUS = north",), ["ann", "cy", "fay"]),
        (("home campus=North|South", "role=student"), ["bob", "cy"]),
        (("home campus!=North",), ["bob", "di", "FAY"]),
        (("home campus=",), ["di"]),
        (("role!=student|visitor", "home campus!="), ["ann", "fay"]),
    ],
)
def test_rows_are_chosen_by_their_columns(site: Path, only: tuple[str, ...], people: list[str]) -> None:
    assert chosen(site, *only) == people


def test_everybody_on_another_list_is_left_out_even_if_they_have_left_it(site: Path) -> None:
    assert chosen(site, except_=("board",)) == ["ann", "bob", "di"]
    assert chosen(site, "role=staff", except_=(str(site / "lists/board.csv"),)) == ["ann", "di"]


def test_a_status_counts_in_rows_that_are_not_chosen(site: Path) -> None:
    wanted = Selection(to=("south", "readers"), only=("status=",))
    found, _ = gather_recipients(site, load_config(site)[0], wanted)
    assert [person.address.partition("@")[0] for person in found.people] == ["bob", "cy", "di", "fay"]
    assert found.left == {"ann@example.org", "ed@example.org"}


def test_what_is_left_out_is_counted_and_its_mistakes_are_not_reported(site: Path) -> None:
    found, _ = gather_recipients(site, load_config(site)[0], Selection(to=("readers",), only=("home campus=North",)))
    assert (found.excluded, found.problems) == (3, ())


@pytest.mark.parametrize("text", ["", "campus", "=North", " = North", "!=North"])
def test_what_is_no_condition_is_a_message(text: str) -> None:
    with pytest.raises(ConfigError, match=r"is not a condition.*campus=North"):
        parse_condition(text)


@pytest.mark.parametrize(
    ("only", "said"),
    [
        ("home campsu=North", r'no column "home campsu"\. Did you mean "Home campus"\?'),
        ("xyz=1", r'no column "xyz"\. Its columns are: address, name, Home campus, role, status\.'),
        ("role=nobody", r"--only and --except leave out everyone"),
    ],
)
def test_a_column_or_a_value_that_is_not_there_is_a_message(site: Path, only: str, said: str) -> None:
    with pytest.raises(MailError, match=said):
        chosen(site, only)


def test_a_list_without_a_first_line_and_an_address_have_no_columns(site: Path) -> None:
    (site / "lists/bare.csv").write_text("ann@example.org,Ann\n")
    (site / "lists/boxes.csv").write_text('"Ann" <ann@example.org>\n')
    for to, said in (("bare", "names the columns"), ("boxes", "names the columns"), ("x@example.org", "an address")):
        with pytest.raises(MailError, match=said):
            chosen(site, "campus=North", to=to)


def test_lists_have_names(site: Path) -> None:
    (site / "lists/suppressed.csv").write_text("")
    assert [file.stem for file in list_lists(site)] == ["board", "readers", "south"]
    assert find_list(site, "board") == site / "lists/board.csv"
    with pytest.raises(MailError, match=r'no list "raeders".*Did you mean "readers"'):
        find_list(site, "raeders")
    with pytest.raises(MailError, match=r'no list "june".*Lists: board, readers, south'):
        find_list(site, "june")
    with pytest.raises(MailError, match="cannot be opened"):
        chosen(site, to="lists/nothing.csv")
