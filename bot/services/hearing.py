"""From what a patient sent to what happened, as dialogs are told: pressed, wrote and meant, opened, sent something.

Costs time, so it happens outside any transaction, on a snapshot of the conversation.
"""

from bot.services.clinic import Clinic
from bot.services.ports import Clock
from bot.services.talk import Talk
from bot.services.updates import LONGEST_TEXT, Content, Opened, Pressed, SentFile, Wrote
from bot.understanding import Reading, Understander, typed_button
from flows.dialogs.states import Invited, Offered
from flows.engine.choices import Payload
from flows.engine.events import AttachmentReceived, ChatOpened, ChoicePressed, Event, TextUnderstood
from flows.engine.state import State
from flows.meaning import Expecting
from flows.slots import Slot
from storage.records.talks import ConversationSnapshot


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
        # Where a number or an address is awaited, "1" is no button.
        if state.expecting is not Expecting.FIELD:
            typed = typed_button(text, [button.label for button in talk.buttons])
            if typed is not None:
                return _pressed(Payload.decode(talk.buttons[typed].payload))
        reading = Reading(
            language=self._clinic.language_of(snapshot.patient.language),
            expecting=state.expecting,
            now=self._clock.now(),
            zone=self._clinic.zone,
            offers=tuple(slot.starts_at for slot in _offers(state)),
            visit=snapshot.visit.slot.starts_at if snapshot.visit else None,
        )
        return TextUnderstood(text=text, meaning=self._understander.understand(text, reading))


def _offers(state: State) -> tuple[Slot, ...]:
    return state.offers if isinstance(state, Invited | Offered) else ()


def _pressed(payload: Payload) -> ChoicePressed:
    return ChoicePressed(choice=payload.choice, argument=payload.argument, asked=payload.asked)
