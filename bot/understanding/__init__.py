"""Understanding: what a text means, in any of the languages, by word lists, rules and what was learnt from phrases.

No text leaves the machine, and nothing here reads or writes once the words are loaded.
"""

from bot.understanding.buttons import typed_button
from bot.understanding.learned import load_understander
from bot.understanding.port import Reading, Understander
from bot.understanding.rules import RuleUnderstander
from bot.understanding.word_file import WordsError
from bot.understanding.words import Words, load_words

__all__ = [
    "Reading",
    "RuleUnderstander",
    "Understander",
    "Words",
    "WordsError",
    "load_understander",
    "load_words",
    "typed_button",
]
