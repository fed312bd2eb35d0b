"""How a candidate of the programme is approached: in the chat, by e-mail, by letter or by a person who calls.

Nobody is approached in a way in which they cannot be reached; then the chat they opened themselves serves.
"""

from collections.abc import Collection, Mapping, Sequence

from bot.services.clinic import Clinic
from flows.ids import PatientId
from flows.outreach.facts import Mode
from flows.outreach.programme import Next, StepKind
from flows.vocabulary import Channel
from storage.records.planning import Candidate
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import WorkKind

BY_HAND = {Channel.PHONE: WorkKind.CALL, Channel.LETTER: WorkKind.LETTER}
"""Channels on which a person of the clinic does it, and what it is to them."""

STEPS = {Channel.PHONE: StepKind.CALL, Channel.LETTER: StepKind.LETTER_OR_EMAIL}
_CHATS = frozenset({Channel.WEBCHAT, Channel.TELEGRAM})


def approaches(uow: UnitOfWork, clinic: Clinic, page: Sequence[Candidate]) -> dict[PatientId, Channel]:
    """Choose the channel for each candidate of a page: a statement for each channel that somebody wants."""
    wanted = {candidate.patient_id: _wanted(candidate, clinic) for candidate in page}
    by_channel = {
        channel: uow.planning.reached_on(channel, [each for each, wish in wanted.items() if wish is channel])
        for channel in set(wanted.values()) - {None}
        if channel is not None and _serves(channel, clinic)
    }
    return {candidate.patient_id: _channel(candidate, wanted[candidate.patient_id], by_channel) for candidate in page}


def mails(clinic: Clinic) -> bool:
    """Whether e-mails can leave at all."""
    return clinic.settings.mail is not None and clinic.mode is Mode.LIVE


def _wanted(candidate: Candidate, clinic: Clinic) -> Channel | None:
    """What they asked for, or what the reason they gave asks for; None: the chat."""
    if candidate.prefers is not None:
        return None if candidate.prefers in _CHATS else candidate.prefers
    calls = clinic.programme.next_for(candidate.staying_away) is Next.CALL
    return Channel.PHONE if calls else None


def _serves(channel: Channel, clinic: Clinic) -> bool:
    if channel is Channel.EMAIL:
        return mails(clinic)
    return clinic.programme.first(STEPS[channel]) is not None


def _channel(candidate: Candidate, wish: Channel | None, reached: Mapping[Channel, Collection[PatientId]]) -> Channel:
    # Who is in the middle of a campaign goes on in the chat: a person's call comes when the messages have ended.
    by_hand_later = candidate.running is not None and wish in BY_HAND
    if wish is None or by_hand_later or candidate.patient_id not in reached.get(wish, ()):
        return candidate.reached.channel
    return wish
