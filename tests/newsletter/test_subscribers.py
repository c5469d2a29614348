"""Lists of subscribers are read as people and programs write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import MailError
from generator.newsletter.message.recipients import RecipientList
from generator.newsletter.subscribers.csv_file import read_subscribers


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def read(file: Path, data: str | bytes) -> RecipientList:
    file.write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_subscribers(file)


def people(found: RecipientList) -> list[tuple[str, str, str, int]]:
    return [(each.address, each.name, each.unsubscribe, each.line) for each in found.people]


@pytest.mark.parametrize(
    "data",
    [
        "address,name\nbob@example.org,Bob Smith\nal@example.org,Al\n",
        "\ufeffaddress,name\r\nbob@example.org,Bob Smith\r\nal@example.org,Al\r\n",
        "Address;Name\r\nbob@example.org;Bob Smith\r\nal@example.org;Al",
        "E-Mail\tName\rbob@example.org\tBob Smith\ral@example.org\tAl\r",
        'id,name,email\n1,"Bob Smith",bob@example.org\n2,Al,"al@example.org"\n',
        "address,name\nbob@example.org , Bob Smith \n al@example.org,Al\n",
    ],
)
def test_separators_quotes_line_ends_and_the_order_of_columns_do_not_matter(file: Path, data: str) -> None:
    found = read(file, data)
    assert people(found) == [("bob@example.org", "Bob Smith", "", 2), ("al@example.org", "Al", "", 3)]
    assert found.problems == ()


def test_utf16_and_the_first_line_that_excel_understands(file: Path) -> None:
    found = read(file, "sep=;\r\nname;address\r\nGöran;goran@example.org\r\n".encode("utf-16"))
    assert people(found) == [("goran@example.org", "Göran", "", 3)]


def test_without_a_first_line_of_names_the_columns_are_address_name_unsubscribe(file: Path) -> None:
    found = read(file, "bob@example.org,Bob,https://lists.example.org/1\nal@example.org\n")
    assert people(found) == [
        ("bob@example.org", "Bob", "https://lists.example.org/1", 1),
        ("al@example.org", "", "", 2),
    ]


def test_duplicates_are_folded_and_the_first_one_stays(file: Path) -> None:
    found = read(file, "address,name\nBob@Example.org,Bob\nbob@example.ORG,Robert\nal@example.org,\nAL@example.org,\n")
    assert [each.address for each in found.people] == ["Bob@example.org", "al@example.org"]
    assert found.people[0].name == "Bob"
    assert found.duplicates == 2


def test_what_cannot_be_used_is_named_with_its_place_and_left_out(file: Path) -> None:
    data = (
        "address,name,unsubscribe\n"
        "bob@example.org,Bob,\n"
        "not an address,X,\n"
        '"quoted\nover lines",Y,\n'
        "al@example.org,Al,http://lists.example.org/1\n"
        ",Nobody,\n"
        "\n"
        "cy@example.org,Cy,javascript:x\n"
        "di@example.org,Di,mailto:leave@example.org\n"
    )
    found = read(file, data)
    assert [each.address for each in found.people] == ["bob@example.org", "di@example.org"]
    places = [(problem.line, problem.column) for problem in found.problems]
    assert places == [(3, 1), (4, 0), (6, 19), (7, 1), (9, 19)]
    assert {problem.code for problem in found.problems} == {"mail-address"}
    assert all(problem.path == file.as_posix() for problem in found.problems)


def test_hostile_cells_stay_cells(file: Path) -> None:
    rows = ["address,name", 'bob@example.org,"Bob\r\nBcc: all@example.org"', '"al@example.org\r\nX: y",Al']
    found = read(file, "\n".join([*rows, "cy@example.org,\u202eyC"]))
    assert [(each.address, each.name) for each in found.people] == [
        ("bob@example.org", "Bob Bcc: all@example.org"),
        ("cy@example.org", "yC"),
    ]


def test_a_very_long_name_is_cut_and_said(file: Path) -> None:
    found = read(file, f"address,name\nbob@example.org,{'x' * 300}\n")
    assert len(found.people[0].name) == 80
    assert [problem.code for problem in found.problems] == ["mail-name"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no address"),
        (b"\n\n", "no address"),
        (b"given name,family name\nBob,Smith\n", "has no column"),
        (b"address,name\nbob@example.org,M\x81\n", "UTF-8"),
        (b'address,name\nbob@example.org,"Bob\nal@example.org,Al\n', "not a CSV file"),
        (b'address,name\nbob@example.org,"Bob" Smith\n', "not a CSV file"),
        (b"\xff\xfe\x00", "UTF-8"),
    ],
)
def test_a_file_that_is_no_list_is_refused(file: Path, data: bytes, words: str) -> None:
    with pytest.raises(MailError, match=words):
        read(file, data)


def test_a_list_that_is_not_there(file: Path) -> None:
    with pytest.raises(MailError, match="cannot be opened"):
        read_subscribers(file)


@given(data=st.binary(max_size=200) | st.text(alphabet='ab@.,;"\n\r\t x', max_size=200).map(str.encode))
def test_no_file_breaks_the_reader(data: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("lists") / "list.csv"
    try:
        found = read(file, data)
    except MailError:
        return
    assert len({each.folded for each in found.people}) == len(found.people)
