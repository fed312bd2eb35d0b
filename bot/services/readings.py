"""What was understood of a text, kept beside it under the patient's key, and read again for staff."""

from collections.abc import Mapping

from bot.services.reading_views import Understood
from flows.meaning import Intent, Meaning
from flows.vocabulary import Language
from storage.records.talks import TranscriptLine
from storage.sealing import Json

KEPT_OTHERS = 3


def plain(meaning: Meaning) -> dict[str, Json]:
    """What is kept of a meaning, as JSON data."""
    kept: dict[str, Json] = {
        "intent": meaning.intent.value,
        "sure": meaning.sure,
        "others": [intent.value for intent in meaning.alternatives[:KEPT_OTHERS]],
        "language": meaning.language.value if meaning.language else None,
    }
    return kept | {"closes": True} if meaning.closes else kept


def closes(line: TranscriptLine) -> bool:
    """Whether a line was understood to be nothing but thanks, an "ok" or a goodbye."""
    kept = line.body.get("understood")
    return isinstance(kept, Mapping) and kept.get("closes") is True


def understood_of(line: TranscriptLine) -> Understood | None:
    """What was understood of a line; None for what no understander read, as a press."""
    kept = line.body.get("understood")
    if isinstance(kept, Mapping):
        try:
            return _read(kept)
        except ValueError:
            # Of a version that knew other meanings: the line is shown all the same.
            return None
    return Understood(intent=line.intent, sure=True) if line.intent else None


def _read(kept: Mapping[str, Json]) -> Understood:
    others, language = kept.get("others"), kept.get("language")
    return Understood(
        intent=Intent(str(kept.get("intent"))),
        sure=kept.get("sure") is True,
        others=tuple(Intent(str(each)) for each in others) if isinstance(others, list) else (),
        language=Language(str(language)) if language else None,
    )
