"""What happens next in a chat: all dialogs, bound into one book of rules."""

from flows.dialogs.answers import answers
from flows.dialogs.booking import booking
from flows.dialogs.cancel import cancel
from flows.dialogs.checkin import checkin
from flows.dialogs.consent import consent
from flows.dialogs.contact import contact
from flows.dialogs.days import days
from flows.dialogs.later import later
from flows.dialogs.objections import objections
from flows.dialogs.person import person
from flows.dialogs.recall import recall
from flows.dialogs.repair import repair
from flows.dialogs.safety import safety
from flows.dialogs.searching import searching
from flows.dialogs.settings import settings
from flows.dialogs.stop import stop
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

__all__ = ["BOOK", "step"]

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
    person,
    safety,
    answers,
    repair,
)


def step(chat: Chat, event: Event, context: Context) -> Decision:
    """Decide what follows from an event in a chat. The same input gives the same decision."""
    return engine.step(BOOK, chat, event, context)
