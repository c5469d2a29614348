import pytest

from generator.text.host_names import plain_host

NO_HOSTS = (
    "*",
    "*.example.org",
    "a.example;script-src *",
    ";sandbox;",
    "a.example https://evil.example",
    "a.example\tb.example",
    "a.example\nb.example",
    "a.example,b.example",
    "'unsafe-inline'",
    "'self'",
    "data:",
    "https:",
    "a.example/x",
    "a.example?x",
    "a.example#x",
    "me@a.example",
    "a..example",
    ".example",
    "-a.example",
    "a-.example",
    "a.example:",
    "a.example:x",
    "a.example:123456",
    "%2a.example",
    '"a.example',
    "a.example\x00",
    "[::1",
    "::1",
    "[::1];x",
    "",
    "a" * 64 + ".example",
    ".".join(["a" * 60] * 5),
    "ex ample.org",
    "ü;x.example",
    "ü*.example",
    "\u037e.example",  # the Greek question mark, which normalisation turns into a semicolon
    "\uff0a.example",  # a wide asterisk
    "a\uff1bx.example",  # a wide semicolon
)


@pytest.mark.parametrize("written", NO_HOSTS)
def test_what_could_change_a_policy_is_no_host(written: str) -> None:
    assert plain_host(written) == ""


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("Media.Example.ORG", "media.example.org"),
        ("localhost:8080", "localhost:8080"),
        ("192.0.2.7", "192.0.2.7"),
        ("[2001:db8::1]:8443", "[2001:db8::1]:8443"),
        ("old_server.example.org", "old_server.example.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example:8443", "xn--bcher-kva.example:8443"),
        ("例え.example", "xn--r8jz45g.example"),
    ],
)
def test_a_host_comes_back_in_ascii(written: str, host: str) -> None:
    assert plain_host(written) == host
