"""Whole chats by chance: whatever happens, in whatever order, what must always hold holds.

The house itself checks every decision: JSON survives, three steps an event at most, one answered request at most, and
under staff only what may always be said.
"""
# ruff: noqa: D102 - the name of a rule is its sentence, as a test's is

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from flows.dialogs import BOOK
from flows.dialogs.outreach_texts import check_in, invitation, reminder
from flows.dialogs.states import CheckInAsked, Closed, Frozen, Invited, WaitingForStaff
from flows.engine import requests
from flows.engine.choices import Choice
from flows.engine.events import (
    AttachmentReceived,
    CameBackOnline,
    ChatOpened,
    CheckInSent,
    ChoicePressed,
    FreezeCleared,
    HandedBack,
    InvitationSent,
    ReminderSent,
    SeveralPeople,
    TextUnderstood,
)
from flows.engine.state import Idle
from flows.engine.step import FIRST_OF_ALL
from flows.meaning import Flag, Intent, Meaning, TimeWish
from flows.messages import safety, stop
from flows.vocabulary import Owner, Purpose
from tests.flows.house import ANNA, BEN, House, booked
from tests.flows.samples import WISHES

OUTREACH = frozenset({Purpose.RECALL, Purpose.OFFER, Purpose.POSTVISIT})

everyday = some.sampled_from([intent for intent in Intent if intent not in FIRST_OF_ALL])
meanings = some.builds(
    Meaning,
    intent=some.one_of(everyday, everyday, some.sampled_from(Intent)),
    sure=some.sampled_from([True, True, False]),
    confidence=some.floats(0, 1),
    alternatives=some.lists(some.sampled_from(Intent), max_size=3, unique=True).map(tuple),
    flags=some.one_of(some.just(frozenset[Flag]()), some.frozensets(some.sampled_from(Flag), max_size=2)),
    times=some.one_of(some.sampled_from(WISHES), some.builds(TimeWish, dates=some.none(), earliest=some.times())),
    ordinal=some.one_of(some.none(), some.integers(-3, 3)),
)
words = some.sampled_from(["", "hm", "06 12 34 56 78", "anna@example.com", "0612", "@", "tomorrow at 9"])


class AnyChat(RuleBasedStateMachine):
    """A patient, staff, the clock and the programme, all doing as they please."""

    def __init__(self) -> None:
        super().__init__()
        self.house = House()

    @initialize(permitted=some.booleans(), unasked=some.booleans(), minor=some.booleans(), family=some.booleans())
    def somebody_comes(self, *, permitted: bool, unasked: bool, minor: bool, family: bool) -> None:
        self.house.family = (ANNA, BEN) if family else (ANNA,)
        self.house.permitted = self.house.permitted if permitted else frozenset()
        self.house.unasked = OUTREACH if unasked else frozenset()
        self.house.minor = minor

    @rule(meaning=meanings, text=words)
    def somebody_writes(self, meaning: Meaning, text: str) -> None:
        permitted_before = self.house.permitted
        said = self.house.hears(TextUnderstood(text=text, meaning=meaning))
        if meaning.intent is Intent.URGENT:
            assert safety.Emergency in said
            assert self.house.did(requests.FreezeProgramme)
        if meaning.intent is Intent.STOP and meaning.sure:
            assert {stop.Stopped, stop.StoppedVisitGoesOn} & set(said)
            assert self.house.did(requests.RecordStop)
            assert not self.house.permitted & OUTREACH
            assert not isinstance(self.house.stands_at(), Invited | CheckInAsked)
        if self.house.did(requests.BookSlot):
            assert self.house.owner is Owner.BOT
        if meaning.intent in {Intent.CANCEL, Intent.NO, Intent.OTHER}:
            assert self.house.permitted <= permitted_before

    @rule(choice=some.sampled_from(Choice), argument=some.integers(0, 5), age=some.integers(0, 3))
    def somebody_presses_anything(self, choice: Choice, argument: int, age: int) -> None:
        asked = max(0, self.house.chat.asked - age)
        self.house.hears(ChoicePressed(choice=choice, argument=argument, asked=asked))
        if choice is Choice.STOP:
            assert self.house.did(requests.RecordStop)
            assert not self.house.permitted & OUTREACH

    @precondition(lambda self: self.house.on_the_table)
    @rule(which=some.integers(0, 9))
    def somebody_presses_what_is_shown(self, which: int) -> None:
        button = self.house.on_the_table[which % len(self.house.on_the_table)]
        press = ChoicePressed(choice=button.choice, argument=button.argument, asked=self.house.chat.asked)
        said = self.house.hears(press)
        # Whoever chose another of their family is answered in that person's chat.
        assert said or self.house.owner is Owner.STAFF or self.house.did(requests.SpeakFor)

    @rule()
    def the_account_turns_out_to_serve_a_family(self) -> None:
        assert self.house.hears(SeveralPeople(people=(ANNA, BEN))) or self.house.owner is Owner.STAFF

    @rule()
    def we_come_back_online(self) -> None:
        state, permitted = self.house.stands_at(), self.house.permitted
        self.house.hears(CameBackOnline())
        assert (self.house.stands_at(), self.house.permitted) == (state, permitted)
        assert self.house.asked_for == []

    @rule()
    def the_chat_is_opened(self) -> None:
        assert self.house.hears(ChatOpened()) or self.house.owner is Owner.STAFF

    @rule()
    def a_file_comes(self) -> None:
        self.house.hears(AttachmentReceived())

    @precondition(lambda self: self.house.owner is Owner.BOT)
    @rule(count=some.integers(1, 2), step_number=some.integers(1, 3))
    def an_invitation_leaves(self, count: int, step_number: int) -> None:
        offers = tuple(each for each in self.house.free if each.starts_at > self.house.now)[:count]
        if Purpose.RECALL in self.house.permitted and not self.house.frozen and offers:
            self.house.hears(InvitationSent(offers=offers, step_number=step_number))
            self.house.on_the_table = invitation(step_number, offers, self.house.context).buttons

    @precondition(lambda self: self.house.visit is not None and self.house.owner is Owner.BOT)
    @rule()
    def a_reminder_leaves(self) -> None:
        assert self.house.visit is not None
        self.house.hears(ReminderSent(appointment_id=self.house.visit.appointment_id))
        self.house.on_the_table = reminder(self.house.visit, self.house.context).buttons

    @precondition(lambda self: self.house.owner is Owner.BOT)
    @rule()
    def a_check_in_leaves(self) -> None:
        if Purpose.POSTVISIT in self.house.permitted and not self.house.frozen:
            self.house.hears(CheckInSent())
            self.house.on_the_table = check_in(self.house.context).buttons

    @rule()
    def staff_take_over(self) -> None:
        self.house.owner = Owner.STAFF

    @precondition(lambda self: self.house.owner is Owner.STAFF)
    @rule(answered=some.booleans())
    def staff_hand_back(self, *, answered: bool) -> None:
        self.house.owner = Owner.BOT
        said = self.house.hears(HandedBack(answered=answered))
        assert said or isinstance(self.house.stands_at(), Closed)
        assert not isinstance(self.house.stands_at(), WaitingForStaff)

    @rule()
    def staff_clear_a_freeze(self) -> None:
        self.house.frozen = False
        self.house.owner = Owner.BOT
        self.house.hears(FreezeCleared())
        assert not isinstance(self.house.stands_at(), Frozen | Closed)

    @precondition(lambda self: self.house.visit is None and self.house.free)
    @rule()
    def staff_book(self) -> None:
        self.house.visit = booked(self.house.free[0], appointment=99)

    @rule()
    def the_visit_is_over(self) -> None:
        self.house.visit = None

    @rule()
    def somebody_else_is_faster(self) -> None:
        self.house.somebody_faster = True

    @rule(days=some.sampled_from([0.01, 1, 5, 30]))
    def time_passes(self, days: float) -> None:
        self.house.now += timedelta(days=days)

    @rule(closed=some.booleans())
    def the_practice_opens_or_closes(self, *, closed: bool) -> None:
        self.house.staff_back_at = self.house.now + timedelta(days=3) if closed else None

    @invariant()
    def a_question_can_be_left(self) -> None:
        state = self.house.stands_at()
        assert isinstance(state, Idle) or any(button for button in self._question_buttons())

    @invariant()
    def nothing_transient_is_ever_stored(self) -> None:
        assert self.house.stands_at().name not in {
            "times.looking",
            "times.looking_for_days",
            "booking.booking",
            "contact.checking",
            "consent.looking",
            "household.looking",
            "pain.looking",
        }

    def _question_buttons(self) -> tuple[object, ...]:
        question = BOOK.ask(self.house.stands_at(), self.house.context)
        return question.buttons if question else ()


AnyChat.TestCase.settings = settings(max_examples=150, stateful_step_count=40)
TestAnyChat = AnyChat.TestCase
