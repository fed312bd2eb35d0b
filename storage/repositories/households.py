"""Households: who shares a mobile or mailbox belongs together. Consent stays with each person."""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import bindparam, insert, select, update

from flows.ids import HouseholdId, PatientId
from flows.vocabulary import Channel
from storage.models import Address, Household, table_of
from storage.models import Patient as PatientRow
from storage.records.people import CONTACT_CHANNELS, LOOKUPS, ContactChange
from storage.scope import Scope

_households = table_of(Household)
_patients = table_of(PatientRow)
_addresses = table_of(Address)
_SHARING = (
    select(_addresses.c.lookup, _addresses.c.patient_id, _patients.c.household_id)
    .join_from(
        _addresses,
        _patients,
        (_patients.c.clinic_id == _addresses.c.clinic_id) & (_patients.c.id == _addresses.c.patient_id),
    )
    .where(
        _addresses.c.clinic_id == bindparam("clinic_id"),
        _addresses.c.channel.in_((Channel.PHONE, Channel.EMAIL)),
        _addresses.c.lookup.in_(bindparam("lookups", expanding=True)),
        _addresses.c.closed_at.is_(None),
    )
    .order_by(_addresses.c.patient_id)
)
_MOVE_IN = (
    update(_patients)
    .where(_patients.c.clinic_id == bindparam("of_clinic"), _patients.c.id == bindparam("of_patient"))
    .values(household_id=bindparam("of_household"))
)


class Households:
    """Puts people into households."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def join(self, contacts: Collection[ContactChange]) -> None:
        """Put those whose mobile or mailbox has just been stored into one household with whoever else has it.

        Nobody is moved out of a household they are in already.
        """
        lookups = {
            self._scope.sealer.lookup(LOOKUPS[CONTACT_CHANNELS[contact.kind]], contact.value)
            for contact in contacts
            if contact.value
        }
        if not lookups:
            return
        sharing: dict[bytes, list[tuple[PatientId, HouseholdId | None]]] = defaultdict(list)
        for lookup, patient_id, household_id in self._scope.execute(
            _SHARING, {"clinic_id": self._scope.clinic_id, "lookups": list(lookups)}
        ):
            sharing[lookup].append((patient_id, household_id))
        new: list[HouseholdId] = []
        moves: dict[PatientId, HouseholdId] = {}
        for people_before in sharing.values():
            people = [(patient_id, moves.get(patient_id, known)) for patient_id, known in people_before]
            homeless = [patient_id for patient_id, household_id in people if household_id is None]
            if len(people) == 1 or not homeless:
                continue
            home = next((household_id for _, household_id in people if household_id is not None), None)
            if home is None:
                home = HouseholdId(self._scope.ids.next())
                new.append(home)
            moves |= dict.fromkeys(homeless, home)
        self._settle(new, moves)

    def _settle(self, new: Collection[HouseholdId], moves: dict[PatientId, HouseholdId]) -> None:
        clinic_id = self._scope.clinic_id
        if new:
            self._scope.execute(insert(_households), [{"clinic_id": clinic_id, "id": household} for household in new])
        if moves:
            self._scope.execute(
                _MOVE_IN,
                [
                    {"of_clinic": clinic_id, "of_patient": patient_id, "of_household": household_id}
                    for patient_id, household_id in moves.items()
                ],
            )
