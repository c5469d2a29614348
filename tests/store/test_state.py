from datetime import UTC, datetime
from pathlib import Path

from generator.model import Update
from generator.store import Store


def test_values_come_back_as_they_were_put(tmp_path: Path) -> None:
    update = Update(datetime(2024, 5, 1, tzinfo=UTC), "Corrected.")
    with Store(tmp_path) as store:
        store.put("a", update)
        store.commit()
    with Store(tmp_path) as store:
        assert store.has("a")
        assert store.get("a", Update) == update
        assert store.get("b", Update) is None


def test_what_was_not_committed_is_not_there(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.put("a", 1)
    with Store(tmp_path) as store:
        assert not store.has("a")


def test_a_value_of_another_shape_is_absent_rather_than_wrong(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.put("a", ["no", "update"])
        assert store.get("a", Update) is None


def test_only_values_in_use_are_kept(tmp_path: Path) -> None:
    with Store(tmp_path) as store:
        store.put("a", 1)
        store.put("b", 2)
        store.keep_only(["b"])
        assert (store.has("a"), store.has("b")) == (False, True)


def test_a_broken_state_is_thrown_away(tmp_path: Path) -> None:
    (tmp_path / "state.sqlite").write_bytes(b"not a database, but long enough to be taken for one" * 100)
    with Store(tmp_path) as store:
        store.set_outputs({"index.html": "x"})
        store.commit()
        assert store.outputs() == {"index.html": "x"}
