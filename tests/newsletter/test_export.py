"""An issue handed to a mail service: complete, whole or not at all, never over anything else."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from generator.cli.newsletter_export import SERVICES as COMMAND_SERVICES
from generator.errors import ConfigError, MailError
from generator.model import UNSUBSCRIBE
from generator.newsletter.export.folder import LetterExport, check_placeholder, make_export, write_export
from generator.newsletter.export.services import SERVICES, MailService
from generator.newsletter.issue import RenderedIssue, with_rendered_issue
from tests.factories import post, tree
from tests.newsletter.commands import run_command
from tests.newsletter.site_with_issue import CLOCK, URL, issue, make_site_with_issue, picture

PATH = "content/newsletters/2026-06-01-june.md"


def parsed(page: str | bytes) -> Any:
    return html.document_fromstring(page)


def made(root: Path, placeholder: str = "*|UNSUB|*", *, relative: bool = False) -> LetterExport:
    files: dict[str, str | bytes] = {
        PATH: issue("![x](/a.webp) ![y](/b/A.webp) ![z](/w%20%C3%A4.png)"),
        "content/static/a.webp": picture(30, 20, "WEBP"),
        "content/static/b/A.webp": picture(40, 20, "WEBP"),
        "content/static/w ä.png": picture(40, 20, "PNG"),
    }
    return with_rendered_issue(
        make_site_with_issue(root, files),
        "june",
        CLOCK,
        lambda rendered: make_export(rendered, MailService(unsubscribe=placeholder), relative=relative),
    )


def test_it_holds_both_parts_the_pictures_and_the_subject(tmp_path: Path) -> None:
    exported = made(tmp_path)
    names = set(exported.files)
    assert names == {
        ".openletter-export", "about.txt", "letter.html", "letter.txt",
        "pictures/a.webp.mail.jpg", "pictures/A.webp.mail-2.jpg", "pictures/w.png",
    }  # fmt: skip
    assert exported.files["pictures/a.webp.mail.jpg"].startswith(b"\xff\xd8\xff")
    assert b"Subject: June news: the lift is mended\n" in exported.files["about.txt"]


@pytest.mark.parametrize("placeholder", ["*|UNSUB|*", "{{ unsubscribe }}", "<%unsubscribe%>", "[[x]]&y"])
def test_the_placeholder_of_the_service_stands_as_it_is(tmp_path: Path, placeholder: str) -> None:
    exported = made(tmp_path, placeholder)
    for name in ("letter.html", "letter.txt"):
        text = exported.files[name].decode()
        assert placeholder in text
        assert UNSUBSCRIBE not in text


@pytest.mark.parametrize("placeholder", ["", " ", 'a"b', "a\nb", "\x00", "x" * 201])
def test_a_placeholder_that_would_break_the_html_is_refused(placeholder: str) -> None:
    with pytest.raises(ConfigError):
        check_placeholder(placeholder)


def test_pictures_are_those_of_the_site_or_of_the_folder(tmp_path: Path) -> None:
    absolute = parsed(made(tmp_path / "a").files["letter.html"]).xpath("//img/@src")
    relative = parsed(made(tmp_path / "b", relative=True).files["letter.html"]).xpath("//img/@src")
    assert absolute == [f"{URL}a.webp.mail.jpg", f"{URL}b/A.webp.mail.jpg", f"{URL}w%20%C3%A4.png"]
    assert relative == ["pictures/a.webp.mail.jpg", "pictures/A.webp.mail-2.jpg", "pictures/w.png"]


def test_an_older_export_is_replaced_whole(tmp_path: Path) -> None:
    exported, folder = made(tmp_path / "site"), tmp_path / "out/june"
    write_export(
        folder, LetterExport("june", {".openletter-export": exported.files[".openletter-export"], "old": b"x"})
    )
    write_export(folder, exported)
    assert tree(folder) == exported.files
    assert [each.name for each in folder.parent.iterdir()] == ["june"]


def test_an_empty_folder_may_be_taken(tmp_path: Path) -> None:
    folder = tmp_path / "june"
    folder.mkdir()
    write_export(folder, LetterExport("june", {"a": b"x"}))
    assert tree(folder) == {"a": b"x"}


@pytest.mark.parametrize("there", ["thesis.md", ".openletter-export"])
def test_a_folder_that_is_not_ours_is_left_alone(tmp_path: Path, there: str) -> None:
    folder = tmp_path / "june"
    folder.mkdir()
    (folder / there).write_text("somebody's")
    with pytest.raises(MailError) as refusal:
        write_export(folder, LetterExport("june", {"a": b"x"}))
    assert refusal.value.problems[0].code == "mail-output"
    assert tree(folder) == {there: b"somebody's"}


def test_a_file_in_its_place_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "june").write_text("a file")
    with pytest.raises(MailError):
        write_export(tmp_path / "june", LetterExport("june", {"a": b"x"}))
    assert (tmp_path / "june").read_text() == "a file"


def test_what_cannot_be_written_leaves_the_old_export(tmp_path: Path) -> None:
    folder = tmp_path / "june"
    write_export(folder, LetterExport("june", {".openletter-export": made(tmp_path / "s").files[".openletter-export"]}))
    before = tree(folder)
    with pytest.raises(MailError):
        write_export(folder, LetterExport("june", {"a": b"x", "a/b": b"y"}))
    assert tree(folder) == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["june", "s"]


def test_hostile_names_of_pictures_become_harmless(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "content/posts/2026-05-02-lift/index.md": post("L", image="...%5C..%3Aevil $(x).png"),
        "content/posts/2026-05-02-lift.md": post("Other", slug="other"),
        "content/posts/2026-05-02-lift/...\\..:evil $(x).png": picture(10, 10, "PNG"),
        PATH: issue(posts=["2026-05-02-lift/index.md"]),
    }
    exported = with_rendered_issue(
        make_site_with_issue(tmp_path, files),
        "june",
        CLOCK,
        lambda rendered: make_export(rendered, MailService(unsubscribe="x")),
    )
    names = [name for name in exported.files if name.startswith("pictures/")]
    assert all(set(name) <= set("pictures/evilx-.png") for name in names)


def test_every_service_gets_its_own_tags(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        PATH: issue("![x](/a.webp) Write {{name}} and ((name))."),
        "content/static/a.webp": picture(30, 20, "WEBP"),
    }
    site = make_site_with_issue(tmp_path / "site", files)

    def export_all(rendered: RenderedIssue) -> dict[str, LetterExport]:
        return {name: make_export(rendered, service) for name, service in SERVICES.items()}

    exported = with_rendered_issue(site, "june", CLOCK, export_all)
    assert set(exported) == set(COMMAND_SERVICES)
    page_url = f"{URL}newsletter/june/"
    for name, service in SERVICES.items():
        text = exported[name].files["letter.txt"].decode()
        assert UNSUBSCRIBE not in text
        assert (service.unsubscribe_text or service.unsubscribe) in text
        if service.text_only:
            assert "letter.html" not in exported[name].files
            assert "((name))" not in text
            continue
        page = exported[name].files["letter.html"].decode()
        assert UNSUBSCRIBE not in page
        assert "{{name}}" not in page
        if service.web_version:
            assert (page_url in page, f"<{page_url}>" in text) == (False, False), name
    links = [str(each) for each in parsed(exported["brevo"].files["letter.html"]).xpath("//a/@href")]
    assert {"{{ unsubscribe }}", "{{ mirror }}"} < set(links)
    monitor = parsed(exported["campaign-monitor"].files["letter.html"])
    assert [each.text for each in monitor.xpath("//unsubscribe")] == ["Unsubscribe"]
    assert {each.get("style") is not None for each in monitor.xpath("//webversion")} == {True}
    chimp = exported["mailchimp"].files
    assert b"1 High Street" not in chimp["letter.html"] + chimp["letter.txt"]
    assert b"*|HTML:LIST_ADDRESS_HTML|*" in chimp["letter.html"]
    with zipfile.ZipFile(io.BytesIO(chimp["mailchimp.zip"])) as archive:
        assert archive.namelist() == ["letter.html", "pictures/a.webp.mail.jpg"]
        assert parsed(archive.read("letter.html")).xpath("//img/@src") == ["pictures/a.webp.mail.jpg"]
    with zipfile.ZipFile(io.BytesIO(exported["campaign-monitor"].files["pictures.zip"])) as archive:
        assert archive.namelist() == ["pictures/a.webp.mail.jpg"]


def test_the_command_takes_a_service_or_a_placeholder(tmp_path: Path) -> None:
    site = make_site_with_issue(tmp_path / "site")
    words = ["newsletter", "export", "june", "--output", str(tmp_path / "out"), "--for", "brevo", "--at", "2026-06-10"]
    assert run_command(site, *words).exit_code == 0
    assert "{{ mirror }}" in (tmp_path / "out/letter.html").read_text()
    assert run_command(site, *words, "--placeholder", "x").exit_code == 2
    assert "brevo" in run_command(site, "newsletter", "export", "june", "--for", "breevo").output
