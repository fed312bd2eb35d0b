"""Reasons for staying away, answered once: understanding, one helpful fact, one small next step, and "no" is fine."""

from dataclasses import dataclass
from datetime import datetime

from flows.messages.text import LOCK_SCREEN, VERIFIED_CHAT, Text


@dataclass(frozen=True, kw_only=True)
class MoneyFeesAndPayment(Text, key="objection.money_fees_payment", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """The cost keeps the patient away.

    Cost matters, and it is good that they say so; {clinic_fees} and {clinic_payment} are whole sentences in the
    clinic's own words; level 1: if anything turns up, {dentist} says what can wait and what it would cost before
    anything is done. Then: shall we look for a time, or should someone call about payment? Never a promise of ours.
    """


@dataclass(frozen=True, kw_only=True)
class MoneyFees(Text, key="objection.money_fees", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """As the text with fees and payment, for a clinic that only wrote {clinic_fees}."""


@dataclass(frozen=True, kw_only=True)
class MoneyPayment(Text, key="objection.money_payment", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """As the text with fees and payment, for a clinic that only wrote {clinic_payment}."""


@dataclass(frozen=True, kw_only=True)
class MoneyPlain(Text, key="objection.money", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """The cost keeps the patient away, and the clinic wrote neither fees nor ways to pay: name no figure.

    What anything costs is said before it is done (level 1: by {dentist}). A time, or a call about payment?
    """


@dataclass(frozen=True, kw_only=True)
class FearOwnWords(Text, key="objection.fear_own_words", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """The patient is afraid.

    Many people are, and it is good that they say so; {clinic_fear} (whole sentences: what this clinic really does
    about it); never "painless". Shall we look for a time, or should someone call first to talk it over? Level 1:
    {dentist} will know beforehand.
    """


@dataclass(frozen=True, kw_only=True)
class FearPlain(Text, key="objection.fear", levels=(LOCK_SCREEN, VERIFIED_CHAT)):
    """As the text in the clinic's own words, where the clinic wrote none.

    The team (level 1: {dentist}) will know beforehand, nothing is done without the patient's agreement; a time, or
    first a call to talk it over?
    """


@dataclass(frozen=True, kw_only=True)
class OtherDentist(Text, key="objection.other_dentist"):
    """The patient goes elsewhere.

    We will miss you; always welcome for a second opinion or when yours is away; may we pass on the records?
    (yes/no)
    """


@dataclass(frozen=True, kw_only=True)
class NoTime(Text, key="objection.no_time"):
    """The patient is busy.

    Understood, days are full. Would a time early in the day, or one late in the day (after five), be easier?
    """


@dataclass(frozen=True, kw_only=True)
class NoNeed(Text, key="objection.no_need"):
    """The patient feels no need.

    Good to hear that nothing hurts; what a check-up is for, in one sentence, without alarm (small things found
    early stay small); shall we look for a time?
    """


@dataclass(frozen=True, kw_only=True)
class MovedAway(Text, key="objection.moved"):
    """The patient lives elsewhere now.

    All the best in the new place; if we are still within reach we are glad to find a time, else we pass on the
    records to a new dentist.
    """


@dataclass(frozen=True, kw_only=True)
class VisitStands(Text, key="objection.booked"):
    """The patient names any reason against coming (cost, fear, no time, ...) while a visit is booked.

    Thanks for telling us; the visit stands until they say otherwise; should someone from the practice call about it?
    Buttons to be called, to move, cancel or keep the visit follow. starts_at: the visit.
    """

    starts_at: datetime


@dataclass(frozen=True, kw_only=True)
class ComplaintHeard(Text, key="objection.complaint"):
    """Something went wrong at the practice, says the patient.

    Sorry, thank you for telling us; someone from the practice will call personally; until then we send nothing else.
    No defence, no question.
    """


@dataclass(frozen=True, kw_only=True)
class NotPressed(Text, key="objection.accepted"):
    """The patient gives the same reason again, or has none left to answer.

    Understood, we leave it at that; when may we write again, if at all? Buttons with months and "no, thank you"
    follow.
    """


@dataclass(frozen=True, kw_only=True)
class CallComing(Text, key="objection.call_coming"):
    """The patient asked to be called, during opening hours. Someone from the practice will ring today."""


@dataclass(frozen=True, kw_only=True)
class CallComingFrom(Text, key="objection.call_coming_from"):
    """The patient asked to be called, while the practice is closed. back_at: when somebody will be there again."""

    back_at: datetime


@dataclass(frozen=True, kw_only=True)
class RecordsWillGo(Text, key="objection.records"):
    """The patient wants the records passed on. Gladly; someone from the practice will be in touch to ask where to."""


@dataclass(frozen=True, kw_only=True)
class Goodbye(Text, key="objection.goodbye"):
    """A kind end after "no, thank you": of course; whenever you want to come, write here or call {phone}.

    No question.
    """
