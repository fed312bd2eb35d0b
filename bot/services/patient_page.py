"""The patient's own page: opened by a personal link, then a chat like any other channel's."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.services.clinic import Clinic
from bot.services.closing import open_address
from bot.services.desk_ports import ChatSession
from bot.services.enclosing import enclosed_file
from bot.services.lines import line_of, with_put_aside
from bot.services.ports import Clock
from bot.services.situation import Occasion
from bot.services.talk import read_talk
from bot.services.turn import Turns
from bot.services.updates import Content, Opened, Pressed, Update, Wrote, put_aside_in
from bot.services.views import ButtonView, ChatView, Line, LineState
from flows.engine.choices import Payload
from flows.ids import ConversationId, OutboxId, PatientId, StaffId
from flows.messages.repair import MessagePutAside
from flows.outreach.facts import Mode
from flows.vocabulary import Channel, Language, Owner
from storage.database import Database
from storage.errors import NotFoundError, StorageError
from storage.repositories.passes import Holder
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import PassKind

log = logging.getLogger(__name__)

SESSION_LASTS = timedelta(days=180)
REHEARSAL_LASTS = timedelta(days=3650)


def open_page(uow: UnitOfWork, patient_id: PatientId, now: datetime) -> ConversationId:
    """Make sure of a patient's page: a proven address, for whoever holds the patient's link has reached it."""
    address_id = uow.addresses.add(
        patient_id, Channel.WEBCHAT, f"page:{patient_id}", verified_how="personal_link", now=now
    )
    return uow.conversations.create(patient_id, address_id, Channel.WEBCHAT, now=now)


class PatientPages:
    """What the patient's page calls."""

    def __init__(self, *, database: Database, clinic: Clinic, clock: Clock, turns: Turns) -> None:
        """Take the turns that the page's updates go through."""
        self._database = database
        self._clinic = clinic
        self._clock = clock
        self._turns = turns
        # A rehearsal's clock leaps over months while somebody looks on.
        self._session_lasts = REHEARSAL_LASTS if clinic.mode is Mode.REHEARSAL else SESSION_LASTS

    async def peek_link(self, token: str) -> Language | None:
        """Tell the language of a valid, unused personal link without using it; None if there is none."""

        def work(uow: UnitOfWork) -> Language | None:
            found = uow.passes.look_up(PassKind.PATIENT_LINK, token, now=self._clock.now())
            if found is None or found.patient_id is None:
                return None
            return self._language(uow, found.patient_id)

        return await self._database.read(self._clinic.id, work)

    async def redeem_link(self, token: str) -> tuple[str, ChatSession] | None:
        """Use a personal link once; returns the secret of the new session, or None."""

        def work(uow: UnitOfWork) -> tuple[str, ChatSession] | None:
            now = self._clock.now()
            used = uow.passes.use(PassKind.PATIENT_LINK, token, now=now)
            if used is None or used.patient_id is None:
                return None
            language = self._language(uow, used.patient_id)
            if language is None:
                return None
            # The page has no address of its own outside recare: whoever holds the patient's link has reached it.
            conversation_id = open_page(uow, used.patient_id, now)
            # If their messenger had closed it: they are back.
            address_id = uow.addresses.of_conversation(conversation_id).id
            open_address(self._occasion(uow, used.patient_id, now), address_id)
            holder = Holder(patient_id=used.patient_id, conversation_id=conversation_id)
            secret = uow.passes.issue(PassKind.CHAT_SESSION, holder, now=now, lifetime=self._session_lasts)
            uow.commit()
            return secret, ChatSession(conversation_id=conversation_id, language=language)

        redeemed = await self._database.write(self._clinic.id, work)
        if redeemed is not None:
            # Greeted once, as the talk remembers: a new link to it, on another phone for instance, only shows it.
            await self._greet(redeemed[1])
        return redeemed

    def _occasion(self, uow: UnitOfWork, patient_id: PatientId, now: datetime) -> Occasion:
        return Occasion(
            uow=uow,
            clinic=self._clinic,
            patient_id=patient_id,
            channel=Channel.WEBCHAT,
            now=now,
            source="personal_link",
        )

    async def _greet(self, session: ChatSession) -> None:
        try:
            await self._take(session, "opened", Opened())
        except StorageError as failure:
            # The link is used up: who came in by it must not stand before a closed door for want of a greeting.
            log.warning("nobody was greeted", extra={"kind": type(failure).__name__})

    async def session(self, secret: str) -> ChatSession | None:
        """Find the open page a cookie belongs to."""

        def work(uow: UnitOfWork) -> ChatSession | None:
            found = uow.passes.look_up(PassKind.CHAT_SESSION, secret, now=self._clock.now())
            if found is None or found.conversation_id is None or found.patient_id is None:
                return None
            language = self._language(uow, found.patient_id)
            return ChatSession(conversation_id=found.conversation_id, language=language) if language else None

        return await self._database.read(self._clinic.id, work)

    async def chat(self, session: ChatSession) -> ChatView:
        """Show the conversation."""

        def work(uow: UnitOfWork) -> ChatView:
            conversation_id = ConversationId(session.conversation_id)
            snapshot = uow.conversations.snapshot(conversation_id, now=self._clock.now())
            staff_speaks = snapshot.owner is Owner.STAFF
            names = uow.staff.names()
            buttons = () if staff_speaks else read_talk(snapshot).buttons
            part = self._clinic.settings.clinic
            language = self._clinic.language_of(snapshot.patient.language)
            return ChatView(
                conversation_id=conversation_id,
                clinic_name=part.names.get(language, part.name),
                clinic_phone=part.phone,
                language=language,
                zone=part.zone,
                lines=_lines(uow, conversation_id, names),
                buttons=tuple(ButtonView(label=button.label, payload=button.payload) for button in buttons),
                staff_speaks=staff_speaks,
            )

        return await self._database.read(self._clinic.id, work)

    async def write(self, session: ChatSession, update_id: str, text: str) -> None:
        """Take what the patient wrote. The same update_id has its effect once."""
        await self._take(session, update_id, Wrote(text=text))

    async def press(self, session: ChatSession, update_id: str, payload: str) -> None:
        """Take a press. Raises PayloadError (a ValueError) for a payload recare did not make."""
        await self._take(session, update_id, Pressed(payload=Payload.decode(payload)))

    async def file(self, session: ChatSession, line_id: int) -> tuple[str, bytes] | None:
        """Load the file of a line: name and content."""

        def work(uow: UnitOfWork) -> tuple[str, bytes] | None:
            body = uow.outbox.body(OutboxId(line_id), ConversationId(session.conversation_id))
            file = body.get("file") if body else None
            if isinstance(file, Mapping):
                return str(file["name"]), str(file["content"]).encode()
            try:
                kept = enclosed_file(uow, body) if body else None
            except NotFoundError:
                return None
            return None if kept is None else (kept.name, kept.content)

        return await self._database.read(self._clinic.id, work)

    def _language(self, uow: UnitOfWork, patient_id: PatientId) -> Language | None:
        """The language of a patient's page; None for an erased person, whose doors are shut."""
        patient = uow.patients.get_many([patient_id]).get(patient_id)
        return None if patient is None else self._clinic.language_of(patient.language)

    async def _take(self, session: ChatSession, update_id: str, content: Content) -> None:
        await self._turns.take(
            Update(
                channel=Channel.WEBCHAT,
                # Two pages must not be able to take each other's update numbers.
                external_id=f"{session.conversation_id}:{update_id}",
                conversation_id=ConversationId(session.conversation_id),
                content=content,
            )
        )


def _lines(uow: UnitOfWork, conversation_id: ConversationId, names: Mapping[StaffId, str]) -> tuple[Line, ...]:
    """The talk; where the patient was told that something was put aside, their own words stand there all the same."""
    said = uow.conversations.transcript(conversation_id)
    lines = tuple(line_of(line, names) for line in said)
    if all(line.message_key != MessagePutAside.key for line in said):
        return lines
    words = (each for each in put_aside_in(uow, conversation_id) if each.text)
    return with_put_aside(lines, words, LineState.ARRIVED)
