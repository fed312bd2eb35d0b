"""What a message says, and what its policy adds below it: never more than can be said, never what is said already."""

from dataclasses import replace

from flows.messages.foot import Advertising, ClinicAddress, RiskWarning
from flows.outreach.policy import MustSay, Policy
from flows.outreach.saying import added_under, foot_under, says, says_under
from flows.vocabulary import Channel, Purpose
from tests.flows.outreach.given import rule_of, strictest, with_rule


def demanding(purpose: Purpose, *words: MustSay) -> Policy:
    return with_rule(strictest(), replace(rule_of(purpose), must_say=frozenset(words)))


def test_an_invitation_in_a_chat_gets_below_it_what_its_text_lacks_in_the_order_it_is_said() -> None:
    policy = demanding(Purpose.RECALL, *MustSay)
    assert foot_under(policy, Channel.WEBCHAT, Purpose.RECALL) == (ClinicAddress(), Advertising(), RiskWarning())
    assert says_under(policy, Channel.WEBCHAT, Purpose.RECALL) == frozenset(MustSay)


def test_a_letter_holds_its_address_and_does_not_say_it_twice() -> None:
    policy = demanding(Purpose.RECALL, MustSay.ADDRESS, MustSay.ADVERTISING)
    assert added_under(policy, Channel.LETTER, Purpose.RECALL) == (MustSay.ADVERTISING,)


def test_where_nothing_is_demanded_nothing_is_added() -> None:
    assert foot_under(demanding(Purpose.RECALL), Channel.TELEGRAM, Purpose.RECALL) == ()


def test_what_no_line_can_say_is_not_declared() -> None:
    policy = demanding(Purpose.APPOINTMENT, MustSay.STOP)
    assert MustSay.STOP not in says_under(policy, Channel.WEBCHAT, Purpose.APPOINTMENT)


def test_without_a_text_there_is_nothing_to_add_to() -> None:
    policy = demanding(Purpose.APPOINTMENT, MustSay.ADDRESS)
    assert says(Channel.LETTER, Purpose.APPOINTMENT) == frozenset()
    assert added_under(policy, Channel.LETTER, Purpose.APPOINTMENT) == ()


def test_a_forbidden_purpose_adds_nothing() -> None:
    assert added_under(replace(strictest(), rules=()), Channel.WEBCHAT, Purpose.RECALL) == ()
