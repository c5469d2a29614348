"""Find sources and addresses that exist but are not public: a link to them is not a mistake.

Dates change which these are. So a link to one is a note, never a warning: time alone must not stop a build.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from generator.config import Config
from generator.errors import ProblemCollector
from generator.model import Document, Kind
from generator.site.addresses import as_address, document_address, root_relative, site_link
from generator.site.editions import configs_by_language, group_by_language
from generator.site.index_model import ScheduledDocument
from generator.site.listings import FEED_FILES, NEWSLETTER, listing_addresses
from generator.site.publication import Publication, publication_state
from generator.site.taxonomies import gather

LISTING = "listing"
"""The state of a listing whose posts are all hidden."""
FAULTY = "faulty"
"""The state of a source that is left out because it has an error: a link to it is no second mistake."""


def find_hidden(documents: Iterable[Document], publication: Publication, config: Config) -> dict[str, str]:
    """Map each hidden source and address to its state: "draft", "scheduled", "expired", or LISTING.

    The keys are the paths of sources, which begin with `content/`, and the addresses of their pages, aliases and
    listings, which begin with a slash. A public page at the same address comes first: look for that before.
    """
    hidden = [document for document in documents if not publication.shows(document)]
    if not hidden:
        return {}
    found = dict.fromkeys(_listings(hidden, config), LISTING)
    for document in hidden:
        state = publication_state(document, publication.now)
        found |= dict.fromkeys((document.path, *_addresses(document, config)), state)
    return dict(sorted(found.items()))


def with_faulty(hidden: Mapping[str, str], faulty: Iterable[str]) -> dict[str, str]:
    """Return what is hidden with other paths of sources that have an error."""
    others = {place: state for place, state in hidden.items() if state != FAULTY}
    return dict(sorted({**others, **dict.fromkeys(faulty, FAULTY)}.items()))


def count_states(hidden: Mapping[str, str]) -> tuple[int, int, int]:
    """Count the drafts, the scheduled and the expired documents that are hidden."""
    states = Counter(state for place, state in hidden.items() if not place.startswith("/"))
    return states["draft"], states["scheduled"], states["expired"]


def find_scheduled(
    documents: Iterable[Document], hidden: Mapping[str, str], config: Config
) -> dict[str, ScheduledDocument]:
    """Find the documents that go live by themselves, by path."""
    found = {}
    for document in documents:
        if hidden.get(document.path) == "scheduled":
            url = root_relative(config, document_address(document, config.permalinks))
            action = document.meta.action and replace(
                document.meta.action, url=site_link(config, document.meta.action.url)
            )
            found[document.path] = ScheduledDocument(document.path, url, action)
    return found


def _addresses(document: Document, config: Config) -> Iterator[str]:
    yield document_address(document, config.permalinks)
    yield from map(as_address, document.meta.aliases)


def _listings(hidden: Sequence[Document], config: Config) -> Iterator[str]:
    """List the addresses of listings that would list one of the hidden documents."""
    groups = group_by_language(hidden, config)
    for tag, own in configs_by_language(config).items():
        kinds = {document.meta.kind for document in groups[tag]}
        for address in listing_addresses(groups[tag], gather(groups[tag], own, ProblemCollector()), own):
            needed = Kind.ISSUE in kinds if address == own.folder + NEWSLETTER else Kind.POST in kinds
            if needed:
                yield address


def state_in(hidden: Mapping[str, str], place: str) -> str:
    """Return the state of a source's path or an address, that of its page for a file beside one; "" if not hidden."""
    if not place.startswith("/"):
        return hidden.get(place, "") or hidden.get(f"{place.rpartition('/')[0]}/index.md", "")
    if state := hidden.get(as_address(place), ""):
        return state
    folder, _, name = place.rpartition("/")
    beside = hidden.get(f"{folder}/", "")
    return beside if beside != LISTING or name in FEED_FILES.values() else ""
