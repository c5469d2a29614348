"""Tags, series and authors: what was written by hand in many posts, folded into one label each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from msgspec import Struct

from generator.config import Config
from generator.errors import ProblemCollector
from generator.model import Document
from generator.site.addresses import root_relative
from generator.site.index_model import Author, Label
from generator.site.typesetting import Typesetter
from generator.slugs import fold_label, slug_or_digest


class Taxonomies(Struct, frozen=True):
    """The site's labels, by what a post says."""

    tags: Mapping[str, Label]
    series: Mapping[str, Label]
    authors: Mapping[str, Author]


def gather(documents: Iterable[Document], config: Config, findings: ProblemCollector) -> Taxonomies:
    """Fold the labels of all published documents; the order of the documents makes no difference."""
    documents = sorted(documents, key=lambda d: d.path)
    tagged = [(d.path, tag) for d in documents for tag in d.meta.tags]
    parts = [(d.path, d.meta.series) for d in documents if d.meta.series]
    tag_names = {slug: tag.name for slug, tag in config.tags.items()}
    series_names = {slug: series.name for slug, series in config.series.items()}
    return Taxonomies(
        tags=_labels("tag", tagged, tag_names, config, findings),
        series=_labels("series", parts, series_names, config, findings),
        authors=_authors(documents, config, findings),
    )


def _labels(
    what: str, used: Collection[tuple[str, str]], names: Mapping[str, str], config: Config, findings: ProblemCollector
) -> dict[str, Label]:
    """Fold labels: equal folds are one label; folds with one slug are merged, with a warning."""
    counts = Counter(label for _, label in used)
    first_use: dict[str, str] = {}
    for path, label in used:
        first_use.setdefault(label, path)
    by_fold: dict[str, list[str]] = {}
    for label in sorted(counts):
        by_fold.setdefault(fold_label(label), []).append(label)
    by_slug: dict[str, list[list[str]]] = {}
    for fold in sorted(by_fold):
        by_slug.setdefault(slug_or_digest(fold, what), []).append(by_fold[fold])
    labels: dict[str, Label] = {}
    typeset = Typesetter(config).set
    for slug, folds in by_slug.items():
        if len(folds) > 1:
            quoted = ", ".join(f'"{_majority(written, counts)}"' for written in folds)
            message = f"The {what} names {quoted} share the address {slug} and are treated as one."
            path, words = max(min((first_use[label], label) for label in written) for written in folds)
            findings.warn(path, words, "labels-merged", message, "Spell them alike, or make them differ more.")
        everything = [label for written in folds for label in written]
        name = names.get(slug) or _majority(everything, counts)
        folder = "tags" if what == "tag" else "series"
        folded = Label(typeset(name), slug, root_relative(config, f"/{folder}/{slug}/"))
        labels |= dict.fromkeys(everything, folded)
    return labels


def _majority(written: Iterable[str], counts: Mapping[str, int]) -> str:
    """Choose the commonest spelling; among equals the first by code point, which puts capitals first."""
    spellings: Counter[str] = Counter()
    for label in written:
        spellings[" ".join(label.split())] += counts[label]
    return min(spellings, key=lambda spelling: (-spellings[spelling], spelling))


def _authors(documents: Iterable[Document], config: Config, findings: ProblemCollector) -> dict[str, Author]:
    """Resolve authors: an id of `[authors.*]`, the name of one, else a plain name."""
    ids = {fold_label(known): known for known in config.authors}
    ids |= {fold_label(author.name): known for known, author in config.authors.items()}
    authors: dict[str, Author] = {}
    met: dict[str, Author] = {}
    for document in documents:
        for written in document.meta.authors:
            if written in authors:
                continue
            known = ids.get(fold_label(written))
            if known is None and config.authors and " " not in written.strip():
                hint = f"Add [authors.{slug_or_digest(written, 'author')}] to site.toml, or write the full name."
                message = f'No author is called "{written}".'
                findings.warn(document.path, written, "unknown-author", message, hint)
            authors[written] = made = _author(written, known, config)
            first = met.setdefault(made.slug, made)
            if first.name != made.name:
                message = f'The authors "{first.name}" and "{made.name}" share the address {made.slug}.'
                hint = "Spell them alike, or give one an [authors.…] of their own in site.toml."
                findings.warn(document.path, written, "labels-merged", message, hint)
    return authors


def _author(written: str, known: str | None, config: Config) -> Author:
    slug = slug_or_digest(known or fold_label(written), "author")
    typeset = Typesetter(config).set
    page = root_relative(config, f"/authors/{slug}/") if config.output.authors else ""
    if known is None:
        return Author(name=typeset(" ".join(written.split())), slug=slug, page=page)
    author = config.authors[known]
    image = root_relative(config, author.image) if author.image else ""
    name, role, bio = typeset(author.name or known), typeset(author.role), typeset(author.bio)
    return Author(name, slug, role, bio, image, author.url, page)
