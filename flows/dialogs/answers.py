"""Things said beside the question: prices, questions, pleasantries, praise and blame, a yes or no to nothing.

They are answered shortly, and the open question is asked again.
"""

from flows.dialogs import buttons
from flows.dialogs.objections import offer_the_step_again
from flows.dialogs.person import WAITS, wait_for_staff
from flows.dialogs.states import Closed, Frozen, Idle, Objected, WaitingForStaff
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Attachment, Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import AttachmentReceived, Event, PhoneNotOwn, TextUnderstood
from flows.engine.requests import OpenTicket
from flows.engine.state import State
from flows.meaning import Flag, Intent
from flows.messages import answers as say
from flows.messages import person as say_of_waiting
from flows.messages import repair as say_of_repair
from flows.messages import safety as say_of_safety
from flows.messages.text import Text
from flows.vocabulary import AttachmentKind, TicketReason, Urgency

answers = Dialog(name="answers")

QUIET = (WaitingForStaff, Frozen, Closed)
"""States whose question is no question, and need not be said again after every answer."""


def beside(state: State, text: Text, context: Context) -> Outcome:
    """Answer, then ask the open question again; where nothing is open, offer what can be done."""
    if isinstance(state, Idle):
        return go(state, Reply(text=text, buttons=(buttons.time_or_visit(context), buttons.PERSON)))
    if isinstance(state, QUIET):
        return go(state, Reply(text=text, buttons=(buttons.PERSON,)))
    if isinstance(state, Objected) and context.visit is None:
        # Asked again it is "what can we do for you?": the steps below the answer say as much.
        return go(state, Reply(text=text, buttons=offer_the_step_again(state, context).buttons))
    return ask(state, Reply(text=text))


def pass_on(state: State, text: Text, context: Context) -> Outcome:
    """Answer that staff will, and ask the open question again; whoever waits for them already is told it is noted."""
    if isinstance(state, WaitingForStaff):
        return go(state, Reply(text=say_of_waiting.Noted()))
    told = beside(state, text, context)
    ticket = OpenTicket(reason=TicketReason.QUESTION, urgency=Urgency.TODAY)
    return Outcome(state=told.state, replies=told.replies, requests=(ticket,), asks=told.asks)


def pass_file_on(state: State, text: Text, context: Context) -> Outcome:
    """Answer what becomes of a file, to whoever waits for staff too; their ticket is not opened twice."""
    return go(state, Reply(text=text)) if isinstance(state, WaitingForStaff) else pass_on(state, text, context)


@answers.on(State, Intent.PRICE_QUESTION, ends=[STAY])
def price(state: State, _event: TextUnderstood, context: Context) -> Outcome:
    """Say the fees in the clinic's own words, or have staff answer."""
    if "fees" in context.clinic.says:
        return beside(state, say.Fees(), context)
    return pass_on(state, say.FeesFromPerson(), context)


@answers.on(State, Intent.INFO_QUESTION, ends=[STAY])
def question(state: State, _event: TextUnderstood, context: Context) -> Outcome:
    """Have staff answer."""
    return pass_on(state, say.QuestionPassedOn(), context)


@answers.on(State, AttachmentReceived, ends=[STAY])
def attachment(state: State, event: AttachmentReceived, context: Context) -> Outcome:
    """Have staff look at a picture or a file, and listen to a voice; answer a sticker kindly, a place with ours."""
    match event.kind:
        case AttachmentKind.STICKER:
            return beside(state, say.Pleasantry(), context)
        case AttachmentKind.PLACE:
            return where_we_are(state, event, context)
        case _ if not event.kept:
            return pass_file_on(state, say_of_repair.FileNotKept(), context)
        case AttachmentKind.VOICE:
            return pass_file_on(state, say_of_repair.VoicePassedOn(), context)
        case _:
            return pass_file_on(state, say_of_repair.AttachmentPassedOn(), context)


@answers.on(State, Choice.WHERE, ends=[STAY])
def where_we_are(state: State, _event: Event, _context: Context) -> Outcome:
    """Say where the practice is, with the place on the map, and ask the open question again."""
    here = Reply(text=say.HereWeAre(), attachment=Attachment.VENUE)
    return go(state, here) if isinstance(state, (Idle, *QUIET)) else ask(state, here)


@answers.on(State, PhoneNotOwn, ends=[STAY])
def number_of_another(state: State, _event: PhoneNotOwn, context: Context) -> Outcome:
    """Have staff look at a number that is somebody else's."""
    return pass_on(state, say_of_repair.AttachmentPassedOn(), context)


@answers.on(State, Intent.CHITCHAT, Intent.YES, Intent.NO, ends=[STAY])
def pleasantry(state: State, _event: Event, context: Context) -> Outcome:
    """Answer in a friendly line."""
    return beside(state, say.Pleasantry(), context)


@answers.on(State, Intent.FEEDBACK_GOOD, ends=[STAY])
def praise(state: State, _event: TextUnderstood, context: Context) -> Outcome:
    """Say thanks."""
    return beside(state, say.PraisePassedOn(), context)


@answers.on(State, Intent.FEEDBACK_BAD, ends=WAITS)
def blame(state: State, _event: TextUnderstood, _context: Context) -> Outcome:
    """Say sorry, and tell staff."""
    return wait_for_staff(state, say.BlamePassedOn(), reason=TicketReason.WORRY, urgency=Urgency.TODAY)


@answers.on(State, Flag.ROBOT_QUESTION, ends=[STAY])
def robot(state: State, _event: TextUnderstood, _context: Context) -> Outcome:
    """Say yes, and go on."""
    return ask(state, Reply(text=say.YesRobot()))


@answers.on(State, Flag.MINOR, ends=[STAY])
def minor(state: State, _event: TextUnderstood, _context: Context) -> Outcome:
    """Say who decides for whoever is under age, and let staff know; the talk goes on."""
    noted = Reply(text=say_of_safety.MinorNoted())
    return go(state, noted, requests=(OpenTicket(reason=TicketReason.MINOR, urgency=Urgency.TODAY),))
