"""Blocks on pages and in feeds, changes that return, events among the dates, calendar files."""

from __future__ import annotations

from pathlib import Path

import pytest
from icalendar import Calendar

from tests.factories import Site, post, write_files

DOCS = Path(__file__).parents[2] / "docs/theming.md"
SITE = """title = "Letters"
url = "https://letters.example.org/"
language = "en-GB"
timezone = "Europe/London"
[contact]
phone = "01234 567 890"
hours = "8 to 8"
status = "https://status.example.org/"
"""
TABLE = (
    "label,unit,better,goal,2026-06,2026-07,2026-08,2026-09,2026-10\n"
    "to answer a call,s,lower,60,90,70,62,40,\n"
    "solved,%,higher,,80,85,88,91,\n"
    "complaints,,lower,,10,12,13,17,\n"
)
ISSUE = """---
title: October
date: 2026-10-16
figures: figures.csv
changes:
  - {what: The desk moves, when: 5 October, state: planned, url: /about/}
  - {what: Wireless off, state: now}
  - {what: Printing, state: fixed}
said_did: [{said: "It's slow.", did: It is quick now.}]
thanks: [{words: She stayed., from: A student}]
dates: [{what: Open door, start: 2026-10-20 12:00, end: 2026-10-20 14:00, place: Desk}]
people: [{name: Kezia, note: joins us., image: kezia.png}]
ask: {question: Useful?, answers: ["Yes & no", "50%"], url: "mailto:desk@example.org?subject={issue}: {answer}"}
order: [thanks, figures]
---
Dear all,

```tip
text: Press V.
url: https://tips.example.org/
```

Hanne
"""
NEXT = """---
title: November
date: 2026-11-16
changes: [{what: wireless  off, state: fixed}]
---
Hello.
"""
EVENT = {"start": "2026-11-25 08:00", "end": "2026-11-25 10:00", "place": "Library, ground floor"}


def files(**more: str) -> dict[str, str | bytes]:
    from tests.newsletter.site_with_issue import picture

    return {
        "site.toml": SITE,
        "content/pages/about.md": post("About"),
        "content/posts/2026-10-01-opens.md": post("It opens; really", "Text.", event=EVENT),
        "content/posts/2026-11-20-later.md": post("Later", event={"start": "2026-11-24"}),
        "content/newsletters/2026-10-16-october.md": ISSUE,
        "content/newsletters/2026-11-16-november.md": NEXT,
        "content/newsletters/figures.csv": TABLE,
        "content/newsletters/kezia.png": picture(80, 80, "PNG"),
        **more,
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    root = tmp_path_factory.mktemp("blocks")
    write_files(root, files())
    made = Site(root)
    made.build()
    return made


def said(site: Site, path: str) -> str:
    return " ".join(site.html(path).text_content().split())


def test_an_issue_shows_every_block_once_in_its_order(site: Site) -> None:
    page = site.text("newsletter/october/index.html")
    text = said(site, "newsletter/october/index.html")
    places = [
        page.index(f"block-{name}") for name in ("tip", "thanks", "figures", "changes", "dates", "ask", "contact")
    ]
    assert places == sorted(places)
    for words in (
        "September in figures", "▼ 22 s less, better", "▲ 3 points more, better", "▲ 4 more, worse",
            "Goal of 60 s reached",
        "The desk moves", "Planned", "Fixed", "It’s slow.", "It is quick now.", "She stayed.", "A student",
        "Tuesday, 20 October 2026", "Welcome: Kezia", "joins us.", "Useful?", "01234 567 890, 8 to 8",
    ):  # fmt: skip
        assert text.count(words) == 1, words
    assert 'href="mailto:desk@example.org?subject=October:%20Yes%20%26%20no"' in page
    assert "October:%2050%25" in page
    assert "Press V." in text
    assert page.count("<rect") == 12
    assert "kezia" in page


def test_an_order_counts_in_an_issue_without_blocks(tmp_path: Path) -> None:
    write_files(
        tmp_path,
        {
            "site.toml": SITE,
            "content/posts/2026-10-01-a.md": post("Apples"),
            "content/posts/2026-10-02-b.md": post("Pears"),
            "content/newsletters/2026-10-16-october.md": post("October", posts=["a", "b"], order=["stories"]),
        },
    )
    made = Site(tmp_path)
    made.build()
    text = said(made, "newsletter/october/index.html")
    assert text.index("Pears") < text.index("Apples")


def test_the_feed_has_the_blocks_without_drawings(site: Site) -> None:
    feed = site.text("newsletter/feed.xml")
    assert "22 s less, better" in feed.replace("\u00a0", " ")
    assert "<svg" not in feed
    assert "https://letters.example.org/newsletter/october/dates.ics" in feed


def test_unfinished_changes_return_in_the_next_issue_until_they_are_settled(site: Site) -> None:
    text = said(site, "newsletter/november/index.html")
    assert "The desk moves" in text
    assert "First in “October”" in text
    assert text.count("ireless off") == 1
    assert "Printing" not in text


def test_an_issue_announces_the_events_of_older_posts(site: Site) -> None:
    assert "It opens; really" in said(site, "newsletter/october/index.html")
    november = said(site, "newsletter/november/index.html")
    assert "Wednesday, 25 November 2026, 08:00–10:00" in november
    assert "Later" not in november


def test_calendar_files_hold_the_dates_as_instants_and_days(site: Site) -> None:
    (event,) = Calendar.from_ical(site.text("2026/10/opens/dates.ics")).walk("VEVENT")
    assert str(event["summary"]) == "It opens; really"
    assert str(event["location"]) == "Library, ground floor"
    assert event.decoded("dtstart").isoformat() == "2026-11-25T08:00:00+00:00"
    (written,) = Calendar.from_ical(site.text("newsletter/october/dates.ics")).walk("VEVENT")
    assert written.decoded("dtstart").isoformat() == "2026-10-20T11:00:00+00:00"  # summer time
    found = Calendar.from_ical(site.text("calendar.ics")).walk("VEVENT")
    assert len({str(each["uid"]) for each in found}) == len(found) == 2
    assert {each.decoded("dtstart").isoformat()[:10] for each in found} == {"2026-11-24", "2026-11-25"}
    assert "/2026/10/opens/dates.ics" in site.text("2026/10/opens/index.html")
    assert "https://letters.example.org/calendar.ics" in said(site, "follow/index.html")


def test_edits_of_blocks_render_what_shows_them_and_equal_a_clean_build(tmp_path: Path) -> None:
    write_files(tmp_path, files())
    made = Site(tmp_path)
    made.build()
    edits: list[tuple[str, str, set[str]]] = [
        ("content/newsletters/figures.csv", TABLE.replace(",40,", ",41,"), {"newsletter/october/index.html"}),
        ("content/newsletters/2026-10-16-october.md", ISSUE.replace("Press V.", "Press W."),
         {"newsletter/october/index.html"}),
        ("content/newsletters/2026-10-16-october.md", ISSUE.replace("The desk moves", "The desk goes"),
         {"newsletter/october/index.html", "newsletter/november/index.html"}),
        ("content/posts/2026-10-01-opens.md", post("It opens; really", "Text.", event=EVENT | {"place": "Hall"}),
         {"newsletter/october/index.html", "newsletter/november/index.html", "2026/10/opens/index.html",
          "2026/10/opens/dates.ics", "calendar.ics"}),
        ("content/newsletters/2026-11-16-november.md", NEXT.replace("changes:", "posts: [opens]\nchanges:"),
         {"newsletter/november/index.html"}),
        *(("content/posts/2026-10-01-opens.md", post("It opens; really", "Text.", dates=dates),
           {"newsletter/november/index.html", "2026/10/opens/index.html"})
          for dates in ([{"what": "Fair", "start": "2026-11-30"}], [{"what": "Fête", "start": "2026-11-30"}], [])),
        ("content/newsletters/2026-11-16-november.md", post("November", date="2026-11-16", order=["stories"]),
         {"newsletter/november/index.html"}),
    ]  # fmt: skip
    for path, text, wanted in edits:
        made.write(path, text)
        report = made.build()
        assert wanted <= set(report.written), path
        assert not [each for each in report.written if "archive" in each or each == "about/index.html"]
        assert made.verify() == ()


def test_a_theme_without_templates_for_blocks_still_shows_them(tmp_path: Path) -> None:
    page = "<!doctype html><title>T</title>{{ body|default(1) }}"
    names = [
        line.split("`")[1]
        for line in DOCS.read_text("utf-8").splitlines()
        if line.startswith("| `") and ".html`" in line
    ]
    own = {f"themes/own/templates/{name}": page for name in names if "/" not in name}
    text = "```tip\ntext: Press V.\nurl: https://tips.example.org/\n```\n\n"
    text += "```figures\n- {label: calls, value: 4, before: 5}\n```"
    write_files(tmp_path, {
        "site.toml": SITE.replace("[contact]", 'theme = "own"\n[contact]'), **own,
        "themes/own/theme.toml": "", "content/posts/2026-10-01-a.md": post("A", text),
    })  # fmt: skip
    made = Site(tmp_path)
    made.build()
    assert made.codes == []
    shown = made.text("2026/10/a/index.html")
    assert '<a href="https://tips.example.org/">' in shown
    assert "Press V." in shown
    assert "1 less" in shown
    made.write("themes/own/templates/partials/block.html", "<b>{{ block.title }}</b>")
    made.build()
    assert "<b>Tip</b>" in made.text("2026/10/a/index.html")
    assert made.verify() == ()
