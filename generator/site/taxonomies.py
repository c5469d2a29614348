"""Tags, series and authors: what was written by hand in many posts, folded into one label each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from generator.config import Config
from generator.model import Document
from generator.site.addresses import root_relative
from generator.site.findings import Findings
from generator.site.values import Author, Label
from generator.slugs import fold_label, slug_or_digest


@dataclass(frozen=True, slots=True)
class Taxonomies:
    """The site's labels: `tags` and `series` by the fold of what a post says, `authors` by what it says."""

    tags: Mapping[str, Label]
    series: Mapping[str, Label]
    authors: Mapping[str, Author]


def gather(documents: Iterable[Document], config: Config, findings: Findings) -> Taxonomies:
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
    what: str, used: Iterable[tuple[str, str]], names: Mapping[str, str], config: Config, findings: Findings
) -> dict[str, Label]:
    """Fold labels: equal folds are one label; folds with one slug are merged, with a warning."""
    spellings: dict[str, Counter[str]] = {}
    first_use: dict[str, str] = {}
    for path, label in used:
        fold = fold_label(label)
        spellings.setdefault(fold, Counter())[" ".join(label.split())] += 1
        first_use.setdefault(fold, path)
    by_slug: dict[str, list[str]] = {}
    for fold in sorted(spellings):
        by_slug.setdefault(slug_or_digest(fold, what), []).append(fold)
    labels: dict[str, Label] = {}
    for slug, folds in by_slug.items():
        if len(folds) > 1:
            quoted = ", ".join(f'"{_majority(spellings[fold])}"' for fold in folds)
            message = f"The {what} names {quoted} share the address {slug} and are treated as one."
            path = first_use[max(folds, key=lambda fold: (first_use[fold], fold))]
            words = spellings[folds[-1]].most_common(1)[0][0]
            findings.warn(path, words, "labels-merged", message, "Spell them alike, or make them differ more.")
        name = names.get(slug) or _majority(sum((spellings[fold] for fold in folds), Counter()))
        folder = "tags" if what == "tag" else "series"
        made = Label(name, slug, root_relative(config, f"/{folder}/{slug}/"))
        labels |= dict.fromkeys(folds, made)
    return labels


def _majority(spellings: Counter[str]) -> str:
    """Choose the commonest spelling; among equals the first by code point, which puts capitals first."""
    return min(spellings, key=lambda spelling: (-spellings[spelling], spelling))


def _authors(documents: Iterable[Document], config: Config, findings: Findings) -> dict[str, Author]:
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
    page = root_relative(config, f"/authors/{slug}/") if config.output.authors else ""
    if known is None:
        return Author(name=" ".join(written.split()), slug=slug, page=page)
    author = config.authors[known]
    image = root_relative(config, author.image) if author.image else ""
    return Author(author.name or known, slug, author.role, author.bio, image, author.url, page)
