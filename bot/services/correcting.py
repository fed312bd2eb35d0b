"""Staff say what a patient's words meant: kept for review without what tells whose they are; it changes nothing else.

Invariant: nothing reads what is kept here but the list for review. No dialog, no understander, no message.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.services.clinic import Clinic
from bot.services.desk_ports import ConflictError
from bot.services.held import Held
from bot.services.readings import understood_of
from bot.services.stripping import stripped
from bot.services.updates import LONGEST_TEXT
from bot.services.views import Line
from flows.ids import PatientId
from flows.meaning import Intent
from storage.records.corrections import NewCorrection
from storage.records.people import Profile
from storage.records.talks import ConversationSnapshot, Speaker
from storage.unit_of_work import UnitOfWork


def correct(held: Held, line_id: int, meant: Intent) -> bool:
    """Keep what staff say a line meant; False where nothing changes. Raises ConflictError if there is no such line.

    What was surely understood, chosen again, takes a correction back.
    """
    uow, here = held.here.uow, held.here
    said = uow.conversations.transcript(here.conversation_id)
    line = next((each for each in said if each.id == line_id and each.speaker is Speaker.PATIENT), None)
    understood = None if line is None else understood_of(line)
    if line is None or understood is None:
        raise ConflictError("desk.conflict.changed")
    known = uow.corrections.of_lines([line_id]).get(line_id)
    if understood.sure and meant is understood.intent:
        return uow.corrections.withdraw(line_id)
    if meant is known:
        return False
    names = names_around(uow, held.snapshot, here.clinic)
    new = NewCorrection(
        line_id=line_id,
        text=stripped(str(line.body.get("text", ""))[:LONGEST_TEXT], names),
        language=understood.language or held.snapshot.patient.language,
        understood=understood.intent,
        sure=understood.sure,
        meant=meant,
    )
    uow.corrections.keep(new, staff_id=held.staff_id, now=here.now)
    return True


def with_corrections(uow: UnitOfWork, lines: Iterable[Line]) -> tuple[Line, ...]:
    """The lines, with what staff said they mean."""
    shown = tuple(lines)
    meant = uow.corrections.of_lines([line.id for line in shown if line.understood is not None])
    return tuple(
        line
        if line.understood is None or line.id not in meant
        else replace(line, understood=replace(line.understood, meant=meant[line.id]))
        for line in shown
    )


def names_around(uow: UnitOfWork, snapshot: ConversationSnapshot, clinic: Clinic) -> frozenset[str]:
    """Every name that might stand in what a patient writes: theirs, their household's, the staff's, the clinic's."""
    part = clinic.settings.clinic
    ours = (part.name, part.address, *part.names.values(), *clinic.provider_names.values(), *uow.staff.names().values())
    return frozenset((*ours, *(name for profile in _people(uow, snapshot) for name in _names(profile))))


def _people(uow: UnitOfWork, snapshot: ConversationSnapshot) -> Iterator[Profile]:
    yield snapshot.patient.profile
    if snapshot.patient.household_id is not None:
        yield from (each.profile for each in uow.patients.living_with(snapshot.patient.household_id))
    account = uow.accounts.of_conversation(snapshot.id)
    members: list[PatientId] = [] if account is None else [each.patient_id for each in uow.accounts.members(account)]
    yield from (each.profile for each in uow.patients.get_many(members).values())


def _names(profile: Profile) -> Iterator[str]:
    known = (profile.given_name, profile.patronymic, profile.family_name, profile.street, profile.city)
    yield from (name for name in known if name)
