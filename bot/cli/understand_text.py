"""What decided how a text was read, as `recare understand --explain` prints it."""

from collections.abc import Iterator

from bot.cli.charts import Style, bar
from bot.understanding.explaining import Explanation
from bot.understanding.words import Strength
from flows.meaning import Meaning

_COLUMN = 14
_BAR = 20
_DRAWN = 0.01
_LONGEST = 140


def explained(explanation: Explanation, meaning: Meaning) -> str:
    """Tell what decided, and what a text says beside its intent; indented, with an empty line at the end."""
    return "\n".join(f"  {line}" for line in (*_told(explanation), *_beside(meaning))) + "\n"


def _beside(meaning: Meaning) -> Iterator[str]:
    if meaning.speak is not None:
        yield f"{'wants language':<{_COLUMN}} {meaning.speak.value}"
    if meaning.contact is not None:
        yield f"{'speaks of':<{_COLUMN}} {meaning.contact.value}"
    if meaning.paraphrase is not None:
        yield f"{'says like':<{_COLUMN}} {meaning.paraphrase.value}"


def _told(explanation: Explanation) -> Iterator[str]:
    doubt = "" if explanation.plainly else ", not plainly"
    yield f"{'language':<{_COLUMN}} {explanation.language.value}{doubt}"
    yield f"{'meant':<{_COLUMN}} {_shortened(explanation.meant)}"
    yield f"{'encoders':<{_COLUMN}} {' + '.join(explanation.encoders) or 'none: the word lists alone decide'}"
    yield f"{'word lists':<{_COLUMN}} {'' if explanation.rules else 'nothing fits'}".rstrip()
    for language, rule in explanation.rules:
        strength = " (hint)" if rule.strength is Strength.HINT else ""
        yield f"  {language.value} {rule.target.value}{strength}: {_shortened(rule.line)}"
    if explanation.likelihoods:
        yield f"{'likelihood':<{_COLUMN}}   text   with circumstances"
    for each in explanation.likelihoods:
        drawn = bar(each.after, 1, Style.PLAIN, width=_BAR) if each.after >= _DRAWN else ""
        yield f"  {each.intent.value:<{_COLUMN}} {each.before:5.1%}  {each.after:5.1%} {drawn}".rstrip()


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
