"""What is said when a patient opens the chat, and what the assistant can do."""

from dataclasses import dataclass

from flows.messages.text import LOCK_SCREEN, VERIFIED_CHAT, Text


@dataclass(frozen=True, kw_only=True)
class Welcome(Text, key="welcome.hello", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """The first words when a patient opens their personal link.

    Greets, names the clinic, says plainly that this is an automatic assistant and that a person can be asked for at
    any time; writing "stop" ends messages. Ends by asking what we can do. Both levels open with {greeting}, which
    names nobody at level 0.
    """


@dataclass(frozen=True, kw_only=True)
class WelcomeAsking(Text, key="welcome.hello_asking", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """As `welcome.hello`, but asks nothing: a question of its own follows. Tells that anything can be written here."""


@dataclass(frozen=True, kw_only=True)
class WhatCanWeDo(Text, key="welcome.menu"):
    """Nothing is open; buttons follow (a time, my visit, my details, settings, a person). "What can we do for you?"."""


@dataclass(frozen=True, kw_only=True)
class LinkNotNeeded(Text, key="welcome.link_over"):
    """A patient who is known here came again by a link that is used or too old.

    The link is over, but no matter: we know each other in this chat. What is open or can be done follows.
    """
