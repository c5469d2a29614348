"""Pictures made for the newsletter's mails: a target for each that mail programs could not show as it is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from generator.model import Target
from generator.render.context import RenderContext
from generator.render.facade import Site
from generator.render.kinds import OutputKind, Phase
from generator.site.mail_pictures import MailPicture, mail_picture, thumbnail

MAIL_PICTURE, THUMBNAIL = "mail-picture", "mail-thumbnail"


def plan_mail_pictures(context: RenderContext) -> Iterable[tuple[Target, MailPicture]]:
    """List each picture that an issue may carry and that needs another form, or is too wide, and each thumbnail."""
    index = context.queries.index
    for path in sorted({path for each in index.issue_layouts.values() for path in each.pictures}):
        shown = mail_picture(path, index.pictures[path])
        if shown is not None and shown.suffix and path in index.files:
            yield Target(index.files[path] + shown.suffix, MAIL_PICTURE, (path,)), shown
    for path, focus in sorted({each for layout in index.issue_layouts.values() for each in layout.thumbnails}):
        cropped = thumbnail(index.pictures[path], focus)
        if cropped is not None and path in index.files:
            yield Target(index.files[path] + cropped.suffix, THUMBNAIL, (path, *map(str, focus))), cropped


def plan(context: RenderContext) -> Iterable[Target]:
    """Plan a file beside each of these pictures."""
    return (target for target, _ in plan_mail_pictures(context))


def render(target: Target, site: Site) -> Path:
    """Find the file of the picture in the form and size that mails show, or draw it. Raises: ContentError."""
    path = target.args[0]
    site.source_file(path)
    size = site.picture_size(path)
    assert size is not None, "only pictures are planned"
    focus = tuple(map(int, target.args[1:]))
    shown = thumbnail(size, (focus[0], focus[1])) if focus else mail_picture(path, size)
    assert shown is not None, "only what can be shown is planned"
    return site.context.for_mail(path, shown)


MAIL_PICTURES = OutputKind(
    {MAIL_PICTURE: "a picture made for mails", THUMBNAIL: "a thumbnail made for mails"},
    "PICTURE.mail.jpg",
    Phase.FILES,
    plan,
    render,
)
