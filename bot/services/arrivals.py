"""Where messengers' channels bring what comes in: finds out in whose talk it belongs, and lets it have its effect.

Invariants: an arrival has its effect once, however often it is delivered; nobody hears of a patient's health or visits
before the account is known to be theirs, by their link, by their own number on file, or by a member of staff.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.services.admitting import Visitor, admit
from bot.services.arriving import (
    Arrival,
    Arrived,
    ArrivedContent,
    CameByLink,
    ChatClosed,
    ChatReopened,
    Edited,
    SharedPhone,
)
from bot.services.clinic import Clinic
from bot.services.closing import close_address, open_address
from bot.services.growing_up import Parting
from bot.services.last_talks import LastTalks
from bot.services.ports import Clock
from bot.services.received import has_room
from bot.services.recognising import Recognising
from bot.services.situation import Occasion
from bot.services.telling import Told
from bot.services.tickets import ask_staff
from bot.services.turn import NEVER_STORED, Turns
from bot.services.updates import Content, Corrected, Opened, Pressed, SentFile, Started, Taken, Turned, Update, Wrote
from flows.ids import ConversationId
from flows.vocabulary import Channel, TicketReason
from storage.database import Database
from storage.errors import KeyErasedError, StorageError
from storage.records.talks import ConversationSnapshot
from storage.repositories.addresses import CLOSED_BY_CHANNEL
from storage.sealing import Json
from storage.unit_of_work import UnitOfWork

log = logging.getLogger(__name__)

MOST_TRIES = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class _Done:
    """What a transaction of the entrance's own left: the talks that changed, and what they say."""

    taken: Taken
    told: tuple[Told, ...] = ()


class Arrivals:
    """The entrance."""

    def __init__(
        self, *, database: Database, clinic: Clinic, clock: Clock, turns: Turns, recognising: Recognising
    ) -> None:
        """Take the turns that what patients say goes through, and who finds out who somebody is."""
        self._database = database
        self._clinic = clinic
        self._clock = clock
        self._turns = turns
        self._talks = LastTalks()
        self._recognising = recognising
        self._parting = Parting(database=database, clinic=clinic, clock=clock)

    async def take(self, arrival: Arrival) -> Arrived:
        """Let an arrival have its effect, once; what fails unforeseen is put aside for staff.

        Raises StorageError (a RecareError): nothing was taken; the messenger may deliver it again.
        """
        content = arrival.content
        match content:
            case CameByLink(token=token):
                return await self._alone(arrival, lambda uow: self._by_link(uow, arrival, token))
            case SharedPhone():
                return await self._alone(arrival, lambda uow: self._by_phone(uow, arrival, content))
            case ChatClosed() | ChatReopened():
                return await self._alone(arrival, lambda uow: self._at_the_door(uow, arrival))
            case _:
                turned = await self._talk(arrival, _said(content))
                return Arrived(taken=turned.taken, answered=turned.answered)

    async def has_room(self, channel: Channel, account: str) -> bool:
        """Tell whether a file that came from an account would be kept now. Raises StorageError."""

        def look(uow: UnitOfWork) -> bool:
            found = uow.accounts.find(channel, account)
            return found is None or has_room(uow, found, found.conversation_id, self._clock.now())

        return await self._database.read(self._clinic.id, look)

    async def _talk(self, arrival: Arrival, content: Content) -> Turned:
        if isinstance(content, Pressed) and not content.words and (talk := self._talks.of(arrival)) is not None:
            turned = await self._turns.at_once(_update(arrival, talk, content), arrival.account)
            if turned is not None:
                return turned
        for _ in range(MOST_TRIES):
            seen = await self._find(arrival)
            conversation_id = await self._admit(arrival) if seen is None else seen.id
            self._talks.remember(arrival, conversation_id)
            update = _update(arrival, conversation_id, content)
            try:
                return await self._turns.turn(update, seen)
            except KeyErasedError:
                # They were recognised, or erased, since the account was read: it goes on in another talk.
                continue
        raise KeyErasedError("an account kept changing whom it speaks for")

    async def _find(self, arrival: Arrival) -> ConversationSnapshot | None:
        """The talk of the account as of now, in one statement; None if it has none whose words can be read."""

        def look(uow: UnitOfWork) -> ConversationSnapshot | None:
            return uow.conversations.snapshot_of_account(arrival.channel, arrival.account, now=self._clock.now())

        try:
            seen = await self._database.read(self._clinic.id, look)
            if seen is not None and seen.household > 1 and await self._parting.at(arrival.channel, arrival.account):
                seen = await self._database.read(self._clinic.id, look)
        except KeyErasedError:
            return None
        closed = seen is not None and seen.address_closed_why == CLOSED_BY_CHANNEL
        pressed = isinstance(arrival.content, Pressed) and bool(arrival.message_id)
        if seen is None or seen.household == 1 or not (closed or pressed):
            return seen
        return await self._database.write(self._clinic.id, lambda uow: self._of_family(uow, arrival, seen))

    def _of_family(self, uow: UnitOfWork, arrival: Arrival, seen: ConversationSnapshot) -> ConversationSnapshot:
        """The talk that an arrival of somebody who speaks for several belongs in: a press answers where it was asked.

        Whoever writes has unblocked us for all they speak for.
        """
        if seen.address_closed_why == CLOSED_BY_CHANNEL:
            self._at_the_door(uow, arrival)
        asked_in = None
        account = uow.accounts.lock(arrival.channel, arrival.account)
        if account is not None and isinstance(arrival.content, Pressed) and arrival.message_id:
            asked_in = uow.accounts.said_in(account, arrival.message_id)
        if account is not None and asked_in is not None and asked_in != account.conversation_id:
            uow.accounts.move(account, asked_in)
        talk = asked_in or (seen.id if account is None else account.conversation_id)
        uow.commit()
        return uow.conversations.snapshot(talk, now=self._clock.now())

    async def _admit(self, arrival: Arrival) -> ConversationId:
        def work(uow: UnitOfWork) -> ConversationId:
            account = admit(uow, visitor_of(arrival), self._clock.now())
            uow.commit()
            return account.conversation_id

        return await self._database.write(self._clinic.id, work)

    async def _alone(self, arrival: Arrival, effect: Callable[[UnitOfWork], tuple[Told, ...]]) -> Arrived:
        """Let what no turn takes have its effect, in a transaction of its own."""

        def work(uow: UnitOfWork) -> _Done:
            if not uow.updates.claim(arrival.channel, arrival.external_id, self._clock.now()):
                return _Done(taken=Taken.REPEATED)
            told = effect(uow)
            uow.commit()
            return _Done(taken=Taken.DONE, told=told)

        try:
            done = await self._database.write(self._clinic.id, work)
        except Exception as failure:
            if isinstance(failure, StorageError) and not isinstance(failure, NEVER_STORED):
                raise
            # Part of the boundary of intake: what we did not foresee must not come back for ever, nor be lost.
            log.exception("an arrival was put aside", extra={"kind": type(failure).__name__})
            await self._put_aside(arrival, failure)
            return Arrived(taken=Taken.PUT_ASIDE)
        for told in done.told:
            await self._turns.deliver(told)
        return Arrived(taken=done.taken)

    def _by_link(self, uow: UnitOfWork, arrival: Arrival, token: str) -> tuple[Told, ...]:
        return self._recognising.by_link(uow, visitor_of(arrival), token, _source(arrival))

    def _by_phone(self, uow: UnitOfWork, arrival: Arrival, shared: SharedPhone) -> tuple[Told, ...]:
        return self._recognising.by_phone(uow, visitor_of(arrival), shared, _source(arrival))

    def _at_the_door(self, uow: UnitOfWork, arrival: Arrival) -> tuple[Told, ...]:
        """Note that the account blocked us, or let us in again, for everybody it speaks for; nobody says a word."""
        change = close_address if isinstance(arrival.content, ChatClosed) else open_address
        members = uow.accounts.members_at(arrival.channel, arrival.account)
        for member in members:
            here = Occasion(
                uow=uow,
                clinic=self._clinic,
                patient_id=member.patient_id,
                channel=arrival.channel,
                now=self._clock.now(),
                source=_source(arrival),
            )
            change(here, member.address_id)
        return tuple(Told(conversation_id=member.conversation_id) for member in members)

    async def _put_aside(self, arrival: Arrival, failure: Exception) -> None:
        def work(uow: UnitOfWork) -> None:
            now = self._clock.now()
            account = uow.accounts.find(arrival.channel, arrival.account)
            talk = None if account is None else account.conversation_id
            raw: dict[str, Json] = {"kind": type(arrival.content).__name__, "conversation": str(talk)}
            error = type(failure).__name__
            uow.updates.quarantine(arrival.channel, arrival.external_id, raw=raw, error=error, now=now)
            ask_staff(uow, talk, TicketReason.PUT_ASIDE, self._clinic, now)
            uow.commit()

        await self._database.write(self._clinic.id, work)


def _update(arrival: Arrival, conversation_id: ConversationId, content: Content) -> Update:
    return Update(
        channel=arrival.channel,
        external_id=arrival.external_id,
        conversation_id=conversation_id,
        content=content,
        message_id=arrival.message_id,
    )


def visitor_of(arrival: Arrival) -> Visitor:
    """Whose arrival it is."""
    return Visitor(channel=arrival.channel, account=arrival.account, language=arrival.language)


def _said(content: ArrivedContent) -> Content:
    """What a turn takes of it. At a messenger, opening a chat is pressing its button for it, each time anew."""
    match content:
        case Edited(text=text):
            return Corrected(text=text)
        case Opened():
            return Started()
        case Wrote() | Pressed() | SentFile():
            return content
        case _:
            raise TypeError(f"no turn takes {type(content).__name__}")


def _source(arrival: Arrival) -> str:
    return f"{arrival.channel}:{arrival.external_id}"
