"""What our texts surely hold of all that a policy may demand of them, by channel and purpose.

Whoever changes a text so that it holds less changes it here too: a test reads every text in every language and level.
"""

from collections.abc import Mapping

from flows.outreach.policy import MustSay
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
_NOTHING: frozenset[MustSay] = frozenset()


def says(channel: Channel, purpose: Purpose) -> frozenset[MustSay]:
    """What every text of ours of this purpose says on this channel; where we have no text, nothing."""
    return _TEXTS[channel].get(purpose, _NOTHING)
