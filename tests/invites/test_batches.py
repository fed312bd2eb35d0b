"""Who comes into a batch and who does not, and what is recorded of paper: gated, once, sent when it is written."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.services.invitations import InvitationWriter, Letter
from bot.services.invite_batches import Batch, batch_name, make_cards, make_letters, not_written, plan_mails, written
from bot.services.inviting import Aside, Chosen, UnknownPatientError, Wanted
from bot.services.patient_page import open_page
from bot.services.people import voice_of
from bot.wording import Catalogue, Wording
from flows.ids import PatientId, StaffId
from flows.outreach.ledger import Act
from flows.outreach.policy import Automation
from flows.outreach.verdict import Refusal
from flows.vocabulary import Channel, PatientStatus, Purpose
from tests.house.records import Records
from tests.invites.batches import chosen_for, mail
from tests.invites.post import add_listed
from tests.world import World


def letters(world: World, wanted: Wanted, chosen: Chosen, *, released_by: StaffId | None = None) -> Batch[Letter]:
    """Word the letters of a batch."""
    clinic = world.house.clinic
    writer = InvitationWriter(Wording(catalogue=Catalogue.load(), clinic=voice_of(clinic)), clinic)
    with world.house.database.unit_of_work(clinic.id) as uow:
        made = make_letters(uow, clinic, writer, chosen, wanted.batch, world.clock.now(), released_by=released_by)
        uow.commit()
    return made


def numbers(chosen: Chosen) -> list[str]:
    """Who is invited, by number."""
    return [each.patient.profile.number for each in chosen.going]


def outcome(records: Records) -> list[tuple[str, str, str | None]]:
    """What became of each row: kind, status, reason."""
    return [(row["kind"], row["status"], row["status_reason"]) for row in records.of("outbox")]


async def test_a_letter_counts_as_sent_when_its_file_is_written(world: World, records: Records) -> None:
    patient_id = add_listed(world, "1")
    made = letters(world, *chosen_for(world, Channel.LETTER))
    assert outcome(records) == [("proactive", "leased", None)]
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        written(uow, made, world.clock.now())
        assert uow.patients.get(patient_id).last_contacted_at is not None
        uow.commit()
    assert outcome(records) == [("proactive", "sent", None)]
    assert [(row["stage"], row["verdict"]) for row in records.of("gate_decision")] == [
        ("planned", "permit"),
        ("sending", "permit"),
    ]


async def test_a_letter_that_was_not_written_is_made_again(world: World, records: Records) -> None:
    add_listed(world, "1")
    made = letters(world, *chosen_for(world, Channel.LETTER))
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        not_written(uow, made)
        uow.commit()
    assert outcome(records) == [("proactive", "failed", "file_not_written")]
    assert numbers(chosen_for(world, Channel.LETTER)[1]) == ["1"]


async def test_a_letter_whose_writer_vanished_counts_as_sent_and_is_not_mailed_by_the_house(
    world: World, records: Records
) -> None:
    add_listed(world, "1")
    letters(world, *chosen_for(world, Channel.LETTER))
    await world.house.delivery.send_due()
    assert outcome(records) == [("proactive", "leased", None)]
    world.clock.move_to(world.clock.now() + timedelta(hours=2))
    await world.house.delivery.send_due()
    assert outcome(records) == [("proactive", "unknown", "lease_lost")]
    assert chosen_for(world, Channel.LETTER)[1].going == []


async def test_a_stop_between_choosing_and_writing_leaves_them_out(world: World, records: Records) -> None:
    stopped = add_listed(world, "1")
    add_listed(world, "2")
    wanted, chosen = chosen_for(world, Channel.LETTER)
    add_listed(world, "1", act=Act.WITHDRAW)
    made = letters(world, wanted, chosen)
    assert [letter.recipient.number for letter in made.invitations] == ["2"]
    assert chosen.left_out == {Refusal.WITHDRAWN: 1}
    (row,) = records.of("outbox", patient_id=stopped)
    assert (row["status"], row["status_reason"]) == ("refused", "withdrawn")


async def test_where_a_person_releases_no_letter_is_made_before_one_has(world: World, records: Records) -> None:
    add_listed(world, "1")
    manager = world.add_staff().staff_id
    _want_release(world)
    wanted, chosen = chosen_for(world, Channel.LETTER)
    assert letters(world, wanted, chosen).invitations == ()
    assert chosen.left_out == {Refusal.NOT_RELEASED: 1}
    assert outcome(records) == [("proactive", "refused", "not_released")]
    wanted, chosen = chosen_for(world, Channel.LETTER)
    assert len(letters(world, wanted, chosen, released_by=StaffId(manager)).invitations) == 1
    assert outcome(records)[1:] == [("proactive", "leased", None)]


def _want_release(world: World) -> None:
    """Let a person release every invitation; the changed policy is signed."""
    clinic = world.house.clinic
    own = clinic.policies.own
    rules = tuple(
        replace(rule, automation=Automation.HUMAN_RELEASE) if rule.purpose is Purpose.RECALL else rule
        for rule in own.rules
    )
    book = replace(clinic.policies, own=replace(own, rules=rules), by_channel={}, by_residence={})
    object.__setattr__(clinic, "policies", book)


async def test_without_an_address_no_letter_and_no_mail(world: World) -> None:
    add_listed(world, "1", street=None, email=None)
    for channel in (Channel.LETTER, Channel.EMAIL):
        chosen = chosen_for(world, channel)[1]
        assert chosen.going == []
        assert chosen.left_out == {Refusal.UNREACHED: 1}


async def test_whom_a_messenger_reaches_gets_no_paper(world: World) -> None:
    patient_id = add_listed(world, "1")
    add_listed(world, "2")
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        open_page(uow, patient_id, world.clock.now())
        uow.commit()
    chosen = chosen_for(world, Channel.LETTER)[1]
    assert numbers(chosen) == ["2"]
    assert chosen.left_out == {Aside.IN_A_CHAT: 1}


async def test_a_household_gets_one_letter_a_batch(world: World) -> None:
    add_listed(world, "1", email="family@example.com")
    add_listed(world, "2", email="family@example.com")
    chosen = chosen_for(world, Channel.LETTER)[1]
    assert len(chosen.going) == 1
    assert chosen.left_out == {Aside.SAME_HOUSEHOLD: 1}


async def test_who_was_left_out_of_a_batch_is_not_in_the_next_one(world: World) -> None:
    patient_id = add_listed(world, "1", email="anna@example.com")
    wanted, chosen = chosen_for(world, Channel.EMAIL)
    clinic, now, staff = world.house.clinic, world.clock.now(), world.add_staff()
    with world.house.database.unit_of_work(clinic.id) as uow:
        plan_mails(uow, chosen, wanted.batch, now)
        (row,) = [each.id for each in uow.releases.undecided() if each.patient_id == patient_id]
        uow.releases.decide(wanted.batch, StaffId(staff.staff_id), released=(), left_out=[row], now=now)
        uow.commit()
    for channel in (Channel.EMAIL, Channel.LETTER):
        assert chosen_for(world, channel)[1].left_out == {Aside.HELD_BACK: 1}


async def test_nobody_is_counted_twice_or_lost(world: World) -> None:
    for number in range(6):
        add_listed(world, str(number))
    add_listed(world, "6", act=Act.DENY)
    add_listed(world, "7", last_visit_on=world.clock.now().date())
    chosen = chosen_for(world, Channel.EMAIL, limit=4)[1]
    assert len(chosen.going) == 4
    assert chosen.left_out == {Aside.NO_ROOM: 2, Refusal.WITHDRAWN: 1, Refusal.NOT_DUE: 1}


async def test_who_is_named_is_judged_all_the_same(world: World) -> None:
    add_listed(world, "1")
    add_listed(world, "2", act=Act.DENY)
    add_listed(world, "3")
    chosen = chosen_for(world, Channel.EMAIL, "3", "2", "3")[1]
    assert numbers(chosen) == ["3"]
    assert chosen.left_out == {Refusal.WITHDRAWN: 1}
    with pytest.raises(UnknownPatientError, match="4711"):
        chosen_for(world, Channel.EMAIL, "1", "4711")


async def test_invitations_out_leave_no_more_than_the_free_time_for_others(world: World) -> None:
    for number in range(3):
        add_listed(world, str(number))
    tight = world.house.clinic.settings.recall.model_copy(update={"share_of_free_times": 0.000001})
    object.__setattr__(world.house.clinic, "settings", world.house.clinic.settings.model_copy(update={"recall": tight}))
    chosen = chosen_for(world, Channel.EMAIL)[1]
    assert chosen.going == []
    assert chosen.left_out == {Aside.NO_ROOM: 3}


async def test_a_mail_on_its_way_takes_up_free_time(world: World) -> None:
    add_listed(world, "1")
    mail(world)
    now = world.clock.now()
    with world.house.database.reading(world.house.clinic.id) as uow:
        assert uow.planning.invited(since=now, until=now + timedelta(days=7)) == 1


async def test_a_card_is_recorded_but_is_no_contact_of_the_programme(world: World, records: Records) -> None:
    patients: list[PatientId] = [add_listed(world, "1", act=None), add_listed(world, "2", status=PatientStatus.MOVED)]
    clinic, now = world.house.clinic, world.clock.now()
    writer = InvitationWriter(Wording(catalogue=Catalogue.load(), clinic=voice_of(clinic)), clinic)
    with world.house.database.unit_of_work(clinic.id) as uow:
        known = uow.patients.get_many(patients)
        made = make_cards(uow, clinic, writer, list(known.values()), batch_name("cards", clinic, now), now)
        written(uow, made, now)
        uow.commit()
    assert [card.number for card in made.invitations] == ["1"]
    assert outcome(records) == [("staff", "sent", None)]
    with world.house.database.reading(clinic.id) as uow:
        assert uow.patients.get(patients[0]).last_contacted_at is None


async def test_the_link_in_a_letter_opens_the_page_once(world: World) -> None:
    add_listed(world, "1")
    made = letters(world, *chosen_for(world, Channel.LETTER))
    token = made.invitations[0].link.rpartition("/")[2]
    assert await world.house.patient.redeem_link(token) is not None
    assert await world.house.patient.redeem_link(token) is None


async def test_no_secret_stands_in_what_is_kept_of_a_letter(world: World) -> None:
    add_listed(world, "1")
    made = letters(world, *chosen_for(world, Channel.LETTER))
    assert made.invitations[0].link not in made.invitations[0].text


async def test_who_has_a_mail_on_its_way_is_not_invited_again(world: World) -> None:
    add_listed(world, "1")
    assert numbers(mail(world)) == ["1"]
    assert chosen_for(world, Channel.EMAIL)[1].left_out == {Refusal.DUPLICATE: 1}
