"""Likelihoods become a meaning: the open question and the visit shift them, safety comes first."""

import pytest

from bot.understanding import Reading, RuleUnderstander
from bot.understanding.classifier import Odds
from bot.understanding.kept import LEARNT_FLAGS
from bot.understanding.weighing import SURE, Weighing
from flows.meaning import ANY_TIME, Expecting, Flag, Intent, Meaning
from flows.vocabulary import Language
from tests.understanding.conftest import BRUSSELS, OFFERS, VISIT, WEDNESDAY

PLAIN = "hm"


def weigh(
    likely: dict[Intent, float],
    expecting: Expecting = Expecting.NOTHING,
    *,
    text: str = PLAIN,
    visit: bool = False,
    flags: dict[Flag, float] | None = None,
) -> Meaning:
    """Weigh a text whose likelihoods are given; what is left is shared by all other intents."""
    rest = (1 - sum(likely.values())) / (len(Intent) - len(likely))
    odds = Odds(
        intents={intent: likely.get(intent, rest) for intent in Intent},
        flags=dict.fromkeys(LEARNT_FLAGS, 0.0) | (flags or {}),
    )
    reading = Reading(
        language=Language.EN, expecting=expecting, now=WEDNESDAY, zone=BRUSSELS,
        offers=OFFERS if expecting is Expecting.SLOTS else (), visit=VISIT if visit else None,
    )  # fmt: skip
    heard, _ = RULES.hear(text, reading)
    return Weighing(heard=heard, odds=odds, reading=reading).conclude()


RULES = RuleUnderstander.load(Language.EN)


@pytest.mark.parametrize(
    ("expecting", "favoured", "rival"),
    [
        (Expecting.SLOTS, Intent.SLOT_CHOICE, Intent.FEEDBACK_GOOD),
        (Expecting.SLOTS, Intent.YES, Intent.RUNNING_LATE),
        (Expecting.CHECK_IN, Intent.FEEDBACK_BAD, Intent.FEAR),
        (Expecting.CHECK_IN, Intent.FEEDBACK_GOOD, Intent.NO_NEED),
        (Expecting.CONFIRMATION, Intent.CANCEL, Intent.NO_TIME),
        (Expecting.CONFIRMATION, Intent.YES, Intent.CHITCHAT),
        (Expecting.DATE, Intent.LATER, Intent.NO_TIME),
        (Expecting.FIELD, Intent.UPDATE_CONTACT, Intent.MOVED),
    ],
)
def test_what_was_asked_makes_its_answers_likelier(expecting: Expecting, favoured: Intent, rival: Intent) -> None:
    likely = {favoured: 0.35, rival: 0.45}
    assert weigh(likely).intent is rival
    assert weigh(likely, expecting).intent is favoured


@pytest.mark.parametrize("intent", [Intent.CANCEL, Intent.RESCHEDULE, Intent.RUNNING_LATE])
def test_a_visit_makes_what_concerns_it_likelier(intent: Intent) -> None:
    likely = {intent: 0.36, Intent.NO_TIME: 0.4}
    assert weigh(likely).intent is Intent.NO_TIME
    assert weigh(likely, visit=True).intent is intent


@pytest.mark.parametrize(("bare", "becomes"), [(Intent.YES, Intent.FEEDBACK_GOOD), (Intent.NO, Intent.FEEDBACK_BAD)])
def test_a_bare_answer_to_how_are_you_says_how(bare: Intent, becomes: Intent) -> None:
    meaning = weigh({bare: 0.9}, Expecting.CHECK_IN)
    assert (meaning.intent, meaning.sure) == (becomes, True)
    assert bare not in meaning.alternatives


def test_a_time_among_offers_is_a_choice() -> None:
    likely = {Intent.SLOT_CHOICE: 0.2, Intent.INFO_QUESTION: 0.65}
    assert weigh(likely, Expecting.SLOTS).intent is Intent.INFO_QUESTION
    assert weigh(likely, Expecting.SLOTS, text="Monday at 9:30").intent is Intent.SLOT_CHOICE
    assert weigh(likely, Expecting.SLOTS, text="the second one").intent is Intent.SLOT_CHOICE


def test_below_the_threshold_the_next_likeliest_are_asked_about() -> None:
    meaning = weigh({Intent.MONEY: 0.5, Intent.FEAR: 0.3, Intent.NO_TIME: 0.1})
    assert (meaning.intent, meaning.sure) == (Intent.MONEY, False)
    assert meaning.alternatives[:2] == (Intent.FEAR, Intent.NO_TIME)
    assert len(meaning.alternatives) <= 3
    assert weigh({Intent.MONEY: SURE + 0.01}).sure


@pytest.mark.parametrize("intent", [Intent.URGENT, Intent.DECEASED, Intent.WRONG_PERSON, Intent.STOP, Intent.ERASE])
def test_safety_is_looked_at_first_but_not_acted_on_unless_it_is_sure(intent: Intent) -> None:
    meaning = weigh({intent: 0.4, Intent.COMPLAINT: 0.5})
    assert (meaning.intent, meaning.sure) == (intent, False)
    assert Intent.COMPLAINT in meaning.alternatives


def test_a_stop_in_plain_words_is_heard_however_unlikely_it_seems_and_then_asked_back() -> None:
    unlikely = weigh({Intent.STOP: 0.1, Intent.CHITCHAT: 0.8}, text="please stop writing to me")
    assert (unlikely.intent, unlikely.sure) == (Intent.STOP, False)
    likely = weigh({Intent.STOP: 0.55, Intent.CHITCHAT: 0.4}, text="please stop writing to me")
    assert (likely.intent, likely.sure) == (Intent.STOP, True)


def test_pain_of_the_past_is_an_emergency_only_where_that_is_likely() -> None:
    text = "the dentist caused me days of trouble last year"
    assert weigh({Intent.URGENT: 0.25, Intent.COMPLAINT: 0.6}).intent is Intent.URGENT
    assert weigh({Intent.URGENT: 0.25, Intent.COMPLAINT: 0.6}, text=text).intent is Intent.COMPLAINT
    assert weigh({Intent.URGENT: 0.45, Intent.COMPLAINT: 0.4}, text=text).intent is Intent.URGENT


def test_a_flag_is_raised_by_words_or_by_likelihood() -> None:
    assert weigh({}, flags={Flag.LEGAL: 0.8, Flag.MINOR: 0.2}).flags == {Flag.LEGAL}
    assert Flag.CRISIS in weigh({}, text="I want to kill myself").flags


def test_a_number_of_a_phone_is_no_time() -> None:
    assert weigh({Intent.UPDATE_CONTACT: 0.9}, text="my number is 0470 12 34 56 from Monday").times == ANY_TIME


def test_a_place_counts_only_where_something_was_offered() -> None:
    assert weigh({Intent.SLOT_CHOICE: 0.9}, text="the second one").ordinal is None
    assert weigh({Intent.SLOT_CHOICE: 0.9}, Expecting.SLOTS, text="the second one").ordinal == 1


@pytest.mark.parametrize("expecting", list(Expecting))
@pytest.mark.parametrize("visit", [False, True])
def test_a_meaning_keeps_its_laws_in_every_context(expecting: Expecting, *, visit: bool) -> None:
    for intent in Intent:
        meaning = weigh({intent: 0.7}, expecting, visit=visit)
        assert 0 <= meaning.confidence <= 1
        assert meaning.intent not in meaning.alternatives


def test_readings_that_are_answered_alike_are_sure_together() -> None:
    likely = {Intent.BOOK: 0.4, Intent.SLOT_CHOICE: 0.3, Intent.RESCHEDULE: 0.2}
    assert weigh(likely).sure
    assert not weigh(likely, visit=True).sure
    assert not weigh(likely, Expecting.DATE).sure
    assert weigh({Intent.CHITCHAT: 0.6, Intent.YES: 0.3}).sure
    assert not weigh({Intent.CHITCHAT: 0.6, Intent.YES: 0.3}, Expecting.FIELD).sure


def test_without_a_visit_a_time_on_the_table_is_refused_and_nothing_cancelled() -> None:
    likely = {Intent.CANCEL: 0.7, Intent.SLOT_CHOICE: 0.2}
    assert weigh(likely, Expecting.SLOTS).intent is Intent.SLOT_CHOICE
    assert weigh(likely, Expecting.SLOTS, visit=True).intent is Intent.CANCEL
