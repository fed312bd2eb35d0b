"""Shows the notice of a purpose: what would be written about, how often at most, and how it ends."""

from typing import TypeAlias

from flows.engine.context import RARELY, Context
from flows.engine.decision import Reply
from flows.messages import notices
from flows.vocabulary import Purpose

Notice: TypeAlias = notices.NoticeRecall | notices.NoticePostvisit | notices.NoticeOffer

NOTICES: dict[Purpose, type[Notice]] = {
    Purpose.RECALL: notices.NoticeRecall,
    Purpose.POSTVISIT: notices.NoticePostvisit,
    Purpose.OFFER: notices.NoticeOffer,
}


def notice(purpose: Purpose, context: Context) -> Reply:
    """Word the notice of a purpose, with the bounds of the patient's policy."""
    at_most = context.clinic.at_most.get(purpose, RARELY)
    return Reply(text=NOTICES[purpose](most=at_most.messages, months=at_most.months))
