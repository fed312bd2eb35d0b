"""The words lists use for yes and no, sex, language and status.

A word that is not in these tables is not guessed at.
"""

from enum import Enum

from flows.vocabulary import Language, PatientStatus, Sex


class Consent(Enum):
    """What a list says about being contacted for a recall. A blank cell is UNSAID, and gives no right."""

    YES = "yes"
    NO = "no"
    UNSAID = "unsaid"


CONSENT: dict[str, Consent] = {
    **dict.fromkeys(("yes", "y", "true", "1", "given", "granted", "oui", "ja", "да"), Consent.YES),
    **dict.fromkeys(
        (
            "no",
            "n",
            "false",
            "0",
            "refused",
            "withdrawn",
            "denied",
            "opt out",
            "opted out",
            "stop",
            "non",
            "nee",
            "нет",
        ),
        Consent.NO,
    ),
    **dict.fromkeys(("", "unknown", "?", "-", "not asked"), Consent.UNSAID),
}

SEXES: dict[str, Sex] = {
    **dict.fromkeys(("f", "female", "woman", "femme", "v", "vrouw", "ж", "жен", "женский"), Sex.FEMALE),
    **dict.fromkeys(("m", "male", "man", "homme", "м", "муж", "мужской"), Sex.MALE),
    **dict.fromkeys(("", "x", "u", "unknown", "other", "?", "-"), Sex.UNKNOWN),
}

LANGUAGES: dict[str, Language] = {
    **dict.fromkeys(("en", "eng", "english", "anglais", "engels"), Language.EN),
    **dict.fromkeys(("fr", "fra", "fre", "french", "français", "francais", "frans"), Language.FR),
    **dict.fromkeys(("nl", "nld", "dut", "dutch", "flemish", "nederlands", "néerlandais", "vlaams"), Language.NL),
    **dict.fromkeys(("ru", "rus", "russian", "russe", "russisch", "русский"), Language.RU),
}

STATUSES: dict[str, PatientStatus] = {
    **dict.fromkeys(("", "active", "current", "a"), PatientStatus.ACTIVE),
    **dict.fromkeys(("moved", "moved away"), PatientStatus.MOVED),
    **dict.fromkeys(("deceased", "died", "dead", "late", "†", "+"), PatientStatus.DECEASED),
    **dict.fromkeys(("left", "gone", "other dentist", "transferred", "former"), PatientStatus.LEFT),
    **dict.fromkeys(
        ("do not contact", "dont contact", "don't contact", "no contact", "never contact", "blocked"),
        PatientStatus.DO_NOT_CONTACT,
    ),
}

NO_CONCERN = frozenset({"", "no", "none", "nothing", "-", "n/a", "na", "0", "false"})


def plain_word(text: str) -> str:
    """Reduce a cell to what is compared: lower case, words parted by one space."""
    return " ".join(text.casefold().replace("_", " ").replace("\u2019", "'").split())
