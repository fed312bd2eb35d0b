"""Finds out who writes, by a personal link or the own number on file, and leads the account to that patient's talk.

Invariant: a link opens once; a number counts only where the messenger vouches that it is the sender's own, and only if
it stands in the clinic's books; what finds nobody is counted, and told in words that give nothing away.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.services.admitting import Visitor, admit, attach, settle_in
from bot.services.arriving import SharedPhone
from bot.services.clinic import Clinic
from bot.services.contacts import read_contact
from bot.services.family import named
from bot.services.growing_up import has_outgrown, part
from bot.services.guessing import tried
from bot.services.ports import Clock
from bot.services.telling import Teller, Told
from flows.engine.events import (
    ChatOpened,
    Event,
    LinkOver,
    PhoneNotFound,
    PhoneNotOwn,
    PhoneShared,
    Recognised,
    SeveralPeople,
    TooManyTries,
)
from flows.ids import ConversationId, PatientId
from flows.vocabulary import Channel, ContactKind, PatientStatus
from storage.records.accounts import Account
from storage.records.talks import Heard
from storage.unit_of_work import UnitOfWork
from storage.vocabulary import PassKind, ReceivedKind

BY_LINK = "personal_link"
BY_PHONE = "own_phone"
BY_STAFF = "staff"
"""How an account is known to be a patient's."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Joined:
    """The talks of the patients an account speaks for by now. left: the talk of whoever was unknown till then."""

    talks: tuple[ConversationId, ...]
    left: ConversationId | None


class Recognising:
    """Recognises people, inside the caller's transaction."""

    def __init__(self, *, clinic: Clinic, clock: Clock, teller: Teller) -> None:
        """Take who tells the talks."""
        self._clinic = clinic
        self._clock = clock
        self._teller = teller

    def by_link(self, uow: UnitOfWork, visitor: Visitor, token: str, source: str) -> tuple[Told, ...]:
        """Use a personal link; the account speaks for its patient from now on."""
        now = self._clock.now()
        used = uow.passes.use(PassKind.PATIENT_LINK, token, now=now)
        patient_id = None if used is None else used.patient_id
        if patient_id is None or not uow.patients.get_many([patient_id]):
            return self._miss(uow, visitor, LinkOver(), source)
        return self.lead(uow, visitor, (patient_id,), how=BY_LINK, source=source)

    def by_phone(self, uow: UnitOfWork, visitor: Visitor, shared: SharedPhone, source: str) -> tuple[Told, ...]:
        """Look whose number it is; the account speaks for all of them from now on."""
        now = self._clock.now()
        if not shared.own:
            return self._tell_here(uow, admit(uow, visitor, now), PhoneNotOwn(), source)
        part(uow, visitor.channel, visitor.account, self._clinic, now)
        number = _international(shared.number, self._clinic)
        found = () if number is None else self._holders(uow, number, now)
        members = {member.patient_id for member in uow.accounts.members_at(visitor.channel, visitor.account)}
        new = tuple(patient_id for patient_id in found if patient_id not in members)
        if new:
            return self.lead(uow, visitor, new, how=BY_PHONE, source=source)
        account = admit(uow, visitor, now)
        uow.updates.received(
            account.conversation_id, kind=ReceivedKind.TEXT, body={"text": number or shared.number}, now=now
        )
        if account.known:
            return self._tell_here(uow, account, PhoneShared(number=number or shared.number), source)
        return self._miss(uow, visitor, PhoneNotFound(), source)

    def lead(
        self, uow: UnitOfWork, visitor: Visitor, patient_ids: tuple[PatientId, ...], *, how: str, source: str
    ) -> tuple[Told, ...]:
        """Let the account speak for these patients too, and open the talk of the first, or ask for whom it is."""
        joined = self.join(uow, visitor, patient_ids, how=how, source=source)
        if len(joined.talks) > 1:
            event: Event = SeveralPeople(people=named(uow, patient_ids))
        else:
            event = ChatOpened() if joined.left is None else Recognised()
        told = self._tell(uow, joined.talks[0], event, source)
        return (told,) if joined.left is None else (told, Told(conversation_id=joined.left))

    def join(
        self, uow: UnitOfWork, visitor: Visitor, patient_ids: tuple[PatientId, ...], *, how: str, source: str
    ) -> Joined:
        """Let the account speak for these patients too, in the talk of the first, without a word."""
        now = self._clock.now()
        talks = tuple(
            attach(uow, visitor, patient_id, how=how, clinic=self._clinic, now=now) for patient_id in patient_ids
        )
        left = settle_in(uow, visitor, talks, clinic=self._clinic, now=now, source=source)
        return Joined(talks=talks, left=left)

    def _holders(self, uow: UnitOfWork, number: str, now: datetime) -> tuple[PatientId, ...]:
        """Those in whose books this number stands, and whose it can be."""
        on_file = [
            address.patient_id for address in uow.addresses.find(Channel.PHONE, number) if address.closed_at is None
        ]
        people = uow.patients.get_many(on_file)
        holders = [
            people[patient_id]
            for patient_id in on_file
            if patient_id in people and people[patient_id].status is not PatientStatus.DECEASED
        ]
        return tuple(patient.id for patient in holders if not has_outgrown(patient, holders, self._clinic, now))

    def _miss(self, uow: UnitOfWork, visitor: Visitor, event: Event, source: str) -> tuple[Told, ...]:
        """Tell that nothing was found, unless it is one time too many. Who is known does not guess who they are."""
        now = self._clock.now()
        account = admit(uow, visitor, now)
        if not account.known:
            guess = tried(uow, account, account.conversation_id, self._clinic, now)
            if not guess.answered:
                return ()
            if guess.wait_minutes is not None:
                event = TooManyTries(minutes=guess.wait_minutes)
        return self._tell_here(uow, account, event, source)

    def _tell_here(self, uow: UnitOfWork, account: Account, event: Event, source: str) -> tuple[Told, ...]:
        return (self._tell(uow, account.conversation_id, event, source),)

    def _tell(self, uow: UnitOfWork, conversation_id: ConversationId, event: Event, source: str) -> Told:
        now = self._clock.now()
        return self._teller.tell(uow, conversation_id, event, now=now, source=source, heard=Heard.PATIENT)


def _international(number: str, clinic: Clinic) -> str | None:
    """The number as it stands in the books; a messenger gives it with the country's code, but perhaps without "+"."""
    digits = number.strip()
    written = digits if digits.startswith("+") else f"+{digits}"
    read = read_contact(ContactKind.MOBILE, written, country=clinic.settings.clinic.country)
    return None if read is None else read.value
