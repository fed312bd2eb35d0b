"""What was asked, and the visit there is, decide how a short answer is read."""

import pytest

from flows.meaning import Expecting, Flag, Intent
from flows.vocabulary import Language
from tests.understanding.conftest import OFFERS, VISIT, Read


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("expecting", "yes", "no"),
    [
        (Expecting.CONFIRMATION, Intent.YES, Intent.NO),
        (Expecting.CHECK_IN, Intent.FEEDBACK_GOOD, Intent.FEEDBACK_BAD),
        (Expecting.NOTHING, Intent.YES, Intent.NO),
    ],
)
def test_yes_and_no_depend_on_the_question(
    language: Language, expecting: Expecting, yes: Intent, no: Intent, read: Read
) -> None:
    words = {
        Language.EN: ("yes", "no"),
        Language.FR: ("oui", "non"),
        Language.NL: ("ja", "nee"),
        Language.RU: ("да", "нет"),
    }
    said_yes, said_no = words[language]
    assert read(said_yes, language, expecting=expecting).intent is yes
    assert read(said_no, language, expecting=expecting).intent is no


def test_without_a_visit_i_cannot_come_refuses_the_offers(read: Read) -> None:
    assert read("I can't come on Monday", expecting=Expecting.SLOTS).intent is Intent.SLOT_CHOICE
    assert read("can't make it", expecting=Expecting.SLOTS).intent is Intent.NO


def test_with_a_visit_i_cannot_come_cancels_it(read: Read) -> None:
    assert read("can't make it on Thursday", visit=VISIT).intent is Intent.CANCEL


def test_with_a_visit_another_day_moves_it(read: Read) -> None:
    meaning = read("please cancel my appointment, Monday would be better", visit=VISIT)
    assert meaning.intent is Intent.RESCHEDULE
    assert meaning.times.dates is not None


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("I want to change my mobile number to +44 7700 900123", Language.EN),
        ("please change my email to a@example.com", Language.EN),
        ("je voudrais changer mon numéro de portable : +33 6 39 98 00 22", Language.FR),
        ("nummer veranderen", Language.NL),
        ("хочу изменить номер телефона на +7 900 000-00-22", Language.RU),
    ],
)
def test_with_a_visit_to_change_ones_number_is_not_to_move_it(words: str, language: Language, read: Read) -> None:
    assert read(words, language, visit=VISIT).intent is Intent.UPDATE_CONTACT


def test_with_a_visit_to_change_it_is_to_move_it_whatever_number_is_told(read: Read) -> None:
    words = "je voudrais changer mon rendez-vous, mon numéro est 06 39 98 00 22"
    assert read(words, Language.FR, visit=VISIT).intent is Intent.RESCHEDULE


def test_a_yes_that_names_the_visit_confirms_it(read: Read) -> None:
    meaning = read("yes, see you Thursday at 10", expecting=Expecting.CONFIRMATION, visit=VISIT)
    assert (meaning.intent, meaning.sure) == (Intent.YES, True)


def test_a_date_that_was_asked_for_is_when_to_write_again(read: Read) -> None:
    assert read("next week", expecting=Expecting.DATE).intent is Intent.LATER


TOOTHACHES = [
    ("my tooth hurts", Language.EN),
    ("j'ai mal aux dents", Language.FR),
    ("ik heb kiespijn", Language.NL),
    ("зуб болит", Language.RU),
]


@pytest.mark.parametrize(("text", "language"), TOOTHACHES)
def test_a_toothache_asks_for_the_soonest_time(text: str, language: Language, read: Read) -> None:
    for expecting in (Expecting.NOTHING, Expecting.SLOTS):
        meaning = read(text, language, expecting=expecting)
        assert (meaning.intent, meaning.sure) == (Intent.BOOK, True)


@pytest.mark.parametrize(("text", "language"), TOOTHACHES)
def test_a_toothache_is_no_yes_to_the_only_time_on_the_table(text: str, language: Language, read: Read) -> None:
    assert read(text, language, expecting=Expecting.SLOTS, offers=OFFERS[:1]).intent is Intent.FEEDBACK_BAD


@pytest.mark.parametrize(("text", "language"), TOOTHACHES)
def test_a_toothache_after_a_visit_is_for_a_person(text: str, language: Language, read: Read) -> None:
    meaning = read(text, language, expecting=Expecting.CHECK_IN)
    assert (meaning.intent, meaning.sure) == (Intent.FEEDBACK_BAD, True)


def test_a_wish_to_come_does_not_hide_pain_after_a_visit(read: Read) -> None:
    meaning = read("toothache again, please book me an appointment", expecting=Expecting.CHECK_IN)
    assert meaning.intent is Intent.FEEDBACK_BAD


def test_two_thoughts_that_contradict_are_not_sure(read: Read) -> None:
    meaning = read("I'd like to make an appointment. I go to another dentist now.")
    assert not meaning.sure
    assert Intent.BOOK in {meaning.intent, *meaning.alternatives}


def test_danger_comes_before_everything_else(read: Read) -> None:
    meaning = read("Stop writing, I want to talk to a person, my throat is swollen")
    assert (meaning.intent, meaning.sure) == (Intent.URGENT, True)
    assert Intent.STOP in meaning.alternatives


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("my face is not swollen", Language.EN),
        ("ma joue n'est pas gonflée", Language.FR),
        ("mijn wang is niet gezwollen", Language.NL),
        ("щека не опухла", Language.RU),
        ("swelling of the face? I had that as a child", Language.EN),
    ],
)
def test_a_denied_emergency_is_never_nothing(text: str, language: Language, read: Read) -> None:
    meaning = read(text, language)
    assert meaning.intent is not Intent.URGENT
    assert Flag.DENIED_URGENT in meaning.flags


def test_a_not_elsewhere_does_not_calm(read: Read) -> None:
    assert read("I am not joking, my face is swollen").intent is Intent.URGENT
    assert read("no fever, but my cheek is swollen").intent is Intent.URGENT


@pytest.mark.parametrize("text", ["My face is swolen", "bleedign that won't stop", "cant swalow at all"])
def test_a_typo_does_not_hide_danger(text: str, read: Read) -> None:
    assert read(text).intent is Intent.URGENT


def test_what_nobody_could_understand_is_not_sure(read: Read) -> None:
    for text in ("", "   ", "🤷", "...", "\u200b\u200b", "qzx wvut"):
        meaning = read(text)
        assert (meaning.intent, meaning.sure) == (Intent.OTHER, False)


def test_a_language_that_is_plainly_another_is_read_as_such(read: Read) -> None:
    assert read("ne m'écrivez plus jamais", Language.EN).intent is Intent.STOP
    assert read("пожалуйста больше не пишите", Language.NL).intent is Intent.STOP
    assert read("stop", Language.RU).intent is Intent.STOP
