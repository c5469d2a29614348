"""Tags, series and authors: fold the spellings in many posts into one label each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from msgspec import Struct

from generator.config import Config
from generator.errors import ProblemCollector
from generator.model import Document
from generator.site.addresses import root_relative
from generator.site.index_model import Author, Label
from generator.site.typesetting import Typesetter
from generator.site.used_words import UsedWords
from generator.slugs import fold_label, label_slug, slug_or_digest, spelled_slug


class Taxonomies(Struct, frozen=True):
    """The site's labels, by the words that posts use."""

    tags: Mapping[str, Label]
    series: Mapping[str, Label]
    authors: Mapping[str, Author]


def gather(documents: Iterable[Document], config: Config, findings: ProblemCollector) -> Taxonomies:
    """Fold the labels of all published documents; the order of the documents makes no difference."""
    documents = sorted(documents, key=lambda d: d.path)
    tagged = [(d.path, tag) for d in documents for tag in d.meta.tags]
    parts = [(d.path, d.meta.series) for d in documents if d.meta.series]
    return Taxonomies(
        tags=_labels("tag", Counter(tag for _, tag in tagged), _first_uses(tagged), config, findings),
        series=_labels("series", Counter(name for _, name in parts), _first_uses(parts), config, findings),
        authors=_authors(((d.path, name) for d in documents for name in d.meta.authors), config, findings),
    )


def update_labels(labels: Taxonomies, before: UsedWords, after: UsedWords, config: Config) -> Taxonomies | None:
    """Fold labels anew, as `gather` does, after some words are used more or less often; None if that finds a problem.

    There was none before. The words are those of all published documents.
    """
    findings = ProblemCollector()
    made = {}
    for what, known, old, new in (
        ("tag", labels.tags, before.tags, after.tags),
        ("series", labels.series, before.series, after.series),
    ):
        same = _are_spelled_alike(known, old, new)
        made[what] = known if same else _labels(what, new, dict.fromkeys(new, ""), config, findings)
    authors = labels.authors
    if before.authors.keys() != after.authors.keys():
        authors = _authors((("", name) for name in after.authors), config, findings)
    return None if findings.problems else Taxonomies(made["tag"], made["series"], authors)


def _are_spelled_alike(labels: Mapping[str, Label], before: Mapping[str, int], after: Mapping[str, int]) -> bool:
    """Return True if labels stay the same: no word comes or goes, and those used more or less often are alone."""
    if before is after:
        return True
    if before.keys() != after.keys():
        return False
    spellings = Counter(label.slug for label in labels.values())
    return all(spellings[labels[word].slug] == 1 for word, count in after.items() if before[word] != count)


def _first_uses(used: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Map each word to the first path that uses it."""
    first: dict[str, str] = {}
    for path, word in used:
        first.setdefault(word, path)
    return first


def _labels(
    what: str, counts: Mapping[str, int], first_use: Mapping[str, str], config: Config, findings: ProblemCollector
) -> dict[str, Label]:
    """Fold labels: equal folds are one label; folds that even spelled signs leave alike are merged, with a note."""
    names = {slug: each.name for slug, each in (config.tags if what == "tag" else config.series).items()}
    by_fold: dict[str, list[str]] = {}
    for label in sorted(counts):
        by_fold.setdefault(fold_label(label), []).append(label)
    labels: dict[str, Label] = {}
    typeset = Typesetter(config).set
    for slug, names_of_slug in _folds_by_slug(sorted(by_fold), what).items():
        folds = [by_fold[fold] for fold in names_of_slug]
        if len(folds) > 1:
            quoted = ", ".join(f'"{_majority(written, counts)}"' for written in folds)
            message = f"The {what} names {quoted} share the address {slug} and are treated as one."
            field = "tags" if what == "tag" else "series"
            path, words = max(min((first_use[label], label) for label in written) for written in folds)
            findings.note(
                path,
                words,
                "labels-merged",
                message,
                "Spell them the same, or choose names that differ more.",
                field=field,
            )
        everything = [label for written in folds for label in written]
        name = names.get(slug) or _majority(everything, counts)
        folder = "tags" if what == "tag" else "series"
        folded = Label(typeset(name), slug, root_relative(config, f"{config.folder}/{folder}/{slug}/"))
        labels |= dict.fromkeys(everything, folded)
    return labels


def _folds_by_slug(folds: Iterable[str], what: str) -> dict[str, list[str]]:
    """Give each fold a slug; those that differ by signs alone, such as ".net" and "net", get slugs that spell them."""
    shared: dict[str, list[str]] = {}
    for fold in folds:
        shared.setdefault(label_slug(fold, what), []).append(fold)
    by_slug: dict[str, list[str]] = {}
    for slug, alike in shared.items():
        for fold in alike:
            spelled = spelled_slug(fold, what) if len(alike) > 1 else slug
            by_slug.setdefault(slug if spelled in shared else spelled, []).append(fold)
    return by_slug


def _majority(written: Iterable[str], counts: Mapping[str, int]) -> str:
    """Choose the most common spelling; if several are equal, the first by code point, so capitals come first."""
    spellings: Counter[str] = Counter()
    for label in written:
        spellings[" ".join(label.split())] += counts[label]
    return min(spellings, key=lambda spelling: (-spellings[spelling], spelling))


def _authors(used: Iterable[tuple[str, str]], config: Config, findings: ProblemCollector) -> dict[str, Author]:
    """Resolve authors: an id of `[authors.*]`, a name in it, else a plain name. `used` are names after their paths."""
    ids = {fold_label(known): known for known in config.authors}
    ids |= {fold_label(author.name): known for known, author in config.authors.items()}
    authors: dict[str, Author] = {}
    met: dict[str, Author] = {}
    for path, written in used:
        if written in authors:
            continue
        known = ids.get(fold_label(written))
        if known is None and config.authors and " " not in written.strip():
            hint = f"Add [authors.{slug_or_digest(written, 'author')}] to site.toml, or write the full name."
            message = f'No author is called "{written}".'
            findings.note(path, written, "unknown-author", message, hint, field="author")
        authors[written] = made = _author(written, known, config)
        first = met.setdefault(made.slug, made)
        if first.name != made.name:
            message = f'The authors "{first.name}" and "{made.name}" share the address {made.slug}.'
            hint = "Spell them the same, or add an [authors.…] section for one of them to site.toml."
            findings.note(path, written, "labels-merged", message, hint, field="author")
    return authors


def _author(written: str, known: str | None, config: Config) -> Author:
    slug = slug_or_digest(known or fold_label(written), "author")
    typeset = Typesetter(config).set
    page = root_relative(config, f"{config.folder}/authors/{slug}/") if config.output.authors else ""
    if known is None:
        return Author(name=typeset(" ".join(written.split())), slug=slug, page=page)
    author = config.authors[known]
    image = root_relative(config, author.image) if author.image else ""
    name, role, bio = typeset(author.name or known), typeset(author.role), typeset(author.bio)
    return Author(name, slug, role, bio, image, author.url, page)
