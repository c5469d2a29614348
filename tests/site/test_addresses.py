import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.config import Config
from generator.site.addresses import absolute, as_address, file_key, output_path, root_relative


@pytest.mark.parametrize(
    ("written", "address", "file"),
    [
        ("/about", "/about/", "about/index.html"),
        ("about/", "/about/", "about/index.html"),
        ("/old.html", "/old.html", "old.html"),
        ("/v1.2", "/v1.2/", "v1.2/index.html"),
        ("/", "/", "index.html"),
    ],
)
def test_permalinks_become_addresses_and_files(written: str, address: str, file: str) -> None:
    assert as_address(written) == address
    assert output_path(address) == file


def test_urls_carry_the_base_path_and_are_percent_encoded() -> None:
    config = Config(title="T", url="https://example.org/blog/")
    assert root_relative(config, "/2014/größe/") == "/blog/2014/gr%C3%B6%C3%9Fe/"
    assert absolute(config, "/blog/x/") == "https://example.org/blog/x/"
    assert absolute(config, "https://other.example/") == "https://other.example/"


def test_names_that_one_file_system_cannot_tell_apart_are_one() -> None:
    assert file_key("Straße/Caf\u00e9") == file_key("STRASSE/cafe\u0301")


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_every_address_leads_to_a_file(written: str) -> None:
    assert not output_path(as_address(written)).startswith("/")
