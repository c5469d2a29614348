"""Map the front matter of another generator to ours: what is known gets its place, all else goes below `extra`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from generator.content.address_checks import check_address, check_slug
from generator.content.compound_fields import check_language
from generator.content.known import HIDING
from generator.errors import ContentError, Problem, error
from generator.importers.import_model import Origin, Topic
from generator.importers.markdown.dates import WrittenDate, find_day_in_name, find_day_in_path, parse_date, write_day
from generator.importers.markdown.dialect import Dialect
from generator.importers.markdown.eleventy import makes_no_page
from generator.importers.markdown.front_matter_keys import FrontMatterKeys, texts, truth, words
from generator.importers.markdown.hugo import list_unpublished_keys
from generator.importers.markdown.jekyll import list_folder_categories
from generator.importers.markdown.labels import read_authors, read_series, read_tags
from generator.importers.markdown.lead_pictures import read_picture
from generator.importers.markdown.markdown_post import MarkdownPost
from generator.importers.markdown.project_settings import ProjectSettings
from generator.importers.markdown.source_text import SourceText
from generator.model import Kind
from generator.slugs import fold_label, reserved, slug_or_digest, slugify
from generator.text.dates import date_from_name
from generator.text.short_text import MAX_TITLE_CHARS
from generator.text.tree import Text

UNDATED = date(2000, 1, 1)
"""The date of a draft that has none: every post of ours needs one, and this one is plainly not meant."""

_DATES = ("date", "publishdate", "pubdate", "published_at", "created_at", "created")
_UPDATED = ("updated", "lastmod", "modified", "last_modified_at", "last_modified", "updated_at", "lastupdated")
_STANDFIRSTS = ("summary", "excerpt", "deck", "standfirst", "lead", "subtitle", "dek")
_ADDRESSES = ("permalink", "url", "path")
_EXPIRY = ("expirydate", "expiry", "unpublishdate")
_MEANINGLESS = {"layout": ("post", "page", "default", "posts", "single"), "type": ("post", "page", "posts")}
_HEADING = re.compile(r"#[ \t]+(?P<text>[^\n]+?)[ \t#]*(?:\n|$)")
_PLACEHOLDER = re.compile(r"\{\{|\{%|:[a-z_]{3,}")
_PAGES = frozenset(("pages", "_pages"))
_MAX_TEXT = 10_000
_LINK_KEYS = (
    "source_url", "external_url", "link", "link_url", "externalurl", "original_url", "canonical_url", "canonical",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Address:
    """What the source says of its address: its slug and its own address ("" for none), and those that led there."""

    slug: str
    own: str
    old: tuple[str, ...]
    hidden: bool = False


def map_source(
    origin: Origin, read: SourceText, dialect: Dialect, topics: bool, project: ProjectSettings, *, hidden: bool
) -> MarkdownPost:
    """Map one source; `hidden` if its project did not publish it.

    Raises: ContentError, if it has no date and nothing says that it is a page.
    """
    keys = FrontMatterKeys(read.table, origin.path)
    values = keys.texts()
    stem, name_day = _stem(origin)
    address = _address(keys)
    drafted = _drafted(keys, origin) or address.hidden or hidden
    html = origin.rel.lower().endswith((".html", ".htm"))
    title, text, body_line = _title(keys, read, stem, html=html)
    moment, wrong = _moment(keys, name_day, (*address.old, origin.rel))
    kind = project.rules.kind(origin.place) or _kind(keys, origin, dialect, moment, wrong)
    if moment is None and kind is Kind.POST:
        moment = _undated(keys, origin, wrong, drafted=drafted)
    tags, categories = read_tags(keys, dialect, topics)
    tags, categories = _with_folders(origin, tags, categories)
    head: dict[str, Any] = {"title": title, "date": moment.text if moment else None, "updated": _updated(keys)}
    head |= {"authors": read_authors(keys), "tags": tags}
    head |= _about(keys, kind) | {"draft": drafted or None}
    name = _name(keys, address, kind, title if dialect.named_by_title and kind is Kind.POST else stem)
    key = words(keys.take_one("translationkey", "translation_key"))
    return MarkdownPost(
        origin=origin,
        generator=dialect.label,
        kind=kind,
        title=title,
        slug=name,
        stem=stem,
        date=moment.day if moment else None,
        head={name: value for name, value in head.items() if value or value in (False, 0)},
        extra=_extra(keys),
        text=text,
        body_line=body_line,
        html=html,
        commonmark=dialect.commonmark,
        day_in_name=name_day,
        old=address.old,
        link=_link(values),
        notes=(*read.notes, *keys.notes),
        dialect=dialect,
        project=project,
        values=values,
        own_url=address.own,
        categories=categories,
        translation_key=key,
    )


def _link(values: Mapping[str, str]) -> str:
    """Find the address that a source is about, "" if it names none."""
    urls = (values.get(key, "").strip() for key in _LINK_KEYS)
    return next((url for url in urls if re.fullmatch(r"https?://[^\s<>\"]+", url)), "")


def _with_folders(origin: Origin, tags: list[str], categories: tuple[str, ...]) -> tuple[list[str], tuple[str, ...]]:
    """Add the folders around `_posts`, which are categories to Jekyll: `travel/_posts/2014-10-06-x.md`."""
    folders = list_folder_categories(origin)
    known = {fold_label(tag) for tag in tags}
    more = [folder for folder in folders if fold_label(folder) not in known]
    return [*tags, *more], tuple(dict.fromkeys((*folders, *categories)))


def _name(keys: FrontMatterKeys, address: _Address, kind: Kind, usual: str) -> str:
    """Name a source in its address: as it says, else as is usual; never by a word that Windows keeps to itself."""
    slug = address.slug or slugify(usual)
    if not slug or not reserved(slug):
        return slug
    safe = slug_or_digest(slug, kind.value)
    keys.note(Topic.SLUG, f"Windows cannot hold a file called {slug}; its name is {safe} now.")
    return safe


def _stem(origin: Origin) -> tuple[str, date | None]:
    """Name a source by its file, or its folder for an index; the date at the start is told apart."""
    name = origin.group.rpartition("/")[2] or origin.rel.rpartition("/")[2].rpartition(".")[0]
    day = find_day_in_name(name)
    return (date_from_name(name)[1] or name if day else name), day


def _address(keys: FrontMatterKeys) -> _Address:
    old: list[str] = []
    slug, own, hidden = "", "", False
    for name, value in keys.take(*_ADDRESSES):
        if makes_no_page(value):
            keys.note(Topic.HIDDEN, "`permalink: false` made no page of it: it is a draft now.", value)
            hidden = True
        elif not isinstance(value, Text) or _PLACEHOLDER.search(value.text) or "://" in value.text:
            keys.put_back(name, value)
        elif place := _checked(keys, value):
            old.append(place)
            own = own or place
            slug = slug or _last_step(place)
    written = keys.take_one("slug")
    if isinstance(written, Text):
        slug = _slug(keys, written) or slug
    for _, value in keys.take("aliases", "alias", "redirect_from"):
        old += [place for text in texts(value) if (place := _checked(keys, Text(text, value.line, value.column)))]
    return _Address(slug, own, tuple(dict.fromkeys(old)), hidden)


def _checked(keys: FrontMatterKeys, value: Text) -> str:
    """Bring an old address into our form; one that could not be ours is left out and said so."""
    text = re.sub(r"^https?://[^/]+(?=/)", "", value.text.strip())
    try:
        return check_address(text) if text else ""
    except ValueError as reason:
        keys.note(Topic.ADDRESS, f"The address {value.text.strip()[:200]!a} was left out. {reason}", value)
        return ""


def _last_step(address: str) -> str:
    step = re.sub(r"(?i)(?:^|(?<=/))index\.html?$|\.html?$", "", address).strip("/").rpartition("/")[2]
    try:
        return check_slug(step)
    except ValueError:
        return slugify(step)


def _slug(keys: FrontMatterKeys, value: Text) -> str:
    """Keep a slug as written where it can be one step of an address."""
    written = value.text.strip().strip("/")
    try:
        if written == "".join(written.split()):
            return check_slug(written)
    except ValueError:
        pass
    slug = slugify(written)
    keys.note(
        Topic.SLUG,
        f"The slug {written[:100]!a} cannot be part of an address; it is {slug or 'made anew'} now.",
        value,
    )
    return slug


def _drafted(keys: FrontMatterKeys, origin: Origin) -> bool:
    """Find out whether a source was not public; what cannot be read counts as not."""
    hidden = "/_drafts/" in f"/{origin.rel}"
    for name, value in keys.take("draft"):
        hidden |= truth(value) is not False
        if truth(value) is None:
            keys.note(Topic.HIDDEN, f"`{name}` is neither true nor false: it is a draft now.", value)
        elif truth(value) and not value.line:
            keys.note(Topic.HIDDEN, f"`{name}: true` is set for its whole folder or site: it is a draft.")
    hidden |= _unmade(keys)
    for name, value in keys.take("password", "encrypt", "protected"):
        if truth(value) is not False:
            said = f"`{name}` kept it from most readers: it is a draft now, and the value is left out."
            keys.note(Topic.HIDDEN, said, value)
            hidden = True
    for folded, public in HIDING.items():
        for name, value in keys.take(folded):
            said = value.text.strip().lower() if isinstance(value, Text) else ""
            if folded == "published" and _is_date(said):
                keys.put_back("published_at" if keys.look("published_at") is None else name, value)
            elif said not in public:
                hidden = True
                keys.note(Topic.HIDDEN, f"`{name}: {said[:40]}` hid it: it is a draft now.", value)
    return hidden


def _unmade(keys: FrontMatterKeys) -> bool:
    """Tell whether Hugo or Zola made no page of it: `headless`, `render = false`, `build: {render: never}`."""
    found = list_unpublished_keys(keys)
    for name, value in found:
        keys.note(Topic.HIDDEN, f"`{name}` made no page of it: it is a draft now.", value)
    return bool(found)


def _is_date(text: str) -> bool:
    try:
        parse_date(text)
    except ValueError:
        return False
    return True


def _title(keys: FrontMatterKeys, read: SourceText, stem: str, *, html: bool) -> tuple[str, str, int]:
    """Give the title, the text below it and the line this begins in; a missing title is the text's first heading."""
    value = keys.take_one("title")
    title = words(value)
    text, line = read.text, read.body_line
    if not title:
        heading = None if html else _HEADING.match(text)
        title = words(Text(heading["text"], line, 1)) if heading else ""
        if heading and title:
            keys.note(Topic.TITLE, "There was no title: the first heading of the text is it now.")
            below = text[heading.end() :]
            line += text.count("\n", 0, heading.end()) + len(below) - len(below.lstrip("\n"))
            text = below.lstrip("\n")
        else:
            title = _title_of(stem)
            keys.note(Topic.TITLE, f"There was no title: it is {title!r} now, after the file's name.")
    if len(title) > MAX_TITLE_CHARS:
        keys.note(Topic.TITLE, f"The title was longer than {MAX_TITLE_CHARS} characters; all of it is in extra.", value)
        keys.put_back("long_title", Text(title, 1, 1, True))
        title = title[: MAX_TITLE_CHARS - 1].rstrip() + "…"
    return title, text, line


def _title_of(stem: str) -> str:
    spaced = " ".join(re.split(r"[-_\s]+", stem)).strip()
    return spaced[:1].upper() + spaced[1:] or "Untitled"


def _moment(
    keys: FrontMatterKeys, name_day: date | None, paths: tuple[str, ...]
) -> tuple[WrittenDate | None, Problem | None]:
    """Find the date, and what is wrong with one that is written and cannot be read."""
    wrong = None
    for name, value in keys.take(*_DATES):
        try:
            moment = parse_date(value.text) if isinstance(value, Text) else None
        except ValueError as reason:
            day = name_day or find_day_in_path(*paths)
            used = f"The date of its {'name' if name_day else 'address'}, {day}, is used." if day else ""
            keys.note(Topic.DATE, f"{reason} {used}".strip(), value)
            moment = write_day(day) if day else None
            hint = "Write it as 2026-12-31 or 2026-12-31 14:30:00 +02:00."
            wrong = wrong or error(keys.path, "date", f"{name}: {reason}", hint, line=value.line)
        if moment:
            return moment, None
        keys.put_back(name, value)
    day = name_day or find_day_in_path(*paths)
    return (write_day(day), None) if day else (None, wrong)


def _kind(
    keys: FrontMatterKeys, origin: Origin, dialect: Dialect, moment: WrittenDate | None, wrong: Problem | None
) -> Kind:
    """Tell posts from pages: by layout, type or folder; without a date, what other generators call a page is one.

    A date that cannot be read makes a post all the same: it is not to become a page in silence.
    """
    said = {words(keys.look(name)).lower() for name in _MEANINGLESS}
    folders = {step.lower() for step in origin.rel.split("/")[:-1]}
    bundle = moment is not None and dialect.leaf_bundles and "_index." not in origin.rel
    if "page" in said or folders & _PAGES or (origin.section and not bundle):
        return Kind.PAGE
    if moment is not None or wrong is not None or folders & {"_posts", "_drafts"}:
        return Kind.POST
    return Kind.PAGE if dialect.undated_is_page(origin) else Kind.POST


def _undated(keys: FrontMatterKeys, origin: Origin, wrong: Problem | None, *, drafted: bool) -> WrittenDate:
    if drafted:
        keys.note(Topic.DATE, f"It has no date: as a draft it is dated {UNDATED}. Write the true one.")
        return write_day(UNDATED)
    if wrong is not None:
        raise ContentError(wrong)
    hint = "Write date: 2026-12-31, begin its name with 2026-12-31-, or put it into a folder called pages."
    raise ContentError(error(origin.path, "no-date", "There is no date, so it is no post.", hint, line=1))


def _updated(keys: FrontMatterKeys) -> str | None:
    for name, value in keys.take(*_UPDATED):
        try:
            return parse_date(value.text if isinstance(value, Text) else "").text
        except ValueError as reason:
            keys.note(Topic.DATE, f"{name}: {reason} It is in extra.", value)
            keys.put_back(name, value)
    return None


def _about(keys: FrontMatterKeys, kind: Kind) -> dict[str, Any]:
    """Map what describes a source: standfirst, description, series, picture, language, comments, end."""
    found: dict[str, Any] = read_series(keys) if kind is Kind.POST else {}
    found |= _descriptions(keys)
    src, alt = read_picture(keys)
    found |= {"image": src, "image_alt": alt} if src else {}
    for name, value in keys.take("lang", "language", "locale"):
        try:
            found["lang"] = check_language(words(value).replace("_", "-"))
        except ValueError:
            keys.put_back(name, value)
    for name, value in keys.take("comments"):
        found |= {"comments": truth(value)} if truth(value) is not None else {}
        if truth(value) is None:
            keys.put_back(name, value)
    if kind is Kind.POST and truth(keys.look("pinned")):
        found["pinned"] = truth(keys.take_one("pinned"))
    found["expires"] = _expires(keys)
    return found


def _expires(keys: FrontMatterKeys) -> str | None:
    for name in _EXPIRY:
        if value := keys.look(name):
            words_ = (
                "It had an end date (such as Hugo's expiryDate), kept in extra. To withdraw it, write expires: instead."
            )
            keys.note(Topic.EXPIRY, words_, value)
    for name, value in keys.take("expires"):
        try:
            return parse_date(value.text if isinstance(value, Text) else "").text
        except ValueError as reason:
            keys.note(Topic.EXPIRY, f"{reason} It is in extra.", value)
            keys.put_back(name, value)
    return None


def _descriptions(keys: FrontMatterKeys) -> dict[str, Any]:
    """Take the first standfirst for the summary; the description, else a second standfirst, for the description."""
    first, others = "", []
    for name, value in keys.take(*_STANDFIRSTS):
        text = words(value)
        if not text or len(text) > _MAX_TEXT:
            keys.put_back(name, value)
        elif not first:
            first = text
        elif text != first:
            others.append((name, value, text))
    for name, value in keys.take("description"):
        others.insert(0, (name, value, words(value)))
    second = others[0][2] if others and len(others[0][2]) <= _MAX_TEXT else ""
    for name, value, text in others:
        if text not in (first, second):
            keys.put_back(name, value)
    return {"summary": first, "description": second if second != first else ""}


def _extra(keys: FrontMatterKeys) -> dict[str, Any]:
    """Give what is left; a layout or type that only says "a post" has done its work."""
    for name, usual in _MEANINGLESS.items():
        value = keys.look(name)
        if isinstance(value, Text) and value.text.strip().lower() in usual:
            keys.take_one(name)
    return keys.extra()
