"""Checks that messages and labels stay short when they are filled with ordinary values."""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from bot.wording.catalogue import Catalogue
from bot.wording.declared import Declared
from bot.wording.facts import ClinicVoice, OwnWords, Reader
from bot.wording.findings import Weight
from bot.wording.speech import LevelError, Wording
from flows.messages.text import Parameter, Text, every_text
from flows.vocabulary import Language, Sex

MESSAGE = 350
LONGEST_MESSAGE = 500
LABEL = 24
LABELS = "button."

NOW = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
CLINIC = ClinicVoice(
    name="Tandartspraktijk De Linde",
    phone="+32 9 555 01 00",
    address="Lindestraat 12, 9000 Gent",
    emergency="112",
    out_of_hours="+32 9 555 01 99",
    crisis_line="0800 555 01",
    zone=ZoneInfo("Europe/Brussels"),
    says=dict.fromkeys(Language, OwnWords(fees="x" * 60, payment="x" * 60, fear="x" * 90, bring="x" * 60)),
)
READER = Reader(
    sex=Sex.FEMALE,
    first_name="Alexandra",
    last_name="Vandenberghe",
    patronymic="Константиновна",
    dentist="Dr Vermeulen",
    last_visit_on=date(2025, 9, 3),
)
ORDINARY: Mapping[str, Parameter] = {"words": "alexandra.peeters@example.com", "number": 10}
ON_LABELS: Mapping[str, Parameter] = {"words": "Alexandra V.", "number": 10}
"""What is written on a button is a name, never an address."""
ORDINARY_INSTANT = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
INSTANTS = tuple(
    datetime(year, month, day, 15, 45, tzinfo=UTC)
    for year in (2026, 2027)
    for month in range(1, 13)
    for day in range(22, 29)
)
"""Every weekday of every month, this year and the next: what labels must have room for."""


def too_long(entry: Declared, language: Language, catalogue: Catalogue) -> Iterator[tuple[Weight, str]]:
    """Tell whether a message or label is too long when filled; texts of pages have no limit."""
    key, level = entry.place
    if level is None:
        return
    longest = max(len(text) for text in _said(entry, level, language, catalogue))
    if key.startswith(LABELS):
        if longest > LABEL:
            yield Weight.ERROR, f"a label of {longest} characters, at most {LABEL}"
    elif longest > LONGEST_MESSAGE:
        yield Weight.ERROR, f"a message of {longest} characters, at most {LONGEST_MESSAGE}"
    elif longest > MESSAGE:
        yield Weight.WARNING, f"a message of {longest} characters, about {MESSAGE} is enough"


def _said(entry: Declared, level: int, language: Language, catalogue: Catalogue) -> Iterator[str]:
    wording = Wording(catalogue=catalogue, clinic=CLINIC)
    for text in _examples(entry):
        try:
            yield wording.word(text, language=language, level_limit=level, reader=READER, now=NOW).text
        except LevelError:
            yield ""


def _examples(entry: Declared) -> Iterator[Text]:
    make: type[Text] = next(text for text in every_text() if text.key == entry.place[0])
    label = entry.place[0].startswith(LABELS)
    wide = label and {"day", "instant"} & set(entry.parameters.values())
    moments = INSTANTS if wide else (ORDINARY_INSTANT,)
    for moment in moments:
        kinds: Mapping[str, Parameter] = {**(ON_LABELS if label else ORDINARY), "instant": moment, "day": moment.date()}
        yield make(**{name: kinds[kind] for name, kind in entry.parameters.items()})
