"""Tickets, passes, staff and audit on both databases."""

from datetime import timedelta

import pytest

from flows.ids import ConversationId, StaffId, TicketId
from flows.vocabulary import Role, TicketReason, Urgency
from storage.errors import ConstraintError, KeyErasedError, NotFoundError
from storage.records.tickets import Opened, Opening
from storage.repositories.passes import Holder
from storage.repositories.tickets import ONE_ALARM
from storage.vocabulary import PassKind, StaffDid, TicketStatus
from tests.storage.conftest import NOW, Clinic

HOUR = timedelta(hours=1)


def _open(clinic: Clinic, conversation_id: ConversationId, urgency: Urgency, due_in: timedelta = HOUR) -> Opened:
    return clinic.do(
        lambda uow: uow.tickets.open(
            conversation_id, reason=TicketReason.WORRY, urgency=urgency, due_at=NOW + due_in, now=NOW
        )
    )


def test_asking_again_raises_the_ticket_and_never_lowers_it(clinic: Clinic) -> None:
    talk, staff_id = clinic.add_talk(), clinic.add_staff()
    first = _open(clinic, talk.conversation_id, Urgency.TODAY)
    assert first.opening is Opening.NEW
    clinic.do(lambda uow: uow.tickets.acknowledge(first.ticket_id, staff_id, now=NOW))
    assert _open(clinic, talk.conversation_id, Urgency.WHEN_FREE, due_in=2 * HOUR) == Opened(
        ticket_id=first.ticket_id, opening=Opening.RAISED
    )
    ticket = clinic.do(lambda uow: uow.tickets.get(first.ticket_id))
    assert (ticket.urgency, ticket.due_at, ticket.acknowledged_by) == (Urgency.TODAY, NOW + HOUR, staff_id)
    _open(clinic, talk.conversation_id, Urgency.NOW, due_in=HOUR / 2)
    ticket = clinic.do(lambda uow: uow.tickets.get(first.ticket_id))
    assert (ticket.urgency, ticket.due_at, ticket.acknowledged_by) == (Urgency.NOW, NOW + HOUR / 2, None)


def _see(clinic: Clinic, ticket_id: TicketId, staff_id: StaffId) -> None:
    clinic.do(lambda uow: uow.tickets.acknowledge(ticket_id, staff_id, now=NOW))


def test_another_alarm_must_be_seen_anew_but_not_one_in_the_same_breath(clinic: Clinic) -> None:
    talk, staff_id = clinic.add_talk(), clinic.add_staff()
    ticket_id = _open(clinic, talk.conversation_id, Urgency.NOW).ticket_id
    _see(clinic, ticket_id, staff_id)
    _open(clinic, talk.conversation_id, Urgency.NOW, due_in=HOUR + ONE_ALARM)
    ticket = clinic.do(lambda uow: uow.tickets.get(ticket_id))
    assert (ticket.due_at, ticket.acknowledged_by) == (NOW + HOUR, staff_id)
    _open(clinic, talk.conversation_id, Urgency.TODAY, due_in=2 * HOUR)
    assert clinic.do(lambda uow: uow.tickets.get(ticket_id)).acknowledged_by == staff_id
    _open(clinic, talk.conversation_id, Urgency.NOW, due_in=2 * HOUR)
    ticket = clinic.do(lambda uow: uow.tickets.get(ticket_id))
    assert (ticket.due_at, ticket.acknowledged_at, ticket.acknowledged_by) == (NOW + 2 * HOUR, None, None)


def test_the_deadline_of_an_alarm_nobody_has_seen_stands(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    ticket_id = _open(clinic, talk.conversation_id, Urgency.NOW).ticket_id
    _open(clinic, talk.conversation_id, Urgency.NOW, due_in=2 * HOUR)
    assert clinic.do(lambda uow: uow.tickets.get(ticket_id)).due_at == NOW + HOUR


def test_what_becomes_an_alarm_is_due_from_then_on_though_it_was_overdue(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    ticket_id = _open(clinic, talk.conversation_id, Urgency.TODAY, due_in=-HOUR).ticket_id
    _open(clinic, talk.conversation_id, Urgency.NOW)
    assert clinic.do(lambda uow: uow.tickets.get(ticket_id)).due_at == NOW + HOUR


def test_all_that_is_held_of_some_talks_is_given_back_and_of_no_others(clinic: Clinic) -> None:
    talks, staff_id = [clinic.add_talk().conversation_id for _ in range(3)], clinic.add_staff()
    one, closed, other = (_open(clinic, talk, Urgency.TODAY).ticket_id for talk in talks)
    for ticket_id in (one, closed, other):
        clinic.do(lambda uow, which=ticket_id: uow.tickets.take(which, staff_id))  # type: ignore[misc]  # bound at once
    clinic.do(lambda uow: uow.tickets.close(closed, now=NOW))
    clinic.do(lambda uow: uow.tickets.release_all(talks[:2]))
    found = [clinic.do(lambda uow, which=each: uow.tickets.get(which)) for each in (one, closed, other)]  # type: ignore[misc]  # bound at once
    assert [(each.status, each.holder_id) for each in found] == [
        (TicketStatus.OPEN, None),
        (TicketStatus.CLOSED, staff_id),
        (TicketStatus.TAKEN, staff_id),
    ]


def test_a_closed_ticket_is_not_raised_a_new_one_is_made(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    first = _open(clinic, talk.conversation_id, Urgency.TODAY)
    assert clinic.do(lambda uow: uow.tickets.close(first.ticket_id, now=NOW))
    assert not clinic.do(lambda uow: uow.tickets.close(first.ticket_id, now=NOW))
    second = _open(clinic, talk.conversation_id, Urgency.TODAY)
    assert second.opening is Opening.NEW
    of_talk = clinic.do(lambda uow: uow.tickets.of_conversation(talk.conversation_id))
    assert [(ticket.id, ticket.status) for ticket in of_talk] == [
        (first.ticket_id, TicketStatus.CLOSED),
        (second.ticket_id, TicketStatus.OPEN),
    ]
    assert clinic.do(lambda uow: uow.tickets.close_all(talk.conversation_id, now=NOW))
    assert clinic.do(lambda uow: uow.tickets.under_way(10)) == []


def test_a_ticket_has_one_holder(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    anna, bart = clinic.add_staff("One"), clinic.add_staff("Two")
    ticket_id = _open(clinic, talk.conversation_id, Urgency.TODAY).ticket_id
    assert clinic.do(lambda uow: uow.tickets.take(ticket_id, anna))
    assert not clinic.do(lambda uow: uow.tickets.take(ticket_id, bart))
    assert clinic.do(lambda uow: uow.tickets.take(ticket_id, anna))
    assert clinic.do(lambda uow: uow.tickets.release(ticket_id))
    assert not clinic.do(lambda uow: uow.tickets.release(ticket_id))
    assert clinic.do(lambda uow: uow.tickets.take(ticket_id, bart))
    assert clinic.do(lambda uow: uow.tickets.get(ticket_id)).holder_id == bart


def test_an_alarm_rings_until_somebody_has_seen_it(clinic: Clinic) -> None:
    talk, staff_id = clinic.add_talk(), clinic.add_staff()
    ticket_id = _open(clinic, talk.conversation_id, Urgency.NOW).ticket_id
    assert clinic.do(lambda uow: uow.tickets.alarms(NOW)) == []
    (alarm,) = clinic.do(lambda uow: uow.tickets.alarms(NOW + HOUR))
    assert alarm.id == ticket_id
    assert clinic.do(lambda uow: uow.tickets.acknowledge(ticket_id, staff_id, now=NOW))
    assert not clinic.do(lambda uow: uow.tickets.acknowledge(ticket_id, staff_id, now=NOW + HOUR))
    assert clinic.do(lambda uow: uow.tickets.alarms(NOW + HOUR)) == []


def test_the_most_urgent_ticket_comes_first(clinic: Clinic) -> None:
    later = _open(clinic, clinic.add_talk().conversation_id, Urgency.WHEN_FREE).ticket_id
    today = _open(clinic, clinic.add_talk().conversation_id, Urgency.TODAY, due_in=2 * HOUR).ticket_id
    sooner = _open(clinic, clinic.add_talk().conversation_id, Urgency.TODAY).ticket_id
    now = _open(clinic, clinic.add_talk().conversation_id, Urgency.NOW).ticket_id
    under_way = clinic.do(lambda uow: uow.tickets.under_way(10))
    assert [ticket.id for ticket in under_way] == [now, sooner, today, later]


def test_notes_are_kept_in_order_and_go_with_the_person(clinic: Clinic) -> None:
    talk, staff_id = clinic.add_talk(), clinic.add_staff()
    ticket_id = _open(clinic, talk.conversation_id, Urgency.TODAY).ticket_id
    for text in ("called", "calls back at noon"):
        clinic.do(lambda uow, text=text: uow.tickets.note(ticket_id, text, staff_id=staff_id, now=NOW))  # type: ignore[misc]  # bound at once
    notes = clinic.do(lambda uow: uow.tickets.get(ticket_id)).notes
    assert [(note.text, note.staff_id, note.at) for note in notes] == [
        ("called", staff_id, NOW),
        ("calls back at noon", staff_id, NOW),
    ]
    clinic.do(lambda uow: uow.patients.erase(talk.patient_id, now=NOW))
    assert clinic.do(lambda uow: uow.tickets.get(ticket_id)).notes == ()
    with pytest.raises(KeyErasedError):
        clinic.do(lambda uow: uow.tickets.note(ticket_id, "more", staff_id=staff_id, now=NOW))


def test_a_ticket_that_is_not_there_is_said_so(clinic: Clinic) -> None:
    with pytest.raises(NotFoundError):
        clinic.do(lambda uow: uow.tickets.get(TicketId(1)))


def test_a_link_opens_once(clinic: Clinic) -> None:
    holder = Holder(patient_id=clinic.add_patient())
    token = clinic.do(lambda uow: uow.passes.issue(PassKind.PATIENT_LINK, holder, now=NOW, lifetime=HOUR))
    assert len(token) == 43
    assert clinic.do(lambda uow: uow.passes.use(PassKind.STAFF_LINK, token, now=NOW)) is None
    assert clinic.do(lambda uow: uow.passes.use(PassKind.PATIENT_LINK, token, now=NOW + HOUR)) is None
    assert clinic.do(lambda uow: uow.passes.use(PassKind.PATIENT_LINK, token, now=NOW)) == holder
    assert clinic.do(lambda uow: uow.passes.use(PassKind.PATIENT_LINK, token, now=NOW)) is None
    assert clinic.do(lambda uow: uow.passes.use(PassKind.PATIENT_LINK, "guessed", now=NOW)) is None


def test_a_session_lasts_as_long_as_it_is_extended_and_ends_when_revoked(clinic: Clinic) -> None:
    staff_id = clinic.add_staff()
    kind, holder = PassKind.STAFF_SESSION, Holder(staff_id=staff_id)
    token = clinic.do(lambda uow: uow.passes.issue(kind, holder, now=NOW, lifetime=HOUR))
    assert clinic.do(lambda uow: uow.passes.look_up(kind, token, now=NOW)) == holder
    assert clinic.do(lambda uow: uow.passes.extend(kind, token, now=NOW, lifetime=2 * HOUR))
    assert clinic.do(lambda uow: uow.passes.look_up(kind, token, now=NOW + HOUR)) == holder
    assert not clinic.do(lambda uow: uow.passes.extend(kind, token, now=NOW + 2 * HOUR, lifetime=HOUR))
    clinic.do(lambda uow: uow.passes.revoke(token))
    assert clinic.do(lambda uow: uow.passes.look_up(kind, token, now=NOW)) is None


def test_passes_end_with_their_holder_and_with_time(clinic: Clinic) -> None:
    staff_id, patient_id = clinic.add_staff(), clinic.add_patient()
    for holder, lifetime in (
        (Holder(staff_id=staff_id), HOUR),
        (Holder(patient_id=patient_id), HOUR),
        (Holder(conversation_id=clinic.add_talk().conversation_id), HOUR / 2),
    ):
        clinic.do(
            lambda uow, holder=holder, lifetime=lifetime: uow.passes.issue(  # type: ignore[misc]  # bound at once
                PassKind.CHAT_SESSION, holder, now=NOW, lifetime=lifetime
            )
        )
    assert clinic.do(lambda uow: uow.passes.sweep(now=NOW + HOUR / 2)) == 1
    clinic.do(lambda uow: uow.passes.revoke_staff(staff_id))
    clinic.do(lambda uow: uow.passes.revoke_patient(patient_id))
    assert clinic.do(lambda uow: uow.passes.sweep(now=NOW + HOUR)) == 0


def test_a_pass_for_nobody_is_refused(clinic: Clinic) -> None:
    with pytest.raises(ConstraintError):
        clinic.do(lambda uow: uow.passes.issue(PassKind.CHAT_SESSION, Holder(), now=NOW, lifetime=HOUR))


def test_staff_come_and_go_and_what_they_did_stays(clinic: Clinic) -> None:
    staff_id, patient_id = clinic.add_staff("Desk One"), clinic.add_patient()
    member = clinic.do(lambda uow: uow.staff.get(staff_id))
    assert (member.name, member.role, member.active) == ("Desk One", Role.RECEPTION, True)
    clinic.do(lambda uow: uow.staff.did(staff_id, StaffDid.SIGNED_IN, now=NOW))
    clinic.do(lambda uow: uow.staff.did(staff_id, StaffDid.READ_CARD, patient_id=patient_id, now=NOW + HOUR))
    clinic.do(lambda uow: uow.staff.deactivate(staff_id))
    assert [member.active for member in clinic.do(lambda uow: uow.staff.all())] == [False]
    actions = clinic.do(lambda uow: uow.staff.actions(10))
    assert [(action.action, action.patient_id) for action in actions] == [
        (StaffDid.READ_CARD, patient_id),
        (StaffDid.SIGNED_IN, None),
    ]
    assert clinic.do(lambda uow: uow.staff.actions(10, patient_id=patient_id)) == actions[:1]
    nobody = StaffId(staff_id + 1)
    with pytest.raises(NotFoundError):
        clinic.do(lambda uow: uow.staff.get(nobody))
    with pytest.raises(NotFoundError):
        clinic.do(lambda uow: uow.staff.deactivate(nobody))
