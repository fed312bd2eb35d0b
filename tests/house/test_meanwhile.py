"""What changes between the look at a talk and the transaction of its turn."""

from bot.services.updates import Pressed, Update
from flows.engine.choices import Choice, Payload
from flows.vocabulary import Channel
from tests.house.acts import said
from tests.house.lists import is_born_on
from tests.house.records import Records
from tests.world import World


async def test_what_a_list_changes_while_a_press_is_understood_is_heeded(world: World, records: Records) -> None:
    """No reminder is promised to somebody whose birth date has just gone, so that it could not leave."""
    patient_id, talk = world.add_patient()
    await world.writes(talk, "look for a time please")
    database, clinic_id, now = world.house.database, world.house.clinic.id, world.clock.now()
    seen = await database.read(clinic_id, lambda uow: uow.conversations.snapshot(talk, now=now))
    chat = await world.house.patient.chat(world.session(talk))
    *_, slot = (p for p in (Payload.decode(each.payload) for each in chat.buttons) if p.choice is Choice.SLOT)

    is_born_on(world, patient_id, None)
    update = Update(
        conversation_id=talk, channel=Channel.WEBCHAT, external_id="pressed-then", content=Pressed(payload=slot)
    )
    await world.house.turns.turn(update, seen)
    # The words without a reminder; the first of the two times would be too near for one anyway.
    assert said(records, talk)[-1][0] == "booking.booked_bring_soon"
