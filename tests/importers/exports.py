"""Exports for tests, made from values, and the checks that all imports of exports share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>Old blog</title><link>https://old.example.org</link>
<pubDate>Tue, 02 Apr 2019 05:16:20 +0000</pubDate>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_blog_url>https://old.example.org</wp:base_blog_url>
<wp:author><wp:author_login>kim</wp:author_login><wp:author_email>kim@private.example.net</wp:author_email>
<wp:author_display_name><![CDATA[Kim Ivory]]></wp:author_display_name></wp:author>
"""
FOOT = "</channel></rss>\n"


def wxr(*items: str) -> str:
    """Write an export of these items."""
    return HEAD + "".join(items) + FOOT


def wxr_item(number: int, body: str = "Text.", *more: str, **values: Any) -> str:
    """Write an item: `wxr_item(1, "Text.", wxr_comment(5), status="draft")`; None leaves an element out."""
    known: dict[str, Any] = {
        "title": f"Post {number}",
        "link": f"https://old.example.org/2015/03/post-{number}/",
        "dc:creator": "kim",
        "guid": f"https://old.example.org/?p={number}",
        "excerpt:encoded": "",
        "wp:post_id": number,
        "wp:post_date": f"2015-03-{number % 28 + 1:02} 10:00:00",
        "wp:post_date_gmt": f"2015-03-{number % 28 + 1:02} 09:00:00",
        "wp:post_name": f"post-{number}",
        "wp:status": "publish",
        "wp:post_type": "post",
        "wp:post_password": "",
    }
    known |= {(name if ":" in name else name.replace("__", ":")): value for name, value in values.items()}
    if "status" in known:
        known["wp:status"] = known.pop("status")
    written = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in known.items() if value is not None)
    return f"<item>{written}<content:encoded><![CDATA[{body}]]></content:encoded>{''.join(more)}</item>\n"


def wxr_comment(number: int, text: str = "", parent: int = 0, approved: str = "1", kind: str = "comment") -> str:
    """Write a comment with all that must not be kept."""
    day = f"2016-01-{number % 28 + 1:02}"
    values = {
        "id": number,
        "author": f"Reader {number}",
        "author_email": f"r{number}@private.example.net",
        "author_url": f"https://reader.example.net/?secret=s{number}",
        "author_IP": f"203.0.113.{number % 250 + 1}",
        "date": f"{day} 08:00:00",
        "date_gmt": f"{day} 07:00:00",
        "content": text or f"Comment {number}.",
        "approved": approved,
        "type": kind,
        "agent": f"Browser/{number}",
        "parent": parent,
    }
    written = "".join(f"<wp:comment_{name}><![CDATA[{value}]]></wp:comment_{name}>" for name, value in values.items())
    return f"<wp:comment>{written}</wp:comment>"


def private_values(export: Path) -> set[str]:
    """List what an export says about commenters and nobody may find again: addresses of mail and of the network."""
    text = export.read_text("utf-8", errors="replace")
    found = re.findall(r"<wp:comment_(?:author_email|author_IP|agent)>(.*?)</wp:comment_", text, re.DOTALL)
    found += re.findall(r"<email>(.*?)</email>", text)
    plain = (re.sub(r"<!\[CDATA\[|\]\]>", "", each).strip() for each in found)
    return {each for each in plain if len(each) > 5}


def leaks(root: Path, private: Iterable[str]) -> list[str]:
    """List the files below a folder that contain one of these values."""
    files = [file for file in root.rglob("*") if file.is_file()]
    wanted = [each.encode() for each in private]
    return sorted(
        f"{file.relative_to(root).as_posix()}: {each.decode()}"
        for file in files
        for data in [file.read_bytes()]
        for each in wanted
        if each in data
    )
