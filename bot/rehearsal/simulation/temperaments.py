"""The temperaments of synthetic patients: how likely each is to answer, to book, to come; what they have at heart.

The figures are assumptions for a rehearsal, in the order of what the field reports (DOMAIN.md); they prove nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Said(StrEnum):
    """What somebody means to say; the words stand in `phrases.toml`."""

    STOP = "stop"
    EMERGENCY = "emergency"
    PRICE = "price"
    FEAR = "fear"
    ELSEWHERE = "elsewhere"
    COMPLAINT = "complaint"
    PERSON = "person"
    MOVE = "move"
    CANCEL = "cancel"
    LATER = "later"
    WORRY = "worry"
    THANKS = "thanks"
    YES = "yes"
    ROBOT = "robot"
    STAFF_ANSWER = "staff_answer"


class Temperament(StrEnum):
    """What somebody is like."""

    BOOKS_AT_ONCE = "books_at_once"
    MOVES = "moves"
    MISSES = "misses"
    PRICE = "price"
    FEAR = "fear"
    ELSEWHERE = "elsewhere"
    ANGRY = "angry"
    SILENT = "silent"
    STOP = "stop"
    EMERGENCY = "emergency"


@dataclass(frozen=True, kw_only=True, slots=True)
class Traits:
    """How somebody behaves, as probabilities.

    share: of all patients, in parts. answers: a message that came by itself. books: takes a time that is offered.
    comes: to a booked visit. allows: says yes when asked what may be written about. begins: says first of all, once,
    to an invitation. unasked: writes at some moment, by themselves. changes: a visit, when reminded of it.
    """

    share: int
    answers: float
    books: float
    comes: float
    allows: float = 0.8
    begins: Said | None = None
    unasked: Said | None = None
    changes: float = 0.05


TRAITS: Mapping[Temperament, Traits] = {
    Temperament.BOOKS_AT_ONCE: Traits(share=20, answers=0.95, books=0.95, comes=0.95, allows=0.95, changes=0.03),
    Temperament.MOVES: Traits(share=10, answers=0.85, books=0.8, comes=0.85, changes=0.6),
    Temperament.MISSES: Traits(share=7, answers=0.7, books=0.75, comes=0.2),
    Temperament.PRICE: Traits(share=14, answers=0.6, books=0.4, comes=0.85, begins=Said.PRICE),
    Temperament.FEAR: Traits(share=10, answers=0.55, books=0.35, comes=0.75, begins=Said.FEAR),
    Temperament.ELSEWHERE: Traits(share=8, answers=0.5, books=0.02, comes=0.8, allows=0.5, begins=Said.ELSEWHERE),
    Temperament.ANGRY: Traits(share=4, answers=0.6, books=0.05, comes=0.7, allows=0.4, begins=Said.COMPLAINT),
    Temperament.SILENT: Traits(share=18, answers=0.02, books=0.3, comes=0.6, allows=0.6),
    Temperament.STOP: Traits(share=6, answers=0.8, books=0.02, comes=0.7, allows=0.3, begins=Said.STOP),
    Temperament.EMERGENCY: Traits(share=3, answers=0.7, books=0.6, comes=0.9, unasked=Said.EMERGENCY),
}
