"""Samples for the tests of all dialogs: a chat in every state, every kind of event, a few worlds.

Longer than other files: what every dialog is run with stands in one place.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from flows.dialogs.states import (
    AskedFrom,
    BeingIdentified,
    BookingSlot,
    CancelAsked,
    CancelMeant,
    CheckInAsked,
    CheckingContact,
    ChoosingDay,
    ChoosingPart,
    Closed,
    ConsentAsked,
    ContactReadBack,
    ContactValueAsked,
    DetailAsked,
    ForWhomAsked,
    Frozen,
    GuardianAsked,
    Idle,
    Invited,
    LookingForDays,
    LookingForFamily,
    LookingForSooner,
    LookingForTimes,
    LookingForWays,
    MayWeWrite,
    MessagesAsked,
    Objected,
    Offered,
    Reminded,
    RhythmAsked,
    SettingsOpen,
    WaitingForStaff,
    WayAsked,
    WhenAsked,
    WhoAsked,
)
from flows.engine.choices import Choice
from flows.engine.context import ClinicFacts, Context
from flows.engine.events import (
    AttachmentReceived,
    CameBackOnline,
    ChatOpened,
    CheckInSent,
    ChoicePressed,
    ContactChecked,
    ContactRefused,
    ContactStored,
    DaysFound,
    Event,
    FreezeCleared,
    HandedBack,
    InvitationSent,
    LanguageChosen,
    LinkOver,
    NameTaken,
    PersonNotFound,
    PhoneNotFound,
    PhoneNotOwn,
    PhoneShared,
    Proof,
    Recognised,
    ReminderSent,
    SeveralPeople,
    SlotsFound,
    SlotTaken,
    TooManyTries,
    VisitBooked,
    VisitCancelled,
    VisitGone,
    WaysFound,
)
from flows.engine.state import State
from flows.ids import AppointmentId
from flows.meaning import ANY_TIME, Flag, Intent, TimeWish
from flows.outreach.ledger import ActedBy
from flows.vocabulary import AttachmentKind, Channel, ContactKind, Language, Purpose, StayingAway, TicketReason
from tests.flows.house import (
    ANNA,
    BEN,
    FREE,
    NOW,
    THURSDAY_EVENING,
    TUESDAY_MORNING,
    House,
    booked,
    on,
    puzzling,
    understood,
)

MOVING = AppointmentId(7)
TUESDAY, THURSDAY = date(2025, 11, 25), date(2025, 11, 27)
BOTH = (TUESDAY_MORNING, THURSDAY_EVENING)
STATES: tuple[State, ...] = (
    Idle(),
    Invited(offers=BOTH),
    Invited(offers=(TUESDAY_MORNING,), step_number=3),
    LookingForTimes(),
    LookingForTimes(moving=MOVING),
    LookingForDays(),
    LookingForDays(moving=MOVING),
    LookingForSooner(moving=MOVING, starts_at=TUESDAY_MORNING.starts_at),
    LookingForSooner(moving=MOVING, starts_at=THURSDAY_EVENING.starts_at),
    Offered(offers=BOTH, exact=True),
    Offered(offers=BOTH, exact=False, wish=on((11, 26)), moving=MOVING),
    Offered(offers=(TUESDAY_MORNING,), exact=False),
    ChoosingDay(days=(TUESDAY, THURSDAY)),
    ChoosingDay(days=(TUESDAY, THURSDAY), moving=MOVING),
    ChoosingPart(day=TUESDAY),
    ChoosingPart(day=TUESDAY, moving=MOVING),
    BookingSlot(slot=TUESDAY_MORNING),
    BookingSlot(slot=TUESDAY_MORNING, moving=MOVING),
    Reminded(appointment_id=MOVING),
    CancelAsked(appointment_id=MOVING, starts_at=TUESDAY_MORNING.starts_at),
    CancelMeant(),
    CancelMeant(appointment_id=MOVING, starts_at=TUESDAY_MORNING.starts_at, offers_before=True),
    CancelMeant(appointment_id=MOVING, starts_at=TUESDAY_MORNING.starts_at, about_visit=True),
    MessagesAsked(starts_at=TUESDAY_MORNING.starts_at),
    *(Objected(reason=reason, answered=frozenset({reason})) for reason in StayingAway),
    WhenAsked(),
    WhenAsked(answered=frozenset({StayingAway.MONEY})),
    DetailAsked(),
    ContactValueAsked(kind=ContactKind.MOBILE),
    ContactValueAsked(kind=ContactKind.EMAIL, failed=1),
    CheckingContact(kind=ContactKind.MOBILE),
    CheckingContact(kind=ContactKind.EMAIL, failed=1),
    ContactReadBack(kind=ContactKind.MOBILE, value="+31612345678", shown="06 12345678"),
    ContactReadBack(kind=ContactKind.EMAIL, value="anna@example.com", shown="anna@example.com"),
    SettingsOpen(permitted=frozenset({Purpose.RECALL})),
    SettingsOpen(acted_by=ActedBy.GUARDIAN, preferred_channel=Channel.LETTER, rhythm_months=6),
    GuardianAsked(),
    GuardianAsked(asking=(Purpose.RECALL, Purpose.POSTVISIT)),
    ConsentAsked(asking=(Purpose.RECALL, Purpose.POSTVISIT, Purpose.OFFER)),
    ConsentAsked(asking=(Purpose.POSTVISIT,), allowed=frozenset({Purpose.RECALL})),
    ConsentAsked(asking=(Purpose.OFFER,)),
    *(LookingForWays(asked_from=where) for where in AskedFrom),
    *(WayAsked(ways=(Channel.WEBCHAT, Channel.LETTER), asked_from=where) for where in AskedFrom),
    *(RhythmAsked(asked_from=where) for where in AskedFrom),
    WaitingForStaff(reason=TicketReason.PERSON_ASKED),
    CheckInAsked(),
    MayWeWrite(),
    Frozen(reason=TicketReason.EMERGENCY),
    Frozen(reason=TicketReason.CRISIS),
    Closed(reason=TicketReason.WRONG_PERSON),
    LookingForFamily(),
    ForWhomAsked(people=(ANNA, BEN)),
    ForWhomAsked(people=(ANNA, BEN), failed=1),
)

STRANGER_STATES: tuple[State, ...] = (
    Idle(),
    WhoAsked(),
    WhoAsked(told="Anna Peeters"),
    WhoAsked(told="3.4.1980"),
    BeingIdentified(),
    WaitingForStaff(reason=TicketReason.PERSON_ASKED),
    Frozen(reason=TicketReason.EMERGENCY),
    Closed(reason=TicketReason.DECEASED),
)
"""Where the chat of somebody who is not known can stand."""

MORE_STATES: tuple[State, ...] = (
    *(Invited(offers=BOTH, step_number=number) for number in (2, 3)),
    *(Invited(offers=BOTH[:1], step_number=number) for number in (1, 2)),
    Offered(offers=BOTH[:1], exact=True),
    ContactValueAsked(kind=ContactKind.EMAIL),
    ContactValueAsked(kind=ContactKind.MOBILE, failed=1),
    SettingsOpen(permitted=frozenset(Purpose)),
    SettingsOpen(),
    *(SettingsOpen(preferred_channel=way, rhythm_months=12) for way in Channel),
    WayAsked(ways=tuple(Channel), asked_from=AskedFrom.CONSENT),
)
"""What else a question may be about."""

LATER = House(now=NOW + timedelta(days=60)).context
WORLDS: tuple[Context, ...] = (
    House().context,
    House(visit=booked(), clinic=ClinicFacts(says=frozenset({"fees", "bring"}))).context,
    House(permitted=frozenset(), staff_back_at=datetime(2025, 11, 24, 8, tzinfo=UTC)).context,
    LATER,
    House(permitted=frozenset(), unasked=frozenset(Purpose)).context,
    House(permitted=frozenset(), unasked=frozenset(Purpose), minor=True).context,
    House(worry=TicketReason.WORRY, frozen=True).context,
)

STRANGER_WORLDS: tuple[Context, ...] = (
    House(known=False).context,
    House(known=False, staff_back_at=datetime(2025, 11, 24, 8, tzinfo=UTC)).context,
)

TALKATIVE_WORLDS: tuple[Context, ...] = (
    House(family=(ANNA, BEN)).context,
    *(
        House(visit=visit, clinic=ClinicFacts(asks_for=frozenset(Purpose), says=says)).context
        for says in (frozenset({"fees", "payment", "fear"}), frozenset({"fees"}), frozenset({"payment"}))
        for visit in (None, booked())
    ),
)
"""A family; and clinics that wrote texts of their own and ask for every permission."""

WISHES: tuple[TimeWish, ...] = (ANY_TIME, on((11, 25)), on((11, 26)), on((11, 25), (11, 27)), on(earliest=time(17)))


def presses() -> Iterator[Event]:
    for choice in Choice:
        for argument in (0, 1, 3, 12, 99):
            yield ChoicePressed(choice=choice, argument=argument, asked=1)
        yield ChoicePressed(choice=choice, argument=0, asked=0)


def texts() -> Iterator[Event]:
    for intent in Intent:
        for wish in WISHES:
            yield understood(intent, times=wish)
        yield understood(intent, ordinal=0)
        yield understood(intent, ordinal=-1, text="my number is 06 12 34 56 78")
        yield puzzling(intent, Intent.LATER)
    yield understood(Intent.UPDATE_CONTACT, text="my e-mail has changed", contact=ContactKind.EMAIL)
    yield understood(Intent.COMPLAINT, flags=frozenset({Flag.DENIED_URGENT}))
    for flag in Flag:
        yield understood(Intent.BOOK, flags=frozenset({flag}))
        yield understood(Intent.CHITCHAT, flags=frozenset({flag}))
    for words in ("Anna Peeters", "3.4.1980", "Anna Peeters, 3.4.1980"):
        yield puzzling(text=words)
        yield understood(Intent.SLOT_CHOICE, flags=frozenset({flag}), times=WISHES[2])


OTHERS: tuple[Event, ...] = (
    ChatOpened(),
    *(AttachmentReceived(kind=kind) for kind in AttachmentKind),
    AttachmentReceived(kept=False),
    InvitationSent(offers=BOTH),
    InvitationSent(offers=()),
    ReminderSent(appointment_id=MOVING),
    CheckInSent(),
    HandedBack(answered=True),
    HandedBack(answered=False),
    FreezeCleared(),
    SlotsFound(slots=FREE[:2], exact=True),
    SlotsFound(slots=(), exact=False),
    DaysFound(days=(TUESDAY,)),
    DaysFound(days=()),
    VisitBooked(visit=booked(), reminder_at=NOW),
    VisitBooked(visit=booked(), reminder_at=None),
    SlotTaken(),
    VisitCancelled(visit=booked()),
    VisitGone(),
    ContactChecked(kind=ContactKind.MOBILE, value="+31612345678", shown="06 12345678"),
    ContactRefused(kind=ContactKind.MOBILE),
    ContactStored(proof=Proof.NOT_SENT),
    ContactStored(proof=Proof.MAILED),
    WaysFound(ways=(Channel.WEBCHAT, Channel.LETTER)),
    WaysFound(ways=(Channel.WEBCHAT,)),
    LanguageChosen(language=Language.FR),
    LinkOver(),
    PhoneShared(number="06 12345678"),
    PhoneNotFound(),
    PhoneNotOwn(),
    TooManyTries(minutes=5),
    NameTaken(),
    PersonNotFound(),
    Recognised(),
    SeveralPeople(people=(ANNA, BEN)),
    SeveralPeople(people=(ANNA,)),
    CameBackOnline(),
)
EVENTS: tuple[Event, ...] = (*presses(), *texts(), *OTHERS)
