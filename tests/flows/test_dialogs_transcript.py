"""One patient comes back: the whole path, from the invitation to a worry after the visit, as one chat."""

from datetime import time, timedelta

from flows.dialogs.outreach_texts import check_in, invitation, reminder
from flows.dialogs.states import Idle
from flows.engine.choices import Choice
from flows.engine.context import ClinicFacts
from flows.engine.events import AttachmentReceived, CheckInSent, HandedBack, InvitationSent, ReminderSent
from flows.meaning import Intent
from flows.messages import answers, booking, checkin, objections, person, times, visit
from flows.vocabulary import Owner, Purpose, TicketReason
from tests.flows.house import THURSDAY_EVENING, TUESDAY_MORNING, House, on, slot


def test_one_patient_comes_back() -> None:
    monday_evening = slot(24, 17, 15)
    house = House(
        clinic=ClinicFacts(says=frozenset({"fees", "payment"})),
        permitted=frozenset({Purpose.RECALL, Purpose.POSTVISIT}),
        free=(TUESDAY_MORNING, monday_evening, THURSDAY_EVENING, slot(28, 17, 30)),
    )

    offers = (TUESDAY_MORNING, THURSDAY_EVENING)
    house.hears(InvitationSent(offers=offers))
    house.on_the_table = invitation(1, offers, house.context).buttons

    assert house.writes(Intent.MONEY, "honestly its the money at the moment") == [objections.MoneyFeesAndPayment]
    assert [button.choice for button in house.on_the_table] == [
        Choice.LOOK_FOR_TIME,
        Choice.CALL_ME,
        Choice.IN_MONTHS,
        Choice.NO_THANKS,
    ]

    wish = on((11, 24), (11, 25), (11, 26), (11, 27), earliest=time(17))
    assert house.writes(Intent.SLOT_CHOICE, "after 5 on any day but friday", times=wish) == [times.TwoTimes]
    assert house.said[0].text == times.TwoTimes(
        first=monday_evening.starts_at, second=THURSDAY_EVENING.starts_at, minutes=10
    )
    assert house.writes(Intent.SLOT_CHOICE, "thursday then", times=on((11, 27))) == [booking.Booked]
    assert house.visit is not None

    house.now = THURSDAY_EVENING.starts_at - timedelta(days=1)
    house.hears(ReminderSent(appointment_id=house.visit.appointment_id))
    house.on_the_table = reminder(house.visit, house.context).buttons
    assert house.presses(Choice.WILL_COME) == [visit.SeeYou]

    house.now, house.visit = THURSDAY_EVENING.starts_at + timedelta(days=2), None
    house.hears(CheckInSent())
    house.on_the_table = check_in(house.context).buttons
    assert house.writes(Intent.FEEDBACK_BAD, "it still throbs a little") == [checkin.WorryHeard]
    assert house.tickets() == [TicketReason.WORRY]

    house.owner = Owner.STAFF
    assert house.writes(Intent.CHITCHAT, "thank you for calling") == []
    assert house.hears(AttachmentReceived()) == []
    house.owner = Owner.BOT
    assert house.hears(HandedBack(answered=True)) == [person.AssistantBack]
    assert house.writes(Intent.CHITCHAT, "thanks") == [answers.Pleasantry]
    assert house.stands_at() == Idle()
