"""A message plainly in another language: answered, and the language offered beside it, once."""

import pytest

from flows.dialogs.language import LANGUAGES
from flows.dialogs.states import ForWhomAsked, Idle, Invited, Offered
from flows.engine import requests
from flows.engine.choices import Choice
from flows.engine.events import ChoicePressed, TextUnderstood
from flows.engine.state import Chat
from flows.meaning import Flag, Intent
from flows.messages import answers, language, safety, times
from flows.vocabulary import Language, Owner
from tests.flows.beginnings import offered_one
from tests.flows.house import ANNA, BEN, FREE, House, understood

OTHERS = [each for each in Language if each is not Language.EN]


def french(intent: Intent, *flags: Flag) -> TextUnderstood:
    return understood(intent, flags=frozenset(flags), language=Language.FR)


def offered(house: House) -> list[Language]:
    return [reply.offer.language for reply in house.said if reply.offer is not None]


@pytest.mark.parametrize("other", OTHERS)
def test_what_was_written_is_done_and_its_language_offered_below(other: Language) -> None:
    house = House(free=FREE)
    assert house.hears(understood(Intent.BOOK, language=other)) == [times.TwoTimes]
    assert isinstance(house.stands_at(), Offered)
    assert offered(house) == [other]
    assert [button.choice for button in house.said[-1].shown[-2:]] == [Choice.LANGUAGE, Choice.KEEP_LANGUAGE]


@pytest.mark.parametrize("other", [Language.EN, None])
def test_nothing_is_offered_to_whoever_writes_as_they_are_written_to_or_nobody_can_tell(other: Language | None) -> None:
    house = House()
    house.hears(understood(Intent.BOOK, language=other))
    assert offered(house) == []


@pytest.mark.parametrize("other", OTHERS)
def test_whoever_says_yes_is_asked_the_open_question_again_in_that_language(other: Language) -> None:
    house = House()
    house.hears(understood(Intent.BOOK, language=other))
    assert house.presses(Choice.LANGUAGE, LANGUAGES.index(other)) == [language.LanguageChanged, times.WhichOfTwo]
    assert house.language is other
    assert requests.ChooseLanguage(language=other) in house.asked_for
    assert isinstance(house.stands_at(), Offered)
    house.hears(understood(Intent.CHITCHAT, language=other))
    assert offered(house) == []


def test_the_language_one_has_is_kept_when_it_is_chosen() -> None:
    house = House()
    house.hears(understood(Intent.BOOK))
    same = ChoicePressed(choice=Choice.LANGUAGE, argument=LANGUAGES.index(Language.EN), asked=house.chat.asked)
    assert house.hears(same) == [language.LanguageKept, times.WhichOfTwo]
    assert not house.did(requests.ChooseLanguage)


def test_the_times_shown_before_the_language_changed_can_still_be_taken() -> None:
    house = House()
    house.hears(french(Intent.BOOK))
    before = house.chat.asked
    house.presses(Choice.LANGUAGE, LANGUAGES.index(Language.FR))
    house.hears(ChoicePressed(choice=Choice.SLOT, argument=0, asked=before))
    assert house.visit is not None


def test_whoever_says_no_is_not_asked_again() -> None:
    house = House()
    house.hears(french(Intent.BOOK))
    assert house.presses(Choice.KEEP_LANGUAGE) == [language.LanguageKept, times.WhichOfTwo]
    assert house.language is Language.EN
    house.hears(french(Intent.CHITCHAT))
    assert offered(house) == []


def test_whoever_does_not_answer_is_not_asked_again_whatever_happens_in_between() -> None:
    house = House()
    house.hears(french(Intent.CHITCHAT))
    assert offered(house) == [Language.FR]
    for intent in (Intent.BOOK, Intent.STOP, Intent.CHITCHAT, Intent.HUMAN, Intent.PRICE_QUESTION):
        house.hears(french(intent))
        assert offered(house) == []


def test_an_offer_that_was_left_can_be_taken_up_later() -> None:
    house = House()
    house.hears(french(Intent.CHITCHAT))
    old = house.chat.asked
    house.writes(Intent.BOOK)
    house.hears(ChoicePressed(choice=Choice.LANGUAGE, argument=LANGUAGES.index(Language.FR), asked=old))
    assert house.language is Language.FR


def test_each_language_is_offered_by_itself_and_the_first_again_after_a_change() -> None:
    house = House()
    house.hears(french(Intent.CHITCHAT))
    house.hears(understood(Intent.CHITCHAT, language=Language.RU))
    assert offered(house) == [Language.RU]
    house.presses(Choice.LANGUAGE, LANGUAGES.index(Language.RU))
    house.hears(understood(Intent.CHITCHAT, language=Language.EN))
    assert offered(house) == [Language.EN]
    house.hears(french(Intent.CHITCHAT))
    assert offered(house) == [Language.FR]


@pytest.mark.parametrize(
    "event",
    [
        french(Intent.URGENT),
        french(Intent.BOOK, Flag.DENIED_URGENT),
        french(Intent.CHITCHAT, Flag.CRISIS),
        french(Intent.OTHER, Flag.LEGAL),
        french(Intent.DECEASED),
        french(Intent.WRONG_PERSON),
        french(Intent.STOP),
        french(Intent.CANCEL),
        french(Intent.ERASE),
        french(Intent.COMPLAINT),
    ],
)
def test_nothing_is_offered_where_it_would_be_out_of_place(event: TextUnderstood) -> None:
    house = offered_one()
    house.hears(event)
    assert offered(house) == []
    assert house.chat.offered == frozenset()


def test_nothing_is_offered_while_something_is_frozen() -> None:
    house = offered_one()
    house.writes(Intent.COMPLAINT)
    assert house.hears(french(Intent.CHITCHAT)) == [answers.Pleasantry]
    assert offered(house) == []


def test_nothing_is_offered_while_staff_speak() -> None:
    house = offered_one(owner=Owner.STAFF)
    assert house.hears(french(Intent.BOOK)) == []
    assert house.chat.offered == frozenset()


def test_nothing_is_offered_before_it_is_said_for_whom() -> None:
    house = House(family=(ANNA, BEN), chat=Chat(state=ForWhomAsked(people=(ANNA, BEN))))
    house.hears(french(Intent.BOOK))
    assert offered(house) == []


def test_somebody_nobody_knows_yet_is_offered_it_too() -> None:
    house = House(known=False)
    house.hears(french(Intent.BOOK))
    assert offered(house) == [Language.FR]
    assert house.presses(Choice.LANGUAGE, LANGUAGES.index(Language.FR))[0] is language.LanguageChanged


def test_a_language_of_no_button_of_ours_changes_nothing() -> None:
    house = offered_one()
    assert house.hears(ChoicePressed(choice=Choice.LANGUAGE, argument=9, asked=0)) == [times.WouldSuit]
    assert isinstance(house.stands_at(), Invited)
    assert house.language is Language.EN


def test_danger_after_an_offer_is_danger() -> None:
    house = House()
    house.hears(french(Intent.CHITCHAT))
    assert house.stands_at() == Idle()
    assert house.hears(french(Intent.URGENT)) == [safety.Emergency]


def test_every_language_keeps_its_place_on_the_button() -> None:
    assert LANGUAGES[:4] == (Language.EN, Language.FR, Language.NL, Language.RU)
