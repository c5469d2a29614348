from typing import Any

import pytest

PAGE = "series/days/index.html"
NUMBERS = '[series.days]\nname = "Days"\nrating_max = 10\n'


def test_a_series_shows_its_parts_in_order_and_its_gaps(letters: Any, post: Any) -> None:
    made = letters(
        {
            "posts/2024-01-05-first.md": post("First", series="Days", part=1),
            "posts/2024-01-02-fourth.md": post("Fourth", series="days", part=4),
            "posts/2024-01-03-odd.md": post("Without number", series="DAYS"),
        }
    )
    items = [" ".join(item.text_content().split()) for item in made.html(PAGE).xpath('//ol[@class="part-list"]/li')]
    assert items[0].startswith("Part 1 First")
    assert items[1:3] == ["Part 2 is missing.", "Part 3 is missing."]
    assert items[3].startswith("Part 4 Fourth")
    assert "Without number" in items[4]
    (problem,) = made.report.problems
    assert (problem.code, problem.path, problem.line) == ("series-gap", "content/posts/2024-01-02-fourth.md", 4)
    assert "2, 3" in problem.message
    assert problem.hint == "Write it, renumber the parts, or list the gap: gaps = [2, 3] in [series.days]"


def test_parts_lead_to_each_other_over_a_gap(letters: Any, post: Any) -> None:
    made = letters({f"posts/2024-01-0{n}-p{n}.md": post(f"P{n}", series="Days", part=n) for n in (1, 2, 5)})
    assert {"/2024/01/p1/", "/2024/01/p5/"} <= set(made.html("2024/01/p2/index.html").xpath("//main//a/@href"))


def test_the_chart_and_the_table_say_the_same(letters: Any, post: Any, config: Any) -> None:
    ratings = {1: "9/10", 2: 7.5, 4: "8/20", 5: 0}
    files = {
        f"posts/2024-01-0{n}-p{n}.md": post(f"P{n}", series="Days", part=n, rating=rating)
        for n, rating in ratings.items()
    }
    made = letters({"site.toml": config(NUMBERS), **files})
    page = made.html(PAGE)
    rows = [[cell.text_content() for cell in row] for row in page.xpath("//tbody/tr")]
    assert rows == [
        ["1", "P1", "9 out of 10"],
        ["2", "P2", "7.5 out of 10"],
        ["4", "P4", "8 out of 20"],
        ["5", "P5", "0 out of 10"],
    ]
    places = page.xpath('//ol[contains(@class, "bars")]/li')
    tops = [place.xpath('.//path[@class="bar"]/@d') for place in places]
    assert tops == [["M0 10.0H10V100H0z"], ["M0 25.0H10V100H0z"], [], ["M0 60.0H10V100H0z"], ["M0 100.0H10V100H0z"]]
    assert [place.xpath("./a/@href") for place in places[:3]] == [["/2024/01/p1/"], ["/2024/01/p2/"], []]
    assert "8 out of 20" in places[3].text_content()


def test_two_posts_of_one_part_are_named(letters: Any, post: Any) -> None:
    files = {f"posts/2024-01-0{n}-p{n}.md": post(f"P{n}", series="Days", part=1) for n in (1, 2)}
    (problem,) = letters(files).report.problems
    assert (problem.code, problem.path, problem.line) == ("series-part-twice", "content/posts/2024-01-02-p2.md", 4)


NAMES = [("con", "con-series"), ("page", "page"), ("A & <B>", "a-b"), ("Ärger", "ärger")]  # Windows holds no "con"


@pytest.mark.parametrize(("name", "folder"), NAMES)
def test_odd_names_have_a_page_and_feeds(letters: Any, post: Any, name: str, folder: str) -> None:
    made = letters({"posts/2024-01-01-a.md": post("A", series=name, part=1)})
    assert f"series/{folder}/index.html" in made.paths
    assert made.feed(f"series/{folder}/feed.xml").feed.title == f"{name} · Letters"


@pytest.mark.parametrize("name", ["..", "🎉", "/", "."])
def test_names_without_a_letter_have_an_address_of_their_own(letters: Any, post: Any, name: str) -> None:
    made = letters({"posts/2024-01-01-a.md": post("A", series=name, part=1)})
    (page,) = [path for path in made.paths if path.startswith("series/series-") and path.endswith("/index.html")]
    assert made.html("series/index.html").xpath("//main//h2/a/@href") == [f"/{page.removesuffix('index.html')}"]
    assert page.count("/") == 2
