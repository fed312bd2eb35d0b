"""What decided is told: the language and letters, the lines of the word lists, and what the circumstances changed."""

import pytest

from bot.understanding import Reading, RuleUnderstander
from bot.understanding.explaining import explain
from bot.understanding.variants import load_with
from bot.understanding.words import Strength
from flows.meaning import Expecting, Intent
from flows.vocabulary import Language
from tests.understanding.conftest import BRUSSELS, WEDNESDAY
from tests.understanding.test_measuring import Scripted


def reading(language: Language | None = None, expecting: Expecting = Expecting.NOTHING) -> Reading:
    return Reading(language=language, expecting=expecting, now=WEDNESDAY, zone=BRUSSELS)


def test_the_rules_that_fit_are_named_with_their_line(understander: RuleUnderstander) -> None:
    told = explain(understander, "please stop writing to me", reading())
    assert (told.language, told.plainly, told.encoders, told.likelihoods) == (Language.EN, True, (), ())
    assert any(rule.target is Intent.STOP and "stop" in rule.line for _, rule in told.rules)
    assert {language for language, _ in told.rules} == {Language.EN}


def test_a_denied_emergency_names_the_rule_that_was_denied(understander: RuleUnderstander) -> None:
    told = explain(understander, "my cheek is not swollen", reading())
    assert any(rule.target is Intent.URGENT and rule.strength is Strength.PLAIN for _, rule in told.rules)


def test_what_is_heard_in_the_patients_own_language_is_told_as_such(understander: RuleUnderstander) -> None:
    text = "goedemorgen mevrouw, ik vind het heel vervelend allemaal, leave me alone"
    assert {rule.target for _, rule in explain(understander, text, reading()).rules}.isdisjoint({Intent.STOP})
    told = explain(understander, text, reading(Language.EN))
    assert told.language is Language.NL
    assert {language for language, rule in told.rules if rule.target is Intent.STOP} == {Language.EN}


def test_the_letters_meant_are_shown(understander: RuleUnderstander) -> None:
    told = explain(understander, "pfgbibnt vtyz yf xtndthu", reading(Language.RU))
    assert (told.language, told.meant) == (Language.RU, "запишите меня на четверг")


def test_likelihoods_are_shown_before_and_after_the_circumstances() -> None:
    told = explain(load_with(["use"]), "no", reading(Language.EN, Expecting.CHECK_IN))
    assert told.encoders == ("use",)
    assert 5 <= len(told.likelihoods) <= 10
    by_intent = {each.intent: each for each in told.likelihoods}
    assert by_intent[Intent.NO].before > by_intent[Intent.NO].after == 0
    assert by_intent[Intent.FEEDBACK_BAD].after > by_intent[Intent.FEEDBACK_BAD].before
    assert [each.after for each in told.likelihoods] == sorted((each.after for each in told.likelihoods), reverse=True)


@pytest.mark.parametrize("text", ["", "\0", "👍", "\u202e\u200b", "stop " * 2000])
def test_any_text_can_be_explained(text: str, understander: RuleUnderstander) -> None:
    assert explain(understander, text, reading()).meant == text


def test_an_understander_of_another_kind_is_refused(understander: RuleUnderstander) -> None:
    del understander
    with pytest.raises(TypeError, match="Scripted cannot be explained"):
        explain(Scripted(lambda _: pytest.fail("not asked")), "hello", reading())
