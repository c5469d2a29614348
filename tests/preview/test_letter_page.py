"""A newsletter issue seen as e-mail."""

from __future__ import annotations

import re

import pytest

from tests.newsletter.site_with_issue import picture
from tests.preview.conftest import OpenWindow, Preview, until

pytestmark = [pytest.mark.outside, pytest.mark.slow]

PATH = "content/newsletters/spring.md"
ISSUE = "---\ntitle: Spring news\ndate: 2024-04-01\ndraft: true\nposts: [first]\n---\n{}\n"


def test_the_bar_of_an_issue_leads_to_its_e_mail_which_follows_the_issue(preview: Preview, window: OpenWindow) -> None:
    preview.write(PATH, ISSUE.format("Dear readers."))
    until(lambda: preview.get("newsletter/spring/").status_code == 200)
    seen = window(preview.url + "newsletter/spring/")
    until(lambda: "Draft" in seen.tool(".toggle").inner_text())
    seen.tool(".toggle").click()
    seen.tool("a:has-text('See the e-mail')").click()
    seen.page.frame_locator("iframe >> nth=0").get_by_text("Dear readers.", exact=True).wait_for()
    assert seen.page.locator("iframe").count() >= 2
    preview.write(PATH, ISSUE.format("Dear all."))
    seen.page.frame_locator("iframe >> nth=0").get_by_text("Dear all.", exact=True).wait_for()


def test_the_pictures_of_a_draft_are_served_once_for_all_views(preview: Preview, window: OpenWindow) -> None:
    preview.write("content/newsletters/a.png", picture(40, 30, "PNG"))
    preview.write(PATH, ISSUE.format("![A lift](a.png)"))
    until(lambda: preview.get("newsletter/spring/").status_code == 200)
    seen = window(preview.url + "__openletter/mail/spring")
    shown = seen.page.frame_locator("iframe >> nth=3").get_by_alt_text("A lift")
    shown.wait_for()
    until(lambda: shown.evaluate("image => image.naturalWidth") == 40)
    text = preview.text("__openletter/mail/spring")
    (address,) = set(re.findall(r"/__openletter/mail-pictures/[0-9a-f]{16}\.png", text))
    answer = preview.get(address.lstrip("/"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert "immutable" in answer.headers["cache-control"]
    assert preview.get("__openletter/mail-pictures/0000000000000000.png").status_code == 404


def test_an_issue_that_cannot_be_made_says_why(preview: Preview) -> None:
    answer = preview.get("__openletter/mail/no-such-issue")
    assert answer.status_code == 200
    assert "no-issue" in answer.text
