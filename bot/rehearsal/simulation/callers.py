"""The synthetic staff at the worklist: reception calls and posts letters, the dentist decides about the silent.

Whom a call finds, and what they say, is left to chance; whether there may be a call at all, to the gate.
"""

from collections.abc import Awaitable, Callable, Mapping
from random import Random
from typing import TypeVar

from bot.app import House
from bot.services.desk_ports import ConflictError
from bot.services.views import StaffMember, WorkView
from bot.services.work_ports import LATER_MONTHS, CallOutcome, Decision
from storage.vocabulary import WorkKind

OUTCOMES: Mapping[CallOutcome, int] = {
    CallOutcome.NOT_REACHED: 45,
    CallOutcome.REACHED_BOOKED: 25,
    CallOutcome.REACHED_LATER: 17,
    CallOutcome.ASKED_TO_STOP: 9,
    CallOutcome.WRONG_NUMBER: 4,
}
"""What comes of a hundred calls; assumed, like all that synthetic people do."""

DECISIONS: Mapping[Decision, int] = {
    Decision.KEEP: 25,
    Decision.WRITE: 25,
    Decision.REST: 25,
    Decision.TAKE_OFF: 25,
}
DECIDES = 0.5
"""How often the dentist decides about somebody in a round; about whom they never do, the programme does."""

_Choice = TypeVar("_Choice")
Books = Callable[[int], Awaitable[None]]


class Callers:
    """Who works on the worklist."""

    def __init__(self, house: House, chance: Random, *, reception: StaffMember, dentist: StaffMember) -> None:
        """Take the members of staff of a house."""
        self._worklist = house.worklist
        self._chance = chance
        self._reception = reception
        self._dentist = dentist

    async def work(self, books: Books) -> None:
        """Do what is on the worklist now. books: books a visit in a conversation, for who wants one on the phone."""
        for item in await self._worklist.to_do(self._reception):
            try:
                if item.kind == WorkKind.CALL.value:
                    await self._call(item, books)
                else:
                    await self._worklist.posted(self._reception, item.id)
            except ConflictError:
                # The gate said no, or not yet; the list knows.
                continue
        for item in await self._worklist.for_the_dentist(self._dentist):
            if self._chance.random() < DECIDES:
                await self._worklist.decide(self._dentist, item.id, self._one_of(DECISIONS))

    async def _call(self, item: WorkView, books: Books) -> None:
        await self._worklist.begin_call(self._reception, item.id)
        outcome = self._one_of(OUTCOMES)
        months = self._chance.choice(LATER_MONTHS) if outcome is CallOutcome.REACHED_LATER else None
        await self._worklist.called(self._reception, item.id, outcome, months)
        if outcome is CallOutcome.REACHED_BOOKED and item.conversation_id is not None:
            await books(item.conversation_id)

    def _one_of(self, shares: Mapping[_Choice, int]) -> _Choice:
        return self._chance.choices(tuple(shares), tuple(shares.values()))[0]
