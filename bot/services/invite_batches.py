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
from flows.ids import OutboxId, StaffId
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
    *,
    released_by: StaffId | None = None,
) -> Batch[Letter]:
    """Word a letter for everybody chosen whom the gate still permits, at the moment it goes to the post.

    Whom it does not is counted in `chosen`. released_by: who went through the batch, where the policy wants somebody
    to. The caller commits, writes the file, and says so.
    """
    planned = _plan(uow, chosen, batch, Channel.LETTER, now)
    ids = [outbox_id for _, outbox_id in planned]
    if released_by is not None:
        uow.releases.decide(invite_name(batch), released_by, released=ids, left_out=(), now=now)
    lease = _lease(now)
    uow.invites.lease(ids, lease)
    errands = {each.judgement.errand: each.at for each, _ in planned}
    judged = judge_all(uow, clinic, errands, stage=Stage.SENDING, now=now, free_times=OFFERS_EACH)
    write_down(uow, [(judged[each.judgement.errand], row) for each, row in planned], stage=Stage.SENDING, now=now)
    letters: dict[OutboxId, Letter] = {}
    for each, outbox_id in planned:
        judgement = judged[each.judgement.errand]
        if isinstance(judgement.verdict, Permit):
            link = make_link(uow, each.patient.id, clinic.settings, now)
            letters[outbox_id] = writer.letter(each.patient, link, level=judgement.level, foot=judgement.foot, now=now)
        else:
            reason = judgement.verdict.reason
            uow.outbox.refuse([outbox_id], lease.token, reason=reason.value)
            chosen.left_out[reason] += 1
            chosen.going.remove(each)
    for each, outbox_id in planned:
        if (letter := letters.get(outbox_id)) is not None:
            body = {"text": letter.text, "buttons": []}
            level = judged[each.judgement.errand].level
            uow.outbox.word(
                outbox_id, lease.token, body, patient_id=each.patient.id, message_key=WhoAndWhy.key, level=level
            )
    return Batch(name=batch, invitations=tuple(letters.values()), rows=tuple(letters), lease=lease)


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
    return len(_plan(uow, chosen, batch, Channel.EMAIL, now))


def written(uow: UnitOfWork, batch: Batch[Made], now: datetime) -> None:
    """Say that the file is written: its invitations count as sent."""
    uow.outbox.mark_sent(dict.fromkeys(batch.rows), batch.lease.token, now)


def not_written(uow: UnitOfWork, batch: Batch[Made]) -> None:
    """Say that there is no file: nothing left."""
    uow.outbox.mark_failed(batch.rows, batch.lease.token, reason="file_not_written")


def _plan(uow: UnitOfWork, chosen: Chosen, batch: str, channel: Channel, now: datetime) -> list[tuple[Going, OutboxId]]:
    rows = uow.outbox.plan_many([_row(each, batch, channel) for each in chosen.going], now=now)
    planned = [(each, row) for each, row in zip(chosen.going, rows, strict=True) if row is not None]
    write_down(uow, [(each.judgement, row) for each, row in planned], stage=Stage.PLANNED, now=now)
    return planned


def _lease(now: datetime) -> Lease:
    return Lease(token=secrets.token_urlsafe(TOKEN_BYTES), until=now + TIME_TO_WRITE)


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


def _row(each: Going, batch: str, channel: Channel) -> NewOutbox:
    return NewOutbox(
        patient_id=each.patient.id,
        channel=channel,
        kind=OutboxKind.PROACTIVE,
        message_key=Campaign.INVITE.value,
        level=each.judgement.level,
        not_before=each.at,
        purpose=each.judgement.errand.purpose,
        campaign=invite_name(batch),
        step=FIRST_INVITATION.number,
    )
