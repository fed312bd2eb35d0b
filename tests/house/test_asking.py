"""Asking on the real house: what a patient allows is proven by its notice, kept, shown, and changed at any time.

Longer than other files: one story of asking, told by what is shown, kept and changed.
"""

from datetime import date, timedelta

import pytest

from bot.services.proving import proof_for
from bot.wording.notices import reference_for
from flows.engine.choices import Choice
from flows.ids import ConversationId, PatientId
from flows.outreach.ledger import Act, ActedBy, Basis, LedgerEvent
from flows.outreach.rights import rights
from flows.vocabulary import Channel, Language, Purpose
from storage.records.people import Address, Patient, PostalChange
from storage.repositories.addresses import UNPROVEN
from tests.house.acts import DAY, books, choices, chooses, days_pass, proactive, said
from tests.house.lists import is_born_on
from tests.house.records import Records
from tests.house.test_links import link_of
from tests.world import World

NOTHING: frozenset[Purpose] = frozenset()
BOTH = frozenset({Purpose.RECALL, Purpose.POSTVISIT})


async def comes_by_link(world: World, *, language: Language = Language.EN) -> tuple[PatientId, ConversationId]:
    """Let somebody come for the first time who never said what may be written about."""
    patient_id, talk = world.add_patient(permits=NOTHING, language=language)
    assert await world.house.patient.redeem_link(link_of(world, patient_id)) is not None
    return patient_id, talk


def known(world: World, patient_id: PatientId) -> Patient:
    """The patient as stored now."""
    with world.house.database.reading(world.house.clinic.id) as uow:
        return uow.patients.get(patient_id)


def ledger(world: World, patient_id: PatientId) -> tuple[LedgerEvent, ...]:
    """The patient's events."""
    with world.house.database.reading(world.house.clinic.id) as uow:
        return uow.ledger.events(patient_id)


def addresses(world: World, patient_id: PatientId, channel: Channel) -> list[Address]:
    """The patient's addresses on a channel, closed ones too."""
    with world.house.database.reading(world.house.clinic.id) as uow:
        return [each for each in uow.addresses.of_patient(patient_id) if each.channel is channel]


def has_letter_box(world: World, patient_id: PatientId) -> None:
    """Let the clinic's list know where the patient lives."""
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.addresses.set_postal(
            [PostalChange(patient_id=patient_id, value="Example Street 1\n9000 Gent")], now=world.clock.now()
        )
        uow.commit()


async def receipt(world: World, talk: ConversationId) -> str:
    """The last receipt in a talk, as the patient loads it."""
    lines = (await world.house.patient.chat(world.session(talk))).lines
    line = [each for each in lines if each.file_name and each.file_name.endswith(".txt")][-1]
    found = await world.house.patient.file(world.session(talk), line.id)
    assert found is not None
    return found[1].decode()


async def change_email(world: World, talk: ConversationId, email: str) -> None:
    """Let a patient name a mailbox and confirm it."""
    await world.writes(talk, f"my e-mail address is {email}")
    await chooses(world, talk, Choice.CORRECT)


@pytest.mark.parametrize("language", Language)
async def test_who_comes_first_is_asked_and_a_yes_is_proven_by_its_notice(
    world: World, records: Records, language: Language
) -> None:
    patient_id, talk = await comes_by_link(world, language=language)
    assert [key for key, _ in said(records, talk)] == ["welcome.hello_asking", "consent.recall"]
    await chooses(world, talk, Choice.WHAT_EXACTLY)
    await chooses(world, talk, Choice.ALLOW)
    await chooses(world, talk, Choice.NO_THANKS)
    yes, no = ledger(world, patient_id)
    assert (yes.act, yes.purpose, yes.basis) == (Act.PERMIT, Purpose.RECALL, Basis.EXPRESS_CONSENT)
    assert yes.notice == reference_for(language, Purpose.RECALL)
    assert yes.notice.startswith(f"{language}/recall@1#")
    assert yes.withdraw_by
    assert yes.address_hash is not None
    assert (no.act, no.purpose) == (Act.WITHDRAW, Purpose.POSTVISIT)
    assert known(world, patient_id).consent_asked_at is not None
    assert (known(world, patient_id).recall_ok, known(world, patient_id).postvisit_ok) == (True, False)


async def test_the_receipt_says_what_holds_on_which_notice_and_how_to_take_it_back(world: World) -> None:
    patient_id, talk = await comes_by_link(world)
    await chooses(world, talk, Choice.ALLOW)
    await chooses(world, talk, Choice.NO_THANKS)
    await chooses(world, talk, Choice.RHYTHM)
    given = await receipt(world, talk)
    assert "Anna Example-T-0" in given
    assert "23 November 2026" in given
    assert "When a check-up is due: allowed (23 November 2026)" in given
    assert reference_for(Language.EN, Purpose.RECALL) in given
    assert "After a visit, to ask whether all is well: not allowed" in given
    assert "“stop”" in given
    assert "How: in this chat" in given
    await world.writes(talk, "stop")
    await world.writes(talk, "hello")
    await chooses(world, talk, Choice.LOOK_FOR_TIME)
    await chooses(world, talk, Choice.PERSON)
    assert not known(world, patient_id).recall_ok


async def test_nobody_is_asked_twice_by_themselves_and_unknown_stays_no(world: World, records: Records) -> None:
    patient_id, talk = await comes_by_link(world)
    await books(world, records, talk)
    assert said(records, talk)[-1][0].startswith("booking."), "asked once, before"
    assert ledger(world, patient_id) == ()
    assert not known(world, patient_id).recall_ok


async def test_who_said_no_before_is_greeted_and_not_asked(world: World, records: Records) -> None:
    patient_id, talk = world.add_patient(permits=NOTHING)
    await world.writes(talk, "stop")
    assert await world.house.patient.redeem_link(link_of(world, patient_id)) is not None
    assert "consent.recall" not in {key for key, _ in said(records, talk)}


async def test_who_was_invited_is_asked_after_the_errand(world: World, records: Records) -> None:
    patient_id, talk = world.add_patient(permits=frozenset({Purpose.RECALL}))
    await books(world, records, talk)
    booked, asked = (key for key, _ in said(records, talk)[-2:])
    assert booked.startswith("booking.")
    assert asked == "consent.postvisit"
    await chooses(world, talk, Choice.ALLOW)
    assert known(world, patient_id).postvisit_ok


async def test_how_and_how_often_are_kept_and_shown_to_staff(world: World) -> None:
    staff = world.add_staff()
    patient_id, talk = world.add_patient(permits=NOTHING)
    has_letter_box(world, patient_id)
    await world.house.patient.redeem_link(link_of(world, patient_id))
    await chooses(world, talk, Choice.ALLOW)
    await chooses(world, talk, Choice.ALLOW)
    await world.presses(talk, 1)
    await world.presses(talk, 2)
    stored = known(world, patient_id)
    assert (stored.preferred_channel, stored.rhythm_months) == (Channel.LETTER, 12)
    view = await world.house.desk.conversation(staff, talk)
    assert view is not None
    assert (view.card.preferred_channel, view.card.rhythm_months) == (Channel.LETTER, 12)
    assert {each.purpose: each.notice for each in view.card.rights} == {
        "recall": reference_for(Language.EN, Purpose.RECALL),
        "postvisit": reference_for(Language.EN, Purpose.POSTVISIT),
        "offer": "",
    }


async def test_the_settings_change_all_of_it_at_any_time(world: World) -> None:
    patient_id, talk = world.add_patient()
    await world.writes(talk, "hello")
    await chooses(world, talk, Choice.PERSON)
    await world.house.patient.redeem_link(link_of(world, patient_id))
    await world.writes(talk, "hm hm hm")
    await world.house.patient.press(world.session(talk), "settings-1", "1:settings:0:0")
    await world.presses(talk, 0)
    assert not known(world, patient_id).recall_ok
    await chooses(world, talk, Choice.HOW_OFTEN)
    await world.presses(talk, 1)
    assert known(world, patient_id).rhythm_months == 6
    await chooses(world, talk, Choice.RECEIPT)
    assert "When a check-up is due: not allowed" in await receipt(world, talk)
    assert "How often: twice a year" in await receipt(world, talk)


async def test_a_mailbox_named_in_the_chat_is_not_used_before_it_is_proven(world: World) -> None:
    patient_id, talk = world.add_patient()
    await change_email(world, talk, "anna@example.com")
    assert known(world, patient_id).profile.email == "anna@example.com"
    named = addresses(world, patient_id, Channel.EMAIL)[0]
    assert (named.verified_how, named.verified_at, named.closed_why) == (None, None, UNPROVEN)
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        secret = proof_for(uow, patient_id, world.clock.now())
        uow.commit()
    assert secret is not None
    assert not await world.house.proofs.prove("no secret of ours")
    assert await world.house.proofs.prove(secret)
    proven = addresses(world, patient_id, Channel.EMAIL)[0]
    assert (proven.closed_at, proven.verified_how) == (None, "secret_by_mail")
    assert not await world.house.proofs.prove(secret), "once"


async def test_where_no_mail_can_leave_a_mailbox_is_stored_and_that_is_all(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await change_email(world, talk, "anna@example.com")
    assert said(records, talk)[-1] == ("contact.email_changed", "sent")
    assert records.of("outbox", channel=Channel.EMAIL.value) == []


async def test_a_proven_mailbox_is_a_way_to_be_written_to(world: World) -> None:
    patient_id, talk = world.add_patient()
    await change_email(world, talk, "anna@example.com")
    await world.house.patient.press(world.session(talk), "settings-1", "1:settings:0:0")
    await chooses(world, talk, Choice.HOW)
    assert (await choices(world, talk)).count(Choice.WAY) == 1
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        secret = proof_for(uow, patient_id, world.clock.now())
        uow.commit()
    assert secret is not None
    await world.house.proofs.prove(secret)
    await world.house.patient.press(world.session(talk), "settings-2", "1:settings:0:0")
    await chooses(world, talk, Choice.HOW)
    await world.presses(talk, 1)
    assert known(world, patient_id).preferred_channel is Channel.EMAIL


async def test_a_secret_proves_no_other_mailbox_than_the_one_it_went_to(world: World) -> None:
    patient_id, talk = world.add_patient()
    await change_email(world, talk, "anna@example.com")
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        secret = proof_for(uow, patient_id, world.clock.now())
        uow.commit()
    assert secret is not None
    await change_email(world, talk, "anna@example.org")
    assert not await world.house.proofs.prove(secret)
    assert {each.closed_why for each in addresses(world, patient_id, Channel.EMAIL)} == {UNPROVEN}
    world.clock.move_to(world.clock.now() + timedelta(days=8))
    assert not await world.house.proofs.prove(secret)


async def test_a_mailbox_the_clinic_knows_already_needs_no_proof(world: World) -> None:
    patient_id, talk = world.add_patient()
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.addresses.add(patient_id, Channel.EMAIL, "anna@example.com", now=world.clock.now())
        uow.commit()
    await change_email(world, talk, "anna@example.com")
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        assert proof_for(uow, patient_id, world.clock.now()) is None
    assert addresses(world, patient_id, Channel.EMAIL)[0].closed_at is None


async def test_a_guardian_permits_for_a_child_and_a_child_does_not(world: World, records: Records) -> None:
    (one, first), (other, second) = (world.add_patient(permits=NOTHING) for _ in range(2))
    for patient_id, talk in ((one, first), (other, second)):
        is_born_on(world, patient_id, date(2014, 5, 2))
        await world.house.patient.redeem_link(link_of(world, patient_id))
        assert said(records, talk)[-1] == ("consent.who", "sent")
    await chooses(world, first, Choice.GUARDIAN)
    await chooses(world, first, Choice.ALLOW)
    (yes,) = ledger(world, one)
    assert (yes.acted_by, yes.purpose) == (ActedBy.GUARDIAN, Purpose.RECALL)
    await chooses(world, second, Choice.MYSELF)
    assert ledger(world, other) == ()
    await days_pass(world, 2)
    assert [row[1] for row in proactive(records, first)] == ["sent"]
    assert proactive(records, second) == []


async def test_a_bare_cancel_stops_outreach_and_is_asked_about(world: World, records: Records) -> None:
    patient_id, talk = world.add_patient()
    await books(world, records, talk)
    await world.writes(talk, "cancel")
    assert said(records, talk)[-1] == ("cancel.which", "sent")
    assert records.of("appointment", patient_id=patient_id, status="booked"), "nothing is guessed"
    assert not known(world, patient_id).recall_ok
    await chooses(world, talk, Choice.KEEP_MESSAGES)
    assert known(world, patient_id).recall_ok


async def test_a_pause_rests_until_its_day_and_what_was_planned_is_withdrawn(world: World, records: Records) -> None:
    patient_id, talk = world.add_patient()
    await world.house.ticks.run_all()
    await world.writes(talk, "ask me again in spring")
    assert proactive(records, talk) == [("recall", "withdrawn", "paused")]
    until = known(world, patient_id).paused_until
    assert until is not None
    assert until.astimezone(world.house.clinic.zone).month == 3
    await days_pass(world, 14)
    assert [row[1] for row in proactive(records, talk)] == ["withdrawn"]


@pytest.mark.parametrize(
    ("words", "answer", "reason"),
    [
        ("wrong number, I don't know her", "safety.wrong_person", "wrong_person"),
        ("she passed away in spring", "safety.condolence", "deceased"),
    ],
)
async def test_a_wrong_person_and_a_death_are_answered_once_without_a_name_and_nothing_more_goes_out(
    world: World, records: Records, words: str, answer: str, reason: str
) -> None:
    patient_id, talk = world.add_patient()
    await books(world, records, talk, place=1)
    before = len(said(records, talk))
    await world.writes(talk, words)
    assert said(records, talk)[before:] == [(answer, "sent")]
    assert "Anna" not in (await world.lines(talk))[-1]
    assert [row["reason"] for row in records.of("ticket", conversation_id=talk)] == [reason]
    await world.writes(talk, "what time was it again?")
    assert said(records, talk)[-1][0] == "safety.line_closed"
    await days_pass(world, 14)
    assert not [row for row in proactive(records, talk) if row[1] == "sent"]
    folded = rights(ledger(world, patient_id), world.clock.now())
    assert folded.deceased is (reason == "deceased")
    assert not folded.candidates(Purpose.RECALL, world.clock.now())
    if reason == "wrong_person":
        page = addresses(world, patient_id, Channel.WEBCHAT)[0]
        assert folded.is_closed(Channel.WEBCHAT, page.id), "the address is suppressed"


async def test_the_way_back_after_a_stop_is_the_patients_own_press(world: World, records: Records) -> None:
    patient_id, talk = world.add_patient()
    await world.writes(talk, "please leave me in peace")
    assert said(records, talk) == [("stop.done", "sent")]
    world.clock.move_to(world.clock.now() + DAY)
    await chooses(world, talk, Choice.START_AGAIN)
    assert known(world, patient_id).recall_ok
