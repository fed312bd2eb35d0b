"""Who else an account may speak for."""

from dataclasses import dataclass

from flows.ids import PatientId


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One of the patients an account may speak for. name: the given name, with what tells two of one name apart."""

    patient_id: PatientId
    name: str
