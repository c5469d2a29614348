"""The pages that `benchmarks.pictures` photographs: each kind, of this repository's site and of an Arabic one."""

from __future__ import annotations

from pathlib import Path

LEFT_TO_RIGHT = {
    "home": "/",
    "older": "/page/1/",
    "post": "/2025/11/what-we-are-for/",
    "journal": "/2024/10/the-storm-and-the-diesel/",
    "series-part": "/2025/02/small-improvements-day-12/",
    "release": "/2026/04/late-desk-in-the-library/",
    "event": "/2026/09/service-week-programme/",
    "tag": "/tags/customer-service/",
    "tags": "/tags/",
    "series": "/series/a-year-of-small-improvements/",
    "all-series": "/series/",
    "author": "/authors/nerys/",
    "authors": "/authors/",
    "archive": "/archive/",
    "year": "/2026/",
    "month": "/2026/09/",
    "newsletter": "/newsletter/",
    "issue": "/newsletter/2026-06-the-counter-after-dark/",
    "follow": "/follow/",
    "404": "/404.html",
    "page": "/about/",
}

RIGHT_TO_LEFT = {
    "home": "/",
    "post": "/2026/11/a-good-week/",
    "series-part": "/2026/10/day-2/",
    "tag": "/tags/library/",
    "tags": "/tags/",
    "series": "/series/improvements/",
    "all-series": "/series/",
    "author": "/authors/sami/",
    "authors": "/authors/",
    "archive": "/archive/",
    "year": "/2026/",
    "month": "/2026/10/",
    "newsletter": "/newsletter/",
    "issue": "/newsletter/autumn/",
    "follow": "/follow/",
    "404": "/404.html",
    "page": "/about/",
}

_SITE = """\
title = "رسائل من المكتبة"
url = "https://letters.larkmoor.example/"
language = "ar"
description = "يوميات المكتبة: ما نجح، وما تعطّل، وما تعلّمناه منه."
[[nav]]
title = "الأرشيف"
url = "/archive/"
[[nav]]
title = "عن المكتبة"
url = "/about/"
[authors.sami]
name = "سامي الخطيب"
role = "مدير المكتبة"
bio = "يدير سامي المكتبة منذ عام 2020، ويكتب هذه الرسائل كل أسبوع."
[series.improvements]
name = "سنة من التحسينات"
description = "كل يوم اثنين نصلح شيئًا صغيرًا واحدًا."
rating_max = 10
gaps = [4]
[tags.library]
name = "المكتبة"
[newsletter]
from = "المكتبة <news@letters.larkmoor.example>"
subscribe = "https://lists.larkmoor.example/join"
unsubscribe = "https://lists.larkmoor.example/leave"
list_id = "news.larkmoor.example"
postal_address = "المكتبة، لاركمور"
[comments]
provider = "link"
url = "https://talk.larkmoor.example/new?thread={id}"
"""
_BODY = """\
أجاب مكتب المساعدة عن **كل** مكالمة خلال دقيقة واحدة. إليكم [كيف فعلوا ذلك](/about/).

## العنوان الأول

1. أولًا
2. ثانيًا، وهو أهم من الأول بكثير

> [!PULLQUOTE]
> لم يتصل أحد ليقول إن الأضواء مضاءة.
>
> — نيريس

| الاسم | العدد |
|---|---|
| أ | 12 |

## العنوان الثاني

> [!NOTE] ملاحظة
> المكتبة مفتوحة حتى منتصف الليل.

The Openletter project in English, *slanted*, `code` inside. نص *مائل* هنا.

## العنوان الثالث

شكرًا لكم جميعًا، وإلى اللقاء في الأسبوع القادم.
"""


def write_arabic_site(root: Path) -> Path:
    """Write a small site that reads from right to left, with every kind of page; return its folder."""
    picture = Path(__file__).parent.parent / "content/posts/2025-11-10-what-we-are-for"
    lead = next(file for file in sorted(picture.iterdir()) if file.suffix == ".jpg")
    files: dict[str, str | bytes] = {
        "site.toml": _SITE,
        f"content/static/{lead.name}": lead.read_bytes(),
        "content/pages/about.md": f"---\ntitle: عن المكتبة\n---\n{_BODY}",
        "content/newsletters/2026-11-01-autumn.md": (
            "---\ntitle: رسالة الخريف\ndate: 2026-11-01\nsummary: ثلاثة أشياء من هذا الفصل.\n"
            "posts: [a-good-week, day-1]\n---\nأهلًا بكم جميعًا.\n"
        ),
        "content/posts/2026-11-02-a-good-week.md": (
            "---\ntitle: 'أسبوع جيد في المكتبة: ثلاثة أشياء سارت على ما يرام'\nauthor: sami\ntags: [library, تقنية]\n"
            "summary: ثلاثة أشياء سارت على ما يرام هذا الأسبوع، ولم يكن أيٌّ منها من صنعي.\n"
            f"image: /{lead.name}\nimage_alt: مكتب عليه رسالة\naction: {{text: اكتبوا إلينا, url: /about/}}\n"
            f"updates: [{{date: 2026-11-03, note: تصحيح رقم.}}]\n---\n{_BODY}"
        ),
    }
    for part in (1, 2, 3, 5, 6, 7):
        files[f"content/posts/2026-10-{part:02}-day-{part}.md"] = (
            f"---\ntitle: اليوم {part} من التحسينات الصغيرة\nauthor: sami\nseries: improvements\npart: {part}\n"
            f"tags: [library]\nrating: {4 + part % 5}/10\nrating_note: أفضل من أمس\n"
            "summary: شيء صغير أصلحناه اليوم قبل أن نعود إلى البيت.\n"
            f"learning_points: [اسأل قبل أن تصلح., اكتب ما أصلحته.]\n---\n{_BODY}"
        )
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root
