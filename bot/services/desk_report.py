"""How the desk in a forum group stands, for whoever runs recare: the group, its problem and remedy, who is connected.

What it tells is what is stored; whether the messenger says the same, `recare doctor` asks.
"""

from dataclasses import dataclass

from bot.services.topic_standing import REMEDIES
from flows.vocabulary import Role
from storage.records.topics import DeskGroup, TopicStanding
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, kw_only=True, slots=True)
class Colleague:
    """Somebody who works here. connected: their account at the messenger is known."""

    name: str
    role: Role
    connected: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class DeskReport:
    """The desk in a forum group. group: None while none is linked. remedy: what to do, "" where all is well."""

    group: DeskGroup | None
    remedy: str
    topics: TopicStanding
    colleagues: tuple[Colleague, ...]


def report_desk(uow: UnitOfWork) -> DeskReport:
    """Tell how the desk stands."""
    group, connected = uow.desk_groups.get(), uow.staff_accounts.users()
    return DeskReport(
        group=group,
        remedy=REMEDIES[group.problem] if group is not None and group.problem is not None else "",
        topics=uow.topics.standing(),
        colleagues=tuple(
            Colleague(name=member.name, role=member.role, connected=member.id in connected)
            for member in uow.staff.all()
            if member.active
        ),
    )


def standing_of(group: DeskGroup | None) -> str:
    """Say in a word how the group stands."""
    if group is None:
        return "none"
    return "ok" if group.problem is None else group.problem.value
