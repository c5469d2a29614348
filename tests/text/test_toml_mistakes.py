"""What a person gets wrong in a TOML file, and what they are told: `line:column message hint`, word for word."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.config import load_config
from generator.content.front_matter import read_front
from generator.errors import ConfigError, ContentError
from generator.text.toml_mistakes import find_mistake
from generator.text.toml_settings import parse_settings, read_settings
from tests.guards import bounded_work

PARSERS_WORDS = (
    "Invalid",
    "Expected",
    "Unterminated",
    "Unclosed",
    "Unescaped",
    "hex value",
    "Cannot",
    "Illegal",
    "(at ",
)


def said(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_settings(text, "site.toml", lists=("nav",))
    (problem,) = caught.value.problems
    assert problem.code == "config-syntax"
    return f"{problem.line}:{problem.column} {problem.message} {problem.hint}"


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        (
            "title = “Letters”",
            '1:9 The quotation marks of "title" are curly. They must be straight.',
            'Write: title = "Letters"',
        ),
        ('title = "Letters', '1:9 The text of "title" has no closing quotation mark.', 'Write: title = "Letters"'),
        ('title = Letters"', '1:9 The text of "title" has no opening quotation mark.', 'Write: title = "Letters"'),
        (
            'title: "Letters"',
            '1:6 "title" needs an equals sign (=) before its value, not ":".',
            'Write: title = "Letters"',
        ),
        (
            "title: Letters",
            '1:6 "title" needs an equals sign (=) before its value, not ":".',
            'Write: title = "Letters"',
        ),
        (
            '[nav]\ntitle = "a"\n[nav]\ntitle = "b"',
            "3:1 The section [nav] appears twice (first on line 1).",
            "Write [[nav]], with two brackets, above each entry.",
        ),
        (
            "[output]\n[output]",
            "2:1 The section [output] appears twice (first on line 1).",
            "Put all its settings below one [output].",
        ),
        (
            r'image = "C:\Users\x"',
            r"1:12 A backslash (\) means something else in double quotes.",
            r"Write: image = 'C:\Users\x'",
        ),
        (
            r'image = "C:\new"',
            r"1:9 In double quotes, \n is a special character, so this is not the path you mean.",
            r"Write: image = 'C:\new'",
        ),
        (
            r'image = "C:\dir\"',
            r"1:12 A backslash (\) means something else in double quotes.",
            r"Write: image = 'C:\dir\'",
        ),
        (
            "title = Letters from us # note",
            '1:9 The text of "title" must be in quotation marks.',
            'Write: title = "Letters from us" # note',
        ),
        (
            "url = https://example.org/",
            '1:7 The text of "url" must be in quotation marks.',
            'Write: url = "https://example.org/"',
        ),
        (
            'feeds = ["atom", "rss"\narchives = true',
            '1:9 The list of "feeds" is never closed.',
            'Write: feeds = ["atom", "rss"]',
        ),
        (
            'feeds = ["atom" "rss"]',
            '1:9 The list of "feeds" lacks a comma between two items.',
            'Write: feeds = ["atom", "rss"]',
        ),
        ('feeds = [\n"atom"\n"rss"\n]', "2:1 The comma after this item of the list is missing.", 'Write: "atom",'),
        ('feeds = [\n"atom",\n"rss"\n', '1:9 The list of "feeds" is never closed.', "Write ] where it ends."),
        ('title = "x",', "1:12 A line does not end with a comma.", 'Write: title = "x"'),
        ('title = "x";', "1:12 A line does not end with a semicolon.", 'Write: title = "x"'),
        ('title = "a"\ntitle = "b"', '2:1 "title" is set twice (first on line 1).', "Delete one of the two lines."),
        (
            "archives = True",
            '1:12 "archives" must be true or false, in small letters, not "True".',
            "Write: archives = true",
        ),
        (
            "archives = yes",
            '1:12 "archives" must be true or false, in small letters, not "yes".',
            "Write: archives = true",
        ),
        (
            "archives = “yes”",
            '1:12 "archives" must be true or false, in small letters, not "“yes”".',
            "Write: archives = true",
        ),
        (
            '\ufeff\ufefftitle = "x"',
            "1:1 There is an invisible character here (U+FEFF, zero width no-break space).",
            'Write: title = "x"',
        ),
        ('feeds–for = ["x"]', '1:1 The name "feeds–for" has a typographic dash (–).', 'Write: feeds-for = ["x"]'),
        ("port = –1", '1:8 "–" is a typographic dash, not a minus sign.', "Write: port = -1"),
        ("title = ", '1:1 "title" has no value.', 'Write: title = "…", or delete the line.'),
        ('title "Letters"', '1:7 "title" needs an equals sign (=) before its value.', 'Write: title = "Letters"'),
        (
            'title = "a" url = "c"',
            "1:13 There are two settings on this line.",
            'Write each on its own line, first: title = "a"',
        ),
        (
            'title = "The "best" letters"',
            '1:9 The text of "title" has quotation marks inside.',
            "Write: title = 'The \"best\" letters'",
        ),
        ("title = 'it's'", '1:9 The text of "title" has quotation marks inside.', 'Write: title = "it\'s"'),
        ("[output", "1:1 The brackets of the section [output do not match.", "Write: [output]"),
        ("[output]]", "1:1 The brackets of the section [output]] do not match.", "Write: [output]"),
        ("[[nav]", "1:1 The brackets of the section [[nav] do not match.", "Write: [[nav]]"),
        ("nav]", "1:1 The brackets of the section nav] do not match.", "Write: [[nav]]"),
        ("[my section]", '1:1 "my section" cannot be the name of a section.', "Write: [my-section]"),
        ("[“nav”]", '1:1 "nav" cannot be the name of a section.', "Write: [[nav]]"),
        ("[[“nav”]]", '1:1 "nav" cannot be the name of a section.', "Write: [[nav]]"),
        ("d = 2026-13-40", '1:5 "2026-13-40" is not a date.', "Write a day that exists: d = 2026-12-31"),
        ("d = 2026-02-30", '1:5 "2026-02-30" is not a date.', "Write a day that exists: d = 2026-12-31"),
        ("p = 0587", '1:5 "0587" is not written as a number: digits only, no zero in front.', "Write: p = 587"),
        ("p = 1,000", '1:5 "1,000" is not written as a number: digits only, no zero in front.', "Write: p = 1000"),
        ("a = { b = 1, }", '1:5 The braces of "a" have a comma too many.', "Write: a = { b = 1 }"),
        ("a = { b = 1", '1:5 The braces of "a" are never closed.', "Write: a = { b = 1 }"),
        ('d = """x\ny\nz = 1', '1:5 The text of "d" is never closed.', 'Write """ where it ends.'),
        (
            'd = "One\ntwo"',
            '1:5 The text of "d" runs over several lines.',
            'Write """ (three quotation marks) before and after it.',
        ),
        (
            "nav = 1\n[[nav]]\n",
            '2:1 "nav" is a setting on line 1 and a section here. It can only be one.',
            "Delete line 1, and write what it sets below [nav].",
        ),
        (
            "[nav]\n[[nav]]",
            "2:1 The section [nav] appears twice (first on line 1).",
            "Write [[nav]], with two brackets, above each entry.",
        ),
        ('title == "x"', '1:7 "title" needs an equals sign (=) before its value, not "==".', 'Write: title = "x"'),
        ('title := "x"', '1:7 "title" needs an equals sign (=) before its value, not ":=".', 'Write: title = "x"'),
        ("// a note", '1:1 A note begins with #, not with "//".', "Write: # a note"),
        ("; note", '1:1 A note begins with #, not with ";".', "Write: # note"),
        ('title\xa0= "x"', "1:6 There is an invisible character here (U+00A0, no-break space).", 'Write: title = "x"'),
        (
            "a=1\rb=2",
            "1:4 The lines of this file end as on an old Mac.",
            "Save it again with the line endings LF or CRLF.",
        ),
        ('a="b\x01"', "1:5 There is a control character here (U+0001).", "Delete it, or type the line again."),
        (
            'theme = "x"\n[theme]\n',
            '2:1 "theme" is a setting on line 1 and a section here. It can only be one.',
            'Delete line 1, and write this below [theme]: name = "x"',
        ),
        ("- item", "1:1 A list is not written with dashes here.", 'Write: name = ["first", "second"]'),
        (
            "Hello world",
            '1:1 "Hello world" is not a setting.',
            'Write it as name = "text". If it is a note, put # before it.',
        ),
        ("größe = 1", '1:1 The name "größe" needs quotation marks.', 'Write: "größe" = 1'),
        ('postal address = "x"', '1:1 The name "postal address" has a space in it.', 'Write: postal_address = "x"'),
        ("title = null", '1:9 "null" is not a value.', 'Delete the line, or write: title = ""'),
        (
            "feeds = [atom, rss]",
            '1:9 The list of "feeds" needs each text in quotation marks, with commas between.',
            'Write: feeds = ["atom", "rss"]',
        ),
        (
            "feeds = [“atom”, “rss”]",
            '1:10 The quotation marks of "feeds" are curly. They must be straight.',
            'Write: feeds = ["atom", "rss"]',
        ),
        (
            'feeds = ["atom", "rss]',
            '1:9 The list of "feeds" needs each text in quotation marks, with commas between.',
            'Write: feeds = ["atom", "rss"]',
        ),
        ("[]", "1:1 The section has no name.", "Write it between the brackets: [output]"),
        (
            'title = "Letters’',
            '1:9 The text of "title" begins and ends with different quotation marks.',
            'Write: title = "Letters"',
        ),
        (
            'feeds = ["a",, "b"]',
            '1:9 The list of "feeds" needs each text in quotation marks, with commas between.',
            'Write: feeds = ["a", "b"]',
        ),
        ("title = ’x", '1:9 The quotation marks of "title" are curly. They must be straight.', 'Write: title = "x"'),
        (
            "from = Jo <jo@example.org>",
            '1:8 The text of "from" must be in quotation marks.',
            'Write: from = "Jo <jo@example.org>"',
        ),
        ("---", '1:1 A note begins with #, not with "---".', "Delete it."),
        ('title = "x" // note', '1:13 A note begins with #, not with "//".', 'Write: title = "x" # note'),
        ("[a]\nb=1\n[a.b]", "3:1 The section [a.b] appears twice.", "Put all its settings below one [a.b]."),
        (r'title = "a\qb"', r"1:11 A backslash (\) means something else in double quotes.", r"Write: title = 'a\qb'"),
        ("title", '1:1 "title" is not a setting.', 'Write it as name = "text". If it is a note, put # before it.'),
        (
            "[newsletter]\nfrom: “Jo”",
            '2:5 "from" needs an equals sign (=) before its value, not ":".',
            'Write: from = "Jo"',
        ),
    ],
)
def test_a_mistake_is_explained_with_the_line_to_paste(text: str, what: str, hint: str) -> None:
    assert said(text) == f"{what} {hint}"


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"\xef\xbb\xbf" * 2 + b'title = "x"', "site.toml:1:1 error: There is an invisible character here (U+FEFF"),
        (
            'title = "x"'.encode("utf-16"),
            'site.toml:1:1 error: The file is saved as UTF-16 (Notepad calls it "Unicode").',
        ),
        (b'a = 1\ntitle = "\xe9"', "site.toml:2:10 error: A character here is not in UTF-8."),
        (b"title = \xe2\x80\x9cx\xe2\x80\x9d", "site.toml:1:9 error: The quotation marks of"),
        (b'a = 1\r\nb = "x\r\n', 'site.toml:2:5 error: The text of "b" has no closing quotation mark. Write: b = "x"'),
    ],
)
def test_a_file_is_refused_at_its_place_whatever_its_bytes(tmp_path: Path, data: bytes, expected: str) -> None:
    (tmp_path / "site.toml").write_bytes(data)
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path)
    assert str(caught.value).startswith(expected)


def test_a_byte_order_mark_at_the_start_is_no_mistake(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_bytes(b'\xef\xbb\xbftitle = "x"\r\nurl = "https://example.org"\r\n')
    assert load_config(tmp_path)[0].title == "x"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "accent = red",
            'theme.toml:1:10 error: The text of "accent" must be in quotation marks. Write: accent = "red"',
        ),
        ('accent: "red"', 'theme.toml:1:7 error: "accent" needs an equals sign (=) before its value, not ":".'),
        ('extends = "a', 'theme.toml:1:11 error: The text of "extends" has no closing quotation mark.'),
        ("[options\nx = 1", "theme.toml:1:1 error: The brackets of the section [options do not match."),
        ("[options]\n[options]", "theme.toml:2:1 error: The section [options] appears twice (first on line 1)."),
    ],
)
def test_theme_toml_gets_the_same_care(tmp_path: Path, text: str, expected: str) -> None:
    (tmp_path / "theme.toml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        parse_settings(read_settings(tmp_path / "theme.toml", "theme.toml"), "theme.toml")
    assert str(caught.value).startswith(expected)


@pytest.mark.parametrize(
    ("front", "expected"),
    [
        (
            "title = Letters",
            '2:9 The text of "title" must be in quotation marks. Write: title = "Letters" front-matter',
        ),
        (
            "a = 1\ntitle: x",
            '3:6 "title" needs an equals sign (=) before its value, not ":". Write: title = "x" front-matter',
        ),
        (
            "draft = True",
            '2:9 "draft" must be true or false, in small letters, not "True". Write: draft = true front-matter',
        ),
        ("a = 1\n\na = 2", '4:1 "a" is set twice (first on line 2). Delete one of the two lines. duplicate-key'),
        (
            'image = "C:\\new"',
            (
                "2:9 In double quotes, \\n is a special character, so this is not the path you mean."
                " Write: image = 'C:\\new' front-matter"
            ),
        ),
        ('tags = ["a",\n"b"\ndate = 1', '2:8 The list of "tags" is never closed. Write ] where it ends. front-matter'),
    ],
)
def test_toml_front_matter_gets_the_same_care(front: str, expected: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_front("a.md", f"+++\n{front}\n+++\nText\n")
    (problem,) = caught.value.problems
    assert f"{problem.line}:{problem.column} {problem.message} {problem.hint} {problem.code}" == expected


@given(st.text(alphabet="ab=:\"'[]{}#,.-\\\n \u201c\u2013\ufeff\x00019C", max_size=40))
def test_no_text_brings_up_the_parsers_words(text: str) -> None:
    try:
        parse_settings(text, "site.toml", lists=("nav",))
    except ConfigError as caught:
        (problem,) = caught.problems
        assert 1 <= problem.line <= text.count("\n") + 1
        assert problem.column >= 1
        assert problem.hint
        assert not any(word in problem.message for word in PARSERS_WORDS)


@pytest.mark.parametrize(
    "text", ['a = """' * 50_000, "[" * 900_000, "a = '" * 180_000, 'x = "' + "\\" * 900_000, "a." * 10_000]
)
def test_a_hostile_text_is_refused_in_seconds(text: str) -> None:
    assert said(text[:990_000])


@pytest.mark.parametrize("before", ["", "a = ", "[", 'a = "'])
@pytest.mark.parametrize("run", ["\t", " ,", ".", " #", "a ", '" ', "' ", "; ", "- ", "\u201c "])
def test_a_long_run_of_one_kind_is_read_once(before: str, run: str) -> None:
    texts = f"{before}{run * 40_000}!?", f'[a]\n{before}\t{run * 500}] #"\n?', f"{before}{run * 150}{chr(9) * 300}]x"
    for text in texts:
        try:
            tomllib.loads(text)
        except tomllib.TOMLDecodeError as refusal:
            with bounded_work(5):
                find_mistake(text, str(refusal))
        else:
            assert run == " #"
