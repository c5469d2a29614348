"""What a single value of site.toml must be: every check gives the value in its normal form or raises `RefusedError`."""

from __future__ import annotations

import re
from functools import partial
from urllib.parse import SplitResult, urlsplit

from generator.patterns import lazy_pattern
from generator.slugs import reserved
from generator.text.host_names import plain_host
from generator.text.mapping_reader import Check, RefusedError
from generator.text.suggestions import did_you_mean

_UNSAFE = lazy_pattern(r"[\s\x00-\x20\x7f-\x9f\\<>\"`{}|^]")
_BASE_PATH = lazy_pattern(r"^(?:/[A-Za-z0-9._~-]+)*$")
_HOST = lazy_pattern(r"^(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*$")
_ADDRESS = lazy_pattern(r"^[^\s@<>()\[\],;:\"\\]+@[^\s@<>()\[\],;:\"\\]+$")
_NAMED_ADDRESS = lazy_pattern(r"^(?P<name>[^<>\n\t]*?)\s*<(?P<address>[^<>]+)>$")
_LANGUAGE = lazy_pattern(
    r"^([a-z]{2,3})(-[a-z]{4})?(-(?:[a-z]{2}|[0-9]{3}))?((?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)$", re.I
)
_PLACEHOLDER = lazy_pattern(r"\{([^{}]*)\}")
_ENCODE = "Delete it, or write a space as %20."
_OFFSET = lazy_pattern(r"(?:(?:Etc/)?(?:GMT|UTC|Z))?(?P<sign>[+-])(?P<hours>\d{1,2})(?::?\d\d)?", re.I)
_CITIES = {
    -10: "Pacific/Honolulu",
    -9: "America/Anchorage",
    -8: "America/Los_Angeles",
    -7: "America/Denver",
    -6: "America/Chicago",
    -5: "America/New_York",
    -4: "America/Halifax",
    -3: "America/Sao_Paulo",
    -2: "America/Nuuk",
    -1: "Atlantic/Azores",
    1: "Europe/Paris",
    2: "Europe/Helsinki",
    3: "Africa/Nairobi",
    4: "Asia/Dubai",
    5: "Asia/Karachi",
    6: "Asia/Dhaka",
    7: "Asia/Bangkok",
    8: "Asia/Singapore",
    9: "Asia/Tokyo",
    10: "Australia/Sydney",
    11: "Pacific/Noumea",
    12: "Pacific/Auckland",
    13: "Pacific/Tongatapu",
}
"""A well-known place for each offset, in winter."""
_LIKE = "Write it as https://www.example.org/…"
_HOST_ALONE = lazy_pattern(r"[\w-]+(?:\.[\w-]+)+(?:/|$)")
_PERMALINK = lazy_pattern(r"^/(?:[\w.~@-]+/)*(?:[\w.~@-]+\.html)?$")


def split_url(text: str, schemes: tuple[str, ...]) -> SplitResult:
    """Take an absolute address apart.

    Raises: RefusedError, when it has another scheme, no host (http and https), a password, or characters an address
    cannot have.
    """
    if _UNSAFE.search(text):
        raise RefusedError(
            "config-url", f'"{text}" has a space or another character that web addresses cannot have.', _ENCODE
        )
    try:
        parts = urlsplit(text)
        port_is_fine = parts.port is None or parts.port > 0
    except ValueError:
        raise RefusedError("config-url", f'"{text}" is not a web address.', _LIKE) from None
    wanted = " or ".join(f"{scheme}:" for scheme in schemes)
    if parts.scheme not in schemes:
        message = f'"{text}" does not begin with {wanted}.'
        hint = f"Write {wanted} at its start."
        if "https" in schemes and not parts.scheme and _HOST_ALONE.match(text):
            hint = f'Write: "https://{text}"'
        raise RefusedError("config-url", message, hint)
    if parts.scheme in ("http", "https") and not (parts.hostname and port_is_fine):
        raise RefusedError(
            "config-url", f'"{text}" has no host name.', f"Write it as {parts.scheme}://www.example.org/…"
        )
    if parts.scheme in ("http", "https") and not plain_host(parts.netloc.rpartition("@")[2].removesuffix(":")):
        message = f'"{parts.hostname}" is not a host name.'
        raise RefusedError("config-url", message, "A host name has letters, digits, hyphens and dots: www.example.org")
    if parts.username is not None or parts.password is not None:
        raise RefusedError(
            "config-url", "A user name or password cannot be part of a web address.", "Delete what is before the @."
        )
    return parts


def site_url(text: str) -> str:
    """Check the site's own address; it gets a slash at its end and a host in lower case."""
    parts = split_url(text, ("https", "http"))
    if parts.query or parts.fragment or text.endswith(("?", "#")):
        raise RefusedError("config-url", "The address of a site cannot have a ? or #.", "Delete it and what follows.")
    path = parts.path.rstrip("/")
    if not _BASE_PATH.match(path) or any(part in (".", "..") for part in path.split("/")):
        raise RefusedError(
            "config-url",
            f'"{parts.path}" cannot be the path of a site.',
            "Use letters, digits, hyphens, dots and underscores between the slashes.",
        )
    name = host(parts.hostname or "") if "[" not in parts.netloc else f"[{parts.hostname}]"
    return f"{parts.scheme}://{name}{f':{parts.port}' if parts.port else ''}{path}/"


def host(text: str) -> str:
    """Check a host name; it comes back in lower case, an international one in its ASCII form."""
    name = plain_host(text)
    if not _HOST.match(name):
        raise RefusedError("config-url", f'"{text}" is not a host name.', "Write it as images.example.org")
    return name


def web_url(text: str, schemes: tuple[str, ...] = ("https", "http")) -> str:
    """Check an absolute address elsewhere."""
    split_url(text, schemes)
    return text


def unsubscribe_url(text: str) -> str:
    """Check where readers unsubscribe: https or mailto, placeholders {address} and {token} after the host."""
    allowed = ("address", "token")
    for name in _PLACEHOLDER.findall(text):
        if name not in allowed:
            raise RefusedError("config-url", f"{{{name}}} is not a placeholder here.", did_you_mean(name, allowed))
    if text.startswith("https:") and "{" in urlsplit(text.replace("[", "").replace("]", "")).netloc:
        raise RefusedError(
            "config-url", "A placeholder cannot be part of the host name.", "Put it after the host name."
        )
    parts = split_url(_PLACEHOLDER.sub("x", text), ("https", "mailto"))
    if parts.scheme == "mailto" and "@" not in parts.path:
        hint = "Write it as mailto:leave@example.org?subject=unsubscribe%20{token}"
        raise RefusedError("config-url", f'"{text}" names no mailbox.', hint)
    return text


def link_url(text: str) -> str:
    """Check what a menu may lead to: a path within the site, or http(s), mailto, tel."""
    if text.startswith("/") and not text.startswith("//"):
        if _UNSAFE.search(text) or ".." in text.split("/"):
            raise RefusedError("config-url", f'"{text}" is not a path within the site.', 'Write it as "/about/".')
        return text
    if ":" not in text.partition("/")[0] and not text.startswith("//"):
        raise RefusedError(
            "config-url", f'"{text}" does not begin with a slash.', f'Write it as "/{text.lstrip("./")}"'
        )
    return web_url(text, ("https", "http", "mailto", "tel"))


def gone_address(text: str) -> str:
    """Check an address within the site that was removed on purpose."""
    if not text.startswith("/") or text.startswith("//"):
        path = urlsplit(text).path.lstrip("/") if "://" in text else text.lstrip("./")
        raise RefusedError("config-url", f'"{text}" is not an address within the site.', f'Write it as "/{path}"')
    return text


def site_path(text: str) -> str:
    """Check the path of a file within the site; it gets a slash at its start."""
    if re.match(r"^[a-z][a-z0-9+.-]*:|^//", text, re.I):
        raise RefusedError(
            "config-url",
            f'"{text}" is not a path within the site.',
            "Put the file in content/static, and write its path.",
        )
    path = f"/{text.lstrip('/')}"
    if _UNSAFE.search(path.replace(" ", "")) or ".." in path.split("/"):
        raise RefusedError("config-url", f'"{text}" is not a path within the site.', "Write it as /pictures/card.jpg")
    return path


def address(text: str) -> str:
    """Check an e-mail address (RFC 5322 addr-spec without comments and quoting)."""
    if not _ADDRESS.match(text):
        raise RefusedError("config-address", f'"{text}" is not an e-mail address.', "Write it as office@example.org")
    return text


def named_address(text: str) -> str:
    """Check an e-mail address that may have a name before it: `The Office <office@example.org>`."""
    match = _NAMED_ADDRESS.match(text)
    if not match:
        return address(text)
    return f"{match['name']} <{address(match['address'].strip())}>".strip()


def bounce_address(text: str) -> str:
    """Check the address of failed deliveries; `{hash}` before the @ becomes the 32 characters of a recipient's hash."""
    like = 'Write it as "bounces@example.org" or "bounces+{hash}@example.org".'
    local, _, domain = text.rpartition("@")
    if "{" in domain or local.count("{hash}") > 1 or any(char in local.replace("{hash}", "") for char in "{}"):
        message = f'"{text}" is not an e-mail address with {{hash}} once, before the @.'
        raise RefusedError("config-address", message, like)
    whole = text.replace("{hash}", "0" * 32)
    address(whole)
    if len(whole.rpartition("@")[0]) > 64:  # Source: RFC 5321, section 4.5.3.1.1
        message = f'"{text}" is too long: {{hash}} becomes 32 characters, and 64 are allowed before the @.'
        raise RefusedError("config-address", message, like)
    return text


def dkim_selector(text: str) -> str:
    """Check the name of a DKIM key. Source: RFC 6376, section 3.1."""
    name = text.lower()
    if not _HOST.match(name) or len(name) > 200:
        message = f'"{text}" is not the name of a DKIM key (selector).'
        raise RefusedError("config-value", message, 'For news._domainkey.example.org, write: selector = "news"')
    return name


def list_id(text: str) -> str:
    """Check the identity of a mailing list; angle brackets are taken off. Source: RFC 2919, section 2."""
    name = text.removeprefix("<").removesuffix(">")
    if not re.match(r"^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$", name):
        raise RefusedError("config-value", f'"{text}" is not a list id.', "Write it as news.example.org")
    return name


def language(text: str) -> str:
    """Check a language tag's shape; it comes back in its usual spelling: `en-GB`, `zh-Hant-TW`. Source: BCP 47."""
    match = _LANGUAGE.match(text)
    if not match:
        usual = text.replace("_", "-")
        hint = f'Write it as "{language(usual)}".' if _LANGUAGE.match(usual) else 'Write it as "en" or "en-GB".'
        raise RefusedError("config-language", f'"{text}" is not a language tag.', hint)
    primary, script, region, variants = (part or "" for part in match.groups())
    return primary.lower() + script.title() + region.upper() + variants.lower()


def timezone(text: str) -> str:
    """Check the IANA name of a time zone; names that mean another zone on another machine are refused."""
    from zoneinfo import ZoneInfo, available_timezones

    try:
        ZoneInfo(text)
    except (LookupError, ValueError, OSError):
        hint = _near_zone(text, sorted(available_timezones()))
        raise RefusedError("config-timezone", f'"{text}" is not a time zone.', hint) from None
    if text in ("localtime", "posixrules", "Factory"):
        hint = 'Write it as "Europe/London".'
        raise RefusedError("config-timezone", f'"{text}" means a different time zone on each computer.', hint)
    return text


def _near_zone(text: str, zones: list[str]) -> str:
    """Suggest a city. Never `Etc/GMT+1`: that is an hour behind GMT, the reverse of what people mean by GMT+1."""
    from difflib import get_close_matches

    if offset := _OFFSET.fullmatch(text.replace(" ", "").replace("\u2212", "-")):
        city = _CITIES.get(int(f"{offset['sign']}{offset['hours']}"), "Europe/London")
        return f'A time zone is a place, because clocks change in summer. For example: "{city}"'
    zones = [zone for zone in zones if "/" in zone and not zone.startswith("Etc/")]
    cities = {zone.rpartition("/")[2].casefold(): zone for zone in reversed(zones)}
    by_fold = cities | {zone.casefold(): zone for zone in zones}
    near = get_close_matches(text.casefold().replace(" ", "_"), by_fold, 1, 0.75)
    return f'Did you mean "{by_fold[near[0]]}"?' if near else 'Write it as "Europe/London".'


def one_of(choices: tuple[str, ...]) -> Check:
    """Make a check for one of several texts."""
    return partial(_one_of, choices)


def _one_of(choices: tuple[str, ...], text: str) -> str:
    if text not in choices:
        raise RefusedError("config-value", f'"{text}" is not one of the allowed values.', did_you_mean(text, choices))
    return text


def extension(text: str) -> str:
    """Check the name of an extension: it is that of a file, and never leads elsewhere."""
    if not re.match(r"^[A-Za-z][A-Za-z0-9_-]*$", text):
        hint = 'For extensions/ratings.py, write "ratings".'
        raise RefusedError("config-value", f'"{text}" cannot be the name of an extension.', hint)
    return text


def permalink(text: str, allowed: tuple[str, ...], needed: str = "") -> str:
    """Check the pattern of an address: its placeholders, its slashes, no way out of the site."""
    for name in _PLACEHOLDER.findall(text):
        if name not in allowed:
            hint = did_you_mean(name, allowed) if allowed else "Delete the braces."
            raise RefusedError("config-permalink", f"{{{name}}} is not a placeholder here.", hint)
    if needed and f"{{{needed}}}" not in text:
        raise RefusedError(
            "config-permalink",
            f"{{{needed}}} is missing, so every address would be the same.",
            f"Write it as /{{{needed}}}/",
        )
    bare = _PLACEHOLDER.sub("x", text)
    if part := next((part for part in bare.split("/") if part and reserved(part)), ""):
        hint = "Choose another word."
        raise RefusedError("config-permalink", f'Windows cannot have a file named "{part}".', hint)
    if any(part.startswith(".") for part in text.split("/")) or not _PERMALINK.match(bare):
        raise RefusedError(
            "config-permalink",
            f'"{text}" cannot be the pattern of an address.',
            "Begin with a slash, end with a slash or .html, and use letters, digits, hyphens and dots: /{year}/{slug}/",
        )
    return text


def server(text: str) -> str:
    """Check the address of a server; it loses the slash at its end."""
    parts = split_url(text, ("https", "http"))
    if parts.query or parts.fragment or text.endswith(("?", "#")):
        message = f'"{text}" is not the address of a server.'
        raise RefusedError("config-url", message, "Delete the ? or # and what follows.")
    return text.rstrip("/")


def repository(text: str) -> str:
    """Check the name of a repository at GitHub; its address becomes its name."""
    name = text.removeprefix("https://github.com/").removesuffix("/").removesuffix(".git")
    if not re.fullmatch(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})/[\w.-]{1,100}", name, re.ASCII):
        raise RefusedError("config-value", f'"{text}" is not a repository at GitHub.', 'Write it as "owner/name".')
    return name


def shortname(text: str) -> str:
    """Check the short name of a site at Disqus; its address becomes its name."""
    name = text.lower().removeprefix("https://").rstrip("/").removesuffix(".disqus.com")
    if not re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", name):
        hint = 'For https://example-blog.disqus.com, write "example-blog".'
        raise RefusedError("config-value", f'"{text}" is not the short name of a site at Disqus.', hint)
    return name


def account(text: str) -> str:
    """Check the name of an account at Mastodon, without the @ before it."""
    name = text.removeprefix("@")
    if not re.fullmatch(r"\w(?:[\w.-]{0,98}\w)?", name, re.ASCII):
        message = f'"{text}" is not the name of an account on that server.'
        raise RefusedError("config-value", message, 'For @office@social.example.org, write "office".')
    return name


def house_rules(text: str) -> str:
    """Check where the house rules are: a path within the site; any other text is the rules themselves."""
    return link_url(text) if text.startswith("/") and not re.search(r"\s", text) else text


def discussion_url(text: str) -> str:
    """Check a discussion service's address: http(s), placeholders {id} {title} {link} {author} after the host."""
    allowed = ("id", "title", "link", "author")
    for name in _PLACEHOLDER.findall(text):
        if name not in allowed:
            raise RefusedError("config-url", f"{{{name}}} is not a placeholder here.", did_you_mean(name, allowed))
    if "{" in urlsplit(text.replace("[", "").replace("]", "")).netloc:
        raise RefusedError(
            "config-url", "A placeholder cannot be part of the host name.", "Put it after the host name."
        )
    split_url(_PLACEHOLDER.sub("x", text), ("https", "http"))
    return text
