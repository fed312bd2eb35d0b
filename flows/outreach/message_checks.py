"""The gate's checks of the message: its right, channel, content, chat, frequency, and the clinic's leave to send.

Asked only once the policy has a rule for the purpose. A check that lacks a fact objects.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeAlias

from flows.outreach.case import PROGRAMME, RuledCase
from flows.outreach.facts import Mode
from flows.outreach.policy import Automation
from flows.outreach.right_checks import right_holds
from flows.outreach.verdict import Refusal, Stage

RuledCheck: TypeAlias = Callable[[RuledCase], Refusal | None]

CONVERSATION_WINDOW = timedelta(hours=24)
"""So long after a patient's message an open question counts as a conversation."""


def is_not_paused(case: RuledCase) -> Refusal | None:
    """The patient asked for silence until a date."""
    return Refusal.PAUSED if case.facts.rights.paused(case.purpose, case.now) else None


def channel_is_open(case: RuledCase) -> Refusal | None:
    """Blocked by the patient, or given up after a bounce or a wrong person."""
    closed = case.facts.rights.is_closed(case.request.channel, case.facts.address_id)
    return Refusal.CHANNEL_CLOSED if closed else None


def channel_is_accepted(case: RuledCase) -> Refusal | None:
    """The policy names the channels of each purpose."""
    return None if case.request.channel in case.rule.channels else Refusal.PURPOSE_FORBIDDEN


def address_is_known(case: RuledCase) -> Refusal | None:
    """A chat is proven before it is used; a letter, an e-mail or a call goes where the clinic was told it may."""
    return Refusal.UNREACHED if case.facts.address_id is None else None


def text_says_no_more_than_it_may(case: RuledCase) -> Refusal | None:
    """The policy caps the content level."""
    return None if 0 <= case.request.level <= case.rule.highest_level else Refusal.CONTENT_LEVEL


def bot_owns_the_chat(case: RuledCase) -> Refusal | None:
    """While staff owns a chat the bot says nothing by itself."""
    return Refusal.STAFF_OWNS if case.facts.staff_owns else None


def is_not_talking(case: RuledCase) -> Refusal | None:
    """Nobody is invited in the middle of a conversation."""
    invited = case.purpose in PROGRAMME
    return Refusal.IN_CONVERSATION if invited and case.is_talking(CONVERSATION_WINDOW) else None


def is_the_first_of_its_kind(case: RuledCase) -> Refusal | None:
    """The same step is never sent twice."""
    return Refusal.DUPLICATE if case.facts.duplicate else None


def text_says_what_it_must(case: RuledCase) -> Refusal | None:
    """The policy names what a message of the purpose has to hold: the sender, the way to stop, and the like."""
    return None if case.rule.must_say <= case.request.says else Refusal.MUST_SAY


def cycle_has_room(case: RuledCase) -> Refusal | None:
    """The cap of the cycle; and counts that contradict each other are no counts."""
    sent, caps = case.facts.sent, case.rule.caps
    unknown_since = sent.last_at is None and max(sent.today, sent.week, sent.cycle, sent.year) > 0
    return Refusal.CAP_CYCLE if unknown_since or sent.cycle >= caps.cycle else None


def year_has_room(case: RuledCase) -> Refusal | None:
    """The cap of twelve calendar months, whatever the cycle."""
    return Refusal.CAP_YEAR if case.facts.sent.year >= case.rule.caps.year else None


def household_has_room(case: RuledCase) -> Refusal | None:
    """The cap of seven days for all who share an address or a phone."""
    return Refusal.CAP_HOUSEHOLD if case.facts.sent.household >= case.rule.caps.household else None


def there_is_time_to_offer(case: RuledCase) -> Refusal | None:
    """Nobody is invited to a full calendar."""
    return Refusal.NO_FREE_TIME if case.purpose in PROGRAMME and case.facts.free_times < 1 else None


def batch_is_released(case: RuledCase) -> Refusal | None:
    """Where the policy wants a person to release the batch, nothing leaves before."""
    waits = case.rule.automation is not Automation.AUTO and case.request.stage is Stage.SENDING
    return Refusal.NOT_RELEASED if waits and not case.facts.released else None


def policy_is_signed(case: RuledCase) -> Refusal | None:
    """Plans and rehearsals run without a signature; sending does not."""
    clinic = case.facts.clinic
    free = case.request.stage is Stage.PLANNED or clinic.mode is Mode.REHEARSAL
    return None if free or clinic.policy_signed else Refusal.POLICY_UNSIGNED


def clinic_may_send(case: RuledCase) -> Refusal | None:
    """Where the ledger of the whole clinic is in doubt, plans are made and nothing leaves."""
    leaves = case.request.stage is Stage.SENDING
    return Refusal.SENDING_STOPPED if leaves and case.facts.clinic.sending_stopped else None


MESSAGE: tuple[RuledCheck, ...] = (
    right_holds,
    is_not_paused,
    channel_is_accepted,
    address_is_known,
    channel_is_open,
    text_says_no_more_than_it_may,
    text_says_what_it_must,
    bot_owns_the_chat,
    is_not_talking,
    is_the_first_of_its_kind,
    cycle_has_room,
    year_has_room,
    household_has_room,
    there_is_time_to_offer,
    batch_is_released,
    policy_is_signed,
    clinic_may_send,
)
"""What is judged next, in this order."""
