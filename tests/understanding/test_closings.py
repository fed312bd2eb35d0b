"""What only ends a talk, in each language, and what looks like it and is more."""

import pytest

from flows.meaning import Expecting
from flows.vocabulary import Language
from tests.understanding.conftest import Read

EN, FR, NL, RU = Language.EN, Language.FR, Language.NL, Language.RU
CLOSE = {
    EN: (
        "thanks",
        "Thank you so much!",
        "ok",
        "OK, bye",
        "Okay thanks",
        "goodbye",
        "👍",
        "great, thanks 😊",
        "see you then",
    ),
    FR: ("merci", "Merci beaucoup !", "ok", "d'accord, merci", "au revoir", "Merci, bonne soirée", "👍🏽", "ok merci"),
    NL: ("bedankt", "dank u wel", "oké", "ok bedankt", "tot ziens", "fijne dag", "dankjewel, doei", "merci"),
    RU: ("спасибо", "Спасибо большое!", "ок", "хорошо, спасибо", "до свидания", "всего доброго", "понял, спасибо"),
}
DO_NOT = {
    EN: (
        "hi",
        "ok?",
        "thanks a lot for nothing",
        "no thanks",
        "thanks :(",
        "ok stop",
        "ok, 9",
        "yes",
        "thanks, Thursday",
        "",
    ),
    FR: (
        "bonjour",
        "salut",
        "merci ?",
        "non merci",
        "merci mais j'ai mal",
        "d'accord, à jeudi",
        "ok mais quand",
        "oui",
    ),
    NL: (
        "hallo",
        "dag",
        "oké?",
        "nee bedankt",
        "bedankt, maar het doet pijn",
        "oké, tot donderdag",
        "ok bel mij",
        "ja",
    ),
    RU: (
        "здравствуйте",
        "спасибо?",
        "нет, спасибо",
        "спасибо, но болит",
        "ок, в четверг",
        "спасибо(((",
        "не пока",
        "да",
    ),
}


@pytest.mark.parametrize(("language", "text"), [(each, text) for each, texts in CLOSE.items() for text in texts])
def test_thanks_an_ok_and_a_goodbye_close_a_talk(read: Read, language: Language, text: str) -> None:
    assert read(text, language).closes


@pytest.mark.parametrize(("language", "text"), [(each, text) for each, texts in DO_NOT.items() for text in texts])
def test_whatever_is_more_does_not(read: Read, language: Language, text: str) -> None:
    assert not read(text, language).closes


def test_what_answers_an_offer_is_no_goodbye(read: Read) -> None:
    assert not read("the first one, thanks", expecting=Expecting.SLOTS).closes


@pytest.mark.parametrize("language", Language)
def test_a_thank_you_of_another_language_is_one_too(read: Read, language: Language) -> None:
    assert all(read(text, language).closes for text in ("thank you very much", "merci beaucoup", "спасибо большое"))
