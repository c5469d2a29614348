"""What feedgen lacks: an entry's lead picture, its recording and its language, in the words of each format.

feedgen writes an enclosure of Atom as a link without its relation, type and length.

Source: Media RSS 1.5.1, `media:content` and `media:description`; RFC 4287 section 4.2.7.2, the link `enclosure`; XML
1.0 section 2.12, `xml:lang`; Dublin Core, `dc:language`.
"""

from __future__ import annotations

from typing import Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension

from generator.model import MediaFacts
from generator.render.feed_pictures import FeedPicture

NAMESPACE = "http://search.yahoo.com/mrss/"


class PictureFeedExtension(BaseExtension):  # type: ignore[misc]
    """Declares the namespace of `media:content` in RSS."""

    def extend_ns(self) -> dict[str, str]:
        """Name the namespace."""
        return {"media": NAMESPACE}


class PictureExtension(BaseEntryExtension):  # type: ignore[misc]
    """Adds a lead picture and a recording to an entry of feedgen's: `entry.picture.show(picture)`."""

    def __init__(self) -> None:
        self._picture: FeedPicture | None = None
        self._recording: dict[str, str] = {}

    def show(self, picture: FeedPicture) -> None:
        """Set the picture."""
        self._picture = picture

    def carry(self, url: str, facts: MediaFacts) -> None:
        """Set the recording that podcast programs play."""
        self._recording = {"url": url, "length": str(facts.size_bytes), "type": facts.type}

    def extend_rss(self, item: Any) -> Any:
        """Write `media:content`, with the description in it."""
        picture = self._picture
        if picture is not None:
            content = _add(item, f"{{{NAMESPACE}}}content", url=picture.src, type=picture.media_type, medium="image")
            if picture.width and picture.height:
                content.set("width", str(picture.width))
                content.set("height", str(picture.height))
            if picture.alt:
                _add(content, f"{{{NAMESPACE}}}description", type="plain").text = picture.alt
        if self._recording:
            _add(item, "enclosure", **self._recording)
        return item

    def extend_atom(self, entry: Any) -> Any:
        """Write a link to what belongs to the entry, with the description as its title."""
        picture, name = self._picture, "{http://www.w3.org/2005/Atom}link"
        if self._recording:
            url, length, kind = (self._recording[each] for each in ("url", "length", "type"))
            _add(entry, name, rel="enclosure", href=url, type=kind, length=length)
        if picture is not None:
            _add(entry, name, rel="enclosure", href=picture.src, type=picture.media_type, title=picture.alt)
        return entry


class LanguageExtension(BaseEntryExtension):  # type: ignore[misc]
    """Names the language of an entry that is not in the feed's: `entry.tongue.set("cy")`."""

    def __init__(self) -> None:
        self._language = ""

    def set(self, language: str) -> None:
        """Set the language, a BCP 47 tag."""
        self._language = language

    def extend_rss(self, item: Any) -> Any:
        """Write `dc:language`."""
        if self._language:
            _add(item, "{http://purl.org/dc/elements/1.1/}language").text = self._language
        return item

    def extend_atom(self, entry: Any) -> Any:
        """Write `xml:lang`."""
        if self._language:
            entry.set("{http://www.w3.org/XML/1998/namespace}lang", self._language)
        return entry


def _add(parent: Any, name: str, **attributes: str) -> Any:
    from lxml import etree

    return etree.SubElement(parent, name, {key: value for key, value in attributes.items() if value})
