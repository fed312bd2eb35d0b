"""From odds to a meaning: the open question and the patient's own visit shift them, safety comes first.

The word lists carry what must never be missed; the classifier what nobody can list; the reader of times decides what
is a wish for one. What is not sure is asked back, with the likeliest readings as buttons.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.understanding.classifier import Odds
from bot.understanding.features import Heard
from bot.understanding.judgement import ORDINALS, SAFETY
from bot.understanding.port import Reading
from bot.understanding.words import Cue
from flows.meaning import ANY_TIME, Expecting, Flag, Intent, Meaning

SURE = 0.7
"""From this likelihood on an intent is acted upon: right at least 95 times in 100 by `make evaluate`."""

_HEARD = 0.16
"""From this likelihood on a safety intent is taken for said, and looked at before all others."""
_HEARD_WITH_WORDS = 0.02
"""The same where the word lists found it plainly."""
_HEARD_OF_THE_PAST = 0.4
"""The same of an emergency where the word lists found that it was one: "your dentist hurt me last year"."""
_COMPARABLE = {False: 0.3, True: 0.1}
"""How likely, beside the likeliest of them, the first in order must be to come first; less if words say it."""
_FLAGGED = 0.5
_LIKELY, _MOST_ALTERNATIVES = 0.03, 3
_SURE_WITH_WORDS = 0.5
"""From this likelihood on a safety intent is acted upon unasked if the word lists found it plainly."""

_SHIFTS: Mapping[Expecting, Mapping[Intent, float]] = {
    Expecting.SLOTS: {
        Intent.SLOT_CHOICE: 3,
        Intent.YES: 2,
        Intent.NO: 2,
        Intent.BOOK: 1.5,
        Intent.ALREADY_BOOKED: 0.7,
        Intent.RUNNING_LATE: 0.3,
        Intent.FEEDBACK_GOOD: 0.2,
        Intent.FEEDBACK_BAD: 0.3,
        Intent.OTHER: 0.5,
    },
    Expecting.CHECK_IN: {
        Intent.FEEDBACK_GOOD: 5,
        Intent.FEEDBACK_BAD: 5,
        Intent.NO_NEED: 0.2,
        Intent.BOOK: 0.5,
        Intent.SLOT_CHOICE: 0.3,
        Intent.FEAR: 0.5,
        Intent.OTHER: 0.5,
    },
    Expecting.CONFIRMATION: {Intent.YES: 4, Intent.NO: 4, Intent.CANCEL: 2, Intent.RESCHEDULE: 2, Intent.OTHER: 0.5},
    Expecting.DATE: {Intent.LATER: 5, Intent.SLOT_CHOICE: 2, Intent.OTHER: 0.5},
    Expecting.FIELD: {Intent.UPDATE_CONTACT: 5, Intent.WRONG_PERSON: 0.5, Intent.OTHER: 1.5},
}
"""How much likelier an intent is than usual, by the question that is open."""

_WITH_A_VISIT = {Intent.CANCEL: 1.5, Intent.RESCHEDULE: 2.0, Intent.RUNNING_LATE: 1.5}
_TIMES_WANTED = frozenset({Intent.BOOK, Intent.SLOT_CHOICE})
"""Intents that the dialogs answer alike; without a visit, so is moving it. A date awaited may be that of a message."""
_NOTHING_WANTED = frozenset({Intent.YES, Intent.NO, Intent.CHITCHAT})
"""Intents that the dialogs answer alike where nothing was asked."""

_BECOMES: Mapping[Expecting, Mapping[Intent, Intent]] = {
    Expecting.CHECK_IN: {Intent.YES: Intent.FEEDBACK_GOOD, Intent.NO: Intent.FEEDBACK_BAD},
    Expecting.SLOTS: {},
}
"""What a bare answer means to a question that asks how somebody is."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Weighing:
    """One text being weighed: what was heard, how likely what is, and the circumstances."""

    heard: Heard
    odds: Odds
    reading: Reading

    def conclude(self) -> Meaning:
        """Weigh everything and return what the text means."""
        evidence = self.heard.evidence
        flags = {target for target in evidence.plain if isinstance(target, Flag)}
        flags |= {flag for flag, chance in self.odds.flags.items() if chance >= _FLAGGED}
        if evidence.shows(Cue.TOOTHACHE):
            flags.add(Flag.PAIN)
        weights = self.in_context()
        settled = self._safety(weights)
        intent = settled or max(weights, key=weights.__getitem__)
        return Meaning(
            intent=intent,
            sure=self._is_sure(intent, weights),
            confidence=round(max(weights[intent], self.odds.intents[intent] if settled else 0.0), 3),
            alternatives=tuple(_next_likeliest(weights, intent)),
            flags=frozenset(flags),
            times=ANY_TIME if self.heard.has_contact else self.heard.times.wish,
            ordinal=self._ordinal(),
        )

    def _ordinal(self) -> int | None:
        if self.reading.expecting is not Expecting.SLOTS and not self.reading.offers:
            return None
        return next((place for cue, place in ORDINALS.items() if self.heard.evidence.shows(cue)), None)

    def in_context(self) -> dict[Intent, float]:
        """How likely each intent is where this question is open."""
        reading, weights = self.reading, dict(self.odds.intents)
        for was, becomes in _BECOMES.get(reading.expecting, {}).items():
            weights[becomes] += weights[was]
            weights[was] = 0.0
        shifts = dict(_SHIFTS.get(reading.expecting, {}))
        if reading.visit is not None:
            shifts |= {intent: shift * shifts.get(intent, 1) for intent, shift in _WITH_A_VISIT.items()}
        elif reading.expecting is Expecting.SLOTS:
            # Nothing is there to be cancelled: "I can't come on Monday" refuses a time on the table.
            shifts[Intent.CANCEL] = 0.2
        if reading.expecting is Expecting.SLOTS and self._names_a_time():
            shifts[Intent.SLOT_CHOICE] *= 3
        for intent, shift in shifts.items():
            weights[intent] *= shift
        whole = sum(weights.values())
        return {intent: weight / whole for intent, weight in weights.items()}

    def _names_a_time(self) -> bool:
        return self.heard.times.wish.names_something or self._ordinal() is not None

    def _safety(self, weights: Mapping[Intent, float]) -> Intent | None:
        """The first of the safety intents that was said; one that another outweighs by far was not."""
        shows = self.heard.evidence.shows
        said = {intent: max(weights[intent], self.odds.intents[intent]) for intent in SAFETY}
        heard = [intent for intent in SAFETY if said[intent] >= self._heard_from(intent)]
        most = max((said[intent] for intent in heard), default=0.0)
        return next((intent for intent in heard if said[intent] >= most * _COMPARABLE[shows(intent)]), None)

    def _heard_from(self, intent: Intent) -> float:
        shows = self.heard.evidence.shows
        if shows(intent):
            return _HEARD_WITH_WORDS
        return _HEARD_OF_THE_PAST if intent is Intent.URGENT and shows(Cue.NOT_NOW_URGENT) else _HEARD

    def _is_sure(self, intent: Intent, weights: Mapping[Intent, float]) -> bool:
        if intent in SAFETY and self.heard.evidence.shows(intent):
            return max(weights[intent], self.odds.intents[intent]) >= _SURE_WITH_WORDS
        return sum(weights[each] for each in self._answered_alike(intent)) >= SURE

    def _answered_alike(self, intent: Intent) -> frozenset[Intent]:
        expecting = self.reading.expecting
        times = _TIMES_WANTED if self.reading.visit is not None else _TIMES_WANTED | {Intent.RESCHEDULE}
        if intent in times and expecting is not Expecting.DATE:
            return times
        return _NOTHING_WANTED if intent in _NOTHING_WANTED and expecting is Expecting.NOTHING else frozenset({intent})


def _next_likeliest(weights: Mapping[Intent, float], intent: Intent) -> list[Intent]:
    likely = [other for other, weight in weights.items() if weight >= _LIKELY and other is not intent]
    return sorted(likely, key=lambda other: -weights[other])[:_MOST_ALTERNATIVES]
