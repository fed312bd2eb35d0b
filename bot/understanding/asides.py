"""What a text says beside its intent: a contact detail, a language to be written to in, the own visit, past pain.

The last words on a meaning, once it is weighed: none of them changes what the text is about.
"""

from dataclasses import replace

from bot.understanding.closings import closes
from bot.understanding.features import Heard
from bot.understanding.letters import Written
from bot.understanding.matcher import Evidence, match
from bot.understanding.normal import Tokens
from bot.understanding.words import Cue, Tongue, Words
from flows.meaning import Flag, Intent, Meaning, Paraphrase
from flows.vocabulary import ContactKind, Language

_LONGEST_WISH = 14
"""Words: whoever asks for a language in passing, asks for something else."""

_SHORT = 8
"""Words: so many are enough to say that a visit stays."""

_BARELY = 4
"""Words: with so few nobody says both that a visit stays and that no more is to be written."""

_LITTLE_ELSE = frozenset(
    {
        Intent.HUMAN, Intent.INFO_QUESTION, Intent.UPDATE_CONTACT, Intent.YES, Intent.NO, Intent.CHITCHAT, Intent.OTHER,
    }
)  # fmt: skip
"""What a wish for a language may look like; where the text is surely about something else, that comes first."""
_SAID_BESIDE = frozenset({Intent.HUMAN, Intent.YES, Intent.NO})
"""Those of them that come first where the word lists find them, too."""
_SAYS_LITTLE = frozenset({Intent.INFO_QUESTION, Intent.CHITCHAT, Intent.OTHER})
_LOOKS_LIKE = {
    Paraphrase.OWN_VISIT: _SAYS_LITTLE | {Intent.BOOK, Intent.ALREADY_BOOKED, Intent.LATER},
    Paraphrase.WHERE: _SAYS_LITTLE | {Intent.UPDATE_CONTACT},
    Paraphrase.KEEP_VISIT: _SAYS_LITTLE
    | {Intent.STOP, Intent.CANCEL, Intent.NO, Intent.YES, Intent.NO_NEED, Intent.LATER, Intent.ALREADY_BOOKED},
}
"""What the paraphrase of a button may be taken for; where a text is surely about something else, that comes first."""
_ALARMING = (Intent.URGENT, Intent.DECEASED, Intent.WRONG_PERSON, Intent.ERASE)
_NEVER_PASSED_OVER = (*_ALARMING, Intent.STOP)


def with_asides(meaning: Meaning, heard: Heard, written: Written, words: Words) -> Meaning:
    """Return a meaning with all that its text says beside it. words: of the language it was read in."""
    flags = meaning.flags
    if _complains_of_past_pain(meaning, heard.evidence, words):
        flags -= {Flag.DENIED_URGENT}
    language = written.language if written.plainly else None
    named = _named(heard.evidence, words)
    contacts = [kind for kind in ContactKind if kind in named]
    asks_little_else = _asks_little_else(meaning, heard)
    return replace(
        meaning,
        flags=flags,
        language=language,
        speak=_asked_for(named, written) if asks_little_else else None,
        contact=contacts[0] if len(contacts) == 1 else None,
        closes=closes(meaning, heard, words),
        paraphrase=_paraphrased(named, meaning, heard.evidence),
    )


def _named(evidence: Evidence, words: Words) -> frozenset[object]:
    keys_of, names = words.lexicon.keys_of, words.named.keys()
    if all(names.isdisjoint(keys_of(word)) for word in evidence.tokens.words):
        return frozenset()
    return frozenset(match(evidence.tokens, replace(words, rules=words.named)).plain)


def _asked_for(named: frozenset[object], written: Written) -> Language | None:
    """Tell which language is asked for; of whoever only says what they do not understand, the one they write in."""
    asked = [language for language in Language if language in named]
    if len(asked) == 1:
        return asked[0]
    return written.language if not asked and Tongue.UNREAD in named else None


def _asks_little_else(meaning: Meaning, heard: Heard) -> bool:
    evidence = heard.evidence
    if len(evidence.tokens.words) > _LONGEST_WISH or meaning.flags or evidence.shows(*_NEVER_PASSED_OVER):
        return False
    if meaning.intent in _NEVER_PASSED_OVER or meaning.times.names_something or heard.has_contact:
        return False
    said_too = meaning.intent in _SAID_BESIDE and meaning.intent in evidence.plain | evidence.hints
    return not meaning.sure or (meaning.intent in _LITTLE_ELSE and not said_too)


def _paraphrased(named: frozenset[object], meaning: Meaning, evidence: Evidence) -> Paraphrase | None:
    """Tell which button's words a text says otherwise, if it may say no more."""
    length = len(evidence.tokens.words)
    if length > _LONGEST_WISH or meaning.flags or evidence.shows(*_ALARMING):
        return None
    if Paraphrase.KEEP_VISIT in named and (meaning.times.names_something or length > _SHORT):
        # "Leave it as it is" sounds like "leave me alone"; whoever says more may say that, too.
        named -= {Paraphrase.KEEP_VISIT}
    if evidence.shows(Intent.STOP):
        named &= {Paraphrase.KEEP_VISIT} if length <= _BARELY else frozenset()
    said = (each for each in Paraphrase if each in named and (not meaning.sure or meaning.intent in _LOOKS_LIKE[each]))
    return next(said, None)


def _complains_of_past_pain(meaning: Meaning, evidence: Evidence, words: Words) -> bool:
    """Tell whether the emergency that the text says there is not is but pain at an earlier visit, and blamed on us."""
    blames = meaning.intent is Intent.COMPLAINT and Flag.DENIED_URGENT in meaning.flags
    if not blames or not evidence.shows(Cue.NOT_NOW_URGENT):
        return False
    tokens = evidence.tokens
    at_ease = [at for at, word in enumerate(tokens.words) if words.pain not in words.lexicon.keys_of(word)]
    rest = Tokens(words=tuple(tokens.words[at] for at in at_ease), clauses=tuple(tokens.clauses[at] for at in at_ease))
    without = match(rest, words)
    return not without.shows(Intent.URGENT, Flag.DENIED_URGENT) and Intent.URGENT not in without.hints
