"""What patients do: a typed button is a press, an old one leads on, a repeated one has had its effect."""

import pytest

from bot.services.desk_ports import ChatSession
from flows.engine.choices import Choice, Payload, PayloadError
from flows.ids import ConversationId
from flows.vocabulary import Language
from storage.errors import NotFoundError
from storage.repositories.passes import Holder
from storage.vocabulary import PassKind
from tests.house.acts import DAY, EVENING, SECOND_TIME, books, choices, chooses, comes, days_pass, invites, said
from tests.house.line import Line
from tests.house.phrases import HOSTILE
from tests.house.records import Records
from tests.world import World

UNREADABLE = (
    {"chat": {"v": 99, "state": "idle", "values": {}, "asked": 3, "misunderstood": 0, "doubt": None}, "buttons": []},
    {"chat": {"v": 1, "state": "times.of_tomorrow", "values": {}, "asked": 3, "misunderstood": 0}, "buttons": []},
    {"chat": {"v": 1, "state": "recall.invited", "values": {"offers": 7}, "asked": 3, "misunderstood": 0}},
    {"something": "else"},
)


async def shown(world: World, talk: ConversationId) -> list[tuple[str, str]]:
    """The buttons that can be pressed: what they read, what they send."""
    chat = await world.house.patient.chat(world.session(talk))
    return [(button.label, button.payload) for button in chat.buttons]


async def test_a_typed_label_works_as_a_press(world: World, records: Records) -> None:
    (_, pressing), (_, typing) = world.add_patient(), world.add_patient()
    await invites(world)
    label = (await shown(world, typing))[1][0]
    await chooses(world, pressing, Choice.NOT_NOW)
    await world.writes(typing, f"  {label.upper()}. ")
    assert [row["kind"] for row in records.of("received", conversation_id=typing)] == ["text"]
    assert [row["patient_id"] for row in records.of("appointment")] == [
        records.of("conversation", id=typing)[0]["patient_id"]
    ]
    invitation, answer = [key for key, _ in said(records, typing)]
    assert invitation in {"recall.first", "recall.first_in_mind"}
    assert answer == "booking.booked_bring"


@pytest.mark.parametrize("typed", ["Yes, I will come, please", "hello, yes I will come", "yes please, I will come!"])
async def test_a_courtesy_beside_a_typed_label_changes_nothing(world: World, records: Records, typed: str) -> None:
    _, talk = world.add_patient()
    await books(world, records, talk, SECOND_TIME)
    while "visit.reminder_bring" not in dict(said(records, talk)):
        await days_pass(world, 1)
    await world.writes(talk, typed)
    assert said(records, talk)[-1] == ("visit.see_you", "sent")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("no", "cancel.messages_kept"),
        ("no?", "cancel.messages_kept"),
        ("No thanks", "cancel.messages"),
        ("no, don't write", "cancel.messages"),
    ],
)
async def test_only_a_bare_no_lets_messages_go_on_and_none_is_a_button_that_begins_so(
    world: World, records: Records, typed: str, answer: str
) -> None:
    _, talk = world.add_patient()
    await world.writes(talk, "cancel")
    assert "No more messages" in [label for label, _ in await shown(world, talk)]
    await world.writes(talk, typed)
    assert said(records, talk)[-1] == (answer, "sent")


async def test_yes_please_the_first_takes_the_first_offer(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await invites(world)
    await world.writes(talk, "yes please, the first")
    assert said(records, talk)[-1] == ("booking.booked_bring", "sent")


async def test_a_press_is_kept_with_the_words_of_its_button(world: World) -> None:
    _, talk = world.add_patient()
    await invites(world)
    label = (await shown(world, talk))[0][0]
    await world.presses(talk, 0)
    assert f"patient: {label}" in await world.lines(talk)


async def test_an_old_button_leads_to_what_is_open_now(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await invites(world)
    old = (await shown(world, talk))[0][1]
    await chooses(world, talk, Choice.NOT_NOW)
    open_now = await choices(world, talk)
    await world.house.patient.press(world.session(talk), "late", old)
    assert records.of("appointment") == []
    assert [key for key, _ in said(records, talk)][-2:] == ["repair.moved_on", "later.when"]
    assert await choices(world, talk) == open_now


async def test_a_repeated_update_has_its_effect_once(world: World, records: Records, line: Line) -> None:
    _, talk = world.add_patient()
    await invites(world)
    payload = (await shown(world, talk))[0][1]
    await world.house.patient.press(world.session(talk), "one", payload)
    before, arrived = records.read(), list(line.arrived)
    await world.house.patient.press(world.session(talk), "one", payload)
    await world.house.patient.write(world.session(talk), "one", "stop")
    assert records.read() == before
    assert line.arrived == arrived


async def test_pressing_twice_books_once(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await invites(world)
    payload = (await shown(world, talk))[0][1]
    for update_id in ("one", "two"):
        await world.house.patient.press(world.session(talk), update_id, payload)
    assert len(records.of("appointment")) == 1
    assert len(records.of("received", conversation_id=talk)) == 2


async def test_two_pages_may_use_the_same_update_number(world: World, records: Records) -> None:
    (_, one), (_, other) = world.add_patient(), world.add_patient()
    for talk in (one, other):
        await world.house.patient.write(world.session(talk), "1", "look for a time please")
    assert len(records.of("received")) == 2


@pytest.mark.parametrize("raw", UNREADABLE)
async def test_a_chat_of_an_unknown_version_begins_afresh_politely(
    world: World, records: Records, raw: dict[str, object]
) -> None:
    _, talk = world.add_patient()
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        lock = uow.conversations.lock(talk)
        uow.conversations.save(talk, state=raw, lock_version=lock.lock_version, now=world.clock.now())  # type: ignore[arg-type]  # damaged on purpose
        uow.commit()
    assert await shown(world, talk) == []
    await world.house.patient.press(
        world.session(talk), "old", Payload(choice=Choice.SLOT, argument=0, asked=3).encode()
    )
    assert said(records, talk) == [("repair.moved_on", "sent"), ("welcome.menu", "sent")]
    await world.writes(talk, "look for a time please")
    assert said(records, talk)[-1] == ("times.two", "sent")
    await comes(world, EVENING)
    assert records.of("job_run", outcome="failed") == []


@pytest.mark.parametrize("text", HOSTILE)
async def test_what_no_person_writes_is_taken_like_anything_else(world: World, records: Records, text: str) -> None:
    for language in Language:
        _, talk = world.add_patient(language=language)
        for _ in range(3):
            await world.writes(talk, text)
        assert len(records.of("received", conversation_id=talk)) == 3
        assert len(await world.lines(talk)) >= 3
    assert records.of("quarantined_update") == []


async def test_a_payload_that_recare_did_not_make_is_refused(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    with pytest.raises(PayloadError):
        await world.house.patient.press(world.session(talk), "1", "9:stop:0:0")
    assert records.of("received") == []


async def test_a_page_of_no_conversation_opens_nothing(world: World, records: Records) -> None:
    world.add_patient()
    nowhere = ChatSession(conversation_id=ConversationId(1), language=Language.EN)
    with pytest.raises(NotFoundError):
        await world.house.patient.write(nowhere, "1", "hello")
    with pytest.raises(NotFoundError):
        await world.house.patient.chat(nowhere)
    assert records.of("received") == []


async def test_what_nobody_foresaw_is_put_aside_for_staff_and_may_come_again(
    world: World, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, talk = world.add_patient()
    with monkeypatch.context() as broken:
        broken.setattr("bot.services.turning.decide", _breaks)
        await world.house.patient.write(world.session(talk), "1", "stop")
    assert [row["error"] for row in records.of("quarantined_update")] == ["ZeroDivisionError"]
    assert [(row["reason"], row["urgency"]) for row in records.of("ticket")] == [("put_aside", "now")]
    assert records.of("received") == []
    await world.house.patient.write(world.session(talk), "1", "stop")
    assert [row["collected"] for row in records.of("ledger_event")].count("stop") == 3


def _breaks(*_arguments: object, **_named: object) -> None:
    raise ZeroDivisionError


async def test_an_update_that_comes_again_after_weeks_has_had_its_effect(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    await world.house.patient.write(world.session(talk), "one", "look for a time please")
    await comes(world, world.clock.now() + 29 * DAY)
    await world.house.patient.write(world.session(talk), "one", "look for a time please")
    assert len(records.of("received")) == 1
    assert len(records.of("claimed_update")) == 1
    await comes(world, world.clock.now() + 2 * DAY)
    assert records.of("claimed_update") == []


async def test_who_was_greeted_once_is_not_greeted_again_however_late(world: World, records: Records) -> None:
    patient_id, talk = world.add_patient()

    async def opens_a_new_link() -> None:
        with world.house.database.unit_of_work(world.house.clinic.id) as uow:
            now = world.clock.now()
            token = uow.passes.issue(PassKind.PATIENT_LINK, Holder(patient_id=patient_id), now=now, lifetime=DAY)
            uow.commit()
        assert await world.house.patient.redeem_link(token) is not None

    await opens_a_new_link()
    assert said(records, talk) == [("welcome.hello", "sent")]
    await world.writes(talk, "stop")
    before = said(records, talk)
    await comes(world, world.clock.now() + 400 * DAY)
    assert records.of("claimed_update") == []
    await opens_a_new_link()
    assert said(records, talk) == before
