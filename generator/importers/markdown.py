"""Import posts written for Jekyll, Hugo, Zola, Pelican and their like: a folder of theirs becomes content of ours.

read → map → place → resolve tags → mend links → compose → check with our own reader → write what is new.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from posixpath import dirname
from urllib.parse import urlsplit

from generator.config import Config, load_config
from generator.content.document import parse
from generator.errors import ConfigError, ContentError, Level, Problem, error
from generator.importers import liquid, old_addresses, report, shortcodes
from generator.importers import manifest as manifests
from generator.importers.assets import Assets
from generator.importers.existing import Existing, look_at
from generator.importers.front import compose
from generator.importers.html_posts import lay_out
from generator.importers.kramdown import drop_attributes
from generator.importers.links import Links
from generator.importers.manifest import Manifest
from generator.importers.mapping import map_source
from generator.importers.names import fold
from generator.importers.old_addresses import OldAddresses
from generator.importers.placing import place
from generator.importers.project import Project, find_project
from generator.importers.reading import read, shape_of
from generator.importers.sources import find
from generator.importers.template_tags import FINAL, Handlers, Scope, finish, resolve_tags
from generator.importers.values import Draft, Note, Options, Origin, Outcome, Post, Topic, Written
from generator.importers.writing import Fate, Writing, fate_of, write
from generator.model import Kind
from generator.site.addresses import as_address

_HANDLERS = Handlers(liquid.tag, shortcodes.shortcode, liquid.output)


@dataclass(slots=True)
class _Gathered:
    """What was read, with the project each draft belongs to, by its root."""

    drafts: list[Draft] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    projects: dict[Path, Project] = field(default_factory=dict)


def import_markdown(root: Path, options: Options) -> Outcome:
    """Import into the site at `root`; with `dry_run` nothing is written.

    Every source becomes a post or page, or is named in `problems` or `notes`. A second run over the same sources
    writes nothing.

    Raises: ConfigError, when site.toml is missing or wrong, or there is no such source. OSError.
    """
    config, _ = load_config(root)
    _check(root, options)
    gathered = _gather(root, options)
    existing, manifest = look_at(root, config), manifests.load(root)
    posts, notes = place(gathered.drafts, config, existing, manifest)
    gathered.notes += notes
    links = _links(posts, gathered, options, config, existing)
    writings, written = _compose_all(posts, links, gathered, config)
    files = [Writing(path, source=file) for path, file in sorted(links.assets.copies.items())]
    return _settle(root, options, gathered, [*writings, *files], written, manifest, posts)


def _check(root: Path, options: Options) -> None:
    problems = []
    content = (root / "content").resolve()
    for source in (*options.sources, *options.assets):
        if not source.exists():
            problems.append(error(str(source), "option", "There is no such file or folder.", "Check the name."))
        elif source.resolve() == content or content in source.resolve().parents:
            hint = "Name the folder of the blog you want to import."
            problems.append(error(str(source), "option", "This is the content of the site itself.", hint))
    if problems:
        raise ConfigError(problems)


def _gather(root: Path, options: Options) -> _Gathered:
    gathered = _Gathered()
    for source in options.sources:
        project = find_project(source)
        whole = project.root is not None and project.root.resolve() == source.resolve()
        found = find(source, project=whole, languages=project.languages, avoid=root)
        gathered.notes += found.notes
        gathered.problems += found.problems
        for origin in found.origins:
            gathered.projects.setdefault(origin.root, project)
            _read_one(origin, project, gathered)
    return gathered


def _read_one(origin: Origin, project: Project, gathered: _Gathered) -> None:
    try:
        found = read(origin)
        if not found.mark and origin.rel.lower().endswith((".html", ".htm")):
            gathered.notes.append(Note(Topic.FILE, "HTML without front matter: not a post.", origin.path))
            return
        draft = map_source(origin, found, shape_of(found, origin, project.shape))
    except ContentError as refusal:
        gathered.problems += refusal.problems
        return
    if origin.section and not draft.text.strip():
        words = "The index of a folder, without text: lists of posts are made here by themselves."
        gathered.notes.append(Note(Topic.FILE, words, origin.path))
        return
    if origin.section:
        draft = replace(draft, head={**draft.head, "draft": True})
        gathered.notes.append(
            Note(Topic.HIDDEN, "The index of a folder: a page, and a draft, for you to use.", origin.path)
        )
    gathered.drafts.append(draft)
    gathered.notes += draft.notes


def _links(posts: Sequence[Post], gathered: _Gathered, options: Options, config: Config, existing: Existing) -> Links:
    addresses = OldAddresses()
    projects = gathered.projects.values()
    for post in posts:
        project = gathered.projects[post.draft.origin.root]
        pattern = options.old_address or _pattern_for(project, post.draft)
        addresses.add(post, old_addresses.known_addresses(post.draft, pattern, _base(project, config)))
    roots = [*options.assets, *(source for source in options.sources if source.is_dir())]
    roots += [project.root for project in projects if project.root is not None]
    url = options.old_url or next((project.url for project in projects if project.url), "")
    base = urlsplit(options.old_url).path.strip("/") or next((p.base for p in projects if p.base), "")
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    assets = Assets(tuple(dict.fromkeys(root.resolve() for root in roots)), existing.paths)
    return Links(addresses, assets, base, host, _source_index(posts))


def _pattern_for(project: Project, draft: Draft) -> str:
    section = draft.origin.group.removeprefix("content/").partition("/")[0]
    return project.patterns.get(section) or project.patterns.get("") or ""


def _base(project: Project, config: Config) -> str:
    """Give the old site's base path, unless the new site has the same one: then aliases lie below it anyway."""
    return "" if f"/{project.base}/" == config.base_path else project.base


def _source_index(posts: Sequence[Post]) -> dict[str, Post]:
    """Map all the ways in which one source names another to its post; the fuller name wins."""
    index: dict[str, Post] = {}
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


def _compose_all(
    posts: Sequence[Post], links: Links, gathered: _Gathered, config: Config
) -> tuple[list[Writing], list[Written]]:
    """Make the files of all posts: tags first, as they make links; links twice, as the first round finds addresses."""
    texts = [_resolve(post, links, gathered) for post in posts]
    for post, text in zip(posts, texts, strict=True):
        links.mend(text, post, [])
    _guess_addresses(posts, links, gathered)
    taken = {old_addresses.canonical(post.address): post for post in posts}
    given: dict[str, Post] = {}
    writings: list[Writing] = []
    written: list[Written] = []
    for post, text in zip(posts, texts, strict=True):
        aliases = _aliases(post, links, taken, given, gathered.notes)
        made = _compose(post, links, text, aliases, gathered)
        refusals = _refusals(post, made, config)
        if refusals:
            gathered.problems += refusals
            continue
        writings.append(Writing(post.path, made.encode()))
        written.append(_as_written(post, links))
        folder = dirname(post.path)
        for name in post.draft.origin.bundle if post.bundle else ():
            beside = post.draft.origin.file.parent / name
            writings.append(Writing(f"{folder}/{post.files[fold(name)]}", source=beside))
    return writings, written


def _resolve(post: Post, links: Links, gathered: _Gathered) -> str:
    draft = post.draft
    project = gathered.projects[draft.origin.root]

    def other(reference: str) -> str:
        name = fold(reference.strip("/").removesuffix("/"))
        found = links.sources.get(name) or links.sources.get(name.removesuffix(".html"))
        found = found or links.addresses.find(f"/{reference.strip('/')}/")
        return _between(post, found) if found else ""

    def beside(name: str) -> str:
        stem = fold(name)
        matches = [path for path in post.files if path == stem or path.rpartition(".")[0] == stem]
        return post.files[matches[0]] if len(matches) == 1 else ""

    scope = Scope(draft, project.texts, other, beside)
    text = resolve_tags(draft.text, scope, _HANDLERS)
    text = drop_attributes(text, draft, scope.notes)
    gathered.notes += scope.notes
    return text


def _between(post: Post, other: Post) -> str:
    from posixpath import relpath

    return FINAL + relpath(other.path, dirname(post.path))


def _guess_addresses(posts: Sequence[Post], links: Links, gathered: _Gathered) -> None:
    """Give posts without a known address the one that links show to be usual, else their generator's."""
    pattern = links.addresses.pattern()
    for post in posts:
        if post.draft.kind is not Kind.POST or links.addresses.of.get(post.id):
            continue
        base = gathered.projects[post.draft.origin.root].base
        made = old_addresses.follow(pattern, post.draft) if pattern else old_addresses.usual_address(post.draft)
        if made:
            links.addresses.add(post, [f"/{base}{made}" if base else made])


def _aliases(post: Post, links: Links, taken: dict[str, Post], given: dict[str, Post], notes: list[Note]) -> list[str]:
    """List a post's old addresses that lead to it: not its own new one, and none that another has."""
    found = []
    for address in links.addresses.of.get(post.id, ()):
        if as_address(address) == post.address:
            continue
        key = as_address(address)
        other = given.setdefault(key, post)
        owner = taken.get(old_addresses.canonical(address))
        if other is not post or (owner is not None and owner is not post and as_address(address) == owner.address):
            who = (owner if owner is not None and owner is not post else other).draft.origin.path
            notes.append(Note(Topic.ADDRESS, f"`{address}` leads to {who}, which has it too.", post.draft.origin.path))
            continue
        found.append(address)
    return found


def _compose(post: Post, links: Links, text: str, aliases: list[str], gathered: _Gathered) -> str:
    draft, notes = post.draft, gathered.notes
    text = finish(links.mend(text, post, notes))
    if draft.html:
        text, whole = lay_out(text)
        if not whole:
            notes.append(Note(Topic.HTML, "Its HTML was broken; compare the text.", draft.origin.path))
    changed = {}
    if src := draft.head.get("image"):
        found = links.picture(src, post)
        if found is None and not src.startswith(("http:", "https:")):
            notes.append(Note(Topic.MISSING_FILE, f"`{src}`", draft.origin.path))
        changed["image"] = found or (src if not src.startswith("{") else "")
    if not text.strip():
        text = _link_post(draft, notes)
    return compose(post, aliases, text, **changed)


def _link_post(draft: Draft, notes: list[Note]) -> str:
    """Write the text of a post that has none: the link it is about."""
    from generator.importers.embeds import link

    keys = (
        "source_url",
        "external_url",
        "link",
        "link_url",
        "externalurl",
        "original_url",
        "canonical_url",
        "canonical",
    )
    for key in keys:
        url = draft.values.get(key, "").strip()
        if re.fullmatch(r"https?://[^\s<>\"]+", url):
            return link(url, draft.title)
    notes.append(Note(Topic.EMPTY, "It has no text.", draft.origin.path))
    return ""


def _refusals(post: Post, made: str, config: Config) -> list[Problem]:
    """Read the made file as a build will; what that would refuse is refused now, by the source's name."""
    found = parse(post.path, made.encode("utf-8", "replace"), kind=post.draft.kind, zone=config.zone)
    return [
        replace(problem, path=post.draft.origin.path, line=0, column=0)
        for problem in found.problems
        if problem.level is Level.ERROR
    ]


def _as_written(post: Post, links: Links) -> Written:
    draft = bool(post.draft.head.get("draft"))
    old = tuple(links.addresses.of.get(post.id, ())[:2])
    return Written(post.draft.origin.path, post.path, old, post.address, post.draft.kind, draft)


def _settle(
    root: Path,
    options: Options,
    gathered: _Gathered,
    writings: Sequence[Writing],
    written: Sequence[Written],
    manifest: Manifest,
    posts: Sequence[Post],
) -> Outcome:
    """Write what is new, and the report; remember what was written."""
    fates: list[tuple[Writing, Fate]] = []
    files = dict(manifest.files)
    for writing in writings:
        try:
            digest = writing.digest()
            fate = fate_of(root, writing, digest, manifest.files)
        except ContentError as refusal:
            gathered.problems += refusal.problems
            continue
        fates.append((writing, fate))
        if fate in (Fate.NEW, Fate.UPDATE) and not options.dry_run:
            write(root, writing)
        if fate in (Fate.NEW, Fate.UPDATE, Fate.SAME):
            files[writing.path] = digest
    kept = tuple(writing.path for writing, fate in fates if fate in (Fate.KEPT, Fate.DELETED))
    gathered.notes += [Note(Topic.KEPT, f"`{path}`", path) for path in kept]
    outcome = Outcome(
        posts=tuple(sorted(written, key=lambda each: each.path)),
        written=tuple(writing.path for writing, fate in fates if fate in (Fate.NEW, Fate.UPDATE)),
        same=sum(fate is Fate.SAME for _, fate in fates),
        kept=kept,
        files=tuple(writing.path for writing, _ in fates if writing.source is not None),
        notes=tuple(sorted(set(gathered.notes))),
        problems=tuple(sorted(set(gathered.problems))),
        shapes=Counter(post.draft.shape for post in posts),
    )
    return _finish(root, options, outcome, Manifest(files, _sources(manifest, posts)))


def _sources(manifest: Manifest, posts: Iterable[Post]) -> dict[str, str]:
    return {**manifest.sources, **{post.id: post.draft.origin.path for post in posts}}


def _finish(root: Path, options: Options, outcome: Outcome, manifest: Manifest) -> Outcome:
    writing = Writing(report.PATH, report.write_report(outcome).encode("utf-8", "replace"))
    digest = writing.digest()
    if options.dry_run:
        return replace(outcome, report=report.PATH)
    if manifest.files.get(report.PATH) != digest:
        write(root, writing)
    manifests.save(root, replace(manifest, files={**manifest.files, report.PATH: digest}))
    return replace(outcome, report=report.PATH)
