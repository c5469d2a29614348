"""What the generated site is made of: values to choose from, chosen so that they meet, collide and refer."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.util import find_spec

NAMES = ("n1", "n2", "n3", "n4", "n5", "ñ6")
PAGES = ("about", "tags", "index", "archive", "a/index", "a/b", "newsletter")
ISSUES = ("i1", "i2")

MOMENTS = tuple(
    datetime.fromisoformat(moment)
    for moment in (
        "2024-06-01T00:00:00+00:00",
        "2026-03-01T08:59:59+00:00",
        "2026-03-01T09:00:00+00:00",
        "2026-12-31T23:30:00+00:00",
        "2027-01-01T00:00:00+00:00",
        "2028-05-05T05:05:05+00:00",
    )
)
START = datetime(2026, 11, 22, 12, tzinfo=UTC)

BLOCKS: dict[str, tuple[object, ...]] = {
    "figures": (None, [{"label": "calls", "value": 4, "before": 5}], "figures.csv"),
    "changes": (None, [{"what": "It moves", "state": "gone"}], [{"what": "Other", "state": "now"}]),
    "said_did": (None, [{"said": "Slow.", "did": "Quick."}]),
    "thanks": (None, [{"words": "She stayed.", "from": "Jo"}]),
    "dates": (None, False, [{"what": "Fair", "start": "2026-03-05"}]),
    "people": (None, [{"name": "Jo", "image": "pic.png"}]),
    "tip": (None, "Press V.", {"text": "Look.", "url": "/about/"}),
    "ask": (None, {"question": "Well?", "answers": ["Yes"], "url": "https://e.example.org/?a={answer}"}),
    "order": (None, ["changes", "lead"], ["brief", "dates"]),
}
KEYS: dict[str, tuple[object, ...]] = {
    "title": ("Alpha", "Beta", "Ünïcode – <b>", "Gamma", "Письмо 🎉"),
    "date": ("2024-01-01", "2024-01-01T23:30:00-04:00", "2024-02-02", "2025-06-01", "2026-03-01 09:00", "2027-01-01"),
    "tags": (None, ["all"], ["All", "t1"], ["ALL", "t1", "t 2"], ["t-2"], ["rare"]),
    "slug": (None, "same", "Same", "other"),
    "draft": (None, True, False, "maybe"),
    "summary": (None, "Sum one.", "Sum two."),
    "description": (None, "Described."),
    "permalink": (None, "/same/", "/about/", "/x.html", "/x.html/y/", "/2024/", "/page/1/", "/old/1/", "/Case/"),
    "aliases": (None, ["/old/1/"], ["/old/1/", "/old/2.html"], ["/tags/all/", "/case/"]),
    "series": (None, "Days", "days", "Nights"),
    "part": (None, 1, 2, 4),
    **BLOCKS,
    "event": (None, {"start": "2026-03-05 09:00", "place": "Hall"}, {"start": "2024-01-09"}),
    "author": (None, "jo", "Jo Public", "Al"),
    "expires": (None, "2025-12-31", "2027-01-01"),
    "pinned": (None, True),
    "updated": (None, "2024-05-05", "2026-06-06"),
    "updates": (None, [{"date": "2026-05-01", "note": "Mended."}]),
    "image": (None, "pic.png", "/pic.png", "gone.png", "/drawing.svg"),
    "image_alt": (None, "A picture"),
    "image_focus": (None, "top", "20% 30%"),
    "audio": (None, "film.mp4", "gone.mp3"),
    "comments": (None, True, False, "closed"),
    "thread": (None, "123", "a thread"),
    "rating": (None, "7/10", 8),
    "rating_note": (None, "Good."),
    "learning_points": (None, ["One.", "Two."]),
    "action": (None, {"text": "Go", "url": "/about/"}),
    "lang": (None, "de"),
    "owner": (None, "Press office"),
    "approved_by": (None, "Jo Public"),
    "review_by": (None, "2026-06-01", "2027-06-01"),
    "translation_of": (None, "id-1", "id-9"),
    "id": (None, "id-1", "id-2"),
    "extra": (None, {"colour": "teal"}, {"colour": "red", "more": [1, 2]}),
    "newsletter": (None, False),
    "titel": (None, "A mistake"),
}

ISSUE_KEYS: dict[str, tuple[object, ...]] = {
    "title": ("News", "More news"),
    "date": ("2024-03-01", "2026-03-01 09:00", "2027-01-01"),
    "posts": (None, ["n1", "n2"], ["n3"], ["none"]),
    "collect": (None, {"since": "last"}, {"since": "2024-01-01", "tags": ["all"], "limit": 2}),
    "lead": (None, "n2", "none"),
    "sections": (None, ["all"], "tags", ["series"], ["nowhere"]),
    "brief": (None, [], ["n1"]),
    "corrections": (None, False),
    "number": (None, 0, 7),
    "send_at": (None, "2026-03-01 09:00", "2027-03-28T02:30"),
    **BLOCKS,
    "draft": (None, True),
    "summary": (None, "An issue."),
}

BODIES = (
    "Plain words.",
    "Other words, and more.",
    "First.\n\n<!--more-->\n\nRest of it.",
    "## Head\n\nUnder it.\n\n### Below\n\nIt.",
    "## There\n\nAn anchor.",
    "[one](/posts/n1.md#there) [two](n2.md) [three](../n3/index.md#head)",
    "[page](/about/) [tag](/tags/all/) [year](/2024/) [alias](/old/1/)",
    "[dead](/nowhere/) [file](/notes.txt) [beside](note.txt)",
    "![Pic](pic.png)",
    "Begins.\n\n![Above](/pic.png)\n\n<!--more-->\n\nRest.",
    "Begins.\n\n![Below](pic.png)",
    "![](/pic.png) ![Far](https://i.example.org/a.png)",
    'Note[^1]. "Quoted" -- and...\n\n[^1]: Foot.',
    "> [!PULLQUOTE]\n> Said.\n\n<script>bad()</script> {{ site.title }}",
    "| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```",
    "Dear all,\n\n![Only](only.png) [named](n2.md)",
    "![Sub](sub/only.png) ![Meant](Only.PNG)",
    "```tip\ntext: Press V.\n```\n\n<!--more-->\n\n```changes\n- {what: It moves, state: now}\n```",
    "[Walk](film.mp4)",
    "![Walk](film.mp4) in a line",
    "[Talk](https://youtu.be/dQw4w9WgXcQ)",
    "[![Hall](pic.png)](https://vimeo.com/76979871)\n\n<!--more-->\n\nRest.",
)

BROKEN_SOURCES: tuple[bytes, ...] = (
    b"---\ntitle: [\n---\nText.\n",
    b"---\ntitle: Open\n\nText.\n",
    b"\xff\xfe---\n",
    b"---\ntitle: Caf\xe9\ndate: 2024-01-01\n---\nText.\n",
    b"",
    b"---\ndate: 12/31\n---\n",
)

COMMENTS: tuple[str | None, ...] = (
    None,
    "- {id: a, author: Jo, date: 2022-02-02, body: Hello}\n",
    "- {id: a, author: Jo, date: 2022-02-02, body: Goodbye}\n",
    """- {id: a, author: Jo, date: 2022-02-02, body: Hello}
- {id: b, author: Al, date: 2022-02-03, body: "*Hi*", parent: a}
""",
    "- {id: a, author: ",
    "[]\n",
)

FONT = "fonts/own.ttf"

FILMS = ("film.mp4", "film.vtt", "film.cy.vtt", "film.png")
"""A film beside posts, and what belongs to it."""

BESIDE = ("pic.png", "only.png", "Only.PNG", "sub/only.png", "note.txt")
"""Files beside posts that are no bundles."""

STATIC_PATHS = (
    "notes.txt",
    "pic.png",
    "robots.txt",
    "404.html",
    "thing",
    "thing/inside.txt",
    "about/index.html",
    "old/1/index.html",
    "case/a.txt",
    "Case/a.txt",
)
STATIC_BYTES: tuple[bytes | None, ...] = (None, b"one\n", b"two\n", b"")

CONFIG: dict[str, tuple[str, ...]] = {
    "title": ('title = "Letters"', 'title = "Lëtters & Co"'),
    "url": ('url = "https://example.org/"', 'url = "https://example.org/blog/"', 'url = "http://other.example/"'),
    "language": ("", 'language = "de"', 'language = "en-GB"'),
    "timezone": ("", 'timezone = "Pacific/Auckland"', 'timezone = "America/St_Johns"'),
    "description": ("", 'description = "About it."'),
    "image": ("", 'image = "/pic.png"\nimage_alt = "A card"'),
    "organisation": ("", 'organisation = "The office"'),
    "theme": (
        '[theme]\nname = "plain"',
        '[theme]\nname = "plain"\naccent = "plum"',
        '[theme]\nname = "plain"\nhome_list = "full"',
        '[theme]\nname = "mine"',
        '[theme]\nname = "child"\nhome_list = "excerpt"',
    ),
    "nav": ("", '[[nav]]\ntitle = "About"\nurl = "/about/"', '[[nav]]\ntitle = "F"\nurl = "/f/"\nfooter = true'),
    "authors": ("", '[authors.jo]\nname = "Jo Public"\nrole = "Writer"', '[authors.jo]\nname = "J. P."\nbio = "Bio."'),
    "tags": ("", '[tags.all]\nname = "Everything"', '[tags.t1]\ndescription = "The first."'),
    "series": (
        "",
        "[series.days]\nrating_max = 10\ngaps = [3]",
        '[series.days]\nname = "The days"\ndescription = "D."',
    ),
    "permalinks": ("", '[permalinks]\npost = "/{slug}/"', '[permalinks]\nhome = "/all/"\npage = "/p/{path}/"'),
    "markup": (
        "",
        "[markup]\ntypography = false",
        '[markup]\nraw_html = "trusted"',
        *(['[markup]\nengine = "commonmark"'] if find_spec("pyromark") else []),
    ),
    "output": (
        "[output]\nper_page = 2",
        "[output]\nper_page = 1",
        '[output]\nper_page = 2\nfeeds = ["json"]',
        '[output]\nper_page = 2\nfeeds_for = ["site", "tags"]\nlisting_feeds = ["rss", "json"]',
        "[output]\nper_page = 3\narchives = false",
        "[output]\nauthors = false",
        "[output]\nper_page = 2\nrelated = false",
    ),
    "images": (
        "",
        '[images]\nhosts = ["i.example.org"]',
        "[images]\nwidths = []",
        "[images]\nwidths = [300, 700]",
        "[images]\nformats = []",
        '[images]\nwidths = [320]\nformats = ["webp", "avif"]',
        "[images]\nquality = 30",
        "[images]\nmax_width = 500\ncache_size = 1",
    ),
    "social": ("", "[social]\ncards = true", f'[social]\ncards = true\nfont = "{FONT}"'),
    "comments": (
        "",
        '[comments]\nprovider = "mailto"\naddress = "a@example.org"',
        '[comments]\nprovider = "link"\nurl = "https://talk.example/?id={id}&t={title}"',
        '[comments]\nprovider = "isso"\nserver = "https://isso.example"\nclosed_after_days = 30\nrules = "/about/"',
        '[comments]\nprovider = "discourse"\nserver = "https://forum.example"\nmoderation = "desk@example.org"',
    ),
    "contact": ("", '[contact]\nemail = "desk@example.org"', '[contact]\nurl = "https://example.org/help"'),
    "check": ("", '[check]\nwords = ["blog"]'),
    "newsletter": ("", '[newsletter]\nsubscribe = "https://example.org/in"\nunsubscribe = "mailto:out@example.org"'),
}

BROKEN_CONFIGS = ("title = ", 'title = "T"\nurl = "nothing"\n', 'titel = "T"\n[theme]\nname = "none"\n')
