"""Slows down an account that guesses: wrong links, numbers that are nobody's, names that staff have to look up.

More than five in an hour, and answers stop for one minute, then five, then thirty; staff are told once each time.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.services.clinic import Clinic
from bot.services.tickets import due_at
from flows.ids import ConversationId
from flows.vocabulary import TicketReason, Urgency
from storage.records.accounts import Account
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

MOST_TRIES = 5
WITHIN = timedelta(hours=1)
FORGIVEN_AFTER = timedelta(days=1)
WAITS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))


@dataclass(frozen=True, kw_only=True, slots=True)
class Guessed:
    """What a try comes to: answered like any other, made to wait so many minutes from now on, or passed over."""

    answered: bool
    wait_minutes: int | None = None


def tried(uow: UnitOfWork, account: Account, conversation_id: ConversationId, clinic: Clinic, now: datetime) -> Guessed:
    """Count a try of an account that is locked (now: aware UTC); conversation_id: where staff are told."""
    if account.slowed_until is not None and now < account.slowed_until:
        return Guessed(answered=False)
    fresh = account.tries_since is None or now - account.tries_since > WITHIN
    counted = replace(
        account,
        tries=1 if fresh else account.tries + 1,
        tries_since=now if fresh else account.tries_since,
        slowed=0 if _forgiven(account, now) else account.slowed,
    )
    if counted.tries <= MOST_TRIES:
        uow.accounts.set_tries(counted)
        return Guessed(answered=True)
    wait = WAITS[min(counted.slowed, len(WAITS) - 1)]
    uow.accounts.set_tries(
        replace(counted, tries=0, tries_since=None, slowed=counted.slowed + 1, slowed_until=now + wait)
    )
    log.warning("somebody is guessing who they are", extra={"channel": account.channel.value})
    uow.tickets.open(
        conversation_id,
        reason=TicketReason.GUESSING,
        urgency=Urgency.TODAY,
        due_at=due_at(Urgency.TODAY, now, clinic),
        now=now,
    )
    return Guessed(answered=True, wait_minutes=wait // timedelta(minutes=1))


def _forgiven(account: Account, now: datetime) -> bool:
    return account.slowed_until is not None and now - account.slowed_until > FORGIVEN_AFTER
