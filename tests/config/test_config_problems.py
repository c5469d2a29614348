from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.config import Config, load_config
from generator.config.checks import _CITIES, timezone
from generator.errors import ConfigError, Problem
from generator.text.mapping_reader import RefusedError

Load = Callable[[str], tuple[Config, tuple[Problem, ...]]]
Refuse = Callable[[str], list[str]]


STRAYED = "If it belongs to the whole site, move it above the first section. [config-unknown]"


def did_you_mean(word: str) -> str:
    return f'Did you mean "{word}"? [config-unknown]'


def test_a_folder_without_site_toml_is_told_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="openletter init") as caught:
        load_config(tmp_path)
    assert caught.value.problems[0].path == "site.toml"


def test_all_problems_come_at_once_in_the_order_of_their_lines(refuse: Refuse) -> None:
    said = refuse('timezone = "Europe/Lundon"\nlanguage = "en_gb"\n[output]\nper_page = "3"\nfeed = true\n')
    assert [line.partition(" ")[0] for line in said] == [
        "site.toml:3:12",
        "site.toml:4:12",
        "site.toml:6:12",
        "site.toml:7:1",
    ]
    assert 'Did you mean "Europe/London"?' in said[0]
    assert 'Write it as "en-GB".' in said[1]
    assert '"per_page" in [output] must be a whole number, not text.' in said[2]
    assert 'Unknown setting "feed" in [output]. Did you mean "feeds"?' in said[3]


def test_title_and_url_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text("")
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path)
    assert [problem.message for problem in caught.value.problems] == [
        '"title" is missing.',
        '"url" is missing.',
    ]


def test_unknown_keys_and_sections_are_warnings_with_their_places(load: Load) -> None:
    _, problems = load('desciption = "x"\n[ouput]\n[authors.jo]\nnam = "Jo"\ntimezone = "UTC"\n')
    assert [str(problem) for problem in problems] == [
        f'site.toml:3:1 warning: Unknown setting "desciption". {did_you_mean("description")}',
        f"site.toml:4:1 warning: Unknown section [ouput]. {did_you_mean('output')}",
        f'site.toml:6:1 warning: Unknown setting "nam" in [authors.jo]. {did_you_mean("name")}',
        f'site.toml:7:1 warning: Unknown setting "timezone" in [authors.jo]. {STRAYED}',
    ]


@pytest.mark.parametrize(
    "text",
    [
        'url = "javascript:alert(1)"',
        'url = "//www.example.org"',
        'url = "www.example.org"',
        'url = "https://"',
        'url = "https://www.example.org/a/../b"',
        'url = "https://www.example.org/a b"',
        'url = "https://www.example.org/%2e%2e/"',
        'url = "https://www.example.org/?a"',
        'url = "https://www.example.org/#"',
        'url = "https://jo:secret@www.example.org/"',
        'url = "https://www.example.org:99999/"',
        'url = "https://www.exa\\nmple.org/"',
        'url = "https://-a.example/"',
        'url = "https://[::1/"',
        'url = ""',
        "url = 7",
    ],
)
def test_an_address_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "site.toml").write_text(f'title = "x"\n{text}\n')
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path)
    assert [(problem.line, problem.column) for problem in caught.value.problems] == [(2, 7)]


def test_an_address_without_its_scheme_is_shown_with_it(tmp_path: Path) -> None:
    (tmp_path / "site.toml").write_text('title = "x"\nurl = "www.example.org/blog"\n')
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path)
    assert [problem.hint for problem in caught.value.problems] == ['Write: "https://www.example.org/blog"']


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('title = "y"', "config-syntax"),
        ('description = "a\\u0000b"', "control character"),
        ('description = "a\\u001b[31m"', "control character"),
        ("description = 1979-05-27", "not a date or time"),
        ('language = "english"', "config-language"),
        ('timezone = "../../etc/passwd"', "config-timezone"),
        ('timezone = "Europe"', "config-timezone"),
        ('timezone = "localtime"', "config-timezone"),
        ('image = "https://elsewhere.example/x.png"', "content/static"),
        ('image = "/../x.png"', "config-url"),
        ("nav = 3", "config-type"),
        ("nav = [3]", "config-type"),
        ('[[nav]]\ntitle = "x"\nurl = "javascript:x"', "site.toml:5:7"),
        ('[[nav]]\ntitle = "x"\nurl = "about/"', 'Write it as "/about/"'),
        ('[[nav]]\ntitle = "x"\nurl = "//evil.example"', "config-url"),
        ('[[nav]]\nurl = "/x/"', '"title" in [nav] is missing'),
        ('[authors.jo]\nurl = "data:text/html,x"', "config-url"),
        ('[authors."a/b"]', "Write it as [authors.a-b]"),
        ("[authors]\njo = 3", "[authors.jo]"),
        ('[tags."Customer Service"]', "[tags.customer-service]"),
        ("[series.x]\nrating_max = 0", "more than 0"),
        ("[series.x]\nrating_max = nan", "more than 0"),
        ("[series.x]\ngaps = [1, 2.5]", "whole number"),
        ('[series.x]\ngaps = "8"', "config-type"),
        (f"[series.x]\nrating_max = 1{'0' * 400}", "config-type"),
        ('[permalinks]\npost = "/{yaer}/{slug}/"', 'Did you mean "year"?'),
        ('[permalinks]\npost = "/{year}/"', "{slug} is missing"),
        ('[permalinks]\npost = "/../{slug}/"', "config-permalink"),
        ('[permalinks]\npost = "{slug}/"', "config-permalink"),
        ('[permalinks]\npost = "/{slug}"', "config-permalink"),
        ('[permalinks]\npost = "/{slug}/}/"', "config-permalink"),
        ('[permalinks]\npost = "/con/{slug}/"', "Windows"),
        (f"[output]\nper_page = 0x{'f' * 60_000}", "too large"),
        (f"[theme]\nx = [0b{'1' * 60_000}]", "too large"),
        ('[permalinks]\nhome = "/{slug}/"', "not a placeholder"),
        ('[permalinks]\npage = "/{slug}/"', "{path} is missing"),
        ('[markup]\nengine = "comonmark"', 'Did you mean "commonmark"?'),
        ('[output]\nfeeds = ["atoms", 3]', 'Did you mean "atom"?'),
        ("[output]\nper_page = 0", "between 1 and 1000"),
        ("[output]\nper_page = true", "not true or false"),
        ("[images]\nmax_width = 15", "must be 0, or between 16 and 5000"),
        ("[images]\nmax_width = 5001", "between 0 and 5000"),
        ('[images]\nmax_width = "640"', "whole number"),
        ("[images]\nmax_width = 640.5", "whole number"),
        ("[images]\nmax_width = [640]", "whole number"),
        ('[images]\nhosts = ["https://x.example"]', "not a host name"),
        ('[comments]\nprovider = "link"', "needs a url"),
        ('[comments]\nprovider = "mailto"', "needs an address"),
        ('[comments]\nurl = "https://x.example/{tilte}"', 'Did you mean "title"?'),
        ('[comments]\nurl = "https://{id}.example/"', "part of the host name"),
        ('[comments]\nurl = "javascript:{id}"', "config-url"),
        ('[comments]\naddress = "jo at example.org"', "config-address"),
        ('[comments]\naddress = "jo@example.org\\nBcc: x@example.org"', "config-address"),
        ('[comments]\nprovider = "giscuss"', 'Did you mean "giscus"?'),
        ('[comments]\nprovider = "giscus"\nrepo = "a/b"\nrepo_id = "R"', "needs a category_id"),
        ('[comments]\nprovider = "giscus"\nrepo = "a"', "not a repository at GitHub"),
        ('[comments]\nprovider = "giscus"\nreactions = "yes"', "must be true or false"),
        ('[comments]\nprovider = "giscus"\ninput_position = "botom"', 'Did you mean "bottom"?'),
        ('[comments]\nprovider = "utterances"', "needs a repo"),
        ('[comments]\nprovider = "isso"', "needs a server"),
        ('[comments]\nprovider = "isso"\nserver = "isso.example"', "config-url"),
        ('[comments]\nprovider = "isso"\nserver = "https://isso.example/?x"', "not the address of a server"),
        ('[comments]\nprovider = "remark42"\nserver = "javascript:x"', "config-url"),
        ('[comments]\nprovider = "disqus"\nshortname = "a.b/c"', "not the short name"),
        ('[comments]\nprovider = "discourse"\nserver = ""', "needs a server"),
        ('[comments]\nprovider = "isso"\nserver = "https://*"', "is not a host name"),
        ('[comments]\nprovider = "isso"\nserver = "https://a;sandbox;b.example"', "is not a host name"),
        ('[comments]\nprovider = "isso"\nserver = "https://a,b.example"', "is not a host name"),
        ("[comments]\nprovider = 'isso'\nserver = \"https://a'b.example\"", "is not a host name"),
        ('[comments]\nprovider = "isso"\nserver = "https://a%3Bb.example"', "is not a host name"),
        ('[comments]\nprovider = "mastodon"\nserver = "https://s.example"', "needs an account"),
        (
            '[comments]\nprovider = "mastodon"\nserver = "https://s.example"\naccount = "a@b"',
            "not the name of an account",
        ),
        ('[comments]\nprovider = "webmention"\nendpoint = "/mentions"', "config-url"),
        ("[comments]\nclosed_after_days = 0", "between 1 and 36500"),
        ('[comments]\nclosed_after_days = "90"', "whole number"),
        ('[comments]\nrules = "//elsewhere.example/rules"', "config-url"),
        ('[comments]\nmoderation = "the desk"', "config-address"),
        ('[newsletter]\nsubscribe = "http://x.example"', "config-url"),
        ('[newsletter]\nfrom = "Jo\\nBcc: x <jo@example.org>"', "config-address"),
        ("[newsletter]\none_click = true", "names the reader"),
        ('[newsletter]\nunsubscribe = "https://x.example/leave"\none_click = true', "config-one-click"),
        ('[newsletter]\nunsubscribe = "mailto:x@x.example?subject={token}"\none_click = true', "config-one-click"),
        ('[newsletter]\nunsubscribe = "https://x.example/{tokn}"', 'Did you mean "token"?'),
        ('[newsletter]\nunsubscribe = "https://{token}.example/"', "part of the host name"),
        ('[newsletter]\nunsubscribe = ["https://x.example/a", "https://x.example/b"]', "one https and one mailto"),
        ('[newsletter]\nunsubscribe = ["http://x.example/a"]', "config-url"),
        ('[newsletter]\nunsubscribe = ["https://x.example/a", 3]', "config-type"),
        ('[newsletter]\nunsubscribe = "mailto:?subject={token}"', "no mailbox"),
        ('[newsletter]\nlist_id = "news"', "config-value"),
        ("[newsletter.smtp]\nport = 0", "config-value"),
        ('[newsletter.smtp]\nsecurity = "ssl"', "config-value"),
    ],
)
def test_a_wrong_value_is_refused_with_what_to_do(refuse: Refuse, text: str, said: str) -> None:
    assert said in "\n".join(refuse(text))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("x = \n", "site.toml:3:1 "),
        ("[output\n", "site.toml:3:1 "),
        ('description = """', "site.toml:3:15 "),
        ("a = 1\na = 2", "site.toml:4:1 "),
        ("x = " + "[" * 5_000, "site.toml:3:"),
        ("x = " + "9" * 5_000, "site.toml:3:"),
    ],
)
def test_what_is_not_toml_is_refused_at_its_place(refuse: Refuse, text: str, place: str) -> None:
    (said,) = refuse(text)
    assert said.startswith(place)
    assert "config-syntax" in said


def test_a_theme_named_twice_is_told_how_to_write_it(refuse: Refuse) -> None:
    (said,) = refuse('theme = "x"\n[theme]\naccent = "red"\n')
    assert 'write this below [theme]: name = "x"' in said


@pytest.mark.parametrize("data", [b"\xff\xfet\0i\0", b'title = "\xe9"', b"#" * 2_000_000])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "site.toml").write_bytes(data)
    with pytest.raises(ConfigError, match=r"^site\.toml"):
        load_config(tmp_path)


def test_a_place_is_found_behind_texts_of_several_lines(refuse: Refuse) -> None:
    (said,) = refuse('description = """\n[output]\nper_page = 3\n"""\n# """\n[output]\nper_page = 0\n')
    assert said.startswith("site.toml:9:12 ")


def test_a_place_is_found_within_an_inline_table(refuse: Refuse) -> None:
    (said,) = refuse('authors = { jo = { name = "Jo", url = "x" } }\n')
    assert said.startswith("site.toml:3:39 ")


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_a_configuration_or_a_problem(tmp_path: Path, text: str) -> None:
    (tmp_path / "site.toml").write_text(text, encoding="utf-8", errors="surrogatepass")
    with pytest.raises(ConfigError):
        load_config(tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[nav]\ntitle = "x"', 'site.toml:3:1 error: "nav" is a list of entries. Write [[nav]], with two pairs of'),
        ("nav = {}", 'site.toml:3:7 error: "nav" is a list of entries. Write [[nav]], with two pairs of'),
        ("[[output]]", 'site.toml:3:1 error: "output" is one section, not a list of sections. Write [output], with'),
        ("[[markup]]\n[[markup]]", 'error: "markup" is one section, not a list of sections. Write [markup], with'),
        ("[[newsletter.smtp]]", 'error: "smtp" in [newsletter] is one section, not a list of sections.'),
        ("output = 3", 'site.toml:3:10 error: "output" must be a section, not a whole number.'),
    ],
)
def test_a_section_with_the_wrong_brackets_is_told_how_to_write_it(refuse: Refuse, text: str, said: str) -> None:
    assert said in "\n".join(refuse(text))


@pytest.mark.parametrize(
    ("written", "city"),
    [
        ("GMT+1", "Europe/Paris"),
        ("UTC+1", "Europe/Paris"),
        ("GMT + 1", "Europe/Paris"),
        ("gmt-5", "America/New_York"),
        ("UTC\u22128", "America/Los_Angeles"),
        ("+01:00", "Europe/Paris"),
        ("UTC+05:30", "Asia/Karachi"),
        ("Etc/GMT+99", "Europe/London"),
        ("GMT+O", "Europe/London"),
        ("ETC/GMT", "Europe/London"),
    ],
)
def test_an_offset_is_answered_with_a_city_and_never_with_its_reverse(written: str, city: str) -> None:
    with pytest.raises(RefusedError) as caught:
        timezone(written)
    assert city in caught.value.hint
    assert "Etc/" not in caught.value.hint


def test_every_city_of_the_table_has_its_offset() -> None:
    for hours, city in _CITIES.items():
        zone = ZoneInfo(city)
        offsets = {datetime(2026, month, 1, tzinfo=zone).utcoffset() for month in (1, 7)}
        assert timedelta(hours=hours) in offsets, city


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('provider = "utterances"\nrepo = "a/b"\nlable = "x"', 'Unknown setting "lable" in [comments].'),
        (
            'provider = "utterances"\nrepo = "a/b"\nrepo_id = "x"',
            '"repo_id" in [comments] belongs to the provider "giscus", not to "utterances".',
        ),
        (
            'provider = "mailto"\naddress = "a@b.example"\nurl = "https://x.example"',
            '"url" in [comments] belongs to the provider "link", not to "mailto".',
        ),
        (
            'provider = "isso"\nserver = "https://x.example"\nsite_id = "x"',
            '"site_id" in [comments] belongs to the provider "remark42", not to "isso".',
        ),
        ('closed_after_day = 3', 'Unknown setting "closed_after_day" in [comments].'),
    ],
)  # fmt: skip
def test_an_option_that_changes_no_comment_is_named_at_its_line(tmp_path: Path, lines: str, message: str) -> None:
    text = f'title = "T"\nurl = "https://www.example.org/"\n[comments]\n{lines}\n'
    (tmp_path / "site.toml").write_text(text, encoding="utf-8")
    (problem,) = load_config(tmp_path)[1]
    assert (problem.level, problem.code, problem.message) == ("warning", "config-unknown", message)
    assert problem.line == len(text.splitlines())


def test_options_without_a_provider_are_named(tmp_path: Path) -> None:
    text = 'title = "T"\nurl = "https://www.example.org/"\n[comments]\nrepo = "a/b"\nserver = "https://x.example"\n'
    (tmp_path / "site.toml").write_text(text, encoding="utf-8")
    repo, server = load_config(tmp_path)[1]
    assert (repo.line, repo.level, repo.code) == (4, "warning", "config-unknown")
    assert repo.message == '"repo" in [comments] changes nothing, because there is no provider.'
    assert repo.hint == 'Add, for example: provider = "giscus"'
    assert (server.line, server.hint) == (5, 'Add, for example: provider = "isso"')


@pytest.mark.parametrize("section", ["[search]", "[[nav]]", "[output]", "[markup]", "[comments]", "[newsletter]"])
def test_the_theme_below_a_section_is_told_to_move_up(load: Load, section: str) -> None:
    entry = 'title = "A"\nurl = "/a/"\n' if section == "[[nav]]" else ""
    _, problems = load(f'{section}\n{entry}theme = "default"\n')
    assert [str(problem).endswith(STRAYED) for problem in problems if '"theme"' in problem.message] == [True]


@pytest.mark.parametrize(
    ("written", "hint"),
    [
        ('"a@example.org"', 'Write: contact = ["a@example.org"]'),
        ("'a@example.org'", 'Write: contact = ["a@example.org"]'),
        ('""', ""),
        ("'a\"b'", ""),
        ("'a\\b'", ""),
        ("3", ""),
    ],
)
def test_a_text_where_a_list_belongs_is_shown_as_the_list_to_write(refuse: Refuse, written: str, hint: str) -> None:
    (said, *_) = refuse(f"[security]\ncontact = {written}\nexpires = 2027-06-30\n")
    assert '"contact" in [security] must be a list' in said
    assert ("Write: " in said) == bool(hint)
    assert hint in said


def test_a_text_where_sections_belong_is_not_shown_as_a_list(refuse: Refuse) -> None:
    assert refuse('nav = "/a/"\n') == ['site.toml:3:7 error: "nav" must be a list, not text. [config-type]']
