"""A registry from which paths were released knows what a new one of the remaining paths knows."""

from hypothesis import given
from hypothesis import strategies as st

from generator.site.path_registry import PathRegistry

PATHS = ("a", "a/b", "a/b/c", "a/b/C", "A", "d/index.html", "d", "d/e/f", "tags/x/index.html", "tags/x", "tags")


@given(st.lists(st.sampled_from(PATHS)), st.lists(st.sampled_from(PATHS)))
def test_released_paths_are_free_and_others_are_not(wanted: list[str], released: list[str]) -> None:
    registry = PathRegistry(frozenset({"/tags/x/"}))
    taken = []
    for path in wanted:
        if registry.owner(path) is None:
            registry.take(path, path)
            taken.append(path)
    for path in {*released} & {*taken}:
        registry.release(path)
        taken.remove(path)
    fresh = PathRegistry(frozenset({"/tags/x/"}))
    for path in taken:
        fresh.take(path, path)
    assert [bool(registry.owner(path)) for path in PATHS] == [bool(fresh.owner(path)) for path in PATHS]


def test_listings_that_come_later_are_known_like_the_first() -> None:
    registry = PathRegistry(frozenset({"/tags/x/"}))
    registry.generate(frozenset({"/tags/y/"}))
    for path in ("tags/x/index.html", "tags/y/index.html", "tags/y/page/2/index.html", "tags/y/feed.xml"):
        assert registry.generated(path), path
    assert registry.generated("tags/z/index.html") is None
