"""Slugs hold whole words of every script; labels that differ by a sign are told apart."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.slugs import fold_label, label_slug, slugify, spelled_slug

_WHOLE = {
    "Hindi": ("हिन्दी में", "हिन्दी-में"),
    "Hindi, one sign": ("की", "की"),
    "Tamil": ("தமிழ்", "தமிழ்"),
    "Thai, with a letter that NFKC takes apart": ("น้ำท่วม", "น้ำท่วม"),
    "Lao": ("ນ້ຳ", "ນ້ຳ"),
    "Bengali": ("বাংলা ভাষা", "বাংলা-ভাষা"),
    "Burmese": ("မြန်မာ", "မြန်မာ"),
    "Khmer": ("ភាសាខ្មែរ", "ភាសាខ្មែរ"),
    "Arabic with vowel signs": ("السَّلام عليكم", "السَّلام-عليكم"),
    "Hebrew with points": ("שָׁלוֹם", "שָׁלוֹם"),
    "Hebrew abbreviation": ("צה״ל", "צהל"),
    "Persian with its joiner": ("می\u200cخواهم", "می\u200cخواهم"),
    "Sinhala with its joiner": ("ක්\u200dරිකට්", "ක්\u200dරිකට්"),
    "Armenian question": ("ինչո՞ւ", "ինչու"),
    "Turkish": ("İzmir", "izmir"),
    "Latin with a mark that no letter has": ("x̄ bar", "x̄-bar"),
    "soft hyphen": ("Donau\u00addampf", "donaudampf"),
}

_AS_BEFORE = {
    "C++ & C#": "c-c",
    "don't -- do!": "dont-do",
    "Größe": "größe",
    "Gro\u0308ße": "größe",
    "L’été à Québec": "lété-à-québec",
    "foo´s": "foo-s",
    "m²": "m2",
    "col·lecció": "col-lecció",
    "日本語ー": "日本語ー",
    "1️⃣2️⃣ x": "1-2-x",
    "❤️ hello": "hello",
    "👨‍👩‍👧 family": "family",
    "ไทย\u200bดี": "ไทย-ดี",
    " \u0301a": "a",
    "_snake_case_": "snake-case",
    "🎉": "",
}


@pytest.mark.parametrize(("text", "slug"), _WHOLE.values(), ids=_WHOLE)
def test_a_slug_holds_whole_words(text: str, slug: str) -> None:
    assert slugify(text) == slug
    assert slugify(slug) == slug


@pytest.mark.parametrize(("text", "slug"), _AS_BEFORE.items())
def test_other_slugs_are_what_they_were(text: str, slug: str) -> None:
    assert slugify(text) == slug


@given(st.text())
def test_a_slug_is_safe_and_stable(text: str) -> None:
    slug = slugify(text)
    assert slugify(slug) == re.sub("-+", "-", slug)
    assert not slug.startswith("-")
    assert not slug.endswith("-")
    assert not any(sign.isspace() or sign in "/\\.%#?" for sign in slug)


@pytest.mark.parametrize(
    ("label", "slug"),
    [
        ("C", "c"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        ("F#", "f-sharp"),
        ("LGBTQ+", "lgbtq-plus"),
        ("C++ tips", "c-plus-plus-tips"),
        ("हिन्दी+", "हिन्दी-plus"),
        ("#staff", "staff"),
        ("Ticket#5", "ticket-5"),
        ("A+B", "a-b"),
        ("R&D", "r-d"),
    ],
)
def test_signs_at_the_end_of_a_label_are_spelled(label: str, slug: str) -> None:
    assert label_slug(fold_label(label), "tag") == slug


@pytest.mark.parametrize(
    ("label", "slug"),
    [
        (".NET", "dot-net"),
        ("R&D", "r-and-d"),
        ("A-", "a-minus"),
        ("A*", "a-star"),
        ("+1", "plus-1"),
        ("C++20", "c-plus-plus-20"),
        ("100%", "100-percent"),
        ("#staff", "staff"),
        ("to-do", "to-do"),
        ("node.js", "node-js"),
    ],
)
def test_signs_that_tell_labels_apart_are_spelled(label: str, slug: str) -> None:
    assert spelled_slug(fold_label(label), "tag") == slug


def test_labels_in_turkish_capitals_are_the_same() -> None:
    assert fold_label("İZMİR") == fold_label("izmir") == "izmir"
