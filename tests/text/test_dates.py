from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.text.date_repairs import suggest_moment
from generator.text.dates import date_from_name, parse_moment

TORONTO = ZoneInfo("America/Toronto")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2014-10-06", "2014-10-06T00:00:00-04:00"),
        (" 2014-10-06 ", "2014-10-06T00:00:00-04:00"),
        ("2014-1-6", "2014-01-06T00:00:00-05:00"),
        ("2014/10/06", "2014-10-06T00:00:00-04:00"),
        ("2015-03-17 14:00:00 -4", "2015-03-17T14:00:00-04:00"),
        ("2016-03-23 9:00:00 -4", "2016-03-23T09:00:00-04:00"),
        ("2014-03-19T10:14:29-04:00", "2014-03-19T10:14:29-04:00"),
        ("2020-07-07T00:00:00.000Z", "2020-07-07T00:00:00+00:00"),
        ("2013-05-08 23:46:11 +0200", "2013-05-08T23:46:11+02:00"),
        ("2023-01-20 23:00:00 +0530", "2023-01-20T23:00:00+05:30"),
        ("2007-04-11 00:52:59.123456789 -04:00", "2007-04-11T00:52:59.123456-04:00"),
        ("2014-12-12 12:44", "2014-12-12T12:44:00-05:00"),
        ("2014-12-10 10:05:34", "2014-12-10T10:05:34-05:00"),
        ("2020-07-22 8:00:00 -0500", "2020-07-22T08:00:00-05:00"),
        ("9 March 2021", "2021-03-09T00:00:00-05:00"),
        ("9 March, 2021 14:30", "2021-03-09T14:30:00-05:00"),
        ("Mar 9, 2021", "2021-03-09T00:00:00-05:00"),
        ("March 9th, 2021 at 9:05", "2021-03-09T09:05:00-05:00"),
        ("Sept 1 2021", "2021-09-01T00:00:00-04:00"),
        ("Tue, 09 Mar 2021 14:00:00 +0100", "2021-03-09T14:00:00+01:00"),
        ("Tue, 09 Mar 2021 14:00:00 GMT", "2021-03-09T14:00:00+00:00"),
        ("2020-01-01T10:00:00+14:00", "2020-01-01T10:00:00+14:00"),
        ("9999-12-31", "9999-12-31T00:00:00-05:00"),
    ],
)
def test_reads_every_form_and_keeps_the_day_as_written(text: str, expected: str) -> None:
    assert parse_moment(text, TORONTO).isoformat() == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "no date here"),
        ("12/31", "two ways"),
        ("03/04/2021", "two ways"),
        ("3.4.21", "two ways"),
        ("20210309", "hyphens"),
        ("2014-04-31", "April 2014 has no day 31"),
        ("2015-02-29", "February 2015 has no day 29"),
        ("2014-13-01", "no month 13"),
        ("2014-00-01", "no month 0"),
        ("31 Juni 2021", "not an English name of a month"),
        ("10000-01-01", "between 1000 and 9999"),
        ("0999-01-01", "between 1000 and 9999"),
        ("2016-01-01 10:00:00 +99:99", "offset"),
        ("2016-01-01 10:00:00 +05:75", "offset"),
        ("2016-01-01 10:00:00 -15", "offset"),
        ("2016-01-01 24:00", "hours go to 23"),
        ("2016-01-01 10:61", "minutes and seconds"),
        ("2016-01-01 10:59:60", "minutes and seconds"),
        ("9999-12-31T23:59:59-12:00", "too far"),
        ("2023-01-29 18:30:22 2023 -0800", "not a time"),
        ("2023-01-29 10:00 AEST", "not a time"),
        ("٢٠٢١-٠٣-٠٩", "not a date"),
        ("tomorrow", "not a date"),
        ("9" * 100, "100 characters"),
    ],
)
def test_says_in_words_why_a_text_is_no_date(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        parse_moment(text, TORONTO)


def test_a_time_that_summer_time_skips_is_still_a_moment() -> None:
    skipped = parse_moment("2014-03-09 02:30", TORONTO)
    assert (skipped.hour, skipped.utcoffset()) == (2, timedelta(hours=-5))


def test_midnight_that_does_not_exist_keeps_its_day() -> None:
    sao_paulo = ZoneInfo("America/Sao_Paulo")
    assert parse_moment("2018-11-04", sao_paulo).date() == date(2018, 11, 4)


@given(st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(9998, 12, 31)), st.integers(-12 * 60, 14 * 60))
@settings(deadline=None)
def test_reads_back_what_isoformat_writes(moment: datetime, offset: int) -> None:
    sign, size = "-" if offset < 0 else "+", abs(offset)
    text = f"{moment.isoformat()}{sign}{size // 60:02}:{size % 60:02}"
    read = parse_moment(text, UTC)
    assert read.replace(tzinfo=None) == moment
    assert read.utcoffset() == timedelta(minutes=offset)


@given(st.text(max_size=80))
@settings(deadline=None)
def test_raises_nothing_but_value_error(text: str) -> None:
    try:
        moment = parse_moment(text, TORONTO)
    except ValueError:
        return
    assert moment.astimezone(UTC).year


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2014-10-06-day-12", (date(2014, 10, 6), "day-12")),
        ("2021-9-1-x", (date(2021, 9, 1), "x")),
        ("2014-10-06_day-12", (date(2014, 10, 6), "day-12")),
        ("2014-10-06", (date(2014, 10, 6), "")),
        ("2014-02-30-x", (None, "2014-02-30-x")),
        ("2014-10-061-x", (None, "2014-10-061-x")),
        ("day-12", (None, "day-12")),
    ],
)
def test_splits_the_date_off_a_name(name: str, expected: tuple[date | None, str]) -> None:
    assert date_from_name(name) == expected


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("Jan 2, 2006 15:04 MST", "2006-01-02T15:04:00-07:00"),
        ("Mon, 06 Oct 2014 03:04:05 EDT", "2014-10-06T03:04:05-04:00"),
        ("October 6, 2014 3:04 PM", "2014-10-06T15:04:00+00:00"),
        ("2014-10-06 12:30:05am -0400", "2014-10-06T00:30:05-04:00"),
        ("2014-10-06 12:00 p.m.", "2014-10-06T12:00:00+00:00"),
    ],
)
def test_hours_of_twelve_and_zones_with_a_name(written: str, iso: str) -> None:
    assert parse_moment(written, UTC).isoformat() == iso


@pytest.mark.parametrize("written", ["2014-10-06 13:00 pm", "2014-10-06 0:30 am", "2014-10-06 3:04 PMX"])
def test_hours_of_twelve_that_do_not_exist(written: str) -> None:
    with pytest.raises(ValueError, match="2014-10-06"):
        parse_moment(written, UTC)


@pytest.mark.parametrize(
    ("zone", "written", "iso"),
    [
        ("Europe/London", "1830-01-01 10:00", "1830-01-01T10:00:00-00:01"),
        ("America/New_York", "1850-06-01", "1850-06-01T00:00:00-04:56"),
        ("Africa/Monrovia", "1971-06-01", "1971-06-01T00:00:00-00:44"),
        ("Europe/London", "1971-06-01", "1971-06-01T00:00:00+01:00"),
    ],
)
def test_offsets_are_whole_minutes_also_before_standard_time(zone: str, written: str, iso: str) -> None:
    assert parse_moment(written, ZoneInfo(zone)).isoformat() == iso


@pytest.mark.parametrize(
    ("written", "better"),
    [
        ("2026-12-01 9am", "2026-12-01 09:00"),
        ("2026-12-01 9 a.m.", "2026-12-01 09:00"),
        ("2026-12-01 12am", "2026-12-01 00:00"),
        ("2026-12-01 12 PM", "2026-12-01 12:00"),
        ("2026-12-01 21.30", "2026-12-01 21:30"),
        ("2026-12-01 0900", "2026-12-01 09:00"),
        ("2026-12-01 9h30", "2026-12-01 09:30"),
        ("Tuesday 1 December 2026, 9.05pm", "2026-12-01 21:05"),
        ("1 December 2026 at 9am", "2026-12-01 09:00"),
        ("28/11/2026", "2026-11-28"),
        ("11/28/2026 9:00", "2026-11-28 09:00"),
        ("28.11.2026 09:00", "2026-11-28 09:00"),
        ("5/5/2026", "2026-05-05"),
        ("1/12/2026", ""),
        ("1/12/2026 09:00", ""),
        ("28/11/26", ""),
        ("31/2/2026", ""),
        ("28/28/2026", ""),
        ("2026-12-01 9", ""),
        ("2026-12-01 25:00", ""),
        ("2026-12-01 13:00 pm", ""),
        ("2026-12-01 09:00 Europe/London", ""),
        ("tomorrow 9am", ""),
        ("noon", ""),
        ("", ""),
    ],
)
def test_what_is_certain_is_suggested_and_nothing_else(written: str, better: str) -> None:
    assert suggest_moment(written) == better


@given(st.text(alphabet="0123456789-/. :,apm\n", max_size=24))
def test_what_is_suggested_can_be_read(written: str) -> None:
    better = suggest_moment(written)
    assert not better or parse_moment(better, UTC)
