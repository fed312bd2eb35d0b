"""A message that was changed after it was sent: new words are answered, a mended typo is not, nothing is binding."""

import pytest

from bot.services.arriving import Arrived, Edited
from bot.services.updates import Pressed, SentFile, Wrote
from flows.engine.choices import Choice, Payload
from flows.vocabulary import AttachmentKind
from tests.house.records import Records
from tests.house.telephone import Phone, buttons_of, comes_by_link, keys, labels_of, presses, talk_of
from tests.world import World

MESSAGE = "41"


async def says(phone: Phone, text: str, *, message_id: str = MESSAGE) -> Arrived:
    """Let them write a message that can be changed."""
    return await phone.does(Wrote(text=text), message_id=message_id)


async def changes(phone: Phone, text: str, *, message_id: str = MESSAGE, update: str | None = None) -> Arrived:
    """Let them change a message."""
    return await phone.does(Edited(text=text, message_id=message_id), message_id=message_id, update=update)


def booked(records: Records) -> int:
    """How many visits stand in the calendar."""
    return len(records.of("appointment", status="booked"))


async def test_a_message_that_was_not_understood_is_answered_once_it_is_mended(
    world: World, phone: Phone, records: Records
) -> None:
    talk = await comes_by_link(phone, world.add_patient()[0])
    await says(phone, "lkkk fr tmme plss")
    assert keys(records, talk)[-1] == "repair.not_understood"
    await changes(phone, "look for a time please")
    assert keys(records, talk)[-1] == "times.two"


async def test_another_day_replaces_the_one_that_was_offered(world: World, phone: Phone) -> None:
    talk = await comes_by_link(phone, world.add_patient()[0])
    await says(phone, "book me for tuesday")
    assert all(label.startswith("Tue") for label in labels_of(world, talk)[:2])
    await changes(phone, "book me for thursday")
    assert all(label.startswith("Thu") for label in labels_of(world, talk)[:2])


@pytest.mark.parametrize(
    ("first", "mended"),
    [
        ("book me for tuesday", "Book me for Tuesday, please!"),
        ("hello", "hello there"),
        ("look for a time please", "lkkk fr tmme plss"),
    ],
)
async def test_what_means_the_same_or_nothing_is_not_answered_again(
    world: World, phone: Phone, records: Records, first: str, mended: str
) -> None:
    talk = await comes_by_link(phone, world.add_patient()[0])
    await says(phone, first)
    said = keys(records, talk)
    await changes(phone, mended)
    assert keys(records, talk) == said


async def test_a_change_is_answered_once(world: World, phone: Phone, records: Records) -> None:
    talk = await comes_by_link(phone, world.add_patient()[0])
    await says(phone, "book me for tuesday")
    await changes(phone, "book me for thursday", update="7:edit")
    said = keys(records, talk)
    await changes(phone, "book me for thursday", update="7:edit")
    await changes(phone, "book me for thursday")
    await changes(phone, "bk m thsdy")
    await changes(phone, "book me for thursday")
    assert keys(records, talk) == said


async def test_an_older_message_that_is_changed_is_not_answered(world: World, phone: Phone, records: Records) -> None:
    talk = await comes_by_link(phone, world.add_patient()[0])
    await says(phone, "hello")
    await says(phone, "thank you", message_id="43")
    said = keys(records, talk)
    await changes(phone, "look for a time please")
    assert keys(records, talk) == said


async def test_words_beside_a_picture_stay_with_it(world: World, phone: Phone, records: Records) -> None:
    talk = await comes_by_link(phone, world.add_patient()[0])
    picture = SentFile(kind=AttachmentKind.PICTURE, content=b"x", caption="is this normal?")
    await phone.does(picture, message_id=MESSAGE)
    said = keys(records, talk)
    await changes(phone, "look for a time please")
    assert keys(records, talk) == said


@pytest.mark.parametrize("said", ["my new number is {}", "{}"])
async def test_a_number_that_is_mended_is_read_back_anew_and_kept_only_after_a_yes(
    world: World, phone: Phone, records: Records, said: str
) -> None:
    talk = await comes_by_link(phone, world.add_patient()[0])
    await says(phone, "my number has changed", message_id="40")
    await says(phone, said.format("+32 470 12 34 56"))
    assert "470 12 34 56" in phone.heard[-1]
    await changes(phone, said.format("+32 470 12 34 57"))
    assert "470 12 34 57" in phone.heard[-1]
    heard = len(phone.heard)
    await changes(phone, f"{said.format('+32 470 12 34 57')}.")
    assert len(phone.heard) == heard
    await changes(phone, "yes")
    assert records.of("address", channel="phone") == []
    await presses(phone, Choice.CORRECT)
    assert len(records.of("address", channel="phone")) == 1
    assert keys(records, talk)


async def test_what_was_settled_by_a_press_since_then_stays_settled(
    world: World, phone: Phone, records: Records
) -> None:
    talk = await comes_by_link(phone, world.add_patient()[0])
    await says(phone, "book me for tuesday")
    await phone.does(Pressed(payload=Payload.decode(buttons_of(world, talk)[0])), message_id="42")
    said = keys(records, talk)
    await changes(phone, "book me for thursday")
    assert (keys(records, talk), booked(records)) == (said, 1)


@pytest.mark.parametrize("later", ["the first one", "tuesday the second one please"])
async def test_a_time_is_not_taken_by_a_change_of_what_asked_for_it(
    world: World, phone: Phone, records: Records, later: str
) -> None:
    talk = await comes_by_link(phone, world.add_patient()[0])
    await says(phone, "book me for tuesday")
    offered = buttons_of(world, talk)
    await changes(phone, later)
    assert booked(records) == 0
    assert keys(records, talk)[-1] == "times.which"
    assert buttons_of(world, talk) == offered


async def test_a_yes_put_in_after_a_booking_changes_nothing_of_it(world: World, phone: Phone, records: Records) -> None:
    talk = await comes_by_link(phone, world.add_patient()[0])
    await says(phone, "look for a time please")
    await says(phone, "the first one", message_id="43")
    visits, said = records.of("appointment"), keys(records, talk)
    await changes(phone, "yes", message_id="43")
    assert records.of("appointment") == visits
    assert keys(records, talk)[len(said) :] == ["answer.pleasantry"]


async def test_a_yes_put_in_later_allows_no_messages(world: World, phone: Phone, records: Records) -> None:
    patient_id, _ = world.add_patient(permits=frozenset())
    talk = await comes_by_link(phone, patient_id)
    await says(phone, "hello")
    ledger, question = records.of("ledger_event", patient_id=patient_id), buttons_of(world, talk)
    await changes(phone, "yes")
    assert records.of("ledger_event", patient_id=patient_id) == ledger
    assert keys(records, talk)[-1] == "consent.recall"
    assert buttons_of(world, talk) == question


async def test_a_yes_put_in_later_cancels_no_visit(world: World, phone: Phone, records: Records) -> None:
    talk = await comes_by_link(phone, world.add_patient()[0])
    await says(phone, "look for a time please")
    await presses(phone, Choice.SLOT)
    await says(phone, "please cancel my visit", message_id="43")
    assert Choice.CONFIRM_CANCEL in [Payload.decode(raw).choice for raw in buttons_of(world, talk)]
    await changes(phone, "yes, cancel it", message_id="43")
    await changes(phone, "yes", message_id="43")
    assert booked(records) == 1
    await presses(phone, Choice.CONFIRM_CANCEL)
    assert booked(records) == 0


async def test_a_change_says_nothing_while_staff_lead_the_talk(world: World, phone: Phone, records: Records) -> None:
    talk = await comes_by_link(phone, world.add_patient()[0])
    await says(phone, "hello")
    await world.house.desk.take(world.add_staff(), talk)
    said = keys(records, talk)
    await changes(phone, "look for a time please")
    assert keys(records, talk) == said
    assert talk_of(world, phone.account) == talk
