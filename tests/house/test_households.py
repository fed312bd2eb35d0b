"""One account that speaks for several patients: for whom is asked, and each stays a person of their own."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.services.arriving import ChatClosed
from bot.services.updates import Pressed, Wrote
from flows.engine.choices import Choice, Payload
from flows.ids import ConversationId, PatientId
from flows.vocabulary import Language, PatientStatus
from storage.records.people import NewPatient, Profile
from tests.house.records import Records
from tests.house.telephone import (
    MOBILE,
    Phone,
    buttons_of,
    comes_by_link,
    has_mobile,
    keys,
    labels_of,
    link_for,
    presses,
    talk_of,
    whose,
)
from tests.world import World


def relative(world: World, given_name: str, born: date, number: str = MOBILE) -> PatientId:
    """Somebody of the family, with the family's number on file."""
    tag = f"F-{next(world.numbers)}"
    row = NewPatient(
        profile=Profile(number=tag, given_name=given_name, family_name="Example", birth_date=born, mobile=number),
        provider_id=world.house.clinic.providers[0],
        language=Language.EN,
        status=PatientStatus.ACTIVE,
        last_visit_on=date(2025, 3, 23),
        recall_months=12,
        next_visit_at=None,
    )
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        patient_id = uow.patients.upsert_many([row], now=world.clock.now())[0].patient_id
        uow.commit()
    return patient_id


def talk_with(records: Records, patient_id: PatientId) -> ConversationId:
    """The talk of a patient at the messenger."""
    address = records.of("address", patient_id=patient_id, channel="telegram")[0]
    return ConversationId(records.of("conversation", address_id=address["id"])[0]["id"])


@pytest.fixture
def family(world: World) -> tuple[PatientId, PatientId]:
    """A mother and her child."""
    return relative(world, "Mia", date(1984, 5, 2)), relative(world, "Tom", date(2017, 6, 1))


async def test_a_shared_number_asks_for_whom(
    world: World, phone: Phone, records: Records, family: tuple[PatientId, PatientId]
) -> None:
    await phone.writes("hello")
    await phone.shares()
    mother, child = family
    assert whose(records, talk_of(world, phone.account)) == mother
    await presses(phone, Choice.FOR_WHOM)
    assert whose(records, talk_of(world, phone.account)) == mother
    assert talk_with(records, child) != talk_with(records, mother)


async def test_those_to_choose_from_are_called_by_their_names(
    world: World, phone: Phone, family: tuple[PatientId, PatientId]
) -> None:
    del family
    await phone.shares()
    assert labels_of(world, talk_of(world, phone.account))[:2] == ["Mia", "Tom"]
    await presses(phone, Choice.FOR_WHOM)
    await phone.does(Pressed(payload=Payload(choice=Choice.FAMILY, argument=0, asked=0)))
    assert labels_of(world, talk_of(world, phone.account))[:2] == ["Mia", "Tom"]


async def test_a_chat_that_nobody_has_proven_names_nobody_of_the_family(
    world: World, phone: Phone, records: Records, family: tuple[PatientId, PatientId]
) -> None:
    del family
    await phone.shares()
    await presses(phone, Choice.FOR_WHOM)
    records.change("UPDATE address SET verified_at = NULL")
    await phone.does(Pressed(payload=Payload(choice=Choice.FAMILY, argument=0, asked=0)))
    assert labels_of(world, talk_of(world, phone.account))[:2] == ["Person 1", "Person 2"]


async def test_whoever_is_chosen_is_spoken_with_in_their_own_chat(
    world: World, phone: Phone, records: Records, family: tuple[PatientId, PatientId]
) -> None:
    await phone.shares()
    child = family[1]
    choices = [Payload.decode(raw) for raw in buttons_of(world, talk_of(world, phone.account))]
    heard = len(phone.heard)
    await phone.does(Pressed(payload=replace(choices[0], argument=1)))
    talk = talk_of(world, phone.account)
    assert whose(records, talk) == child
    assert len(phone.heard) > heard
    await phone.writes("stop")
    stopped = {row["patient_id"] for row in records.of("ledger_event") if row["collected"] == "stop"}
    assert stopped == {child}


async def test_a_choice_that_comes_again_opens_nothing_twice(
    world: World, phone: Phone, family: tuple[PatientId, PatientId]
) -> None:
    del family
    await phone.shares()
    choice = Payload.decode(buttons_of(world, talk_of(world, phone.account))[1])
    await phone.does(Pressed(payload=choice), update="7:choice")
    heard = len(phone.heard)
    await phone.does(Pressed(payload=choice), update="7:choice")
    assert len(phone.heard) == heard


async def test_a_second_link_adds_a_patient_to_the_account(world: World, phone: Phone, records: Records) -> None:
    first, second = (
        relative(world, "Mia", date(1984, 5, 2), "+32470000011"),
        relative(world, "Jan", date(1980, 5, 2), "+32470000012"),
    )
    before = await comes_by_link(phone, first)
    after = await comes_by_link(phone, second)
    assert (whose(records, before), whose(records, after)) == (first, second)
    await phone.does(Pressed(payload=Payload(choice=Choice.FAMILY, argument=0, asked=0)))
    await presses(phone, Choice.FOR_WHOM)
    assert talk_of(world, phone.account) == before


async def test_a_grown_child_is_not_reached_by_a_parents_number(world: World, phone: Phone, records: Records) -> None:
    mother = relative(world, "Mia", date(1970, 5, 2))
    grown = relative(world, "Tom", date(2000, 6, 1))
    await phone.shares()
    assert whose(records, talk_of(world, phone.account)) == mother
    assert records.of("address", patient_id=grown, channel="telegram") == []


async def test_a_child_that_has_grown_up_is_not_reached_through_the_guardian_any_more(
    world: World, phone: Phone, records: Records
) -> None:
    mother, child = relative(world, "Mia", date(1984, 5, 2)), relative(world, "Tom", date(2012, 6, 1))
    family = Pressed(payload=Payload(choice=Choice.FAMILY, argument=0, asked=0))
    await phone.shares()
    open_question = Payload.decode(buttons_of(world, talk_of(world, phone.account))[1])
    assert open_question.choice is Choice.FOR_WHOM
    world.clock.move_to(world.clock.now() + timedelta(days=8 * 365))
    await phone.does(Pressed(payload=open_question))
    assert whose(records, talk_of(world, phone.account)) == mother
    await phone.does(family)
    assert "Tom" not in labels_of(world, talk_of(world, phone.account))
    await phone.writes("hello")
    assert whose(records, talk_of(world, phone.account)) == mother
    assert child != mother


async def test_a_guardian_whose_chat_was_last_a_grown_childs_is_led_back_to_their_own(
    world: World, phone: Phone, records: Records
) -> None:
    mother, child = relative(world, "Mia", date(1984, 5, 2)), relative(world, "Tom", date(2012, 6, 1))
    await phone.shares()
    choice = Payload.decode(buttons_of(world, talk_of(world, phone.account))[1])
    await phone.does(Pressed(payload=choice))
    assert whose(records, talk_of(world, phone.account)) == child
    world.clock.move_to(world.clock.now() + timedelta(days=8 * 365))
    await phone.writes("when is my next visit?")
    assert whose(records, talk_of(world, phone.account)) == mother


async def test_a_couple_that_shares_a_number_is_asked_for_whom(world: World, phone: Phone, records: Records) -> None:
    people = {relative(world, "Mia", date(1970, 5, 2)), relative(world, "Jan", date(1972, 6, 1))}
    await phone.shares()
    found = {row["patient_id"] for row in records.of("address", channel="telegram")}
    assert found == people


async def test_nobody_deceased_is_named(world: World, phone: Phone, records: Records) -> None:
    widow, late = relative(world, "Mia", date(1950, 5, 2)), relative(world, "Jan", date(1948, 6, 1))
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.patients.set_status(late, PatientStatus.DECEASED)
        uow.commit()
    await phone.shares()
    assert [row["patient_id"] for row in records.of("address", channel="telegram")] == [widow]


async def test_a_block_closes_the_account_for_everybody(
    world: World, phone: Phone, records: Records, family: tuple[PatientId, PatientId]
) -> None:
    await phone.shares()
    await phone.does(ChatClosed())
    assert all(row["closed_at"] is not None for row in records.of("address", channel="telegram"))
    await phone.writes("hello")
    assert all(row["closed_at"] is None for row in records.of("address", channel="telegram"))
    assert {row["patient_id"] for row in records.of("ledger_event", act="unblocked")} == set(family)
    assert talk_of(world, phone.account) in {talk_with(records, each) for each in family}


async def test_a_press_answers_in_the_chat_in_which_it_was_asked(world: World, phone: Phone, records: Records) -> None:
    first, second = (
        relative(world, "Mia", date(1984, 5, 2), "+32470000011"),
        relative(world, "Jan", date(1980, 5, 2), "+32470000012"),
    )
    talk = await comes_by_link(phone, first)
    await phone.writes("look for a time please")
    offer, shown = Payload.decode(buttons_of(world, talk)[0]), f"line-{len(phone.line.arrived)}"
    await comes_by_link(phone, second)
    await phone.does(Pressed(payload=offer), message_id=shown)
    assert [row["patient_id"] for row in records.of("appointment")] == [first]
    assert talk_of(world, phone.account) == talk


async def test_an_account_of_an_erased_patient_goes_on_with_the_others(
    world: World, phone: Phone, records: Records, family: tuple[PatientId, PatientId]
) -> None:
    mother, child = family
    await phone.shares()
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.patients.erase(mother, now=world.clock.now())
        uow.commit()
    await phone.does(Wrote(text="hello"))
    assert whose(records, talk_of(world, phone.account)) == child


async def test_the_number_of_a_known_account_adds_the_rest_of_the_family(
    world: World, phone: Phone, records: Records, family: tuple[PatientId, PatientId]
) -> None:
    mother, child = family
    await comes_by_link(phone, mother)
    await phone.shares()
    assert whose(records, talk_of(world, phone.account)) == child
    heard = len(phone.heard)
    await phone.shares()
    assert len(phone.heard) > heard
    assert has_mobile(world, mother) == mother
    assert keys(records, talk_of(world, phone.account))
    assert link_for(world, child)
