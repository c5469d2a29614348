"""Which subscriber a failed delivery is about: the hash in its return path, turned back with ledger and list."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.config import load_config
from generator.errors import MailError
from generator.model import Letter
from generator.newsletter.delivery.ledger import Ledger
from generator.newsletter.delivery.ledger_values import FrozenIssue
from generator.newsletter.delivery.return_path import find_bounced_recipient
from generator.newsletter.message.sender import make_sender
from tests.newsletter.conftest import NOW, make_site

PEOPLE = ("reader-0@example.org", "Ann.Lee@Example.ORG", "büro@example.org", "gone@example.org")


def make_ledger(root: Path, letter: Letter, file: str) -> list[str]:
    """Freeze an issue for all people; return their hashes."""
    config = load_config(root)[0]
    (root / file).parent.mkdir(exist_ok=True)
    folded = [each.casefold() for each in PEOPLE]
    with Ledger(root / file) as ledger:
        ledger.freeze_issue(FrozenIssue(letter, make_sender(config), NOW), folded)
        return [ledger.hash_address(each).hex() for each in folded]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    make_site(tmp_path)
    rows = [*(f"{each},subscribed" for each in PEOPLE[:3]), f"{PEOPLE[3]},unsubscribed"]
    (tmp_path / "list.csv").write_text("\n".join(["address,status", *rows, ""]), encoding="utf-8")
    return tmp_path


def find(site: Path, text: str, ledger: str = "") -> str:
    return find_bounced_recipient(site, text, [site / "list.csv"], site / ledger if ledger else None)


@pytest.mark.parametrize(
    "form",
    [
        "{}",
        "bounces+{}@example.org",
        "<bounces+{}@example.org>",
        "{}@bounces.example.org",
        "b-{}-x@example.org",
        "feed{}beef@example.org",
    ],
)
@pytest.mark.parametrize("change", [str, str.upper])
def test_a_return_path_leads_back_to_its_recipient(site: Path, letter: Letter, form: str, change: type[str]) -> None:
    hashes = make_ledger(site, letter, "ledger/june.sqlite")
    found = [find(site, change(form.format(each))) for each in hashes]
    assert found == ["reader-0@example.org", "Ann.Lee@example.org", "büro@example.org", "gone@example.org"]


@pytest.mark.parametrize(
    ("file", "chosen"),
    [
        ("ledger/june.sqlite", ""),
        ("ledger/renamed.sqlite", ""),
        ("elsewhere/june.sqlite", "elsewhere"),
        ("elsewhere/june.sqlite", "elsewhere/june.sqlite"),
        ("ledger/june.sqlite", "elsewhere"),
    ],
)
def test_every_ledger_is_searched(site: Path, letter: Letter, file: str, chosen: str) -> None:
    make_ledger(site, letter, "ledger/april.sqlite")
    (site / "ledger/may.sqlite").write_bytes(b"broken" * 300)
    hashes = make_ledger(site, letter, file)
    assert find(site, hashes[0], chosen) == "reader-0@example.org"


@pytest.mark.parametrize("text", ["", "bounces@example.org", "0123456789abcdef", "g" * 32, "bounces+test@example.org"])
def test_a_text_without_a_hash_is_refused(site: Path, letter: Letter, text: str) -> None:
    make_ledger(site, letter, "ledger/june.sqlite")
    with pytest.raises(MailError, match="contains no recipient hash") as caught:
        find(site, text)
    assert [each.code for each in caught.value.problems] == ["mail-return-path"]


def test_a_hash_of_nobody_on_the_list_is_refused_and_a_damaged_ledger_is_shown(site: Path, letter: Letter) -> None:
    make_ledger(site, letter, "ledger/june.sqlite")
    (site / "ledger/may.sqlite").write_bytes(b"broken" * 300)
    with pytest.raises(MailError, match="No address on the list belongs to") as caught:
        find(site, "0" * 32)
    assert {each.code for each in caught.value.problems} == {"mail-return-path", "mail-ledger"}


def test_the_search_changes_no_file(site: Path, letter: Letter) -> None:
    hashes = make_ledger(site, letter, "ledger/june.sqlite")
    before = {file: file.read_bytes() for file in site.rglob("*") if file.is_file()}
    find(site, hashes[0])
    assert {file: file.read_bytes() for file in site.rglob("*") if file.is_file()} == before
