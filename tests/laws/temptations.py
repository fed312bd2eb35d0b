"""Messages that must not leave: each is planned, and then something happens that the house is not told of by its jobs.

Whole, the house sends none of them; with the gate broken in the respect named, it would.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TypeAlias

from flows.ids import ConversationId, HouseholdId, PatientId
from flows.outreach.ledger import Act, ActedBy
from flows.vocabulary import Channel, Purpose, Reach
from storage.records.outgoing import Lease, NewOutbox
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind
from tests.house.acts import EVENING
from tests.house.lists import is_born_on
from tests.house.records import Records
from tests.storage.given import ledger_event
from tests.world import MONDAY_MORNING, World

DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A house, its tables, and a patient whose invitation is planned for the evening."""

    world: World
    records: Records
    patient_id: PatientId
    talk: ConversationId

    def does(self, work: Callable[[UnitOfWork], object]) -> None:
        """Do something in a transaction, past everything that would also withdraw what is planned."""
        with self.world.house.database.unit_of_work(self.world.house.clinic.id) as uow:
            work(uow)
            uow.commit()

    def says(self, act: Act, *, purpose: Purpose | None = Purpose.RECALL, **changes: object) -> None:
        """Let the ledger hear something."""
        now = self.world.clock.now()

        def work(uow: UnitOfWork) -> None:
            event = ledger_event(uow.ledger.new_id(), self.patient_id, act, at=now, purpose=purpose, **changes)
            uow.ledger.append([event])

        self.does(work)

    def row(self, change: str) -> None:
        """Change the patient's row."""
        self.records.change(f"UPDATE patient SET {change} WHERE id = {self.patient_id}")  # noqa: S608 - our own words

    def born(self, on: date | None) -> None:
        """Let the list tell another birth date."""
        is_born_on(self.world, self.patient_id, on)

    def wrote_to(self, patient_id: PatientId, at: datetime) -> None:
        """Let an invitation have left to somebody."""

        def work(uow: UnitOfWork) -> None:
            message = NewOutbox(
                patient_id=patient_id,
                channel=Channel.WEBCHAT,
                kind=OutboxKind.PROACTIVE,
                message_key="recall.first",
                level=0,
                not_before=at,
                reach=Reach.BOT_ONLY,
                purpose=Purpose.RECALL,
                campaign=f"reactivation:{at:%Y-%m-%d}",
                step=1,
                lease=Lease(token="t", until=at + DAY),  # noqa: S106 - no secret here
            )
            (outbox_id,) = uow.outbox.put([message], now=at)
            uow.outbox.mark_sent({outbox_id: None}, "t", at)

        self.does(work)


Act_: TypeAlias = Callable[[Scene], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Temptation:
    """What happens after planning; the reasons of the gate that hold the message back; the law that would break.

    at: when the message is due to leave (UTC).
    """

    happens: Act_
    reasons: frozenset[str]
    law: str
    at: datetime = EVENING


def _household_had_enough(scene: Scene) -> None:
    home = HouseholdId(1)
    scene.records.change(f"INSERT INTO household (clinic_id, id) SELECT clinic_id, {home} FROM clinic")  # noqa: S608
    others = [scene.world.add_patient(permits=frozenset())[0] for _ in range(2)]
    for other in others:
        scene.wrote_to(other, MONDAY_MORNING - DAY)
    scene.records.change(f"UPDATE patient SET household_id = {home}")  # noqa: S608 - our own words


def _two_this_year(scene: Scene) -> None:
    for days in (300, 100):
        scene.wrote_to(scene.patient_id, MONDAY_MORNING - days * DAY)


def _takes_over(scene: Scene) -> None:
    staff = scene.world.add_staff()
    scene.row("language = language")
    until = f"'{(EVENING + DAY).astimezone(UTC):%Y-%m-%d %H:%M:%S}'"
    change = f"UPDATE conversation SET owner = 'staff', staff_id = {staff.staff_id}, lease_until = {until}"  # noqa: S608
    scene.records.change(f"{change} WHERE id = {scene.talk}")


def _tempting(happens: Act_, *reasons: str, law: str, at: datetime = EVENING) -> Temptation:
    return Temptation(happens=happens, reasons=frozenset(reasons), law=law, at=at)


def _nothing(_scene: Scene) -> None:
    """Only time passes."""


RIGHT = "right_was_there"
ONLY_OURS = "only_to_our_patients"
LAPSED = "only_the_lapsed_are_invited"
GUARDED = "children_are_guarded"
HOURS = "hours_are_kept"
TEMPTATIONS: Mapping[str, Temptation] = {
    "the list says they moved": _tempting(lambda scene: scene.row("status = 'moved'"), "never_contact", law=ONLY_OURS),
    "the list says they died": _tempting(lambda scene: scene.row("status = 'deceased'"), "deceased", law=ONLY_OURS),
    "somebody tells of a death": _tempting(
        lambda scene: scene.says(Act.DECEASED, purpose=None, acted_by=ActedBy.SYSTEM), "deceased", law=ONLY_OURS
    ),
    "an emergency": _tempting(
        lambda scene: scene.says(Act.FREEZE, purpose=None, collected="emergency"), "frozen", law="not_while_frozen"
    ),
    "a complaint": _tempting(
        lambda scene: scene.says(Act.FREEZE, purpose=None, collected="complaint"),
        "complaint_open",
        law="not_while_frozen",
    ),
    "a stop": _tempting(
        lambda scene: scene.says(Act.WITHDRAW, collected="stop"), "withdrawn", "no_right", law="stop_wins"
    ),
    "an objection": _tempting(lambda scene: scene.says(Act.OBJECT), "objected", law=RIGHT),
    "the permission ends": _tempting(lambda scene: scene.says(Act.EXPIRE), "basis_expired", law=RIGHT),
    "a pause": _tempting(lambda scene: scene.says(Act.PAUSE, valid_until=EVENING + DAY), "paused", law=RIGHT),
    "erased": _tempting(lambda scene: scene.says(Act.SUPPRESSED, purpose=None), "suppressed", law="not_to_the_erased"),
    "blocked": _tempting(
        lambda scene: scene.says(Act.BLOCKED, purpose=None, channel=Channel.WEBCHAT),
        "channel_closed",
        law="addresses_are_open",
    ),
    "the address is closed": _tempting(
        lambda scene: scene.records.change("UPDATE address SET closed_at = '2026-11-23 09:00:00', closed_why = 'test'"),
        "unreached",
        law="addresses_are_open",
    ),
    "a visit is booked": _tempting(
        lambda scene: scene.row("next_visit_at = '2026-12-01 09:00:00'"), "booked", law=LAPSED
    ),
    "seen last month": _tempting(lambda scene: scene.row("last_visit_on = '2026-10-20'"), "not_due", law=LAPSED),
    "seen in another decade": _tempting(
        lambda scene: scene.row("last_visit_on = '2019-10-20'"), "lapsed_out", law=LAPSED
    ),
    "never seen": _tempting(lambda scene: scene.row("last_visit_on = NULL"), "never_visited", law=LAPSED),
    "contacted last month": _tempting(
        lambda scene: scene.row("last_contacted_at = '2026-10-20 09:00:00'"), "resting", law=LAPSED
    ),
    "a child": _tempting(lambda scene: scene.born(date(2015, 5, 5)), "minor", "no_right", law=GUARDED),
    "of unknown age": _tempting(lambda scene: scene.born(None), "unknown_age", law=GUARDED),
    "of unknown language": _tempting(lambda scene: scene.row("language = NULL"), "unknown_language", law=GUARDED),
    "staff take over": _tempting(_takes_over, "staff_owns", law="not_while_staff_speak"),
    "written to twice this year": _tempting(_two_this_year, "cap_cycle", "cap_year", "resting", law="caps_are_kept"),
    "the household had enough": _tempting(_household_had_enough, "cap_household", law="households_are_left_in_peace"),
    "it is night": _tempting(_nothing, "quiet_hours", law=HOURS, at=EVENING + timedelta(hours=3)),
    "it is Sunday": _tempting(_nothing, "weekday", law=HOURS, at=EVENING + 6 * DAY),
    "it is Christmas": _tempting(_nothing, "holiday", law=HOURS, at=datetime(2026, 12, 25, 16, 31, tzinfo=UTC)),
}
