"""What decided how a text was read, for people who ask; nothing here takes part in the decision."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.understanding.features import Heard
from bot.understanding.learned import LearnedUnderstander
from bot.understanding.matcher import Evidence, cut, match
from bot.understanding.normal import capitalised, normalise
from bot.understanding.port import Reading, Understander
from bot.understanding.rules import RuleUnderstander
from bot.understanding.weighing import Weighing
from bot.understanding.words import Rule, Words
from flows.meaning import Flag, Intent
from flows.vocabulary import Language

MOST_LIKELY = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Likelihood:
    """How likely an intent is, first by the text alone, then with its circumstances."""

    intent: Intent
    before: float
    after: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """What decided.

    meant: the text in the letters its writer meant. rules: those of the word lists that fit, by language. likelihoods:
    the likeliest with the circumstances first; empty where the rules alone read. encoders: that were asked.
    """

    language: Language
    plainly: bool
    meant: str
    rules: tuple[tuple[Language, Rule], ...]
    likelihoods: tuple[Likelihood, ...] = ()
    encoders: tuple[str, ...] = ()


def explain(understander: Understander, text: str, reading: Reading) -> Explanation:
    """Tell what decided. Raises TypeError for an understander that is none of ours."""
    rules = understander.rules if isinstance(understander, LearnedUnderstander) else understander
    if not isinstance(rules, RuleUnderstander):
        raise TypeError(f"{type(understander).__name__} cannot be explained")
    heard, written = rules.hear(text, reading)
    explanation = Explanation(
        language=written.language,
        plainly=written.plainly,
        meant=written.text,
        rules=tuple(_fitting(rules, heard, {written.language, reading.language})),
    )
    if not isinstance(understander, LearnedUnderstander):
        return explanation
    odds = understander.classifier.judge(heard)
    weighed = Weighing(heard=heard, odds=odds, reading=reading).in_context()
    return replace(explanation, likelihoods=_likeliest(odds.intents, weighed), encoders=odds.asked)


def _likeliest(before: Mapping[Intent, float], after: Mapping[Intent, float]) -> tuple[Likelihood, ...]:
    shown = {intent for odds in (before, after) for intent in sorted(odds, key=lambda each: -odds[each])[:MOST_LIKELY]}
    found = (Likelihood(intent=intent, before=before[intent], after=after[intent]) for intent in shown)
    return tuple(sorted(found, key=lambda each: (-each.after, -each.before)))


def _fitting(rules: RuleUnderstander, heard: Heard, languages: set[Language | None]) -> list[tuple[Language, Rule]]:
    folded, names = normalise(heard.text), capitalised(heard.text)
    found: list[tuple[Language, Rule]] = []
    for language, words in rules.vocabularies.items():
        if language in languages:
            evidence = match(cut(folded, words), words, names)
            if evidence == heard.evidence:
                found += [(language, rule) for rule in _fitting_of(words, evidence, names)]
    return found


def _fitting_of(words: Words, evidence: Evidence, names: frozenset[str]) -> list[Rule]:
    """Try each rule that may have shown something by itself."""
    shown = evidence.plain | evidence.hints
    wanted = shown | {Intent.URGENT} if Flag.DENIED_URGENT in shown else shown
    present = {words.names}.union(*(words.lexicon.keys_of(word) for word in evidence.tokens.words))
    found: dict[str, Rule] = {}
    for key, some in words.rules.items():
        for rule in some:
            if rule.target in wanted and rule.pattern.needs <= present:
                alone = match(evidence.tokens, replace(words, rules={key: (rule,)}), names)
                if alone.plain or alone.hints:
                    found.setdefault(f"{rule.target} {rule.line}", rule)
    return list(found.values())
