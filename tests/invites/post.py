"""A real mail server on loopback that does as it is told, and a house that hands its e-mails in there."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.app import build_house
from bot.clocks import RehearsalClock
from bot.settings import read_clinic
from bot.settings.clinic import ClinicSettings, MailPart, WebPart
from bot.settings.policies import read_book
from flows.ids import LedgerEventId, PatientId
from flows.outreach.facts import Mode
from flows.outreach.ledger import Act, ActedBy
from flows.vocabulary import Language
from storage.database import Database
from tests.storage.given import ledger_event, listed
from tests.world import CLINIC_FILE, KEY, World

MONDAY_NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
PUBLIC = "https://recall.example.com"
TAKEN = "250 OK"


@dataclass(kw_only=True)
class Server:
    """What the mail server did. answers: its answer by command, if not a plain yes; drops: it hangs up after DATA."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    drops: bool = False
    envelopes: list[Envelope] = field(default_factory=list)

    @property
    def mails(self) -> list[EmailMessage]:
        """The e-mails it took, read by Python's own parser."""
        contents = [envelope.content for envelope in self.envelopes]
        return [
            message_from_bytes(content, policy=policy.default) for content in contents if isinstance(content, bytes)
        ]

    async def handle_MAIL(  # noqa: N802 - the library's names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a sender."""
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.answers.get("MAIL", TAKEN)

    async def handle_RCPT(  # noqa: N802 - the library's names
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take a recipient."""
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return self.answers.get("RCPT", TAKEN)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Take an e-mail, or take it and hang up without a word."""
        if not self.answers.get("DATA"):
            self.envelopes.append(envelope)
        if self.drops and isinstance(server.transport, asyncio.Transport):
            server.transport.abort()
        return self.answers.get("DATA", TAKEN)


@contextlib.asynccontextmanager
async def mail_server() -> AsyncIterator[Server]:
    """Serve mail on a free port of loopback."""
    does = Server()
    listening = await asyncio.get_running_loop().create_server(
        lambda: SMTP(does, hostname="localhost", enable_SMTPUTF8=False), "127.0.0.1", 0
    )
    does.port = listening.sockets[0].getsockname()[1]
    try:
        yield does
    finally:
        listening.close()
        await listening.wait_closed()


def settings_with_mail(port: int) -> ClinicSettings:
    """The example's clinic, with a public address and a mail server on this machine."""
    mail = {"host": "127.0.0.1", "port": port, "security": "none", "from": "practice@example.com"}
    part = MailPart.model_validate(mail | {"reply_to": "desk@example.com"})
    return read_clinic(CLINIC_FILE).model_copy(update={"mail": part, "web": WebPart(public_url=PUBLIC)})


def mail_world(url: str, port: int) -> World:
    """A house that really writes, on a Monday at noon, whose policy is signed."""
    clock = RehearsalClock(MONDAY_NOON)
    database = Database.open(url, master_key=KEY, clock=clock.now)
    database.migrate()
    settings = settings_with_mail(port)
    policies = read_book(settings)
    house = build_house(settings=settings, policies=policies, database=database, clock=clock, mode=Mode.LIVE)
    with database.unit_of_work(house.clinic.id) as uow:
        for part in policies.own.parts:
            uow.decisions.sign(part.id, part.version, part.content_hash, signed_by="Dr A. Example", now=clock.now())
        uow.commit()
    return World(house=house, clock=clock)


ADULT: Mapping[str, Any] = {
    "birth_date": date(1984, 5, 2),
    "last_visit_on": date(2025, 3, 23),
    "street": "Voorbeeldlaan 12",
    "postcode": "1234 AB",
    "city": "Voorbeeldstad",
}


def add_listed(world: World, number: str, *, act: Act | None = Act.PERMIT, **changes: Any) -> PatientId:  # noqa: ANN401
    """Add a patient as a list brings one: due, with addresses, never in a chat. act: what the list says of recall."""
    now, clinic = world.clock.now(), world.house.clinic
    row = listed(number, **{**ADULT, "email": f"patient-{number}@example.com", "language": Language.EN} | changes)
    with world.house.database.unit_of_work(clinic.id) as uow:
        patient_id = uow.patients.upsert_many([row], now=now)[0].patient_id
        if act is not None:
            event_id = LedgerEventId(uow.new_id())
            said = ledger_event(event_id, patient_id, act, at=now, acted_by=ActedBy.IMPORT, evidence="list:1")
            uow.ledger.append([said])
        uow.commit()
    return patient_id
