"""What stands in letters, cards and e-mails that invite those no messenger reaches yet: paragraphs, not whole messages.

A letter lies in an envelope and an e-mail's first lines on a lock screen: level 0 names nobody and no reason of theirs.
"""

from dataclasses import dataclass
from datetime import date

from flows.messages.text import LOCK_SCREEN, VERIFIED_CHAT, Text


@dataclass(frozen=True, kw_only=True)
class Subject(Text, key="invite.subject"):
    """Subject of the e-mail, heading of the letter: the next visit to the practice. No clinic, the sender names it."""


@dataclass(frozen=True, kw_only=True)
class Dated(Text, key="invite.dated"):
    """The day a letter is written, at its head. on: that day."""

    on: date


@dataclass(frozen=True, kw_only=True)
class Salutation(Text, key="invite.salutation", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """The first line, by itself: nothing but {greeting}."""


@dataclass(frozen=True, kw_only=True)
class WhoAndWhy(Text, key="invite.why", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """Who writes ({clinic}) and why now. Level 0: it is time for the next visit, we would be glad to see you again.

    Level 1: last here {last_visit}, {dentist} would like to see you again.
    """


@dataclass(frozen=True, kw_only=True)
class WhatItIs(Text, key="invite.visit"):
    """What a check-up is: short, the dentist looks and says what, if anything, is worth doing. No alarm."""


@dataclass(frozen=True, kw_only=True)
class WhatIsNew(Text, key="invite.new"):
    """What is new: a page of one's own, at any hour, no app, no password: choose a time, ask, change a visit.

    An automatic assistant answers at once, and a person is always one tap away.
    """


@dataclass(frozen=True, kw_only=True)
class HowByLetter(Text, key="invite.how_letter"):
    """How to come in from paper: scan the code or type the address beside it; for you alone, once; or call {phone}.

    until: the last day the link works.
    """

    until: date


@dataclass(frozen=True, kw_only=True)
class HowByMail(Text, key="invite.how_mail"):
    """How to come in from the e-mail: the link to the page is for you alone, opens once; or call {phone}.

    until: the last day the link works.
    """

    until: date


@dataclass(frozen=True, kw_only=True)
class NoByLetter(Text, key="invite.no_letter"):
    """How to say no to a letter: write "stop" on the page, or by phone; nobody asks why."""


@dataclass(frozen=True, kw_only=True)
class NoByMail(Text, key="invite.no_mail"):
    """How to say no to an e-mail: the link below ends the messages; nobody asks why."""


@dataclass(frozen=True, kw_only=True)
class Closing(Text, key="invite.closing"):
    """The end of the letter: kind regards, the team. Two short lines."""


@dataclass(frozen=True, kw_only=True)
class AutomaticLetter(Text, key="invite.automatic_letter"):
    """Small, under the letter: prepared automatically; you get it because you are a patient of ours."""


@dataclass(frozen=True, kw_only=True)
class AutomaticMail(Text, key="invite.automatic_mail"):
    """Small, under the e-mail: written automatically; you get it because you are a patient of ours."""


@dataclass(frozen=True, kw_only=True)
class OpenPage(Text, key="invite.open_page"):
    """Button of the e-mail: opens the patient's page. "Open my page"."""


@dataclass(frozen=True, kw_only=True)
class EndReminders(Text, key="invite.unsubscribe"):
    """Small link under the e-mail: no more reminders."""


@dataclass(frozen=True, kw_only=True)
class CardTitle(Text, key="invite.card_title"):
    """Large on the card handed over at the counter, beside the code: choose your next visit yourself."""


@dataclass(frozen=True, kw_only=True)
class CardText(Text, key="invite.card_text"):
    """Small on the card: scan; choose a time, ask, change a visit; no app, no password; for you alone, once.

    until: the last day the link works.
    """

    until: date
