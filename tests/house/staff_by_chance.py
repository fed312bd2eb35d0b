"""What staff do by chance: all that a desk can do, also what it must refuse them."""
# ruff: noqa: D102 - the name of a rule is its sentence, as a test's is

from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import strategies as some
from hypothesis.stateful import rule

from bot.services.desk_ports import ConflictError, NotAllowedError
from flows.vocabulary import Role
from tests.house.any_day import AnyDay, members, people, places
from tests.house.judge import ZONE
from tests.house.records import Row


class StaffByChance(AnyDay):
    """Staff at the desk, doing as they please."""

    def holder(self, who: int) -> int | None:
        holder: int | None = self.chance.records.of("conversation", id=self.person(who).conversation_id)[0]["staff_id"]
        return holder

    def does(self, who: int, member: int, act: Coroutine[Any, Any, None]) -> bool:
        """Do what only the holder of a chat may do, or anybody if nobody holds it; tells whether it was done."""
        if self.holder(who) in {None, self.member(member).staff_id}:
            self.chance.run(act)
            return True
        with pytest.raises(ConflictError):
            self.chance.run(act)
        return False

    @rule(who=people, member=members)
    def staff_take_over(self, who: int, member: int) -> None:
        desk, talk = self.chance.world.house.desk, self.person(who).conversation_id
        if self.does(who, member, desk.take(self.member(member), talk)):
            assert self.holder(who) == self.member(member).staff_id

    @rule(who=people, member=members, again=some.booleans())
    def staff_answer(self, who: int, member: int, *, again: bool) -> None:
        desk, talk, staff = self.chance.world.house.desk, self.person(who).conversation_id, self.member(member)
        number = f"answer-{self.chance.answered}"
        if self.does(who, member, desk.answer(staff, talk, number, "Good morning")):
            self.chance.answered += 1
            if again:
                self.chance.run(desk.answer(staff, talk, number, "Good morning"))

    @rule(who=people, member=members)
    def staff_hand_back(self, who: int, member: int) -> None:
        desk, talk = self.chance.world.house.desk, self.person(who).conversation_id
        if self.does(who, member, desk.hand_back(self.member(member), talk)):
            assert self.holder(who) is None

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

    @rule(who=people, member=members, place=places)
    def staff_book(self, who: int, member: int, place: int) -> None:
        desk, talk = self.chance.world.house.desk, self.person(who).conversation_id
        free = self.chance.run(desk.free_times(self.member(member), talk))
        if free:
            self.does(who, member, desk.book(self.member(member), talk, free[place % len(free)]))

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

    @rule(who=people, member=members)
    def staff_mark_a_visit_as_missed(self, who: int, member: int) -> None:
        visit = self.chance.view(self.person(who), self.member(member)).card.visit
        if visit is None:
            return
        desk, talk = self.chance.world.house.desk, self.person(who).conversation_id
        marking = desk.mark_missed(self.member(member), talk, visit.appointment_id)
        if visit.begun:
            self.chance.run(marking)
        else:
            with pytest.raises(ConflictError):
                self.chance.run(marking)

    @rule(who=people, member=members)
    def somebody_comes_to_a_visit(self, who: int, member: int) -> None:
        self.staff_book(who, member, 0)
        visit = self.chance.view(self.person(who), self.member(member)).card.visit
        if visit is not None:
            self.chance.world.clock.move_to(visit.slot.starts_at)
            self.staff_mark_a_visit(who, member)


def _alarms(ticket: Row) -> bool:
    return ticket["status"] != "closed" and ticket["acknowledged_at"] is None
