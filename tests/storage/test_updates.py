"""Updates on both databases: each has its effect once, and none is lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from flows.vocabulary import Channel
from storage.errors import NotFoundError
from storage.vocabulary import ReceivedKind
from tests.storage.conftest import NOW, Clinic

WEB = Channel.WEBCHAT


def test_an_update_is_claimed_once(clinic: Clinic) -> None:
    assert clinic.do(lambda uow: uow.updates.claim(WEB, "u1", NOW))
    assert not clinic.do(lambda uow: uow.updates.claim(WEB, "u1", NOW + timedelta(days=1)))
    assert clinic.do(lambda uow: uow.updates.claim(WEB, "u2", NOW))
    assert clinic.do(lambda uow: uow.updates.claim(Channel.TELEGRAM, "u1", NOW))
    assert clinic.neighbour().do(lambda uow: uow.updates.claim(WEB, "u1", NOW))


def test_whether_an_update_is_claimed_is_known_of_each_by_itself(clinic: Clinic) -> None:
    clinic.do(lambda uow: uow.updates.claim(WEB, "u1", NOW))
    assert clinic.do(lambda uow: uow.updates.is_claimed(WEB, "u1"))
    assert not clinic.do(lambda uow: uow.updates.is_claimed(WEB, "u2"))
    assert not clinic.do(lambda uow: uow.updates.is_claimed(Channel.TELEGRAM, "u1"))
    assert not clinic.neighbour().do(lambda uow: uow.updates.is_claimed(WEB, "u1"))


def test_a_claim_that_is_not_committed_claims_nothing(clinic: Clinic) -> None:
    with clinic.database.unit_of_work(clinic.clinic_id) as uow:
        assert uow.updates.claim(WEB, "u1", NOW)
    assert clinic.do(lambda uow: uow.updates.claim(WEB, "u1", NOW))


def test_of_racing_claims_of_one_update_one_wins(clinic: Clinic) -> None:
    together = threading.Barrier(4)

    def claim(_: int) -> bool:
        together.wait(timeout=10)
        return clinic.do(lambda uow: uow.updates.claim(WEB, "u1", NOW))

    for _ in range(5):
        with ThreadPoolExecutor(4) as threads:
            won = list(threads.map(claim, range(4)))
        assert sum(won) == 1
        clinic.do(lambda uow: uow.updates.forget_claims(before=NOW + timedelta(seconds=1)))


def test_old_claims_are_forgotten_and_new_ones_kept(clinic: Clinic) -> None:
    clinic.do(lambda uow: uow.updates.claim(WEB, "old", NOW))
    clinic.do(lambda uow: uow.updates.claim(WEB, "new", NOW + timedelta(days=8)))
    assert clinic.do(lambda uow: uow.updates.forget_claims(before=NOW + timedelta(days=1))) == 1
    assert not clinic.do(lambda uow: uow.updates.claim(WEB, "new", NOW))


def put_aside(clinic: Clinic, name: str) -> None:
    """Put an update aside."""
    clinic.do(lambda uow: uow.updates.quarantine(WEB, name, raw={}, error="KeyError", now=NOW))


def test_what_was_put_aside_and_handled_later_is_not_unhandled_however_long_ago(clinic: Clinic) -> None:
    for name in ("u1", "u2"):
        put_aside(clinic, name)
    neighbour = clinic.neighbour()
    neighbour.do(lambda uow: uow.updates.claim(WEB, "u2", NOW))
    clinic.do(lambda uow: uow.updates.claim(WEB, "u1", NOW))
    clinic.do(lambda uow: uow.updates.forget_claims(before=NOW + timedelta(days=90)))
    assert [each.external_id for each in clinic.do(lambda uow: uow.updates.unhandled(10))] == ["u2"]
    assert neighbour.do(lambda uow: uow.updates.unhandled(10)) == []


def test_of_much_that_is_unhandled_the_latest_is_shown_the_oldest_first(clinic: Clinic) -> None:
    for name in ("u1", "u2", "u3"):
        put_aside(clinic, name)
    assert [each.external_id for each in clinic.do(lambda uow: uow.updates.unhandled(2))] == ["u2", "u3"]


def test_quarantine_keeps_an_update_sealed_and_once(clinic: Clinic) -> None:
    raw = {"text": "words", "nested": [1, None, True]}
    assert clinic.do(lambda uow: uow.updates.quarantine(WEB, "u1", raw=raw, error="KeyError", now=NOW))
    assert not clinic.do(lambda uow: uow.updates.quarantine(WEB, "u1", raw=raw, error="KeyError", now=NOW))
    (kept,) = clinic.do(lambda uow: uow.updates.quarantined(10))
    assert (kept.raw, kept.error, kept.external_id, kept.at, kept.channel) == (raw, "KeyError", "u1", NOW, WEB)
    clinic.do(lambda uow: uow.updates.release(kept.id))
    assert clinic.do(lambda uow: uow.updates.quarantined(10)) == []


def test_what_is_received_needs_a_conversation_of_this_clinic(clinic: Clinic) -> None:
    talk = clinic.add_talk()
    elsewhere = clinic.neighbour()
    with pytest.raises(NotFoundError):
        elsewhere.do(lambda uow: uow.updates.received(talk.conversation_id, ReceivedKind.OPENED, {}, NOW))
