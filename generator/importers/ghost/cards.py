"""Write Ghost's cards as HTML: pictures, galleries, bookmarks, callouts and the like."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from html import escape
from typing import Any

Card = Mapping[str, Any]
_KIND = re.compile(r"[\w+#-]{1,30}")


def write_card(name: str, card: Card) -> str | None:
    """Write a card, `image` for example; None for one that we do not know."""
    write = _CARDS.get(name)
    return write(card) if write is not None else None


def _text(card: Card, *names: str) -> str:
    return next((value for name in names if isinstance(value := card.get(name), str) and value), "")


def _image(card: Card) -> str:
    if not (src := _text(card, "src")):
        return ""
    picture = f'<img src="{escape(src)}" alt="{escape(_text(card, "alt", "altText"))}">'
    if link := _text(card, "href"):
        picture = f'<a href="{escape(link)}">{picture}</a>'
    return _captioned(picture, card)


def _captioned(inner: str, card: Card) -> str:
    caption = _text(card, "caption")
    return f"<figure>{inner}<figcaption>{caption}</figcaption></figure>" if caption else f"<p>{inner}</p>"


def _gallery(card: Card) -> str:
    images = card.get("images")
    shown = [_image(each) for each in images if isinstance(each, Mapping)] if isinstance(images, list) else []
    caption = _text(card, "caption")
    return "\n".join(shown) + (f"<p>{caption}</p>" if caption else "")


def _code(card: Card) -> str:
    language = _text(card, "language")
    kind = f' class="language-{language}"' if _KIND.fullmatch(language) else ""
    caption = _text(card, "caption")
    pre = f"<pre><code{kind}>{escape(_text(card, 'code'), quote=False)}</code></pre>"
    return pre + (f"<p>{caption}</p>" if caption else "")


def _html(card: Card) -> str:
    return _text(card, "html")


def _markdown(card: Card) -> str:
    from markdown import markdown

    return markdown(_text(card, "markdown"), extensions=["tables", "fenced_code"])


def _link(card: Card) -> str:
    """Write a bookmark or an embed as a link with its title."""
    inner = card.get("metadata")
    facts: Card = inner if isinstance(inner, Mapping) else card
    url = _text(card, "url") or _text(facts, "url")
    if not url:
        return _html(card)
    words = _text(facts, "title") if "description" in facts or card.get("type") == "bookmark" else ""
    described = f"<br>{escape(_text(facts, 'description'))}" if words and _text(facts, "description") else ""
    caption = f"<p>{_text(card, 'caption')}</p>" if _text(card, "caption") else ""
    return f'<p><a href="{escape(url)}">{escape(words or url)}</a>{described}</p>{caption}'


def _callout(card: Card) -> str:
    sign = _text(card, "calloutEmoji")
    return f"<blockquote><p>{escape(sign)}{' ' if sign else ''}{_text(card, 'calloutText')}</p></blockquote>"


def _toggle(card: Card) -> str:
    return f"<details><summary>{_text(card, 'heading')}</summary>{_text(card, 'content')}</details>"


def _button(card: Card) -> str:
    url, words = _text(card, "buttonUrl"), _text(card, "buttonText")
    return f'<p><a href="{escape(url)}">{escape(words or url)}</a></p>' if url else ""


def _player(tag: str) -> Callable[[Card], str]:
    def write(card: Card) -> str:
        if not (src := _text(card, "src")):
            return ""
        title = _text(card, "title")
        name = f"<p>{escape(title)}</p>" if title else ""
        return name + _captioned(f'<{tag} controls src="{escape(src)}"></{tag}>', card)

    return write


def _file(card: Card) -> str:
    words = _text(card, "fileTitle", "fileName", "src")
    more = f"<br>{escape(_text(card, 'fileCaption'))}" if _text(card, "fileCaption") else ""
    return f'<p><a href="{escape(_text(card, "src"))}">{escape(words)}</a>{more}</p>' if words else ""


def _product(card: Card) -> str:
    title, words = _text(card, "productTitle"), _text(card, "productDescription")
    image = _image({"src": _text(card, "productImageSrc")})
    button = _button({"buttonUrl": _text(card, "productUrl"), "buttonText": _text(card, "productButton")})
    return f"{image}<h4>{title}</h4>{words}{button}"


def _header(card: Card) -> str:
    button = _button({"buttonUrl": _text(card, "buttonUrl"), "buttonText": _text(card, "buttonText")})
    title, words = _text(card, "header"), _text(card, "subheader")
    return f"<h2>{title}</h2>{f'<p>{words}</p>' if words else ''}{button}"


def _call_to_action(card: Card) -> str:
    image = _image({"src": _text(card, "imageUrl")})
    return f"{image}{_text(card, 'textValue')}{_button(card)}"


def _nothing(_: Card) -> str:
    return ""


_CARDS: dict[str, Callable[[Card], str]] = {
    "image": _image,
    "gallery": _gallery,
    "code": _code,
    "codeblock": _code,
    "html": _html,
    "markdown": _markdown,
    "card-markdown": _markdown,
    "bookmark": _link,
    "embed": _link,
    "callout": _callout,
    "toggle": _toggle,
    "button": _button,
    "video": _player("video"),
    "audio": _player("audio"),
    "file": _file,
    "product": _product,
    "header": _header,
    "call-to-action": _call_to_action,
    "hr": lambda _: "<hr>",
    "horizontalrule": lambda _: "<hr>",
    "email": _nothing,
    "email-cta": _nothing,
    "paywall": _nothing,
    "signup": _nothing,
}
