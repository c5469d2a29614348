"""What the tests of this room share: ways from a text to a body, and from a body to a page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from generator.markup.body import convert_markdown
from generator.markup.placeholders import Context, Shown, resolve
from generator.markup.settings import MarkupSettings
from generator.model import Body

Convert = Callable[..., Body]
Show = Callable[..., str]


@pytest.fixture(scope="session")
def body_of() -> Convert:
    """Convert a text as the post `a-post`, with any settings."""

    def convert_text(text: str, **settings: object) -> Body:
        given = MarkupSettings(**settings)  # type: ignore[arg-type]
        return convert_markdown(text, path="content/posts/a-post.md", slug="a-post", settings=given)

    return convert_text


@pytest.fixture(scope="session")
def show() -> Show:
    """Resolve a body as if every link and picture existed under its own address."""

    def resolve_body(body: Body, context: Context = Context.PAGE, **options: object) -> str:
        html = str(options.pop("html", body.html))
        links = [link.target for link in body.links]
        images = [Shown(picture.src, 400, 300) for picture in body.images]
        return resolve(html, context, links=links, images=images, **options)  # type: ignore[arg-type]

    return resolve_body
