"""A day of the house by chance: what passes, what fails, and what must hold after every step.

What patients and staff do by chance stands in files of their own.
"""
# ruff: noqa: D102 - the name of a rule is its sentence, as a test's is

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.services.ports import AddressClosedError, NotSentError, OutcomeUnknownError, RefusedError
from bot.services.views import StaffMember
from flows.engine.state import Chat
from tests.house.chance import DAY, HOUR, Beginning, Chance, Person, begin
from tests.house.judge import breaks, spoke_over_staff
from tests.laws.auditing import wrongly_sent

JUMPS = (HOUR, DAY, 3 * DAY, timedelta(days=40))
TROUBLES = (
    NotSentError("busy"),
    OutcomeUnknownError("no answer"),
    RefusedError("too long"),
    AddressClosedError("blocked"),
    ValueError("nobody foresaw this"),
)

people = some.sampled_from([0, 0, 0, 1, 1, 2, 3])  # so that more happens to the same people
members = some.integers(0, 1)
places = some.integers(0, 7)


class AnyDay(RuleBasedStateMachine):
    """A clinic with four patients, two members of staff, a clock and a line."""

    beginning: ClassVar[Beginning]

    def __init__(self) -> None:
        super().__init__()
        self.chance = Chance(self.beginning)
        self.now = self.chance.read()
        self.began = self.chance.world.clock.now()

    @classmethod
    @contextmanager
    def begun(cls) -> Iterator[None]:
        """Set up once what each run begins with."""
        with TemporaryDirectory(prefix="recare-beginning-") as folder:
            cls.beginning = begin(Path(folder))
            yield

    def teardown(self) -> None:
        self.chance.close()

    def person(self, number: int) -> Person:
        return self.chance.people[number]

    def member(self, number: int) -> StaffMember:
        return self.chance.staff[number]

    @rule(by=some.sampled_from((*JUMPS, None, None, None)))
    def time_passes(self, by: timedelta | None) -> None:
        self.chance.run(self.chance.world.house.ticks.run_all())
        self._move(by)
        self.chance.run(self.chance.world.house.ticks.run_all())

    @rule(count=some.integers(1, 3))
    def evenings_come(self, count: int) -> None:
        self.chance.run(self.chance.world.house.ticks.run_all())
        for _ in range(count):
            self.chance.moves_to_the_next_evening()
            self.chance.run(self.chance.world.house.ticks.run_all())

    @rule(by=some.sampled_from((*JUMPS, None)))
    def time_passes_while_nothing_runs(self, by: timedelta | None) -> None:
        self._move(by)

    @rule(job=some.sampled_from(["plan", "deliver", "expire_holds", "end_leases"]))
    def a_job_runs(self, job: str) -> None:
        self.chance.run(self.chance.world.house.ticks.run(job))

    @rule(trouble=some.sampled_from(TROUBLES))
    def the_line_will_fail(self, trouble: Exception) -> None:
        self.chance.line.troubles.append(trouble)

    @rule()
    def the_house_restarts(self) -> None:
        self.chance.restart()

    @invariant()
    def the_laws_hold(self) -> None:
        before, self.now = self.now, self.chance.read()
        self.began = self.chance.world.clock.now()
        assert breaks(self.now) == []
        assert spoke_over_staff(before, self.now) == []
        assert wrongly_sent(before, self.now) == []
        self._each_update_had_its_effect_once()
        self._nothing_arrived_twice()
        for raw in self.chance.stored_chats():
            assert Chat.from_json(raw).to_json() == raw

    def _each_update_had_its_effect_once(self) -> None:
        for person in self.chance.people:
            assert len(self.now.of("received", conversation_id=person.conversation_id)) == len(person.sent)
        sent = sum(len(person.sent) for person in self.chance.people)
        # Those of more than a month ago are forgotten.
        assert len(self.now["claimed_update"]) <= sent + self.chance.answered
        assert len(self.now.of("outbox", kind="staff", message_key="staff")) == self.chance.answered

    def _nothing_arrived_twice(self) -> None:
        arrived = [each.key for each in self.chance.line.arrived]
        assert len(arrived) == len(set(arrived))
        sent, unknown = ({str(row["id"]) for row in self.now.of("outbox", status=it)} for it in ("sent", "unknown"))
        assert sent | unknown == set(arrived)

    def _move(self, by: timedelta | None) -> None:
        if by is None:
            self.chance.moves_to_what_is_next()
        else:
            self.chance.world.clock.move_to(self.chance.world.clock.now() + by)
