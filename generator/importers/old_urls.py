"""Find out where posts stood on the old site, and which of those addresses become aliases."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from generator.config import Config
from generator.importers.existing_site import ExistingSite
from generator.importers.file_names import fold
from generator.importers.files import FileCopies
from generator.importers.import_model import Generator, ImportedPost, ImportOptions, Note, PlacedPost, Topic
from generator.importers.links import LinkResolver
from generator.importers.markdown import old_addresses
from generator.importers.markdown.collect import Gathered
from generator.importers.markdown.old_addresses import OldUrls, canonical
from generator.importers.markdown.project_settings import ProjectSettings
from generator.model import Kind
from generator.site.addresses import as_address, file_key, output_path
from generator.slugs import fold_label, slug_or_digest, slugify


def make_links(
    posts: Sequence[PlacedPost], gathered: Gathered, options: ImportOptions, config: Config, existing: ExistingSite
) -> LinkResolver:
    """Gather what links can lead to: sources, known addresses, files."""
    addresses = OldUrls()
    projects = gathered.projects.values()
    for post in posts:
        project = gathered.projects[post.draft.origin.root]
        pattern = _own_pattern(post.draft) or options.old_address or _pattern_for(project, post.draft)
        usual = _usual_language(project, config)
        addresses.add(post, old_addresses.known_addresses(post.draft, pattern, _base(project, config), usual))
        if post.draft.own or (pattern and (post.draft.kind is Kind.POST or post.draft.origin.collection)):
            addresses.own.add(post.id)
    roots = [*options.assets, *(source for source in options.sources if source.is_dir())]
    roots += [project.root for project in projects if project.root is not None]
    url = options.old_url or next((project.url for project in projects if project.url), "")
    base = urlsplit(options.old_url).path.strip("/") or next((p.base for p in projects if p.base), "")
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    assets = FileCopies(tuple(dict.fromkeys(root.resolve() for root in roots)), existing.paths)
    return LinkResolver(addresses, assets, base, host, _source_index(posts), _listings(posts, config))


def _listings(posts: Sequence[PlacedPost], config: Config) -> dict[str, str]:
    """Map the lists of posts that most blogs have to ours: the blog's start, its archive, feeds, tags, authors."""
    found = dict.fromkeys(("blog", "posts", "news/index", "weblog"), "/")
    found |= dict.fromkeys(("archive", "archives"), "/archive/") if config.output.archives else {}
    found |= dict.fromkeys(("feed", "rss", "rss.xml", "index.xml", "feed.xml"), "/feed.xml")
    found |= dict.fromkeys(("tags", "categories", "topics"), "/tags/")
    for post in posts:
        for tag in post.draft.head.get("tags", ()):
            for word in ("tag", "tags", "topic", "topics", "category", "categories"):
                found[f"{word}/{canonical(slugify(tag))}"] = f"/tags/{slug_or_digest(fold_label(tag), 'tag')}/"
        for author in post.draft.head.get("authors", ()) if config.output.authors else ():
            page = f"/authors/{slug_or_digest(fold_label(author), 'author')}/"
            found |= {f"{word}/{canonical(slugify(author))}": page for word in ("author", "authors")}
    taken = {canonical(post.address) for post in posts}
    return {old: new for old, new in found.items() if old not in taken}


def _usual_language(project: ProjectSettings, config: Config) -> str:
    return project.default_language if project.root is not None else config.language


def _own_pattern(draft: ImportedPost) -> str:
    """Give the pattern that a post of Jekyll's or Hugo's has for itself: `permalink: /notes/:year/:title/`."""
    for name in ("permalink", "url"):
        written = draft.values.get(name, "").strip()
        if re.search(r":[a-z]", written) and not re.search(r"[{}]|://", written):
            return written
    return ""


def _pattern_for(project: ProjectSettings, draft: ImportedPost) -> str:
    if draft.origin.collection:
        return project.collections.get(draft.origin.collection) or "/:collection/:path:output_ext"
    section = draft.origin.group.removeprefix("content/").partition("/")[0]
    return project.patterns.get(section) or project.patterns.get("") or ""


def _base(project: ProjectSettings, config: Config) -> str:
    """Give the old site's base path, unless the new site has the same one: then aliases lie below it anyway."""
    return "" if f"/{project.base}/" == config.base_path else project.base


def _source_index(posts: Sequence[PlacedPost]) -> dict[str, PlacedPost]:
    """Map all the ways in which one source names another to its post; the fuller name wins."""
    index: dict[str, PlacedPost] = {}
    for post in posts:
        rel = post.draft.origin.rel
        stem = rel.rpartition(".")[0]
        for name in (rel, stem, stem.removesuffix("/index"), post.draft.origin.group):
            index.setdefault(fold(name), post)
    for post in posts:
        steps = post.draft.origin.rel.split("/")
        group = post.draft.origin.group.split("/")
        for at in range(1, len(steps)):
            index.setdefault(fold("/".join(steps[at:])), post)
            index.setdefault(fold("/".join(group[at:]) or steps[-1]), post)
    return index


def guess_addresses(posts: Sequence[PlacedPost], links: LinkResolver, gathered: Gathered, config: Config) -> None:
    """Give posts without a known address the one that links show to be usual, else their generator's."""
    pattern = links.addresses.pattern()
    for post in posts:
        if post.id in links.addresses.own:
            continue
        project = gathered.projects[post.draft.origin.root]
        base = old_addresses.with_language(project.base, post.draft, _usual_language(project, config))
        made = old_addresses.usual_address(post.draft)
        if post.draft.kind is Kind.POST and pattern:
            made = old_addresses.follow(pattern, post.draft)
        elif post.draft.shape is Generator.JEKYLL and f"{project.patterns.get('')}".endswith(("/", "pretty")):
            made = made.removesuffix(".html") + "/" if made else ""
        if made:
            links.addresses.add(post, [f"/{base}{made}" if base else made])


def aliases_of(
    post: PlacedPost,
    links: LinkResolver,
    owners: Mapping[str, PlacedPost],
    given: dict[str, PlacedPost],
    notes: list[Note],
) -> list[str]:
    """List a post's old addresses that lead to it: not its own new one, and none that another post has.

    `owners` maps new addresses to posts, `given` aliases, both folded: two that differ in capitals are one file.
    """
    found: list[str] = []
    for address in links.addresses.of.get(post.id, ()):
        key = place_of(address)
        other = owners.get(key) or given.setdefault(key, post)
        if other is post and key not in {place_of(alias) for alias in found}:
            found += [address] if key != place_of(post.address) else []
        else:
            who = "in other capitals" if other is post else f"to {other.draft.origin.path}"
            notes.append(Note(Topic.ADDRESS, f"`{address}` leads {who} already.", post.draft.origin.path))
    return found


def place_of(address: str) -> str:
    """Name the file that answers at an address, folded."""
    return file_key(output_path(as_address(address)))
