"""What our messages surely hold of all that a policy may demand of them, by channel and purpose.

What a text holds by itself stands here: whoever changes a text so that it holds less changes it here too, a test reads
every text in every language and level. What it lacks and the policy demands, its foot adds, line by line, and whoever
calls is told to say; what neither can say is not declared, and the gate refuses.
"""

from collections.abc import Mapping

from flows.messages.foot import Advertising, ClinicAddress, RiskWarning
from flows.messages.text import Text
from flows.outreach.policy import MustSay, Policy
from flows.vocabulary import Channel, Purpose

_CHATS: Mapping[Purpose, frozenset[MustSay]] = {
    Purpose.APPOINTMENT: frozenset({MustSay.SENDER, MustSay.AUTOMATIC}),
    Purpose.RECALL: frozenset({MustSay.SENDER, MustSay.AUTOMATIC, MustSay.STOP}),
    Purpose.POSTVISIT: frozenset({MustSay.SENDER, MustSay.AUTOMATIC}),
}
_MAIL: Mapping[Purpose, frozenset[MustSay]] = {
    Purpose.RECALL: frozenset({MustSay.SENDER, MustSay.ADDRESS, MustSay.AUTOMATIC, MustSay.STOP}),
}
# A person calls, says who they are and from where, and hears a "no" at once; nothing automatic needs to own up to it.
_CALL = frozenset({MustSay.SENDER, MustSay.ADDRESS, MustSay.AUTOMATIC, MustSay.STOP})
_TEXTS: Mapping[Channel, Mapping[Purpose, frozenset[MustSay]]] = {
    Channel.WEBCHAT: _CHATS,
    Channel.TELEGRAM: _CHATS,
    Channel.EMAIL: _MAIL,
    Channel.LETTER: _MAIL,
    Channel.PHONE: {Purpose.RECALL: _CALL, Purpose.POSTVISIT: _CALL},
}
_FOOT: Mapping[MustSay, Text] = {
    MustSay.ADDRESS: ClinicAddress(),
    MustSay.ADVERTISING: Advertising(),
    MustSay.RISK_WARNING: RiskWarning(),
}
_NOTHING: frozenset[MustSay] = frozenset()


def says(channel: Channel, purpose: Purpose) -> frozenset[MustSay]:
    """What every text of ours of this purpose says by itself on this channel; where we have no text, nothing."""
    return _TEXTS[channel].get(purpose, _NOTHING)


def says_under(policy: Policy, channel: Channel, purpose: Purpose) -> frozenset[MustSay]:
    """What a message says with its foot: what every text holds, and what the policy adds."""
    return says(channel, purpose).union(added_under(policy, channel, purpose))


def foot_under(policy: Policy, channel: Channel, purpose: Purpose) -> tuple[Text, ...]:
    """The closing lines of a message, one for all that is added to it."""
    return tuple(_FOOT[word] for word in added_under(policy, channel, purpose))


def added_under(policy: Policy, channel: Channel, purpose: Purpose) -> tuple[MustSay, ...]:
    """What the policy demands, no text of this kind holds by itself, and can be said besides; in the order it is said.

    On the phone a person says it.
    """
    rule, held = policy.rule(purpose), says(channel, purpose)
    # A foot stands under a text: where there is none, nothing is added to it.
    if rule is None or not held:
        return ()
    return tuple(word for word in _FOOT if word in rule.must_say - held)
