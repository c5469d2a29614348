"""The table of keys says of each kind all that the engine wants to know."""

import pytest

from generator.site.keys import (
    ADDED,
    BODY,
    KEYS,
    LINES,
    Cause,
    KeyKind,
    describe_change,
    find_kind,
    keys_of_texts,
    kinds_of,
)


@pytest.mark.parametrize("kind", [*KEYS.values(), ADDED], ids=lambda kind: kind.name)
def test_every_kind_has_words_and_causes(kind: KeyKind[object]) -> None:
    assert kind.words.count("{}") <= 1
    assert kind.words[-1] != "."
    assert kind.causes


@pytest.mark.parametrize("name", KEYS)
def test_every_kind_is_found_and_described_by_its_own_words(name: str) -> None:
    kind = KEYS[name]
    assert find_kind(name) is kind
    assert describe_change(f"{name}|here") == kind.words.format("here")


def test_the_query_of_an_extension_is_described_by_its_name() -> None:
    assert find_kind("x-early") is ADDED
    assert describe_change("x-early|c") == "the result of an extension's query early for c has changed"
    assert describe_change("x-early|") == "the result of an extension's query early has changed"


def test_a_key_of_another_version_is_described_by_its_id() -> None:
    assert find_kind("gone") is None
    assert describe_change("gone|a.md") == "a.md has changed"


def test_an_edited_text_changes_what_is_read_of_its_source_alone() -> None:
    assert set(keys_of_texts(["a.md"])) == {f"{BODY.name}|a.md", f"{LINES.name}|a.md"}


def test_an_edited_theme_changes_its_templates_files_and_options() -> None:
    kinds = {*kinds_of(Cause.THEME)}
    assert {"tpl", "asset", "bytes", "options"} <= kinds
    assert not {"out", "card", "map", "gen"} & kinds


def test_only_what_the_index_does_not_answer_is_left_to_others() -> None:
    assert all(kind.read is None for kind in KEYS.values() if kind.causes & {Cause.THEME, Cause.PLAN, Cause.PROGRAM})
