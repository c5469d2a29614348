"""Pictures made for the newsletter's mails: a target for each that mail programs could not show as it is."""

from __future__ import annotations

from collections.abc import Iterable

from generator.errors import ContentError, error
from generator.model import Target
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.kinds import OutputKind, Phase
from generator.site.mail_pictures import mail_picture, thumbnail


def plan(context: RenderContext) -> Iterable[Target]:
    """Plan a file beside each picture that an issue may carry and that needs another form, or is too wide."""
    index = context.queries.index
    for path in sorted({path for each in index.issue_layouts.values() for path in each.pictures}):
        shown = mail_picture(path, index.pictures[path])
        if shown is not None and shown.suffix and path in index.files:
            yield Target(index.files[path] + shown.suffix, "mail-picture", (path,))
    for path, focus in sorted({each for layout in index.issue_layouts.values() for each in layout.thumbnails}):
        cropped = thumbnail(index.pictures[path], focus)
        if cropped is not None and path in index.files:
            yield Target(index.files[path] + cropped.suffix, "mail-thumbnail", (path, *map(str, focus)))


def render(target: Target, site: Site) -> bytes:
    """Draw a picture in the form and size that mails show."""
    from generator.images import pixels
    from generator.images.picture import DamagedError

    path = target.args[0]
    file, size = site.source_file(path), site.picture_size(path)
    assert size is not None, "only pictures are planned"
    focus = tuple(map(int, target.args[1:]))
    shown = thumbnail(size, (focus[0], focus[1])) if focus else mail_picture(path, size)
    assert shown is not None, "only what can be shown is planned"
    try:
        if focus:
            return pixels.crop(
                size.kind, file.read_bytes(), shown.width, shown.height, (focus[0], focus[1]), shown.form
            )
        return pixels.scale(size.kind, file.read_bytes(), shown.width, shown.height, shown.form)
    except DamagedError as reason:
        hint = "Save it again, or copy it again from where it came from."
        problem = error(path, "picture-damaged", f"This picture cannot be made smaller for mails: {reason}.", hint)
        raise ContentError(problem) from reason


MAIL_PICTURES = OutputKind(
    {"mail-picture": "a picture made for mails", "mail-thumbnail": "a thumbnail made for mails"},
    "PICTURE.mail.jpg",
    Phase.FILES,
    plan,
    render,
)
