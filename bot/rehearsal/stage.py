"""The rehearsal's house: a fresh database, synthetic patients with open pages, a movable clock, a signed-in desk.

Everything but the people and the clock is the real house; `Mode.REHEARSAL` lets it send without a signed policy.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path

from bot.app import House, build_house, build_rehearsal_web, serve
from bot.clocks import RehearsalClock, SystemClock
from bot.rehearsal.people import PEOPLE, Synthetic, patient_list
from bot.services.importing import read_list, store_list
from bot.services.links import make_link
from bot.services.patient_page import open_page
from bot.services.rights import consent_events
from bot.services.situation import Situation
from bot.services.views import PhoneView
from bot.settings import ClinicSettings
from bot.settings.policies import read_book
from bot.settings.reading import KEY_BYTES, parse_clinic
from bot.understanding import load_understander
from bot.web.serving import closing, listen
from flows.ids import StaffId
from flows.outreach.facts import Mode
from flows.outreach.hours import day_begins, local_day
from flows.vocabulary import Channel, Purpose, Role
from storage.database import Database
from storage.engines import Lasting
from storage.records.people import Patient
from storage.unit_of_work import UnitOfWork

FIRST_HOUR = 9
STEPS = {"hour": timedelta(hours=1), "day": timedelta(days=1)}
MOST_MOMENTS = 40


async def rehearse(*, folder: Path, port: int, ready: Callable[[], None]) -> None:
    """Set the stage in an empty folder and serve it on loopback until interrupted. Raises RecareError."""
    with closing(listen("127.0.0.1", port)) as socket:
        house, stage = set_stage(folder, public_url=f"http://127.0.0.1:{port}", today=SystemClock().now())
        await serve(house, build_rehearsal_web(house, stage), socket, ready)


def set_stage(folder: Path, *, public_url: str, today: datetime, key: bytes | None = None) -> tuple[House, "Stage"]:
    """Build the rehearsal's house with everything that is there at its beginning.

    today: aware UTC; the rehearsal begins on the first working morning from then on. key: what seals it and draws its
    lots; None: a new one that nobody keeps.
    """
    settings = _settings(public_url)
    clock = RehearsalClock(_first_morning(today, settings))
    database = Database.open(
        f"sqlite:///{folder / 'rehearsal.sqlite'}",
        master_key=key or secrets.token_bytes(KEY_BYTES),
        clock=clock.now,
        lasting=Lasting.THROWN_AWAY,
    )
    database.migrate()
    policies = read_book(settings)
    house = build_house(
        settings=settings,
        policies=policies,
        database=database,
        clock=clock,
        mode=Mode.REHEARSAL,
        understander=load_understander(),
    )
    with database.unit_of_work(house.clinic.id) as uow:
        now = clock.now()
        listed = read_list(patient_list(now.date()), house.clinic, now, source="the rehearsal's list")
        store_list(uow, house.clinic, listed, now)
        for person in PEOPLE:
            _open_their_page(uow, house, person)
        staff_id = uow.staff.add("Robin Example", Role.MANAGER, now=clock.now())
        uow.commit()
    return house, Stage(house=house, clock=clock, staff_id=staff_id)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Moment:
    """A moment worth moving to (UTC). shows: something is to be seen at it even if no message leaves."""

    at: datetime
    shows: bool


class Stage:
    """The controls of the rehearsal."""

    def __init__(self, *, house: House, clock: RehearsalClock, staff_id: StaffId) -> None:
        """Take the house to rehearse in."""
        self._house = house
        self._clock = clock
        self._staff_id = staff_id

    async def phones(self) -> tuple[PhoneView, ...]:
        """List the synthetic patients, each with a fresh personal link."""

        def work(uow: UnitOfWork) -> tuple[PhoneView, ...]:
            views = tuple(self._phone(uow, person) for person in PEOPLE)
            uow.commit()
            return views

        return await self._house.database.write(self._house.clinic.id, work)

    def now(self) -> datetime:
        """Tell the rehearsal's time (UTC)."""
        return self._clock.now()

    async def move(self, by: str) -> datetime:
        """Move the clock by "hour", "day" or to the "next" thing due, let what is due happen, and tell the new time.

        Raises ValueError for another word.
        """
        if by != "next" and by not in STEPS:
            message = "unknown step"
            raise ValueError(message)
        await self._house.ticks.run_all()
        if by in STEPS:
            self._clock.move_to(self._clock.now() + STEPS[by])
            await self._house.ticks.run_all()
        else:
            await self._move_to_what_happens()
        return self._clock.now()

    async def desk_session(self) -> str:
        """Sign in to the desk by itself; returns the session's secret."""
        return await self._house.staff.sign_in(self._staff_id)

    async def _move_to_what_happens(self) -> None:
        """Move on, moment by moment, until a message leaves or a visit is over; quiet days are passed over."""
        for _ in range(MOST_MOMENTS):
            moment = await self._next_moment(self._clock.now())
            self._clock.move_to(moment.at)
            sent = [await self._house.ticks.run(name) for name in ("plan", "deliver")][-1]
            await self._house.ticks.run_all()
            if sent or moment.shows:
                return

    async def _next_moment(self, now: datetime) -> _Moment:
        def work(uow: UnitOfWork) -> _Moment:
            over, due = uow.calendar.next_end(now), uow.outbox.next_due(now)
            tomorrow = day_begins(local_day(now, self._house.clinic.zone) + STEPS["day"], self._house.clinic.zone)
            at = min(each for each in (over, due, tomorrow) if each is not None)
            return _Moment(at=at, shows=at == over)

        return await self._house.database.read(self._house.clinic.id, work)

    def _phone(self, uow: UnitOfWork, person: Synthetic) -> PhoneView:
        link = make_link(uow, _patient(uow, person).id, self._house.clinic.settings, self._clock.now())
        return PhoneView(
            name=f"{person.first_name} {person.last_name}",
            language=person.language,
            page=link.url.removeprefix(self._house.clinic.settings.web.public_url),
            hint=person.hint,
        )


def _open_their_page(uow: UnitOfWork, house: House, person: Synthetic) -> None:
    """Let a synthetic patient have opened their page and agreed to check-ins; recall was agreed to in the list."""
    patient = _patient(uow, person)
    now = house.clock.now()
    here = Situation(
        uow=uow,
        clinic=house.clinic,
        conversation_id=open_page(uow, patient.id, now),
        patient_id=patient.id,
        channel=Channel.WEBCHAT,
        treated_by=patient.provider_id,
        now=now,
        source="rehearsal",
    )
    uow.ledger.append(consent_events(here, permitted=frozenset({Purpose.POSTVISIT}), refused=frozenset()))


def _patient(uow: UnitOfWork, person: Synthetic) -> Patient:
    return uow.patients.by_numbers([person.number])[person.number]


def _settings(public_url: str) -> ClinicSettings:
    text = (resources.files("bot.settings") / "example.toml").read_text(encoding="utf-8")
    settings = parse_clinic(text, source="example.toml")
    web = settings.web.model_copy(update={"public_url": public_url})
    return settings.model_copy(update={"web": web})


def _first_morning(now: datetime, settings: ClinicSettings) -> datetime:
    """The next working day's opening hour at or after today, so that a rehearsal begins the same on every day."""
    day = now.astimezone(settings.zone).replace(hour=FIRST_HOUR, minute=0, second=0, microsecond=0)
    while day.weekday() > 4 or day.date() in settings.clinic.closed:  # noqa: PLR2004 - Saturday and Sunday
        day += timedelta(days=1)
    return day.astimezone(UTC)
