"""A message plainly in another language than the patient is written to in: answered, and that language offered, once.

The offer stands under the answer and takes nothing away from it. Where there is danger, a stop, a death, a mistake or a
complaint, and while staff speak, nothing is offered.
"""

from collections.abc import Sequence
from dataclasses import replace

from flows.dialogs import buttons
from flows.dialogs.answers import beside
from flows.dialogs.states import CancelMeant, Closed, ForWhomAsked, Frozen
from flows.engine.choices import Choice
from flows.engine.context import Context
from flows.engine.decision import Button, Offer, Outcome, Reply, ask, go
from flows.engine.dialog import STAY, Dialog
from flows.engine.events import ChoicePressed, Event, LanguageChosen, TextUnderstood
from flows.engine.requests import ChooseLanguage, FreezeProgramme, RecordStop, Request
from flows.engine.state import Chat, State
from flows.meaning import Flag, Intent
from flows.messages import buttons as label
from flows.messages import language as say
from flows.vocabulary import Language, Owner, Reach

language = Dialog(name="language")

LANGUAGES = tuple(Language)
"""The languages by the place that a button carries."""

NOT_BESIDE = frozenset(
    {Intent.URGENT, Intent.DECEASED, Intent.WRONG_PERSON, Intent.STOP, Intent.ERASE, Intent.COMPLAINT}
)
NOT_BESIDE_FLAGS = frozenset({Flag.CRISIS, Flag.LEGAL, Flag.DENIED_URGENT})
UNFIT = (Frozen, Closed, ForWhomAsked, CancelMeant)
"""States in which staff are at it, or it is open for whom they write, or whether they said stop."""

LEAVING_ALONE = (RecordStop, FreezeProgramme)
"""What must be done undisturbed, whatever was understood."""


@language.on(State, Choice.LANGUAGE, ends=[STAY])
def choose(state: State, event: ChoicePressed, context: Context) -> Outcome:
    """Have the language changed, if it is another; to ask for one in words is to press this too."""
    chosen = LANGUAGES[event.argument : event.argument + 1]
    if not chosen:
        return ask(state)
    if chosen[0] is context.patient.language:
        return keep(state, event, context)
    return go(state, requests=(ChooseLanguage(language=chosen[0]),))


@language.on(State, LanguageChosen, ends=[STAY])
def go_on_in_it(state: State, _event: LanguageChosen, context: Context) -> Outcome:
    """Say so in the new language, and ask the open question again."""
    return beside(state, say.LanguageChanged(), context)


@language.on(State, Choice.KEEP_LANGUAGE, ends=[STAY])
def keep(state: State, _event: ChoicePressed, context: Context) -> Outcome:
    """Say so, and ask the open question again."""
    return beside(state, say.LanguageKept(), context)


def with_offer(
    before: Chat, event: Event, context: Context, after: Chat, replies: Sequence[Reply], done: Sequence[Request]
) -> tuple[Chat, tuple[Reply, ...]]:
    """Put the offer of another language under the last reply to a text, where it belongs, and remember it.

    Args:
        before: the chat as it was when the event came.
        event: what happened.
        context: the world as it was then.
        after: the chat at rest.
        replies: all that is said, in order.
        done: all that was asked of the house on the way.

    Returns:
        The chat and the replies, changed or not.
    """
    if any(isinstance(request, ChooseLanguage) for request in done):
        # Chosen by their own act: if they write in another language again, they may be asked again.
        return replace(after, offered=frozenset()), tuple(replies)
    wanted = _plainly_another(event, context)
    if wanted is None or wanted in before.offered or not _fits(before, after, context, replies, done):
        return after, tuple(replies)
    offered = replace(replies[-1], offer=_offer(wanted))
    return replace(after, offered=after.offered | {wanted}), (*replies[:-1], offered)


def _plainly_another(event: Event, context: Context) -> Language | None:
    if not isinstance(event, TextUnderstood):
        return None
    meaning = event.meaning
    if meaning.language == context.patient.language:
        return None
    undisturbed = meaning.intent in NOT_BESIDE or meaning.flags & NOT_BESIDE_FLAGS
    return None if undisturbed else meaning.language


def _fits(before: Chat, after: Chat, context: Context, replies: Sequence[Reply], done: Sequence[Request]) -> bool:
    if context.owner is Owner.STAFF or not replies:
        return False
    if any(isinstance(chat.state, UNFIT) for chat in (before, after)):
        return False
    everyday = all(reply.reach is Reach.BOT_ONLY for reply in replies)
    return everyday and not any(isinstance(request, LEAVING_ALONE) for request in done)


def _offer(wanted: Language) -> Offer:
    speak = Button(choice=Choice.LANGUAGE, label=label.ButtonSpeakThis(), argument=LANGUAGES.index(wanted))
    return Offer(language=wanted, text=say.LanguageOffered(), buttons=(speak, buttons.KEEP_LANGUAGE))
