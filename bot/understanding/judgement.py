"""From evidence to a meaning: plain outranks hinted at, and the order of `Intent` decides between equals.

The safety intents are settled before anything else is weighed; an ordinary intent is sure only on plain evidence that
nothing contradicts.
"""

from dataclasses import dataclass, field

from bot.understanding.features import Heard
from bot.understanding.matcher import Evidence
from bot.understanding.port import Reading
from bot.understanding.times import ReadTimes
from bot.understanding.words import Cue
from flows.meaning import ANY_TIME, Expecting, Flag, Intent, Meaning

SAFETY = (Intent.URGENT, Intent.DECEASED, Intent.WRONG_PERSON, Intent.STOP, Intent.ERASE, Intent.HUMAN)
_RANK = {intent: rank for rank, intent in enumerate(Intent)}
ORDINALS = {Cue.FIRST_OFFER: 0, Cue.SECOND_OFFER: 1, Cue.THIRD_OFFER: 2, Cue.LAST_OFFER: -1}
_MOST_ALTERNATIVES = 3
_PLAIN, _CONTRADICTED, _HINTED, _NOTHING = 0.95, 0.6, 0.5, 0.2
_LONG_TEXT = 60
_SPEAKS_OF_TIMES, _TOUCHES_TIMES = 0.4, 0.3
_CONTRARY = {
    Intent.YES: {Intent.NO},
    Intent.BOOK: {Intent.CANCEL, Intent.NO},
    Intent.SLOT_CHOICE: {Intent.NO_NEED, Intent.OTHER_DENTIST, Intent.MOVED},
    Intent.NO_NEED: {Intent.BOOK, Intent.SLOT_CHOICE},
    Intent.OTHER_DENTIST: {Intent.BOOK, Intent.SLOT_CHOICE},
    Intent.MOVED: {Intent.BOOK, Intent.SLOT_CHOICE},
    Intent.NO_TIME: {Intent.BOOK},
    Intent.LATER: {Intent.BOOK},
}
_OF_A_BOOKED_VISIT = {Intent.RESCHEDULE, Intent.CANCEL, Intent.RUNNING_LATE, Intent.ALREADY_BOOKED}
_TIMES_ARE_NO_CHOICE = _OF_A_BOOKED_VISIT | {Intent.UPDATE_CONTACT, Intent.LATER}
_NOT_LATER = {Intent.RESCHEDULE, Intent.CANCEL, Intent.ALREADY_BOOKED, Intent.OTHER_DENTIST, Intent.MOVED}


@dataclass(kw_only=True, slots=True)
class Judgement:
    """One text being weighed."""

    heard: Heard
    reading: Reading
    plain: set[Intent] = field(default_factory=set)
    hints: set[Intent] = field(default_factory=set)

    @property
    def evidence(self) -> Evidence:
        """What the word lists show."""
        return self.heard.evidence

    @property
    def times(self) -> ReadTimes:
        """The times that are named."""
        return self.heard.times

    def conclude(self) -> Meaning:
        """Weigh everything and return what the text means."""
        self.plain = {target for target in self.evidence.plain if isinstance(target, Intent)}
        self.hints = {target for target in self.evidence.hints if isinstance(target, Intent)}
        flags = frozenset(target for target in self.evidence.plain if isinstance(target, Flag))
        if self.evidence.shows(Cue.TOOTHACHE):
            flags |= {Flag.PAIN}
        settled = next((intent for intent in SAFETY if intent in self.plain), None)
        if settled is None and Intent.URGENT in self.hints:
            settled = Intent.URGENT
        if settled is not None:
            return self._meaning(settled, flags, sure=settled in self.plain)
        ordinal = self._ordinal()
        self._weigh_context(flags)
        self._weigh_times(ordinal)
        return self._best(flags, ordinal)

    def _ordinal(self) -> int | None:
        if self.reading.expecting is not Expecting.SLOTS and not self.reading.offers:
            return None
        return next((place for cue, place in ORDINALS.items() if self.evidence.shows(cue)), None)

    def _weigh_context(self, flags: frozenset[Flag]) -> None:
        if self.heard.has_contact:
            self.plain.add(Intent.UPDATE_CONTACT)
        if Flag.ROBOT_QUESTION in flags:
            self.plain.add(Intent.INFO_QUESTION)
        if self.evidence.shows(Cue.TOOTHACHE):
            self._weigh_toothache()
        if self.reading.expecting is Expecting.CHECK_IN:
            self._weigh_check_in()
        self._weigh_visit()
        confirms = self.reading.expecting is Expecting.CONFIRMATION and Intent.YES in self.plain
        declines = self.reading.expecting is not Expecting.CHECK_IN and Intent.NO in self.plain
        if Intent.FEEDBACK_BAD in self.plain or declines:
            self.plain.discard(Intent.FEEDBACK_GOOD)
        if confirms or self.plain & _OF_A_BOOKED_VISIT:
            self.plain.discard(Intent.BOOK)

    def _weigh_toothache(self) -> None:
        open_offers = [offer for offer in self.reading.offers if offer > self.reading.now]
        if self.reading.expecting is Expecting.CHECK_IN or len(open_offers) == 1:
            # A wish to book would accept the only time on the table, which nobody has said: a person is told instead.
            self.plain.add(Intent.FEEDBACK_BAD)
        else:
            self.plain.add(Intent.BOOK)

    def _weigh_visit(self) -> None:
        expecting = self.reading.expecting
        if Intent.UPDATE_CONTACT in self.evidence.plain and Intent.BOOK not in self.plain | self.hints:
            # "I want to change my number": what is to be changed is named, and it is not the visit.
            return
        if self.reading.visit is not None or expecting is Expecting.CONFIRMATION:
            for intent in self.hints & {Intent.CANCEL, Intent.RESCHEDULE}:
                self._promote(intent)
        elif self.times.refused:
            # Without a visit, "I can't come on Monday" refuses a time on the table.
            self.hints.discard(Intent.CANCEL)
            if expecting is Expecting.SLOTS:
                self.plain.discard(Intent.CANCEL)
        elif Intent.CANCEL in self.hints and expecting is Expecting.SLOTS:
            self.hints.discard(Intent.CANCEL)
            if not self.times.wish.names_something:
                self.plain.add(Intent.NO)

    def _weigh_check_in(self) -> None:
        badly = self.evidence.shows(Cue.WENT_BADLY) or Intent.NO in self.plain
        well = self.evidence.shows(Cue.WENT_WELL) or Intent.FEEDBACK_GOOD in self.hints or Intent.YES in self.plain
        badly = badly or (Intent.FEEDBACK_BAD in self.hints and not well)
        if Intent.FEEDBACK_BAD not in self.plain and Intent.FEEDBACK_GOOD not in self.plain:
            if badly:
                self.plain.add(Intent.FEEDBACK_BAD)
            elif well:
                self.plain.add(Intent.FEEDBACK_GOOD)
        if self.plain & {Intent.FEEDBACK_BAD, Intent.FEEDBACK_GOOD}:
            self.plain -= {Intent.YES, Intent.NO, Intent.NO_NEED}
        if Intent.FEEDBACK_BAD in self.plain:
            # Pain after a visit is for staff at once, even where it asks for a time as well.
            self.plain.discard(Intent.BOOK)

    def _promote(self, intent: Intent) -> None:
        self.hints.discard(intent)
        self.plain.add(intent)

    def _weigh_times(self, ordinal: int | None) -> None:
        expecting, times = self.reading.expecting, self.times
        named = times.wish.names_something or ordinal is not None
        if expecting is Expecting.FIELD:
            return
        if times.far and not self.plain & _NOT_LATER:
            self._later()
            return
        if expecting is Expecting.DATE and times.wish.dates:
            self.plain.add(Intent.LATER)
            self.hints.add(Intent.SLOT_CHOICE)
            return
        offered = expecting is Expecting.SLOTS or bool(self.reading.offers)
        if offered and self.evidence.shows(Cue.OTHER_TIMES):
            named = True
            self.plain.discard(Intent.NO)
        if offered and self.evidence.shows(Cue.ANY_OFFER):
            self.hints.add(Intent.SLOT_CHOICE)
        if named:
            self._slot(ordinal, offered=offered)

    def _later(self) -> None:
        if self.reading.expecting is Expecting.CHECK_IN and Intent.LATER not in self.plain:
            self.hints.add(Intent.LATER)
            return
        self._promote(Intent.LATER)
        if self.heard.coverage < _TOUCHES_TIMES and Intent.LATER not in self.evidence.plain:
            self.plain.discard(Intent.LATER)
            self.hints.add(Intent.LATER)

    def _slot(self, ordinal: int | None, *, offered: bool) -> None:
        if Intent.CANCEL in self.plain and self._names_another_day():
            self.plain.add(Intent.RESCHEDULE)
        if offered and ordinal is not None:
            self.plain.discard(Intent.LATER)
        if Intent.CHITCHAT in self.plain and not offered and self.heard.coverage < _SPEAKS_OF_TIMES:
            self.hints.add(Intent.SLOT_CHOICE)
            return
        if self.plain & _TIMES_ARE_NO_CHOICE:
            return
        if self._confirms_the_visit():
            return
        if Intent.NO_TIME in self.plain and not self.times.refused:
            self.plain.discard(Intent.NO_TIME)
            self.hints.add(Intent.NO_TIME)
        if Intent.INFO_QUESTION in self.plain and not offered:
            return
        if self.reading.expecting is Expecting.CHECK_IN and Intent.BOOK not in self.plain:
            self.hints.add(Intent.SLOT_CHOICE)
            return
        self.plain.add(Intent.SLOT_CHOICE)
        self.plain -= {Intent.NO, Intent.YES} if self.times.refused else {Intent.YES}

    def _names_another_day(self) -> bool:
        dates, visit = self.times.wish.dates, self.reading.visit
        if not dates or self.times.refused or visit is None:
            return False
        return visit.astimezone(self.reading.zone).date() not in dates

    def _confirms_the_visit(self) -> bool:
        visit = self.reading.visit
        if visit is None or Intent.YES not in self.plain or self.reading.expecting is Expecting.SLOTS:
            return False
        local, wish = visit.astimezone(self.reading.zone), self.times.wish
        on_the_day = wish.dates is None or local.date() in wish.dates
        return on_the_day and (wish.earliest is None or wish.earliest <= local.time())

    def _best(self, flags: frozenset[Flag], ordinal: int | None) -> Meaning:
        if self.plain:
            intent = min(self.plain, key=_RANK.__getitem__)
            return self._meaning(intent, flags, sure=self._is_sure(intent), ordinal=ordinal)
        if self.hints:
            return self._meaning(min(self.hints, key=_RANK.__getitem__), flags, sure=False, ordinal=ordinal)
        return self._meaning(Intent.OTHER, flags, sure=False)

    def _is_sure(self, intent: Intent) -> bool:
        if self.plain & _CONTRARY.get(intent, set()) or len(self.evidence.tokens.words) > _LONG_TEXT:
            return False
        if intent is not Intent.SLOT_CHOICE or self.reading.expecting is Expecting.SLOTS:
            return True
        return self.heard.coverage >= _SPEAKS_OF_TIMES or Intent.BOOK in self.plain

    def _meaning(self, intent: Intent, flags: frozenset[Flag], *, sure: bool, ordinal: int | None = None) -> Meaning:
        ranked = sorted(self.plain - {intent}, key=_RANK.__getitem__)
        ranked += sorted(self.hints - self.plain - {intent}, key=_RANK.__getitem__)
        if intent not in self.plain | self.hints:
            confidence = _NOTHING
        elif sure:
            confidence = _PLAIN
        else:
            confidence = _CONTRADICTED if intent in self.plain else _HINTED
        return Meaning(
            intent=intent,
            sure=sure,
            confidence=confidence,
            alternatives=tuple(ranked[:_MOST_ALTERNATIVES]),
            flags=flags,
            times=ANY_TIME if self.heard.has_contact else self.times.wish,
            ordinal=ordinal,
        )
