"""Contact details and settings, as patients change them themselves."""

import pytest

from flows.dialogs.contact_in_text import FoundContact, contact_in, looks_like_an_attempt
from flows.dialogs.states import ContactReadBack, ContactValueAsked, DetailAsked, Idle, SettingsOpen, WaitingForStaff
from flows.engine import requests
from flows.engine.choices import Choice
from flows.engine.context import ClinicFacts
from flows.engine.events import ChatOpened, ChoicePressed, Proof
from flows.meaning import Intent
from flows.messages import buttons as label
from flows.messages import contact, later, settings, stop, times
from flows.vocabulary import ContactKind, Purpose, TicketReason
from tests.flows.house import House, puzzling, understood

MOBILE, EMAIL = ContactKind.MOBILE, ContactKind.EMAIL


@pytest.mark.parametrize(
    ("text", "kind", "raw"),
    [
        ("my new number is 06 12 34 56 78, thanks", MOBILE, "06 12 34 56 78"),
        ("+44 7700 900123", MOBILE, "+44 7700 900123"),
        ("call me on (020) 7946-0018 please", MOBILE, "(020) 7946-0018"),
        ("8 (999) 000-00-01", MOBILE, "8 (999) 000-00-01"),
        ("write to anna.example@example.com.", EMAIL, "anna.example@example.com"),
        ("<a+b@mail.example.org> or 06 12 34 56 78", EMAIL, "a+b@mail.example.org"),
    ],
)
def test_a_number_or_address_is_found_in_what_was_written(text: str, kind: ContactKind, raw: str) -> None:
    assert contact_in(text) == FoundContact(kind=kind, raw=raw)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no",
        "on 24.11.2025 at 9:30",
        "24/11/25 or 25/11/25",
        "at 10 or 11",
        "half past 12",
        "case 1234 5678",
        "someone@home",
        "a@b",
    ],
)
def test_days_and_times_are_no_numbers_and_half_an_address_is_none(text: str) -> None:
    assert contact_in(text) is None


def test_an_attempt_is_told_from_other_words() -> None:
    assert looks_like_an_attempt("anna at@home")
    assert looks_like_an_attempt("06 123")
    assert not looks_like_an_attempt("I would rather come on the 24th")


def ask_for(house: House, kind: int) -> House:
    house.hears(ChatOpened())
    assert house.presses(Choice.MY_DETAILS) == [contact.WhichDetail]
    house.presses(Choice.FIELD, kind)
    return house


def test_a_number_is_asked_for_read_back_and_stored_when_confirmed() -> None:
    house = ask_for(House(), 0)
    assert house.stands_at() == ContactValueAsked(kind=MOBILE)
    assert house.writes(Intent.OTHER, "06 12 34 56 78") == [contact.ReadBackMobile]
    assert not house.did(requests.ChangeContact)
    assert house.presses(Choice.CORRECT) == [contact.MobileChanged]
    assert house.asked_for == [requests.ChangeContact(kind=MOBILE, value="06 12 34 56 78")]
    assert house.stands_at() == Idle()


def test_an_address_is_asked_for_and_confirmed_with_a_yes() -> None:
    house = ask_for(House(), 1)
    assert type(house.said[0].text) is contact.AskEmail
    assert house.hears(puzzling(text="anna@example.com")) == [contact.ReadBackEmail]
    assert house.writes(Intent.YES) == [contact.EmailChanged]


def test_a_mailbox_that_is_sent_a_link_is_told_to_whoever_named_it() -> None:
    house = ask_for(House(proof=Proof.MAILED), 1)
    house.hears(puzzling(text="anna@example.com"))
    assert house.presses(Choice.CORRECT) == [contact.EmailToProve]
    assert house.stands_at() == Idle()


def test_a_message_that_holds_the_number_is_read_at_once() -> None:
    house = House()
    assert house.writes(Intent.UPDATE_CONTACT, "my new number is 06 12 34 56 78") == [contact.ReadBackMobile]
    assert house.writes(Intent.UPDATE_CONTACT, "my details have changed") == [contact.AskMobile]
    assert house.writes(Intent.OTHER, "06 12 34 56 79") == [contact.ReadBackMobile]
    assert house.writes(Intent.OTHER, "sorry, 06 12 34 56 70") == [contact.ReadBackMobile]
    assert house.stands_at() == ContactReadBack(kind=MOBILE, value="06 12 34 56 70", shown="06 12 34 56 70")


def test_an_address_written_where_a_number_was_asked_for_is_taken_for_what_it_is() -> None:
    house = ask_for(House(), 0)
    assert house.writes(Intent.OTHER, "anna@example.com") == [contact.ReadBackEmail]


def test_what_is_no_number_is_asked_again_with_an_example_then_by_a_person() -> None:
    house = ask_for(House(), 0)
    assert house.hears(puzzling(text="0612 34")) == [contact.AskMobileAgain]
    assert house.hears(puzzling(text="it is in your files")) == [contact.PersonTakesDetail]
    assert house.tickets() == [TicketReason.QUESTION]
    assert isinstance(house.stands_at(), WaitingForStaff)


def test_other_words_are_asked_again_too_and_a_clear_wish_leaves_the_question() -> None:
    house = ask_for(House(), 1)
    assert house.hears(puzzling(text="what?")) == [contact.AskEmailAgain]
    assert house.writes(Intent.BOOK, "I would like a visit") == [times.TwoTimes]


def test_a_detail_read_back_wrong_is_asked_anew() -> None:
    house = House()
    house.writes(Intent.UPDATE_CONTACT, "anna@example.com")
    assert house.presses(Choice.WRONG) == [contact.AskEmail]
    house.writes(Intent.OTHER, "anna@example.org")
    assert house.writes(Intent.NO) == [contact.AskEmail]


def test_a_field_that_no_button_has_is_asked_back() -> None:
    house = ask_for(House(), 0)
    house.hears(ChoicePressed(choice=Choice.MY_DETAILS, argument=0, asked=0))
    assert house.hears(ChoicePressed(choice=Choice.FIELD, argument=5, asked=house.chat.asked)) == [contact.WhichDetail]


def test_settings_show_each_purpose_and_a_press_switches_it() -> None:
    house = House()
    house.hears(ChatOpened())
    assert house.presses(Choice.SETTINGS) == [settings.SettingsShown]
    labels = [type(button.label) for button in house.said[0].buttons[:2]]
    assert labels == [label.ButtonRecallOn, label.ButtonPostvisitOff]
    house.presses(Choice.SWITCH, 1)
    by_notice = requests.Asked.WITH_NOTICE
    assert house.asked_for == [requests.RecordConsent(permitted=frozenset({Purpose.POSTVISIT}), asked=by_notice)]
    house.presses(Choice.SWITCH, 0)
    assert house.asked_for == [requests.RecordConsent(refused=frozenset({Purpose.RECALL}), asked=by_notice)]
    labels = [type(button.label) for button in house.said[0].buttons[:2]]
    assert labels == [label.ButtonRecallOff, label.ButtonPostvisitOn]
    assert house.stands_at() == SettingsOpen(permitted=frozenset({Purpose.POSTVISIT}))
    assert house.presses(Choice.DONE) == [settings.SettingsDone]


def test_a_switch_the_clinic_does_not_show_switches_nothing() -> None:
    house = House(clinic=ClinicFacts(asks_for=frozenset({Purpose.RECALL})))
    house.hears(ChatOpened())
    house.presses(Choice.SETTINGS)
    for argument in (1, 9):
        press = ChoicePressed(choice=Choice.SWITCH, argument=argument, asked=house.chat.asked)
        assert house.hears(press) == [settings.SettingsShown]
        assert house.asked_for == []


def test_a_switch_pressed_twice_switches_once() -> None:
    house = House()
    house.hears(ChatOpened())
    house.presses(Choice.SETTINGS)
    house.presses(Choice.SWITCH, 0)
    house.presses_old(Choice.SWITCH, 0)
    assert house.asked_for == []
    assert house.permitted == frozenset()


def test_the_settings_lead_to_a_pause_or_a_stop() -> None:
    house = House()
    house.hears(ChatOpened())
    house.presses(Choice.SETTINGS)
    assert house.presses(Choice.PAUSE) == [later.WhenAgain]
    house.hears(ChoicePressed(choice=Choice.SETTINGS, argument=0, asked=0))
    assert house.presses(Choice.STOP) == [stop.Stopped]


def test_a_typed_wish_to_change_leaves_the_settings_open() -> None:
    house = House()
    house.hears(ChatOpened())
    house.presses(Choice.SETTINGS)
    assert house.hears(understood(Intent.NO)) == [settings.SettingsDone]


@pytest.mark.parametrize("kind", ContactKind)
def test_the_detail_that_is_named_is_asked_for(kind: ContactKind) -> None:
    house = House()
    house.hears(understood(Intent.UPDATE_CONTACT, contact=kind))
    assert house.stands_at() == ContactValueAsked(kind=kind)


def test_where_none_is_named_it_is_asked_which() -> None:
    house = House()
    house.hears(understood(Intent.UPDATE_CONTACT, text="my details have changed"))
    assert house.stands_at() == DetailAsked()


def test_words_that_correct_what_was_read_back_lead_to_the_same_detail() -> None:
    house = House()
    house.hears(understood(Intent.UPDATE_CONTACT, text="anna@gmial.example.com"))
    assert isinstance(house.stands_at(), ContactReadBack)
    house.hears(understood(Intent.UPDATE_CONTACT, text="no its gmail not gmial"))
    assert house.stands_at() == ContactValueAsked(kind=EMAIL)


def test_words_about_another_detail_than_was_read_back_lead_to_that() -> None:
    house = House()
    house.hears(understood(Intent.UPDATE_CONTACT, text="anna@example.com"))
    house.hears(understood(Intent.UPDATE_CONTACT, text="and I have a new phone", contact=MOBILE))
    assert house.stands_at() == ContactValueAsked(kind=MOBILE)


def test_a_slip_in_an_address_is_asked_about_as_an_address() -> None:
    assert House().writes(Intent.UPDATE_CONTACT, "it is now anna@example,com") == [contact.AskEmailAgain]
