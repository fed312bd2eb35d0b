"""Thousands of messages are due on a messenger at its edge: none is lost, none is doubled, doubts are listed."""

import asyncio
import random
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

import pytest

from bot.services.ports import Busy, Capabilities, NotSentError, OutcomeUnknownError, OutgoingMessage, Pace
from flows.ids import ConversationId
from flows.vocabulary import Channel, Reach
from storage.records.outgoing import NewOutbox
from storage.vocabulary import OutboxKind
from tests.house.acts import MINUTE
from tests.house.records import Records
from tests.world import World

ONE_IN_A_HUNDRED = 0.01
ASKED_TO_WAIT = timedelta(milliseconds=200)
ANSWERS_AFTER = 0.01


@dataclass(kw_only=True)
class Edge:
    """A messenger that takes `limit` messages in any second and refuses the next; it has bad moments besides.

    over: how often more came than it takes. doubtful: keys of messages whose answer was lost, half of them delivered.
    """

    capabilities: Capabilities
    limit: float
    chance: random.Random
    bad_moments: float = ONE_IN_A_HUNDRED
    name: Channel = Channel.WEBCHAT
    arrived: list[tuple[str, str]] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)
    over: int = 0
    refused: int = 0
    at_once: int = 0
    most_at_once: int = 0
    recent: "deque[float]" = field(default_factory=deque)

    async def send(self, address: str, message: OutgoingMessage) -> str:
        """Take a message as a messenger does: slowly, and not always."""
        self._count()
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(ANSWERS_AFTER)
        finally:
            self.at_once -= 1
        lot = self.chance.random()
        if lot < self.bad_moments:
            self.refused += 1
            busy = Busy.CHAT if self.refused % 4 else Busy.CHANNEL
            raise NotSentError("busy", wait=ASKED_TO_WAIT, busy=busy)
        if lot < 2 * self.bad_moments:
            self.doubtful.append(message.key)
            if self.chance.random() < 0.5:
                self.arrived.append((address, message.key))
            raise OutcomeUnknownError("no answer")
        self.arrived.append((address, message.key))
        return f"edge-{message.key}"

    def _count(self) -> None:
        now = monotonic()
        while self.recent and self.recent[0] <= now - 1:
            self.recent.popleft()
        self.over += len(self.recent) >= self.limit
        self.recent.append(now)


def edge(world: World, *, per_second: float, bad_moments: float = ONE_IN_A_HUNDRED, chat_seconds: float = 0.0) -> Edge:
    """Put a messenger at its edge between the house and its patients."""
    pace = Pace(per_second=per_second, chat_seconds=chat_seconds)
    made = Edge(
        capabilities=Capabilities(
            may_start=True, repeatable=False, buttons=12, text_length=4096, can_edit=True, pace=pace
        ),
        limit=per_second * 30 / 29,
        chance=random.Random(7),  # noqa: S311 - the same bad moments in each run
        bad_moments=bad_moments,
    )
    world.house.delivery.channels[Channel.WEBCHAT] = made
    return made


def leave_behind(world: World, *, chats: int, each: int, kind: OutboxKind = OutboxKind.REPLY) -> list[ConversationId]:
    """Leave messages in the outbox that are all due now, the chats' mixed."""
    talks = [world.add_patient() for _ in range(chats)]
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        now = world.clock.now()
        for number in range(each):
            rows = [
                NewOutbox(
                    conversation_id=talk,
                    patient_id=patient_id,
                    channel=Channel.WEBCHAT,
                    kind=kind,
                    message_key="welcome.menu",
                    level=0,
                    reach=Reach.BOT_ONLY,
                    body={"text": str(number), "buttons": []},
                    not_before=now,
                )
                for patient_id, talk in talks
            ]
            uow.outbox.put(rows, now=now)
        uow.commit()
    return [talk for _, talk in talks]


async def drain(world: World, records: Records) -> None:
    """Let ticks come until nothing waits any more."""
    while any(row["status"] in {"queued", "planned", "leased"} for row in records.of("outbox")):
        await world.house.delivery.send_due()
        world.clock.move_to(world.clock.now() + timedelta(seconds=2))


async def many_leave(world: World, records: Records, *, chats: int, each: int, per_second: float) -> float:
    """Drain many messages, hold what arrived against what is written down; tells how many left in a second."""
    messenger, many = edge(world, per_second=per_second), chats * each
    leave_behind(world, chats=chats, each=each)
    began = monotonic()
    await drain(world, records)
    took = monotonic() - began
    rows = {str(row["id"]): row for row in records.of("outbox")}
    keys = [key for _, key in messenger.arrived]
    statuses = Counter(row["status"] for row in rows.values())
    assert len(rows) == many
    assert max(Counter(keys).values()) == 1, "doubled"
    assert set(rows) - set(messenger.doubtful) <= set(keys), "lost"
    assert {key for key, row in rows.items() if row["status"] == "unknown"} == set(messenger.doubtful)
    assert statuses == {"sent": many - len(messenger.doubtful), "unknown": len(messenger.doubtful)}
    asked = {row["conversation_id"] for row in records.of("ticket", reason="unknown_delivery")}
    assert asked == {rows[key]["conversation_id"] for key in messenger.doubtful}
    assert messenger.over == 0
    assert messenger.refused > many / 200
    assert 1 < messenger.most_at_once <= 32
    for keys_of_chat in _by_chat(messenger.arrived).values():
        assert keys_of_chat == sorted(keys_of_chat), "overtaken"
    return many / took


def _by_chat(arrived: list[tuple[str, str]]) -> dict[str, list[int]]:
    chats: dict[str, list[int]] = defaultdict(list)
    for address, key in arrived:
        chats[address].append(int(key))
    return chats


async def test_some_hundred_due_messages_leave_once_each_and_those_in_doubt_are_listed(
    world: World, records: Records
) -> None:
    await many_leave(world, records, chats=60, each=5, per_second=400)


@pytest.mark.slow
@pytest.mark.timeout(1200)
async def test_ten_thousand_due_messages_leave_at_twenty_nine_a_second(world: World, records: Records) -> None:
    rate = await many_leave(world, records, chats=400, each=25, per_second=29)
    # A bad moment of the whole channel holds up everybody, and slows what follows a little.
    assert 20 < rate <= 29


async def test_a_chat_that_has_to_wait_holds_up_no_other_and_loses_no_attempt(world: World, records: Records) -> None:
    messenger = edge(world, per_second=1000, bad_moments=0)
    talks = leave_behind(world, chats=3, each=2)
    await world.house.delivery.send_due()
    assert len(messenger.arrived) == 6
    slow = await _address_of(world, talks[0])
    leave_again = leave_behind(world, chats=1, each=1)
    world.house.delivery._sending.allowance(Channel.WEBCHAT).refused(slow, Busy.CHAT, MINUTE)  # noqa: SLF001 - told so
    await world.writes(talks[0], "look for a time please")
    await world.house.delivery.send_due()
    waiting = records.of("outbox", conversation_id=talks[0], status="queued")
    assert [row["attempts"] for row in waiting] == [0]
    assert {row["status"] for row in records.of("outbox", conversation_id=leave_again[0])} == {"sent"}
    world.clock.move_to(world.clock.now() + MINUTE)
    await world.house.delivery.send_due()
    assert records.of("outbox", status="queued") == []


async def test_a_channel_that_has_to_wait_is_left_alone_until_then(world: World, records: Records) -> None:
    messenger = edge(world, per_second=1000, bad_moments=0)
    leave_behind(world, chats=5, each=1)
    world.house.delivery._sending.allowance(Channel.WEBCHAT).refused("", Busy.CHANNEL, MINUTE)  # noqa: SLF001 - told so
    assert await world.house.delivery.send_due() == 0
    assert messenger.arrived == []
    assert {(row["status"], row["attempts"]) for row in records.of("outbox")} == {("queued", 0)}
    world.clock.move_to(world.clock.now() + MINUTE)
    assert await world.house.delivery.send_due() == 5


async def test_who_writes_during_a_campaign_is_answered_before_it_is_over(world: World, records: Records) -> None:
    messenger = edge(world, per_second=20, bad_moments=0)
    _, talk = world.add_patient()
    leave_behind(world, chats=80, each=1)
    address = await _address_of(world, talk)
    async with asyncio.TaskGroup() as together, world.house.delivery.going_on():
        draining = together.create_task(world.house.delivery.send_due())
        await asyncio.sleep(0.2)
        await world.writes(talk, "look for a time please")
        while address not in {to for to, _ in messenger.arrived}:
            assert not draining.done()
            await asyncio.sleep(0.02)
    assert {row["status"] for row in records.of("outbox")} == {"sent"}
    assert len(messenger.arrived) == 81
    assert messenger.over == 0


async def test_who_writes_during_a_campaign_gets_what_waits_in_their_chat_first(world: World, records: Records) -> None:
    messenger = edge(world, per_second=20, bad_moments=0)
    talk = leave_behind(world, chats=80, each=2)[-1]
    address = await _address_of(world, talk)
    async with asyncio.TaskGroup() as together, world.house.delivery.going_on():
        draining = together.create_task(world.house.delivery.send_due())
        await asyncio.sleep(0.2)
        await world.writes(talk, "look for a time please")
        while len(_by_chat(messenger.arrived)[address]) < 3:
            assert not draining.done()
            await asyncio.sleep(0.02)
    rows = records.of("outbox")
    assert {row["status"] for row in rows} == {"sent"}
    assert [str(row["id"]) for row in rows] == sorted(key for _, key in messenger.arrived), "each once"
    keys = _by_chat(messenger.arrived)[address]
    assert keys == sorted(keys), "overtaken"
    assert messenger.over == 0


async def _address_of(world: World, talk: ConversationId) -> str:
    def work_address() -> str:
        with world.house.database.reading(world.house.clinic.id) as uow:
            return uow.conversations.snapshot(talk, now=world.clock.now()).address or ""

    return await asyncio.to_thread(work_address)
