"""The modal with the texts that an opening's people paste wherever they like."""

from slack_sdk.models.blocks import Block, DividerBlock

from bot.library.formats import ShareFormat
from bot.services.openings.sharing import Shared
from handlers.views.common import Json, context, header, modal, plain, preformatted
from handlers.views.rich import bold, line

HINTS = {
    ShareFormat.WHO_IS_HIRING: "For the monthly thread. It asks that someone who works at the "
    "company posts, once a month.",
    ShareFormat.LINKEDIN: "A post in your own words works best: change what you like.",
    ShareFormat.SHORT: "At most 300 characters. X takes 280, a link counts as 23 of them.",
    ShareFormat.SLACK_COMMUNITY: "Read the channel's rules first; many have one channel for jobs.",
}


def share(shared: Shared) -> Json:
    """Each text in a box of its own, to be copied."""
    blocks: list[Block] = [
        header(shared.sheet.job.opening.title),
        plain("Copy a text and paste it where you want it. Nothing is posted from here."),
    ]
    if not shared.names_company:
        blocks.append(context("These don't name your company yet. Add its name as you paste."))
    for where, text in shared.texts.items():
        blocks += [DividerBlock(), line(bold(where.label)), context(HINTS[where])]
        blocks.append(preformatted(text))
    return modal("Share", blocks, close="Close")
