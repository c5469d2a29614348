"""Find the posts' addresses on the old site, and which of them become aliases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from generator.config import Config
from generator.importers.existing_site import ExistingSite
from generator.importers.file_names import fold
from generator.importers.files import FileCopies
from generator.importers.import_model import ImportOptions, Note, PlacedPost, Topic
from generator.importers.links import LinkResolver
from generator.importers.media import Media
from generator.importers.reader import Collected, Reader
from generator.importers.url_index import OldUrls, canonical, follow
from generator.model import Kind
from generator.site.addresses import as_address, file_key, output_path
from generator.slugs import fold_label, label_slug, slug_or_digest, slugify


def build_link_resolver(
    posts: Sequence[PlacedPost],
    collected: Collected,
    options: ImportOptions,
    config: Config,
    existing: ExistingSite,
    reader: Reader,
    media: Media,
) -> LinkResolver:
    """Collect the targets of links: sources, known addresses, files."""
    urls = OldUrls()
    for post in posts:
        urls.add(post, post.draft.urls)
        urls.add_queries(post, post.draft.queries)
        if post.draft.url_known:
            urls.own.add(post.id)
    roots = [*options.assets, *(source for source in options.sources if source.is_dir()), *collected.roots]
    own = {post.id for post in posts}
    media.url = options.old_url or collected.url
    base = urlsplit(options.old_url).path.strip("/") or collected.base
    host = (urlsplit(options.old_url or collected.url).hostname or "").removeprefix("www.")
    files = FileCopies(tuple(dict.fromkeys(root.resolve() for root in roots)), existing.paths)
    return LinkResolver(
        urls,
        files,
        reader.parse_link,
        base,
        host,
        _source_index(posts),
        _listings(posts, config),
        {post.path: post for post in posts},
        _families(posts),
        frozenset(fold_url(address) for address, id_ in existing.addresses.items() if id_ not in own),
        media,
    )


def _families(posts: Sequence[PlacedPost]) -> dict[str, list[PlacedPost]]:
    """Map each post that has translations to these."""
    groups: dict[str, list[PlacedPost]] = {}
    for post in posts:
        if post.draft.translation_group:
            groups.setdefault(post.draft.translation_group, []).append(post)
    return {post.id: [each for each in group if each is not post] for group in groups.values() for post in group}


def _listings(posts: Sequence[PlacedPost], config: Config) -> dict[str, str]:
    """Map the usual lists of posts to ours: home page, archive, feeds, tags, authors."""
    found = dict.fromkeys(("blog", "posts", "news/index", "weblog"), "/")
    found |= dict.fromkeys(("archive", "archives"), "/archive/") if config.output.archives else {}
    found |= dict.fromkeys(("feed", "rss", "rss.xml", "index.xml", "feed.xml"), "/feed.xml")
    found |= dict.fromkeys(("tags", "categories", "topics"), "/tags/")
    for post in posts:
        for tag in post.draft.head.get("tags", ()):
            for word in ("tag", "tags", "topic", "topics", "category", "categories"):
                found[f"{word}/{canonical(slugify(tag))}"] = f"/tags/{label_slug(fold_label(tag), 'tag')}/"
        for author in post.draft.head.get("authors", ()) if config.output.authors else ():
            page = f"/authors/{slug_or_digest(fold_label(author), 'author')}/"
            found |= {f"{word}/{canonical(slugify(author))}": page for word in ("author", "authors")}
    taken = {canonical(post.address) for post in posts}
    return {old: new for old, new in found.items() if old not in taken}


def _source_index(posts: Sequence[PlacedPost]) -> dict[str, PlacedPost]:
    """Map all names by which sources refer to a post to that post; a fuller name takes precedence."""
    index: dict[str, PlacedPost] = {}
    posts = [post for post in posts if post.draft.origin.group]  # a post in an export has no name that a link could use
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


def add_usual_urls(posts: Sequence[PlacedPost], links: LinkResolver) -> None:
    """Guess the address of posts without a known one: by the pattern of other links, else by their generator."""
    pattern = links.urls.pattern()
    for post in posts:
        draft = post.draft
        if post.id in links.urls.own:
            continue
        made = follow(pattern, draft) if draft.kind is Kind.POST and pattern else draft.usual_url
        if made:
            links.urls.add(post, [f"/{draft.url_base}{made}" if draft.url_base else made])


def list_aliases(
    post: PlacedPost,
    links: LinkResolver,
    owners: Mapping[str, PlacedPost],
    given: dict[str, PlacedPost],
    notes: list[Note],
) -> list[str]:
    """List the old addresses that become a post's aliases: not its new one, and none that another post uses.

    `owners` maps new addresses to posts, `given` maps aliases to posts. Both are folded, because addresses that differ
    only in case are one file.
    """
    found: list[str] = [each for each in post.draft.queries if given.setdefault(each, post) is post]
    for address in links.urls.of.get(post.id, ()):
        key = fold_url(address)
        if key in links.taken:
            words = f"`{address}` is the address of another page of your site."
            notes.append(Note(Topic.ADDRESS, words, post.draft.origin.path))
            continue
        other = owners.get(key) or given.setdefault(key, post)
        if other is post and key not in {fold_url(alias) for alias in found}:
            found += [address] if key != fold_url(post.address) else []
        else:
            who = "this post, in another case" if other is post else other.draft.origin.path
            notes.append(Note(Topic.ADDRESS, f"`{address}` already leads to {who}.", post.draft.origin.path))
    return found


def fold_url(address: str) -> str:
    """Return the folded path of the file at an address."""
    return file_key(output_path(as_address(address)))
