"""What the word lists of a language show in a text: intents, flags and cues, each plainly or as a hint.

An emergency that the sentence denies is kept as denied, never dropped.
"""

from dataclasses import dataclass, field

from bot.understanding.finding import Places, Span, find
from bot.understanding.lexicon import Key
from bot.understanding.normal import Tokens, split
from bot.understanding.words import Cue, Rule, Strength, Target, Words
from flows.meaning import Flag, Intent

_BEFORE = 5
_RIGHT_BEFORE = 2
_IDLE: tuple[Target, ...] = (Cue.IDLE_NOT, Cue.NOT_OF_DANGER)
"""Negations that deny nothing at all, and such that deny no danger ("I cannot sleep")."""

_NEED_ALL: frozenset[Target] = frozenset({Intent.URGENT, *_IDLE})
"""Of these every place counts, not only whether there is one."""


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
    return Tokens(words=tokens.words, clauses=tuple(clauses), dashed=tokens.dashed)


def match(tokens: Tokens, words: Words, capitalised: frozenset[str] = frozenset()) -> Evidence:
    """Hold a text against all rules of a language. `capitalised`: its words that may be names."""
    keys = [_keys(word, words, capitalised) for word in tokens.words]
    present = frozenset().union(*keys)
    courtesies = words.courtesies.mark(tokens.words)
    places = Places(keys=keys, clauses=tokens.clauses, courtesies=courtesies, present=present)
    found = _Found()
    for key in words.rules.keys() & present:
        for rule in words.rules[key]:
            if rule.pattern.needs <= present and not found.settles(rule):
                found.note(rule, find(rule.pattern, places))
    if found.urgent:
        _judge_urgent(found, places.where(words.negations), tokens)
    return Evidence(
        tokens=tokens,
        plain=frozenset(target for target, strength in found.strengths.items() if strength is Strength.PLAIN),
        hints=frozenset(target for target, strength in found.strengths.items() if strength is Strength.HINT),
        idle=frozenset(found.idle[Cue.IDLE_NOT]),
        courtesies=sum(1 for mark in courtesies if mark),
    )


def _keys(word: str, words: Words, capitalised: frozenset[str]) -> frozenset[Key]:
    keys = words.lexicon.keys_of(word)
    if not keys and word in capitalised and not words.lexicon.knows(word):
        return frozenset({words.names})
    return keys


@dataclass(kw_only=True, slots=True)
class _Found:
    """What the rules have shown so far."""

    strengths: dict[Target, Strength] = field(default_factory=dict)
    urgent: list[tuple[Span, Rule]] = field(default_factory=list)
    idle: dict[Target, set[int]] = field(default_factory=lambda: {cue: set() for cue in _IDLE})

    def settles(self, rule: Rule) -> bool:
        """Tell whether a rule could add nothing."""
        return self.strengths.get(rule.target) is Strength.PLAIN and rule.target not in _NEED_ALL

    def note(self, rule: Rule, spans: list[Span]) -> None:
        """Note where a rule was found; nothing when it was not."""
        if not spans:
            return
        if rule.target in _IDLE:
            self.idle[rule.target].update(place for span in spans for place in _within(span))
        elif rule.target is Intent.URGENT:
            self.urgent.extend((span, rule) for span in spans)
        if self.strengths.get(rule.target) is not Strength.PLAIN:
            self.strengths[rule.target] = rule.strength


def _judge_urgent(found: _Found, negations: frozenset[int], tokens: Tokens) -> None:
    denies = negations.difference(*found.idle.values())
    affirmed = [rule.strength for span, rule in found.urgent if not _is_denied(span, rule, denies, tokens)]
    del found.strengths[Intent.URGENT]
    if not affirmed or Cue.NOT_NOW_URGENT in found.strengths:
        found.strengths[Flag.DENIED_URGENT] = Strength.PLAIN
        return
    found.strengths[Intent.URGENT] = Strength.PLAIN if Strength.PLAIN in affirmed else Strength.HINT


def _is_denied(span: Span, rule: Rule, denies: frozenset[int], tokens: Tokens) -> bool:
    clauses = tokens.clauses
    if not rule.deniable:
        # Its own "not" makes the emergency ("will not stop"); only one right before it denies ("no bleeding that ...").
        return any(place in denies and clauses[place] == clauses[span.first] for place in _before(span, _RIGHT_BEFORE))
    concerned = {clauses[span.first], clauses[span.last]}
    if any(place in denies and clauses[place] in concerned for place in (*_before(span, _BEFORE), *_within(span))):
        return True
    # Some languages deny at the end of a clause, as in "zwelling heb ik niet".
    ends = [place for place in range(span.last + 1, len(clauses)) if clauses[place] == clauses[span.last]]
    return bool(ends) and ends[-1] in denies


def _before(span: Span, reach: int) -> range:
    return range(max(0, span.first - reach), span.first)


def _within(span: Span) -> range:
    return range(span.first, span.last + 1)
