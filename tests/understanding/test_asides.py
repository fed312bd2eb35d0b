"""What a text says beside its intent: the contact detail it names, the language it asks for, pain that is long past."""

import pytest

from flows.meaning import Flag, Intent
from flows.vocabulary import ContactKind, Language
from tests.understanding.conftest import Read

EN, FR, NL, RU = Language.EN, Language.FR, Language.NL, Language.RU
EMAIL, MOBILE = ContactKind.EMAIL, ContactKind.MOBILE

DETAILS = {
    (EN, "I have a new e-mail address"): EMAIL,
    (EN, "my email's changed, anna.modelgmail.com"): EMAIL,
    (EN, "got a new phone"): MOBILE,
    (EN, "I have a new number"): MOBILE,
    (EN, "my phone and my e-mail"): None,
    (EN, "my details have changed"): None,
    (FR, "mon adresse mail a changé"): EMAIL,
    (FR, "j'ai un nouveau portable"): MOBILE,
    (FR, "j'ai changé de num"): MOBILE,
    (NL, "ik heb een nieuw mailadres"): EMAIL,
    (NL, "mijn gsm is veranderd"): MOBILE,
    (NL, "mijn gsm-nummer klopt niet meer"): MOBILE,
    (RU, "у меня другая почта"): EMAIL,
    (RU, "сменился телефон"): MOBILE,
    (RU, "номер поменялся, и почта тоже"): None,
}

ASKED = {
    (EN, "can we do this in English"): EN,
    (FR, "can we do this in English"): EN,
    (EN, "in french please"): FR,
    (EN, "I don't speak Dutch, English please"): EN,
    (NL, "je préfère parler français"): FR,
    (FR, "je préfère parler français"): FR,
    (NL, "peut-on continuer en français ?"): FR,
    (NL, "je ne comprends pas le néerlandais"): FR,
    (FR, "liever Nederlands"): NL,
    (NL, "kan het in het Frans?"): FR,
    (FR, "ik spreek geen Frans, Nederlands aub"): NL,
    (EN, "можно по-русски?"): RU,
    (NL, "давайте на русском"): RU,
    (RU, "можно на английском?"): EN,
    (FR, "я не говорю по-французски"): RU,
}

NOT_ASKED = (
    (EN, "do you speak French?"),
    (EN, "can I talk to someone in English"),
    (EN, "do you have the leaflet in English"),
    (EN, "my English teacher sent me"),
    (EN, "in English please, and leave me alone, no more messages"),
    (EN, "Tuesday at 10, in English please"),
    (FR, "vous parlez anglais ?"),
    (FR, "y a-t-il quelqu'un qui parle français"),
    (NL, "spreekt de tandarts Engels?"),
    (RU, "врач говорит по-английски?"),
)

PAST_PAIN = (
    (EN, "your dentist hurt me so badly last year, unbearable pain for days, what a butcher"),
    (FR, "votre dentiste m'a fait atrocement mal la dernière fois, une douleur insupportable, c'est scandaleux"),
    (NL, "jullie tandarts heeft me vorige keer ongelooflijk veel pijn gedaan, schandalig"),
    (RU, "ваш врач в прошлом году сделал мне адски больно, безобразие"),
)


def test_the_contact_detail_that_is_named_is_told(read: Read) -> None:
    assert {case: read(case[1], case[0]).contact for case in DETAILS} == DETAILS


def test_the_language_that_is_asked_for_is_told(read: Read) -> None:
    assert {case: read(case[1], case[0]).speak for case in ASKED} == ASKED


def test_a_question_about_languages_asks_for_none(read: Read) -> None:
    assert [case for case in NOT_ASKED if read(case[1], case[0]).speak] == []


@pytest.mark.parametrize(("language", "text"), PAST_PAIN)
def test_blame_for_pain_that_is_past_is_no_emergency_denied(language: Language, text: str, read: Read) -> None:
    meaning = read(text, language)
    assert meaning.intent is Intent.COMPLAINT
    assert Flag.DENIED_URGENT not in meaning.flags


def test_swelling_or_bleeding_beside_the_blame_is_one(read: Read) -> None:
    for text in (
        "your dentist hurt me badly last month, unbearable pain, and my cheek is swollen, what a butcher",
        "unbearable pain and bleeding that would not stop last time, you butchered me",
    ):
        meaning = read(text)
        assert meaning.intent is Intent.URGENT or Flag.DENIED_URGENT in meaning.flags
