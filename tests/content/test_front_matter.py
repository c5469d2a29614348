from __future__ import annotations

import pytest

from generator.content.front_matter import MAX_FRONT_MATTER_CHARS, read_front
from generator.errors import ContentError
from generator.text.tree import Items, Table, Text
from tests.guards import bounded_work


def text_of(front: str, key: str) -> Text:
    value = read_front("a.md", front).table.entries[key][1]
    assert isinstance(value, Text)
    return value


def refusal(text: str) -> str:
    with pytest.raises(ContentError) as caught:
        read_front("a.md", text)
    return str(caught.value)


@pytest.mark.parametrize(
    "source",
    [
        "---\ntitle: Day 12\ntags: [a, b]\n---\n\nBody\n",
        '+++\ntitle = "Day 12"\ntags = ["a", "b"]\n+++\n\nBody\n',
        '{\n"title": "Day 12",\n"tags": ["a", "b"]}\n\nBody\n',
        '{"title": "Day 12", "tags": ["a", "b"]}\nBody\n',
    ],
)
def test_all_forms_make_one_tree(source: str) -> None:
    front = read_front("a.md", source)
    title, tags = front.table.entries["title"][1], front.table.entries["tags"][1]
    assert isinstance(title, Text)
    assert isinstance(tags, Items)
    assert title.text == "Day 12"
    assert [item.text for item in tags.items if isinstance(item, Text)] == ["a", "b"]
    assert front.text == "Body\n"


@pytest.mark.parametrize("written", ["no", "12:30", "0124062", "1.10", "2020", "0x1F", "2014-04-31", "1e5", ".inf"])
def test_yaml_scalars_stay_as_written(written: str) -> None:
    value = text_of(f"---\nkey: {written}\n---\n", "key")
    assert (value.text, value.quoted) == (written, False)


@pytest.mark.parametrize(("written", "text"), [("1.10", "1.10"), ("2020", "2020"), ("true", "true"), ('"no"', "no")])
def test_toml_scalars_stay_as_written(written: str, text: str) -> None:
    assert text_of(f"+++\nkey = {written}\n+++\n", "key").text == text


def test_toml_dates_become_iso_text() -> None:
    assert text_of("+++\nkey = 2021-03-09T10:00:00-05:00\n+++\n", "key").text == "2021-03-09T10:00:00-05:00"


def test_json_numbers_stay_as_written() -> None:
    assert text_of('{"key": 1.10}\n', "key").text == "1.10"


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ("---\ntitle: x\ndate: y\n---\nBody", (3, 7, 5)),
        ("\n\n---\ntitle: x\ndate: y\n---\n\n\nBody", (5, 7, 9)),
        ("---\n\ntitle: x\n\ndate: y\n---\nBody", (5, 7, 7)),
        ('+++\ntitle = "x"\ndate = "y"\n+++\n\nBody', (3, 1, 6)),
        ('{\n"title": "x",\n "date": "y"\n}\n\nBody', (3, 2, 6)),
    ],
)
def test_lines_and_columns_count_in_the_whole_file(source: str, place: tuple[int, int, int]) -> None:
    front = read_front("a.md", source)
    value = front.table.entries["date"][1]
    assert (value.line, value.column, front.body_line) == place
    assert front.text == "Body"


def test_rules_in_the_body_stay_there() -> None:
    assert read_front("a.md", "---\ntitle: x\n---\n\nA\n\n---\n\nkey: b\n\n---\n").text.count("---") == 2


def test_an_indented_first_line_keeps_its_indent() -> None:
    assert read_front("a.md", "---\ntitle: x\n---\n\n    code\n").text == "    code\n"


def test_a_trailing_tab_that_pyyaml_refuses_is_passed_over() -> None:
    front = read_front("a.md", '---\nauthors:\n- melody\t\t\ntags:\n- a\nexcerpt: "two\nlines"\n---\n')
    authors = front.table.entries["authors"][1]
    assert isinstance(authors, Items)
    assert isinstance(authors.items[0], Text)
    assert authors.items[0].text == "melody"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("", "a.md:1:1 error: The file has no front matter."),
        ("Just text\n", "no front matter"),
        ("\n\n# Heading\n", "a.md:3:1 error: The file has no front matter."),
        ("{% include x %}\n", "no front matter"),
        ("---\ntitle: x\n\nText\n", "a.md:1:1 error: The line that ends the front matter is missing."),
        ('+++\ntitle = "x"\n', "Write +++ on a line below"),
        ("---\ntitle: Leadership: a story\n---\n", 'Write: title: "Leadership: a story"'),
        ("---\ntitle: Leadership: a story\n---\n", "a.md:2:18 error"),
        ('---\ntitle: Say "hi": a story\n---\n', "title: 'Say \"hi\": a story'"),
        ("---\ntags:\n\t- one\n---\n", "a.md:3:1 error: A line cannot begin with a tab"),
        ("---\ntitle:foo\ndate: x\n---\n", "needs a space after its colon. Write: title: foo"),
        ("---\ntitle: 'It's here'\n---\n", 'Write: title: "It\'s here"'),
        ("---\ntitle: @home\n---\n", 'Write: title: "@home"'),
        ("---\ntitle: [draft] Post\n---\n", 'title: "[draft] Post"'),
        ('---\ntitle: "open\ndate: x\n---\n', "a.md:2:8 error: The closing quotation mark is missing"),
        ("---\n- a\n- b\n---\n", "must have keys"),
        ("---\n{{ title }}: x\n---\n", "A key must be plain text"),
        ("---\na: !!python/object/apply:os.system [ls]\n---\n", "is not allowed"),
        ("---\na: !secret x\n---\n", "a.md:2:4 error: The tag"),
        ("---\na: 1\n--- !doc\nb: 2\n---\n", "a.md:3:1 error: The front matter ends here, but more follows"),
        ("---\na: &t [x, *t]\n---\n", "is a reference to something"),
        ("---\na: *nothing\n---\n", "is a reference to something"),
        ("---\n<<: {a: b}\n---\n", "Merging"),
        ("---\n%TAG ! x:\n---\n", "A %TAG line"),
        ('---\na: x\nb: "\\ud800"\n---\n', "a.md:3:"),
        ("---\na: 1\nb: 2\na: 3\nb: 4\n---\n", 'a.md:4:1 error: "a" is set twice (first on line 2)'),
        ("---\na: 1\nb: 2\na: 3\nb: 4\n---\n", 'a.md:5:1 error: "b" is set twice'),
        ("---\nextra:\n  a: 1\n  a: 2\n---\n", "a.md:4:3 error"),
        ("+++\na = 1\na = 2\n+++\n", "a.md:3:"),
        ("+++\na: 1\n+++\n", 'a.md:2:2 error: "a" needs an equals sign'),
        ('{\n"a": 1,\n"a": 2\n}\n', 'a.md:3:1 error: "a" is set twice (first on line 2)'),
        ('{\n"a": 1,\n}\n', "a.md:3:1 error: The front matter cannot be read as JSON"),
        ("+++\na = " + "9" * 5000 + "\n+++\n", "too large"),
        ("+++\na = 0x" + "f" * 60_000 + "\n+++\n", "a.md:2:1 error: This number is too large"),
        ("+++\n[extra]\na = [{b = 0b" + "1" * 60_000 + "}]\n+++\n", "too large"),
        ("---\na: " + "x" * MAX_FRONT_MATTER_CHARS + "\n---\n", "longer than"),
    ],
)
def test_what_cannot_be_read_is_said_with_place_and_remedy(source: str, said: str) -> None:
    assert said in refusal(source)


LAUGHS = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 9))


@pytest.mark.parametrize(
    "source",
    [
        f"---\n{LAUGHS}---\n",
        "---\na: " + "[" * 60_000 + "\n---\n",
        "---\na: " + "{a: " * 15_000 + "\n---\n",
        "---\na:\n" + "- " * 30_000 + "\n---\n",
        "---\n" + "? " * 30_000 + "\n---\n",
        "---\n" + "".join(f"k{n}: 1\n" for n in range(3000)) + "---\n",
        "---\na: [" + "x," * 20_000 + "]\n---\n",
        "+++\n" + "a." * 30_000 + "b = 1\n+++\n",
        "+++\na = " + "[" * 30_000 + "]" * 30_000 + "\n+++\n",
        "+++\n" + "".join(f"k{n} = 1\n" for n in range(3000)) + "+++\n",
        '{"a": ' + "[" * 30_000 + "]" * 30_000 + "}\n",
        '{"a": ' + "[" * 100_000 + "\n",
        "---\n" + "--- x\n" * 100_000,
        "\n" * 1_000_000 + "x",
    ],
)
def test_hostile_front_matter_is_refused_at_once(source: str) -> None:
    with bounded_work():
        refusal(source)


def test_aliases_are_followed_where_they_are_few() -> None:
    front = read_front("a.md", "---\na: &x [one]\nb: *x\n---\n")
    assert front.table.entries["a"][1] == front.table.entries["b"][1]


def test_empty_front_matter_is_an_empty_table() -> None:
    assert read_front("a.md", "---\n---\nBody").table == Table({}, 1, 1)
