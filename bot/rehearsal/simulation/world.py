"""The simulated clinic: the real house, synthetic people around it, and its days one after the other.

The same seed lives through the same days: chance is seeded, keys and ids are made from fixed beginnings, one thing
happens at a time.
"""

import heapq
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random

from bot.app import House, build_house
from bot.clocks import RehearsalClock
from bot.rehearsal.days import Days
from bot.rehearsal.phones import Phones
from bot.rehearsal.simulation.clinic import simulated_settings
from bot.rehearsal.simulation.people import make_people, patient_list
from bot.rehearsal.simulation.replies import Act, Mind, Write
from bot.rehearsal.simulation.staff import Staff
from bot.services.desk_ports import ChatSession
from bot.services.importing import read_list, store_list
from bot.services.links import make_link
from bot.settings.policies import read_book
from flows.ids import PatientId
from flows.outreach.facts import Mode
from flows.outreach.hours import local_day
from flows.vocabulary import Channel
from storage.database import Database, SameThread
from storage.engines import Lasting, open_engines
from storage.ids import IdMaker
from storage.sealing import KEY_BYTES, Codec
from storage.unit_of_work import UnitOfWork

FIRST_DAY = date(2026, 1, 5)
"""A Monday. A simulation always begins on it, so that the same seed gives the same days whenever it is run."""

FIRST_HOUR = time(7)
DESK_ROUNDS = (time(9, 10), time(12, 20), time(15, 40), time(17, 50))
WORKING_DAYS = range(5)
READS_WITHIN = (timedelta(minutes=5), timedelta(hours=2), timedelta(hours=16))
"""A message is read at once, in between, or on the next day; one of these by chance is the longest it takes."""

TYPES_WITHIN = timedelta(minutes=3)
LIKED_HOURS = (9, 21)
"""Between these hours people open a link or write of their own accord."""

Doing = Callable[[], Awaitable[None]]


@dataclass(order=True, frozen=True, slots=True)
class _Moment:
    """Something that will happen: the earlier first, else in the order in which it was arranged."""

    at: datetime
    number: int
    doing: Doing = field(compare=False)


@dataclass(kw_only=True, slots=True)
class Patient:
    """A synthetic patient: what goes on in them, and their page once it is open."""

    mind: Mind
    patient_id: PatientId
    session: ChatSession | None = None
    acts: int = 0


class World:
    """A clinic that is lived in."""

    def __init__(self, folder: Path, *, patients: int, seed: int) -> None:
        """Open a new house in an empty folder and bring the patients' list into it. Raises StorageError."""
        settings = simulated_settings(patients)
        start = datetime.combine(FIRST_DAY, FIRST_HOUR, tzinfo=settings.zone).astimezone(UTC)
        self._clock = RehearsalClock(start)
        self._chance = Random(f"world:{seed}")  # noqa: S311 - a rehearsal repeats itself, it keeps nothing secret
        database = Database(
            engines=open_engines(f"sqlite:///{folder / 'simulation.sqlite'}", lasting=Lasting.THROWN_AWAY),
            # Nobody real is in it: a key that everybody knows makes the same rows of the same seed.
            codec=Codec(bytes(KEY_BYTES)),
            ids=IdMaker(clock=self._clock.now, node=0),
            executor=SameThread(),
        )
        database.migrate()
        self.house: House = build_house(
            settings=settings,
            policies=read_book(settings),
            database=database,
            clock=self._clock,
            mode=Mode.REHEARSAL,
        )
        self._phones = Phones(Channel.WEBCHAT)
        self.house.delivery.channels[Channel.WEBCHAT] = self._phones
        self._days = Days(self.house, self._clock)
        self._staff = Staff(self.house, self._chance)
        self._ahead: list[_Moment] = []
        self._arranged = 0
        self.patients = self._move_in(patients, seed)
        self._by_address = {f"page:{patient.patient_id}": patient for patient in self.patients}
        self._by_id = {patient.patient_id: patient for patient in self.patients}

    def close(self) -> None:
        """Close the house."""
        self.house.database.close_now()

    async def live(self, days: int, day_is_over: Callable[[], None]) -> None:
        """Let so many days pass; `day_is_over` is called after each."""
        for _ in range(days):
            await self._live_today()
            self._days.to_tomorrow()
            day_is_over()

    def _move_in(self, count: int, seed: int) -> tuple[Patient, ...]:
        """Import the list, and arrange for what people will do of their own accord."""
        house, now = self.house, self._clock.now()
        today = local_day(now, house.clinic.zone)
        people = make_people(count, seed, today, tuple(house.clinic.provider_names.values()))
        listed = read_list(patient_list(people), house.clinic, now, source="the simulation's list")
        with house.database.unit_of_work(house.clinic.id) as uow:
            store_list(uow, house.clinic, listed, now)
            found = uow.patients.by_numbers([person.number for person in people])
            uow.commit()
        moved_in = tuple(
            Patient(
                # Their own chance: what one does changes nothing in what the others will do.
                mind=Mind(person=person, chance=Random(f"{seed}:{person.number}")),  # noqa: S311 - as above
                patient_id=found[person.number].id,
            )
            for person in people
            if person.number in found
        )
        for patient in moved_in:
            if (after := patient.mind.person.opens_after) is not None:
                self._arrange(self._some_hour(patient, today + timedelta(days=after)), self._opening(patient))
        return moved_in

    async def _live_today(self) -> None:
        for at in self._days.rounds():
            self._arrange(at, self._days.plan)
        if local_day(self._clock.now(), self.house.clinic.zone).weekday() in WORKING_DAYS:
            for wall in DESK_ROUNDS:
                self._arrange(self._days.at(wall), self._at_the_desk)
        ends = self._days.tomorrow()
        while True:
            due = await self._days.next_due()
            first = self._ahead[0].at if self._ahead else ends
            at = min(ends, first, due or ends)
            if at >= ends:
                return
            self._clock.move_to(at)
            if at == first:
                await heapq.heappop(self._ahead).doing()
            else:
                await self._days.deliver()
            self._look_at_phones()

    def _look_at_phones(self) -> None:
        """Let those to whom something came by itself read it in their own time."""
        for arrived in self._phones.take():
            patient = self._by_address[arrived.address]
            patient.mind.sees(arrived.message.buttons)
            chance = patient.mind.chance
            at = self._clock.now() + chance.random() * chance.choice(READS_WITHIN)
            self._arrange(at, self._reading(patient))

    def _reading(self, patient: Patient) -> Doing:
        return lambda: self._act(patient, patient.mind.is_called_upon())

    async def _act(self, patient: Patient, act: Act | None) -> None:
        """Do something on the phone, read what is said to it, and arrange for what comes next."""
        if act is None or patient.session is None:
            return
        patient.acts += 1
        update = f"{patient.acts}"
        if isinstance(act, Write):
            await self.house.patient.write(patient.session, update, act.text)
        else:
            await self.house.patient.press(patient.session, update, act.payload)
        await self._read_on(patient)

    async def _read_on(self, patient: Patient) -> None:
        answers = [arrived for arrived in self._phones.take() if self._by_address[arrived.address] is patient]
        if not answers:
            return
        patient.mind.sees(answers[-1].message.buttons)
        at = self._clock.now() + (1 - patient.mind.chance.random()) * TYPES_WITHIN
        self._arrange(at, lambda: self._act(patient, patient.mind.goes_on()))

    def _opening(self, patient: Patient) -> Doing:
        async def opens() -> None:
            house = self.house

            def work(uow: UnitOfWork) -> str:
                link = make_link(uow, patient.patient_id, house.clinic.settings, self._clock.now())
                uow.commit()
                return link.url

            url = await house.database.write(house.clinic.id, work)
            redeemed = await house.patient.redeem_link(url.rpartition("/")[2])
            if redeemed is None:
                return
            patient.session = redeemed[1]
            await self._read_on(patient)
            self._arrange_whims(patient)

        return opens

    def _arrange_whims(self, patient: Patient) -> None:
        """Arrange for what somebody says at some moment without being asked."""
        if (said := patient.mind.traits.unasked) is None:
            return
        today = local_day(self._clock.now(), self.house.clinic.zone)
        at = self._some_hour(patient, today + timedelta(days=patient.mind.chance.randint(1, 200)))
        self._arrange(at, lambda: self._act(patient, patient.mind.says(said)))

    async def _at_the_desk(self) -> None:
        await self._staff.do_a_round(self._comes)

    def _comes(self, patient_id: PatientId) -> bool:
        mind = self._by_id[patient_id].mind
        return mind.happens(mind.traits.comes)

    def _some_hour(self, patient: Patient, day: date) -> datetime:
        first, last = LIKED_HOURS
        minutes = patient.mind.chance.randint(first * 60, last * 60)
        return self._days.on(day, time(minutes // 60, minutes % 60))

    def _arrange(self, at: datetime, doing: Doing) -> None:
        self._arranged += 1
        heapq.heappush(self._ahead, _Moment(at, self._arranged, doing))
