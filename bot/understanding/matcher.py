"""What the word lists of a language show in a text: intents, flags and cues, each plainly or as a hint.

An emergency that the sentence denies is kept as denied, never dropped.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.understanding.finding import Places, Span, edges_of, find
from bot.understanding.lexicon import Key
from bot.understanding.normal import Tokens, split
from bot.understanding.words import Cue, Rule, Strength, Target, Words
from flows.meaning import Flag, Intent

_BEFORE = 5
_RIGHT_BEFORE = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What was found. `plain` and `hints` share no member; `idle`: places of negations that deny nothing."""

    tokens: Tokens
    plain: frozenset[Target]
    hints: frozenset[Target]
    idle: frozenset[int]
    courtesies: int

    def shows(self, *targets: Target) -> bool:
        """Tell whether any of the targets is plain."""
        return not self.plain.isdisjoint(targets)


def cut(folded: str, words: Words) -> Tokens:
    """Cut a normalised text into words; a contrasting word ("but") begins a clause of its own."""
    tokens = split(folded, words.apostrophe)
    if words.contrasts.isdisjoint(tokens.words):
        return tokens
    clauses: list[int] = []
    added = 0
    for word, clause in zip(tokens.words, tokens.clauses, strict=True):
        added += word in words.contrasts
        clauses.append(clause + added)
    return Tokens(words=tokens.words, clauses=tuple(clauses))


def match(tokens: Tokens, words: Words, capitalised: frozenset[str] = frozenset()) -> Evidence:
    """Hold a text against all rules of a language. `capitalised`: its words that may be names."""
    where: defaultdict[Key, set[int]] = defaultdict(set)
    for place, word in enumerate(tokens.words):
        keys = words.lexicon.keys_of(word)
        for key in keys:
            where[key].add(place)
        if not keys and word in capitalised and not words.lexicon.knows(word):
            where[words.names].add(place)
    courteous = words.courtesies.mark(tokens.words)
    places = Places(
        where={key: frozenset(found) for key, found in where.items()},
        clauses=tokens.clauses,
        edges=edges_of(tokens.clauses, courteous),
    )
    found: dict[Target, Strength] = {}
    urgent: list[tuple[Span, Rule]] = []
    idle: dict[Target, set[int]] = {cue: set() for cue in _IDLE}
    shielded: list[Span] = []
    negations = places.where.get(words.negations, frozenset())
    present = frozenset(places.where)
    for key in present:
        for rule in words.rules.get(key, ()):
            if not rule.pattern.needs <= present:
                continue
            if found.get(rule.target) is Strength.PLAIN and rule.target not in _NEED_ALL:
                continue
            spans = find(rule.pattern, places)
            if not spans:
                continue
            if rule.target in _IDLE:
                idle[rule.target].update(place for span in spans for place in _within(span))
            elif rule.target is Cue.NOT_NOW_URGENT:
                shielded.extend(spans)
            elif rule.target is Intent.URGENT:
                urgent.extend((span, rule) for span in spans)
            if found.get(rule.target) is not Strength.PLAIN:
                found[rule.target] = rule.strength
    denies = negations.difference(*idle.values())
    if urgent:
        _judge_urgent(found, urgent, denies, tokens, in_the_past=bool(shielded))
    return Evidence(
        tokens=tokens,
        plain=frozenset(target for target, strength in found.items() if strength is Strength.PLAIN),
        hints=frozenset(target for target, strength in found.items() if strength is Strength.HINT),
        idle=frozenset(idle[Cue.IDLE_NOT]),
        courtesies=sum(1 for mark in courteous if mark),
    )


_IDLE: tuple[Target, ...] = (Cue.IDLE_NOT, Cue.NOT_OF_DANGER)
"""Negations that deny nothing at all, and such that deny no danger ("I cannot sleep")."""

_NEED_ALL: frozenset[Target] = frozenset({Intent.URGENT, Cue.NOT_NOW_URGENT, *_IDLE})


def _judge_urgent(
    found: dict[Target, Strength],
    urgent: Iterable[tuple[Span, Rule]],
    denies: frozenset[int],
    tokens: Tokens,
    *,
    in_the_past: bool,
) -> None:
    affirmed = [rule.strength for span, rule in urgent if not _is_denied(span, rule, denies, tokens)]
    del found[Intent.URGENT]
    if not affirmed or in_the_past:
        found[Flag.DENIED_URGENT] = Strength.PLAIN
        return
    found[Intent.URGENT] = Strength.PLAIN if Strength.PLAIN in affirmed else Strength.HINT


def _is_denied(span: Span, rule: Rule, denies: frozenset[int], tokens: Tokens) -> bool:
    clauses = tokens.clauses
    if not rule.deniable:
        # Its own "not" makes the emergency ("will not stop"); only one right before it denies ("no bleeding that ...").
        return any(place in denies and clauses[place] == clauses[span.first] for place in _before(span, _RIGHT_BEFORE))
    concerned = {clauses[span.first], clauses[span.last]}
    if any(place in denies and clauses[place] in concerned for place in (*_before(span, _BEFORE), *_within(span))):
        return True
    # Some languages deny at the end: "отека нет", "zwelling heb ik niet".
    ends = [place for place in range(span.last + 1, len(clauses)) if clauses[place] == clauses[span.last]]
    return bool(ends) and ends[-1] in denies


def _before(span: Span, reach: int) -> range:
    return range(max(0, span.first - reach), span.first)


def _within(span: Span) -> range:
    return range(span.first, span.last + 1)
