"""The blocks of stories in a letter: each under its story, dates among those of the issue, the months of a figure."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from lxml.html import document_fromstring

from generator.model import Letter
from generator.newsletter.checks.preflight import load_letter
from tests.factories import post
from tests.newsletter.site_with_issue import CLOCK, SITE, issue, make_site_with_issue, picture

BLOCKS: Mapping[str, Any] = {
    "figures": [{"label": "to answer", "value": 40, "unit": "s", "before": 60, "better": "lower"}],
    "changes": [{"what": "It moves", "when": "Monday", "state": "now"}],
    "said_did": [{"said": "Slow.", "did": "Quick."}],
    "thanks": [{"words": "She stayed.", "from": "A student"}],
    "dates": [{"what": "Open door", "start": "2026-06-20 12:00", "place": "Desk"}],
    "people": [{"name": "Kezia", "note": "joins us.", "image": "/small.png"}],
    "tip": {"text": "Press V.", "url": "https://tips.example.org/"},
    "ask": {"question": "Useful?", "answers": ["Yes", "No"], "url": "https://ask.example.org/?a={answer}"},
}
SAID = {
    "figures": "20 s less, better",
    "changes": "It moves",
    "said_did": "Quick.",
    "thanks": "She stayed.",
    "dates": "Open door",
    "people": "Kezia",
    "tip": "Press V.",
    "ask": "Useful?",
}
TABLE = (
    "label,unit,better,2026-02,2026-03,2026-04,2026-05\nto answer,s,lower,99,70,62,40\ncalls,,,4,8,,12\nnew,,,,,1,2\n"
)
ISSUE = "content/newsletters/2026-06-01-june.md"
Loaded = tuple[Letter, tuple[str, ...]]


def load(root: Path, files: Mapping[str, str | bytes]) -> Loaded:
    """Return the letter and its problems, with the path and line of each."""
    more: dict[str, str | bytes] = {"content/static/small.png": picture(300, 300, "PNG"), **files}
    letter, problems = load_letter(make_site_with_issue(root, more), "june", CLOCK)
    return letter, tuple(map(str, problems))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """Give a letter: the lead, a story with every block, a story with facts, and one in brief."""
    stairs = post("Stairs", **BLOCKS, order=["thanks", "figures"])
    return load(
        tmp_path_factory.mktemp("site"),
        {
            ISSUE: issue("Dear all.", posts=["lift", "stairs", "days", "short"], brief=["short"], figures="f.csv"),
            "content/newsletters/f.csv": TABLE,
            "content/posts/2026-05-02-lift.md": post("The lift", tip="Hold on.", figures=[{"label": "up", "value": 7}]),
            "content/posts/2026-05-03-stairs.md": stairs,
            "content/posts/2026-05-04-days.md": post(
                "Days", rating="8/10", rating_note="It rained.", learning_points=["Ask first.", "Then answer."]
            ),
            "content/posts/2026-05-05-short.md": post(
                "Short", tip="Be brief.", dates=[{"what": "Quiz", "start": "2026-06-22"}]
            ),
        },
    )


@pytest.fixture(scope="module")
def page(made: Loaded) -> Any:
    return document_fromstring(made[0].html)


def words(page: Any) -> str:
    return " ".join(page.text_content().replace("\u00a0", " ").split())


@pytest.mark.parametrize("name", SAID)
def test_every_block_of_a_story_is_in_both_parts_once(made: Loaded, page: Any, name: str) -> None:
    assert words(page).count(SAID[name]) == 1
    assert made[0].text.replace("\u00a0", " ").count(SAID[name]) == 1


def test_the_blocks_stand_below_their_story_in_its_order(made: Loaded, page: Any) -> None:
    for text in (
        words(page).partition("Read: The lift")[2],
        made[0].text.partition("Dear all.")[2],
    ):
        places = [text.index(each) for each in ("Stairs", "She stayed.", "20 s less", "It moves", "Ask first.")]
        assert places == sorted(places)
    beside = [each for each in page.iter("td") if "belongs" in (each.get("class") or "").split()]
    assert len(beside) == 2 * (2 + 7)  # all but the dates of Stairs, a title and the items of each
    assert "Welcome" in words(page)
    assert [image.get("alt") for image in page.iter("img")] == ["Kezia"]


def test_dates_of_stories_stand_among_those_of_the_issue(page: Any) -> None:
    *_, row = [each for each in page.iter("tr") if words(each).startswith("20Sat, Jun") and "Open door" in words(each)]
    links = [each.get("href") for each in row.iter("a")]
    assert links == [
        "https://letters.example.org/2026/05/stairs/",
        "https://letters.example.org/2026/05/stairs/dates.ics",
    ]
    assert words(page).count("Quiz") == 1  # those of a post in brief too


def test_facts_of_every_story_reach_both_parts(made: Loaded, page: Any) -> None:
    for said in ("Ask first.", "Then answer.", "Rating: 8 out of 10.", "It rained."):
        assert words(page).count(said) == 1
        assert made[0].text.count(said) == 1


def test_a_block_of_a_post_in_brief_is_named_with_its_line(made: Loaded) -> None:
    (note,) = made[1]
    assert note.startswith("content/posts/2026-05-05-short.md:")
    assert ' note: This post is in brief, so the mail shows one line of it, and not its "tip".' in note
    assert int(note.split(":")[1]) > 1


def test_the_text_lists_what_is_in_the_issue(made: Loaded) -> None:
    assert "In this issue\n\n1. The lift\n2. Stairs\n3. Days\n4. May in figures\n5. Dates\n\nDear all." in made[0].text


@pytest.mark.parametrize(
    ("order", "first", "last"),
    [
        ([], "A", "C"),
        (["lead"], "A", "C"),
        (["figures", "lead"], "A", "C"),
        (["stories"], "B", "A"),
        (["tip", "stories"], "B", "A"),
    ],
)
def test_the_list_of_stories_has_the_order_of_the_issue(
    tmp_path: Path, order: list[str], first: str, last: str
) -> None:
    files: dict[str, str | bytes] = {
        f"content/posts/2026-05-0{n}-{name.lower()}.md": post(name) for n, name in enumerate("ABC", 5)
    }
    letter, _ = load(tmp_path, {ISSUE: issue(posts=["a", "b", "c"], order=order), **files})
    listed = letter.text.partition("In this issue\n\n")[2].partition("\n\n")[0].split("\n")
    assert (listed[0], listed[-1]) == (f"1. {first}", f"3. {last}")
    panel = next(each for each in document_fromstring(letter.html).iter("td") if "panel" in (each.get("class") or ""))
    assert [each.text for each in panel.iter("a")] == [each[3:] for each in listed]


def test_the_list_has_the_blocks_too_without_a_link(tmp_path: Path) -> None:
    """A block has no page of its own: links within a mail lead nowhere in many programs."""
    blocks: dict[str, Any] = {"tip": "Hold on.", "figures": [{"label": "up", "value": 7}]}
    letter, _ = load(tmp_path, {ISSUE: issue(posts=["lift"], order=["figures", "lead", "tip"], **blocks)})
    assert "In this issue\n\n1. In figures\n2. The lift is mended\n3. Tip\n\n" in letter.text
    panel = next(each for each in document_fromstring(letter.html).iter("td") if "panel" in (each.get("class") or ""))
    assert [words(each) for each in panel.iter("p")] == [
        "In this issue",
        "1. In figures",
        "2. The lift is mended",
        "3. Tip",
    ]
    assert [each.text for each in panel.iter("a")] == ["The lift is mended"]


def test_a_letter_of_two_stories_has_no_list_of_them(tmp_path: Path) -> None:
    letter, _ = load(tmp_path, {ISSUE: issue(posts=["lift", "stairs"])})
    assert "In this issue" not in letter.html + letter.text


def test_without_collected_dates_a_story_keeps_its_own(tmp_path: Path) -> None:
    letter, problems = load(
        tmp_path,
        {
            ISSUE: issue(posts=["lift"], dates=False),
            "content/posts/2026-05-02-lift.md": post("The lift", dates=BLOCKS["dates"]),
        },
    )
    assert letter.text.index("The lift") < letter.text.index("Open door")
    assert letter.html.count("Open door") == 1
    assert problems == ()


@pytest.mark.parametrize(
    ("start", "written", "count"),
    [
        ("2026-06-20 12:00", [], 1),
        ("2026-06-20 12:00", [{"what": "open  door", "start": "2026-06-20 12:00"}], 0),
        ("2026-06-20 12:00", [{"what": "Open door", "start": "2026-06-21 12:00"}], 2),
        ("2026-05-20 12:00", [], 0),
        ("2026-12-24", [], 1),
    ],
)
def test_a_date_is_listed_once_and_not_after_it(tmp_path: Path, start: str, written: list[Any], count: int) -> None:
    letter, _ = load(
        tmp_path,
        {
            ISSUE: issue(posts=["lift"], dates=written),
            "content/posts/2026-05-02-lift.md": post("The lift", dates=[{"what": "Open door", "start": start}]),
        },
    )
    assert letter.text.count("Open door") == count


def test_one_date_of_two_stories_and_an_event_is_listed_once(tmp_path: Path) -> None:
    names = ("2026-05-02-lift", "2026-05-03-stairs")
    files: dict[str, str | bytes] = {f"content/posts/{name}.md": post(name, dates=BLOCKS["dates"]) for name in names}
    files["content/posts/2026-05-04-door.md"] = post("Open Door", event={"start": "2026-06-20 12:00"})
    letter, _ = load(tmp_path, {ISSUE: issue(posts=["lift", "stairs", "door"]), **files})
    assert letter.text.count("Saturday, June 20, 2026") == 1
    assert "/2026/05/door/dates.ics" in letter.text


def test_stories_carry_their_blocks_as_long_as_gmail_shows_the_whole_letter(tmp_path: Path) -> None:
    names = [f"p{number}" for number in range(16)]
    files: dict[str, str | bytes] = {
        f"content/posts/2026-05-{number + 1:02}-{name}.md": post(f"Story {name}", **BLOCKS)
        for number, name in enumerate(names)
    }
    files[ISSUE] = issue(posts=names, brief=[])
    letter, problems = load(tmp_path, files)
    assert 80_000 < len(letter.html.encode()) <= 100_000
    assert letter.html.count("Read: Story p") == 16
    carried = letter.html.count("She stayed.")
    assert 1 < carried < 16
    assert letter.text.count("She stayed.") == carried
    dropped = [each for each in problems if "[mail-blocks]" in each]
    assert len(dropped) == 16 - carried
    assert not [each for each in dropped if f"-{names[carried - 1]}.md" in each]
    assert dropped[0].startswith(f"content/posts/2026-05-{carried + 1:02}-{names[carried]}.md:")
    assert ' warning: The mail would become too large for Gmail, so it does not have "figures" and' in dropped[0]
    assert not [each for each in problems if " error: " in each]


def bars(page: Any) -> list[list[tuple[int, str]]]:
    """List the bars of each figure: height and colour."""
    tables = [each for each in page.iter("table") if each.get("role") == "img"]
    return [
        [
            (int(cell.get("height")), cell.get("bgcolor"))
            for cell in table.iter("td")
            if "month" in (cell.get("class") or "").split()
        ]
        for table in tables
    ]


def test_the_months_of_a_figure_are_cells_with_height_and_colour(made: Loaded, page: Any) -> None:
    grey, accent = "#5f5a52", "#0b5d5b"
    assert bars(page) == [
        [(30, grey), (16, grey), (13, grey), (3, accent)],
        [(3, grey), (16, grey), (30, accent)],
    ]
    months = next(each for each in page.iter("table") if each.get("role") == "img")
    assert next(months.iter("img", "svg", "div"), None) is None
    label = months.get("aria-label").replace("\u00a0", " ")
    assert label == "February 2026: 99 s · March 2026: 70 s · April 2026: 62 s · May 2026: 40 s"
    assert words(page).count("4 months: from 99 s to 40 s") == 1
    assert "█▅▄▁ 4 months: from 99 s to 40 s" in made[0].text.replace("\u00a0", " ")


def test_a_month_without_a_value_has_no_bar_and_is_not_named(page: Any) -> None:
    labels = [each.get("aria-label") for each in page.iter("table") if each.get("role") == "img"]
    assert labels[1] == "February 2026: 4 · March 2026: 8 · May 2026: 12"


def test_the_months_have_colours_of_their_own_in_the_dark(made: Loaded) -> None:
    for before in ("", "[data-ogsc] "):
        assert f"{before}.month {{ background-color: #a9a59b !important; }}" in made[0].html
        assert f"{before}.latest {{ background-color: #6fc7c0 !important; }}" in made[0].html


def test_months_begin_at_the_right_in_a_language_from_right_to_left(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "site.toml": SITE.replace('"en"', '"ar"'),
        ISSUE: issue("قول", figures="f.csv"),
        "content/newsletters/f.csv": TABLE,
    }
    letter, _ = load(tmp_path, files)
    page: Any = document_fromstring(letter.html)
    months = next(each for each in page.iter("table") if each.get("role") == "img")
    assert [height for height, _ in bars(page)[0]] == [30, 16, 13, 3]
    assert "فبراير 2026" in months.get("aria-label", "")
    assert not [each for each in months.iterancestors() if each.get("dir") == "ltr"]  # rows follow the direction


@pytest.mark.parametrize(
    ("issue_language", "story_language", "side"),
    [("ar", "en", "left"), ("en", "ar", "right"), ("ar", "ar", "right"), ("en", "en", "left")],
)
def test_lines_and_words_of_a_story_follow_its_own_direction(
    tmp_path: Path, issue_language: str, story_language: str, side: str
) -> None:
    facts = {"rating": "8/10", "learning_points": ["1"], "said_did": BLOCKS["said_did"]}
    text = "> Q.\n\n> [!NOTE] N\n> M.\n\n| A | B |\n|---|--:|\n| 1 | 2 |\n\n<!--more-->"
    files: dict[str, str | bytes] = {
        "site.toml": SITE.replace('"en"', f'"{issue_language}"'),
        ISSUE: issue(posts=["lift", "stairs"]),
        "content/posts/2026-05-02-lift.md": post("A", text, lang=story_language, **facts),
        "content/posts/2026-05-03-stairs.md": post("B", lang=story_language, **facts),
    }
    letter, _ = load(tmp_path, files)
    page: Any = document_fromstring(letter.html)
    beside = [
        each
        for each in page.iter("td")
        if {"quoted", "noted", "answered", "belongs"} & set((each.get("class") or "").split())
    ]
    assert len(beside) == 2 + 2 * (1 + 2)
    for each in beside:
        assert f"border-{side}:3px" in each.get("style", "")
        assert f"border-{'left' if side == 'right' else 'right'}:3px" not in each.get("style", "")
    cells = {each.text_content(): each.get("style", "") for each in page.iter("td") if each.text_content() in "12"}
    assert f"text-align:{side}" in cells["1"]
    assert "text-align:right" in cells["2"]
    links = [each.text_content().strip() for each in page.iter("a")]
    assert {"Read: A", "Read: B"} <= set(links) if story_language == "en" else {"اقرأ: A", "اقرأ: B"} <= set(links)
    rating = "Rating: 8 out of 10." if story_language == "en" else "التقييم: 8 من 10."
    assert letter.html.count(rating) == letter.text.count(rating) == 2


def test_every_distance_of_a_block_is_a_cells(page: Any) -> None:
    padded = [each for each in page.iter() if isinstance(each.tag, str) and "padding" in (each.get("style") or "")]
    assert len(padded) > 40
    for each in padded:
        is_button = each.tag == "a" and "button" in (each.getparent().get("class") or "")
        assert each.tag in ("td", "body") or is_button, (each.tag, each.get("class"))
    assert not [each for each in page.iter("img") if "margin" in (each.get("style") or "")]
    fixed = [each for each in page.iter("table") if each.get("width") == "100%" and "page" not in each.get("class", "")]
    assert all("table-layout:fixed" in (each.get("style") or "") for each in fixed)
