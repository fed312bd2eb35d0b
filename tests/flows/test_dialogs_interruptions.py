"""What comes in between: pictures, voices, stickers, places, shared numbers, and a time out of reach."""

import pytest

from flows.dialogs.outreach_texts import check_in
from flows.dialogs.states import BeingIdentified, ContactReadBack, Idle
from flows.engine.choices import Choice
from flows.engine.decision import Attachment
from flows.engine.events import (
    AttachmentReceived,
    CameBackOnline,
    ChatOpened,
    CheckInSent,
    Event,
    InvitationSent,
    PhoneNotOwn,
    PhoneShared,
    ReminderSent,
)
from flows.meaning import Intent
from flows.messages import answers, contact, knowing, person, repair, times, visit
from flows.messages.text import Text
from flows.vocabulary import AttachmentKind, Owner, TicketReason
from tests.flows.house import FREE, House, booked, puzzling


def offered() -> House:
    house = House()
    house.writes(Intent.BOOK)
    return house


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (AttachmentKind.PICTURE, repair.AttachmentPassedOn),
        (AttachmentKind.VIDEO, repair.AttachmentPassedOn),
        (AttachmentKind.DOCUMENT, repair.AttachmentPassedOn),
        (AttachmentKind.OTHER, repair.AttachmentPassedOn),
        (AttachmentKind.VOICE, repair.VoicePassedOn),
    ],
)
def test_what_a_machine_cannot_read_goes_to_staff_and_the_question_stays_open(
    kind: AttachmentKind, text: type[Text]
) -> None:
    house = offered()
    assert house.hears(AttachmentReceived(kind=kind)) == [text, times.WhichOfTwo]
    assert house.tickets() == [TicketReason.QUESTION]


def test_a_file_that_could_not_be_kept_is_said_to_be_so() -> None:
    house = offered()
    assert house.hears(AttachmentReceived(kind=AttachmentKind.VOICE, kept=False)) == [
        repair.FileNotKept,
        times.WhichOfTwo,
    ]
    assert house.tickets() == [TicketReason.QUESTION]


def test_a_sticker_is_answered_kindly_and_bothers_nobody() -> None:
    house = House()
    assert house.hears(AttachmentReceived(kind=AttachmentKind.STICKER, kept=False)) == [answers.Pleasantry]
    assert house.tickets() == []


def test_a_place_is_answered_with_ours() -> None:
    house = House()
    assert house.hears(AttachmentReceived(kind=AttachmentKind.PLACE, kept=False)) == [answers.HereWeAre]
    assert house.said[0].attachment is Attachment.VENUE
    assert house.tickets() == []
    assert offered().hears(AttachmentReceived(kind=AttachmentKind.PLACE)) == [answers.HereWeAre, times.WhichOfTwo]


def test_whoever_looks_at_their_visit_can_ask_where_it_is() -> None:
    house = House(visit=booked())
    house.hears(ChatOpened())
    assert house.presses(Choice.MY_VISIT) == [visit.VisitShown]
    assert house.presses(Choice.WHERE) == [answers.HereWeAre]


def test_the_own_number_is_read_back_and_the_number_of_another_goes_to_staff() -> None:
    house = offered()
    assert house.hears(PhoneShared(number="06 12 34 56 78")) == [contact.ReadBackMobile]
    assert isinstance(house.stands_at(), ContactReadBack)
    other = House()
    assert other.hears(PhoneNotOwn()) == [repair.AttachmentPassedOn]
    assert other.tickets() == [TicketReason.QUESTION]


def test_what_a_patient_had_open_is_asked_again_after_a_time_out_of_reach() -> None:
    house = offered()
    state = house.stands_at()
    assert house.hears(CameBackOnline()) == [repair.BackOnline, times.WhichOfTwo]
    assert house.stands_at() == state
    house.presses(Choice.SLOT, 0)
    assert house.visit is not None
    stranger = House(known=False)
    stranger.hears(ChatOpened())
    assert stranger.hears(CameBackOnline()) == [repair.BackOnline, knowing.WhoIsThisAgain]


@pytest.mark.parametrize(
    "event", [InvitationSent(offers=FREE[:2]), ReminderSent(appointment_id=booked().appointment_id), CheckInSent()]
)
def test_what_the_practice_began_is_not_sent_twice(event: Event) -> None:
    house = House(visit=booked())
    house.hears(event)
    house.on_the_table = check_in(house.context).buttons
    assert house.hears(CameBackOnline()) == []


def test_where_nothing_is_open_or_staff_are_at_it_nothing_is_said() -> None:
    house = House()
    assert house.hears(CameBackOnline()) == []
    assert house.stands_at() == Idle()
    assert house.writes(Intent.HUMAN) == [person.PersonComing]
    assert house.hears(CameBackOnline()) == []
    taken = offered()
    taken.owner = Owner.STAFF
    assert taken.hears(CameBackOnline()) == []
    stranger = House(known=False)
    stranger.hears(puzzling(text="Anna Peeters 3.4.1980"))
    assert stranger.stands_at() == BeingIdentified()
    assert stranger.hears(CameBackOnline()) == []
