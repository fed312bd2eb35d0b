"""The closed sets of words that rooms share: purposes, channels, languages, roles, reasons for staying away.

A bare string never stands for one of these; tables store the value, code uses the member.
"""

from enum import StrEnum


class Language(StrEnum):
    """A language recare speaks; the value is the name of its folder in `locales/`.

    A new one comes last: buttons that patients already have carry the place of theirs.
    """

    EN = "en"
    FR = "fr"
    NL = "nl"
    RU = "ru"


class Purpose(StrEnum):
    """Why a message is sent. Each purpose is a permission of its own; unknown is no."""

    APPOINTMENT = "appointment"
    RECALL = "recall"
    POSTVISIT = "postvisit"
    OFFER = "offer"


class Channel(StrEnum):
    """A way of reaching a patient."""

    WEBCHAT = "webchat"
    TELEGRAM = "telegram"
    EMAIL = "email"
    LETTER = "letter"
    PHONE = "phone"


class Sex(StrEnum):
    """What the form of address needs to know; anything else is stored as unknown."""

    FEMALE = "female"
    MALE = "male"
    UNKNOWN = "unknown"


class PatientStatus(StrEnum):
    """Whether the clinic may think of the patient as its own. All but ACTIVE are *never contact*.

    UNKNOWN: no patient, but somebody who writes and whom nobody has recognised yet.
    """

    ACTIVE = "active"
    MOVED = "moved"
    DECEASED = "deceased"
    LEFT = "left"
    DO_NOT_CONTACT = "do_not_contact"
    UNKNOWN = "unknown"


class StayingAway(StrEnum):
    """The reason a patient gave for not coming; it decides what, if anything, comes next."""

    MONEY = "money"
    FEAR = "fear"
    OTHER_DENTIST = "other_dentist"
    BAD_EXPERIENCE = "bad_experience"
    NO_TIME = "no_time"
    NO_NEED = "no_need"
    MOVED = "moved"
    LATER = "later"


class Role(StrEnum):
    """What a member of staff may do at the desk."""

    RECEPTION = "reception"
    DENTIST = "dentist"
    MANAGER = "manager"


class TicketReason(StrEnum):
    """Why a chat goes to staff."""

    EMERGENCY = "emergency"
    CRISIS = "crisis"
    LEGAL = "legal"
    MINOR = "minor"
    WORRY = "worry"
    COMPLAINT = "complaint"
    PERSON_ASKED = "person_asked"
    NOT_UNDERSTOOD = "not_understood"
    PAYMENT = "payment"
    FEAR = "fear"
    RECORDS = "records"
    DATA_REQUEST = "data_request"
    WRONG_PERSON = "wrong_person"
    DECEASED = "deceased"
    NO_SLOTS = "no_slots"
    QUESTION = "question"
    RUNNING_LATE = "running_late"
    UNKNOWN_DELIVERY = "unknown_delivery"
    PUT_ASIDE = "put_aside"
    UNREADABLE = "unreadable"
    IDENTIFY = "identify"
    GUESSING = "guessing"


class Urgency(StrEnum):
    """How soon a person must look: NOW is acknowledged within minutes, TODAY within opening hours, else WHEN_FREE."""

    NOW = "now"
    TODAY = "today"
    WHEN_FREE = "when_free"


class AttachmentKind(StrEnum):
    """What was sent that is not text. PLACE: a point on the map."""

    PICTURE = "picture"
    VOICE = "voice"
    VIDEO = "video"
    DOCUMENT = "document"
    STICKER = "sticker"
    PLACE = "place"
    OTHER = "other"


class ContactKind(StrEnum):
    """A contact detail a patient can change in the chat."""

    MOBILE = "mobile"
    EMAIL = "email"


class Owner(StrEnum):
    """Who speaks in a conversation."""

    BOT = "bot"
    STAFF = "staff"


class Reach(StrEnum):
    """Whether a message may be said while staff own the conversation."""

    BOT_ONLY = "bot_only"
    ALWAYS = "always"
