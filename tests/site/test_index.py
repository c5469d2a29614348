from collections.abc import Iterable
from datetime import UTC, datetime
from random import Random
from typing import Any

from msgspec.structs import replace

from generator.config import Config, Permalinks, SeriesConfig, TagConfig
from generator.errors import Problem
from generator.model import Collect, Kind, Rating
from generator.site.index import IndexSources, build_index
from generator.site.publication import Publication
from generator.site.related import related_posts

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def codes(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    return [(problem.code, problem.path.rsplit("/", 1)[-1]) for problem in problems]


def test_the_order_of_the_documents_makes_no_difference(document: Any, index: Any) -> None:
    documents = [
        document(f"p{number}", date=f"2024-0{1 + number % 9}-01", tags=(f"t{number % 3}",), series="S", part=number)
        for number in range(30)
    ]
    first = index(*documents)
    Random(1).shuffle(documents)  # noqa: S311 any order will do
    assert index(*documents) == first


def test_drafts_scheduled_and_expired_posts_are_left_out(document: Any, index: Any) -> None:
    documents = [
        document("public"),
        document("draft", draft=True),
        document("later", date="2027-01-01"),
        document("gone", expires=document("x", date="2025-01-01").meta.date),
    ]
    assert [key.split("/")[-1] for key in index(*documents)[0].cards] == ["public.md"]
    shown = index(*documents, drafts=True, future=True)[0].cards
    assert sorted(card.state for card in shown.values()) == ["", "draft", "scheduled"]


def test_posts_stand_newest_first(document: Any, index: Any) -> None:
    site, _ = index(
        document("a", date="2023-05-05"), document("b", date="2024-01-01"), document("c", date="2022-01-01")
    )
    assert [key[-4] for key in site.posts] == ["b", "a", "c"]


def test_the_address_takes_the_date_as_written(document: Any, index: Any) -> None:
    late = document("late")
    moment = datetime.fromisoformat("2014-10-06T23:30:00-04:00")
    site, _ = index(replace(late, meta=replace(late.meta, date=moment)))
    assert site.addresses["content/posts/late.md"] == "/2014/10/late/"


def test_the_first_in_path_order_keeps_a_contested_address(document: Any, index: Any) -> None:
    site, problems = index(document("b", slug="same"), document("a", slug="same"), document("c", slug="SAME"))
    assert list(site.addresses) == ["content/posts/a.md"]
    assert codes(problems) == [("address-taken", "b.md"), ("address-taken", "c.md")]


def test_an_alias_never_displaces_a_page(document: Any, index: Any) -> None:
    site, problems = index(document("a", aliases=("/2024/01/b/", "/old.html")), document("b"))
    assert site.addresses["content/posts/b.md"] == "/2024/01/b/"
    assert site.aliases == {"/old.html": "content/posts/a.md"}
    assert codes(problems) == [("alias-taken", "a.md")]


def test_a_post_cannot_stand_where_a_listing_is_and_a_page_introduces_it(document: Any, index: Any) -> None:
    site, problems = index(
        document("a", tags=("x",)), document("b", permalink="/tags/x/"), document("tags", kind=Kind.PAGE)
    )
    assert codes(problems) == [("address-taken", "b.md")]
    assert site.addresses["content/pages/tags.md"] == "/tags/"


def test_two_sources_with_one_id_are_an_error(document: Any, index: Any) -> None:
    site, problems = index(document("a", id="same"), document("b", id="same"))
    assert list(site.cards) == ["content/posts/a.md"]
    assert codes(problems) == [("id-taken", "b.md")]


def test_tags_fold_case_and_space_and_are_shown_as_the_majority_spells_them(document: Any, index: Any) -> None:
    site, problems = index(
        document("a", tags=("Customer Service",)),
        document("b", tags=("customer  service",)),
        document("c", tags=("Customer Service", "customer service")),
    )
    assert [(tag.slug, tag.name, tag.count) for tag in site.tags.values()] == [
        ("customer-service", "Customer Service", 3)
    ]
    assert problems == ()


def test_tags_that_meet_on_one_address_are_merged_with_a_warning(document: Any, index: Any) -> None:
    site, problems = index(document("a", tags=("To do",)), document("b", tags=("to-do",)))
    assert [(tag.slug, tag.count) for tag in site.tags.values()] == [("to-do", 2)]
    assert codes(problems) == [("labels-merged", "b.md")]


def test_site_toml_spells_tags(document: Any, index: Any) -> None:
    config = Config(title="T", url="https://example.org/", tags={"it": TagConfig("IT", "About computers.")})
    site, _ = index(document("a", tags=("it",)), config=config)
    assert (site.tags["it"].name, site.tags["it"].description) == ("IT", "About computers.")


def test_a_gap_in_a_series_is_shown_and_named(document: Any, index: Any) -> None:
    site, problems = index(*(document(f"d{n}", series="Days", part=n) for n in (1, 2, 4)))
    assert [(part.part, part.key is None) for part in site.series["days"].parts] == [
        (1, False),
        (2, False),
        (3, True),
        (4, False),
    ]
    assert codes(problems) == [("series-gap", "d4.md")]


def test_a_part_that_waits_as_a_draft_is_a_gap_without_a_warning(document: Any, index: Any) -> None:
    site, problems = index(
        document("d1", series="Days", part=1),
        document("d2", series="Days", part=2, draft=True),
        document("d3", series="Days", part=3),
    )
    assert [part.key is None for part in site.series["days"].parts] == [False, True, False]
    assert problems == ()


def test_a_gap_that_is_meant_is_shown_without_a_warning(document: Any, index: Any) -> None:
    config = Config(title="T", url="https://example.org/", series={"days": SeriesConfig("Days", gaps=(2,))})
    site, problems = index(*(document(f"d{n}", series="Days", part=n) for n in (1, 3)), config=config)
    assert [part.part for part in site.series["days"].parts] == [1, 2, 3]
    assert problems == ()


def test_a_part_numbered_by_date_does_not_open_millions_of_gaps(document: Any, index: Any) -> None:
    site, _ = index(document("a", series="S", part=1), document("b", series="S", part=20240304))
    assert len(site.series["s"].parts) == 2


def test_the_series_supplies_the_maximum_of_a_rating(document: Any, index: Any) -> None:
    config = Config(title="T", url="https://example.org/", series={"s": SeriesConfig("S", "", 10)})
    site, problems = index(document("a", series="S", rating=Rating(8)), document("b", rating=Rating(8)), config=config)
    assert site.cards["content/posts/a.md"].rating == Rating(8, 10)
    assert site.cards["content/posts/b.md"].rating is None
    assert codes(problems) == [("rating-without-maximum", "b.md")]


def test_an_issue_keeps_the_order_of_its_posts_and_names_the_missing(document: Any, index: Any) -> None:
    issue = document("june", kind=Kind.ISSUE, posts=("b", "../posts/a.md", "nowhere"))
    site, problems = index(document("a"), document("b"), issue)
    assert site.issue_layouts[issue.path].posts == ("content/posts/b.md", "content/posts/a.md")
    assert codes(problems) == [("missing-post", "june.md")]


def test_a_post_with_a_permalink_is_still_known_by_its_slug(document: Any, index: Any) -> None:
    issue = document("june", kind=Kind.ISSUE, posts=("a",))
    site, problems = index(document("a", permalink="/elsewhere/"), issue)
    assert (site.issue_layouts[issue.path].posts, problems) == (("content/posts/a.md",), ())


def test_an_issue_collects_what_came_since_the_last(document: Any, index: Any) -> None:
    site, _ = index(
        document("old", date="2024-01-01"),
        document("may", kind=Kind.ISSUE, date="2024-05-01", collect=Collect()),
        document("new", date="2024-05-20"),
        document("private", date="2024-05-21", newsletter=False),
        document("june", kind=Kind.ISSUE, date="2024-06-01", collect=Collect()),
    )
    assert site.issue_layouts["content/newsletters/june.md"].posts == ("content/posts/new.md",)


def test_a_page_may_take_the_front(document: Any, index: Any) -> None:
    config = Config(title="T", url="https://example.org/b/", permalinks=Permalinks(home="/letters/"))
    site, problems = index(document("a"), document("index", kind=Kind.PAGE), config=config)
    assert site.addresses["content/pages/index.md"] == "/"
    assert site.urls["content/posts/a.md"] == "/b/2024/01/a/"
    assert problems == ()


def test_files_lie_beside_their_document_and_vanish_with_it(document: Any, index: Any) -> None:
    files = {
        "content/posts/a/plan.pdf": "content/posts/a/index.md",
        "content/posts/b/secret.pdf": "content/posts/b/index.md",
        "content/static/robots.txt": None,
    }
    site, _ = index(document("a/index", slug="a"), document("b/index", slug="b", draft=True, id="b"), files=files)
    assert site.files == {"content/posts/a/plan.pdf": "2024/01/a/plan.pdf", "content/static/robots.txt": "robots.txt"}


def test_translations_know_each_other(document: Any, index: Any) -> None:
    site, problems = index(
        document("a", id="one"),
        document("b", lang="cy", translation_of="one"),
        document("c", lang="de", translation_of="lost"),
    )
    assert [t.lang for t in site.cards["content/posts/a.md"].translations] == ["cy"]
    assert [t.lang for t in site.cards["content/posts/b.md"].translations] == ["en"]
    assert codes(problems) == [("dead-translation", "c.md")]


def test_labels_that_are_merged_are_named_where_they_stand(document: Any, index: Any) -> None:
    seen = []

    def locate(path: str, words: str, field: str = "", /) -> tuple[int, int]:
        seen.append((path.rsplit("/", 1)[-1], words))
        return 3, 1

    first = document("a", tags=("Go!",)), document("b", tags=("Go",)), document("c", tags=("go",))
    build_index(first, IndexSources(Config(title="T", url="https://example.org/"), Publication(NOW)), locate)
    assert seen == [("b.md", "Go")]


def test_a_document_without_an_address_brings_no_label(document: Any, index: Any) -> None:
    site, problems = index(document("a"), document("b", slug="a", tags=("Only",), series="Alone", authors=("Ana",)))
    assert (site.tags, site.series, site.authors) == ({}, {}, {})
    assert codes(problems) == [("address-taken", "b.md")]


def test_the_front_page_is_the_front_whatever_the_pattern_of_pages(document: Any, index: Any) -> None:
    config = Config(title="T", url="https://example.org/", permalinks=Permalinks(page="/about/{path}/"))
    site, _ = index(document("index", kind=Kind.PAGE), document("team", kind=Kind.PAGE), config=config)
    assert list(site.addresses.values()) == ["/", "/about/team/"]


def test_an_issue_of_the_same_moment_is_not_the_last_one(document: Any, index: Any) -> None:
    collect = Collect(tags=("X",), limit=2)
    documents = [document(f"p{n}", date=f"2024-05-0{n}", tags=("x",) if n != 3 else ()) for n in range(1, 7)]
    issues = [
        document("first", kind=Kind.ISSUE, date="2024-05-02", collect=Collect()),
        document("twin", kind=Kind.ISSUE, date="2024-05-06", collect=Collect(since=documents[4].meta.date)),
        document("main", kind=Kind.ISSUE, date="2024-05-06", collect=collect),
    ]
    site, _ = index(*documents, *issues)
    chosen = {key.split("/")[-1]: [post[-4] for post in plan.posts] for key, plan in site.issue_layouts.items()}
    assert chosen == {"first.md": ["2", "1"], "twin.md": ["6"], "main.md": ["6", "5"]}


def test_related_posts_share_the_rarest_tags_and_are_older(document: Any, index: Any) -> None:
    documents = [
        document(
            f"p{n:03}",
            date=f"2024-{1 + n // 28:02}-{1 + n % 28:02}",
            tags=("common", "rare") if n in (5, 99) else ("common",),
        )
        for n in range(100)
    ]
    site, _ = index(*documents)
    places = {key: place for place, key in enumerate(site.posts)}
    assert related_posts(site, documents[99].path, places)[0] == documents[5].path
    assert related_posts(site, documents[0].path, places) == ()
