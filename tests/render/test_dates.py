from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from generator.render.dates import write_date, write_number


def test_one_moment_written_in_two_zones_is_two_days() -> None:
    evening = datetime(2014, 10, 6, 23, 30, tzinfo=timezone(timedelta(hours=-4)))
    morning = evening.astimezone(UTC)
    assert evening == morning
    assert write_date(evening, "long", "en") == "October 6, 2014"
    assert write_date(morning, "long", "en") == "October 7, 2014"


@pytest.mark.parametrize(
    ("language", "style", "words"),
    [
        ("en", "long", "October 6, 2014"),
        ("en-GB", "long", "6 October 2014"),
        ("de-CH", "full", "Montag, 6. Oktober 2014"),
        ("cy", "MMMM y", "Hydref 2014"),
        ("zh-Hant-TW", "long", "2014年10月6日"),
        ("en-QQ", "long", "October 6, 2014"),
        ("xx", "long", "October 6, 2014"),
        ("x" * 500, "long", "October 6, 2014"),
    ],
)
def test_dates_are_written_as_their_language_does(language: str, style: str, words: str) -> None:
    assert write_date(date(2014, 10, 6), style, language) == words


@pytest.mark.parametrize(
    ("value", "language", "words"), [(8.5, "en", "8.5"), (8.5, "de", "8,5"), (10.0, "en", "10"), (1234, "en", "1,234")]
)
def test_numbers_are_written_as_their_language_does(value: float, language: str, words: str) -> None:
    assert write_number(value, language) == words
