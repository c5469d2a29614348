"""The themes of the generated site: one that stands alone, one that extends it, one that extends the default."""

from __future__ import annotations

_BASE = """{% import "macros.html" as macros %}
<!doctype html><html lang="{{ page.lang }}"><head><title>{{ page.head_title }}</title>
<meta name="description" content="{{ page.description }}"><link rel="canonical" href="{{ page.canonical }}">
{% for feed in page.feeds %}<link rel="alternate" href="{{ feed.url }}" title="{{ feed.title }}">
{% endfor %}<link rel="stylesheet" href="{{ site.asset("style.css") }}">
{{ page.json_ld }} {{ page.csp }} {{ page.image }} {{ page.image_alt }} {{ page.image_width }}</head>
<body class="{{ site.theme.accent }}">{{ page.banner }}
{% for item in site.nav %}{{ macros.link(item.url, item.title) }}
{% endfor %}{% for item in site.footer_nav %}{{ macros.link(item.url, item.title) }}
{% endfor %}{% for name, url in site.listings|dictsort %}{{ name }}={{ url }} {% endfor %}
<main>{% block main %}{% endblock %}</main>
{% include ["partials/maybe.html", "partials/foot.html"] %}
</body></html>
"""
_LIST = """{% extends "base.html" %}{% block main %}<h1>{{ page.title }}</h1>{{ intro }}
{% for doc in posts %}{% include "partials/card.html" %}{% endfor %}
{{ pager.newer_url }} {{ pager.older_url }} {{ pager.first_url }} {{ pager.number }}
{% block more %}{% endblock %}{% endblock %}
"""

PLAIN: dict[str, str] = {
    "macros.html": '{% macro link(url, words) %}<a href="{{ url }}">{{ words }}</a>{% endmacro %}\n',
    "base.html": _BASE,
    "listing.html": _LIST,
    "partials/card.html": """<article><h2><a href="{{ doc.url }}">{{ doc.title }}</a></h2>{{ doc.summary }}
{% include "partials/facts.html" %}
{% if site.theme.home_list == "full" %}{{ site.body(doc) }}{% elif site.theme.home_list == "excerpt" %}
{{ site.excerpt(doc) }}{% endif %}</article>
""",
    "partials/facts.html": """{% if doc.date %}{{ site.date(doc.date) }}{% endif %} {{ doc.minutes }} min
{% for author in doc.authors %}{{ author.name }} {{ author.page }} {% endfor %}
{% for tag in doc.tags %}<a href="{{ tag.url }}">{{ tag.name }}</a> {% endfor %}
{% include "partials/deep.html" %}
""",
    "partials/deep.html": """{{ doc.extra.colour|default('') }} {{ doc.comment_count }} {{ doc.image }}{{ doc.state }}
{{ site.picture(doc.image) if doc.image }}
""",
    "partials/foot.html": "<footer>{{ site.title }} {{ site.description }}</footer>\n",
    "post.html": """{% extends "base.html" %}{% block main %}<h1>{{ doc.title }}</h1>
{% include "partials/facts.html" %}{{ body }}
{% for heading in toc %}{{ heading.level }} {{ heading.id }} {% endfor %}
newer {{ newer.title if newer }} older {{ older.url if older }}
{% for other in related %}related {{ other.title }} {% endfor %}
{{ part_prev.title if part_prev }} {{ part_next.title if part_next }} {{ doc.series.name if doc.series }} {{ doc.part }}
{% for t in doc.translations %}{{ t.lang }} {{ t.title }} {{ t.url }} {% endfor %}
{{ discussion.mode }} {{ discussion.count }} {{ discussion.url }} {{ discussion.host }}
{% for c in discussion.comments recursive %}{{ c.author }} {{ c.html }} {{ loop(c.replies) }}{% endfor %}
{% for update in doc.updates %}{{ update.note }}{% endfor %}{{ doc.rating_note }}{{ doc.learning_points|join }}
{% endblock %}
""",
    "page.html": """{% extends "base.html" %}{% block main %}<h1>{{ doc.title }}</h1>{{ body }}
{{ doc.action.url if doc.action }}{% endblock %}
""",
    "issue.html": """{% extends "base.html" %}{% block main %}<h1>{{ doc.title }}</h1>{{ body }}
{% for doc in posts %}{% include "partials/card.html" %}{% endfor %}
{{ lead.title if lead }}
{% for section in sections %}{{ section.title }} {{ section.url }} {{ section.posts|length }}{% endfor %}
{% for doc in brief %}{{ doc.title }}{% endfor %}
{% for line in corrections %}{{ line.note }} {{ line.doc.url }}{% endfor %}
{{ newer.title if newer }} {{ older.title if older }} {{ subscribe_url }} {{ unsubscribe_url }}{% endblock %}
""",
    "home.html": """{% extends "listing.html" %}{% block more %}
{% for doc in pinned %}pinned {{ doc.title }} {% endfor %}{% endblock %}
""",
    "tag.html": '{% extends "listing.html" %}{% block more %}{{ tag.description }}{% endblock %}\n',
    "tags.html": """{% extends "base.html" %}{% block main %}{{ intro }}
{% for tag in tags %}{{ tag.name }} {{ tag.count }} {{ tag.url }} {% endfor %}{% endblock %}
""",
    "author.html": """{% extends "listing.html" %}
{% block more %}{{ author.name }} {{ author.role }} {{ author.bio }} {{ author.count }}{% endblock %}
""",
    "series.html": """{% extends "base.html" %}{% block main %}{{ intro }}{{ series.name }} {{ series.description }}
{% for entry in parts %}{{ entry.part }} {{ entry.doc.title if entry.doc else "gap" }} {% endfor %}
{% for row in ratings %}{{ row.part }} {{ row.value }}/{{ row.maximum }} {% endfor %}{% endblock %}
""",
    "archive.html": """{% extends "base.html" %}{% block main %}{{ intro }}
{% for year in years %}{{ year.year }} {{ year.count }} {% for month in year.months %}{{ month.url }} {{ month.count }}
{% endfor %}{% endfor %}{% endblock %}
""",
    "year.html": """{% extends "base.html" %}{% block main %}{{ intro }}{{ newer_url }} {{ older_url }}
{% for month in months %}{% for doc in month.posts %}{{ doc.title }} {% endfor %}{% endfor %}{% endblock %}
""",
    "month.html": '{% extends "listing.html" %}\n',
    "newsletter.html": """{% extends "base.html" %}{% block main %}{{ intro }}
{% for doc in issues %}{{ doc.title }} {{ doc.url }} {% endfor %}{{ subscribe_url }}{% endblock %}
""",
    "404.html": '{% extends "base.html" %}\n',
    "redirect.html": '<meta http-equiv="refresh" content="0; url={{ target }}"><link href="{{ target }}">\n',
    "feed-entry.html": """{% include "partials/deep.html" %}{{ body }}
{% for post in posts %}{{ post.title }}{% endfor %}
""",
}

_OPTIONS = """[options.accent]
default = "teal"
description = "A colour."
[options.home_list]
default = "summary"
choices = ["summary", "excerpt", "full"]
description = "How posts stand in lists."
"""
THEMES = {"plain": f'name = "plain"\n{_OPTIONS}', "child": 'extends = "plain"\n', "mine": 'extends = "default"\n'}

# Edits of templates: (name, text); None removes it, "" of a theme's own puts back what it began with.
EDITS: tuple[tuple[str, str | None], ...] = (
    ("partials/maybe.html", "<p>Maybe {{ site.title }}</p>\n"),
    ("partials/maybe.html", "{% include 'partials/deeper.html' ignore missing %}\n"),
    ("partials/maybe.html", None),
    ("partials/deeper.html", "<p>Deeper</p>\n"),
    ("partials/deeper.html", None),
    ("partials/deep.html", "<i>{{ doc.extra.more|default('') }} {{ doc.id }}</i>\n"),
    ("partials/deep.html", "{{ doc.nothing_like_it }}\n"),
    ("partials/deep.html", "{% if %}\n"),
    ("partials/deep.html", None),
    ("partials/card.html", "<p>{{ doc.title }} {% include 'partials/deep.html' %}</p>\n"),
    ("partials/card.html", None),
    ("partials/tags.html", "<p>{{ doc.tags|length }}</p>\n"),
    ("partials/tags.html", None),
    ("post.html", "{% extends 'base.html' %}{% block main %}{{ doc.title }}{{ body }}{% endblock %}\n"),
    ("post.html", "{% extends 'base.html' %}{% block main %}{{ doc.words_of_mine }}{% endblock %}\n"),
    ("post.html", "{% include kind ~ '.html' %}{% extends 'nowhere.html' %}\n"),
    ("post.html", "{% set kind = 'deep' %}{% include 'partials/' ~ kind ~ '.html' %}{{ site.card(doc.key).title }}\n"),
    ("post.html", None),
    ("page.html", "{{ doc.title }}{% for p in pages %}{% endfor %}\n"),
    ("page.html", None),
    ("base.html", "<title>{{ page.title }}</title>{% block main %}{% endblock %}\n"),
    ("base.html", "{% block main %}\n"),
    ("base.html", None),
    ("feed-entry.html", "{{ doc.nothing_like_it }}\n"),
    ("feed-entry.html", "{{ body }}{{ site.number(8.5) }}\n"),
    ("feed-entry.html", None),
    ("redirect.html", "{{ target }} {{ site.url }}\n"),
    ("redirect.html", None),
)

STATIC_EDITS: tuple[tuple[str, bytes | None], ...] = (
    ("style.css", b"body { background: url(dot.svg) }\n"),
    ("style.css", b"body { color: teal }\n"),
    ("style.css", None),
    ("dot.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>\n"),
    ("dot.svg", None),
    ("icon.svg", b"<svg xmlns='http://www.w3.org/2000/svg' id='i'/>\n"),
    ("icon.svg", None),
)
