"""How well texts are understood: what an understander says of phrases it has not learnt from, counted.

The figures: accuracy; precision when sure, and the share that is sure; of each safety intent the share missed, and
false alarms among all other texts; time phrases that are exactly right.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.understanding.judgement import SAFETY
from bot.understanding.learned import LearnedUnderstander
from bot.understanding.offers import named_offer
from bot.understanding.phrases import Phrase, TimePhrase
from bot.understanding.port import Reading, Understander
from flows.meaning import Expecting, Flag, Intent, Meaning, TimeWish

ZONE = ZoneInfo("Europe/Brussels")
NOW = datetime(2026, 11, 18, 9, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """A phrase, and what was made of it."""

    phrase: Phrase
    meaning: Meaning

    @property
    def is_right(self) -> bool:
        """Whether the intent is the one its author meant."""
        return self.phrase.intent is self.meaning.intent


@dataclass(frozen=True, kw_only=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """The share, 0 where there is nothing to share."""
        return self.part / self.whole if self.whole else 0.0


def understand_all(understander: Understander, phrases: Iterable[Phrase]) -> list[Outcome]:
    """Let an understander read phrases, as from patients whose language is set."""
    return [
        Outcome(
            phrase=said,
            meaning=understander.understand(said.text, _reading(said)),
        )
        for said in phrases
    ]


def shown_to_all(understander: LearnedUnderstander, phrases: Sequence[Phrase]) -> Share:
    """How many texts every encoder was asked about, and not the quick one alone."""
    heard = [understander.rules.hear(said.text, _reading(said))[0] for said in phrases]
    asked = [understander.classifier.judge(each).asked for each in heard]
    return Share(part=asked.count(understander.classifier.encoders), whole=len(asked))


def right(outcomes: Sequence[Outcome]) -> Share:
    """How many intents were right."""
    return Share(part=sum(outcome.is_right for outcome in outcomes), whole=len(outcomes))


def sure(outcomes: Sequence[Outcome]) -> Share:
    """How many were sure."""
    return Share(part=sum(outcome.meaning.sure for outcome in outcomes), whole=len(outcomes))


def right_when_sure(outcomes: Sequence[Outcome]) -> Share:
    """How many of those that were sure were right."""
    return right([outcome for outcome in outcomes if outcome.meaning.sure])


def missed(outcomes: Sequence[Outcome], intent: Intent) -> Share:
    """How many that meant an intent were taken for another."""
    meant = [outcome for outcome in outcomes if outcome.phrase.intent is intent]
    return Share(part=sum(not outcome.is_right for outcome in meant), whole=len(meant))


def false_alarms(outcomes: Sequence[Outcome], intent: Intent) -> Share:
    """How many that meant another intent were taken for this one."""
    others = [outcome for outcome in outcomes if outcome.phrase.intent is not intent]
    return Share(part=sum(outcome.meaning.intent is intent for outcome in others), whole=len(others))


def flag_missed(outcomes: Sequence[Outcome], flag: Flag) -> Share:
    """How many texts with a flag were read without it."""
    raised = [outcome for outcome in outcomes if flag in outcome.phrase.flags]
    return Share(part=sum(flag not in outcome.meaning.flags for outcome in raised), whole=len(raised))


def flag_false(outcomes: Sequence[Outcome], flag: Flag) -> Share:
    """How many texts without a flag were read with it."""
    plain = [outcome for outcome in outcomes if flag not in outcome.phrase.flags]
    return Share(part=sum(flag in outcome.meaning.flags for outcome in plain), whole=len(plain))


def confusion(outcomes: Iterable[Outcome]) -> Counter[tuple[Intent, Intent]]:
    """Count, for each intent meant, what it was taken for."""
    return Counter((outcome.phrase.intent, outcome.meaning.intent) for outcome in outcomes)


def read_time(understander: Understander, said: TimePhrase) -> TimeWish:
    """What times an understander finds in a phrase, an offer that it points at included."""
    offers = tuple(offer.replace(tzinfo=ZONE).astimezone(UTC) for offer in said.offers)
    now = said.now.replace(tzinfo=ZONE).astimezone(UTC)
    expecting = Expecting.SLOTS if offers else Expecting.NOTHING
    reading = Reading(language=said.language, expecting=expecting, now=now, zone=ZONE, offers=offers)
    return named_offer(understander.understand(said.text, reading), reading)


def times_right(understander: Understander, phrases: Sequence[TimePhrase]) -> Share:
    """How many time phrases were read exactly."""
    wanted = [TimeWish(dates=said.dates, earliest=said.earliest, latest=said.latest) for said in phrases]
    found = [read_time(understander, said) for said in phrases]
    return Share(part=sum(a == b for a, b in zip(wanted, found, strict=True)), whole=len(phrases))


def _reading(said: Phrase) -> Reading:
    return Reading(language=said.language, expecting=said.expecting, now=NOW, zone=ZONE)


MEASURED_SAFETY = tuple(intent for intent in SAFETY if intent is not Intent.HUMAN)
