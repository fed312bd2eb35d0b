"""A house of plain data that carries out what dialogs ask for, so that whole chats can be played in a test.

It holds every decision to what must always hold: JSON survives, three steps an event at most, one answered request at
most, under staff nothing is said but what may always be said, and a child permits nothing.

Longer than other files: everything that a dialog may ask for is answered by the one house.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.dialogs import step
from flows.dialogs.contact_in_text import contact_in
from flows.dialogs.fitting import fits
from flows.dialogs.language import with_offer
from flows.engine import requests
from flows.engine.choices import Choice, Payload
from flows.engine.context import ClinicFacts, Context, PatientFacts
from flows.engine.decision import Button, Decision, Reply
from flows.engine.events import (
    ChatOpened,
    ChoicePressed,
    ContactChecked,
    ContactRefused,
    ContactStored,
    DaysFound,
    Event,
    LanguageChosen,
    NameTaken,
    Proof,
    SeveralPeople,
    SlotsFound,
    SlotTaken,
    TextUnderstood,
    VisitBooked,
    VisitCancelled,
    VisitGone,
    WaysFound,
)
from flows.engine.household import Member
from flows.engine.requests import ANSWERED, Request
from flows.engine.state import FRESH_CHAT, Chat, State
from flows.ids import AppointmentId, PatientId, ProviderId, VisitTypeId
from flows.meaning import ANY_TIME, Flag, Intent, Meaning, TimeWish
from flows.messages.text import Text
from flows.opening import ALWAYS_OPEN, MINUTES_A_DAY, WEEK, OpeningHours
from flows.outreach.ledger import ActedBy
from flows.slots import BookedVisit, Slot
from flows.vocabulary import Channel, ContactKind, Language, Owner, Purpose, Reach, TicketReason

ZONE = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2025, 11, 21, 15, 0, tzinfo=UTC)
MOST_STEPS = 3


def slot(day: int, hour: int, minute: int = 0, *, month: int = 11) -> Slot:
    """Make a half-hour slot of 2025, in the clinic's zone."""
    starts_at = datetime(2025, month, day, hour, minute, tzinfo=ZONE).astimezone(UTC)
    return Slot(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        provider_id=ProviderId(1),
        visit_type_id=VisitTypeId(1),
    )


TUESDAY_MORNING, THURSDAY_EVENING = slot(25, 9, 30), slot(27, 17, 45)
FREE = (
    TUESDAY_MORNING,
    THURSDAY_EVENING,
    slot(28, 11),
    slot(1, 15, month=12),
    slot(2, 8, month=12),
    slot(4, 17, month=12),
)


def booked(of: Slot = TUESDAY_MORNING, appointment: int = 7) -> BookedVisit:
    """Make a booked visit."""
    return BookedVisit(appointment_id=AppointmentId(appointment), slot=of, provider_name="Dr Vos")


def understood(
    intent: Intent,
    text: str = "words",
    *,
    times: TimeWish = ANY_TIME,
    ordinal: int | None = None,
    flags: frozenset[Flag] = frozenset(),
    language: Language | None = None,
    contact: ContactKind | None = None,
) -> TextUnderstood:
    """Make a text that was surely understood."""
    meaning = Meaning(
        intent=intent,
        sure=True,
        confidence=0.9,
        times=times,
        ordinal=ordinal,
        flags=flags,
        language=language,
        contact=contact,
    )
    return TextUnderstood(text=text, meaning=meaning)


def puzzling(*readings: Intent, text: str = "hm") -> TextUnderstood:
    """Make a text that was not surely understood."""
    first, *others = readings or (Intent.OTHER,)
    return TextUnderstood(
        text=text, meaning=Meaning(intent=first, sure=False, confidence=0.3, alternatives=tuple(others))
    )


def opening_at(back_at: datetime, now: datetime) -> OpeningHours:
    """Make hours in which nobody is there from `now` until then (UTC, full minutes)."""
    evening = ((back_at.hour * 60 + back_at.minute, MINUTES_A_DAY),)
    days = range((back_at.date() - now.date()).days)
    closed = frozenset(now.date() + timedelta(days=ahead) for ahead in days)
    return replace(ALWAYS_OPEN, week=(evening,) * WEEK, closed=closed)


ANNA = Member(patient_id=PatientId(1), name="Anna")
BEN = Member(patient_id=PatientId(2), name="Ben")


@dataclass(kw_only=True)
class House:
    """One patient's chat, and the world around it."""

    now: datetime = NOW
    chat: Chat = FRESH_CHAT
    free: tuple[Slot, ...] = FREE
    visit: BookedVisit | None = None
    permitted: frozenset[Purpose] = frozenset({Purpose.RECALL})
    unasked: frozenset[Purpose] = frozenset()
    minor: bool = False
    ways: tuple[Channel, ...] = (Channel.WEBCHAT, Channel.LETTER)
    preferred_channel: Channel | None = None
    rhythm_months: int | None = None
    proof: Proof = Proof.NOT_SENT
    clinic: ClinicFacts = field(default_factory=ClinicFacts)
    owner: Owner = Owner.BOT
    staff_back_at: datetime | None = None
    somebody_faster: bool = False
    frozen: bool = False
    worry: TicketReason | None = None
    known: bool = True
    family: tuple[Member, ...] = (ANNA,)
    language: Language = Language.EN
    said: list[Reply] = field(default_factory=list)
    asked_for: list[Request] = field(default_factory=list)
    on_the_table: tuple[Button, ...] = ()

    @property
    def context(self) -> Context:
        """The world as the dialog sees it now."""
        patient = PatientFacts(
            language=self.language,
            last_visit_on=date(2024, 3, 5),
            permitted=self.permitted,
            unasked=self.unasked - self.permitted,
            minor=self.minor,
            preferred_channel=self.preferred_channel,
            rhythm_months=self.rhythm_months,
            frozen=self.frozen,
            known=self.known,
            household=len(self.family),
        )
        hours = ALWAYS_OPEN if self.staff_back_at is None else opening_at(self.staff_back_at, self.now)
        return Context(
            now=self.now,
            zone=ZONE,
            clinic=replace(self.clinic, hours=hours),
            patient=patient,
            visit=self.visit,
            owner=self.owner,
            worry=self.worry,
        )

    def stands_at(self) -> State:
        """Give the state the chat is in now."""
        return self.chat.state

    def has_visit(self) -> bool:
        """Tell whether a visit is booked now."""
        return self.visit is not None

    def hears(self, event: Event) -> list[type[Text]]:
        """Let an event have its whole effect; the kinds of texts that were said in answer."""
        self.said, self.asked_for, steps = [], [], 0
        before, world = self.chat, self.context
        todo: Event | None = event
        while todo is not None:
            steps += 1
            assert steps <= MOST_STEPS, "too many steps for one event"
            decision = step(self.chat, todo, self.context)
            self._holds(decision)
            self.chat = Chat.from_json(json.loads(json.dumps(decision.chat.to_json())))
            assert self.chat == decision.chat
            self.said += decision.replies
            self.asked_for += decision.requests
            answers = [answer for answer in map(self._carry_out, decision.requests) if answer is not None]
            todo = answers[0] if answers else None
        self.chat, replies = with_offer(before, event, world, self.chat, self.said, self.asked_for)
        assert Chat.from_json(json.loads(json.dumps(self.chat.to_json()))) == self.chat
        self.said = list(replies)
        shown = [button for reply in self.said for button in reply.shown]
        self.on_the_table = tuple(shown) if self.said else self.on_the_table
        return [type(reply.text) for reply in self.said]

    def presses(self, choice: Choice, argument: int = 0) -> list[type[Text]]:
        """Press a button that was shown last."""
        assert any((button.choice, button.argument) == (choice, argument) for button in self.on_the_table), (
            f"no such button: {choice}, {argument}"
        )
        return self.hears(ChoicePressed(choice=choice, argument=argument, asked=self.chat.asked))

    def presses_old(self, choice: Choice, argument: int = 0) -> list[type[Text]]:
        """Press a button of a question that was asked before the last."""
        return self.hears(ChoicePressed(choice=choice, argument=argument, asked=self.chat.asked - 1))

    def writes(
        self, intent: Intent, text: str = "words", *, times: TimeWish = ANY_TIME, ordinal: int | None = None
    ) -> list[type[Text]]:
        """Write something that is surely understood."""
        return self.hears(understood(intent, text, times=times, ordinal=ordinal))

    def tickets(self) -> list[TicketReason]:
        """Give the reasons of the tickets the last event opened."""
        return [each.reason for each in self.asked_for if isinstance(each, requests.OpenTicket)]

    def did(self, kind: type[Request]) -> bool:
        """Tell whether the last event asked for such a thing."""
        return any(isinstance(each, kind) for each in self.asked_for)

    def _holds(self, decision: Decision) -> None:
        assert sum(isinstance(each, ANSWERED) for each in decision.requests) <= 1
        for reply in decision.replies:
            assert self.owner is Owner.BOT or reply.reach is Reach.ALWAYS
            assert reply.text.levels
            payloads = [(button.choice, button.argument) for button in reply.shown]
            assert len(payloads) == len(set(payloads)), "two buttons with one payload"
            for choice, argument in payloads:
                raw = Payload(choice=choice, argument=argument, asked=decision.chat.asked).encode()
                assert Payload.decode(raw).argument == argument

    def _carry_out(self, request: Request) -> Event | None:
        match request:
            case requests.FindSlots():
                return self._find(request)
            case requests.FindDays():
                starts = (each.starts_at for each in self._ahead(request.after))
                days = sorted({start.astimezone(ZONE).date() for start in starts})
                return DaysFound(days=tuple(days[: request.count]))
            case requests.BookSlot():
                return self._book(request)
            case requests.CancelVisit():
                return self._cancel()
            case requests.CheckContact() | requests.ChangeContact():
                return self._look_at_contact(request)
            case requests.FindWays() | requests.ChooseLanguage():
                return self._settle(request)
            case requests.AskWhoThisIs() | requests.FindFamily() | requests.SpeakFor():
                return self._look_who(request)
            case _:
                self._remember(request)
        return None

    def _look_who(self, request: requests.AskWhoThisIs | requests.FindFamily | requests.SpeakFor) -> Event | None:
        match request:
            case requests.AskWhoThisIs():
                return NameTaken()
            case requests.FindFamily():
                return SeveralPeople(people=self.family)
            case requests.SpeakFor():
                return ChatOpened() if request.patient_id == self.family[0].patient_id else None

    def _settle(self, request: requests.FindWays | requests.ChooseLanguage) -> Event:
        if isinstance(request, requests.FindWays):
            return WaysFound(ways=self.ways)
        self.language = request.language
        return LanguageChosen(language=request.language)

    def _cancel(self) -> VisitCancelled | VisitGone:
        gone, self.visit = self.visit, None
        return VisitCancelled(visit=gone) if gone else VisitGone()

    def _look_at_contact(self, request: requests.CheckContact | requests.ChangeContact) -> Event:
        if isinstance(request, requests.CheckContact):
            return self._check(request)
        return ContactStored(proof=self.proof if request.kind is ContactKind.EMAIL else Proof.NOT_SENT)

    def _check(self, request: requests.CheckContact) -> ContactChecked | ContactRefused:
        found = contact_in(request.raw)
        if found is None:
            return ContactRefused(kind=request.kind)
        return ContactChecked(kind=request.kind, value=found.raw, shown=found.raw)

    def _remember(self, request: Request) -> None:
        match request:
            case requests.RecordConsent():
                guarded = request.acted_by is ActedBy.GUARDIAN
                assert guarded or not (self.minor and request.permitted), "a child permits nothing"
                self.permitted = (self.permitted | request.permitted) - request.refused
            case requests.RecordStop():
                self.permitted -= {Purpose.RECALL, Purpose.OFFER, Purpose.POSTVISIT}
            case requests.FreezeProgramme():
                self.frozen = True
            case requests.OpenTicket(reason=TicketReason.EMERGENCY | TicketReason.WORRY):
                self.worry = request.reason
            case requests.ChooseWay():
                self.preferred_channel = request.channel
            case requests.ChooseRhythm():
                self.rhythm_months = request.months
            case requests.RememberAsking():
                self.unasked = frozenset()
            case _:
                pass

    def _ahead(self, after: datetime | None) -> list[Slot]:
        earliest = max(self.now, after or self.now)
        return sorted(each for each in self.free if each.starts_at > earliest)

    def _find(self, request: requests.FindSlots) -> SlotsFound:
        ahead = self._ahead(request.after)
        wished = [each for each in ahead if fits(each.starts_at, request.wish, ZONE)]
        return SlotsFound(slots=tuple((wished or ahead)[: request.count]), exact=bool(wished))

    def _book(self, request: requests.BookSlot) -> VisitBooked | SlotTaken:
        if self.somebody_faster or request.slot not in self.free:
            self.somebody_faster = False
            self.free = tuple(each for each in self.free if each != request.slot)
            return SlotTaken()
        self.free = tuple(each for each in self.free if each != request.slot)
        self.visit = booked(request.slot, appointment=8)
        return VisitBooked(visit=self.visit, reminder_at=self.visit.slot.starts_at - timedelta(days=2))


def on(*days: tuple[int, int], earliest: time | None = None, latest: time | None = None) -> TimeWish:
    """Make a wish for these days (month, day) of 2025, between these times."""
    dates = tuple(date(2025, month, day) for month, day in days) or None
    return TimeWish(dates=dates, earliest=earliest, latest=latest)
