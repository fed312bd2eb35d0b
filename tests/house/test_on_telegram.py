"""The programme writes to whoever is on Telegram there, and what is answered is answered by whom it was written to."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.vocabulary import Channel
from tests.house.acts import EVENING, comes, invites
from tests.house.line import Line
from tests.house.records import Records
from tests.house.telephone import Phone, comes_by_link, on_telegram, talk_of, whose
from tests.world import World


@pytest.fixture
def world(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A house whose clinic is on Telegram."""
    with on_telegram(database_url, tmp_path, monkeypatch) as made:
        made.house.delivery.channels[Channel.TELEGRAM] = Line(name=Channel.TELEGRAM)
        yield made


async def test_an_invitation_leaves_where_the_patient_is_and_is_answered_there(
    world: World, phone: Phone, records: Records
) -> None:
    invited, other = world.add_patient()[0], world.add_patient(permits=frozenset())[0]
    await comes_by_link(phone, invited)
    await comes_by_link(phone, other)
    assert whose(records, talk_of(world, phone.account)) == other
    await invites(world)
    sent = records.of("outbox", kind="proactive", status="sent")
    assert [(row["patient_id"], row["channel"]) for row in sent] == [(invited, "telegram")]
    assert whose(records, talk_of(world, phone.account)) == invited
    await phone.writes("stop")
    assert {row["patient_id"] for row in records.of("ledger_event", collected="stop")} == {invited}


async def test_whoever_is_not_on_telegram_is_written_to_on_their_page(world: World, records: Records) -> None:
    patient_id, page = world.add_patient()
    await world.house.ticks.run_all()
    await comes(world, EVENING)
    sent = records.of("outbox", kind="proactive", status="sent")
    assert [(row["patient_id"], row["conversation_id"]) for row in sent] == [(patient_id, page)]
