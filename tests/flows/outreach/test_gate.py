"""The gate, one reason at a time: each departs from a world that permits in one thing and meets exactly that reason.

Longer than other files: every reason of the gate stands here once, beside the others, in the gate's own order.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from flows.ids import AddressId, LedgerEventId
from flows.outreach.bands import LapsedRule
from flows.outreach.delays import DELAYS
from flows.outreach.facts import NEVER_SENT, Facts, Mode, Sent
from flows.outreach.gate import Defer, Permit, Refusal, Refuse, SendRequest, Stage, Verdict, Wait, judge, objections
from flows.outreach.ledger import Act, ActedBy, Basis
from flows.outreach.message_checks import MESSAGE
from flows.outreach.person_checks import PERSON
from flows.outreach.policy import AcceptedBasis, Automation, MustSay, Policy
from flows.outreach.rights import rights
from flows.vocabulary import Channel, PatientStatus, Purpose
from tests.flows.outreach.given import (
    LONG_AGO,
    WEDNESDAY,
    clinic,
    event,
    facts,
    request,
    rule_of,
    strictest,
    with_rule,
    yes,
)

POLICY = strictest()
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
TOMORROW = WEDNESDAY + DAY
YESTERDAY = WEDNESDAY - DAY
CONTACTED = WEDNESDAY - 40 * DAY
REMINDER = request(Purpose.APPOINTMENT)
CHECK_IN = request(Purpose.POSTVISIT)
OFFER = request(Purpose.OFFER)
POSTVISIT_YES = yes(Purpose.POSTVISIT)
RELEASED_BY_HAND = with_rule(POLICY, replace(rule_of(Purpose.RECALL), automation=Automation.HUMAN_RELEASE))
OFFERS_ALLOWED = replace(POLICY, rules=(*POLICY.rules, replace(rule_of(Purpose.RECALL), purpose=Purpose.OFFER)))
IMPLIED = with_rule(
    POLICY, replace(rule_of(Purpose.RECALL), bases=(AcceptedBasis(basis=Basis.IMPLIED_CONSENT, months=6),))
)
ASKS_FOR_REMINDERS = with_rule(POLICY, replace(rule_of(Purpose.RECALL), purpose=Purpose.APPOINTMENT))
CHILD = date(2015, 1, 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """A question to the gate."""

    facts: Facts
    request: SendRequest = field(default_factory=request)
    policy: Policy = POLICY
    now: datetime = WEDNESDAY

    def judged(self) -> Verdict:
        """What the gate says."""
        return judge(self.request, self.facts, self.policy, self.now)

    def objections(self) -> tuple[Refusal, ...]:
        """All the gate has against it."""
        return objections(self.request, self.facts, self.policy, self.now)


def once(at: datetime, **changes: int) -> Sent:
    """One message of the purpose in this cycle, at that time."""
    counts = {"today": 0, "week": 0, "cycle": 1, "year": 1, "household": 0} | changes
    return Sent(**counts, last_at=at)


PERMITTED = {
    "an_invitation": Scene(facts=facts()),
    "a_reminder": Scene(request=REMINDER, facts=facts(event(Act.WITHDRAW), visit_at=TOMORROW, last_visit_on=None)),
    "a_reminder_to_somebody_erased_who_booked_again": Scene(
        request=REMINDER, facts=facts(event(Act.SUPPRESSED, purpose=None), visit_at=TOMORROW)
    ),
    "as_often_as_they_asked": Scene(
        request=request(step=2),
        facts=facts(last_contacted_at=CONTACTED, rhythm_months=1, sent=once(CONTACTED)),
    ),
    "a_reminder_whatever_the_rhythm": Scene(
        request=REMINDER, facts=facts(visit_at=TOMORROW, last_contacted_at=CONTACTED, rhythm_months=12)
    ),
    "a_check_in": Scene(request=CHECK_IN, facts=facts(POSTVISIT_YES, visit_at=WEDNESDAY - 2 * DAY)),
    "a_check_in_of_just_now": Scene(request=CHECK_IN, facts=facts(POSTVISIT_YES, visit_at=WEDNESDAY)),
    "a_check_in_a_week_late": Scene(request=CHECK_IN, facts=facts(POSTVISIT_YES, visit_at=WEDNESDAY - 7 * DAY)),
    "a_check_in_with_the_next_visit_booked": Scene(
        request=CHECK_IN, facts=facts(POSTVISIT_YES, visit_at=YESTERDAY, next_visit_at=TOMORROW)
    ),
    "an_offer_where_offers_are_allowed": Scene(request=OFFER, policy=OFFERS_ALLOWED, facts=facts(yes(Purpose.OFFER))),
    "band_c_on_its_last_day": Scene(facts=facts(last_visit_on=date(2023, 11, 18))),
    "the_day_of_lapse": Scene(facts=facts(last_visit_on=date(2025, 10, 18), recall_months=12)),
    "the_second_step": Scene(
        request=request(step=2),
        facts=facts(
            last_contacted_at=CONTACTED,
            heard_at=CONTACTED - HOUR,
            sent=once(CONTACTED),
        ),
    ),
    "a_year_after_the_last_campaign": Scene(facts=facts(last_contacted_at=datetime(2025, 11, 18, 9, tzinfo=UTC))),
    "contacted_but_seen_since": Scene(
        facts=facts(
            last_visit_on=date(2025, 10, 18),
            last_contacted_at=datetime(2025, 10, 18, 9, tzinfo=UTC),
            recall_months=6,
        )
    ),
    "asked_to_hear_again_later": Scene(
        facts=facts(yes(), event(Act.PAUSE, at=CONTACTED, valid_until=WEDNESDAY), last_contacted_at=CONTACTED)
    ),
    "of_age_today": Scene(facts=facts(birth_date=date(2008, 11, 18))),
    "a_child_whose_guardian_permits": Scene(facts=facts(yes(acted_by=ActedBy.GUARDIAN), birth_date=CHILD)),
    "a_childs_reminder_with_the_guardians_leave": Scene(
        request=REMINDER,
        facts=facts(yes(Purpose.APPOINTMENT, acted_by=ActedBy.GUARDIAN), birth_date=CHILD, visit_at=TOMORROW),
    ),
    "an_imported_yes_for_recall": Scene(facts=facts(yes(acted_by=ActedBy.IMPORT))),
    "a_ground_not_yet_run_out": Scene(
        policy=IMPLIED,
        facts=facts(yes(basis=Basis.IMPLIED_CONSENT, valid_from=datetime(2026, 5, 19, 9, tzinfo=UTC))),
    ),
    "a_reminder_whose_own_consent_ran_out": Scene(
        request=REMINDER,
        facts=facts(yes(Purpose.APPOINTMENT, valid_until=YESTERDAY), visit_at=TOMORROW),
    ),
    "paused_until_now": Scene(facts=facts(yes(), event(Act.PAUSE, valid_until=WEDNESDAY))),
    "another_address_closed": Scene(facts=facts(yes(), event(Act.BLOCKED, address_id=AddressId(71)))),
    "a_question_open_but_long_silent": Scene(facts=facts(asked=True, heard_at=WEDNESDAY - 24 * HOUR)),
    "a_question_open_and_never_answered": Scene(facts=facts(asked=True)),
    "just_talked_with_nothing_open": Scene(facts=facts(heard_at=WEDNESDAY - HOUR)),
    "a_reminder_half_an_hour_after_the_talk": Scene(
        request=REMINDER, facts=facts(asked=True, heard_at=WEDNESDAY - HOUR / 2, visit_at=TOMORROW)
    ),
    "one_free_time": Scene(facts=facts(free_times=1)),
    "a_reminder_with_a_full_calendar": Scene(request=REMINDER, facts=facts(visit_at=TOMORROW, free_times=0)),
    "released_by_hand": Scene(policy=RELEASED_BY_HAND, facts=facts(released=True)),
    "a_plan_not_yet_released": Scene(policy=RELEASED_BY_HAND, facts=facts(), request=request(stage=Stage.PLANNED)),
    "a_plan_without_a_signature": Scene(
        facts=facts(clinic=clinic(policy_signed=False)), request=request(stage=Stage.PLANNED)
    ),
    "a_plan_while_sending_is_stopped": Scene(
        facts=facts(clinic=clinic(sending_stopped=True)), request=request(stage=Stage.PLANNED)
    ),
    "a_rehearsal_without_a_signature": Scene(facts=facts(clinic=clinic(policy_signed=False, mode=Mode.REHEARSAL))),
    "thirty_days_after_the_last": Scene(
        request=request(step=2),
        facts=facts(last_contacted_at=WEDNESDAY - 30 * DAY, sent=once(WEDNESDAY - 30 * DAY)),
    ),
}

REFUSED: dict[str, tuple[Refusal, Scene]] = {
    "an_erased_person": (Refusal.KEY_MISSING, Scene(facts=facts(key_present=False))),
    "a_broken_chain": (Refusal.LEDGER_BROKEN, Scene(facts=facts(ledger_whole=False))),
    "moved": (Refusal.NEVER_CONTACT, Scene(facts=facts(status=PatientStatus.MOVED))),
    "left": (Refusal.NEVER_CONTACT, Scene(facts=facts(status=PatientStatus.LEFT))),
    "do_not_contact": (Refusal.NEVER_CONTACT, Scene(facts=facts(status=PatientStatus.DO_NOT_CONTACT))),
    "a_reminder_to_the_deceased": (
        Refusal.DECEASED,
        Scene(request=REMINDER, facts=facts(status=PatientStatus.DECEASED, visit_at=TOMORROW)),
    ),
    "the_word_of_a_death": (
        Refusal.DECEASED,
        Scene(
            request=REMINDER, facts=facts(event(Act.DECEASED, purpose=None, acted_by=ActedBy.SYSTEM), visit_at=TOMORROW)
        ),
    ),
    "taken_out_under_whatever_name": (
        Refusal.SUPPRESSED,
        Scene(facts=facts(yes(), event(Act.SUPPRESSED, purpose=Purpose.OFFER, at=YESTERDAY))),
    ),
    "a_list_brings_back_somebody_erased": (
        Refusal.SUPPRESSED,
        Scene(facts=facts(event(Act.SUPPRESSED, purpose=None), yes(acted_by=ActedBy.IMPORT, at=YESTERDAY))),
    ),
    "a_complaint_not_answered": (
        Refusal.COMPLAINT_OPEN,
        Scene(facts=facts(yes(), event(Act.FREEZE, purpose=None, collected="complaint"))),
    ),
    "an_emergency_not_cleared": (Refusal.FROZEN, Scene(facts=facts(yes(), event(Act.FREEZE)))),
    "a_reminder_while_frozen": (
        Refusal.FROZEN,
        Scene(request=REMINDER, facts=facts(event(Act.FREEZE), visit_at=TOMORROW)),
    ),
    "a_reminder_of_nothing": (Refusal.NO_VISIT, Scene(request=REMINDER, facts=facts())),
    "a_reminder_of_what_begins_now": (Refusal.NO_VISIT, Scene(request=REMINDER, facts=facts(visit_at=WEDNESDAY))),
    "a_check_in_after_nothing": (Refusal.NO_VISIT, Scene(request=CHECK_IN, facts=facts(POSTVISIT_YES))),
    "a_check_in_before_the_visit": (
        Refusal.NO_VISIT,
        Scene(request=CHECK_IN, facts=facts(POSTVISIT_YES, visit_at=WEDNESDAY + HOUR)),
    ),
    "a_check_in_eight_days_late": (
        Refusal.NO_VISIT,
        Scene(request=CHECK_IN, facts=facts(POSTVISIT_YES, visit_at=WEDNESDAY - 8 * DAY)),
    ),
    "booked": (Refusal.BOOKED, Scene(facts=facts(next_visit_at=TOMORROW))),
    "an_offer_to_the_booked": (
        Refusal.BOOKED,
        Scene(request=OFFER, policy=OFFERS_ALLOWED, facts=facts(yes(Purpose.OFFER), next_visit_at=TOMORROW)),
    ),
    "a_visit_of_this_morning_still_open": (Refusal.BOOKED, Scene(facts=facts(next_visit_at=WEDNESDAY - HOUR))),
    "never_seen": (Refusal.NEVER_VISITED, Scene(facts=facts(last_visit_on=None))),
    "seen_too_long_ago": (Refusal.LAPSED_OUT, Scene(facts=facts(last_visit_on=date(2023, 11, 17)))),
    "seen_less_than_a_year_ago": (Refusal.NOT_DUE, Scene(facts=facts(last_visit_on=date(2025, 11, 19)))),
    "the_day_before_lapse": (
        Refusal.NOT_DUE,
        Scene(facts=facts(last_visit_on=date(2025, 10, 19), recall_months=12)),
    ),
    "before_band_a_whatever_the_clinics_limit": (
        Refusal.NOT_DUE,
        Scene(facts=facts(last_visit_on=date(2026, 1, 1), clinic=clinic(lapsed=LapsedRule(limit_months=6)))),
    ),
    "contacted_this_year": (Refusal.RESTING, Scene(facts=facts(last_contacted_at=CONTACTED))),
    "contacted_a_year_ago_tomorrow": (
        Refusal.RESTING,
        Scene(facts=facts(last_visit_on=date(2025, 6, 1), last_contacted_at=datetime(2025, 11, 19, 9, tzinfo=UTC))),
    ),
    "a_pause_that_ended_before_the_last_contact": (
        Refusal.RESTING,
        Scene(facts=facts(yes(), event(Act.PAUSE, valid_until=CONTACTED), last_contacted_at=CONTACTED)),
    ),
    "the_second_step_after_an_answer": (
        Refusal.RESTING,
        Scene(request=request(step=2), facts=facts(last_contacted_at=CONTACTED, heard_at=CONTACTED)),
    ),
    "held_out": (Refusal.HELD_OUT, Scene(facts=facts(withheld=Refusal.HELD_OUT))),
    "off_the_list": (Refusal.OFF_LIST, Scene(facts=facts(withheld=Refusal.OFF_LIST))),
    "a_reason_after_which_nothing_comes": (Refusal.REASON_GIVEN, Scene(facts=facts(withheld=Refusal.REASON_GIVEN))),
    "age_unknown": (Refusal.UNKNOWN_AGE, Scene(facts=facts(birth_date=None))),
    "a_childs_reminder_without_a_guardian": (
        Refusal.MINOR,
        Scene(request=REMINDER, facts=facts(birth_date=CHILD, visit_at=TOMORROW)),
    ),
    "an_offer_to_a_child": (
        Refusal.MINOR,
        Scene(
            request=OFFER,
            policy=OFFERS_ALLOWED,
            facts=facts(yes(Purpose.OFFER, acted_by=ActedBy.GUARDIAN), birth_date=CHILD),
        ),
    ),
    "language_unknown": (Refusal.UNKNOWN_LANGUAGE, Scene(facts=facts(language=None))),
    "an_offer_where_offers_are_forbidden": (
        Refusal.PURPOSE_FORBIDDEN,
        Scene(request=OFFER, facts=facts(yes(Purpose.OFFER))),
    ),
    "nobody_asked_them": (Refusal.NO_RIGHT, Scene(facts=facts(rights=rights([], WEDNESDAY)))),
    "a_yes_to_something_else": (Refusal.NO_RIGHT, Scene(facts=facts(POSTVISIT_YES))),
    "a_yes_for_another_address": (Refusal.NO_RIGHT, Scene(facts=facts(yes(address_id=AddressId(71))))),
    "a_yes_for_another_channel": (Refusal.NO_RIGHT, Scene(facts=facts(yes(channel=Channel.EMAIL)))),
    "a_yes_on_a_ground_not_accepted": (Refusal.NO_RIGHT, Scene(facts=facts(yes(basis=Basis.CARE_CONTRACT)))),
    "a_booked_visit_is_no_right_to_invite": (Refusal.NO_RIGHT, Scene(facts=facts(yes(basis=Basis.BOOKED_VISIT)))),
    "a_guardians_yes_for_a_grown_child": (Refusal.NO_RIGHT, Scene(facts=facts(yes(acted_by=ActedBy.GUARDIAN)))),
    "an_imported_yes_for_a_check_in": (
        Refusal.NO_RIGHT,
        Scene(request=CHECK_IN, facts=facts(yes(Purpose.POSTVISIT, acted_by=ActedBy.IMPORT), visit_at=YESTERDAY)),
    ),
    "a_reminder_where_the_visit_is_no_right": (
        Refusal.NO_RIGHT,
        Scene(request=REMINDER, policy=ASKS_FOR_REMINDERS, facts=facts(visit_at=TOMORROW)),
    ),
    "said_no_when_asked": (Refusal.WITHDRAWN, Scene(facts=facts(event(Act.DENY)))),
    "said_stop": (
        Refusal.WITHDRAWN,
        Scene(facts=facts(yes(), event(Act.WITHDRAW, purpose=None, channel=Channel.TELEGRAM, at=YESTERDAY))),
    ),
    "refused_reminders_too": (
        Refusal.WITHDRAWN,
        Scene(request=REMINDER, facts=facts(event(Act.WITHDRAW, purpose=Purpose.APPOINTMENT), visit_at=TOMORROW)),
    ),
    "objected": (Refusal.OBJECTED, Scene(facts=facts(yes(), event(Act.OBJECT, at=YESTERDAY)))),
    "a_yes_whose_time_is_over": (Refusal.BASIS_EXPIRED, Scene(facts=facts(yes(valid_until=WEDNESDAY)))),
    "a_ground_that_ran_out_today": (
        Refusal.BASIS_EXPIRED,
        Scene(
            policy=IMPLIED,
            facts=facts(yes(basis=Basis.IMPLIED_CONSENT, valid_from=datetime(2026, 5, 18, 9, tzinfo=UTC))),
        ),
    ),
    "paused": (Refusal.PAUSED, Scene(facts=facts(yes(), event(Act.PAUSE, valid_until=TOMORROW)))),
    "a_channel_the_policy_does_not_name": (
        Refusal.PURPOSE_FORBIDDEN,
        Scene(
            request=request(Purpose.POSTVISIT, channel=Channel.LETTER), facts=facts(POSTVISIT_YES, visit_at=YESTERDAY)
        ),
    ),
    "no_proven_address": (Refusal.UNREACHED, Scene(facts=facts(address_id=None))),
    "blocked_by_the_patient": (
        Refusal.CHANNEL_CLOSED,
        Scene(facts=facts(yes(), event(Act.BLOCKED, channel=Channel.WEBCHAT))),
    ),
    "a_text_that_says_too_much": (Refusal.CONTENT_LEVEL, Scene(request=request(level=1), facts=facts())),
    "a_text_of_no_level": (Refusal.CONTENT_LEVEL, Scene(request=request(level=-1), facts=facts())),
    "staff_own_the_chat": (Refusal.STAFF_OWNS, Scene(facts=facts(staff_owns=True))),
    "a_reminder_while_staff_own_the_chat": (
        Refusal.STAFF_OWNS,
        Scene(request=REMINDER, facts=facts(staff_owns=True, visit_at=TOMORROW)),
    ),
    "in_conversation": (Refusal.IN_CONVERSATION, Scene(facts=facts(asked=True, heard_at=WEDNESDAY - 23 * HOUR))),
    "a_step_that_left_before": (Refusal.DUPLICATE, Scene(facts=facts(duplicate=True))),
    "two_this_cycle": (Refusal.CAP_CYCLE, Scene(facts=facts(sent=once(CONTACTED, cycle=2)))),
    "counts_that_contradict_each_other": (
        Refusal.CAP_CYCLE,
        Scene(facts=facts(sent=replace(once(CONTACTED), last_at=None))),
    ),
    "two_this_year": (Refusal.CAP_YEAR, Scene(facts=facts(sent=once(CONTACTED, year=2)))),
    "two_to_the_household_this_week": (
        Refusal.CAP_HOUSEHOLD,
        Scene(facts=facts(sent=replace(NEVER_SENT, household=2))),
    ),
    "a_text_without_the_way_to_stop": (
        Refusal.MUST_SAY,
        Scene(request=request(says=frozenset({MustSay.SENDER, MustSay.AUTOMATIC})), facts=facts()),
    ),
    "a_full_calendar": (Refusal.NO_FREE_TIME, Scene(facts=facts(free_times=0))),
    "a_batch_not_released": (Refusal.NOT_RELEASED, Scene(policy=RELEASED_BY_HAND, facts=facts())),
    "a_rehearsed_batch_not_released": (
        Refusal.NOT_RELEASED,
        Scene(policy=RELEASED_BY_HAND, facts=facts(clinic=clinic(mode=Mode.REHEARSAL))),
    ),
    "a_clinic_whose_sending_is_stopped": (
        Refusal.SENDING_STOPPED,
        Scene(facts=facts(clinic=clinic(sending_stopped=True, mode=Mode.REHEARSAL))),
    ),
    "a_policy_nobody_signed": (Refusal.POLICY_UNSIGNED, Scene(facts=facts(clinic=clinic(policy_signed=False)))),
}


def at_local(day: int, hour: int, minute: int = 0) -> datetime:
    """A wall time of November 2026 in Brussels, an hour ahead of UTC."""
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - HOUR


def recall_sent(*, today: int = 0, week: int = 0, last_at: datetime) -> Scene:
    return Scene(
        request=request(step=2),
        facts=facts(last_contacted_at=last_at, sent=once(last_at, today=today, week=week)),
    )


def reminded(*, today: int, week: int, last_at: datetime) -> Scene:
    sent = once(last_at, today=today, week=week)
    return Scene(request=REMINDER, facts=facts(visit_at=WEDNESDAY + 20 * DAY, sent=sent))


DEFERRED: dict[str, tuple[datetime, Wait, Scene]] = {
    "in_the_night": (at_local(18, 10), Wait.QUIET_HOURS, Scene(facts=facts(), now=at_local(18, 3))),
    "in_the_evening": (at_local(19, 10), Wait.QUIET_HOURS, Scene(facts=facts(), now=at_local(18, 19))),
    "on_saturday": (at_local(23, 10), Wait.WEEKDAY, Scene(facts=facts(), now=at_local(21, 12))),
    "on_a_holiday": (
        at_local(19, 10),
        Wait.HOLIDAY,
        Scene(facts=facts(clinic=clinic(holidays=frozenset({date(2026, 11, 18)})))),
    ),
    "two_reminders_today": (at_local(19, 10), Wait.CAP_DAY, reminded(today=2, week=2, last_at=WEDNESDAY - HOUR)),
    "four_reminders_this_week": (
        at_local(24, 12),
        Wait.CAP_WEEK,
        reminded(today=0, week=4, last_at=WEDNESDAY - DAY),
    ),
    "a_week_that_ends_at_night": (
        at_local(24, 10),
        Wait.CAP_WEEK,
        reminded(today=0, week=4, last_at=at_local(17, 3)),
    ),
    "twenty_nine_days_after_the_last": (at_local(19, 12), Wait.GAP, recall_sent(last_at=WEDNESDAY - 29 * DAY)),
    "more_often_than_they_asked": (
        at_local(30, 10),
        Wait.RHYTHM,
        Scene(
            request=request(step=2),
            facts=facts(last_contacted_at=at_local(28, 12) - 183 * DAY, rhythm_months=6, sent=NEVER_SENT),
        ),
    ),
    "a_reminder_in_the_middle_of_a_talk": (
        WEDNESDAY + HOUR / 2,
        Wait.TALKING,
        Scene(request=REMINDER, facts=facts(asked=True, heard_at=WEDNESDAY, visit_at=TOMORROW)),
    ),
    "a_check_in_in_the_middle_of_a_talk": (
        at_local(19, 12),
        Wait.TALKING,
        Scene(request=CHECK_IN, facts=facts(POSTVISIT_YES, asked=True, heard_at=WEDNESDAY, visit_at=YESTERDAY)),
    ),
    "the_longest_wait_counts": (
        at_local(24, 12),
        Wait.CAP_WEEK,
        reminded(today=2, week=4, last_at=WEDNESDAY - DAY),
    ),
}


@pytest.mark.parametrize("name", PERMITTED)
def test_the_gate_permits(name: str) -> None:
    scene = PERMITTED[name]
    assert scene.objections() == ()
    assert isinstance(scene.judged(), Permit)


@pytest.mark.parametrize("name", REFUSED)
def test_the_gate_refuses_for_exactly_this_reason(name: str) -> None:
    reason, scene = REFUSED[name]
    assert scene.judged() == Refuse(reason=reason)
    assert scene.objections() == (reason,)


@pytest.mark.parametrize("name", DEFERRED)
def test_the_gate_defers_until_it_may(name: str) -> None:
    until, reason, scene = DEFERRED[name]
    assert scene.judged() == Defer(until=until, reason=reason)
    assert scene.objections() == ()


def test_every_reason_there_is_has_a_scene() -> None:
    assert {reason for reason, _ in REFUSED.values()} == set(Refusal)
    assert {reason for _, reason, _ in DEFERRED.values()} == set(Wait)


@pytest.mark.parametrize("check", [*PERSON, *MESSAGE], ids=lambda check: check.__name__)
def test_without_any_one_check_some_scene_would_not_be_refused(check: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.outreach.gate.PERSON", tuple(one for one in PERSON if one is not check))
    monkeypatch.setattr("flows.outreach.gate.MESSAGE", tuple(one for one in MESSAGE if one is not check))
    assert not all(isinstance(scene.judged(), Refuse) for _, scene in REFUSED.values())


@pytest.mark.parametrize("wait", DELAYS)
def test_without_any_one_delay_some_scene_would_leave_at_once(wait: Wait, monkeypatch: pytest.MonkeyPatch) -> None:
    without = {reason: delay for reason, delay in DELAYS.items() if reason is not wait}
    monkeypatch.setattr("flows.outreach.gate.DELAYS", without)
    assert any(isinstance(scene.judged(), Permit) for _, _, scene in DEFERRED.values())


def test_a_permit_cites_the_right_it_rests_on() -> None:
    history = (yes(id=LedgerEventId(8)), yes(id=LedgerEventId(9), at=LONG_AGO + DAY, acted_by=ActedBy.GUARDIAN))
    assert Scene(facts=facts(*history)).judged() == Permit(right=LedgerEventId(8))


def test_a_reminder_cites_no_right_but_the_visit() -> None:
    assert PERMITTED["a_reminder"].judged() == Permit(right=None)


def test_an_imported_yes_does_not_hide_the_patients_own() -> None:
    history = (yes(Purpose.POSTVISIT, id=LedgerEventId(8)),)
    imported = yes(Purpose.POSTVISIT, id=LedgerEventId(9), at=LONG_AGO + DAY, acted_by=ActedBy.IMPORT)
    scene = Scene(request=CHECK_IN, facts=facts(*history, imported, visit_at=YESTERDAY))
    assert scene.judged() == Permit(right=LedgerEventId(8))


def test_refusing_beats_deferring() -> None:
    night = replace(REFUSED["booked"][1], now=at_local(18, 3))
    assert night.judged() == Refuse(reason=Refusal.BOOKED)


def test_the_first_objection_in_the_order_of_the_tables_is_the_reason() -> None:
    scene = Scene(
        facts=facts(
            event(Act.WITHDRAW), status=PatientStatus.MOVED, key_present=False, language=None, next_visit_at=TOMORROW
        )
    )
    assert scene.objections() == (
        Refusal.KEY_MISSING,
        Refusal.NEVER_CONTACT,
        Refusal.BOOKED,
        Refusal.UNKNOWN_LANGUAGE,
        Refusal.WITHDRAWN,
    )
    assert scene.judged() == Refuse(reason=Refusal.KEY_MISSING)


def test_where_no_day_of_a_month_is_allowed_the_purpose_is_forbidden() -> None:
    closed = frozenset(date(2026, 11, 1) + number * DAY for number in range(90))
    scene = Scene(facts=facts(clinic=clinic(holidays=closed)))
    assert scene.judged() == Refuse(reason=Refusal.PURPOSE_FORBIDDEN)


def test_who_is_born_on_a_leap_day_comes_of_age_on_the_first_of_march() -> None:
    born = facts(birth_date=date(2008, 2, 29), last_visit_on=date(2024, 12, 1))
    last_day = datetime(2026, 2, 27, 11, tzinfo=UTC)
    assert objections(request(), born, POLICY, last_day) == (Refusal.MINOR, Refusal.NO_RIGHT)
    monday = datetime(2026, 3, 2, 11, tzinfo=UTC)
    assert isinstance(judge(request(), born, POLICY, monday), Permit)


def test_a_child_without_a_guardians_word_is_refused_even_with_its_own() -> None:
    scene = Scene(facts=facts(birth_date=date(2008, 11, 19)))
    assert scene.judged() == Refuse(reason=Refusal.MINOR)


def test_a_guardians_no_right_for_a_child_names_the_childs_age_first() -> None:
    scene = Scene(facts=facts(yes(Purpose.POSTVISIT, acted_by=ActedBy.GUARDIAN), birth_date=CHILD))
    assert scene.objections() == (Refusal.MINOR, Refusal.NO_RIGHT)


def test_no_message_counts_as_never_sent() -> None:
    assert facts().sent == NEVER_SENT
