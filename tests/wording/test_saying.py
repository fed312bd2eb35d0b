"""Every text of ours says what we tell the gate it says, with what a policy adds: in each language, at each level."""

from collections.abc import Iterator
from dataclasses import fields, replace

import pytest

from bot.settings.policies import read_policy, shipped_policies
from bot.wording import Catalogue, Wording
from bot.wording.lengths import CLINIC, LONGEST_MESSAGE, NOW, ORDINARY_INSTANT, READER
from bot.wording.templates import Template
from flows.messages import checkin, invites, recall, visit
from flows.messages.text import LOCK_SCREEN, Parameter, Text
from flows.outreach.gate import judge
from flows.outreach.merging import merge
from flows.outreach.policy import MustSay, Policy
from flows.outreach.saying import foot_under, says, says_under
from flows.outreach.verdict import Permit, Refusal, Refuse
from flows.vocabulary import Channel, Language, Purpose
from tests.flows.outreach.given import WEDNESDAY, facts, request, rule_of, strictest, with_rule

INVITATIONS = (
    recall.FirstInvitation,
    recall.FirstInvitationOneTime,
    recall.FirstInvitationInMind,
    recall.FirstInvitationInMindOneTime,
    recall.SecondInvitation,
    recall.SecondInvitationOneTime,
    recall.SecondInvitationOtherDays,
    recall.SecondInvitationOtherDaysOneTime,
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


ALL = frozenset(MustSay)
MARKS = {
    Language.EN: (
        "Advertisement.",
        "Some treatments may not be suitable for you (contraindications); please consult a specialist.",
    ),
    Language.FR: ("Publicité.", "Contre-indications possibles\u202f: demandez l’avis d’un spécialiste."),
    Language.NL: ("Reclame.", "Niet voor iedereen geschikt (contra-indicaties); overleg met een specialist."),
    Language.RU: ("Реклама.", "Имеются противопоказания, необходима консультация специалиста."),
}
VALUES: dict[str, Parameter] = {"provider": "Dr Vermeulen"}


def demanding(purpose: Purpose, *words: MustSay) -> Policy:
    """The strictest policy, which has messages of the purpose say all these and nothing else."""
    return with_rule(strictest(), replace(rule_of(purpose), must_say=frozenset(words)))


def foot(catalogue: Catalogue, language: Language, policy: Policy, channel: Channel, purpose: Purpose) -> list[str]:
    """The closing lines, worded as a lock screen may show them."""
    wording = Wording(catalogue=catalogue, clinic=CLINIC)
    return [
        wording.word(line, language=language, level_limit=LOCK_SCREEN, reader=READER, now=NOW).text
        for line in foot_under(policy, channel, purpose)
    ]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("purpose", CHATS)
def test_what_a_text_lacks_and_the_policy_demands_stands_at_its_foot(
    catalogue: Catalogue, language: Language, purpose: Purpose
) -> None:
    policy = demanding(purpose, *ALL)
    address, *marks = foot(catalogue, language, policy, Channel.TELEGRAM, purpose)
    assert CLINIC.address in address
    assert CLINIC.phone in address
    assert tuple(marks) == MARKS[language]
    assert ALL - says_under(policy, Channel.TELEGRAM, purpose) <= {MustSay.STOP}


@pytest.mark.parametrize("channel", [Channel.EMAIL, Channel.LETTER])
def test_an_address_that_stands_on_the_paper_is_not_said_twice(catalogue: Catalogue, channel: Channel) -> None:
    policy = demanding(Purpose.RECALL, *ALL)
    assert tuple(foot(catalogue, Language.RU, policy, channel, Purpose.RECALL)) == MARKS[Language.RU]
    assert says_under(policy, channel, Purpose.RECALL) == ALL


def test_nothing_is_added_that_the_policy_does_not_demand() -> None:
    for policy in (strictest(), read_policy("fr"), read_policy("nl")):
        for purpose in CHATS:
            assert foot_under(policy, Channel.WEBCHAT, purpose) == ()
            assert says_under(policy, Channel.WEBCHAT, purpose) == says(Channel.WEBCHAT, purpose)


@pytest.mark.parametrize("name", shipped_policies())
def test_what_a_shipped_policy_has_us_say_we_can_say_on_every_channel_it_permits(name: str) -> None:
    policy = merge([read_policy(name), strictest()])
    for rule in policy.rules:
        spoken = {channel for channel in rule.channels if says(channel, rule.purpose)}
        assert spoken, "each purpose that is permitted has a text on some channel"
        assert [each for each in spoken if not rule.must_say <= says_under(policy, each, rule.purpose)] == []
    recall_rule = policy.rule(Purpose.RECALL)
    assert recall_rule is not None
    assert all(says(channel, Purpose.RECALL) for channel in recall_rule.channels)


def test_what_no_text_can_say_is_not_declared_and_the_gate_refuses() -> None:
    policy = demanding(Purpose.APPOINTMENT, *ALL)
    declared = says_under(policy, Channel.WEBCHAT, Purpose.APPOINTMENT)
    assert declared == ALL - {MustSay.STOP}
    asked = request(Purpose.APPOINTMENT, says=declared)
    about = facts(visit_at=WEDNESDAY.replace(day=20))
    assert judge(asked, about, policy, WEDNESDAY) == Refuse(reason=Refusal.MUST_SAY)
    can_be_said = demanding(Purpose.APPOINTMENT, *ALL - {MustSay.STOP})
    assert isinstance(judge(asked, about, can_be_said, WEDNESDAY), Permit)
    offers = read_policy("uk")
    assert says_under(offers, Channel.WEBCHAT, Purpose.OFFER) == frozenset()
    assert foot_under(offers, Channel.WEBCHAT, Purpose.OFFER) == ()


@pytest.mark.parametrize("language", Language)
def test_a_message_with_all_that_can_stand_at_its_foot_is_no_longer_than_any_other(
    catalogue: Catalogue, language: Language
) -> None:
    wording = Wording(catalogue=catalogue, clinic=CLINIC)
    long: list[tuple[str, int, int]] = []
    for purpose, texts in CHATS.items():
        below = foot(catalogue, language, demanding(purpose, *ALL), Channel.WEBCHAT, purpose)
        for text in texts:
            made = text(**{field.name: VALUES.get(field.name, ORDINARY_INSTANT) for field in fields(text)})
            for level in text.levels:
                said = wording.word(made, language=language, level_limit=level, reader=READER, now=NOW).text
                long.append((text.key, level, len("\n".join((said, *below)))))
    assert [each for each in long if each[-1] > LONGEST_MESSAGE] == []
