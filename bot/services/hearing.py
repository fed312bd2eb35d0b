"""From what a patient sent to what happened, as dialogs are told: pressed, wrote and meant, opened, sent something.

Costs time, so it happens outside any transaction, on a snapshot of the conversation.
"""

from bot.services.clinic import Clinic
from bot.services.ports import Clock, OutgoingButton
from bot.services.talk import Talk
from bot.services.updates import LONGEST_TEXT, Content, Opened, Pressed, SentFile, Wrote
from bot.understanding import Reading, Understander, typed_button
from bot.understanding.normal import normalise
from flows.dialogs.states import Invited, Offered
from flows.engine.choices import Payload
from flows.engine.events import AttachmentReceived, ChatOpened, ChoicePressed, Event, TextUnderstood
from flows.engine.state import State
from flows.meaning import Expecting, Intent
from flows.slots import Slot
from storage.records.talks import ConversationSnapshot

NEVER_GUESSED = frozenset(
    {Intent.URGENT, Intent.DECEASED, Intent.WRONG_PERSON, Intent.STOP, Intent.ERASE, Intent.CANCEL}
)


class Ear:
    """Hears patients."""

    def __init__(self, *, clinic: Clinic, clock: Clock, understander: Understander) -> None:
        """Take what reads texts."""
        self._clinic = clinic
        self._clock = clock
        self._understander = understander

    def hear(self, content: Content, snapshot: ConversationSnapshot, talk: Talk) -> Event:
        """Tell what happened; never raises for anything a patient can send."""
        match content:
            case Opened():
                return ChatOpened()
            case SentFile():
                return AttachmentReceived()
            case Pressed(payload=payload):
                return _pressed(payload)
            case Wrote(text=text):
                return self._read(text[:LONGEST_TEXT], snapshot, talk)

    def _read(self, text: str, snapshot: ConversationSnapshot, talk: Talk) -> Event:
        state = talk.chat.state
        language = self._clinic.language_of(snapshot.patient.language)
        reading = Reading(
            language=language,
            expecting=state.expecting,
            now=self._clock.now(),
            zone=self._clinic.zone,
            offers=tuple(slot.starts_at for slot in _offers(state)),
            visit=snapshot.visit.slot.starts_at if snapshot.visit else None,
        )
        meaning = self._understander.understand(text, reading)
        button = _typed(text, meaning.intent, talk, self._understander.courtesies(language))
        return _pressed(Payload.decode(button.payload)) if button else TextUnderstood(text=text, meaning=meaning)


def _typed(text: str, intent: Intent, talk: Talk, courtesies: frozenset[str]) -> OutgoingButton | None:
    """The button whose words were typed, courtesies aside.

    Where a number or an address is awaited, "1" is no button. A word that must never be guessed ("cancel": the visit,
    or the messages?) counts as a button only if it is all that stands on it.
    """
    if talk.chat.state.expecting is Expecting.FIELD:
        return None
    place = typed_button(text, [button.label for button in talk.buttons], courtesies)
    if place is None:
        return None
    button = talk.buttons[place]
    whole = normalise(text).strip() == normalise(button.label).strip()
    return button if whole or intent not in NEVER_GUESSED else None


def _offers(state: State) -> tuple[Slot, ...]:
    return state.offers if isinstance(state, Invited | Offered) else ()


def _pressed(payload: Payload) -> ChoicePressed:
    return ChoicePressed(choice=payload.choice, argument=payload.argument, asked=payload.asked)
