"""The licences of what is installed."""

from __future__ import annotations

import re

import pytest

from release.licences import PAGE, Licence, list_licences

LICENCES = list_licences()
FREE = re.compile(r"(0BSD|Apache-2\.0|BSD-[23]-Clause|EPL-2\.0|ISC|MIT(-CMU|-0)?|MPL-2\.0|PSF-2\.0|Unlicense|Zlib)")


def parts(licence: str) -> list[str]:
    return re.split(r" (?:AND|OR) |; ", licence)


def test_what_is_always_installed_has_no_strong_copyleft() -> None:
    for package in LICENCES[""]:
        assert any(FREE.fullmatch(part) for part in parts(package.licence)), package
        assert not re.search(r"(?<!L)GPL", package.licence), package


@pytest.mark.parametrize("extra", LICENCES)
def test_every_package_declares_a_free_licence(extra: str) -> None:
    assert [each for each in LICENCES[extra] if not FREE.match(each.licence)] == []


def test_the_gpl_is_only_in_an_extra() -> None:
    asked_for = {extra for extra, packages in LICENCES.items() if any("GPL-2" in each.licence for each in packages)}
    assert "heic" in asked_for
    assert "" not in asked_for


def test_the_page_lists_every_package_where_it_belongs() -> None:
    """Newer packages may require others, so the page may name more than what is installed here, never less."""
    sections = re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.M)[1:]
    listed = {section.partition("\n")[0]: set(re.findall(r"^\| \[([\w.-]+)\]", section, re.M)) for section in sections}
    for extra, packages in LICENCES.items():
        title = f"With `openletter[{extra}]`" if extra else "Always installed"
        missing = [each for each in packages if each.name not in listed.get(title, set()) | listed["Always installed"]]
        assert missing == [], "run make licences"


def test_a_package_without_a_licence_is_found_out() -> None:
    assert not FREE.match(Licence("x", "", "").licence)
    assert not FREE.match("GPL-3.0")
