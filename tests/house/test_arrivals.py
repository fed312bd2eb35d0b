"""What comes in from messengers: whose it is, what it does, and that it does it once.

Longer than other files: each kind of arrival is one short scene.
"""

import asyncio
import secrets

import pytest

from bot.services.arrivals import Arrivals
from bot.services.arriving import Arrival, Arrived, CameByLink, ChatClosed, ChatReopened, Edited
from bot.services.recognising import Recognising
from bot.services.updates import Opened, Pressed, Taken, Wrote
from flows.engine.choices import Payload
from flows.vocabulary import Channel, PatientStatus
from tests.house.records import Records
from tests.house.telephone import (
    MOBILE,
    Phone,
    buttons_of,
    comes_by_link,
    has_mobile,
    keys,
    link_for,
    talk_of,
    whose,
)
from tests.world import World


async def test_a_personal_link_opens_the_patients_own_chat(world: World, phone: Phone, records: Records) -> None:
    patient_id, page = world.add_patient()
    arrived = await phone.does(CameByLink(token=link_for(world, patient_id)))
    assert arrived.taken is Taken.DONE
    talk = talk_of(world, phone.account)
    assert talk != page
    assert whose(records, talk) == patient_id
    assert len(phone.heard) == 1
    assert records.of("address", patient_id=patient_id, channel="telegram")[0]["verified_at"] is not None


async def test_a_known_chat_goes_on_where_it_was(world: World, phone: Phone, records: Records) -> None:
    patient_id, _ = world.add_patient()
    await phone.does(CameByLink(token=link_for(world, patient_id)))
    await phone.writes("look for a time please")
    talk = talk_of(world, phone.account)
    assert whose(records, talk) == patient_id
    payload = buttons_of(world, talk)[0]
    arrived = await phone.does(Pressed(payload=Payload.decode(payload)))
    assert arrived == Arrived(taken=Taken.DONE, answered=True)
    assert len(records.of("appointment", patient_id=patient_id)) == 1
    again = await phone.does(Pressed(payload=Payload.decode(payload)))
    assert again == Arrived(taken=Taken.DONE, answered=False)
    assert len(records.of("appointment", patient_id=patient_id)) == 1


async def test_an_arrival_that_comes_again_has_no_second_effect(world: World, phone: Phone, records: Records) -> None:
    patient_id, _ = world.add_patient()
    token = link_for(world, patient_id)
    assert (await phone.does(CameByLink(token=token), update="7:1")).taken is Taken.DONE
    assert (await phone.does(CameByLink(token=token), update="7:1")).taken is Taken.REPEATED
    assert (await phone.does(Wrote(text="hello"), update="7:2")).taken is Taken.DONE
    assert (await phone.does(Wrote(text="hello"), update="7:2")).taken is Taken.REPEATED
    assert len(records.of("received", conversation_id=talk_of(world, phone.account))) == 1


async def test_whoever_starts_anew_is_answered_each_time(world: World, phone: Phone) -> None:
    patient_id, _ = world.add_patient()
    await phone.does(CameByLink(token=link_for(world, patient_id)))
    before = len(phone.heard)
    await phone.does(Opened())
    await phone.does(Opened())
    assert len(phone.heard) == before + 2


async def test_an_unknown_chat_hears_nothing_of_anybody(world: World, phone: Phone, records: Records) -> None:
    world.add_patient()
    await phone.writes("when is my next visit?")
    talk = talk_of(world, phone.account)
    stand_in = records.of("patient", id=whose(records, talk))[0]
    assert stand_in["status"] == PatientStatus.UNKNOWN.value
    assert all("Anna" not in text for text in phone.heard)
    assert phone.heard


async def test_danger_is_answered_before_anybody_is_known(world: World, phone: Phone, records: Records) -> None:
    await phone.writes("my face is swollen and I cannot breathe")
    talk = talk_of(world, phone.account)
    assert "safety.emergency" in keys(records, talk)
    assert [row["reason"] for row in records.of("ticket", conversation_id=talk)] == ["emergency"]


async def test_the_own_phone_on_file_tells_who_it_is(world: World, phone: Phone, records: Records) -> None:
    patient_id, _ = world.add_patient()
    has_mobile(world, patient_id)
    await phone.writes("hello")
    before = talk_of(world, phone.account)
    await phone.shares("32470000001")
    talk = talk_of(world, phone.account)
    assert talk != before
    assert whose(records, talk) == patient_id
    assert "knowing.recognised" in " ".join(keys(records, talk)) or len(phone.heard) >= 2


async def test_a_phone_nobody_has_is_said_to_be_unknown(world: World, phone: Phone, records: Records) -> None:
    has_mobile(world, world.add_patient()[0])
    await phone.writes("hello")
    await phone.shares("+32470999999")
    talk = talk_of(world, phone.account)
    assert records.of("patient", id=whose(records, talk))[0]["status"] == "unknown"


async def test_a_number_that_is_not_the_senders_own_opens_nothing(world: World, phone: Phone, records: Records) -> None:
    has_mobile(world, world.add_patient()[0])
    await phone.shares(MOBILE, own=False)
    talk = talk_of(world, phone.account)
    assert records.of("patient", id=whose(records, talk))[0]["status"] == "unknown"


async def test_a_used_or_invented_link_opens_nothing(world: World, phone: Phone, records: Records) -> None:
    patient_id, _ = world.add_patient()
    token = link_for(world, patient_id)
    first = Phone(world=world, line=phone.line, account="5009")
    await first.does(CameByLink(token=token))
    await phone.does(CameByLink(token=token))
    await phone.does(CameByLink(token=secrets.token_urlsafe(32)))
    talk = talk_of(world, phone.account)
    assert records.of("patient", id=whose(records, talk))[0]["status"] == "unknown"
    assert {key.split(".")[0] for key in keys(records, talk)} == {"knowing"}


async def test_a_link_pressed_again_leads_back_to_the_chat(world: World, phone: Phone, records: Records) -> None:
    patient_id, _ = world.add_patient()
    token = link_for(world, patient_id)
    await phone.does(CameByLink(token=token))
    before = len(phone.heard)
    await phone.does(CameByLink(token=token))
    assert whose(records, talk_of(world, phone.account)) == patient_id
    assert len(phone.heard) > before


async def test_danger_in_a_message_that_was_changed_is_heard(world: World, phone: Phone, records: Records) -> None:
    patient_id, _ = world.add_patient()
    talk = await comes_by_link(phone, patient_id)
    await phone.does(Wrote(text="hello"), message_id="41")
    said = len(keys(records, talk))
    await phone.does(Edited(text="hello there", message_id="41"), message_id="41")
    assert len(keys(records, talk)) == said
    await phone.does(Edited(text="my face is swollen and I cannot breathe", message_id="41"), message_id="41")
    assert keys(records, talk)[said:] == ["safety.emergency"]
    assert [row["kind"] for row in records.of("received", conversation_id=talk)] == ["text", "edited", "edited"]


async def test_a_typo_mended_after_a_stop_is_not_confirmed_twice(world: World, phone: Phone, records: Records) -> None:
    patient_id, _ = world.add_patient()
    talk = await comes_by_link(phone, patient_id)
    await phone.does(Wrote(text="stop"), message_id="41")
    said = len(keys(records, talk))
    await phone.does(Edited(text="STOP!", message_id="41"), message_id="41")
    assert len(keys(records, talk)) == said


async def test_a_block_and_its_end_stand_in_the_ledger(world: World, phone: Phone, records: Records) -> None:
    patient_id, _ = world.add_patient()
    await comes_by_link(phone, patient_id)
    heard = len(phone.heard)
    await phone.does(ChatClosed())
    await phone.does(ChatReopened())
    acts = [row["act"] for row in records.of("ledger_event", patient_id=patient_id)]
    assert acts[-2:] == ["blocked", "unblocked"]
    assert len(phone.heard) == heard


async def test_whoever_writes_after_a_block_has_ended_it(world: World, phone: Phone, records: Records) -> None:
    patient_id, _ = world.add_patient()
    await comes_by_link(phone, patient_id)
    await phone.does(ChatClosed())
    await phone.writes("hello")
    assert [row["act"] for row in records.of("ledger_event", patient_id=patient_id)][-1] == "unblocked"
    assert records.of("address", patient_id=patient_id, channel="telegram")[0]["closed_at"] is None


async def test_a_block_by_somebody_who_never_wrote_changes_nothing(phone: Phone, records: Records) -> None:
    assert await phone.does(ChatClosed()) == Arrived(taken=Taken.DONE)
    assert records.of("conversation") == []


async def test_what_fails_unforeseen_is_put_aside_and_staff_are_asked(
    world: World, phone: Phone, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = await comes_by_link(phone, world.add_patient()[0])

    def fails(*_arguments: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Recognising, "by_phone", fails)
    assert (await phone.shares()).taken is Taken.PUT_ASIDE
    assert [row["error"] for row in records.of("quarantined_update")] == ["ZeroDivisionError"]
    assert [row["reason"] for row in records.of("ticket", conversation_id=talk)] == ["put_aside"]


async def test_two_first_words_at_once_make_one_chat(world: World, phone: Phone, records: Records) -> None:
    await asyncio.gather(phone.writes("hello"), phone.writes("is anybody there?"))
    with world.house.database.reading(world.house.clinic.id) as uow:
        assert len(uow.accounts.members_at(Channel.TELEGRAM, phone.account)) == 1
    assert len(records.of("received", conversation_id=talk_of(world, phone.account))) == 2


async def test_a_press_of_somebody_whose_talk_is_known_takes_one_transaction(
    world: World, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient_id, _ = world.add_patient()
    await phone.does(CameByLink(token=link_for(world, patient_id)))
    await phone.writes("look for a time please")
    reads: list[object] = []
    read = world.house.database.read

    async def counted(*arguments: object) -> object:
        reads.append(arguments)
        return await read(*arguments)  # type: ignore[arg-type]  # whatever it is asked

    monkeypatch.setattr(world.house.database, "read", counted)
    payload = buttons_of(world, talk_of(world, phone.account))[0]
    arrived = await phone.does(Pressed(payload=Payload.decode(payload)), update="7:press")
    assert arrived == Arrived(taken=Taken.DONE, answered=True)
    assert (await phone.does(Pressed(payload=Payload.decode(payload)), update="7:press")).taken is Taken.REPEATED
    assert reads == []


async def test_a_press_is_taken_where_the_account_is_now_not_where_it_was(
    world: World, phone: Phone, records: Records
) -> None:
    """What the entrance remembers of an account is a guess, and another process may know better."""
    patient_id, _ = world.add_patient()
    await phone.writes("hello")
    stranger = talk_of(world, phone.account)
    entrance = world.house.entrance
    elsewhere = Arrivals(
        database=world.house.database,
        clinic=world.house.clinic,
        clock=world.clock,
        turns=world.house.turns,
        recognising=entrance._recognising,  # noqa: SLF001  # another process has one like it
    )
    came = Arrival(
        channel=Channel.TELEGRAM,
        external_id="7:elsewhere",
        account=phone.account,
        language=None,
        content=CameByLink(token=link_for(world, patient_id)),
    )
    await elsewhere.take(came)
    talk = talk_of(world, phone.account)
    assert talk != stranger
    await phone.writes("look for a time please")
    entrance._talks.remember(came, stranger)  # noqa: SLF001  # what this process believed before
    arrived = await phone.does(Pressed(payload=Payload.decode(buttons_of(world, talk)[0])))
    assert arrived == Arrived(taken=Taken.DONE, answered=True)
    assert len(records.of("appointment", patient_id=patient_id)) == 1
