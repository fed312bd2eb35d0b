"""From what a patient sent to what happened, as dialogs are told: pressed, wrote and meant, opened, sent something.

Costs time, so it happens outside any transaction, on a snapshot of the conversation.
"""

from bot.services.clinic import Clinic
from bot.services.ports import Clock, OutgoingButton
from bot.services.talk import Talk
from bot.services.updates import (
    LONGEST_TEXT,
    Content,
    Corrected,
    Missed,
    Opened,
    Pressed,
    SentFile,
    Started,
    Wrote,
)
from bot.understanding import Reading, Understander, typed_button
from bot.understanding.normal import Apostrophe, normalise, split
from flows.dialogs.contact_in_text import contact_in
from flows.dialogs.language import LANGUAGES
from flows.dialogs.states import ContactReadBack, ContactValueAsked, DetailAsked, Invited, Offered
from flows.engine.choices import Choice, Payload
from flows.engine.events import (
    AttachmentReceived,
    CameBackOnline,
    ChatOpened,
    ChoicePressed,
    Event,
    TextUnderstood,
)
from flows.engine.state import State
from flows.engine.step import NEVER_DOUBTED
from flows.meaning import Expecting, Flag, Intent, Meaning, Paraphrase
from flows.slots import Slot
from flows.vocabulary import Owner
from storage.records.talks import ConversationSnapshot

NEVER_GUESSED = frozenset(
    {Intent.URGENT, Intent.DECEASED, Intent.WRONG_PERSON, Intent.STOP, Intent.ERASE, Intent.CANCEL}
)

ANSWERS = frozenset({Intent.YES, Intent.NO})

BREAK_IN = frozenset({Intent.URGENT, Intent.DECEASED, Intent.WRONG_PERSON, Intent.STOP, Intent.ERASE})
AWAITING_A_DETAIL = (DetailAsked, ContactValueAsked, ContactReadBack)
"""Where a number or an address is read, whatever else the text says."""

SHORT_TEXT = 500
"""Letters that rules alone read within a millisecond."""

ALARMS = frozenset({Flag.CRISIS, Flag.LEGAL, Flag.DENIED_URGENT})
"""What is heard wherever it stands: beside a picture, behind a command, in a message that was changed later."""


class Ear:
    """Hears patients."""

    def __init__(self, *, clinic: Clinic, clock: Clock, understander: Understander) -> None:
        """Take what reads texts."""
        self._clinic = clinic
        self._clock = clock
        self._understander = understander

    def takes_long(self, content: Content, before: str | None = None) -> bool:
        """Tell whether hearing it would hold up everybody else for more than a moment; before: as of `hear`."""
        words = _words_of(content) + (before or "")
        return bool(words) and (len(words) > SHORT_TEXT or not self._understander.is_quick)

    def hear(
        self, content: Content, snapshot: ConversationSnapshot, talk: Talk, before: str | None = None
    ) -> Event | None:
        """Tell what happened; None where nothing is to be answered. Never raises for anything a patient can send.

        before: what a text that was changed was heard as, if it is the last thing they did.
        """
        match content:
            case Opened() | Started():
                return ChatOpened()
            case Missed():
                return CameBackOnline()
            case SentFile():
                return self._look(content, snapshot, talk)
            case Corrected(text=text):
                return self._breaks_in(text, snapshot, talk) or self._anew(text, before, snapshot, talk)
            case Pressed(payload=payload, words=words):
                return (self._breaks_in(words, snapshot, talk) if words else None) or _pressed(payload)
            case Wrote(text=text):
                return self._read(text[:LONGEST_TEXT], snapshot, talk)

    def _look(self, sent: SentFile, snapshot: ConversationSnapshot, talk: Talk) -> Event:
        alarm = self._breaks_in(sent.caption, snapshot, talk)
        if alarm is not None and not (_understood(alarm.meaning) or alarm.meaning.flags & ALARMS):
            # Staff look at the file and read what may be meant: asked back, its sender would take it for lost.
            alarm = None
        return alarm or AttachmentReceived(kind=sent.kind, kept=sent.content is not None)

    def _breaks_in(self, text: str, snapshot: ConversationSnapshot, talk: Talk) -> TextUnderstood | None:
        """What was written, if it is nothing that may wait: danger, a threat, a stop, a death, an erasure."""
        words = text[:LONGEST_TEXT]
        meaning = self._understander.understand(words, self._reading(snapshot, talk))
        loud = meaning.intent in BREAK_IN or bool(meaning.flags & ALARMS)
        return TextUnderstood(text=words, meaning=meaning) if loud else None

    def _anew(self, text: str, before: str | None, snapshot: ConversationSnapshot, talk: Talk) -> TextUnderstood | None:
        """What a changed text says now, if it is understood to say something else than it did; staff read it anyway.

        Both are read as of now, so that a difference is one of the words and not of the question that is open.
        """
        if before is None or snapshot.owner is Owner.STAFF:
            return None
        words, reading = text[:LONGEST_TEXT], self._reading(snapshot, talk)
        meaning, was = (self._understander.understand(each, reading) for each in (words, before))
        if (detail := contact_in(words)) is not None and detail != contact_in(before):
            differs = _understood(meaning) or isinstance(talk.chat.state, AWAITING_A_DETAIL)
        else:
            differs = _understood(meaning) and not (_understood(was) and _gist(meaning) == _gist(was))
        return TextUnderstood(text=words, meaning=meaning) if differs else None

    def _read(self, text: str, snapshot: ConversationSnapshot, talk: Talk) -> Event:
        meaning = self._understander.understand(text, self._reading(snapshot, talk))
        courtesies = self._understander.courtesies(self._clinic.language_of(snapshot.patient.language))
        button = _typed(text, meaning.intent, talk, courtesies)
        names_something_else = talk.chat.state.expecting is Expecting.FIELD or any(map(str.isdigit, text))
        if button is None and meaning.speak is not None and not names_something_else:
            # To ask in words for a language is to press the button that chooses it; a name may be a language's, too.
            return ChoicePressed(choice=Choice.LANGUAGE, argument=LANGUAGES.index(meaning.speak), asked=talk.chat.asked)
        choice = None if button else _paraphrased(meaning, snapshot, talk)
        if choice is not None:
            return ChoicePressed(choice=choice, argument=0, asked=talk.chat.asked)
        return _pressed(Payload.decode(button.payload)) if button else TextUnderstood(text=text, meaning=meaning)

    def _reading(self, snapshot: ConversationSnapshot, talk: Talk) -> Reading:
        state = talk.chat.state
        return Reading(
            language=self._clinic.language_of(snapshot.patient.language),
            expecting=state.expecting,
            now=self._clock.now(),
            zone=self._clinic.zone,
            offers=tuple(slot.starts_at for slot in _offers(state)),
            visit=snapshot.visit.slot.starts_at if snapshot.visit else None,
        )


def _typed(text: str, intent: Intent, talk: Talk, courtesies: frozenset[str]) -> OutgoingButton | None:
    """The button whose words were typed, courtesies aside.

    Where a number or an address is awaited, "1" is no button. A word that must never be guessed ("cancel": the visit,
    or the messages?) counts as a button only if it is all that stands on it; a yes or no only if it is all of it up to
    its comma ("No, thank you").
    """
    if talk.chat.state.expecting is Expecting.FIELD:
        return None
    place = typed_button(text, [button.label for button in talk.buttons], courtesies)
    if place is None:
        return None
    button = talk.buttons[place]
    whole = normalise(text).strip() == normalise(button.label).strip()
    if not whole and (intent in NEVER_GUESSED or (intent in ANSWERS and _is_a_beginning(text, button, courtesies))):
        return None
    return button


def _paraphrased(meaning: Meaning, snapshot: ConversationSnapshot, talk: Talk) -> Choice | None:
    """The button that says what a text says in other words."""
    match meaning.paraphrase:
        case Paraphrase.OWN_VISIT if snapshot.visit is not None:
            # One that is not known here is for staff to look for, as any question.
            return Choice.MY_VISIT
        case Paraphrase.WHERE:
            return Choice.WHERE
        case Paraphrase.KEEP_VISIT if any(
            Payload.decode(each.payload).choice is Choice.KEEP_VISIT for each in talk.buttons
        ):
            return Choice.KEEP_VISIT
        case _:
            return None


def _understood(meaning: Meaning) -> bool:
    return meaning.sure or meaning.intent in NEVER_DOUBTED


def _gist(meaning: Meaning) -> tuple[object, ...]:
    """What of a meaning decides how it is answered."""
    return (meaning.intent, meaning.times, meaning.ordinal, meaning.flags, meaning.contact, meaning.speak)


def _is_a_beginning(text: str, button: OutgoingButton, courtesies: frozenset[str]) -> bool:
    """Tell whether a text is less than a button says up to its comma: "no, thanks" is not "No more messages"."""
    label, typed = (split(normalise(words), Apostrophe.JOINS) for words in (button.label, text))
    plain = tuple(word for word in typed.words if word != "?" and word not in courtesies)
    if not plain or label.words[: len(plain)] != plain:
        return False
    return sum(clause == label.clauses[0] for clause in label.clauses) > len(plain)


def _words_of(content: Content) -> str:
    match content:
        case Wrote(text=text) | Corrected(text=text):
            return text
        case SentFile(caption=caption):
            return caption
        case Pressed(words=words):
            return words
        case _:
            return ""


def _offers(state: State) -> tuple[Slot, ...]:
    return state.offers if isinstance(state, Invited | Offered) else ()


def _pressed(payload: Payload) -> ChoicePressed:
    return ChoicePressed(choice=payload.choice, argument=payload.argument, asked=payload.asked)
