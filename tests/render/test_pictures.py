from typing import Any

import pytest

PAGE = "2024/01/a/index.html"
ALLOWED = '[images]\nhosts = ["pictures.example"]\n'


def test_a_missing_picture_leaves_its_words(letters: Any, post: Any) -> None:
    made = letters({"posts/2024-01-01-a.md": post("A", "Look: ![a red door](gone.png)")})
    (problem,) = made.report.problems
    assert (problem.code, problem.line) == ("dead-picture", 4)
    assert 'Look: <span class="missing-picture">[Picture: a red door]</span>' in made.prose(PAGE)
    assert "<img" not in made.prose(PAGE)


def test_a_picture_without_words_is_warned_of(letters: Any, post: Any) -> None:
    made = letters({"posts/2024-01-01-a.md": post("A", "![](/p.png) <img src='/p.png'>"), "static/p.png": PNG})
    assert made.codes == ["no-alt", "no-alt"]
    assert made.prose(PAGE).count('src="/p.png"') == 2


@pytest.mark.parametrize("engine", ["markdown", "commonmark"])
def test_each_alternative_text_is_checked_at_its_line(letters: Any, post: Any, config: Any, engine: str) -> None:
    lines = [
        "![](/p.png)",
        '![](/p.png "A caption")',
        "![IMG_1.png](/p.png)",
        "![photo](/p.png)",
        '![](/p.png "decorative:")',
        '<img src="/p.png" alt="">',
        "![A red door](/p.png)",
    ]
    made = letters(
        {
            "site.toml": config(f'[markup]\nengine = "{engine}"\n'),
            "posts/2024-01-01-a.md": post("A", "\n\n".join(lines)),
            "static/p.png": PNG,
        }
    )
    found = [(each.code, str(each.level), each.line) for each in made.report.problems]
    assert found == [
        ("no-alt", "note", 4),
        ("no-alt", "note", 6),
        ("weak-alt", "warning", 8),
        ("weak-alt", "warning", 10),
    ]


@pytest.mark.parametrize(
    ("alt", "found"),
    [
        ({}, [("no-alt", "note", 3)]),
        ({"image_alt": ""}, []),
        ({"image_alt": "A red door"}, []),
        ({"image_alt": "p.png"}, [("weak-alt", "warning", 4)]),
        ({"image_alt": "Foto"}, [("weak-alt", "warning", 4)]),
    ],
)
def test_the_alternative_text_of_a_lead_picture_is_checked(letters: Any, post: Any, alt: Any, found: Any) -> None:
    made = letters({"posts/2024-01-01-a.md": post("A", image="/p.png", **alt), "static/p.png": PNG})
    assert [(each.code, str(each.level), each.line) for each in made.report.problems] == found


def test_pictures_have_their_size_and_wait_to_be_seen(letters: Any, post: Any) -> None:
    made = letters({"posts/2024-01-01-a.md": post("A", "![p](/p.png) ![q](/p.png)"), "static/p.png": PNG})
    assert made.prose(PAGE).count('width="1" height="1"') == 2
    assert made.prose(PAGE).count('loading="lazy"') == 1


def test_a_picture_elsewhere_is_a_link_that_names_its_host(letters: Any, post: Any) -> None:
    made = letters({"posts/2024-01-01-a.md": post("A", "![a door](https://Pictures.example/a%20b.png?x=1&y=2)")})
    (problem,) = made.report.problems
    assert (problem.code, problem.line) == ("picture-elsewhere", 4)
    for html in (made.prose(PAGE), made.json("feed.json")["items"][0]["content_html"]):
        assert "<img" not in html
        assert 'href="https://Pictures.example/a%20b.png?x=1&amp;y=2"' in html
        assert "a door (pictures.example)" in html


def test_a_picture_of_an_allowed_host_is_shown_and_the_policy_lets_it_in(letters: Any, post: Any, config: Any) -> None:
    text = "![a](https://pictures.example/a.png) ![b](https://other.example/b.png) ![c](http://pictures.example/c.png)"
    made = letters({"site.toml": config(ALLOWED), "posts/2024-01-01-a.md": post("A", text)})
    assert made.prose(PAGE).count("<img") == 1
    assert 'src="https://pictures.example/a.png"' in made.prose(PAGE)
    assert "https://" in next(p.hint for p in made.report.problems if "pictures.example" in p.message)
    policies = {
        made.html(path).xpath('//meta[@http-equiv="Content-Security-Policy"]/@content')[0]
        for path in made.paths
        if path.endswith(".html")
    }
    assert len(policies) == 1
    assert "img-src 'self' https://pictures.example;" in policies.pop()


@pytest.mark.parametrize(
    "src",
    [
        "//ex℀mple.org/x.png",
        "//[::bad/x.png",
        "https://[/x.png",
        "https://a:99999999/x.png",
        "%00.png",
        "../../../../etc/x.png",
        "mailto:x",
    ],
)
def test_no_address_of_a_picture_ends_the_build(letters: Any, post: Any, src: str) -> None:
    made = letters({"posts/2024-01-01-a.md": post("A", f"Text ![alt]({src}) end.")})
    assert made.report.posts == 1
    assert "<img" not in made.prose(PAGE)


@pytest.mark.parametrize(
    ("image", "code"),
    [
        ("https://[x/y.png", "picture-elsewhere"),
        ("https://ex℀mple.org/x.png", "picture-elsewhere"),
        ("https://other.example/x.png", "picture-elsewhere"),
        ("gone.png", "dead-picture"),
        ("/gone.png", "dead-picture"),
        ("plan.pdf", "dead-picture"),
    ],
)
def test_a_lead_picture_that_cannot_be_shown_is_named(letters: Any, post: Any, image: str, code: str) -> None:
    made = letters(
        {"posts/2024-01-01-a/index.md": post("A", image=image, image_alt="x"), "posts/2024-01-01-a/plan.pdf": "PDF"}
    )
    (problem,) = made.report.problems
    assert (problem.code, problem.line) == (code, 3)
    assert "y.png" not in made.text(PAGE)


@pytest.mark.parametrize("image", ["größe.png", "gro\u0308\u00dfe.png", "gr%C3%B6%C3%9Fe.png", "/größe.png"])
def test_a_lead_picture_stands_on_the_page_in_previews_and_in_feeds(letters: Any, post: Any, image: str) -> None:
    made = letters(
        {
            "posts/2024-01-01-a/index.md": post("A", image=image, image_alt='A "door"'),
            "posts/2024-01-01-a/größe.png": PNG,
            "static/größe.png": PNG,
        }
    )
    assert made.codes == []
    url = "https://example.org" + ("" if image.startswith("/") else "/2024/01/a") + "/gr%C3%B6%C3%9Fe.png"
    assert made.meta(PAGE, "og:image") == url
    assert made.meta(PAGE, "og:image:alt") == "A “door”"
    assert made.meta(PAGE, "og:image:width") == "1"
    assert (
        f'<img src="{url}" alt="A “door”" width="1" height="1">' in made.json("feed.json")["items"][0]["content_html"]
    )
    assert made.html(PAGE).xpath(f'//img[@src="{url.removeprefix("https://example.org")}"]')


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
