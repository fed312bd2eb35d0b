"""What a button says, in other words and nothing else: one's own visit, the way to the practice, that a visit stays."""

import pytest

from flows.meaning import Paraphrase
from flows.vocabulary import Language
from tests.understanding.conftest import Read

EN, FR, NL, RU = Language.EN, Language.FR, Language.NL, Language.RU
OWN_VISIT = {
    EN: (
        "when is my appointment?",
        "what time is my appointment",
        "hi, when was my appointment again?",
        "When's my next visit",
        "what day am I booked in for?",
        "what time do I have to be there",
        "do I have an appointment?",
        "is my appointment still on tomorrow?",
    ),
    FR: (
        "c'est quand mon rendez-vous ?",
        "mon rdv c'est à quelle heure ?",
        "bonjour, quel jour est mon rdv ?",
        "quand dois-je venir ?",
        "est-ce que j'ai un rendez-vous ?",
        "j'ai bien rdv demain ?",
    ),
    NL: (
        "wanneer is mijn afspraak?",
        "mijn afspraak is wanneer?",
        "wanneer was mijn afspraak ook alweer?",
        "hoe laat moet ik er zijn?",
        "heb ik al een afspraak staan?",
        "staat er een afspraak voor mij gepland?",
    ),
    RU: (
        "когда у меня приём?",
        "на когда я записан?",
        "во сколько мой приём",
        "на какое число я записан",
        "во сколько мне прийти?",
        "у меня есть запись?",
    ),
}
ANOTHER_VISIT = {
    EN: (
        "when is my appointment due?",
        "when was my last appointment?",
        "when is my appointment, I have to cancel it",
        "can I change my appointment to Monday?",
        "do I need an appointment?",
        "do you have an appointment on Monday?",
        "what time do you open",
        "when is my appointment? my face is swollen",
    ),
    FR: (
        "quand puis-je venir ?",
        "quand peut-on prendre rendez-vous ?",
        "puis-je déplacer mon rendez-vous ?",
        "c'était quand ma dernière visite ?",
        "vous avez un rendez-vous lundi ?",
        "j'ai un rdv demain mais je ne peux pas",
    ),
    NL: (
        "wanneer kan ik komen?",
        "wanneer kan ik een afspraak maken",
        "kan ik mijn afspraak verzetten?",
        "wanneer was mijn laatste controle?",
        "heb ik een afspraak nodig?",
        "hebben jullie maandag een afspraak?",
    ),
    RU: (
        "когда можно записаться на приём?",
        "можно перенести мой приём?",
        "когда был мой последний приём?",
        "когда у вас приём?",
        "у вас есть запись на понедельник?",
        "я записан на завтра, но не смогу",
    ),
}

WHERE = {
    EN: (
        "Where are you?",
        "What is the address?",
        "how do I get there?",
        "hi, where are you based exactly?",
        "address please?",
    ),
    FR: (
        "Où êtes-vous ?",
        "quelle est l'adresse ?",
        "vous êtes où ?",
        "où est le cabinet ?",
        "comment venir chez vous ?",
    ),
    NL: (
        "Waar zijn jullie?",
        "wat is het adres?",
        "waar zit de praktijk?",
        "waar moet ik zijn?",
        "hoe kom ik bij jullie?",
    ),
    RU: ("Где вы находитесь?", "какой адрес?", "подскажите адрес", "как к вам добраться?", "адрес клиники"),
}
NOT_WHERE = {
    EN: ("my address has changed", "what's my email address", "where does it hurt", "where are you from"),
    FR: ("mon adresse a changé", "où en est mon dossier", "où avez-vous eu mon numéro ?"),
    NL: ("mijn adres is veranderd", "waar is mijn factuur", "waarom krijg ik dit"),
    RU: ("мой адрес изменился", "где мои снимки", "откуда у вас мой номер"),
}
KEEP = {
    EN: ("keep it", "never mind, keep it as it is", "leave it as it is", "don't change it"),
    FR: ("laissez comme ça finalement", "je garde mon rendez-vous", "ne changez rien", "laissez tomber"),
    NL: ("laat de afspraak staan", "laat maar zo", "laat maar", "hou de afspraak maar"),
    RU: ("оставьте как есть", "пусть будет так", "не надо переносить", "ничего не меняйте"),
}
NOT_KEEP = {
    EN: (
        "leave me alone",
        "I can't keep it",
        "stop, keep it",
        "don't cancel it, just put it back a week",
        "keep it on Friday",
    ),
    FR: ("laissez-moi tranquille", "je ne peux pas garder ce rdv", "ne m'écrivez plus, laissez tomber les messages"),
    NL: ("laat me met rust", "hoe laat is het", "nee, laat die afspraak maar vallen", "laat het me weten"),
    RU: (
        "оставьте меня в покое",
        "оставьте как есть и больше не пишите",
        "оставьте как есть, отстаньте",
        "не пишите",
    ),
}


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language in OWN_VISIT for text in OWN_VISIT[language]]
)
def test_who_asks_for_nothing_but_their_own_visit_is_heard(read: Read, language: Language, text: str) -> None:
    assert read(text, language).paraphrase is Paraphrase.OWN_VISIT


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language in ANOTHER_VISIT for text in ANOTHER_VISIT[language]]
)
def test_who_asks_for_another_visit_or_for_more_does_not_ask_for_their_own(
    read: Read, language: Language, text: str
) -> None:
    assert read(text, language).paraphrase is not Paraphrase.OWN_VISIT


PARAPHRASES = ((Paraphrase.WHERE, WHERE, NOT_WHERE), (Paraphrase.KEEP_VISIT, KEEP, NOT_KEEP))


@pytest.mark.parametrize(
    ("meant", "language", "text"),
    [(meant, each, text) for meant, said, _ in PARAPHRASES for each, texts in said.items() for text in texts],
)
def test_who_says_a_button_in_other_words_is_heard(
    read: Read, meant: Paraphrase, language: Language, text: str
) -> None:
    assert read(text, language).paraphrase is meant


@pytest.mark.parametrize(
    ("other", "language", "text"),
    [(other, each, text) for other, _, said in PARAPHRASES for each, texts in said.items() for text in texts],
)
def test_what_only_sounds_like_a_button_is_not_taken_for_it(
    read: Read, other: Paraphrase, language: Language, text: str
) -> None:
    assert read(text, language).paraphrase is not other
