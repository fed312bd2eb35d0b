"""Changing a mobile number or an e-mail address: asked, read, read back, confirmed, stored.

Nothing is stored that the patient has not confirmed as it was read back.
"""

from flows.dialogs import buttons
from flows.dialogs.contact_in_text import contact_in, looks_like_an_attempt, slip_in
from flows.dialogs.person import wait_for_staff
from flows.dialogs.resting import letting_go, rest
from flows.dialogs.states import CheckingContact, ContactReadBack, ContactValueAsked, DetailAsked, Idle, WaitingForStaff
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Button, Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import (
    ChoicePressed,
    ContactChecked,
    ContactRefused,
    ContactStored,
    Event,
    NotUnderstood,
    PhoneShared,
    Proof,
    TextUnderstood,
)
from flows.engine.requests import ChangeContact, CheckContact
from flows.engine.state import State
from flows.meaning import Intent
from flows.messages import buttons as label
from flows.messages import contact as say
from flows.messages.text import Text
from flows.vocabulary import ContactKind, TicketReason, Urgency

contact = Dialog(name="contact")

KINDS = (ContactKind.MOBILE, ContactKind.EMAIL)
"""Contact details in the order of their buttons."""

MOST_FAILURES = 2


@contact.on(State, Choice.MY_DETAILS, ends=[DetailAsked])
def which_detail(state: State, _event: ChoicePressed, _context: Context) -> Outcome:
    """Ask which detail is to be changed."""
    return ask(DetailAsked(), requests=letting_go(state))


@contact.on(State, Intent.UPDATE_CONTACT, ends=[CheckingContact, ContactValueAsked, DetailAsked])
def detail_as_said(state: State, event: TextUnderstood, _context: Context) -> Outcome:
    """Read the detail if the message holds it; else ask for the one that is named, or which it is."""
    found = contact_in(event.text) or slip_in(event.text)
    if found is None:
        named = event.meaning.contact
        return ask(DetailAsked() if named is None else ContactValueAsked(kind=named), requests=letting_go(state))
    check = CheckContact(kind=found.kind, raw=found.raw)
    return go(CheckingContact(kind=found.kind), requests=(*letting_go(state), check))


@contact.on(State, PhoneShared, ends=[CheckingContact])
def number_as_shared(state: State, event: PhoneShared, _context: Context) -> Outcome:
    """Read the number that was shared."""
    check = CheckContact(kind=ContactKind.MOBILE, raw=event.number)
    return go(CheckingContact(kind=ContactKind.MOBILE), requests=(*letting_go(state), check))


@contact.on(DetailAsked, Choice.FIELD, ends=[ContactValueAsked, STAY])
def ask_for_value(state: DetailAsked, event: ChoicePressed, _context: Context) -> Outcome:
    """Ask for the number or address that was pressed."""
    if event.argument >= len(KINDS):
        return ask(state)
    return ask(ContactValueAsked(kind=KINDS[event.argument]))


def _tries(_state: State, event: TextUnderstood, _context: Context) -> bool:
    return looks_like_an_attempt(event.text)


def _holds(_state: State, event: TextUnderstood, _context: Context) -> bool:
    return contact_in(event.text) is not None


@contact.on(ContactValueAsked, TextUnderstood, ends=[CheckingContact], when=_tries)
def read_value(state: ContactValueAsked, event: TextUnderstood, _context: Context) -> Outcome:
    """Read what looks like a number or address; one of the other kind is taken for what it is."""
    found = contact_in(event.text)
    kind, raw = (found.kind, found.raw) if found else (state.kind, event.text)
    return go(CheckingContact(kind=kind, failed=state.failed), requests=(CheckContact(kind=kind, raw=raw),))


@contact.on(DetailAsked, TextUnderstood, ends=[CheckingContact], when=_holds)
@contact.on(ContactReadBack, TextUnderstood, ends=[CheckingContact], when=_holds)
def read_another_value(state: State, event: TextUnderstood, context: Context) -> Outcome:
    """Read a number or address that was written instead of pressing."""
    return detail_as_said(state, event, context)


@contact.on(ContactValueAsked, NotUnderstood, ends=[ContactValueAsked, WaitingForStaff])
def not_a_value(state: ContactValueAsked, _event: NotUnderstood, context: Context) -> Outcome:
    """Ask again where something else was written."""
    return ask_again(state, state.kind, state.failed + 1, context)


@contact.on(CheckingContact, ContactRefused, ends=[ContactValueAsked, WaitingForStaff])
def refused(state: CheckingContact, event: ContactRefused, context: Context) -> Outcome:
    """Ask again where it is no such detail."""
    return ask_again(state, event.kind, state.failed + 1, context)


def ask_again(state: State, kind: ContactKind, failed: int, _context: Context) -> Outcome:
    """Ask again with an example; the second time a person takes it down."""
    if failed >= MOST_FAILURES:
        return wait_for_staff(state, say.PersonTakesDetail(), reason=TicketReason.QUESTION, urgency=Urgency.WHEN_FREE)
    return ask(ContactValueAsked(kind=kind, failed=failed))


@contact.on(CheckingContact, ContactChecked, ends=[ContactReadBack])
def read_back(_state: CheckingContact, event: ContactChecked, _context: Context) -> Outcome:
    """Read the detail back."""
    return ask(ContactReadBack(kind=event.kind, value=event.value, shown=event.shown))


@contact.on(ContactReadBack, Choice.CORRECT, Intent.YES, ends=[STAY])
def store(state: ContactReadBack, _event: Event, _context: Context) -> Outcome:
    """Store the detail the patient confirmed."""
    return go(state, requests=(ChangeContact(kind=state.kind, value=state.value),))


@contact.on(ContactReadBack, ContactStored, ends=[Idle])
def thank(state: ContactReadBack, event: ContactStored, _context: Context) -> Outcome:
    """Say that the detail is stored, and what comes to a mailbox that has yet to be proven."""
    if event.proof is Proof.MAILED:
        return go(rest(state), Reply(text=say.EmailToProve()))
    return go(rest(state), Reply(text=say.MobileChanged() if state.kind is ContactKind.MOBILE else say.EmailChanged()))


@contact.on(ContactReadBack, Choice.WRONG, Intent.NO, ends=[ContactValueAsked])
def ask_for_it_anew(state: ContactReadBack, _event: Event, _context: Context) -> Outcome:
    """Ask for the detail anew where it was read back wrong."""
    return ask(ContactValueAsked(kind=state.kind))


@contact.on(ContactReadBack, Intent.UPDATE_CONTACT, ends=[ContactValueAsked])
def correct_it(state: ContactReadBack, event: TextUnderstood, _context: Context) -> Outcome:
    """Ask for the detail that is named, or anew for the one that was read back."""
    return ask(ContactValueAsked(kind=event.meaning.contact or state.kind))


@contact.question(DetailAsked)
def ask_which(_state: DetailAsked, _context: Context) -> Reply:
    """Ask which detail is to be changed."""
    labels: tuple[Text, ...] = (label.ButtonMobile(), label.ButtonEmail())
    fields = tuple(Button(choice=Choice.FIELD, label=each, argument=place) for place, each in enumerate(labels))
    return Reply(text=say.WhichDetail(), buttons=(*fields, buttons.PERSON))


@contact.question(ContactValueAsked)
def ask_value(state: ContactValueAsked, _context: Context) -> Reply:
    """Ask for the number or address; after a failure with an example."""
    first = {ContactKind.MOBILE: say.AskMobile(), ContactKind.EMAIL: say.AskEmail()}
    again = {ContactKind.MOBILE: say.AskMobileAgain(), ContactKind.EMAIL: say.AskEmailAgain()}
    return Reply(text=(again if state.failed else first)[state.kind], buttons=(buttons.PERSON,))


@contact.question(ContactReadBack)
def ask_whether_right(state: ContactReadBack, _context: Context) -> Reply:
    """Read the detail back and ask whether it is right."""
    words = say.ReadBackMobile if state.kind is ContactKind.MOBILE else say.ReadBackEmail
    return Reply(text=words(shown=state.shown), buttons=(buttons.CORRECT, buttons.WRONG, buttons.PERSON))
