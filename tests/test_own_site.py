"""The repository's own site, as a stranger's tools see it."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import pytest
from lxml import html

from generator.config import load_config
from generator.engine.engine import Engine
from generator.engine.options import BuildOptions
from generator.model import BuildReport
from generator.site.keys import find_kind
from generator.store.state import Store

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, BuildReport]:
    folder = tmp_path_factory.mktemp("own")
    output = folder / "output"
    return output, Engine(ROOT, BuildOptions(output=output, state=folder / "state")).build()


def test_it_builds_without_a_problem(built: tuple[Path, BuildReport]) -> None:
    assert [str(problem) for problem in built[1].problems] == []


def test_every_fact_that_a_page_shows_is_in_the_table_of_keys(built: tuple[Path, BuildReport]) -> None:
    with Store(built[0].parent / "state") as store:
        known = store.keys()
    kinds = {key.partition("|")[0] for key in known}
    assert len(kinds) > 25
    assert [kind for kind in kinds if find_kind(kind) is None] == []


def test_it_shows_the_product_off(built: tuple[Path, BuildReport]) -> None:
    report = built[1]
    assert report.posts > 20
    assert report.issues >= 2
    assert {"about/index.html", "accessibility/index.html", "privacy/index.html"} <= set(report.rendered)


@pytest.mark.outside
@pytest.mark.slow
def test_the_nu_validator_finds_no_error(built: tuple[Path, BuildReport], vnu: Path) -> None:
    command = ["java", "-jar", str(vnu), "--skip-non-html", "--also-check-css", "--also-check-svg", "--format", "json"]
    run = subprocess.run([*command, "--stdout", "--exit-zero-always", str(built[0])], capture_output=True, check=True)
    # From files, the validator cannot match 'self' in a policy, and reports violations that are not there.
    found = [m for m in json.loads(run.stdout)["messages"] if "Content Security Policy" not in m["message"]]
    assert [message for message in found if message["type"] == "error"] == []


def test_every_internal_link_leads_somewhere(built: tuple[Path, BuildReport]) -> None:
    output, _ = built
    base = load_config(ROOT)[0].url
    for page, tree in pages(output):
        here = urljoin(base, page)
        for link in tree.xpath("//@href | //@src"):
            url, anchor = urldefrag(urljoin(here, link))
            if not url.startswith(base):
                continue
            path = unquote(urlsplit(url).path.lstrip("/"))
            file = output / (path + "index.html" if not path or path.endswith("/") else path)
            assert file.is_file(), f"{page}: {link}"
            if anchor and file.suffix == ".html":
                assert html.parse(str(file)).xpath("//*[@id=$name]", name=unquote(anchor)), f"{page}: {link}"


def test_every_page_has_a_title_of_its_own_one_h1_and_alternative_texts(built: tuple[Path, BuildReport]) -> None:
    titles: dict[str, str] = {}
    for page, tree in pages(built[0]):
        if tree.xpath("//meta[@http-equiv='refresh']"):
            continue
        title = tree.findtext(".//title")
        assert titles.setdefault(title, page) == page, title
        assert len(tree.xpath("//h1")) == 1, page
        assert tree.xpath("//img[not(@alt)]") == [], page


def test_no_page_asks_another_host_for_anything(built: tuple[Path, BuildReport]) -> None:
    base = load_config(ROOT)[0].url
    loads = "//@src | //@srcset | //link[@rel='stylesheet' or @rel='icon']/@href | //object/@data"
    for page, tree in pages(built[0]):
        for url in tree.xpath(loads):
            assert urljoin(base, url).startswith(base), f"{page}: {url}"
        assert tree.xpath("//@style | //style") == [], page
        scripts = tree.xpath("//script[not(@type='application/ld+json')]/@src")
        own = ["search"] * (page == "search/index.html") + ["frames"] * bool(tree.xpath("//*[@data-frame]"))
        assert [script.removeprefix("/assets/").partition(".")[0] for script in scripts] == own, page


def test_pictures_keep_no_metadata(built: tuple[Path, BuildReport]) -> None:
    pictures = list(built[0].rglob("*.jp*g"))
    assert pictures
    for file in pictures:
        data = file.read_bytes()
        assert b"Exif\0" not in data, file
        assert b"http://ns.adobe.com" not in data, file


def pages(output: Path) -> Iterator[tuple[str, html.HtmlElement]]:
    files = sorted(output.rglob("*.html"))
    assert len(files) > 20
    for file in files:
        yield file.relative_to(output).as_posix(), html.parse(str(file)).getroot()
