"""The table of kinds of output is the one place that says what they are and when they are written."""

from collections import Counter

from generator.registry import Additions, KindAddition
from generator.render.kinds import OutputKind, Phase
from generator.render.output_kinds import BUILT_IN, output_kinds

ADDED = KindAddition(lambda _: ["humans.txt"], lambda _: "Ada")


def test_no_two_kinds_have_one_name_or_the_same_words() -> None:
    assert max(Counter(name for kind in BUILT_IN for name in kind.names).values()) == 1
    assert max(Counter(words for kind in BUILT_IN for words in kind.names.values()).values()) == 1


def test_kinds_are_planned_in_the_order_in_which_they_are_written() -> None:
    assert [kind.phase for kind in BUILT_IN] == sorted(kind.phase for kind in BUILT_IN)


def test_what_pages_and_mails_show_is_written_before_them_and_what_announces_pages_after() -> None:
    kinds = output_kinds(Additions())
    assert {kinds[name].phase for name in ("file", "asset", "mail-picture")} == {Phase.FILES}
    assert {kinds[name].phase for name in ("rss", "sitemap", "redirect")} == {Phase.NOTICES}
    assert all(kind.phase is Phase.PAGES for kind in BUILT_IN if kind.is_page)


def test_an_extension_adds_to_the_same_table() -> None:
    kinds = output_kinds(Additions(kinds={"humans": ADDED}, origins={"humans": "extensions/humans.py"}))
    assert isinstance(kinds["x-humans"], OutputKind)
    assert not kinds["x-humans"].is_page
    assert "humans" in kinds["x-humans"].names["x-humans"]
