"""The names under which the outbox knows what was planned: one name, one step, one patient, once.

`reactivation:<day it began>`, with `:call` or `:letter` behind it where a person begins, `:email` where
an e-mail goes in place of a letter;
`reminder:<appointment>:<its sequence>`, `check_in:<visit>`.
"""

from dataclasses import dataclass
from datetime import date

from flows.ids import AppointmentId, PatientId, VisitId
from flows.outreach.cadence import Campaign
from flows.vocabulary import Channel, Purpose
from storage.records.outgoing import DueOutbox
from storage.records.worklist import IN_PLACE_OF_A_LETTER
from storage.repositories.message_log import Logged
from storage.repositories.releases import Undecided
from storage.vocabulary import WorkKind


@dataclass(frozen=True, kw_only=True, slots=True)
class Errand:
    """A message of the programme that is to be judged. about: the appointment or visit it is about, None for recall."""

    patient_id: PatientId
    campaign: Campaign
    name: str
    step: int
    purpose: Purpose
    channel: Channel
    about: int | None = None


def reactivation_name(begun_on: date) -> str:
    """Name a reactivation campaign by the day of its first plan."""
    return f"{Campaign.REACTIVATION.value}:{begun_on.isoformat()}"


def by_hand_name(name: str, kind: WorkKind) -> str:
    """Name a campaign that a person of the clinic begins, by what they do first."""
    return f"{name}:{kind.value}"


def mail_name(name: str) -> str:
    """Name the e-mail that goes in place of a campaign's letter."""
    return f"{name}{IN_PLACE_OF_A_LETTER}"


def begins_by_hand(name: str, kind: WorkKind) -> bool:
    """Whether a campaign begins with this work of a person."""
    return name.endswith(f":{kind.value}")


def reminder_name(appointment_id: AppointmentId, sequence: int) -> str:
    """Name the reminder of a visit at the time it has now."""
    return f"{Campaign.REMINDER.value}:{appointment_id}:{sequence}"


def check_in_name(visit_id: VisitId) -> str:
    """Name the check-in after a visit."""
    return f"{Campaign.CHECK_IN.value}:{visit_id}"


def invite_name(batch: str) -> str:
    """Name the invitations of a batch; a batch is named by words, never by a number alone."""
    return f"{Campaign.INVITE.value}:{batch}"


def read_errand(message: DueOutbox | Undecided | Logged) -> Errand:
    """Read back what a planned message is about. Raises ValueError for a message nobody planned."""
    if message.campaign is None or message.step is None or message.purpose is None:
        problem = "a message without words must belong to a campaign"
        raise ValueError(problem)
    kind, about, *_ = message.campaign.split(":")
    return Errand(
        patient_id=message.patient_id,
        campaign=Campaign(kind),
        name=message.campaign,
        step=message.step,
        purpose=message.purpose,
        channel=message.channel,
        about=int(about) if about.isdecimal() else None,
    )
