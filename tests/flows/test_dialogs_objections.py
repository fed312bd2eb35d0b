"""Reasons for staying away, answered once; not now, with a date or without."""

from datetime import UTC, date, datetime

import pytest

from flows.dialogs.objections import REASONS
from flows.dialogs.states import Frozen, Idle, Objected, WaitingForStaff, WhenAsked
from flows.engine import requests
from flows.engine.choices import Choice
from flows.engine.context import ClinicFacts
from flows.engine.events import ChatOpened, ChoicePressed, FreezeCleared
from flows.meaning import Intent
from flows.messages import answers, cancel, later, objections, safety, times
from flows.messages import buttons as label
from flows.messages import welcome as opening
from flows.messages.text import Text
from flows.vocabulary import StayingAway, TicketReason
from tests.flows.house import FREE, NOW, House, booked, on

MONDAY = datetime(2025, 11, 24, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("intent", "reason", "text"),
    [
        (Intent.MONEY, StayingAway.MONEY, objections.MoneyPlain),
        (Intent.FEAR, StayingAway.FEAR, objections.FearPlain),
        (Intent.OTHER_DENTIST, StayingAway.OTHER_DENTIST, objections.OtherDentist),
        (Intent.NO_TIME, StayingAway.NO_TIME, objections.NoTime),
        (Intent.NO_NEED, StayingAway.NO_NEED, objections.NoNeed),
        (Intent.MOVED, StayingAway.MOVED, objections.MovedAway),
    ],
)
def test_a_reason_is_answered_once_and_stored(intent: Intent, reason: StayingAway, text: type[Text]) -> None:
    house = House()
    assert house.writes(intent) == [text]
    assert house.asked_for == [requests.StoreReason(reason=reason)]
    assert house.writes(intent) == [objections.NotPressed]
    assert house.stands_at() == WhenAsked(answered=frozenset({reason}))
    assert house.writes(intent) == [objections.Goodbye]
    assert house.stands_at() == Idle()


def test_another_reason_is_answered_too_and_the_first_not_twice() -> None:
    house = House()
    house.writes(Intent.MONEY)
    assert house.writes(Intent.FEAR) == [objections.FearPlain]
    assert house.writes(Intent.MONEY) == [objections.NotPressed]
    assert house.writes(Intent.NO_TIME) == [objections.NoTime]


@pytest.mark.parametrize(
    ("says", "text"),
    [
        ({"fees", "payment"}, objections.MoneyFeesAndPayment),
        ({"fees"}, objections.MoneyFees),
        ({"payment"}, objections.MoneyPayment),
        (set(), objections.MoneyPlain),
    ],
)
def test_money_is_answered_in_the_clinics_own_words_only(says: set[str], text: type[Text]) -> None:
    assert House(clinic=ClinicFacts(says=frozenset(says))).writes(Intent.MONEY) == [text]


def test_fear_is_answered_with_what_the_clinic_really_does() -> None:
    house = House(clinic=ClinicFacts(says=frozenset({"fear"})))
    assert house.writes(Intent.FEAR) == [objections.FearOwnWords]


@pytest.mark.parametrize(("intent", "ticket"), [(Intent.MONEY, TicketReason.PAYMENT), (Intent.FEAR, TicketReason.FEAR)])
def test_a_call_is_about_what_the_reason_was(intent: Intent, ticket: TicketReason) -> None:
    house = House()
    house.writes(intent)
    assert house.presses(Choice.CALL_ME) == [objections.CallComing]
    assert house.tickets() == [ticket]
    closed = House(staff_back_at=MONDAY)
    closed.writes(intent)
    assert closed.presses(Choice.CALL_ME) == [objections.CallComingFrom]


def test_the_small_next_step_may_be_a_time() -> None:
    house = House()
    house.writes(Intent.MONEY)
    assert house.presses(Choice.LOOK_FOR_TIME) == [times.TwoTimes]


def test_whoever_has_no_time_is_offered_the_ends_of_the_day() -> None:
    house = House()
    house.writes(Intent.NO_TIME)
    assert house.presses(Choice.PART_OF_DAY, 2) == [times.TwoTimes]
    assert {type(button.label) for button in house.said[0].buttons} >= {label.ButtonSlot}
    house.writes(Intent.NO_TIME)
    assert house.hears(ChoicePressed(choice=Choice.PART_OF_DAY, argument=1, asked=house.chat.asked)) == [
        opening.WhatCanWeDo
    ]


def test_records_are_passed_on_by_staff() -> None:
    for answer in ("press", "yes"):
        house = House()
        house.writes(Intent.OTHER_DENTIST)
        said = house.presses(Choice.PASS_ON_RECORDS) if answer == "press" else house.writes(Intent.YES)
        assert said == [objections.RecordsWillGo]
        assert house.tickets() == [TicketReason.RECORDS]
        assert house.stands_at() == WaitingForStaff(reason=TicketReason.RECORDS)


@pytest.mark.parametrize("intent", [Intent.NO_TIME, Intent.NO_NEED, Intent.MOVED])
def test_a_yes_takes_the_only_step_there_is(intent: Intent) -> None:
    house = House()
    house.writes(intent)
    assert house.writes(Intent.YES) == [times.TwoTimes]


@pytest.mark.parametrize("intent", [Intent.MONEY, Intent.FEAR])
def test_a_yes_to_two_steps_is_asked_back_without_the_answer(intent: Intent) -> None:
    house = House()
    house.writes(intent)
    assert house.writes(Intent.YES) == [opening.WhatCanWeDo]
    assert isinstance(house.stands_at(), Objected)


@pytest.mark.parametrize("intent", [Intent.MONEY, Intent.FEAR, Intent.OTHER_DENTIST, Intent.NO_NEED])
def test_a_no_is_fine(intent: Intent) -> None:
    house = House()
    house.writes(intent)
    assert house.presses(Choice.NO_THANKS) == [objections.Goodbye]
    house.writes(intent)
    assert house.writes(Intent.NO) == [objections.Goodbye]
    assert not house.did(requests.PauseProgramme)


@pytest.mark.parametrize("intent", list(REASONS))
def test_whoever_has_a_visit_is_asked_about_it_and_offered_what_can_be_done_with_it(intent: Intent) -> None:
    house = House(visit=booked(FREE[2]))
    assert house.writes(intent) == [objections.VisitStands]
    assert [button.choice for button in house.said[0].buttons] == [
        Choice.CALL_ME,
        Choice.CHANGE_VISIT,
        Choice.CANCEL_VISIT,
        Choice.KEEP_VISIT,
    ]


def test_a_yes_about_a_booked_visit_is_a_call() -> None:
    house = House(visit=booked(FREE[2]))
    house.writes(Intent.FEAR)
    assert house.writes(Intent.YES) == [objections.CallComing]
    assert house.tickets() == [TicketReason.FEAR]


@pytest.mark.parametrize("answer", [Intent.NO, Choice.KEEP_VISIT])
def test_a_no_about_a_booked_visit_leaves_it_as_it_is(answer: Intent | Choice) -> None:
    house = House(visit=booked(FREE[2]))
    house.writes(Intent.MONEY)
    said = house.presses(answer) if isinstance(answer, Choice) else house.writes(answer)
    assert said == [cancel.VisitKept]
    assert house.stands_at() == Idle()


def test_the_same_reason_against_a_booked_visit_twice_brings_a_person() -> None:
    house = House(visit=booked(FREE[2]))
    house.writes(Intent.MONEY)
    assert house.writes(Intent.MONEY) == [objections.CallComing]
    assert house.tickets() == [TicketReason.PAYMENT]


def test_a_bad_experience_freezes_the_programme_until_a_person_has_called() -> None:
    house = House()
    assert house.writes(Intent.COMPLAINT) == [objections.ComplaintHeard]
    assert house.tickets() == [TicketReason.COMPLAINT]
    assert requests.StoreReason(reason=StayingAway.BAD_EXPERIENCE) in house.asked_for
    assert house.frozen
    assert house.stands_at() == Frozen(reason=TicketReason.COMPLAINT)
    assert house.hears(ChatOpened()) == [safety.StillWithTeam]
    assert house.writes(Intent.CHITCHAT) == [answers.Pleasantry]
    assert house.hears(FreezeCleared()) == []
    assert house.stands_at() == Idle()


def test_not_now_asks_when_and_months_have_names() -> None:
    house = House()
    house.writes(Intent.LATER)
    months = [button.label for button in house.said[0].buttons if isinstance(button.label, label.ButtonInMonth)]
    assert [each.month for each in months] == [date(2025, 12, 21), date(2026, 2, 21), date(2026, 5, 21)]
    assert house.presses(Choice.IN_MONTHS, 3) == [later.PausedUntil]
    assert house.said[0].text == later.PausedUntil(until=date(2026, 2, 21))
    assert house.asked_for == [
        requests.StoreReason(reason=StayingAway.LATER),
        requests.PauseProgramme(until=datetime(2026, 2, 20, 23, tzinfo=UTC)),
    ]


def test_a_named_day_pauses_at_once() -> None:
    house = House()
    assert house.writes(Intent.LATER, times=on((11, 20), (12, 24), (12, 25))) == [later.PausedUntil]
    assert house.said[0].text == later.PausedUntil(until=date(2025, 12, 24))


def test_a_day_may_be_written_when_asked_for() -> None:
    house = House()
    house.writes(Intent.LATER)
    assert house.writes(Intent.SLOT_CHOICE) == [later.WhichDate]
    assert house.writes(Intent.LATER, times=on((11, 21))) == [later.WhichDate]
    assert house.writes(Intent.SLOT_CHOICE, times=on((12, 1))) == [later.PausedUntil]


def test_a_number_of_months_that_no_button_has_is_asked_back() -> None:
    house = House()
    house.writes(Intent.LATER)
    assert house.hears(ChoicePressed(choice=Choice.IN_MONTHS, argument=500, asked=house.chat.asked)) == [
        later.WhenAgain
    ]


def test_a_pause_after_an_objection_keeps_the_first_reason() -> None:
    house = House()
    house.writes(Intent.MONEY)
    house.presses(Choice.IN_MONTHS, 3)
    assert house.did(requests.PauseProgramme)
    assert not house.did(requests.StoreReason)
    house.writes(Intent.MONEY)
    house.writes(Intent.MONEY)
    house.presses(Choice.IN_MONTHS, 6)
    assert not house.did(requests.StoreReason)


def test_the_last_day_of_a_month_is_cut_to_the_month_reached() -> None:
    house = House(now=NOW.replace(month=10, day=31))
    house.writes(Intent.LATER)
    house.presses(Choice.IN_MONTHS, 1)
    assert house.said[0].text == later.PausedUntil(until=date(2025, 11, 30))


def test_beside_an_objection_an_answer_brings_its_steps_along() -> None:
    house = House()
    house.writes(Intent.MONEY)
    assert len(house.writes(Intent.INFO_QUESTION)) == 1
    assert house.presses(Choice.CALL_ME) == [objections.CallComing]
