"""A letter on phones and in Outlook: what mail programs need that ignore style sheets, padding or height."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml.html import document_fromstring
from PIL import Image

from generator.model import Letter
from generator.newsletter.checks.preflight import load_letter
from generator.newsletter.export.pictures import render_letter_pictures
from generator.newsletter.issue import with_rendered_issue
from tests.factories import post
from tests.newsletter.site_with_issue import CLOCK, SITE, issue, make_site_with_issue, picture

CODE = "word " * 9 + "x" * 150
BODY = f"""Dear **all**, a [link](/archive/).

> Said by somebody.

> [!NOTE] Mind
> the gap

![Wide](/wide.jpg "A caption")

![Said once](/tall.jpg "Said once")

![Moving](/moving.gif)

- a point

```
{CODE}
```

```changes
- {{what: It moves, when: Monday, state: now}}
```
"""
BLOCKS: dict[str, Any] = {
    "figures": [{"label": "to answer", "value": 40, "unit": "s", "before": 62, "better": "lower"}] * 4,
    "said_did": [{"said": "Slow.", "did": "Quick."}],
    "thanks": [{"words": "She stayed.", "from": "A student"}],
    "dates": [{"what": "Open door", "start": "2026-06-20 12:00", "place": "Desk"}],
    "people": [{"name": "Kezia", "note": "joins us.", "image": "/small.png"}],
    "tip": {"text": "Press V.", "url": "https://tips.example.org/"},
    "ask": {"question": "Useful?", "answers": ["Yes", "No"], "url": "https://ask.example.org/?a={answer}"},
}


def split() -> bytes:
    """Draw a picture, black above and white below."""
    drawn = Image.new("RGB", (600, 900), "white")
    drawn.paste("black", (0, 0, 600, 300))
    result = BytesIO()
    drawn.save(result, "PNG")
    return result.getvalue()


FILES: dict[str, str | bytes] = {
    "site.toml": SITE + '[contact]\nphone = "01234"\nstatus = "https://status.example.org/"\n'
    '[authors.jo]\nname = "Jo Public"\nrole = "Editor"\nimage = "/small.png"\n',
    "content/newsletters/2026-06-01-june.md": issue(
        BODY, author="jo", posts=["lift", "stairs", "top", "gif"], action={"text": "Tell us", "url": "/archive/"},
        order=["thanks", "lead"], number=12, **BLOCKS,
    ),
    "content/posts/2026-05-02-lift.md": post(
        "The lift", "Above.\n\n<!--more-->\n\nBelow.", image="/wide.jpg", image_alt="A lift", series="Days", part=3,
        author="jo", rating="9/10", learning_points=["Answer sooner."], action={"text": "See", "url": "/archive/"},
    ),
    "content/posts/2026-05-03-stairs.md": post("Stairs", image="/tall.jpg", image_alt="Stairs", rating="7/10"),
    "content/posts/2026-05-03-top.md": post("Top", image="/split.png", image_alt="Top", image_focus="top"),
    "content/posts/2026-05-04-gif.md": post("Moves", image="/moving.gif", image_alt="It moves"),
    "content/static/wide.jpg": picture(1600, 800),
    "content/static/tall.jpg": picture(600, 1200),
    "content/static/split.png": split(),
    "content/static/small.png": picture(300, 300, "PNG"),
    "content/static/moving.gif": picture(300, 200, "GIF", "L"),
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Letter, dict[str, bytes], tuple[str, ...]]:
    root = make_site_with_issue(tmp_path_factory.mktemp("site"), FILES)
    problems = tuple(str(each) for each in load_letter(root, "june", CLOCK)[1])
    letter, pictures = with_rendered_issue(
        root, "june", CLOCK, lambda rendered: (rendered.letter, render_letter_pictures(rendered))
    )
    return letter, pictures, problems


@pytest.fixture(scope="module")
def page(made: tuple[Letter, dict[str, bytes], tuple[str, ...]]) -> Any:
    return document_fromstring(made[0].html)


def style(element: Any) -> dict[str, str]:
    pairs = (each.partition(":") for each in (element.get("style") or "").split(";") if each.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


def test_a_letter_with_every_block_has_no_problem(made: tuple[Letter, dict[str, bytes], tuple[str, ...]]) -> None:
    assert made[2] == ()


def _pads(name: str, value: str) -> bool:
    return name.startswith("padding") and not re.fullmatch(r"(?:0(?:px)? ?)+", value)


def test_every_padding_is_a_cells_or_that_of_a_buttons_link(page: Any) -> None:
    elements = [each for each in page.iter() if isinstance(each.tag, str)]
    padded = [each for each in elements if any(_pads(*pair) for pair in style(each).items())]
    assert len(padded) > 40
    for each in padded:
        is_button = each.tag == "a" and "button" in (each.getparent().get("class") or "")
        assert each.tag in ("td", "th") or is_button, (each.tag, each.get("class"), each.get("style"))


def test_no_picture_has_a_margin_and_each_has_its_size(page: Any) -> None:
    images = list(page.iter("img"))
    assert len(images) > 7
    for image in images:
        assert not [name for name in style(image) if name.startswith("margin")]
        assert 0 < int(image.get("width")) <= 600
        assert 0 < int(image.get("height")) <= 670


def test_columns_are_in_the_elements_and_the_picture_comes_before_its_title(page: Any) -> None:
    columns = [each for each in page.iter("div") if "column" in (each.get("class") or "").split()]
    assert len(columns) > 8
    for each in columns:
        found = style(each)
        assert (found["display"], found["width"]) == ("inline-block", "100%")
        assert int(found["max-width"].removesuffix("px")) <= 536
        assert style(each.getparent())["font-size"] == "0"  # no gap between columns
    story = next(each for each in page.iter("h2") if each.text_content() == "Stairs")
    row = next(each for each in story.iterancestors("tr") if next(each.iter("img"), None) is not None)
    order = [each.tag for each in row.iter("img", "h2")]
    assert order == ["img", "h2"]


def test_words_break_only_where_no_line_has_room(
    page: Any, made: tuple[Letter, dict[str, bytes], tuple[str, ...]]
) -> None:
    assert "break-all" not in made[0].html
    for table in page.iter("table"):  # an automatic layout may shrink a column until words break in it
        assert (
            table.get("width") != "100%"
            or style(table).get("table-layout") == "fixed"
            or "page" in table.get("class", "")
        )


def test_code_is_broken_at_68_columns_and_whole_in_the_text(
    page: Any, made: tuple[Letter, dict[str, bytes], tuple[str, ...]]
) -> None:
    (code,) = page.iter("pre")
    lines = code.text_content().rstrip("\n").split("\n")
    assert max(map(len, lines)) <= 68
    assert len(lines) == 4
    assert "".join(lines) == CODE
    assert CODE in made[0].text


def test_thumbnails_are_cropped_around_their_focus(made: tuple[Letter, dict[str, bytes], tuple[str, ...]]) -> None:
    _, pictures, _ = made
    (name,) = [url for url in pictures if "split.png.thumb" in url]
    with Image.open(BytesIO(pictures[name])) as cropped:
        assert cropped.size == (600, 400)
        assert cropped.getpixel((300, 290)) == (0, 0, 0)
        assert cropped.getpixel((300, 310)) == (255, 255, 255)
    assert [url for url in pictures if url.endswith("tall.jpg.thumb.jpg")]


def test_a_gif_stays_one(made: tuple[Letter, dict[str, bytes], tuple[str, ...]]) -> None:
    assert [url for url in made[1] if url.endswith("/moving.gif")]


def test_the_lead_picture_goes_from_edge_to_edge(page: Any) -> None:
    lead = next(each for each in page.iter("img") if each.get("alt") == "A lift")
    assert lead.get("width") == "600"
    assert "side" not in (next(lead.iterancestors("td")).get("class") or "")


def test_the_whole_area_of_a_button_is_its_link_44_pixels_high(page: Any) -> None:
    buttons = [each for each in page.iter("td") if "button" in (each.get("class") or "").split()]
    assert len(buttons) == 4
    for each in buttons:
        (link,) = each
        found = style(link)
        assert (found["display"], found["padding"], found["line-height"]) == ("block", "11px 24px", "22px")
        assert not each.text


def test_links_to_stories_name_them(page: Any, made: tuple[Letter, dict[str, bytes], tuple[str, ...]]) -> None:
    words = [each.text_content() for each in page.iter("a")]
    assert {"Read: The lift", "Read: Stairs", "Read: Top", "Read: Moves"} <= set(words)
    assert words.count("Read more") == 1  # that of the tip


def test_a_caption_is_said_once(page: Any) -> None:
    assert page.text_content().count("Said once") == 1
    assert not [each for each in page.iter("img") if each.get("alt") == "Said once"]


@pytest.mark.parametrize(
    "words",
    ["No. 12", "In this issue", "Jo Public", "Days, part 3", "Answer sooner.", "9 out of 10", "7 out of 10",
     "22 s less, better", "It moves", "She stayed.", "Open door", "Kezia", "Press V.", "Useful?", "Reach us"],
)  # fmt: skip
def test_what_the_letter_says_is_in_its_text_too(
    page: Any, made: tuple[Letter, dict[str, bytes], tuple[str, ...]], words: str
) -> None:
    shown = " ".join(page.text_content().replace("\u00a0", " ").split())
    assert words in shown
    if words != "In this issue":
        assert words in made[0].text.replace("\u00a0", " ")


def test_the_order_is_that_of_the_issue(made: tuple[Letter, dict[str, bytes], tuple[str, ...]]) -> None:
    for part in (made[0].html.partition("Dear")[2], made[0].text):
        places = [part.index(words) for words in ("She stayed.", "Above.", "Slow.", "Useful?", "01234")]
        assert places == sorted(places)


def test_dates_and_words_are_isolated_from_right_to_left(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "site.toml": SITE.replace('"en"', '"ar"'),
        "content/newsletters/2026-06-01-june.md": issue(
            "> قول\n\n- نقطة\n\n```\nx = 1\n```", posts=["lift"], dates=BLOCKS["dates"]
        ),
    }
    html = load_letter(make_site_with_issue(tmp_path, files), "june", CLOCK)[0].html
    page: Any = document_fromstring(html)
    assert page.get("dir") == "rtl"
    isolated = [each.text_content() for each in page.iter("span") if each.get("dir") == "auto"]
    assert len(isolated) >= 4
    assert "1 High Street, Exampleton" in isolated
    assert "border-right:3px" in html
    assert [code.getparent().get("dir") for code in page.iter("pre")] == ["ltr"]
    assert "margin:0 26px 16px 0" in html


def test_twenty_five_stories_stay_below_the_size_at_which_gmail_cuts(tmp_path: Path) -> None:
    words = "September was the first month in which every call was answered within the minute. " * 2
    names = [f"p{number}" for number in range(25)]
    files: dict[str, str | bytes] = {
        f"content/posts/2026-05-{number + 1:02}-{name}.md": post(
            f"{name}: the desk moves downstairs",
            words,
            summary=words,
            image="/wide.jpg",
            image_alt="A lift",
            rating="9/10",
        )
        for number, name in enumerate(names)
    }
    files["content/static/wide.jpg"] = picture(1600, 800)
    months = [*(f"2025-{month:02}" for month in range(6, 13)), *(f"2026-{month:02}" for month in range(1, 6))]
    rows = [
        f"figure {number},s,lower,{','.join(str(40 + number * month % 7) for month in range(12))}"
        for number in range(4)
    ]
    files["content/newsletters/f.csv"] = "\n".join((f"label,unit,better,{','.join(months)}", *rows))
    more = BLOCKS | {"people": [], "figures": "f.csv"}
    files["content/newsletters/2026-06-01-june.md"] = issue(posts=names, brief=[], **more)
    letter, problems = load_letter(make_site_with_issue(tmp_path, files), "june", CLOCK)
    assert letter.html.count("Read: p") == 25
    assert letter.html.count('class="month') == 4 * 12
    assert len(letter.html.encode()) <= 102 * 1024
    assert not [each for each in problems if each.level == "error"]
