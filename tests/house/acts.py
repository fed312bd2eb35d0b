"""What people of a test do, in one line each: time that comes, an invitation that leaves, a visit that is booked."""

from datetime import datetime, timedelta

from flows.engine.choices import Choice, Payload
from flows.ids import ConversationId
from tests.house.records import Records, Row
from tests.world import MONDAY_MORNING, World

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EVENING = MONDAY_MORNING + timedelta(hours=8, minutes=31)
"""A minute after half past five, when messages leave."""

FIRST_TIME, SECOND_TIME = 0, 1
"""Places of the buttons of two offered times."""


async def comes(world: World, moment: datetime) -> None:
    """Let a moment come, and what is due happen."""
    world.clock.move_to(moment)
    await world.house.ticks.run_all()


async def passes(world: World, time: timedelta, step: timedelta = DAY) -> None:
    """Let time pass while the house runs, looking once in every step."""
    until = world.clock.now() + time
    while world.clock.now() < until:
        await comes(world, min(until, world.clock.now() + step))


async def days_pass(world: World, count: int) -> None:
    """Let days pass while the house runs, looking shortly before noon and in the evening."""
    for _ in range(2 * count):
        await comes(world, _next_look(world))


def _next_look(world: World) -> datetime:
    now = world.clock.now().astimezone(world.house.clinic.zone)
    looks = [now.replace(hour=hour, minute=31) + ahead for ahead in (timedelta(), DAY) for hour in (11, 17)]
    return next(look for look in looks if look > now)


async def invites(world: World) -> None:
    """Let everybody be invited who may be: planned in the morning, sent in the evening."""
    await world.house.ticks.run_all()
    await comes(world, EVENING)


async def books(world: World, records: Records, talk: ConversationId, place: int = FIRST_TIME) -> Row:
    """Let a patient look for a time and take one of the two."""
    await world.writes(talk, "look for a time please")
    await world.presses(talk, place)
    patient_id = records.of("conversation", id=talk)[0]["patient_id"]
    return records.of("appointment", patient_id=patient_id, status="booked")[0]


async def chooses(world: World, talk: ConversationId, choice: Choice) -> None:
    """Let a patient press the button that means this."""
    shown = (await world.house.patient.chat(world.session(talk))).buttons
    await world.presses(talk, [Payload.decode(button.payload).choice for button in shown].index(choice))


async def choices(world: World, talk: ConversationId) -> list[Choice]:
    """What the buttons mean that can be pressed now."""
    shown = (await world.house.patient.chat(world.session(talk))).buttons
    return [Payload.decode(button.payload).choice for button in shown]


def said(records: Records, talk: ConversationId) -> list[tuple[str, str]]:
    """Everything in the outbox of a conversation: which message, and what became of it."""
    return [(row["message_key"], row["status"]) for row in records.of("outbox", conversation_id=talk)]


def proactive(records: Records, talk: ConversationId) -> list[tuple[str, str, str | None]]:
    """What the programme meant to say: of what purpose, what became of it, and why."""
    rows = records.of("outbox", conversation_id=talk, kind="proactive")
    return [(row["purpose"], row["status"], row["status_reason"]) for row in rows]
