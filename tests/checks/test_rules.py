"""Each code of a check: one fault of each is said with its place, and the same site without has no findings."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.checks.check import Checker
from generator.clock import Clock
from generator.errors import Level, Problem
from generator.scaffold.new_site import create_site
from tests.checks.conftest import DESCRIBED, MENU, SOUND, add, codes, config, found
from tests.factories import post, write_site

GOOD = {"author": "Jo Public", "summary": "Said.", "approved_by": "Al"}
HOURS = "2026-02-05-hours.md"
SETTINGS = (
    f'{MENU}[check]\napproval = ["posts"]\naccessibility_statement = "/acces/"\n[images]\nhosts = ["i.example.net"]\n'
)
FAULTS = {
    "vague": post("Vague", f"Words.\n\nFor more, [Click  here!]({HOURS})", **GOOD),
    "tagged": post("Tagged", 'See `{{ this }}` and {{ }}.\n\nThen ask {{ "jo" | team_link }} too.', **GOOD),
    "jump": post("Jump", "## One\n\nText.\n\n#### Two\n\nText.", **GOOD),
    "long": post("Long " * 20, **GOOD),
    "bare": post("Bare", author="Jo", approved_by="Al"),
    "alike": post("Alike", tags=["Phone"], **GOOD),
    "example": post("A", "Every post is a text file like this one, in the folder `content/posts`. Ah.", **GOOD),
    "unsigned": post("Unsigned", author="Jo", summary="Said."),
    "overdue": post("Overdue", owner="The office", review_by="2026-11-01", **GOOD),
    "far": post("Far", "![A desk](https://i.example.net/a.png)", **GOOD),
    "large": post("Large", "![A desk](/desk.svg)", **GOOD),
}
DRAWING = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0{"L1 1" * 300_000}"/></svg>'


def place(problem: Problem) -> tuple[str, str, int, int]:
    name = problem.path.removeprefix("content/posts/2026-03-05-").removeprefix("content/").removesuffix(".md")
    return problem.code, name, problem.line, problem.column


def test_a_sound_site_has_no_findings(sound: Path) -> None:
    assert found(sound, translations=True) == ()


def test_each_fault_is_one_finding_at_its_place_with_a_hint(sound: Path) -> None:
    add(sound, {f"posts/2026-03-05-{name}.md": text for name, text in FAULTS.items()})
    add(sound, {"site.toml": config(SETTINGS), "pages/lost.md": post("Lost"), "static/desk.svg": DRAWING})
    (sound / "addresses.txt").write_text("# all\n/2020/01/old/ x9\n2026/03/new 4c1f\n", "utf-8")
    said = found(sound)
    assert {place(each) for each in said} == {
        ("vague-link", "vague", 9, 11),
        ("template-tag", "tagged", 9, 10),
        ("heading-jump", "jump", 11, 1),
        ("long-title", "long", 2, 9),
        ("no-summary", "bare", 1, 0),
        ("similar-tags", "alike", 3, 9),
        ("example-text", "example", 1, 0),
        ("not-approved", "unsigned", 1, 0),
        ("review-overdue", "overdue", 4, 13),
        ("third-party", "far", 7, 19),
        ("picture-too-large", "large", 7, 12),
        ("orphan-page", "pages/lost", 1, 0),
        ("no-description", "site.toml", 0, 0),
        ("no-statement", "site.toml", 0, 0),
        ("address-gone", "addresses.txt", 2, 1),
        ("address-register", "addresses.txt", 3, 1),
    }
    assert len(said) == 16
    assert all(each.hint for each in said)
    assert "Ask The office." in next(each.message for each in said if each.code == "review-overdue")


def test_a_new_site_of_examples_without_authors_says_so(tmp_path: Path) -> None:
    files = {path: str(text).replace('author: "Jo Public"\n', "") for path, text in SOUND.items()}
    assert codes(found(write_site(tmp_path, files))) == ["no-author"]


def test_every_text_that_init_writes_is_an_example_until_it_is_changed(tmp_path: Path) -> None:
    written = [path for path in create_site(tmp_path) if path.endswith((".md", ".toml"))]
    said = Checker(tmp_path, Clock.system()).check().problems
    assert {each.path for each in said if each.code == "example-text"} == set(written)
    assert "example-url" in codes(said)
    for path in written:
        text = (tmp_path / path).read_text("utf-8")
        if path == "site.toml":
            own = text.replace("Letters and news.", "Letters of our library.").replace(
                "www.example.org", "a.example.org"
            )
        else:
            own = f"---{text.split('---')[1]}---\n\nOur own words.\n"
        (tmp_path / path).write_text(own, "utf-8")
    assert not {"example-text", "example-url"} & set(codes(Checker(tmp_path, Clock.system()).check().problems))


@pytest.mark.parametrize(("ci", "level"), [("", Level.WARNING), ("true", Level.ERROR), ("0", Level.WARNING)])
def test_an_example_address_is_an_error_where_the_site_is_published(
    sound: Path, monkeypatch: pytest.MonkeyPatch, ci: str, level: Level
) -> None:
    monkeypatch.setenv("CI", ci)
    add(sound, {"site.toml": config(f"{DESCRIBED}{MENU}").replace("letters.example", "www.example")})
    assert [(each.code, each.level, each.line) for each in found(sound)] == [("example-url", level, 2)]


def test_what_goes_live_or_expires_in_a_hold_is_named_across_the_change_of_the_clocks(sound: Path) -> None:
    hold = '[[publish.hold]]\nfrom = "{}"\nto = "{}"\nreason = "Election"\n'
    holds = hold.format("2027-03-20", "2027-03-28") + hold.format("2026-01-01", "2026-02-01")
    zone = 'timezone = "Europe/London"\n'
    add(sound, {"site.toml": config(f"{DESCRIBED}{zone}{MENU}[check]\n{holds}")})
    dates = {
        "before": ("2027-03-19 23:59", None),
        "first": ("2027-03-20", None),
        "last": ("2027-03-28 23:59", None),  # summer time since 01:00
        "after": ("2027-03-29", None),
        "ends": ("2026-10-01", "2027-03-28 12:00"),
        "stays": ("2026-10-01", "2027-03-29 00:00"),
        "past": ("2026-01-15", None),
    }
    for name, (date, expires) in dates.items():
        more = {"expires": expires} if expires else {}
        add(sound, {f"posts/{name}.md": post(name, date=date, **more, **GOOD)})
    add(sound, {"posts/draft.md": post("draft", date="2027-03-21", draft=True, **GOOD)})
    said = {each.path.removeprefix("content/posts/"): each for each in found(sound) if each.code == "in-hold"}
    assert set(said) == {"first.md", "last.md", "ends.md"}
    assert said["ends.md"].level is Level.NOTE
    assert "is to expire on 28 March 2027 at 12:00" in said["ends.md"].message
    assert "which ends on 29 March 2027 at 00:00" in said["last.md"].hint


def test_a_statement_needs_a_review_once_a_year(sound: Path) -> None:
    for dates, level in (("", Level.WARNING), ("updated: 2025-09-01\n", Level.NOTE), ("review_by: 2027-09-01\n", None)):
        add(sound, {"pages/accessibility.md": f"---\ntitle: Accessibility\n{dates}---\nWe try.\n"})
        said = [(each.code, each.level) for each in found(sound)]
        assert said == ([("statement-review", level)] if level else [])


def test_links_that_say_nothing_are_found_in_every_spelling(sound: Path) -> None:
    vague = (
        f"[here]({HOURS})",
        f"[**Read more …**]({HOURS})",
        f"[cliquez ici]({HOURS})",
        '<a href="https://example.net/">this page</a>',
        f"[mehr][h]\n\n[h]: {HOURS}",
    )
    telling = (
        f"`[here]({HOURS})` is how a link is written",
        f"The [hours here]({HOURS})",
        f"Here are [the hours]({HOURS})",
        f"```\n[click here]({HOURS})\n```",
        '<a href="https://example.net/" title="Hours">hours</a>',
    )
    texts = {f"posts/2026-03-{n:02}-p{n}.md": post(f"P{n}", f"Words\n\n{t}", **GOOD) for n, t in enumerate(vague, 1)}
    texts |= {f"posts/2026-04-{n:02}-q{n}.md": post(f"Q{n}", f"Words\n\n{t}", **GOOD) for n, t in enumerate(telling, 1)}
    said = found(add(sound, texts))
    assert [(each.code, each.path, each.line) for each in said] == [
        ("vague-link", f"content/posts/2026-03-{n:02}-p{n}.md", 9) for n in range(1, len(vague) + 1)
    ]


def test_tags_of_other_generators_are_found_unless_they_are_examples(sound: Path) -> None:
    seen = ("{{ page.title }}", "{% include a.html %}", "{{< figure src=1 >}}", "{{% note %}}", "- {{site.url}}/a")
    shown = ("`{{ a }}`", "```\n{% if a %}\n```", "    {{ a }}", "{{ }}", "{a} {", "<code>{{ a }}</code>", "{{\n\na }}")
    texts = {f"posts/2026-03-{n:02}-p{n}.md": post(f"P{n}", f"Words\n\n{t}", **GOOD) for n, t in enumerate(seen, 1)}
    texts |= {f"posts/2026-04-{n:02}-q{n}.md": post(f"Q{n}", f"Words\n\n{t}", **GOOD) for n, t in enumerate(shown, 1)}
    said = found(add(sound, texts))
    assert [(each.code, each.path, each.line) for each in said] == [
        ("template-tag", f"content/posts/2026-03-{n:02}-p{n}.md", 9) for n in range(1, len(seen) + 1)
    ]


def test_tags_that_differ_in_little_are_alike_and_other_words_are_not(sound: Path) -> None:
    alike = (
        ("e-mail", "email"),
        ("policies", "policy"),
        ("café", "cafe"),
        ("staff rooms", "staffroom"),
        ("Büro", "Buro"),
    )
    other = ("news", "new"), ("class", "clas"), ("bus", "bu"), ("Mai", "main"), ("C", "C++")
    texts = {}
    for number, pair in enumerate((*alike, *other), 1):
        for tag, month in zip(pair, ("03", "04"), strict=True):
            texts[f"posts/2026-{month}-{number:02}-p{number}.md"] = post(f"P{number}", tags=[tag], **GOOD)
    said = found(add(sound, texts))
    assert codes(said) == ["similar-tags"] * len(alike)
    assert {int(each.path[22:24]) for each in said} == set(range(1, len(alike) + 1))


def test_a_template_that_loads_and_asks_too_much_is_named(sound: Path) -> None:
    many = {f"posts/2026-05-{n:02}-p{n}.md": post(f"P{n}", **GOOD) for n in range(1, 25)}
    assert codes(found(add(sound, many))) == []
    template = (
        '{% extends "@default/post.html" %}{% block after_body %}{{ super() }}'
        '{{ site.query("titles")|length }}<img src="http://i.example.net/dot.gif" alt="">{% endblock %}'
    )
    asked = "def titles(index, of):\n    return [card.title for card in index.cards.values()]\n"
    theme = {
        "themes/own/theme.toml": 'extends = "default"\n',
        "themes/own/templates/post.html": template,
        "extensions/letters.py": f'{asked}\n\ndef extend(registry):\n    registry.query("titles", titles)\n',
        "site.toml": config(
            f'{DESCRIBED}theme = "own"\n{MENU}[check]\napproval = ["posts"]\n[extensions]\nuse = ["letters"]\n'
        ),
    }
    said = {each.code: each for each in found(add(sound, theme))}
    assert set(said) == {"fan-out", "mixed-content", "third-party"}
    assert (said["fan-out"].level, said["fan-out"].path) == (Level.WARNING, "themes/own")
    assert "http://i.example.net" in said["mixed-content"].message


def test_languages_are_compared_when_asked(sound: Path) -> None:
    welsh = post("Newydd", lang="cy", translation_of="n1", **GOOD)
    english = post("New", id="n1", updated="2026-10-01", **GOOD)
    add(sound, {"posts/2026-03-05-new.md": english, "posts/2026-03-06-newydd.md": welsh})
    assert codes(found(sound)) == []
    said = found(sound, translations=True)
    assert {each.code for each in said} == {"translation-missing", "translation-older"}
    assert {each.level for each in said} == {Level.NOTE}
    assert [each.path for each in said if each.code == "translation-older"] == ["content/posts/2026-03-05-new.md"]
