"""Staff say who somebody is: by what they wrote, by the number in the books, or that it is nobody of ours."""

from datetime import date

import pytest

from bot.services.birth_days import days_in
from bot.services.desk_ports import ConflictError
from flows.ids import ConversationId, PatientId
from flows.vocabulary import Language, PatientStatus
from storage.records.people import NewPatient, Profile
from tests.house.records import Records
from tests.house.telephone import Phone, comes_by_link, has_mobile, keys, talk_of, whose
from tests.world import World


def patient(world: World, given: str, family: str, born: date) -> PatientId:
    """A patient of that name."""
    row = NewPatient(
        profile=Profile(number=f"I-{next(world.numbers)}", given_name=given, family_name=family, birth_date=born),
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


@pytest.fixture
async def stranger(world: World, phone: Phone) -> ConversationId:
    """The talk of somebody who has written who they are."""
    await phone.writes("hello")
    await phone.writes("Mia Sample, 02.05.1984")
    return talk_of(world, phone.account)


async def test_what_somebody_wrote_of_themselves_opens_a_ticket(records: Records, stranger: ConversationId) -> None:
    assert [row["reason"] for row in records.of("ticket", conversation_id=stranger)] == ["identify"]
    assert keys(records, stranger)[-1].startswith("knowing.checking")


async def test_those_who_fit_are_shown_the_likeliest_first(world: World, stranger: ConversationId) -> None:
    right = patient(world, "Mia", "Sample", date(1984, 5, 2))
    alike = patient(world, "Mila", "Samper", date(1984, 5, 20))
    patient(world, "Mia", "Sample", date(1990, 5, 2))
    patient(world, "Jan", "Other", date(1984, 5, 2))
    view = await world.house.identifying.candidates(world.add_staff(), stranger)
    assert view is not None
    assert view.words == "Mia Sample, 02.05.1984"
    assert [one.patient_id for one in view.candidates] == [right, alike]
    assert [one.same_day for one in view.candidates] == [True, False]


@pytest.mark.parametrize("lines", [("Mia Sample", "2 May 1984"), ("2 May 1984", "Mia Sample")])
async def test_name_and_date_may_come_one_after_the_other(world: World, phone: Phone, lines: tuple[str, str]) -> None:
    right = patient(world, "Mia", "Sample", date(1984, 5, 2))
    await phone.writes("hello")
    for line in lines:
        await phone.writes(line)
    view = await world.house.identifying.candidates(world.add_staff(), talk_of(world, phone.account))
    assert view is not None
    assert [one.patient_id for one in view.candidates] == [right]


async def test_staff_say_who_it_is_and_the_patients_own_chat_opens(
    world: World, phone: Phone, records: Records, stranger: ConversationId
) -> None:
    who = patient(world, "Mia", "Sample", date(1984, 5, 2))
    staff, heard = world.add_staff(), len(phone.heard)
    talk = await world.house.identifying.confirm(staff, stranger, who)
    assert talk == talk_of(world, phone.account) != stranger
    assert whose(records, ConversationId(talk)) == who
    assert len(phone.heard) > heard
    assert "knowing.recognised" in keys(records, ConversationId(talk))
    assert [row["status"] for row in records.of("ticket", conversation_id=stranger)] == ["closed"]
    assert [row["action"] for row in records.of("staff_action", patient_id=who)] == ["identified_person"]


async def test_a_number_of_the_books_does_as_well(
    world: World, phone: Phone, records: Records, stranger: ConversationId
) -> None:
    who, _ = world.add_patient()
    talk = await world.house.identifying.confirm_number(world.add_staff(), stranger, " T-0 ")
    assert talk == talk_of(world, phone.account)
    assert whose(records, ConversationId(talk)) == who


async def test_a_number_that_nobody_has_is_refused(world: World, stranger: ConversationId) -> None:
    with pytest.raises(ConflictError, match="no_such_patient"):
        await world.house.identifying.confirm_number(world.add_staff(), stranger, "T-99")


async def test_nobody_becomes_a_stranger(world: World, records: Records, stranger: ConversationId) -> None:
    with pytest.raises(ConflictError, match="no_such_patient"):
        await world.house.identifying.confirm(world.add_staff(), stranger, whose(records, stranger))


async def test_somebody_is_recognised_once(world: World, stranger: ConversationId) -> None:
    who, other = world.add_patient()[0], world.add_patient()[0]
    staff = world.add_staff()
    await world.house.identifying.confirm(staff, stranger, who)
    with pytest.raises(ConflictError):
        await world.house.identifying.confirm(staff, stranger, other)
    assert await world.house.identifying.candidates(staff, stranger) is None


async def test_whom_staff_do_not_find_is_told_so(
    world: World, phone: Phone, records: Records, stranger: ConversationId
) -> None:
    await world.house.identifying.reject(world.add_staff(), stranger)
    assert talk_of(world, phone.account) == stranger
    assert keys(records, stranger)[-1] == "knowing.not_found"
    assert [row["status"] for row in records.of("ticket", conversation_id=stranger)] == ["closed"]


async def test_a_patient_is_nobody_to_be_identified(world: World, phone: Phone) -> None:
    talk = await comes_by_link(phone, world.add_patient()[0])
    staff = world.add_staff()
    assert await world.house.identifying.candidates(staff, talk) is None
    with pytest.raises(ConflictError):
        await world.house.identifying.reject(staff, talk)


async def test_no_talk_has_no_candidates(world: World) -> None:
    assert await world.house.identifying.candidates(world.add_staff(), 17) is None


async def test_whoever_held_the_strangers_chat_holds_the_patients(
    world: World, phone: Phone, records: Records, stranger: ConversationId
) -> None:
    who, staff = world.add_patient()[0], world.add_staff()
    await world.house.desk.take(staff, stranger)
    heard = len(phone.heard)
    talk = await world.house.identifying.confirm(staff, stranger, who)
    assert len(phone.heard) == heard
    held = records.of("conversation", id=talk)[0]
    assert (held["owner"], held["staff_id"]) == ("staff", staff.staff_id)
    await phone.writes("thank you")
    assert len(phone.heard) == heard
    await world.house.desk.answer(staff, talk, "1", "Hello Anna")
    assert phone.heard[-1] == "Hello Anna"


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("Mia, 02.05.1984", (date(1984, 5, 2), date(1984, 2, 5))),
        ("Mia 1984-05-02", (date(1984, 5, 2),)),
        ("Mia, 23/4/1999", (date(1999, 4, 23),)),
        ("Mia, 99.99.1999", ()),
        ("call 0470 00 00 00", ()),
        ("Mia, 13.5.84", (date(1984, 5, 13), date(2084, 5, 13))),
        ("Mia 13051984", (date(1984, 5, 13),)),
        ("Mia 1984/5/13", (date(1984, 5, 13),)),
        ("Mia Sample, 2 May 1984", (date(1984, 5, 2),)),
        ("May 2nd, 1984, Mia Sample", (date(1984, 5, 2),)),
        ("Mia Exemple, née le 1er août 1984", (date(1984, 8, 1),)),
        ("Mia Voorbeeld, 2 mei 1984", (date(1984, 5, 2),)),
        ("Мия Образцова, 2 мая 1984 г.", (date(1984, 5, 2),)),
        ("Mia, 3 jui 1990", (date(1990, 6, 3), date(1990, 7, 3))),
        ("Mia, 31 februari 1990", ()),
        ("Mia, 31 times in 1990", ()),
    ],
)
def test_dates_are_read_either_way_round(words: str, days: tuple[date, ...]) -> None:
    assert days_in(words) == days


async def test_staff_go_on_holding_the_chat_of_whoever_shares_their_number(
    world: World, phone: Phone, records: Records, stranger: ConversationId
) -> None:
    who, staff = has_mobile(world, world.add_patient()[0]), world.add_staff()
    await world.house.desk.take(staff, stranger)
    heard = len(phone.heard)
    await phone.shares()
    talk = talk_of(world, phone.account)
    assert whose(records, talk) == who
    assert records.of("conversation", id=talk)[0]["staff_id"] == staff.staff_id
    assert len(phone.heard) == heard
