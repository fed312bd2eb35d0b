"""Somebody's telephone: an account at a messenger that stands in for Telegram, and what it shows them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.services.arriving import Arrival, Arrived, ArrivedContent, CameByLink, SharedPhone
from bot.services.updates import Pressed, Wrote
from flows.engine.choices import Choice, Payload
from flows.ids import ConversationId, PatientId
from flows.vocabulary import Channel, ContactKind, Language
from storage.records.people import ContactChange
from storage.repositories.passes import Holder
from storage.vocabulary import PassKind
from tests import world as worlds
from tests.house.line import Line
from tests.house.records import Records
from tests.world import World, make_world

MOBILE = "+32470000001"


@dataclass(kw_only=True)
class Phone:
    """Somebody's account at the messenger."""

    world: World
    line: Line
    account: str
    language: Language | None = Language.EN
    updates: "count[int]" = field(default_factory=lambda: count(1))

    async def does(self, content: ArrivedContent, *, update: str | None = None, message_id: str = "") -> Arrived:
        """Let something arrive from this account."""
        return await self.world.house.entrance.take(
            Arrival(
                channel=Channel.TELEGRAM,
                external_id=update or f"7:{self.account}-{next(self.updates)}",
                account=self.account,
                language=self.language,
                content=content,
                message_id=message_id,
            )
        )

    async def writes(self, text: str) -> Arrived:
        """Let them write."""
        return await self.does(Wrote(text=text))

    async def shares(self, number: str = MOBILE, *, own: bool = True) -> Arrived:
        """Let them share a phone number."""
        return await self.does(SharedPhone(number=number, own=own))

    @property
    def heard(self) -> list[str]:
        """What the messenger has shown them."""
        return [message.text for message in self.line.arrived if message.address == self.account]


def link_for(world: World, patient_id: PatientId) -> str:
    """Make a personal link; its secret."""
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        token = uow.passes.issue(
            PassKind.PATIENT_LINK, Holder(patient_id=patient_id), now=world.clock.now(), lifetime=timedelta(days=7)
        )
        uow.commit()
    return token


def has_mobile(world: World, patient_id: PatientId, number: str = MOBILE) -> PatientId:
    """Put a mobile into the clinic's books."""
    with world.house.database.unit_of_work(world.house.clinic.id) as uow:
        change = ContactChange(patient_id=patient_id, kind=ContactKind.MOBILE, value=number)
        uow.addresses.set_contacts([change], now=world.clock.now())
        uow.commit()
    return patient_id


def talk_of(world: World, account: str) -> ConversationId:
    """The talk an account is in."""
    with world.house.database.reading(world.house.clinic.id) as uow:
        found = uow.accounts.find(Channel.TELEGRAM, account)
    assert found is not None
    return found.conversation_id


def whose(records: Records, talk: ConversationId) -> PatientId:
    """Whose talk it is."""
    return PatientId(records.of("conversation", id=talk)[0]["patient_id"])


def keys(records: Records, talk: ConversationId) -> list[str]:
    """What was said in a talk."""
    return [row["message_key"] for row in records.of("outbox", conversation_id=talk)]


def buttons_of(world: World, talk: ConversationId) -> list[str]:
    """What can be pressed in a talk."""
    return [button["payload"] for button in _on_the_table(world, talk)]


def labels_of(world: World, talk: ConversationId) -> list[str]:
    """What the buttons of a talk say."""
    return [button["label"] for button in _on_the_table(world, talk)]


def _on_the_table(world: World, talk: ConversationId) -> list[Mapping[str, str]]:
    with world.house.database.reading(world.house.clinic.id) as uow:
        state: Mapping[str, object] | None = uow.conversations.snapshot(talk, now=world.clock.now()).state
    assert state is not None
    buttons = state["buttons"]
    assert isinstance(buttons, list)
    return buttons


async def presses(phone: Phone, choice: Choice, *, message_id: str = "") -> Arrived:
    """Let them press the button that means this."""
    payloads = [Payload.decode(raw) for raw in buttons_of(phone.world, talk_of(phone.world, phone.account))]
    payload = next(each for each in payloads if each.choice is choice)
    return await phone.does(Pressed(payload=payload), message_id=message_id)


async def comes_by_link(phone: Phone, patient_id: PatientId) -> ConversationId:
    """Let them start the chat by a patient's link; the talk they are in then."""
    await phone.does(CameByLink(token=link_for(phone.world, patient_id)))
    return talk_of(phone.world, phone.account)


@contextmanager
def on_telegram(database_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A house whose clinic is on Telegram."""
    file = folder / "clinic.toml"
    file.write_text(f"{worlds.CLINIC_FILE.read_text()}\n[telegram]\n")
    monkeypatch.setattr(worlds, "CLINIC_FILE", file)
    made = make_world(database_url)
    yield made
    made.house.database.close_now()
