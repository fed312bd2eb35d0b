"""Some hundred messages are due on Telegram, over real HTTP, before a messenger that counts and has bad moments.

None is lost, none is doubled, doubts are listed, and nothing is refused for being too fast.
"""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import inf
from time import monotonic

import pytest

from bot.clocks import RehearsalClock
from flows.ids import ConversationId, PatientId
from flows.vocabulary import Channel
from storage.records.outgoing import NewOutbox
from storage.vocabulary import OutboxKind
from tests.botapi.api import BotApi
from tests.botapi.errors import too_many
from tests.botapi.faults import Fault, Trouble
from tests.botapi.model import Json
from tests.botapi.people import Person
from tests.telegram.clinic import Clinic
from tests.world import MONDAY_MORNING

pytestmark = pytest.mark.long

CHATS = 60
EACH = 8
MANY = CHATS * EACH
ONE_IN_A_HUNDRED = 0.01
OURS_A_SECOND = 29
IS_WAITING = "SELECT 1 FROM outbox WHERE status IN ('queued', 'planned', 'leased')"
A_BEAT = 0.005


class RunningClock(RehearsalClock):
    """A clock that begins on a Monday morning and runs as the machine's does."""

    def __init__(self, start: datetime) -> None:
        """Start at an aware UTC datetime."""
        super().__init__(start)
        self._began = (start, monotonic())

    def now(self) -> datetime:
        """Tell the time (UTC)."""
        start, at = self._began
        return start + timedelta(seconds=monotonic() - at)


@dataclass(kw_only=True)
class NowAndThen(Fault):
    """A trouble that a share of all messages meets, the same in each run. texts: of those that did."""

    method: str | None = "sendMessage"
    times: float = inf
    share: float
    seed: int
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)  # noqa: S311  # no secret

    def fits(self, method: str, params: Json) -> bool:
        """Whether a call meets it."""
        meets = super().fits(method, params) and self._chance.random() < self.share
        if meets:
            self.texts.append(params["text"])
        return meets


@dataclass(frozen=True, kw_only=True, slots=True)
class Recipient:
    """Somebody who has a chat with the clinic. ids: of what is to reach them, in order, with its text."""

    person: Person
    talk: ConversationId
    patient_id: PatientId
    ids: dict[int, str] = field(default_factory=dict)


@pytest.fixture
def clock() -> RehearsalClock:
    """A Monday morning that goes on: whoever is asked to wait waits."""
    return RunningClock(MONDAY_MORNING)


@dataclass(kw_only=True)
class Standstill:
    """The longest time in seconds in which nothing of this process could go on."""

    seconds: float = 0.0

    async def watch(self) -> None:
        """Watch until cancelled."""
        while True:
            before = monotonic()
            await asyncio.sleep(A_BEAT)
            self.seconds = max(self.seconds, monotonic() - before - A_BEAT)


@asynccontextmanager
async def standstills() -> AsyncIterator[Standstill]:
    """Watch until the block ends."""
    longest = Standstill()
    async with asyncio.TaskGroup() as nursery:
        watching = nursery.create_task(longest.watch())
        try:
            yield longest
        finally:
            watching.cancel()


def have_chats(clinic: Clinic, api: BotApi) -> Iterator[Recipient]:
    """Let people have started the bot some day."""
    for number in range(CHATS):
        person = api.person(f"Somebody {number}")
        person.talk_to(clinic.bots.patients)
        person.room.is_open = True
        patient_id = clinic.add_patient()
        with clinic.house.database.unit_of_work(clinic.house.clinic.id) as uow:
            now = clinic.clock.now()
            address_id = uow.addresses.add(
                patient_id, Channel.TELEGRAM, str(person.id), verified_how="personal_link", now=now
            )
            talk = uow.conversations.create(patient_id, address_id, Channel.TELEGRAM, now=now)
            uow.commit()
        yield Recipient(person=person, talk=talk, patient_id=patient_id)


def leave_behind(clinic: Clinic, recipients: Sequence[Recipient]) -> None:
    """Leave messages in the outbox that are all due now, the chats' mixed."""
    with clinic.house.database.unit_of_work(clinic.house.clinic.id) as uow:
        now = clinic.clock.now()
        for number in range(EACH):
            texts = [f"{place}.{number}" for place in range(len(recipients))]
            rows = [
                NewOutbox(
                    conversation_id=recipient.talk,
                    patient_id=recipient.patient_id,
                    channel=Channel.TELEGRAM,
                    kind=OutboxKind.REPLY,
                    message_key="welcome.menu",
                    level=0,
                    body={"text": text, "buttons": []},
                    not_before=now,
                )
                for recipient, text in zip(recipients, texts, strict=True)
            ]
            for recipient, text, row_id in zip(recipients, texts, uow.outbox.put(rows, now=now), strict=True):
                recipient.ids[row_id] = text
        uow.commit()


async def test_what_is_due_leaves_just_under_the_limit_once_each_and_doubts_are_listed(
    clinic: Clinic, api: BotApi
) -> None:
    recipients = list(have_chats(clinic, api))
    leave_behind(clinic, recipients)
    waits = NowAndThen(meets=too_many(1), share=ONE_IN_A_HUNDRED, seed=3)
    arrives = NowAndThen(meets=Trouble.CUT_AFTER, share=ONE_IN_A_HUNDRED / 2, seed=5)
    is_lost = NowAndThen(meets=Trouble.CUT_BEFORE, share=ONE_IN_A_HUNDRED / 2, seed=7)
    api.hub.faults += [waits, arrives, is_lost]
    limits = api.limit()

    async with standstills() as longest:
        while clinic.records.has(IS_WAITING):
            await clinic.house.delivery.send_due()

    texts = {row_id: text for recipient in recipients for row_id, text in recipient.ids.items()}
    shown = Counter(seen.text for recipient in recipients for seen in recipient.person.sees())
    doubtful = {*arrives.texts, *is_lost.texts}
    rows = clinic.records.of("outbox")
    assert min(len(each.texts) for each in (waits, arrives, is_lost)) > 0, "there were bad moments of each kind"
    assert len(rows) == len(texts) == MANY
    assert max(shown.values()) == 1, "doubled"
    assert set(texts.values()) - set(is_lost.texts) == set(shown), "lost"
    assert {texts[row["id"]] for row in rows if row["status"] == "unknown"} == doubtful
    assert Counter(row["status"] for row in rows) == {"sent": MANY - len(doubtful), "unknown": len(doubtful)}
    asked = {row["conversation_id"] for row in clinic.records.of("ticket", reason="unknown_delivery")}
    assert asked == {each.talk for each in recipients if doubtful & set(each.ids.values())}
    for recipient in recipients:
        numbers = [int(seen.text.rpartition(".")[2]) for seen in recipient.person.sees()]
        assert numbers == sorted(numbers), "overtaken"
    # What left in time may come together where nothing of this machine went on for as long as lies between two.
    assert limits.refusals == 0 or longest.seconds > 1 / OURS_A_SECOND, "no more came than the messenger takes"
    calls = api.calls_of("sendMessage")
    assert len(calls) == MANY + len(waits.texts) + limits.refusals, "only what had to wait was sent again"
    # At the end few chats are left, each with a second between its messages.
    full = sorted(call.at for call in calls)[: MANY * 3 // 4]
    assert 0.7 * OURS_A_SECOND < (len(full) - 1) / (full[-1] - full[0]) <= OURS_A_SECOND * 1.1
