"""An account that came by somebody else's link is cut off: it sees nothing more, and nothing of the patient is lost."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.services.arriving import ChatReopened
from bot.services.cutting_off import CutOff, cut_off
from bot.services.ports import NotSentError
from bot.services.situation import Occasion
from bot.services.updates import Pressed, Update, Wrote
from flows.engine.choices import Choice, Payload
from flows.ids import ConversationId, PatientId
from flows.vocabulary import Channel
from storage.errors import KeyErasedError
from tests.house.acts import EVENING, HOUR, comes
from tests.house.line import Line
from tests.house.records import Records
from tests.house.telephone import Phone, buttons_of, comes_by_link, keys, on_telegram, talk_of, whose
from tests.house.test_households import relative
from tests.world import World


@pytest.fixture
def world(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A house whose clinic is on Telegram."""
    with on_telegram(database_url, tmp_path, monkeypatch) as made:
        yield made


def cuts_off(world: World, patient_id: PatientId) -> CutOff:
    """Let the clinic cut off the accounts of a patient."""
    clinic = world.house.clinic
    with world.house.database.unit_of_work(clinic.id) as uow:
        here = Occasion(
            uow=uow,
            clinic=clinic,
            patient_id=patient_id,
            channel=Channel.TELEGRAM,
            now=world.clock.now(),
            source="recare link --end",
        )
        done = cut_off(here)
        uow.commit()
    world.clock.move_to(world.clock.now() + timedelta(seconds=1))
    return done


async def test_whoever_came_by_somebody_elses_link_is_a_stranger_from_then_on(
    world: World, phone: Phone, records: Records
) -> None:
    patient_id, _ = world.add_patient()
    talk = await comes_by_link(phone, patient_id)
    await phone.writes("what does a check-up cost?")
    before = keys(records, talk)
    assert cuts_off(world, patient_id) == CutOff(accounts=1, going_on=0)
    await phone.writes("when is my next visit?")
    stranger = talk_of(world, phone.account)
    assert whose(records, stranger) != patient_id
    assert records.of("patient", id=whose(records, stranger))[0]["status"] == "unknown"
    assert all(key.startswith("knowing.") for key in keys(records, stranger))
    assert keys(records, talk) == before
    assert cuts_off(world, patient_id) == CutOff(accounts=0, going_on=0)


async def test_the_ledger_says_who_closed_the_account_and_the_talk_stays_at_the_desk(
    world: World, phone: Phone, records: Records
) -> None:
    patient_id, _ = world.add_patient()
    talk = await comes_by_link(phone, patient_id)
    await phone.writes("what does a check-up cost?")
    cuts_off(world, patient_id)
    (event,) = records.of("ledger_event", patient_id=patient_id, act="blocked")
    (address,) = records.of("address", patient_id=patient_id, channel="telegram")
    assert (event["acted_by"], event["collected"], event["evidence"]) == ("staff", "desk", "recare link --end")
    assert (event["address_id"], event["at"]) == (address["id"], address["closed_at"])
    shown = await world.house.desk.conversation(world.add_staff(), talk)
    assert shown is not None
    assert "what does a check-up cost?" in [line.text for line in shown.lines]


async def test_an_old_button_and_an_unblocked_bot_open_nothing(world: World, phone: Phone, records: Records) -> None:
    patient_id, _ = world.add_patient()
    talk = await comes_by_link(phone, patient_id)
    old = Payload.decode(buttons_of(world, talk)[0])
    await phone.does(Pressed(payload=old))
    before = keys(records, talk)
    cuts_off(world, patient_id)
    await phone.does(ChatReopened())
    await phone.does(Pressed(payload=old))
    await phone.does(Pressed(payload=Payload(choice=Choice.MY_VISIT, argument=0, asked=0)))
    assert whose(records, talk_of(world, phone.account)) != patient_id
    assert keys(records, talk) == before


async def test_what_staff_write_there_reaches_nobody_and_says_so(world: World, phone: Phone, records: Records) -> None:
    patient_id, _ = world.add_patient()
    talk = await comes_by_link(phone, patient_id)
    cuts_off(world, patient_id)
    heard = phone.heard
    await world.house.desk.answer(world.add_staff(), talk, "1", "Your crown is ready, Anna.")
    await comes(world, world.clock.now() + HOUR)
    assert phone.heard == heard
    (row,) = records.of("outbox", conversation_id=talk, kind="staff")
    assert (row["status"], row["status_reason"]) == ("failed", "address_closed")


async def test_an_answer_that_waits_to_be_tried_again_leaves_no_more(
    world: World, phone: Phone, messenger: Line, records: Records
) -> None:
    patient_id, _ = world.add_patient()
    talk = await comes_by_link(phone, patient_id)
    messenger.troubles.append(NotSentError("busy", wait=timedelta(minutes=1)))
    await phone.writes("what does a check-up cost?")
    assert records.of("outbox", conversation_id=talk, status="queued") != []
    heard = phone.heard
    cuts_off(world, patient_id)
    await comes(world, world.clock.now() + HOUR)
    assert phone.heard == heard
    assert {row["status_reason"] for row in records.of("outbox", conversation_id=talk, status="failed")} == {
        "address_closed"
    }


async def test_an_invitation_planned_for_it_leaves_neither_there_nor_for_whoever_is_let_in_since(
    world: World, phone: Phone, messenger: Line, records: Records
) -> None:
    patient_id, _ = world.add_patient()
    await comes_by_link(phone, patient_id)
    await world.house.ticks.run_all()
    assert len(records.of("outbox", kind="proactive", status="planned")) == 1
    heard = phone.heard
    cuts_off(world, patient_id)
    right = Phone(world=world, line=messenger, account="5002")
    await comes_by_link(right, patient_id)
    await comes(world, EVENING)
    assert phone.heard == heard
    assert records.of("outbox", kind="proactive", status="sent") == []


async def test_an_account_that_speaks_for_others_goes_on_with_them(
    world: World, phone: Phone, records: Records
) -> None:
    mine, other = relative(world, "Mia", date(1984, 5, 2)), relative(world, "Eva", date(1950, 6, 1), "+32470000002")
    await comes_by_link(phone, mine)
    await comes_by_link(phone, other)
    assert cuts_off(world, other) == CutOff(accounts=1, going_on=1)
    await phone.writes("what does a check-up cost?")
    assert whose(records, talk_of(world, phone.account)) == mine
    assert cuts_off(world, mine) == CutOff(accounts=1, going_on=0)
    await phone.writes("hello")
    assert whose(records, talk_of(world, phone.account)) not in {mine, other}


async def test_who_is_let_in_by_a_new_link_has_their_talk_again(world: World, phone: Phone, records: Records) -> None:
    patient_id, _ = world.add_patient()
    talk = await comes_by_link(phone, patient_id)
    cuts_off(world, patient_id)
    await phone.writes("hello")
    assert talk_of(world, phone.account) != talk
    assert await comes_by_link(phone, patient_id) == talk
    acts = [row["act"] for row in records.of("ledger_event", patient_id=patient_id)]
    assert acts[-2:] == ["blocked", "unblocked"]
    await world.house.desk.answer(world.add_staff(), talk, "1", "Good to have you back.")
    assert phone.heard[-1].endswith("Good to have you back.")


async def test_what_was_being_understood_when_it_was_cut_off_goes_nowhere(
    world: World, phone: Phone, records: Records
) -> None:
    patient_id, _ = world.add_patient()
    talk = await comes_by_link(phone, patient_id)
    seen = await world.house.database.read(
        world.house.clinic.id, lambda uow: uow.conversations.snapshot(talk, now=world.clock.now())
    )
    before = keys(records, talk)
    cuts_off(world, patient_id)
    with pytest.raises(KeyErasedError):
        await world.house.turns.turn(_writes(talk, "when is my next visit?"), seen)
    assert keys(records, talk) == before


def _writes(talk: ConversationId, text: str) -> Update:
    return Update(conversation_id=talk, channel=Channel.TELEGRAM, external_id="then", content=Wrote(text=text))
