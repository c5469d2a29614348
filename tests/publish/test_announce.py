import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs

from generator.config.targets.options import TargetConfig
from generator.publish.announce import announce
from tests.publish.places import URL, place_at, publish

Said = list[tuple[str, str]]


@contextmanager
def service(said: Said, status: int = 204) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said.append((self.path, self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_hubs_are_told_of_feeds_and_indexnow_of_pages(tmp_path: Path) -> None:
    first = {"feed.xml": "1", "tags/x/feed.xml": "1", "a b/index.html": "a", "old/index.html": "o", "404.html": "1"}
    publish(place_at(tmp_path), first)
    plan = publish(
        place_at(tmp_path), {"feed.xml": "2", "tags/x/feed.xml": "1", "a b/index.html": "A", "404.html": "2"}
    )
    said: Said = []
    with service(said) as at:
        config = TargetConfig(type="folder", websub=(f"{at}/hub",), indexnow="0123456789abcdef")
        assert announce(URL, plan, config, f"{at}/indexnow") == ()
    (hub, form), (indexnow, facts) = said
    assert (hub, parse_qs(form)["hub.topic"]) == ("/hub", [f"{URL}feed.xml"])
    assert (indexnow, json.loads(facts)["urlList"]) == ("/indexnow", [f"{URL}a%20b/", f"{URL}old/"])
    assert json.loads(facts)["keyLocation"] == f"{URL}0123456789abcdef.txt"


def test_nothing_is_told_if_nothing_changed_and_a_refusal_is_a_warning(tmp_path: Path) -> None:
    site, said = {"feed.xml": "1", "a/index.html": "a"}, Said()
    plan = publish(place_at(tmp_path), site)
    with service(said, 422) as at:
        config = TargetConfig(type="folder", websub=(f"{at}/hub",), indexnow="0123456789abcdef")
        problems = announce(URL, plan, config, f"{at}/indexnow")
        assert [(each.code, each.level.value) for each in problems] == [("publish-announce", "warning")] * 2
        assert "422" in problems[0].message
        assert announce(URL, publish(place_at(tmp_path), site), config, f"{at}/indexnow") == ()
    assert len(said) == 2
