"""What an extension may let into texts: nothing that runs, loads, or means something to Openletter itself."""

from typing import Any

import pytest

from generator.markup.sanitise import sanitise
from generator.registry import MarkdownAddition, RegistrationError, Registry

REFUSED_TAGS = """
    script style svg math template object embed form input button link meta base iframe title noscript textarea
    select html head body annotation-xml font-face font-face-src Staff-Card x- -x on x"""
REFUSED_ATTRIBUTES = """
    onclick ONCLICK onfocus style src href srcset srcdoc action formaction data-o data- background ping is target
    xlink:href download poster"""


@pytest.fixture
def registry() -> Registry:
    return Registry({}, lambda _: None)


@pytest.mark.parametrize("tag", REFUSED_TAGS.split())
def test_an_element_that_could_do_harm_cannot_be_added(registry: Registry, tag: str) -> None:
    with pytest.raises(RegistrationError):
        registry.markdown("x", tags=[tag])


@pytest.mark.parametrize("name", REFUSED_ATTRIBUTES.split())
def test_an_attribute_that_could_do_harm_cannot_be_added(registry: Registry, name: str) -> None:
    with pytest.raises(RegistrationError):
        registry.markdown("x", attributes={"*": [name]})


@pytest.mark.parametrize("tag", ["iframe", "img", "input", "video", "A", "a b"])
def test_what_loads_something_gets_no_more_attributes(registry: Registry, tag: str) -> None:
    with pytest.raises(RegistrationError):
        registry.markdown("x", attributes={tag: ["data-x"]})


def test_options_are_for_extensions_given_by_name(registry: Registry) -> None:
    registry.markdown("x", depth=2)
    with pytest.raises(RegistrationError, match="given by its name"):
        registry.markdown(dict, depth=2)


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<x-y data-a='1' onclick='2'>t</x-y>", '<x-y data-a="1">t</x-y>'),
        ("<x-y data-a='javascript:1'></x-y>", '<x-y data-a="javascript:1"></x-y>'),
        ("<x-z>t</x-z>", "t"),
        ("<p data-a='1'>t</p>", "<p>t</p>"),
        ("<x-y><script>1</script></x-y>", "<x-y></x-y>"),
    ],
)
def test_only_what_was_added_passes(html: str, kept: str) -> None:
    addition: Any = MarkdownAddition("x", {}, frozenset({"x-y"}), {"x-y": frozenset({"data-a"})})
    assert sanitise(html, additions=(addition,)) == kept
    assert "x-y" not in sanitise(html)
