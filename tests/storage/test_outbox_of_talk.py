"""What waits in one talk, on both databases: found before its time, and taken from a claim that has not begun."""

from flows.ids import OutboxId
from storage.database import Database
from storage.records.outgoing import Lease
from tests.storage.conftest import NOW, Clinic, Talk
from tests.storage.outbox_rows import LATER, MINE, THEIRS, claim, invitation, put, reply
from tests.storage.sql import run_sql

OURS = Lease(token=f"{MINE}-anew", until=LATER)


def claim_of_talk(clinic: Clinic, talk: Talk, held: dict[OutboxId, str] | None = None) -> list[OutboxId]:
    """Lease what waits in a talk; which messages."""
    found = clinic.do(lambda uow: uow.outbox.claim_of_talk(talk.conversation_id, OURS, limit=10, held=held or {}))
    return [each.id for each in found]


def waiting_in(clinic: Clinic, talk: Talk, *known: OutboxId) -> list[OutboxId]:
    """Which messages wait in a talk."""
    return sorted(clinic.do(lambda uow: uow.outbox.waiting_in_talk(talk.conversation_id, known)))


def test_all_that_waits_in_a_talk_is_claimed_in_the_order_it_was_put_in(clinic: Clinic) -> None:
    talk, other = clinic.add_talk(), clinic.add_talk()
    first, second, _, _ = put(
        clinic, reply(talk, not_before=LATER), reply(talk), invitation(talk), reply(other, not_before=LATER)
    )
    assert waiting_in(clinic, talk) == [first, second]
    assert claim_of_talk(clinic, talk) == [first, second]
    assert claim_of_talk(clinic, talk) == []
    assert waiting_in(clinic, talk) == []
    assert waiting_in(clinic, talk, second) == [second], "held, but known to wait"


def test_what_a_claim_has_not_begun_is_taken_from_it_and_lost_to_it(clinic: Clinic, database: Database) -> None:
    talk = clinic.add_talk()
    begun, waiting = put(clinic, reply(talk), reply(talk))
    claim(clinic)
    assert claim_of_talk(clinic, talk, {waiting: THEIRS}) == [], "another holds it"
    assert claim_of_talk(clinic, talk, {waiting: MINE}) == [waiting]
    assert clinic.do(lambda uow: uow.outbox.put_off([begun, waiting], MINE, not_before=LATER)) == 1
    assert clinic.do(lambda uow: uow.outbox.renew(waiting, OURS))
    rows = run_sql(database, "SELECT status, attempts FROM outbox ORDER BY id")
    assert [tuple(row) for row in rows] == [("queued", 0), ("leased", 1)], "tried once all the same"


def test_what_waits_anywhere_is_found_unless_it_is_proactive_or_far_ahead(clinic: Clinic) -> None:
    talk, other = clinic.add_talk(), clinic.add_talk()
    first, second, _, _ = put(
        clinic, reply(talk), reply(other, not_before=LATER), invitation(talk), reply(other, not_before=LATER)
    )
    claim(clinic, limit=1)
    found = clinic.do(lambda uow: uow.outbox.waiting_until(NOW))
    assert found == []
    found = clinic.do(lambda uow: uow.outbox.waiting_until(LATER))
    assert (other.conversation_id, second) in found
    assert first not in {outbox_id for _, outbox_id in found}
