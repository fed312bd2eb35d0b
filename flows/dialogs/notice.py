"""Shows the notice of a purpose: what would be written about, how often at most, and how it ends."""

from typing import TypeAlias

from flows.engine.context import Context
from flows.engine.decision import Reply
from flows.messages import notices
from flows.vocabulary import Purpose

Notice: TypeAlias = notices.NoticeRecall | notices.NoticePostvisit | notices.NoticeOffer

NOTICES: dict[Purpose, type[Notice]] = {
    Purpose.RECALL: notices.NoticeRecall,
    Purpose.POSTVISIT: notices.NoticePostvisit,
    Purpose.OFFER: notices.NoticeOffer,
}

SURELY_ALLOWED = 1
"""Messages a year that are promised where nobody tells a bound."""


def notice(purpose: Purpose, context: Context) -> Reply:
    """Word the notice of a purpose, with the bounds of the patient's policy."""
    return Reply(text=NOTICES[purpose](most=context.clinic.at_most.get(purpose, SURELY_ALLOWED)))
