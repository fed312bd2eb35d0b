"""Whether a text only ends a talk: thanks, an "ok", a goodbye, and nothing beside them.

Only what is sure counts: a text is taken for more where any word of it is.
"""

from bot.understanding.courtesies import Mark
from bot.understanding.features import Heard
from bot.understanding.words import Words
from flows.meaning import Intent, Meaning

_MEANT = frozenset({Intent.YES, Intent.CHITCHAT})
_SAD = "("
"""Of ":(" no word is left; whoever is sad has something to say."""


def closes(meaning: Meaning, heard: Heard, words: Words) -> bool:
    """Tell whether a text, as it was understood, ends a talk. words: of the language it was read in."""
    if meaning.intent not in _MEANT or not meaning.sure or meaning.flags or heard.has_contact:
        return False
    said = heard.evidence.tokens.words
    if not said or "?" in said or _SAD in heard.text:
        return False
    return Mark.NONE not in words.closings.mark(said)
