"""Makes a batch of invitations: links, words, and a row in the outbox for each, so that it can be told why.

Paper leaves in two steps: first the rows, under a lease; then, when the file is written, that they left. What a crash
leaves between the two counts as sent, and is never made a second time by itself.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.services.campaigns import invite_name
from bot.services.clinic import Clinic
from bot.services.invitations import Card, InvitationWriter, Letter
from bot.services.inviting import Chosen, Going
from bot.services.judging import judge_all, write_down
from bot.services.links import make_link
from bot.services.pacing import OFFERS_EACH
from flows.ids import OutboxId
from flows.messages.invites import CardTitle, WhoAndWhy
from flows.messages.text import LOCK_SCREEN
from flows.outreach.cadence import FIRST_INVITATION, Campaign
from flows.outreach.hours import local_day
from flows.outreach.verdict import Permit, Stage
from flows.vocabulary import Channel, PatientStatus
from storage.records.outgoing import Lease, NewOutbox
from storage.records.people import Patient
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import OutboxKind

TIME_TO_WRITE = timedelta(hours=1)
TOKEN_BYTES = 12

Made = TypeVar("Made")


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch(Generic[Made]):
    """What a file is to hold, and the rows that wait for it under a lease."""

    name: str
    invitations: tuple[Made, ...]
    rows: tuple[OutboxId, ...]
    lease: Lease


def batch_name(what: str, clinic: Clinic, now: datetime) -> str:
    """Name a batch by its day and kind, unlike every other."""
    return f"{local_day(now, clinic.zone).isoformat()}-{what}-{secrets.token_hex(3)}"


def make_letters(
    uow: UnitOfWork,
    clinic: Clinic,
    writer: InvitationWriter,
    chosen: Chosen,
    batch: str,
    now: datetime,
) -> Batch[Letter]:
    """Word a letter for everybody chosen whom the gate still permits, at the moment it goes to the post.

    Whom it does not is counted in `chosen`. The caller commits, writes the file, and says so.
    """
    going = _released(uow, clinic, chosen, now)
    lease = _lease(now)
    letters: list[Letter] = []
    rows: list[NewOutbox] = []
    for each in going:
        link = make_link(uow, each.patient.id, clinic.settings, now)
        letter = writer.letter(each.patient, link, level=each.judgement.level, now=now)
        letters.append(letter)
        rows.append(_letter_row(each, letter, batch, lease))
    planned = uow.outbox.plan_many(rows, now=now)
    ids = [outbox_id for outbox_id in planned if outbox_id is not None]
    judged = [(each.judgement, outbox_id) for each, outbox_id in zip(going, ids, strict=True)]
    for stage in Stage:
        write_down(uow, judged, stage=stage, now=now)
    return Batch(name=batch, invitations=tuple(letters), rows=tuple(ids), lease=lease)


def make_cards(
    uow: UnitOfWork, clinic: Clinic, writer: InvitationWriter, patients: Sequence[Patient], batch: str, now: datetime
) -> Batch[Card]:
    """Word a card for each patient, to be handed over in person.

    What somebody takes in their hand passes no gate, but is recorded; nobody is handed one who is no patient any more.
    """
    lease = _lease(now)
    cards: list[Card] = []
    rows: list[NewOutbox] = []
    for patient in patients:
        if patient.status is not PatientStatus.ACTIVE:
            continue
        card = writer.card(patient, make_link(uow, patient.id, clinic.settings, now), now=now)
        cards.append(card)
        rows.append(_card_row(patient, card, batch, lease, now))
    return Batch(name=batch, invitations=tuple(cards), rows=tuple(uow.outbox.put(rows, now=now)), lease=lease)


def plan_mails(uow: UnitOfWork, chosen: Chosen, batch: str, now: datetime) -> int:
    """Plan an e-mail for everybody chosen; it is worded and leaves by itself, if the gate then says yes again."""
    planned = uow.outbox.plan_many([_mail_row(each, batch) for each in chosen.going], now=now)
    judged = [(each.judgement, row) for each, row in zip(chosen.going, planned, strict=True) if row is not None]
    write_down(uow, judged, stage=Stage.PLANNED, now=now)
    return len(judged)


def written(uow: UnitOfWork, batch: Batch[Made], now: datetime) -> None:
    """Say that the file is written: its invitations count as sent."""
    uow.outbox.mark_sent(dict.fromkeys(batch.rows), batch.lease.token, now)


def not_written(uow: UnitOfWork, batch: Batch[Made]) -> None:
    """Say that there is no file: nothing left."""
    uow.outbox.mark_failed(batch.rows, batch.lease.token, reason="file_not_written")


def _released(uow: UnitOfWork, clinic: Clinic, chosen: Chosen, now: datetime) -> list[Going]:
    """Ask the gate once more, as for everything that leaves: is the policy signed, was the batch released?"""
    errands = {each.judgement.errand: each.at for each in chosen.going}
    judged = judge_all(uow, clinic, errands, stage=Stage.SENDING, now=now, free_times=OFFERS_EACH)
    going = []
    for each in chosen.going:
        verdict = judged[each.judgement.errand].verdict
        if isinstance(verdict, Permit):
            going.append(each)
        else:
            chosen.left_out[verdict.reason] += 1
    chosen.going = going
    return going


def _lease(now: datetime) -> Lease:
    return Lease(token=secrets.token_urlsafe(TOKEN_BYTES), until=now + TIME_TO_WRITE)


def _letter_row(each: Going, letter: Letter, batch: str, lease: Lease) -> NewOutbox:
    return NewOutbox(
        patient_id=each.patient.id,
        channel=Channel.LETTER,
        kind=OutboxKind.PROACTIVE,
        message_key=WhoAndWhy.key,
        level=each.judgement.level,
        not_before=each.at,
        body={"text": letter.text, "buttons": []},
        purpose=each.judgement.errand.purpose,
        campaign=invite_name(batch),
        step=FIRST_INVITATION.number,
        lease=lease,
    )


def _card_row(patient: Patient, card: Card, batch: str, lease: Lease, now: datetime) -> NewOutbox:
    return NewOutbox(
        patient_id=patient.id,
        channel=Channel.LETTER,
        kind=OutboxKind.STAFF,
        message_key=CardTitle.key,
        level=LOCK_SCREEN,
        not_before=now,
        body={"text": f"{card.title}\n\n{card.text}", "buttons": []},
        campaign=invite_name(batch),
        step=FIRST_INVITATION.number,
        lease=lease,
    )


def _mail_row(each: Going, batch: str) -> NewOutbox:
    return NewOutbox(
        patient_id=each.patient.id,
        channel=Channel.EMAIL,
        kind=OutboxKind.PROACTIVE,
        message_key=Campaign.INVITE.value,
        level=each.judgement.level,
        not_before=each.at,
        purpose=each.judgement.errand.purpose,
        campaign=invite_name(batch),
        step=FIRST_INVITATION.number,
    )
