"""Who is answered, and who is not."""

from __future__ import annotations

import pytest

from generator.preview.hosts import is_cross_site, is_own_page, list_allowed_hosts, list_lan_addresses, parse_host


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("localhost:8000", "localhost"),
        ("LocalHost.", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]:8000", "::1"),
        ("[::1]", "::1"),
        ("", ""),
        (":8000", ""),
        ("localhost:80:80", ""),
        ("localhost:x", ""),
        ("[::1", ""),
        ("[::1]x", ""),
        ("evil.example@127.0.0.1", "evil.example@127.0.0.1"),
    ],
)
def test_a_host_is_told_from_its_port(header: str, host: str) -> None:
    assert parse_host(header) == host


def test_this_machine_is_meant_by_its_own_names_alone() -> None:
    assert list_allowed_hosts("127.0.0.1") == {"localhost", "127.0.0.1", "::1"}
    assert "192.0.2.7" in list_allowed_hosts("192.0.2.7")
    assert "evil.example" not in list_allowed_hosts("::")
    assert set(list_lan_addresses()) <= list_allowed_hosts("::")


def test_pages_of_other_sites_may_lead_here_and_no_more() -> None:
    assert not is_cross_site({})
    assert not is_cross_site({"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"})
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert not is_cross_site(link)
    assert is_cross_site({**link, "sec-fetch-dest": "iframe"})
    assert is_cross_site({"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"})
    assert is_cross_site({"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"})


def test_only_a_page_of_this_very_origin_may_change_anything() -> None:
    assert is_own_page({"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}, "127.0.0.1:8000")
    assert not is_own_page({}, "127.0.0.1:8000")
    assert not is_own_page({"origin": "http://127.0.0.1:8001"}, "127.0.0.1:8000")
    assert not is_own_page({"origin": "null"}, "127.0.0.1:8000")
    assert not is_own_page({"origin": "http://127.0.0.1:8000", "sec-fetch-site": "cross-site"}, "127.0.0.1:8000")
