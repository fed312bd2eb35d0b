"""Looks ahead: lets the real house plan and send on a copy of its database, on a clock that leaps, and tells what left.

Invariant: nothing is written but the copy, and nothing leaves this machine. Nobody answers in it: what people will say,
nobody knows.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Protocol, TypeVar

from bot.app import House, build_house
from bot.clocks import RehearsalClock
from bot.rehearsal.days import Days
from bot.rehearsal.phones import Phones
from bot.services.cards import name_of
from bot.services.pacing import due_query
from bot.services.ports import OutgoingMessage
from bot.settings import ClinicSettings
from flows.ids import OutboxId
from flows.outreach.cadence import Campaign
from flows.outreach.facts import Mode
from flows.outreach.hours import local_day
from flows.outreach.ledger import LedgerEvent
from flows.outreach.policy_book import PolicyBook
from flows.outreach.verdict import Refusal
from flows.vocabulary import Channel, Language, Purpose
from storage.database import Database
from storage.unit_of_work import UnitOfWork

MESSENGERS = (Channel.WEBCHAT, Channel.TELEGRAM, Channel.EMAIL)
MIDNIGHT = time()

T = TypeVar("T")


class OpensDatabase(Protocol):
    """Opens the copy under a clock of its own; called once."""

    def __call__(self, clock: Callable[[], datetime]) -> Database:
        """Open it. Raises StorageError."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Foreseen:
    """A message as it would leave. at: UTC. right: the entry of the ledger it rests on; None: the visit it is about."""

    number: str
    name: str
    language: Language | None
    at: datetime
    channel: Channel
    purpose: Purpose
    campaign: Campaign
    step: int
    text: str
    buttons: tuple[str, ...]
    right: LedgerEvent | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DayAhead:
    """A day's load. invitations: how many offer a time; other: reminders and check-ins; free: visits that still fit."""

    day: date
    invitations: int
    other: int
    free: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Ahead:
    """What lies ahead, if nobody answers. left_out: everybody who is not due at the beginning, by the first reason.

    refused: what the gate said no to on the way. sending_stopped: why nothing would really leave; None: it would.
    """

    messages: tuple[Foreseen, ...]
    days: tuple[DayAhead, ...]
    left_out: Mapping[Refusal, int]
    refused: Mapping[Refusal, int]
    sending_stopped: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """The days to be shown. starts_at: aware UTC; days: how many, the one of the start counted."""

    starts_at: datetime
    days: int


def look_ahead(
    open_copy: OpensDatabase, settings: ClinicSettings, policies: PolicyBook, now: datetime, window: Window
) -> Ahead:
    """Live through the days until the window ends, on a copy that may be changed, and tell what leaves inside it.

    now: aware UTC, when the copy was made; the days before the window pass too. An unsigned policy counts as signed.
    Raises StorageError.
    """
    clock = RehearsalClock(now)
    database = open_copy(clock.now)
    try:
        house = build_house(settings=settings, policies=policies, database=database, clock=clock, mode=Mode.REHEARSAL)
        return asyncio.run(_LookOut(house, clock, window).look())
    finally:
        database.close_now()


class _LookOut:
    """Looks on while the copy's days pass."""

    def __init__(self, house: House, clock: RehearsalClock, window: Window) -> None:
        self._house = house
        self._clock = clock
        self._window = window
        self._days = Days(house, clock)
        self._phones = {channel: Phones(channel) for channel in MESSENGERS}
        house.delivery.channels.clear()
        house.delivery.channels.update(self._phones)
        self._seen: list[Foreseen] = []

    async def look(self) -> Ahead:
        began, zone = self._clock.now(), self._house.clinic.zone
        first = local_day(max(self._window.starts_at, began), zone)
        shown = [first + timedelta(days=each) for each in range(self._window.days)]
        stopped = await self._write(_let_go_on)
        left_out = await self._read(lambda uow: uow.planning.counts(due_query(self._house.clinic, began)).out)
        free = await self._read(lambda uow: {day: self._free_on(uow, day) for day in shown})
        while local_day(self._clock.now(), zone) <= shown[-1]:
            await self._live_today()
            self._days.to_tomorrow()
        return Ahead(
            messages=tuple(self._seen),
            days=tuple(self._load(day, free[day]) for day in shown),
            left_out=left_out,
            refused=await self._read(lambda uow: uow.decisions.refusals(since=began)),
            sending_stopped=stopped,
        )

    async def _live_today(self) -> None:
        ends, rounds = self._days.tomorrow(), self._days.rounds()
        # A day that has begun is planned at once, as the running house does.
        await self._days.plan()
        await self._look_at_phones()
        while True:
            due = await self._days.next_due()
            at = min([ends, *rounds[:1], *([] if due is None else [due])])
            if at >= ends:
                return
            self._clock.move_to(at)
            if rounds and at == rounds[0]:
                rounds.pop(0)
                await self._days.plan()
            else:
                await self._days.deliver()
            await self._look_at_phones()

    async def _look_at_phones(self) -> None:
        for phones in self._phones.values():
            for arrived in phones.take():
                found = await self._read(partial(_foreseen, message=arrived.message))
                if found is not None and found.at >= self._window.starts_at:
                    self._seen.append(found)

    def _free_on(self, uow: UnitOfWork, day: date) -> int:
        clinic = self._house.clinic
        return uow.calendar.free_count(
            visit_type_id=clinic.recall_type,
            provider_ids=clinic.providers,
            now=max(self._days.on(day, MIDNIGHT), self._clock.now()),
            rules=replace(clinic.offer_rules, horizon_days=0, lead_minutes=0),
        )

    def _load(self, day: date, free: int) -> DayAhead:
        today = [each for each in self._seen if local_day(each.at, self._house.clinic.zone) == day]
        invitations = sum(each.purpose is Purpose.RECALL for each in today)
        return DayAhead(day=day, invitations=invitations, other=len(today) - invitations, free=free)

    async def _read(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self._house.database.read(self._house.clinic.id, work)

    async def _write(self, work: Callable[[UnitOfWork], T]) -> T:
        return await self._house.database.write(self._house.clinic.id, work)


def _let_go_on(uow: UnitOfWork) -> str | None:
    """Let sending go on in the copy; tells why it is stopped in truth."""
    why = uow.clinics.why_stopped()
    uow.clinics.resume_sending()
    uow.commit()
    return why


def _foreseen(uow: UnitOfWork, message: OutgoingMessage) -> Foreseen | None:
    """What is known of a message that left; None if it answers somebody or its person was erased."""
    outbox_id = OutboxId(int(message.key))
    stored = uow.messages.get(outbox_id)
    if stored is None or stored.campaign is None or stored.purpose is None:
        return None
    patient = uow.patients.get_many([stored.patient_id])[stored.patient_id]
    judged = uow.messages.judged([outbox_id]).get(outbox_id, ())
    cited = judged[-1].right_event_id if judged else None
    right = next((event for event in uow.ledger.events(stored.patient_id) if event.id == cited), None)
    return Foreseen(
        number=patient.profile.number,
        name=name_of(patient),
        language=patient.language,
        at=judged[-1].at if judged else stored.not_before,
        channel=stored.channel,
        purpose=stored.purpose,
        campaign=Campaign(stored.campaign.partition(":")[0]),
        step=stored.step or 1,
        text=message.text,
        buttons=tuple(button.label for button in message.buttons),
        right=right,
    )
