"""What a list's yes and no become in the ledger. Pure.

A yes of a list is worth what the policy says, at most recall; it is never written where somebody said no before. What a
list has said already it does not say again, so that nothing a patient decided since is undone by an old list.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from flows.ids import LedgerEventId, PatientId
from flows.outreach.ledger import PRACTICE, Act, ActedBy, Basis, LedgerEvent
from flows.outreach.policy import Policy
from flows.outreach.rights import STOPPED_BY_A_STOP
from flows.outreach.standing import NOES
from flows.vocabulary import Purpose
from storage.imports.words import Consent

COLLECTED = "patient list"
REFUSED_BY_A_NO = STOPPED_BY_A_STOP
WITHDRAW_BY = "stop in any words, the settings of the chat, the clinic's staff"


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """What a row says about one person. evidence: the file's hash and the row; at: of the import, aware UTC."""

    patient_id: PatientId
    consent: Consent
    evidence: str
    at: datetime


def evidence_of(file_hash: str, row: int) -> str:
    """Name the proof of what a list says."""
    return f"sha256:{file_hash}:row:{row}"


def events_for(
    said: Statement, history: Iterable[LedgerEvent], policy: Policy, new_id: Callable[[], LedgerEventId]
) -> tuple[LedgerEvent, ...]:
    """Work out what a row adds to a person's ledger.

    Args:
        said: the row.
        history: the person's events so far.
        policy: says for which purposes a list's yes counts.
        new_id: makes the ids.

    Returns:
        the events to append; none for a row that says nothing, or nothing new, or a yes that may not count.
    """
    events = tuple(history)
    if said.consent is Consent.NO:
        purposes = tuple(purpose for purpose in REFUSED_BY_A_NO if not _said_before(events, purpose, Act.DENY))
        return tuple(_event(said, purpose, Act.DENY, policy, new_id()) for purpose in purposes)
    counts = said.consent is Consent.YES and Purpose.RECALL in policy.imported_yes
    if not counts or _said_before(events, Purpose.RECALL, Act.PERMIT) or _refused(events, Purpose.RECALL):
        return ()
    return (_event(said, Purpose.RECALL, Act.PERMIT, policy, new_id()),)


def _said_before(events: tuple[LedgerEvent, ...], purpose: Purpose, act: Act) -> bool:
    """Whether the last word of a list on this purpose was the same."""
    words = [event for event in events if event.acted_by is ActedBy.IMPORT and event.purpose is purpose]
    return bool(words) and words[-1].act is act


def _refused(events: tuple[LedgerEvent, ...], purpose: Purpose) -> bool:
    """Whether anybody ever said no to this; a no without a purpose is one to the programme."""
    return any(event.act in NOES and event.purpose in {None, purpose} for event in events)


def _event(said: Statement, purpose: Purpose, act: Act, policy: Policy, event_id: LedgerEventId) -> LedgerEvent:
    return LedgerEvent(
        id=event_id,
        patient_id=said.patient_id,
        at=said.at,
        acted_by=ActedBy.IMPORT,
        act=act,
        purpose=purpose,
        basis=Basis.EXPRESS_CONSENT if act is Act.PERMIT else None,
        address_id=None,
        channel=None,
        policy=policy.id,
        policy_version=policy.version,
        collected=COLLECTED,
        evidence=said.evidence,
        valid_from=said.at,
        valid_until=None,
        withdraw_by=WITHDRAW_BY if act is Act.PERMIT else "",
        source_system=PRACTICE,
    )
