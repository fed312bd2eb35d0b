"""Taking what patients send: nothing long holds up the others, nothing broken comes back for ever."""

import logging
import threading
from dataclasses import dataclass, field

import pytest

from bot.services.links import make_link
from bot.services.turn import Turns
from bot.understanding.port import Reading
from flows.meaning import Intent, Meaning
from flows.vocabulary import Language
from storage.errors import StorageBusyError
from tests.house.acts import books
from tests.house.records import Records
from tests.world import World


@dataclass(frozen=True, kw_only=True)
class Listening:
    """Understands nothing and remembers in which thread it was asked."""

    threads: list[threading.Thread] = field(default_factory=list)

    @property
    def is_quick(self) -> bool:
        """Tell that short texts take no time."""
        return True

    def understand(self, text: str, reading: Reading) -> Meaning:
        """Take everything for something else."""
        del text, reading
        self.threads.append(threading.current_thread())
        return Meaning(intent=Intent.OTHER, confidence=0.0, sure=False)

    def courtesies(self, language: Language) -> frozenset[str]:
        """Know none."""
        del language
        return frozenset()


async def test_a_long_text_is_understood_beside_the_event_loop(world: World) -> None:
    _, talk = world.add_patient()
    listening = Listening()
    world.house.turns._ear._understander = listening  # noqa: SLF001 - it is chosen when the house is built
    await world.writes(talk, "hello")
    await world.writes(talk, "not " * 1000)
    short, long = listening.threads
    assert short is threading.main_thread()
    assert long is not threading.main_thread()


async def test_a_link_still_opens_the_page_when_the_greeting_cannot_be_said(
    world: World, records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient_id, _ = world.add_patient()
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        link = make_link(uow, patient_id, world.house.clinic.settings, world.clock.now())
        uow.commit()

    async def busy(*_about: object) -> None:
        raise StorageBusyError("another process is writing to the database; try again")

    monkeypatch.setattr(Turns, "take", busy)
    opened = await world.house.patient.redeem_link(link.url.rpartition("/")[2])
    assert opened is not None
    assert await world.house.patient.session(opened[0]) == opened[1]
    assert records.of("outbox") == []


async def test_an_update_that_can_never_be_stored_is_put_aside_and_not_raised_for_ever(
    world: World, records: Records, caplog: pytest.LogCaptureFixture
) -> None:
    _, talk = world.add_patient()
    records.change("UPDATE conversation SET state = :damaged", damaged=b"damaged")
    with caplog.at_level(logging.CRITICAL):
        await world.writes(talk, "look for a time please")
    assert [row["error"] for row in records.of("quarantined_update")] == ["SealBrokenError"]
    assert [row["reason"] for row in records.of("ticket", conversation_id=talk)] == ["put_aside"]


async def test_an_erased_persons_page_is_closed(world: World) -> None:
    patient_id, _ = world.add_patient()
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        links = [make_link(uow, patient_id, world.house.clinic.settings, world.clock.now()) for _ in range(2)]
        uow.commit()
    first, second = (link.url.rpartition("/")[2] for link in links)
    opened = await world.house.patient.redeem_link(first)
    assert opened is not None
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        uow.patients.erase(patient_id, now=world.clock.now())
        uow.commit()
    assert await world.house.patient.session(opened[0]) is None
    assert await world.house.patient.peek_link(second) is None
    assert await world.house.patient.redeem_link(second) is None


async def test_a_chat_nobody_has_proven_is_told_no_name(world: World, records: Records) -> None:
    _, talk = world.add_patient()
    records.change("UPDATE address SET verified_at = NULL")
    await books(world, records, talk)
    names = world.house.clinic.provider_names.values()
    spoken = [line for line in await world.lines(talk) if line.startswith("bot")]
    assert spoken
    assert not [line for line in spoken if any(name in line for name in (*names, "Anna", "Example"))]
