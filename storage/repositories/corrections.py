"""Corrections: what staff say a text meant, kept for review.

A line has at most one, the last. What is kept leads to no patient; it goes when theirs does.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select

from flows.ids import PatientId, StaffId
from flows.meaning import Intent
from storage.models import Conversation, Received, table_of
from storage.models import Correction as CorrectionRow
from storage.records.corrections import Correction, NewCorrection
from storage.scope import Scope
from storage.sealing import Lookup, Place

_corrections = table_of(CorrectionRow)
_received = table_of(Received)
_talks = table_of(Conversation)
_KEEP = insert(_corrections)
_OF_LINES = select(_corrections.c.line_hash, _corrections.c.meant).where(
    _corrections.c.clinic_id == bindparam("clinic_id"),
    _corrections.c.line_hash.in_(bindparam("hashes", expanding=True)),
)
_PAGE = (
    select(_corrections)
    .where(_corrections.c.clinic_id == bindparam("clinic_id"), _corrections.c.id > bindparam("after_id"))
    .order_by(_corrections.c.id)
    .limit(bindparam("limit"))
)
_LINES_OF_PERSON = (
    select(_received.c.id)
    .join(_talks, (_talks.c.clinic_id == _received.c.clinic_id) & (_talks.c.id == _received.c.conversation_id))
    .where(_talks.c.clinic_id == bindparam("clinic_id"), _talks.c.patient_id == bindparam("patient_id"))
)
AT_ONCE = 500
"""So many hashes stand in one statement."""


class CorrectionRepository:
    """Corrections of one clinic."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def keep(self, new: NewCorrection, *, staff_id: StaffId, now: datetime) -> int:
        """Keep what staff say a line meant, in place of what they said of it before (now: aware UTC); its id."""
        self.withdraw(new.line_id)
        correction_id = self._scope.ids.next()
        row = {
            "clinic_id": self._scope.clinic_id,
            "id": correction_id,
            "line_hash": self._hash(new.line_id),
            "at": now,
            "staff_id": staff_id,
            "language": new.language,
            "understood": new.understood,
            "sure": new.sure,
            "meant": new.meant,
            "text": self._scope.sealer.seal(_place(correction_id), new.text),
        }
        self._scope.execute(_KEEP, row)
        return correction_id

    def withdraw(self, line_id: int) -> bool:
        """Forget what staff said of a line: it was understood rightly after all; False if nothing was."""
        return self._remove([self._hash(line_id)]) > 0

    def of_lines(self, line_ids: Collection[int]) -> dict[int, Intent]:
        """Tell what lines meant, those that were corrected."""
        hashes = {self._hash(line_id): line_id for line_id in line_ids}
        if not hashes:
            return {}
        parameters = {"clinic_id": self._scope.clinic_id, "hashes": list(hashes)}
        return {hashes[hashed]: meant for hashed, meant in self._scope.execute(_OF_LINES, parameters)}

    def page(self, *, limit: int, after_id: int = 0) -> list[Correction]:
        """Return corrections, the oldest first, those after `after_id`."""
        parameters = {"clinic_id": self._scope.clinic_id, "after_id": after_id, "limit": limit}
        return [
            Correction(
                id=row["id"],
                at=row["at"],
                staff_id=row["staff_id"],
                text=str(self._scope.sealer.open(_place(row["id"]), row["text"])),
                language=row["language"],
                understood=row["understood"],
                sure=row["sure"],
                meant=row["meant"],
            )
            for row in self._scope.execute(_PAGE, parameters).mappings()
        ]

    def remove_all(self, patient_id: PatientId) -> int:
        """Remove what was kept of the words of a person who is erased; tells how many."""
        parameters = {"clinic_id": self._scope.clinic_id, "patient_id": patient_id}
        hashes = [self._hash(line_id) for line_id in self._scope.execute(_LINES_OF_PERSON, parameters).scalars()]
        return sum(self._remove(hashes[start : start + AT_ONCE]) for start in range(0, len(hashes), AT_ONCE))

    def _remove(self, hashes: list[bytes]) -> int:
        gone = (
            delete(_corrections)
            .where(_corrections.c.clinic_id == self._scope.clinic_id, _corrections.c.line_hash.in_(hashes))
            .returning(_corrections.c.id)
        )
        return len(self._scope.execute(gone).all())

    def _hash(self, line_id: int) -> bytes:
        return self._scope.sealer.lookup(Lookup.CORRECTED, str(line_id))


def _place(correction_id: int) -> Place:
    return Place("correction", "text", correction_id)
