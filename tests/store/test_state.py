import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from generator.digest import digest_bytes
from generator.errors import OutputError
from generator.model import Update
from generator.store.rows import BrokenStateError, SourceRow, TargetRow, find_packed, pack, unpack
from generator.store.state import Store, discard_state


def test_values_come_back_as_they_were_put(tmp_path: Path) -> None:
    update = Update(datetime(2024, 5, 1, tzinfo=UTC), "Corrected.")
    with Store(tmp_path) as store:
        store.put_blobs([("a", update)])
        store.set_fact("window", (None, update.date))
        store.commit()
    with Store(tmp_path) as store:
        assert store.blob("a", Update) == update
        assert store.blob("b", Update) is None
        assert store.fact("window", tuple[None, datetime]) == (None, update.date)


def test_what_was_not_committed_is_not_there(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.set_fact("a", 1)
    with Store(tmp_path) as store:
        assert store.fact("a", int) is None


def test_a_value_of_another_shape_breaks_the_state_rather_than_being_taken(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.put_blobs([("a", ["no", "update"])])
        with pytest.raises(BrokenStateError):
            store.blob("a", Update)


def test_a_value_whose_bytes_are_not_those_of_its_digest_breaks_the_state(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.put_blobs([("a", "text")])
        assert store.blob("a", str, digest_bytes(b'"text"')) == "text"
        with pytest.raises(BrokenStateError):
            store.blob("a", str, digest_bytes(b'"other"'))


def test_values_are_dropped_by_what_their_ids_begin_with(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.put_blobs([("card|a", 1), ("card|b", 2), ("text|a", 3)])
        store.drop_blobs("card|")
        assert [store.blob(name, int) for name in ("card|a", "card|b", "text|a")] == [None, None, 3]


def test_sources_outputs_and_keys_come_back(tmp_path: Path) -> None:
    source = SourceRow("content/posts/a.md", 1, 2, "d", "m")
    target = TargetRow("a/index.html", "post", b"[]", "d", 1, 2, pack([7, 9]), b"[]")
    with Store(tmp_path) as store:
        store.put_sources([(source, {"x": 1})])
        store.put_targets([target])
        store.set_keys([(7, "card|a", "h")])
        assert store.sources() == {source.path: source}
        assert store.record_of(source.path, dict[str, int]) == {"x": 1}
        assert list(store.targets()) == [target]
        assert list(unpack(target.reads)) == [7, 9]
        assert store.keys() == {"card|a": (7, "h")}


def test_a_broken_state_is_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_bytes(b"not a database, but long enough to be taken for one" * 100)
    with Store(tmp_path) as store:
        store.set_fact("a", 1)
        store.commit()
        assert store.fact("a", int) == 1


def test_a_state_of_another_format_is_thrown_away(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.set_fact("a", 1)
        store.commit()
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as db:
        db.execute("PRAGMA user_version = 1")
    with Store(tmp_path) as store:
        assert store.fact("a", int) is None


def test_a_state_whose_tables_are_others_is_thrown_away_or_says_that_it_is_broken(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as db:
        db.execute("CREATE TABLE facts (something TEXT)")
    with pytest.raises(BrokenStateError), Store(tmp_path) as store:
        store.fact("a", int)
    discard_state(tmp_path)
    with Store(tmp_path) as store:
        assert store.fact("a", int) is None


@pytest.mark.parametrize("column", ["mtime", "digest", "settings_digest"])
def test_a_row_of_another_shape_breaks_the_state(tmp_path: Path, column: str) -> None:
    with Store(tmp_path) as store:
        store.put_sources([(SourceRow("content/posts/a.md", 1, 2, "d", "m"), 1)])
        store.commit()
    with closing(sqlite3.connect(tmp_path / "state.sqlite")) as db:
        db.execute(f"UPDATE sources SET {column} = NULL")  # noqa: S608 names of the test's own
        db.commit()
    with Store(tmp_path) as store, pytest.raises(BrokenStateError):
        store.sources()


def test_a_folder_that_cannot_hold_a_state_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be used: "):
        Store(tmp_path / "file")


def test_packed_numbers_that_were_cut_break_the_state() -> None:
    with pytest.raises(BrokenStateError):
        unpack(pack([1, 2])[:-1])


@pytest.mark.parametrize(
    "numbers", [[], [7], [1, 7], [7, 7, 1], [0x07000000, 0x0700], [0, 0x07000000, 7], [256, 1, 65536, 16777216, 1]]
)
def test_a_packed_number_is_found_where_it_begins_and_not_between_two_others(numbers: list[int]) -> None:
    for wanted in (0, 1, 7, 256, 65536):
        place = find_packed(pack([wanted]), pack(numbers))
        assert place == (4 * numbers.index(wanted) if wanted in numbers else -1), wanted
