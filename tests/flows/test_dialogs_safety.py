"""Danger, law, death, a stop: what breaks any dialog, whoever owns the chat."""

import pytest

from flows.dialogs.states import Closed, Frozen, Idle, Invited
from flows.engine import requests
from flows.engine.choices import Choice
from flows.engine.events import (
    AttachmentReceived,
    ChatOpened,
    CheckInSent,
    ChoicePressed,
    Event,
    FreezeCleared,
    HandedBack,
    InvitationSent,
    ReminderSent,
)
from flows.ids import AppointmentId
from flows.meaning import Flag, Intent
from flows.messages import objections, person, safety, stop, times
from flows.messages.text import Text
from flows.vocabulary import Owner, Purpose, Reach, TicketReason, Urgency
from tests.flows.beginnings import offered_one
from tests.flows.house import FREE, TUESDAY_MORNING, House, booked, puzzling, understood

ALL_OUTREACH = frozenset({Purpose.RECALL, Purpose.OFFER, Purpose.POSTVISIT})


def press(choice: Choice) -> ChoicePressed:
    return ChoicePressed(choice=choice, argument=0, asked=0)


def flagged(flag: Flag, intent: Intent = Intent.OTHER) -> Event:
    return understood(intent, flags=frozenset({flag}))


def test_an_emergency_says_the_fixed_text_alerts_staff_and_freezes() -> None:
    house = offered_one()
    assert house.hears(puzzling(Intent.URGENT)) == [safety.Emergency]
    assert house.said[0].reach is Reach.ALWAYS
    assert house.said[0].buttons == ()
    assert house.asked_for == [
        requests.ReleaseHolds(),
        requests.FreezeProgramme(reason=TicketReason.EMERGENCY),
        requests.OpenTicket(reason=TicketReason.EMERGENCY, urgency=Urgency.NOW),
    ]
    assert house.stands_at() == Frozen(reason=TicketReason.EMERGENCY)


def test_an_emergency_said_again_is_answered_and_raised_again() -> None:
    house = offered_one()
    house.writes(Intent.URGENT)
    assert house.writes(Intent.URGENT) == [safety.Emergency]
    assert house.tickets() == [TicketReason.EMERGENCY]


def test_a_denied_emergency_says_the_same_and_is_reviewed_without_a_freeze() -> None:
    house = offered_one()
    assert house.hears(flagged(Flag.DENIED_URGENT, Intent.BOOK)) == [safety.Emergency]
    assert house.asked_for == [requests.OpenTicket(reason=TicketReason.EMERGENCY, urgency=Urgency.TODAY)]
    assert house.stands_at() == Invited(offers=(TUESDAY_MORNING,))


def test_a_crisis_says_the_kind_text_and_alerts_staff() -> None:
    house = offered_one()
    assert house.hears(flagged(Flag.CRISIS, Intent.CHITCHAT)) == [safety.Crisis]
    assert house.said[0].reach is Reach.ALWAYS
    assert requests.OpenTicket(reason=TicketReason.CRISIS, urgency=Urgency.NOW) in house.asked_for
    assert house.frozen


def test_a_legal_threat_gets_one_neutral_line() -> None:
    house = offered_one()
    assert house.hears(flagged(Flag.LEGAL, Intent.COMPLAINT)) == [safety.LegalNoted]
    assert house.tickets() == [TicketReason.LEGAL]
    assert house.frozen


def test_a_stop_beside_a_threat_is_recorded_and_confirmed_all_the_same() -> None:
    house = offered_one()
    assert house.hears(flagged(Flag.LEGAL, Intent.STOP)) == [safety.LegalNoted, stop.Stopped]
    assert house.did(requests.RecordStop)
    assert house.asked_for.count(requests.ReleaseHolds()) == 1
    assert house.stands_at() == Frozen(reason=TicketReason.LEGAL)


def test_a_denied_emergency_beside_a_stop_is_answered_too() -> None:
    house = offered_one()
    assert house.hears(flagged(Flag.DENIED_URGENT, Intent.STOP)) == [stop.Stopped, safety.Emergency]
    assert house.did(requests.RecordStop)


def test_a_denied_emergency_beside_a_complaint_goes_to_a_person_too() -> None:
    house = offered_one()
    heard = house.hears(flagged(Flag.DENIED_URGENT, Intent.COMPLAINT))
    assert heard == [objections.ComplaintHeard, safety.Emergency]
    assert house.tickets() == [TicketReason.COMPLAINT, TicketReason.EMERGENCY]
    assert house.stands_at() == Frozen(reason=TicketReason.COMPLAINT)


def test_a_frozen_chat_still_finds_times_for_whoever_asks() -> None:
    house = offered_one()
    house.writes(Intent.URGENT)
    assert house.hears(ChatOpened()) == [safety.StillWithTeam]
    assert house.presses(Choice.LOOK_FOR_TIME) == [times.TwoTimes]


def test_a_frozen_chat_stays_frozen_until_cleared() -> None:
    house = offered_one()
    house.writes(Intent.URGENT)
    for event in (InvitationSent(offers=FREE[:2]), ReminderSent(appointment_id=AppointmentId(1)), CheckInSent()):
        assert house.hears(event) == []
    assert house.hears(HandedBack(answered=True)) == [person.AssistantBack]
    assert house.writes(Intent.HUMAN) == [person.PersonComing]
    assert house.writes(Intent.ERASE) == [safety.DataRequestNoted]
    assert house.stands_at() == Frozen(reason=TicketReason.EMERGENCY)
    assert house.hears(FreezeCleared()) == []
    assert house.stands_at() == Idle()


def test_a_freeze_cleared_elsewhere_changes_no_other_question() -> None:
    house = offered_one()
    assert house.hears(FreezeCleared()) == []
    assert isinstance(house.stands_at(), Invited)


@pytest.mark.parametrize(
    ("intent", "text", "reason"),
    [
        (Intent.WRONG_PERSON, safety.WrongPersonSorry, TicketReason.WRONG_PERSON),
        (Intent.DECEASED, safety.Condolence, TicketReason.DECEASED),
    ],
)
def test_after_wrong_person_or_a_death_nothing_about_a_patient_is_said(
    intent: Intent, text: type[Text], reason: TicketReason
) -> None:
    house = offered_one(visit=booked(FREE[2]), permitted=ALL_OUTREACH)
    assert house.hears(understood(intent)) == [text]
    assert house.did(requests.RecordStop)
    assert requests.RecordConsent(refused=frozenset({Purpose.APPOINTMENT})) in house.asked_for
    assert house.tickets() == [reason]
    closed: list[Event] = [
        ChatOpened(),
        AttachmentReceived(),
        understood(Intent.BOOK),
        understood(Intent.CANCEL),
        understood(Intent.ALREADY_BOOKED),
        puzzling(),
        press(Choice.MY_VISIT),
        press(Choice.SLOT),
        ChoicePressed(choice=Choice.MY_DETAILS, argument=0, asked=house.chat.asked),
    ]
    for event in closed:
        assert house.hears(event) == [safety.LineClosed]
    for leaving in (InvitationSent(offers=FREE[:2]), ReminderSent(appointment_id=AppointmentId(7)), CheckInSent()):
        assert house.hears(leaving) == []
    assert house.hears(HandedBack(answered=True)) == []
    assert house.stands_at() == Closed(reason=reason)


def test_a_closed_line_still_hears_danger_a_stop_and_the_wish_for_a_person() -> None:
    house = offered_one()
    house.writes(Intent.WRONG_PERSON)
    assert house.writes(Intent.URGENT) == [safety.Emergency]
    assert house.writes(Intent.STOP) == [stop.Stopped]
    assert house.said[0].buttons == ()
    assert house.writes(Intent.HUMAN) == [person.PersonComing]
    assert house.stands_at() == Closed(reason=TicketReason.WRONG_PERSON)
    house.hears(FreezeCleared())
    assert house.stands_at() == Idle()


def test_a_data_request_is_acknowledged_and_left_to_people() -> None:
    house = offered_one()
    assert house.writes(Intent.ERASE) == [safety.DataRequestNoted]
    assert house.tickets() == [TicketReason.DATA_REQUEST]
    assert house.stands_at() == Idle()


@pytest.mark.parametrize("event", [understood(Intent.STOP), press(Choice.STOP)])
def test_a_stop_is_recorded_and_confirmed_once_with_the_way_back(event: Event) -> None:
    house = offered_one(permitted=ALL_OUTREACH)
    assert house.hears(event) == [stop.Stopped]
    assert house.asked_for == [requests.RecordStop(), requests.ReleaseHolds()]
    assert house.said[0].reach is Reach.ALWAYS
    assert [button.choice for button in house.said[0].buttons] == [Choice.START_AGAIN]
    assert house.stands_at() == Idle()
    assert house.presses(Choice.START_AGAIN) == [stop.StartedAgain]
    assert house.permitted == frozenset({Purpose.RECALL})


def test_a_stop_says_that_messages_about_the_visit_go_on_until_refused_too() -> None:
    house = offered_one(visit=booked(FREE[2]))
    assert house.writes(Intent.STOP) == [stop.StoppedVisitGoesOn]
    assert house.presses(Choice.STOP_VISIT_TOO) == [stop.VisitMessagesStopped]
    assert house.asked_for == [requests.RecordConsent(refused=frozenset({Purpose.APPOINTMENT}))]


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (understood(Intent.URGENT), [safety.Emergency]),
        (flagged(Flag.CRISIS), [safety.Crisis]),
        (flagged(Flag.DENIED_URGENT), [safety.Emergency]),
        (understood(Intent.STOP), [stop.Stopped]),
        (press(Choice.STOP), [stop.Stopped]),
        (press(Choice.STOP_VISIT_TOO), [stop.VisitMessagesStopped]),
        (flagged(Flag.LEGAL, Intent.STOP), [stop.Stopped]),
        (flagged(Flag.LEGAL), []),
        (understood(Intent.DECEASED), []),
        (understood(Intent.WRONG_PERSON), []),
        (understood(Intent.ERASE), []),
        (understood(Intent.HUMAN), []),
        (understood(Intent.BOOK), []),
        (press(Choice.PERSON), []),
        (ChatOpened(), []),
        (AttachmentReceived(), []),
        (puzzling(), []),
    ],
)
def test_under_staff_only_danger_and_a_stop_are_answered(event: Event, said: list[type[Text]]) -> None:
    house = offered_one(owner=Owner.STAFF)
    assert house.hears(event) == said


def test_under_staff_what_rights_ask_for_is_done_in_silence() -> None:
    house = offered_one(owner=Owner.STAFF)
    house.writes(Intent.DECEASED)
    assert house.did(requests.RecordStop)
    assert house.tickets() == [TicketReason.DECEASED]
    house.writes(Intent.HUMAN)
    assert house.asked_for == []


def test_somebody_under_age_whom_nobody_knows_is_made_known_to_staff() -> None:
    house = House(known=False)
    assert safety.MinorNoted in house.hears(flagged(Flag.MINOR, Intent.BOOK))
    assert house.tickets() == [TicketReason.MINOR]
    assert not house.did(requests.FreezeProgramme)


def test_whoever_may_only_mean_to_call_hears_again_that_the_team_knows() -> None:
    house = House()
    house.writes(Intent.URGENT)
    assert house.hears(puzzling(Intent.HUMAN)) == [safety.StillWithTeam]
    assert house.writes(Intent.HUMAN) == [person.PersonComing]
