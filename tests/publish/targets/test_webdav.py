"""WebDAV at Apache and WsgiDAV: logins, folders that are none, and a full disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from msgspec import structs

from generator.errors import Problem, PublishError
from tests.publish.targets.places import Place
from tests.publish.targets.test_contract import uploads, use

pytestmark = pytest.mark.outside
SERVERS = ("webdav", "webdav-move")


def refusal(place: Place) -> Problem:
    with pytest.raises(PublishError) as stopped:
        use(place, lambda target: target.send(uploads({"a/index.html": b"x"}), lambda _: None))
    (problem,) = stopped.value.problems
    assert problem.hint
    assert place.secret_free(str(stopped.value))
    return problem


@pytest.mark.parametrize("name", SERVERS)
@pytest.mark.parametrize("word", [None, "", "open sesame: a", "OPEN SESAME: Ä"])
def test_a_login_that_fails_names_the_variable(
    name: str, word: str | None, make_place: Callable[[str], Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = make_place(name)
    monkeypatch.delenv("OPENLETTER_WEBDAV_PASSWORD")
    if word is not None:
        monkeypatch.setenv("OPENLETTER_WEBDAV_PASSWORD", word)
    problem = refusal(place)
    assert problem.code == "target-login"
    assert "OPENLETTER_WEBDAV_PASSWORD" in problem.hint
    assert word is None or len(word) < 2 or word not in str(problem)
    assert place.seen() == {}


@pytest.mark.parametrize("name", SERVERS)
def test_an_unknown_user_is_refused(name: str, make_place: Callable[[str], Place]) -> None:
    place = make_place(name)
    place = Place(place.type, structs.replace(place.options, user="nobody"), place.root, place.seen)
    assert refusal(place).code == "target-login"


@pytest.mark.parametrize("name", SERVERS)
def test_a_folder_whose_parent_is_not_there_is_refused(name: str, make_place: Callable[[str], Place]) -> None:
    place = make_place(name)
    address = f"{place.options.address}none/below/"
    place = Place(place.type, structs.replace(place.options, address=address), place.root, place.seen)
    assert refusal(place).code == "target-refused"


@pytest.mark.parametrize("name", SERVERS)
def test_a_file_of_another_program_is_listed_and_its_folder_stays(
    name: str, make_place: Callable[[str], Place]
) -> None:
    place = make_place(name)
    use(place, lambda target: target.send(uploads({"a/b/one.html": b"1", "a/other.txt": b"2"}), lambda _: None))
    use(place, lambda target: target.delete(["a/b/one.html"]))
    assert place.folder
    assert [each.name for each in (place.folder / "a").iterdir()] == ["other.txt"]


@pytest.mark.parametrize("name", SERVERS)
def test_a_full_disk_keeps_the_old_file(
    name: str, make_place: Callable[[str], Place], small_disk: Callable[[Path], None]
) -> None:
    place = make_place(name)
    assert place.folder
    small_disk(place.folder)
    use(place, lambda target: target.send(uploads({"index.html": b"old"}), lambda _: None))
    with pytest.raises(PublishError):
        use(place, lambda target: target.send(uploads({"index.html": b"new" * 800_000}), lambda _: None))
    assert (place.folder / "index.html").read_bytes() == b"old"
