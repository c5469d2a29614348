"""What only stores of objects do: headers are kept, and a key that is wrong is never shown."""

from __future__ import annotations

import base64
from collections.abc import Callable

import pytest

from generator.errors import PublishError
from generator.publish.target import PublishTarget, Upload
from tests.publish.servers.azure import AzureServer
from tests.publish.servers.gcs import GcsServer
from tests.publish.targets.places import Place
from tests.publish.targets.test_contract import uploads, use

PAGE = Upload("a/index.html", b"<p>", "1", "text/html; charset=utf-8", "no-cache")
STYLE = Upload("style.1a2b3c4d.css.gz", b"\x1f\x8b", "2", "text/css; charset=utf-8", "max-age=31536000", "gzip")


async def send_and_copy(target: PublishTarget) -> None:
    await target.send([PAGE, STYLE], lambda _: None)
    await target.copy([(PAGE.path, "copy.html")])


@pytest.mark.outside
def test_azure_keeps_the_headers_and_copies_them(azure: AzureServer, make_place: Callable[[str], Place]) -> None:
    place = make_place("azure")
    use(place, send_and_copy)
    found = azure.objects(place.options.container)
    page, style, copy = (dict(found[f"site/en/{name}"].attributes) for name in (PAGE.path, STYLE.path, "copy.html"))
    assert page == {"Content-Type": PAGE.content_type, "Cache-Control": "no-cache"}
    assert style == {
        "Content-Type": STYLE.content_type,
        "Cache-Control": STYLE.cache_control,
        "Content-Encoding": "gzip",
    }
    assert copy == page


def test_google_keeps_the_headers_and_copies_them(gcs: GcsServer, make_place: Callable[[str], Place]) -> None:
    place = make_place("gcs")
    use(place, send_and_copy)
    found = gcs.objects(place.options.bucket)
    page, style, copy = (found[f"site/en/{name}"].headers for name in (PAGE.path, STYLE.path, "copy.html"))
    assert page == {"Content-Type": PAGE.content_type, "Cache-Control": "no-cache"}
    assert style == {
        "Content-Type": STYLE.content_type,
        "Cache-Control": STYLE.cache_control,
        "Content-Encoding": "gzip",
    }
    assert copy == page


@pytest.mark.outside
def test_a_wrong_key_of_azure_is_explained_and_not_shown(
    make_place: Callable[[str], Place], monkeypatch: pytest.MonkeyPatch
) -> None:
    key = base64.b64encode(b"another key, as long as it may be").decode()
    place = make_place("azure")
    monkeypatch.setenv("AZURE_STORAGE_ACCOUNT_KEY", key)
    with pytest.raises(PublishError) as stopped:
        use(place, lambda target: target.send(uploads({"index.html": b"x"}), lambda _: None))
    assert [problem.code for problem in stopped.value.problems] == ["target-unreachable"]
    assert key not in str(stopped.value)
    assert len(str(stopped.value)) < 700
    assert place.seen() == {}


@pytest.mark.outside
def test_a_container_that_is_not_there_is_named(make_place: Callable[[str], Place], azure: AzureServer) -> None:
    from msgspec import structs

    place = make_place("azure")
    gone = Place(place.type, structs.replace(place.options, container="gone"), place.root, place.seen)
    with pytest.raises(PublishError, match="gone"):
        use(gone, lambda target: target.send(uploads({"index.html": b"x"}), lambda _: None))
