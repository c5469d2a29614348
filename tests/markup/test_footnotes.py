from __future__ import annotations

from generator.markup.placeholders import Context

TEXT = "One[^b] and again[^b], two[^a].\n\n[^a]: Note a.\n[^b]: Note b."


def test_footnote_ids_carry_the_slug_and_lead_back(body_of, show) -> None:  # type: ignore[no-untyped-def]
    html = show(body_of(TEXT))
    assert '<sup class="footnote-ref" id="fnref-a-post-1"><a role="doc-noteref" href="#fn-a-post-1">1</a></sup>' in html
    assert '<sup class="footnote-ref" id="fnref-a-post-1-2">' in html
    assert '<li id="fn-a-post-1">\n<p>Note b. <a class="footnote-backref"' in html
    assert 'aria-label="Back to reference 1" href="#fnref-a-post-1">' in html
    assert 'aria-label="Back to reference 1-2" href="#fnref-a-post-1-2">' in html


def test_footnote_ids_are_the_same_whatever_was_converted_before(body_of) -> None:  # type: ignore[no-untyped-def]
    first = body_of(TEXT)
    body_of("Other[^1].\n\n[^1]: x")
    assert body_of(TEXT) == first


def test_footnotes_of_several_bodies_on_one_page_never_clash(body_of, show) -> None:  # type: ignore[no-untyped-def]
    html = show(body_of(TEXT), Context.LISTING, key="k7-")
    assert 'id="k7-fn-a-post-1"' in html
    assert 'href="#k7-fnref-a-post-1-2"' in html
    assert ' id="fn' not in html


def test_footnote_anchors_are_known(body_of) -> None:  # type: ignore[no-untyped-def]
    assert {"fn-a-post-1", "fnref-a-post-1", "fnref-a-post-1-2"} <= set(body_of(TEXT).anchors)


def test_footnote_links_are_not_links_of_the_body(body_of) -> None:  # type: ignore[no-untyped-def]
    assert body_of(TEXT).links == ()
