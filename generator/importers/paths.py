"""Give every imported post a unique file, address and id, which stay the same in a second run."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from posixpath import dirname

from generator.config import Config
from generator.importers.existing_site import ExistingSite, new_address
from generator.importers.file_names import NameRegistry, file_slug, fold, safe_name, shorten
from generator.importers.import_model import ImportedPost, ImportLog, Note, PlacedPost, Topic
from generator.importers.manifest import ImportManifest
from generator.model import Kind
from generator.site.addresses import file_key
from generator.slugs import slug_or_digest, slugify

NAMESPACE = uuid.UUID("5b0c9f0e-66f5-5d0e-9d4a-2f7c1f6f1d33")
"""The UUID namespace (RFC 9562 §5.5) of ids made from a source's path. Never change it, or new runs add duplicates."""

_OUR_FOLDERS = ("content", "pages", "_pages")


def place_posts(
    drafts: Sequence[ImportedPost],
    config: Config,
    existing: ExistingSite,
    manifest: ImportManifest,
    kind: str,
    log: ImportLog,
) -> list[PlacedPost]:
    """Give imported posts their paths, in date order. Posts of an earlier run stay where they are, also if moved.

    `kind` is the kind of source. Ids depend on it.
    """
    placer = _Placer(config, existing, manifest, kind, log)
    own = ("", config.language)
    ordered = sorted(drafts, key=lambda each: (str(each.date or ""), each.origin.lang not in own, each.origin.path))
    ids = placer.identify(ordered)
    known = [(draft, id_) for draft, id_ in ids if id_ in existing.ids]
    new = [(draft, id_) for draft, id_ in ids if id_ not in existing.ids]
    posts = [placer.put(draft, id_) for draft, id_ in [*known, *new]]
    return _translations(posts, config)


class _Placer:
    def __init__(
        self, config: Config, existing: ExistingSite, manifest: ImportManifest, kind: str, log: ImportLog
    ) -> None:
        self._kind = kind
        self._config = config
        self._existing = existing
        self._manifest = manifest
        self._paths = NameRegistry(existing.paths)
        self._addresses: dict[str, str] = dict(existing.addresses)
        self._notes = log.notes

    def identify(self, drafts: Iterable[ImportedPost]) -> list[tuple[ImportedPost, str]]:
        """Make the ids from each source's path in its folder, with the folder's name if two sources share that path."""
        given: set[str] = set()
        found = []
        for draft in drafts:
            id_ = self._id(draft.origin.rel)
            before = self._manifest.sources.get(id_)
            another = before is not None and before != draft.origin.path and self._is_another(draft, id_)
            if id_ in given or another:
                id_ = self._id(draft.origin.path)
            if id_ in given:
                id_ = self._id(str(draft.origin.file))
            given.add(id_)
            found.append((draft, id_))
        return found

    def _id(self, rel: str) -> str:
        return str(uuid.uuid5(NAMESPACE, f"{self._kind}:{rel}"))

    def _is_another(self, draft: ImportedPost, id_: str) -> bool:
        return id_ in self._existing.titles and self._existing.titles[id_] != draft.title

    def put(self, draft: ImportedPost, id_: str) -> PlacedPost:
        """Give one post its path."""
        known = self._existing.ids.get(id_, "")
        day = draft.date if draft.kind is Kind.POST else None
        name = _page_name(draft) if draft.kind is Kind.PAGE else draft.slug
        for slug in self._slugs(draft, name):
            path = known or self._path(draft, slug)
            last = slug.rpartition("/")[2]
            address = new_address(self._config, draft.kind, path, last, day)
            if self._addresses.setdefault(file_key(address), id_) == id_:
                break
        if last != name.rpartition("/")[2] and draft.slug:
            words = f"Another post has its address, so it is now called {last}."
            self._notes.append(Note(Topic.SLUG, words, draft.origin.path))
        if not known:
            path = self._free(path)
        files = _files_beside(draft, self._notes)
        return PlacedPost(draft, id_, path, last, address, files=files)

    def _slugs(self, draft: ImportedPost, slug: str) -> Iterable[str]:
        """Try the slug, then with its language, then with numbers."""
        slug = slug or slug_or_digest(draft.title, draft.kind.value)
        yield slug
        lang = draft.head.get("lang") or draft.origin.lang
        if lang:
            slug = f"{slug}-{lang.lower()}"
            yield slug
        number = 2
        while True:
            yield f"{slug}-{number}"
            number += 1

    def _path(self, draft: ImportedPost, slug: str) -> str:
        if draft.kind is Kind.PAGE:
            stem = f"content/pages/{slug}"
        else:
            day = draft.date
            assert day is not None
            stem = f"content/posts/{day.year:04}/{day.isoformat()}-{_dotted(slug)}"
        return f"{stem}/index.md" if draft.origin.bundle else f"{stem}.md"

    def _free(self, path: str) -> str:
        """Find a free name near a path. Names that differ only in case or Unicode form are the same on some systems."""
        if path.endswith("/index.md"):
            folder = dirname(path)
            while f"{folder}/index.md" in self._paths or f"{folder}.md" in self._paths:
                folder = NameRegistry([folder]).take(folder)
            return self._paths.take(f"{folder}/index.md")
        return self._paths.take(path)


def _dotted(slug: str) -> str:
    """Name a file after a slug; full stops between letters stay (`1.45.1`), so that old links still match."""
    return shorten("-".join(filter(None, (file_slug(slug),)))) if slugify(slug) != slug else shorten(slug)


def _page_name(draft: ImportedPost) -> str:
    """Name a page after its old address, else after its folders: `company/about`."""
    if draft.old:
        steps = draft.old[0].removesuffix("index.html").removesuffix(".html").strip("/").split("/")
    else:
        steps = [step for step in draft.origin.group.split("/")[:-1] if step not in _OUR_FOLDERS]
        index = draft.origin.group and draft.origin.group.rpartition("/")[2] in ("index", "_index", "")
        steps.append("home" if index else draft.slug)
    named = [safe_name(file_slug(step, "page")) for step in steps if step]
    return "/".join(["home"] if named in ([], ["index"]) else named)


def _files_beside(draft: ImportedPost, notes: list[Note]) -> Mapping[str, str]:
    """Give the files of a bundle safe names: folded path in the source → name next to the new file."""
    taken, found = NameRegistry(["index.md", "comments.yaml", "comments.yml"]), {}
    for written, _ in draft.origin.bundle:
        safe = "/".join(safe_name(step) for step in written.split("/"))
        name = taken.take(safe if not safe.lower().endswith(".md") else f"{safe}.txt")
        if name != written:
            notes.append(Note(Topic.RENAMED, f"`{written}` is now `{name}`.", draft.origin.path))
        found[fold(written)] = name
    return found


def _translations(posts: list[PlacedPost], config: Config) -> list[PlacedPost]:
    """Map each translation to its original: the source in the site's language, else the first."""
    groups: dict[str, list[PlacedPost]] = {}
    for post in posts:
        if key := post.draft.translation_group:
            groups.setdefault(key, []).append(post)
    main: dict[str, PlacedPost] = {}
    for family in groups.values():
        first = next((post for post in family if _lang(post) in ("", config.language)), family[0])
        main |= {post.id: first for post in family}
    return [_with_language(post, main.get(post.id, post), config) for post in posts]


def _lang(post: PlacedPost) -> str:
    lang: str = post.draft.head.get("lang") or post.draft.origin.lang
    return lang


def _with_language(post: PlacedPost, main: PlacedPost, config: Config) -> PlacedPost:
    lang = "" if _lang(post) == config.language else _lang(post)
    translates = main.id if main is not post and lang and _lang(post) != _lang(main) else ""
    return replace(post, lang=lang, translation_of=translates)
