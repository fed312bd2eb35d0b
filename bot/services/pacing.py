"""How many people may be invited now: never more than the clinic's free time can take, however often is asked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from bot.services.clinic import Clinic
from flows.outreach.bands import latest_start
from flows.outreach.hours import day_begins, local_day
from flows.outreach.programme import Next
from flows.vocabulary import Channel, StayingAway
from storage.records.planning import Candidate, DueQuery
from storage.unit_of_work import UnitOfWork

OFFERS_EACH = 2
WEEK = timedelta(days=7)


def programme_channels(clinic: Clinic) -> tuple[Channel, ...]:
    """The chats the programme writes in; the one that people carry with them comes before the page they open."""
    return (Channel.WEBCHAT,) if clinic.settings.telegram is None else (Channel.TELEGRAM, Channel.WEBCHAT)


def invitation_room(uow: UnitOfWork, clinic: Clinic, now: datetime) -> int:
    """How many more may be invited at `now` (UTC): the clinic's share of its free times, each invitation offering two.

    What is out already counts: what left in the past week, for its answers are still coming, and what is to leave in
    the next ("never invite more people in a week than there is free chair time for", DOMAIN.md).
    """
    free = uow.calendar.free_count(
        visit_type_id=clinic.recall_type, provider_ids=clinic.providers, now=now, rules=clinic.offer_rules
    )
    most = int(free * clinic.settings.recall.share_of_free_times / OFFERS_EACH)
    return max(0, most - uow.planning.invited(since=now - WEEK, until=now + WEEK))


def due_query(clinic: Clinic, now: datetime) -> DueQuery:
    """The bounds of being due at this moment (UTC)."""
    today = local_day(now, clinic.zone)
    return DueQuery(
        now=now,
        today=today,
        zone=clinic.zone,
        lapsed=clinic.lapsed,
        minor_age=clinic.policy.minor_age,
        channels=programme_channels(clinic),
        held_out=clinic.held_out,
        silent_after=_silent_after(clinic, today),
    )


def last_message(clinic: Clinic) -> int:
    """The number of the last message that the clinic's policy lets the programme send in one cycle; 0: none."""
    messages = clinic.programme.messages
    caps = [rule.caps for step in messages if (rule := clinic.policy.rule(step.purpose)) is not None]
    return min(len(caps), *(min(cap.cycle, cap.year) for cap in caps), len(messages)) if caps else 0


def further_steps(uow: UnitOfWork, clinic: Clinic, now: datetime, *, limit: int) -> list[Candidate]:
    """Who has a message, said nothing, and is due for the next within a week; they go before the others."""
    found: list[Candidate] = []
    for step in further_steps_now(clinic):
        found += further_page(uow, clinic, now, step=step, size=limit - len(found)) if len(found) < limit else ()
    return found


def further_steps_now(clinic: Clinic) -> tuple[int, ...]:
    """The numbers of the steps behind the first that are messages and that the policy lets through, in order."""
    messages = clinic.programme.messages[1 : last_message(clinic)]
    return tuple(step.number for step in messages if clinic.policy.rule(step.purpose) is not None)


def further_page(
    uow: UnitOfWork, clinic: Clinic, now: datetime, *, step: int, size: int, after: Candidate | None = None
) -> Sequence[Candidate]:
    """Who is due for a step of `further_steps_now` within a week, behind the last of the page before.

    No further ahead than a week: a message for some later day would take the place of one that can leave now.
    """
    found = clinic.programme.step(step)
    rule = None if found is None else clinic.policy.rule(found.purpose)
    if found is None or rule is None:
        return ()
    before = now - timedelta(days=max(found.days, rule.caps.gap_days)) + WEEK
    return uow.planning.follow_ups(due_query(clinic, now), step=step, sent_before=before, limit=size, after=after)


def _silent_after(clinic: Clinic, today: date) -> Mapping[StayingAway, datetime | None]:
    """After which reasons the programme is silent, and since when each must have been given for that to hold today."""
    rested = latest_start(today, clinic.programme.rest_months) + timedelta(days=1)
    since = {
        Next.REST: day_begins(rested, clinic.zone),
        Next.NOTHING: None,
        Next.UNTIL_CLEARED: None,
    }
    return {reason: since[what] for reason, what in clinic.programme.after.items() if what in since}
