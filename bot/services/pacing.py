"""How many people may be invited now: never more than the clinic's free time can take, however often is asked."""

from datetime import datetime, timedelta

from bot.services.clinic import Clinic
from flows.outreach.cadence import SECOND_INVITATION
from flows.outreach.hours import local_day
from flows.vocabulary import Channel
from storage.records.planning import Candidate, DueQuery
from storage.unit_of_work import UnitOfWork

OFFERS_EACH = 2
PROGRAMME_CHANNELS = (Channel.WEBCHAT,)
WEEK = timedelta(days=7)


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
    return DueQuery(
        now=now,
        today=local_day(now, clinic.zone),
        zone=clinic.zone,
        lapsed=clinic.lapsed,
        minor_age=clinic.policy.minor_age,
        channels=PROGRAMME_CHANNELS,
    )


def further_steps(uow: UnitOfWork, clinic: Clinic, now: datetime, *, limit: int) -> list[Candidate]:
    """Who has an invitation, said nothing, and is due for the next within a week; they go before the others.

    No further ahead: an invitation for some later day would take the place of one that can leave now.
    """
    rule = clinic.policy.rule(SECOND_INVITATION.purpose)
    if rule is None:
        return []
    gap = timedelta(days=max(SECOND_INVITATION.days, rule.caps.gap_days)) - WEEK
    return uow.planning.follow_ups(
        due_query(clinic, now), step=SECOND_INVITATION.number, sent_before=now - gap, limit=limit
    )
