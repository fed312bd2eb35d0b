"""What a text was understood to say; the type every understander returns and every dialog reads.

The order of `Intent` is the order of priority where a text says several things.
"""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

from flows.vocabulary import ContactKind, Language


class Intent(StrEnum):
    """What the writer wants or reports, the most important first."""

    URGENT = "urgent"
    DECEASED = "deceased"
    WRONG_PERSON = "wrong_person"
    STOP = "stop"
    ERASE = "erase"
    HUMAN = "human"
    COMPLAINT = "complaint"
    MONEY = "money"
    FEAR = "fear"
    OTHER_DENTIST = "other_dentist"
    NO_NEED = "no_need"
    NO_TIME = "no_time"
    MOVED = "moved"
    LATER = "later"
    SLOT_CHOICE = "slot_choice"
    BOOK = "book"
    RESCHEDULE = "reschedule"
    CANCEL = "cancel"
    RUNNING_LATE = "running_late"
    ALREADY_BOOKED = "already_booked"
    UPDATE_CONTACT = "update_contact"
    PRICE_QUESTION = "price_question"
    INFO_QUESTION = "info_question"
    FEEDBACK_GOOD = "feedback_good"
    FEEDBACK_BAD = "feedback_bad"
    YES = "yes"
    NO = "no"
    CHITCHAT = "chitchat"
    OTHER = "other"


class Flag(StrEnum):
    """What else a text reveals, beside its intent."""

    CRISIS = "crisis"
    LEGAL = "legal"
    MINOR = "minor"
    ROBOT_QUESTION = "robot_question"
    DENIED_URGENT = "denied_urgent"
    PAIN = "pain"


class Expecting(StrEnum):
    """What the open question waits for; it helps to read a short answer."""

    NOTHING = "nothing"
    SLOTS = "slots"
    CHECK_IN = "check_in"
    CONFIRMATION = "confirmation"
    DATE = "date"
    FIELD = "field"


class Paraphrase(StrEnum):
    """A button whose words a text says otherwise: when one's visit is, where the clinic is, that the visit stays."""

    OWN_VISIT = "own_visit"
    WHERE = "where"
    KEEP_VISIT = "keep_visit"


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeWish:
    """The times a text names, in the clinic's zone.

    dates: the days that would do, ascending; None means any day.
    earliest, latest: bounds on the start of the visit; equal bounds mean exactly then; None means open.
    """

    dates: tuple[date, ...] | None = None
    earliest: time | None = None
    latest: time | None = None

    @property
    def names_something(self) -> bool:
        """Tell whether the text named any time at all."""
        return self.dates is not None or self.earliest is not None or self.latest is not None


ANY_TIME = TimeWish()


@dataclass(frozen=True, kw_only=True, slots=True)
class Meaning:
    """A text, read.

    confidence is 0 to 1; `sure` says whether acting without asking back is justified. `alternatives` are the next
    likeliest intents, likeliest first, without `intent` itself. `ordinal` is set when the text points at one of the
    offers by place ("the second one" is 1, "the later one" is -1). `language` is the one the text is plainly in; None
    where that cannot be told ("ok"). `speak` is the one it asks to be written to in, where that is all it asks.
    `contact` is the detail it names, if it names just one. `paraphrase` is the button whose words it says otherwise,
    where that is all it says. `closes` that it is nothing but thanks, an "ok" or a goodbye.
    """

    intent: Intent
    sure: bool
    confidence: float
    alternatives: tuple[Intent, ...] = ()
    flags: frozenset[Flag] = frozenset()
    times: TimeWish = ANY_TIME
    ordinal: int | None = None
    language: Language | None = None
    speak: Language | None = None
    contact: ContactKind | None = None
    paraphrase: Paraphrase | None = None
    closes: bool = False
