"""Understanding by word lists, rules and what was learnt from phrases: what a clinic runs.

Where no encoder is installed, the rules alone read.
"""

from dataclasses import dataclass

from bot.understanding.asides import with_asides
from bot.understanding.classifier import Classifier
from bot.understanding.port import Reading, Understander
from bot.understanding.rules import RuleUnderstander
from bot.understanding.weighing import Weighing
from flows.meaning import Meaning
from flows.vocabulary import Language


@dataclass(frozen=True, kw_only=True, slots=True)
class LearnedUnderstander:
    """Reads texts by rules and a classifier."""

    rules: RuleUnderstander
    classifier: Classifier

    @property
    def is_quick(self) -> bool:
        """Tell that encoding a sentence takes longer than the event loop may be held up."""
        return False

    def understand(self, text: str, reading: Reading) -> Meaning:
        """Return what a text means."""
        heard, written = self.rules.hear(text, reading)
        weighed = Weighing(heard=heard, odds=self.classifier.judge(heard), reading=reading).conclude()
        return with_asides(weighed, heard, written, self.rules.vocabularies[written.language])

    def courtesies(self, language: Language) -> frozenset[str]:
        """Return the courtesies of one word."""
        return self.rules.courtesies(language)


def load_understander() -> Understander:
    """Load the best this machine has the parts for. Raises WordsError and WeightsError."""
    rules, classifier = RuleUnderstander.load(), Classifier.load()
    return rules if classifier is None else LearnedUnderstander(rules=rules, classifier=classifier)
