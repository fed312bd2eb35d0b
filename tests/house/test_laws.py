"""Whatever patients, staff, the clock and the line do, in whatever order: the laws hold, judged from the stored rows.

The house is the real one on a real database; only the clock is set and the line fails when told to.
"""
# ruff: noqa: D102 - the name of a rule is its sentence, as a test's is

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from bot.services.desk_ports import ConflictError, NotAllowedError
from bot.services.ports import AddressClosedError, NotSentError, OutcomeUnknownError, RefusedError
from bot.services.views import StaffMember
from flows.engine.state import Chat
from flows.vocabulary import Role
from tests.house.chance import DAY, HOUR, PEOPLE, Beginning, Chance, Person, begin
from tests.house.judge import ZONE, breaks, spoke_over_staff
from tests.house.phrases import EMERGENCY, HOSTILE, SAID, STOP
from tests.house.records import Row

JUMPS = (HOUR, DAY, 3 * DAY, timedelta(days=40))
TROUBLES = (
    NotSentError("busy"),
    OutcomeUnknownError("no answer"),
    RefusedError("too long"),
    AddressClosedError("blocked"),
    ValueError("nobody foresaw this"),
)

which = some.integers(0, 7)
people = some.integers(0, len(PEOPLE) - 1)
members = some.integers(0, 1)


@cache
def _beginning() -> tuple[TemporaryDirectory[str], Beginning]:
    folder = TemporaryDirectory(prefix="recare-beginning-")
    return folder, begin(Path(folder.name))


@pytest.fixture(autouse=True, scope="module")
def _cleaned_up() -> Iterator[None]:
    yield
    _beginning()[0].cleanup()


class AnyDay(RuleBasedStateMachine):
    """A clinic with four patients, two members of staff, a clock and a line."""

    def __init__(self) -> None:
        super().__init__()
        self.chance = Chance(_beginning()[1])
        self.now = self.chance.read()

    def teardown(self) -> None:
        self.chance.close()

    def person(self, number: int) -> Person:
        return self.chance.people[number]

    def member(self, number: int) -> StaffMember:
        return self.chance.staff[number]

    def holder(self, person: Person) -> int | None:
        holder: int | None = self.chance.records.of("conversation", id=person.conversation_id)[0]["staff_id"]
        return holder

    @rule(who=people, what=some.integers(0, 30))
    def somebody_writes(self, who: int, what: int) -> None:
        said = SAID[self.person(who).language]
        self.chance.writes(self.person(who), said[what % len(said)])

    @rule(who=people)
    def somebody_says_stop(self, who: int) -> None:
        self.chance.writes(self.person(who), STOP[self.person(who).language])
        pending = [
            row
            for row in self.chance.records.of("outbox", conversation_id=self.person(who).conversation_id)
            if row["status"] in {"planned", "queued", "leased"} and row["purpose"] in {"recall", "postvisit"}
        ]
        assert not pending, "something is planned after a stop"

    @rule(who=people)
    def somebody_is_in_danger(self, who: int) -> None:
        self.chance.writes(self.person(who), EMERGENCY[self.person(who).language])
        rows = self.chance.read()
        talk = self.person(who).conversation_id
        assert [row for row in rows.of("ticket", conversation_id=talk, reason="emergency") if row["status"] != "closed"]
        known = {row["id"] for row in self.now["outbox"]}
        said = [row for row in rows.of("outbox", conversation_id=talk) if row["id"] not in known]
        assert "safety.emergency" in {row["message_key"] for row in said}

    @rule(who=people, text=some.one_of(some.sampled_from(HOSTILE), some.text(max_size=60)))
    def somebody_writes_what_no_person_writes(self, who: int, text: str) -> None:
        self.chance.writes(self.person(who), text)

    @rule(who=people, place=which)
    def somebody_presses_what_is_shown(self, who: int, place: int) -> None:
        shown = self.chance.buttons(self.person(who))
        if shown:
            self.chance.presses(self.person(who), shown[place % len(shown)].payload)

    @rule(who=people, place=which)
    def somebody_types_a_button(self, who: int, place: int) -> None:
        shown = self.chance.buttons(self.person(who))
        if shown:
            self.chance.writes(self.person(who), shown[place % len(shown)].label)

    @rule(who=people, place=some.integers(0, 40))
    def somebody_presses_an_old_button(self, who: int, place: int) -> None:
        old = self.person(who).payloads
        if old:
            self.chance.presses(self.person(who), old[place % len(old)])

    @rule(who=people, place=some.integers(0, 40))
    def an_update_comes_again(self, who: int, place: int) -> None:
        sent = self.person(who).sent
        if sent:
            before = self.chance.read()
            self.chance.send(self.person(who), sent[place % len(sent)])
            assert self.chance.read() == before, "a repeated update had an effect"

    @rule(who=people, member=members)
    def staff_take_over(self, who: int, member: int) -> None:
        holder = self.holder(self.person(who))
        taking = self.chance.world.house.desk.take(self.member(member), self.person(who).conversation_id)
        if holder not in {None, self.member(member).staff_id}:
            with pytest.raises(ConflictError):
                self.chance.run(taking)
        else:
            self.chance.run(taking)
            assert self.holder(self.person(who)) == self.member(member).staff_id

    @rule(who=people, member=members, again=some.booleans())
    def staff_answer(self, who: int, member: int, *, again: bool) -> None:
        desk, talk, staff = self.chance.world.house.desk, self.person(who).conversation_id, self.member(member)
        if self.holder(self.person(who)) not in {None, staff.staff_id}:
            with pytest.raises(ConflictError):
                self.chance.run(desk.answer(staff, talk, "held", "Good morning"))
            return
        self.chance.answered += 1
        for _ in range(2 if again else 1):
            self.chance.run(desk.answer(staff, talk, f"answer-{self.chance.answered}", "Good morning"))

    @rule(who=people, member=members)
    def staff_hand_back(self, who: int, member: int) -> None:
        back = self.chance.world.house.desk.hand_back(self.member(member), self.person(who).conversation_id)
        if self.holder(self.person(who)) not in {None, self.member(member).staff_id}:
            with pytest.raises(ConflictError):
                self.chance.run(back)
        else:
            self.chance.run(back)
            assert self.holder(self.person(who)) is None

    @rule(who=people, member=members)
    def staff_note(self, who: int, member: int) -> None:
        talk = self.person(who).conversation_id
        self.chance.run(self.chance.world.house.desk.note(self.member(member), talk, "called, no answer"))

    @rule(who=people, member=members)
    def staff_acknowledge(self, who: int, member: int) -> None:
        talk = self.person(who).conversation_id
        self.chance.run(self.chance.world.house.desk.acknowledge(self.member(member), talk))
        assert not [row for row in self.chance.records.of("ticket", conversation_id=talk) if _alarms(row)]

    @rule(who=people, member=members)
    def staff_clear_a_freeze(self, who: int, member: int) -> None:
        clearing = self.chance.world.house.desk.clear_freeze(self.member(member), self.person(who).conversation_id)
        if self.member(member).role is Role.RECEPTION:
            with pytest.raises(NotAllowedError):
                self.chance.run(clearing)
        else:
            self.chance.run(clearing)

    @rule(who=people, member=members, place=which)
    def staff_book(self, who: int, member: int, place: int) -> None:
        desk, talk = self.chance.world.house.desk, self.person(who).conversation_id
        free = self.chance.run(desk.free_times(self.member(member), talk))
        if free:
            self.chance.run(desk.book(self.member(member), talk, free[place % len(free)]))

    @rule(who=people, member=members)
    def staff_mark_a_visit(self, who: int, member: int) -> None:
        visit = self.chance.view(self.person(who), self.member(member)).card.visit
        if visit is None:
            return
        desk, talk = self.chance.world.house.desk, self.person(who).conversation_id
        marking = desk.mark_visited(self.member(member), talk, visit.appointment_id)
        if visit.slot.starts_at.astimezone(ZONE).date() > self.chance.world.clock.now().astimezone(ZONE).date():
            with pytest.raises(ConflictError):
                self.chance.run(marking)
        else:
            self.chance.run(marking)

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

    @rule(who=people, member=members)
    def somebody_comes_to_a_visit(self, who: int, member: int) -> None:
        self.staff_book(who, member, 0)
        visit = self.chance.view(self.person(who), self.member(member)).card.visit
        if visit is not None:
            self.chance.world.clock.move_to(visit.slot.starts_at)
            self.staff_mark_a_visit(who, member)

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
        assert breaks(self.now) == []
        assert spoke_over_staff(before, self.now) == []
        self._each_update_had_its_effect_once()
        self._nothing_arrived_twice()
        for person in self.chance.people:
            raw = self.chance.stored_chat(person)
            assert raw is None or Chat.from_json(raw).to_json() == raw

    def _each_update_had_its_effect_once(self) -> None:
        for person in self.chance.people:
            assert len(self.now.of("received", conversation_id=person.conversation_id)) == len(person.sent)
        sent = sum(len(person.sent) for person in self.chance.people)
        assert len(self.now["claimed_update"]) == sent + self.chance.answered
        assert len(self.now.of("outbox", kind="staff", message_key="staff")) == self.chance.answered

    def _nothing_arrived_twice(self) -> None:
        arrived = [each.key for each in self.chance.line.arrived]
        assert len(arrived) == len(set(arrived))
        assert {str(row["id"]) for row in self.now.of("outbox", status="sent")} == set(arrived)

    def _move(self, by: timedelta | None) -> None:
        if by is None:
            self.chance.moves_to_what_is_next()
        else:
            self.chance.world.clock.move_to(self.chance.world.clock.now() + by)


def _alarms(ticket: Row) -> bool:
    return ticket["status"] != "closed" and ticket["acknowledged_at"] is None


UNHURRIED = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.timeout(600)  # a found break is made small first, and that takes its time
def test_the_laws_hold_whatever_happens() -> None:
    run_state_machine_as_test(AnyDay, settings=settings(UNHURRIED, max_examples=25, stateful_step_count=30))


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_the_laws_hold_whatever_happens_for_long() -> None:
    run_state_machine_as_test(AnyDay, settings=settings(UNHURRIED, max_examples=400, stateful_step_count=80))
