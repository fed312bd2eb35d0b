"""Every text of ours says what we tell the gate it says: in each language, at each level."""

from collections.abc import Iterator

import pytest

from bot.wording import Catalogue
from bot.wording.templates import Template
from flows.messages import checkin, invites, recall, visit
from flows.messages.text import Text
from flows.outreach.policy import MustSay
from flows.outreach.saying import says
from flows.vocabulary import Channel, Language, Purpose

INVITATIONS = (
    recall.FirstInvitation,
    recall.FirstInvitationOneTime,
    recall.SecondInvitation,
    recall.SecondInvitationOneTime,
    recall.ThirdInvitation,
    recall.ThirdInvitationOneTime,
)
CHATS: dict[Purpose, tuple[type[Text], ...]] = {
    Purpose.RECALL: INVITATIONS,
    Purpose.APPOINTMENT: (visit.Reminder, visit.ReminderBring),
    Purpose.POSTVISIT: (checkin.CheckIn,),
}
# A letter is one sheet: its parts say it together. The letterhead holds the address.
LETTER = {
    MustSay.SENDER: invites.WhoAndWhy,
    MustSay.AUTOMATIC: invites.AutomaticLetter,
    MustSay.STOP: invites.NoByLetter,
}
WORDS = {MustSay.STOP: ("stop", "стоп"), MustSay.AUTOMATIC: ("automat", "автомат")}
GAPS = {MustSay.SENDER: "clinic", MustSay.ADDRESS: "address"}


def forms(catalogue: Catalogue, text: type[Text]) -> Iterator[tuple[str, Template]]:
    """Every form of a text, with the place it stands in."""
    for language in Language:
        for level in text.levels:
            for form in catalogue.lexicon(language).entries[text.key, level].forms:
                yield f"{language.value} {text.key} at level {level}", form


def said(form: Template, word: MustSay) -> bool:
    """Whether a form holds it: the clinic's own word in a gap, or one of ours in plain sight."""
    if word in GAPS:
        return GAPS[word] in form.names
    plain = "".join(piece for piece in form.pieces if isinstance(piece, str)).casefold()
    return any(part in plain for part in WORDS[word])


@pytest.mark.parametrize("purpose", CHATS)
def test_a_message_in_a_chat_says_what_the_gate_is_told(catalogue: Catalogue, purpose: Purpose) -> None:
    told = says(Channel.WEBCHAT, purpose)
    assert told == says(Channel.TELEGRAM, purpose)
    found = {place: form for text in CHATS[purpose] for place, form in forms(catalogue, text)}
    assert [(place, word) for place, form in found.items() for word in told if not said(form, word)] == []


def test_a_letter_says_it_in_its_parts(catalogue: Catalogue) -> None:
    assert says(Channel.LETTER, Purpose.RECALL) == LETTER.keys() | {MustSay.ADDRESS}
    found = [(place, word, form) for word, text in LETTER.items() for place, form in forms(catalogue, text)]
    assert [(place, word) for place, word, form in found if not said(form, word)] == []


def test_where_we_have_no_text_nothing_is_said() -> None:
    assert says(Channel.WEBCHAT, Purpose.OFFER) == frozenset()
    assert says(Channel.LETTER, Purpose.APPOINTMENT) == frozenset()
