from hypothesis import given
from hypothesis import strategies as st

from generator.site.pagination import chunk, chunk_numbers, first_shown


def keys(count: int) -> list[str]:
    return [str(number) for number in range(count, 0, -1)]


def test_the_front_shows_the_chunk_before_too_when_the_newest_is_less_than_half_full() -> None:
    assert chunk(keys(14), 10, "/").posts == tuple(keys(14))
    assert chunk(keys(15), 10, "/").posts == tuple(keys(15)[:5])


def test_pages_are_numbered_from_the_oldest() -> None:
    assert chunk(keys(25), 10, "/", 1).posts == tuple(keys(10))
    assert chunk(keys(25), 10, "/", 2).posts == tuple(keys(20)[:10])


def test_a_new_post_changes_no_page_but_the_newest_and_its_neighbour() -> None:
    for count in range(1, 60):
        before = {n: chunk(keys(count), 10, "/", n) for n in chunk_numbers(count, 10)}
        after = {n: chunk(keys(count + 1), 10, "/", n) for n in chunk_numbers(count + 1, 10)}
        changed = [n for n in before if before[n] != after.get(n)]
        assert changed == [] or changed == [max(before)]


@given(st.integers(0, 200), st.integers(1, 20))
def test_every_post_is_on_exactly_one_page_and_pages_lead_to_each_other(count: int, per_page: int) -> None:
    pages = [chunk(keys(count), per_page, "/x/", number) for number in chunk_numbers(count, per_page)]
    front = chunk(keys(count), per_page, "/x/")
    assert [key for page in [front, *reversed(pages)] for key in page.posts] == keys(count)
    trail = [front.older_url] + [page.older_url for page in reversed(pages)]
    assert trail == [f"/x/page/{number}/" for number in reversed(chunk_numbers(count, per_page))] + [""]
    assert front.newer_url == ""
    assert all(page.newer_url for page in pages)


def test_a_page_that_is_no_more_has_no_posts() -> None:
    assert chunk(keys(25), 10, "/", 3).posts == tuple(keys(25)[:5])
    assert chunk(keys(25), 10, "/", 4).posts == chunk(keys(25), 10, "/", 5).posts == ()


def test_no_half_empty_front_page() -> None:
    for count in range(1, 100):
        shown = count - (first_shown(count, 10) - 1) * 10
        assert shown >= min(count, 5)
