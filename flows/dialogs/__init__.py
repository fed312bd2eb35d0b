"""What happens next in a chat: all dialogs, bound into one book of rules."""

from flows.dialogs.answers import answers
from flows.dialogs.booking import booking
from flows.dialogs.cancel import cancel
from flows.dialogs.checkin import checkin
from flows.dialogs.closed_now import with_return
from flows.dialogs.consent import consent
from flows.dialogs.contact import contact
from flows.dialogs.days import days
from flows.dialogs.household import household
from flows.dialogs.interruptions import interruptions
from flows.dialogs.knowing import knowing
from flows.dialogs.language import language
from flows.dialogs.later import later
from flows.dialogs.objections import objections
from flows.dialogs.pain import pain
from flows.dialogs.person import person
from flows.dialogs.recall import recall
from flows.dialogs.repair import repair
from flows.dialogs.safety import safety
from flows.dialogs.searching import searching
from flows.dialogs.settings import settings
from flows.dialogs.stop import stop
from flows.dialogs.strangers import strangers
from flows.dialogs.times import times
from flows.dialogs.visit import visit
from flows.dialogs.ways import ways
from flows.dialogs.welcome import welcome
from flows.engine import step as engine
from flows.engine.context import Context
from flows.engine.decision import Decision
from flows.engine.dialog import Book
from flows.engine.events import Event
from flows.engine.state import Chat

__all__ = ["BOOK", "DIALOGS", "STRANGERS", "asked_again", "step"]

BOOK = Book.bind(
    welcome,
    recall,
    searching,
    times,
    days,
    booking,
    visit,
    cancel,
    objections,
    later,
    checkin,
    contact,
    consent,
    ways,
    settings,
    stop,
    pain,
    person,
    safety,
    answers,
    household,
    language,
    interruptions,
    repair,
)
"""What holds for patients."""

STRANGERS = Book.bind(knowing, strangers, language, interruptions)
"""All that holds for whoever is not known yet; what stands in no rule of these cannot be said to them."""

DIALOGS = (*BOOK.dialogs, knowing, strangers)


def step(chat: Chat, event: Event, context: Context) -> Decision:
    """Decide what follows from an event in a chat. The same input gives the same decision."""
    return with_return(engine.step(_book(context), chat, event, context), context)


def asked_again(chat: Chat, context: Context) -> Decision:
    """Let a chat ask its open question once more, and stay where it is; nothing is said where none is open."""
    question = _book(context).ask_again(chat.state, context)
    return Decision(chat=chat, replies=() if question is None else (question,))


def _book(context: Context) -> Book:
    return BOOK if context.patient.known else STRANGERS
