"""Lets the dialog decide and carries out what it asks for, until nothing is left to answer.

At most three answers follow one event; a dialog that asks for more is at fault, and its turn is undone.
"""

from dataclasses import dataclass, replace

from bot.services.carrying_out import carry_out
from bot.services.people import speaking
from bot.services.situation import Situation
from flows.dialogs import asked_again, step
from flows.dialogs.language import with_offer
from flows.engine.context import Context
from flows.engine.decision import Reply
from flows.engine.events import Event, LanguageChosen, VisitBooked, VisitCancelled
from flows.engine.requests import BookSlot, CancelVisit, ChangeContact, ConfirmVisit, RecordConsent, Request
from flows.engine.state import Chat
from flows.slots import BookedVisit
from flows.vocabulary import Language

MOST_HOPS = 3


class TooManyHopsError(RuntimeError):
    """A dialog kept asking; its rules go in a circle."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decided:
    """Where the chat stands now, and what is said. visit: the booked visit the replies may speak of.

    is_new: that visit was made just now. done: what was carried out on the way. language: what the patient chose just
    now to be written to in, if they did.
    """

    chat: Chat
    replies: tuple[Reply, ...]
    visit: BookedVisit | None
    is_new: bool = False
    done: tuple[Request, ...] = ()
    language: Language | None = None


def decide(chat: Chat, event: Event, context: Context, here: Situation, *, binds: bool = True) -> Decided:
    """Run the chat from an event to rest, inside the open transaction. Raises TooManyHopsError.

    binds: False for words that were put in later: they may have been no answer to what was asked meanwhile, so what
    would bind the patient is asked again instead.
    """
    replies: list[Reply] = []
    done: list[Request] = []
    visit, is_new = context.visit, False
    begun, happened, asked_in = chat, event, context
    language: Language | None = None
    for _ in range(MOST_HOPS + 1):
        decision = step(chat, event, context)
        if not binds and any(map(_is_binding, decision.requests)):
            decision = asked_again(chat, context)
        chat = decision.chat
        replies.extend(decision.replies)
        done.extend(decision.requests)
        answers = [carry_out(request, here) for request in decision.requests]
        answer = next((answer for answer in answers if answer is not None), None)
        if answer is None:
            chat, said = with_offer(begun, happened, asked_in, chat, replies, done)
            return Decided(chat=chat, replies=said, visit=visit, is_new=is_new, done=tuple(done), language=language)
        event = answer
        if isinstance(answer, VisitBooked | VisitCancelled):
            visit = answer.visit
            is_new = any(isinstance(request, BookSlot) and request.moving is None for request in decision.requests)
            context = replace(context, visit=visit if isinstance(answer, VisitBooked) else None)
        if isinstance(answer, LanguageChosen):
            language = answer.language
            context = speaking(context, language, here.clinic)
    raise TooManyHopsError


def _is_binding(request: Request) -> bool:
    """Whether it is what only an answer to a question may bring about; to refuse messages is none of it."""
    match request:
        case BookSlot() | CancelVisit() | ConfirmVisit() | ChangeContact():
            return True
        case RecordConsent(permitted=permitted):
            return bool(permitted)
        case _:
            return False
