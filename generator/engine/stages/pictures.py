"""Within the fourth stage: draw the pictures that are stale and not kept from before, in several processes."""

from __future__ import annotations

from generator.engine.drawn_files import drawn_folder, prune
from generator.engine.mail_pictures import MailPictures
from generator.engine.renditions import Renditions
from generator.engine.request import BuildRequest
from generator.engine.social_cards import SocialCards
from generator.engine.stages.render import Reasons
from generator.model import Target
from generator.render.context import RenderContext
from generator.render.mail.pictures import MAIL_PICTURE, THUMBNAIL, plan_mail_pictures
from generator.render.pictures import NAME, plan_renditions
from generator.render.social_cards import plan_cards
from generator.site.social_cards import NAME as CARD
from generator.store.state import Store

_MEGABYTE = 1_000_000
_KINDS = (NAME, CARD, MAIL_PICTURE, THUMBNAIL)


class PictureDrawing:
    """The drawing of all pictures that stale targets need, which is done once."""

    def __init__(self, stale: Reasons, context: RenderContext, request: BuildRequest, store: Store) -> None:
        self._needed = (stale, context, request, store)
        self._is_done = False

    def draw(self) -> None:
        """Draw them now, unless that was done. Raises: OutputError."""
        if not self._is_done:
            self._is_done = True
            draw_pictures(*self._needed)

    def before(self, target: Target) -> None:
        """Draw them if a target that is about to be rendered is one of them: a page needs only their names."""
        if target.kind in _KINDS:
            self.draw()


def draw_pictures(stale: Reasons, context: RenderContext, request: BuildRequest, store: Store) -> None:
    """Draw what stale targets need, and delete what nothing needs if too much is kept. Raises: OutputError."""
    paths = {target.path for target in stale if target.kind in _KINDS}
    if not paths:
        return
    renditions, for_mail, cards = context.rendition, context.for_mail, context.cards
    assert isinstance(renditions, Renditions), "the plan made it"
    assert isinstance(for_mail, MailPictures), "the plan made it"
    assert isinstance(cards, SocialCards), "the plan made it"
    planned, planned_cards = dict(plan_renditions(context)), [card for _, card in plan_cards(context)]
    planned_mail = [*plan_mail_pictures(context)]
    wanted = {path: some for path, every in planned.items() if (some := [one for one in every if one.path in paths])}
    limit, progress = request.options.jobs, request.progress
    drawn = renditions.draw_missing(wanted, limit, progress)
    missing = ((target.args[0], shown) for target, shown in planned_mail if target.path in paths)
    drawn += for_mail.draw_missing(missing, limit, progress)
    drawn += cards.draw_missing((card for card in planned_cards if card.path in paths), limit, progress)
    if drawn:
        used = ((path, one) for path, every in planned.items() for one in every)
        of_mail = [for_mail.file(target.args[0], shown) for target, shown in planned_mail]
        files = (*renditions.files(used), *of_mail, *cards.files(planned_cards))
        prune(drawn_folder(request.root, store.folder), files, context.config.images.cache_size * _MEGABYTE)
